"""What a deployer's own rulings teach: the order of the queue, from fifty of them on, and nothing else."""

import json
import random
import subprocess
import sys
from dataclasses import replace

import pytest

from cuttings import learned
from cuttings.desk import Place, doubt, order, theme_doubt
from cuttings.edges.store import judged, runs
from cuttings.learned import FEWEST, as_plain, from_plain, train
from cuttings.model import Comment, JudgedComment, Label, Labels, Reason, Ruling, Verdict
from flows import learning
from tests.commands.making import NOW, furnish, keep, opened
from tests.edges_store.made import article, comment

READER = ("mother", "carer", "council", "waiting", "assessment", "my", "daughter", "respite", "hours", "told", "felt")
# This town's spammers sell what no rule of ours has heard of.
SELLER = ("conservatory", "bifold", "quotation", "fitted", "showroom", "glazing", "installers", "visit", "finish")


def held(n, spam, chance=None):
    """A comment that the rules can make little of: their score is nearly chance."""
    choice = random.Random(n)
    words = " ".join(choice.choice(SELLER if spam and choice.random() < 0.5 else READER) for _ in range(25))
    score = chance if chance is not None else min(0.85, max(0.3, 0.5 + choice.gauss(0.04 if spam else -0.04, 0.12)))
    because = (Reason("link", 1.0, "one link"),) if choice.random() < (0.6 if spam else 0.4) else ()
    one = Comment(f"{n:016x}", "a", n, None, None, False, None, words)
    return JudgedComment(one, Verdict("review", False, score, because, rules_version="v"))


def examples(count, start=0):
    return [(held(n, n % 3 == 0), n % 3 == 0) for n in range(start, start + count)]


def pairs_right(scores, answers):
    """The share of pairs of a spam and a genuine comment that stand in the right order."""
    spam = [s for s, a in zip(scores, answers, strict=True) if a]
    genuine = [s for s, a in zip(scores, answers, strict=True) if not a]
    return sum((s > g) + 0.5 * (s == g) for s in spam for g in genuine) / (len(spam) * len(genuine))


def test_it_orders_comments_that_it_has_not_seen_better_than_the_rules():
    model = train(examples(90))
    unseen = examples(200, start=1000)
    answers = [spam for _, spam in unseen]
    rules = pairs_right([one.verdict.score for one, _ in unseen], answers)
    learned_order = pairs_right([model.chance(one) for one, _ in unseen], answers)
    assert rules < 0.7
    assert learned_order > rules + 0.15
    assert model.quality > model.rules_quality


def test_with_fewer_than_fifty_or_of_one_kind_nothing_is_learned():
    assert train(examples(FEWEST - 1)) is None
    assert train([(held(n, False), False) for n in range(80)]) is None


def test_where_the_rules_know_as_well_nothing_is_learned():
    sure = [(held(n, n % 2 == 0, chance=0.8 if n % 2 == 0 else 0.3), n % 2 == 0) for n in range(60)]
    assert train(sure) is None


def test_the_same_rulings_give_the_same_model_and_it_is_plain_numbers():
    one, two = train(examples(60)), train(examples(60))
    assert one == two
    text = json.dumps(as_plain(one))
    assert from_plain(json.loads(text)) == one
    assert not [word for word in (*SELLER, *READER) if len(word) > 4 and word in text]


def test_a_hostile_comment_has_a_chance_too():
    model = train(examples(60))
    for text in ("", "\x00\ud83d", "a" * 1_000_000, "\u0301" * 10_000):
        odd = held(1, False)
        assert 0 <= model.chance(replace(odd, comment=replace(odd.comment, text=text))) <= 1


def test_what_was_learned_is_asked_without_what_it_was_learned_with():
    code = (
        "import json, sys; from cuttings import learned; from tests.commands.test_desk_learning import held\n"
        "from flows import learning; learning._version()\n"
        "model = learned.from_plain(json.load(sys.stdin))\n"
        "print(model.chance(held(1, True)), *[m for m in ('numpy', 'scipy', 'sklearn') if m in sys.modules])"
    )
    model = train(examples(60))
    done = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps(as_plain(model)), capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(model.chance(held(1, True)))]


# ---------------------------------------------------------------- in the store


@pytest.fixture
def store(tmp_path):
    store = opened(tmp_path)
    yield store
    store.close()


def teach(store, count):
    page = article("school", paragraphs=("Here people learn.",))
    voices, verdicts, rules = [], {}, []
    for n in range(count):
        one = held(n, n % 3 == 0)
        voice = comment(page, n + 1, f"{one.comment.text} {n}", author=f"Reader {n}", posted=f"2026-05-{n % 28 + 1:02}")
        voices.append(voice)
        verdicts[voice.key] = one.verdict
        rules.append(Ruling(f"comment:{voice.key}", "spam" if n % 3 == 0 else "release", None, "Ed", NOW))
    keep(store, page, voices, verdicts=verdicts)
    judged.rule(store, rules)
    return voices


def test_the_model_is_kept_with_the_hash_of_what_it_learned_from_and_made_again_when_that_changes(store, monkeypatch):
    voices = teach(store, 60)
    calls = []
    monkeypatch.setattr(learned, "train", lambda rows: calls.append(len(rows)) or train(rows))
    first = learning.comments(store, now=NOW)
    assert learning.comments(store, now=NOW) == first
    assert calls == [60], "the second time it comes from the store"
    kept = runs.marked(store, learning.MARK)
    assert len(kept["training"]) == 64
    assert not [v.text for v in voices if v.text.split()[0] in json.dumps(kept)]
    judged.rule(store, [Ruling(f"comment:{voices[1].key}", "spam", None, "Ed", NOW.replace(hour=10))])
    learning.comments(store, now=NOW)
    assert calls == [60, 60]
    assert runs.marked(store, learning.MARK)["training"] != kept["training"]


def test_it_changes_no_verdict_and_below_fifty_the_rules_order_stands(store):
    furnish(store)
    teach(store, 40)
    assert learning.comments(store, now=NOW) is None
    assert learning.state(store, now=NOW).sentence.endswith("there are 40.")
    before = judged.counts(store)
    teach(store, 60)
    assert learning.comments(store, now=NOW) is not None
    after = judged.counts(store)
    assert {k: after.get(k, 0) - before.get(k, 0) for k in after} == {"genuine": 14, "spam": 6, "review": 0}


# ---------------------------------------------------------------- what comes first


def test_a_coming_issue_comes_before_a_local_name_and_both_before_doubt():
    places = {"coming": Place(("managers",)), "local": Place(local="Fell End"), "both": Place(("members",), "Fell End")}
    doubts = {"sure": 0.9, "coming": 0.1, "local": 0.2, "both": 0.0}
    assert order(doubts, places) == ("both", "coming", "local", "sure")
    assert order({"b": 0.5, "a": 0.5}, {}) == ("a", "b")


def test_doubt_is_the_chance_that_the_outcome_is_wrong():
    one = held(1, False, chance=0.3)
    assert doubt(one) == pytest.approx(0.7)
    assert doubt(one, 0.9) == pytest.approx(0.1)
    kept = replace(one, verdict=replace(one.verdict, outcome="genuine"))
    assert doubt(kept) == pytest.approx(0.3)


def test_a_bare_theme_is_doubted_more_than_a_clear_one():
    clear = Labels("a", (Label("a", 0.9, ()),))
    bare = Labels("a", (Label("a", 0.5, ()), Label("b", 0.49, ())))
    assert theme_doubt(clear) < theme_doubt(Labels(None, ())) < theme_doubt(bare)
