from datetime import UTC, datetime

import pytest

from cuttings.model import Ruling
from cuttings.spam import apply_rulings, judge, text_key
from tests.judging.making import ARTICLE, comment

GOOD = "My mother waited nine months for a ramp, and the visits got shorter every year."


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("As a former chair of the board I would say that what I tried to bring in was", "cut off"),
        ("For years I have said that the line ought to be 'That's", "cut off"),
        ("We have seen this before, and the visits got shorter [...]", "cut off"),
        ("Mrs Hollins came every day and never once sat down.", "names a person"),
        ("I agree with simon that visits are too short.", "names a person"),
        ("The manager there, Oswyn Trellick, was very kind to us.", "name a person"),
        ("Social workers are breaching their own code every day of the week.", "charges"),
        ("The council lied to us about the visits.", "charges"),
        ("They don't care about our visits.", "charges"),
        ("The visits are bloody short.", "foul"),
        ("The minutes on visits are at http://democracy.fellshire.example/x.", "link"),
    ],
)
def test_genuine_is_not_quotable(text, why):
    verdict = judge(ARTICLE, [comment(text)])[0]
    assert verdict.outcome == "genuine"
    assert not verdict.quotable
    assert any(r.rule == "not-quotable" and why in r.sentence for r in verdict.because)


@pytest.mark.parametrize(
    "text", [GOOD, "Will there be a survey in Wales? It may help.", "Fifteen minutes is enough for a tablet."]
)
def test_plain_words_are_quotable(text):
    assert judge(ARTICLE, [comment(text)])[0].quotable


def _ruling(subject, decision, hour=9, **more):
    return Ruling(
        subject, decision, more.get("value"), "ed", datetime(2014, 4, 1, hour, tzinfo=UTC), more.get("reason")
    )


SPAM = comment(
    "We are a leading provider, visit our website http://cheap-boilers.example for a free quote", "boiler deals", 500
)


def test_a_ruling_outranks_every_rule_and_the_latest_holds():
    comments = [SPAM, comment(GOOD, n=2)]
    verdicts = judge(ARTICLE, comments)
    assert [v.outcome for v in verdicts] == ["spam", "genuine"]
    rulings = [
        _ruling(f"comment:{SPAM.key}", "spam", 8),
        _ruling(f"comment:{SPAM.key}", "release", 9, reason="our own contractor"),
        _ruling(f"comment:{comments[1].key}", "spam"),
        _ruling("article:art", "theme"),
    ]
    ruled = apply_rulings(verdicts, comments, rulings)
    assert [v.outcome for v in ruled] == ["genuine", "spam"]
    assert "our own contractor" in ruled[0].because[0].sentence
    assert not ruled[0].quotable
    assert apply_rulings(ruled, comments, rulings) == ruled


def test_a_ruling_is_carried_over_to_later_copies_of_the_text():
    comments = [comment(GOOD, "Somebody Else", 90)]
    by_text = {text_key(GOOD.upper()): _ruling("comment:older", "spam")}
    assert apply_rulings(judge(ARTICLE, comments), comments, [], by_text)[0].outcome == "spam"
    own = [_ruling(f"comment:{comments[0].key}", "release")]
    released = apply_rulings(judge(ARTICLE, comments), comments, own, by_text)[0]
    assert (released.outcome, released.quotable) == ("genuine", True)
