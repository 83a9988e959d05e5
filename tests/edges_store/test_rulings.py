"""An editor's word stands above every rule, now and at every later read."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import event

from cuttings import rulings
from cuttings.edges.store import judged
from cuttings.model import Reason, Ruling, Verdict
from tests.edges_store.made import DAY, DUPLICATE, GENUINE, NOW, REVIEW, SPAM, article, comment, save


def ruling(key, decision, *, at=NOW + DAY, by="Ed Itor", **more):
    return Ruling(rulings.comment(key), decision, None, by, at, **more)


def outcome(store, key):
    return judged.find(store, [key])[key].verdict.outcome


def test_a_ruling_outranks_and_the_latest_wins():
    rules = [ruling("k", "spam"), ruling("k", "release", at=NOW + 2 * DAY)]
    final = rulings.ruled(SPAM, rules)
    assert (final.outcome, final.quotable, final.because[0].rule) == ("genuine", False, "ruling")
    assert rulings.ruled(final, rules) == final
    assert rulings.ruled(REVIEW, [ruling("k", "theme")]) == REVIEW


def test_a_copys_release_makes_no_second_voice_of_a_double_post():
    assert rulings.ruled(DUPLICATE, (), [(ruling("k", "release"), "genuine")]) == DUPLICATE
    assert rulings.ruled(DUPLICATE, (), [(ruling("k", "spam"), "spam")]).outcome == "spam"
    assert rulings.ruled(DUPLICATE, [ruling("k", "release")]).outcome == "genuine"
    later = (ruling("c", "spam", at=NOW + 9 * DAY), "spam")
    assert rulings.ruled(SPAM, [ruling("k", "release")], [later]).outcome == "genuine"


def test_a_released_comment_stays_released_when_its_page_is_read_again(store):
    a = article()
    voice = comment(a)
    save(store, a, (voice,), verdicts={voice.key: SPAM})
    (number,) = judged.rule(store, [ruling(voice.key, "release")])
    assert outcome(store, voice.key) == "genuine"
    save(store, a, (voice,), verdicts={voice.key: replace(SPAM, rules_version="v2")}, now=NOW + 2 * DAY)
    assert outcome(store, voice.key) == "genuine"
    judged.change(store, {voice.key: REVIEW}, now=NOW + 3 * DAY)
    assert outcome(store, voice.key) == "genuine"
    assert judged.undo(store, number, now=NOW + 4 * DAY)
    assert outcome(store, voice.key) == "spam"
    assert not judged.undo(store, number, now=NOW + 4 * DAY)


def test_copies_of_the_text_follow_stored_ones_and_later_ones(store):
    a, b, c = article("a"), article("b"), article("c")
    text = "Visit our shop for beds."
    first, second, third = comment(a, 1, text), comment(b, 1, text), comment(c, 1, text)
    save(store, a, (first,))
    save(store, b, (second,))
    judged.rule(store, [ruling(first.key, "spam")])
    assert (outcome(store, first.key), outcome(store, second.key)) == ("spam", "spam")
    save(store, c, (third,), now=NOW + 2 * DAY)
    assert outcome(store, third.key) == "spam"


WORDS = "We asked the panel twice, and nobody could say when the visits would start."
TRADE = Verdict("spam", False, 0.9, (Reason("trade-name", 2.0, "the name is a trade"),), rules_version="v1")


def below(store, page, text=WORDS, verdict=GENUINE, **about):
    a = article(page)
    one = comment(a, 1, text, **about)
    save(store, a, (one,), verdicts={one.key: verdict}, now=NOW + 2 * DAY)
    return one.key


def test_what_the_rules_thought_of_many_copies_is_asked_at_once(store):
    text = "Visit our shop for beds, in our town and everywhere."
    below = [article(f"a{n}") for n in range(30)]
    for a in below:
        save(store, a, (comment(a, 1, text),), verdicts={comment(a, 1, text).key: REVIEW})
    key = comment(below[0], 1, text).key
    for at, decision in enumerate(("spam", "release", "spam")):  # so that there is a history to look through
        judged.rule(store, [ruling(key, decision, at=NOW + at * DAY)])
    assert judged.counts(store) == {"spam": 30}
    asked = []
    event.listen(store.engine, "before_cursor_execute", lambda _c, _cursor, said, *_: asked.append(said))
    for number in (3, 2, 1):
        assert judged.undo(store, number, now=NOW + 9 * DAY)
    assert sum("FROM verdicts" in said for said in asked) == 3
    assert judged.counts(store) == {"review": 30}


def test_short_words_under_a_trade_say_nothing_about_a_reader_who_says_the_same(store):
    seller = below(store, "a", "Well said!", TRADE, author="Cheap Sheds")
    reader = below(store, "b", "Well said!", author="Nell")
    again = below(store, "c", "Well said!", author="Cheap Sheds")
    judged.rule(store, [ruling(seller, "spam")])
    assert [outcome(store, key) for key in (seller, reader, again)] == ["spam", "genuine", "spam"]
    assert outcome(store, below(store, "d", "Well said!", author="Omar")) == "genuine"


def test_the_reader_whom_a_spammer_copied_is_shown_to_an_editor_and_not_quarantined(store):
    reader = below(store, "a", author="Nell", posted="2026-04-01")
    seller = below(store, "b", author="Cheap Sheds", posted="2026-04-03")
    judged.rule(store, [ruling(seller, "spam")])
    assert (outcome(store, seller), outcome(store, reader)) == ("spam", "review")
    assert [w.judged.comment.key for w in judged.waiting(store, "review", most=9)] == [reader]
    judged.rule(store, [ruling(reader, "release")])
    assert (outcome(store, seller), outcome(store, reader)) == ("spam", "genuine")


def test_a_release_does_not_open_the_door_to_who_copies_the_words_and_adds_a_link(store):
    reader = below(store, "a", verdict=REVIEW, author="Nell")
    judged.rule(store, [ruling(reader, "release")])
    assert outcome(store, below(store, "b", verdict=REVIEW, author="Omar")) == "genuine"
    assert outcome(store, below(store, "c", verdict=TRADE, author="Cheap Sheds")) == "spam"
    linked = below(store, "d", verdict=REVIEW, author="Nell", links=("https://sheds.example/",))
    assert outcome(store, linked) == "review"


def test_which_of_two_is_the_second_voice_says_nothing_about_the_first(store):
    a = article()
    first, second = comment(a, 1, WORDS, author="Nell"), comment(a, 2, WORDS, author="Nell", posted="2026-04-04")
    save(store, a, (first, second))
    judged.rule(store, [ruling(second.key, "duplicate")])
    assert (outcome(store, first.key), outcome(store, second.key)) == ("genuine", "duplicate")


def test_a_ruling_that_waited_reaches_the_copies_that_were_here_before(store):
    before = below(store, "a", author="Nell")
    b = article("b")
    late = comment(b, 1, WORDS, author="Nell")
    (number,) = judged.rule(store, [ruling(late.key, "spam")])
    assert outcome(store, before) == "genuine"
    save(store, b, (late,), now=NOW + 2 * DAY)
    assert (outcome(store, late.key), outcome(store, before)) == ("spam", "spam")
    judged.undo(store, number, now=NOW + 3 * DAY)
    assert (outcome(store, late.key), outcome(store, before)) == ("genuine", "genuine")


def test_the_same_ruling_twice_is_one(store):
    a = article()
    voice = comment(a)
    save(store, a, (voice,))
    one = judged.rule(store, [ruling(voice.key, "spam")])
    assert judged.rule(store, [ruling(voice.key, "spam")]) == one
    assert len(judged.every_ruling(store)) == 1
    assert len(judged.history(store, voice.key)) == 1


def test_rulings_on_other_things_are_kept_by_subject(store):
    headline = Ruling("article:k", "headline", "Two sides of one street", "Ed Itor", NOW, "none on its pages")
    pin = Ruling(rulings.item("managers-1", "s"), "pin", None, "Ed Itor", NOW)
    numbers = judged.rule(store, [headline, pin])
    assert judged.rulings_on(store, ["article:k", "article:x", pin.subject]) == {
        "article:k": (headline,),
        pin.subject: (pin,),
    }
    judged.undo(store, numbers[0], now=NOW)
    assert judged.rulings_on(store, ["article:k"]) == {}
    assert [r for _, r in judged.every_ruling(store, undone=True)] == [headline, pin]
    assert [r for _, r in judged.every_ruling(store)] == [pin]


def test_a_ruling_on_a_comment_that_is_not_here_waits_for_it(store):
    a = article()
    voice = comment(a)
    judged.rule(store, [ruling(voice.key, "spam")])
    save(store, a, (voice,), now=NOW + 2 * DAY)
    assert outcome(store, voice.key) == "spam"


def test_the_queue_shows_the_most_suspect_first(store):
    a = article()
    voices = [comment(a, n, f"Text {n}") for n in range(1, 4)]
    save(store, a, voices, verdicts={v.key: replace(REVIEW, score=float(n)) for n, v in enumerate(voices)})
    queue = judged.by_outcome(store, "review", most=2)
    assert [j.comment.key for j in queue] == [voices[2].key, voices[1].key]
    assert judged.counts(store) == {"review": 3}
    assert GENUINE.outcome not in judged.counts(store)


# ---------------------------------------------------------------- what waits for an editor


def waits(store, name, *, seen, published="2026-04-02", verdict=REVIEW):
    a = article(name, published=published)
    one = comment(a, 1, f"{WORDS} So it was at {name}.", author=name)
    save(store, a, (one,), verdicts={one.key: verdict}, now=seen)
    return one.key


def test_of_more_that_wait_than_anybody_reads_the_last_to_come_are_shown(store):
    held = [waits(store, f"a{n}", seen=NOW + n * DAY) for n in range(5)]
    for n in range(5):
        waits(store, f"b{n}", seen=NOW + n * DAY, verdict=GENUINE)
    for most in range(1, 7):  # below five another index answers
        found = judged.waiting(store, "review", most=most)
        assert [one.judged.comment.key for one in found] == held[::-1][:most]


def test_what_waits_below_a_periods_articles(store):
    early = waits(store, "early", published="2026-03-30", seen=NOW)
    within = waits(store, "within", published="2026-04-02", seen=NOW + 9 * DAY)
    undated = waits(store, "undated", published=None, seen=NOW)
    after = waits(store, "after", published="2026-04-09", seen=NOW + 9 * DAY)
    waits(store, "genuine", published="2026-04-02", seen=NOW, verdict=GENUINE)
    start, end = NOW.replace(day=1, hour=0), NOW.replace(day=8, hour=0)
    found = {one.judged.comment.key for one in judged.waiting_of(store, "review", start, end, most=9)}
    assert found == {within, undated}
    assert not found & {early, after}
    assert len(judged.waiting_of(store, "review", start, end, most=1)) == 1


def test_a_comment_that_an_editor_ruled_on_waits_no_longer(store):
    first, second = (waits(store, name, seen=NOW) for name in ("first", "second"))
    judged.rule(store, [ruling(first, "spam")])
    for outcome_of, left in (("review", [second]), ("spam", [])):
        found = judged.waiting(store, outcome_of, most=9)
        assert [one.judged.comment.key for one in found] == left


def test_what_was_confirmed_lately_does_not_hide_what_nobody_looked_at(store):
    held = [waits(store, f"a{n}", seen=NOW + n * DAY, verdict=SPAM) for n in range(9)]
    judged.rule(store, [ruling(key, "spam") for key in held[2:]])
    start, end = NOW.replace(day=1, hour=0), NOW.replace(day=8, hour=0)
    for most, left in ((1, held[1:2]), (2, held[1::-1]), (3, held[1::-1])):
        assert [one.judged.comment.key for one in judged.waiting(store, "spam", most=most)] == left
        found = judged.waiting_of(store, "spam", start, end, most=most)
        assert [one.judged.comment.key for one in found] == left
