"""Names have their time, and who asks to be forgotten is forgotten."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cuttings.edges.store import StoreError, articles, judged, open_store, people, periods, suppressed
from cuttings.edges.store.suppressed import Suppression, pseudonym
from cuttings.model import Evidence, Label, Labels, Reason
from tests.edges_store.made import DAY, GENUINE, NOW, REVIEW, SPAM, article, comment, page, save
from tests.edges_store.made import judged as as_judged


def voice_of(store, key):
    return judged.find(store, [key])[key].comment


def test_a_pseudonym_sees_through_case_and_space_but_needs_the_key():
    assert pseudonym("Jo  Brack", b"k") == pseudonym(" jo brack", b"k")
    assert pseudonym("Jo Brack", b"k") != pseudonym("Jo Brack", b"other")
    assert pseudonym("Jo Brack", b"k") != pseudonym("Jo Black", b"k")
    assert len(pseudonym("\ud800", b"k")) == 32


def test_names_go_when_their_time_is_over_spammers_sooner(store):
    a = article()
    reader, spammer = comment(a), comment(a, 2, "Cheap stairlifts!", author="Stairlifts Leeds")
    save(store, a, (reader, spammer), verdicts={spammer.key: SPAM}, now=NOW)
    assert people.expire_names(store, now=NOW + 29 * DAY) == 0
    assert people.expire_names(store, now=NOW + 31 * DAY) == 1
    assert (voice_of(store, reader.key).author, voice_of(store, spammer.key).author) == ("Jo Brack", None)
    assert people.expire_names(store, now=NOW + 91 * DAY) == 1
    assert voice_of(store, reader.key).author is None
    # Read again, the page still shows the name; the store does not take it back.
    save(store, a, (reader, spammer), verdicts={spammer.key: SPAM}, now=NOW + 92 * DAY)
    assert voice_of(store, reader.key).author is None
    assert [v.judged.comment.key for v in people.voices_of(store, "jo brack")] == [reader.key]


def test_no_reason_outlives_the_name_it_quotes(store):
    a = article()
    long = "Marmaduke Featherstonehaugh-Brack of Upper Fell End"
    said = [("Jo O'Brack", "signed with a person's name, 'Jo O'Brack'"), (long, f"signed with, '{long[:39]}…'")]
    said.append(("Fell Rails", "the name 'Fell Rails' advertises ('fell')"))
    voices = [comment(a, n, f"The words of {n}.", author=name) for n, (name, _) in enumerate(said, 1)]
    verdicts = {
        voice.key: replace(REVIEW, because=(Reason("name", -1.0, sentence), Reason("link", 1.0, "one link")))
        for voice, (_, sentence) in zip(voices, said, strict=True)
    }
    save(store, a, voices, verdicts=verdicts)
    kept = judged.find(store, [v.key for v in voices])
    reasons = [kept[v.key].verdict.because[0].sentence for v in voices]
    assert reasons == ["signed with a person's name", "signed with", "the name advertises ('fell')"]
    assert all(kept[v.key].verdict.because[1].sentence == "one link" for v in voices)
    judged.change(store, {voices[0].key: replace(verdicts[voices[0].key], outcome="spam")}, now=NOW)
    changed = judged.find(store, [voices[0].key])[voices[0].key].verdict
    assert (changed.outcome, changed.because[0].sentence) == ("spam", "signed with a person's name")


def test_a_person_is_forgotten_everywhere_and_stays_out(store):
    a, b = article("a"), article("b", source="daily")
    mine, reply = comment(a), comment(a, 2, "I disagree.", author="Ann Vole", parent=1)
    elsewhere = comment(b, 1, "My view again.", author="JO BRACK")
    given = replace(
        as_judged(a, (mine, reply), {mine.key: REVIEW}),
        labels={mine.key: Labels("carers", (Label("carers", 1.0, (Evidence("town", "text", 17, 21),)),))},
    )
    articles.save(store, given, now=NOW)
    save(store, b, (elsewhere,))
    judged.change(store, {mine.key: GENUINE}, now=NOW)
    before = periods.audit(store, NOW, NOW + DAY)
    assert set(people.forget(store, "Jo Brack", by="Officer", now=NOW + DAY).comments) == {mine.key, elsewhere.key}
    assert periods.audit(store, NOW, NOW + DAY) == before
    for key in (mine.key, elsewhere.key):
        kept = judged.find(store, [key])[key]
        assert (kept.comment.text, kept.comment.author, kept.verdict.because) == ("", None, ())
        assert not kept.verdict.quotable
    assert [past.verdict.because for past in judged.history(store, mine.key)] == [()]
    assert voice_of(store, reply.key) == reply
    # The page still holds the old words, and they write new ones.
    fresh = comment(a, 3, "And another thing.", author="jo brack")
    again = as_judged(a, (mine, reply, fresh))
    own = {c.key: given.labels[mine.key] for c in (mine, fresh)}
    articles.save(store, replace(again, labels=again.labels | own), now=NOW + 2 * DAY)
    assert {voice_of(store, c.key).text for c in (mine, fresh)} == {""}
    assert people.voices_of(store, "Jo Brack") == ()
    with store.reading() as connection:
        left = connection.exec_driver_sql("SELECT count(*) FROM labels WHERE subject LIKE 'comment:%%'").scalar()
        texts = connection.exec_driver_sql("SELECT count(*) FROM comments WHERE text <> ''").scalar()
    assert (left, texts) == (0, 1)


def test_forgotten_at_one_source_is_not_forgotten_at_another(store):
    a, b = article("a"), article("b", source="daily")
    here, there = comment(a), comment(b)
    save(store, a, (here,))
    save(store, b, (there,))
    assert people.forget(store, "Jo Brack", source="daily", by="Officer", now=NOW).comments == (there.key,)
    later = comment(b, 2, "Once more.")
    save(store, b, (there, later), now=NOW + DAY)
    save(store, a, (here, comment(a, 2, "Again here.")), now=NOW + DAY)
    assert voice_of(store, later.key).text == ""
    assert [v.source for v in people.voices_of(store, "Jo Brack")] == ["weekly", "weekly"]


def test_forgetting_twice_is_forgetting_once(store):
    a = article()
    save(store, a, (comment(a),))
    people.forget(store, "Jo Brack", by="Officer", now=NOW)
    assert people.forget(store, "Jo Brack", by="Officer", now=NOW).comments == ()
    assert len(suppressed.every(store, "person")) == 1


def test_without_the_key_nobody_can_be_looked_up(tmp_path):
    store = open_store(tmp_path / "a.db")
    a = article()
    save(store, a, (comment(a),))
    with pytest.raises(StoreError, match="hash key"):
        people.forget(store, "Jo Brack", by="Officer", now=NOW)


def test_the_key_is_not_printed(store):
    assert "made for the tests" not in repr(store)


def test_a_withdrawn_article_is_gone_with_its_words_and_does_not_come_back(store):
    a, other = article(), article("other")
    save(store, a, (comment(a),))
    save(store, other)
    assert people.withdraw_article(store, a.key, by="Editor", now=NOW, reason="the publisher asked")
    assert articles.find(store, [a.key, other.key]).keys() == {other.key}
    assert [v.article.paragraphs for v in articles.versions(store, a.key)] == [()]
    assert articles.set_aside_of(store, a.key) == ()
    edited = replace(a, title="Once more")
    saved = save(store, edited, (comment(a, 2, "New."),), now=NOW + DAY, pages=[page(a, body=b"2")])
    assert (saved.withdrawn, saved.new_comments) == ((a.key,), ())
    assert articles.find(store, [a.key]) == {}
    with store.reading() as connection:
        assert suppressed.withdrawn(connection, [a, other]) == {a.key}


def test_a_whole_source_is_withdrawn(store):
    a, other = article(), article("other", source="daily")
    save(store, a)
    save(store, other)
    assert people.withdraw_source(store, "weekly", by="Editor", now=NOW) == (a.key,)
    assert save(store, article("later"), now=NOW + DAY).withdrawn == (article("later").key,)
    assert articles.find(store, [other.key]).keys() == {other.key}


def test_an_unknown_article_is_kept_out_from_the_start(store):
    a = article()
    assert not people.withdraw_article(store, a.key, by="Editor", now=NOW)
    assert save(store, a).withdrawn == (a.key,)
    assert not suppressed.suppress(store, Suppression("article", a.key, "", NOW, "Editor"))


def test_text_goes_when_its_licence_ends_and_title_and_link_stay(store):
    a = article()
    articles.save(store, as_judged(a, text_expires=NOW + 30 * DAY), now=NOW, pages=[page(a)])
    assert people.expire_text(store, now=NOW + 29 * DAY) == ()
    assert people.expire_text(store, now=NOW + 30 * DAY) == (a.key,)
    assert people.expire_text(store, now=NOW + 31 * DAY) == ()
    save(store, replace(a, title="Edited"), now=NOW + 32 * DAY, pages=[page(a, body=b"2")])
    found = articles.find(store, [a.key])[a.key]
    assert (found.article.title, found.article.url, found.article.text) == (a.title, a.url, "")
    assert people.raw_pages(store, a.key)[0] == page(a).sha256
