import pytest

from cuttings.spam import judge
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
