"""The language of phrases: what each form finds, and what it leaves alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.themes_finder import Finder
from cuttings.themes_phrases import BadPhrase, parse


def found(written, text):
    hits, _ = Finder([parse(written, "theme")]).find(text)
    return [text[start:end] for _, start, end, _ in sorted(hits, key=lambda hit: hit[1])]


@pytest.mark.parametrize(
    ("written", "text", "expected"),
    [
        ("direct payment", "Direct payments work", ["Direct payments"]),
        ("direct payment", "a direct-payment scheme", ["direct-payment"]),
        ("direct payment", "DIRECT PAYMENTS", ["DIRECT PAYMENTS"]),
        ("carer's allowance", "Carer’s Allowance and carers' allowance", ["Carer’s Allowance", "carers' allowance"]),
        ("carer", "the carer’s rights", ["carer’s"]),
        ("carer", "a career in care", []),
        ("personalis*", "Personalization and personalised care", ["Personalization", "personalised"]),
        ("co-produc*", "co-production, coproduced, co producing", ["co-production", "coproduced", "co producing"]),
        ("AI", "AI writes; ai does not", ["AI"]),
        ("DoLS", "DoLS and DOLS, but dols", ["DoLS", "DOLS"]),
        ("cqc", "CQC, cqc", ["CQC", "cqc"]),
        ("ICB", "two ICBs", ["ICBs"]),
        ("## ### ###", "the case (24 001 337) and 0204 001 337", ["24 001 337"]),
        ("act ####", "Act 2014, Act 14", ["Act 2014"]),
        ("charity", "Charities", ["Charities"]),
        ("care home", "care. Home again, care, home", []),
        ("care home", "a care\nhome", ["care\nhome"]),
        ("pay", "payment display pays", ["pays"]),
        ("close* + care home", "to close the last care home", ["close the last care home"]),
        ("close* + care home", "care homes that it will close", ["care homes that it will close"]),
        ("close* + care home", "close" + " x" * 60 + " care home", []),
    ],
)
def test_what_a_phrase_finds(written, text, expected):
    assert found(written, text) == expected


@pytest.mark.parametrize(("written", "tier"), [("reablement!", "!"), ("pay?", "?"), ("social work~", "~"), ("pay", "")])
def test_the_mark_is_no_part_of_the_phrase(written, tier):
    phrase = parse(written, None)
    assert phrase.tier == tier
    assert phrase.text == written.rstrip("!?~")


@pytest.mark.parametrize("written", ["", "!", "…", "* care", "care + ", "a b + ?!"])
def test_a_phrase_without_a_word_is_refused_by_name(written):
    with pytest.raises(BadPhrase, match="no word"):
        parse(written, None)


def test_phrases_that_share_their_beginning_are_all_found():
    finder = Finder([parse(p, None) for p in ("care", "care home", "care home closure")])
    hits, words = finder.find("Care home closures")
    assert {phrase.text for phrase, *_ in hits} == {"care home closure", "care home", "care"}
    assert words == 3


def test_a_text_of_endless_different_words_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr("cuttings.themes_finder._MOST_KEPT", 100)
    finder = Finder([parse("care", None)])
    finder.find(" ".join(f"word{n}" for n in range(1000)) + " care")
    finder.find(" ".join(f"care {n}care" for n in range(1000)))
    assert len(finder._chunks) <= 100
    assert finder._kept <= 100


WRITTEN = ("direct payment", "personalis*", "co-produc*", "AI", "care + cut*", "## ###", "carer's", "care home")
PHRASES = [parse(p, None) for p in (*WRITTEN, "care home closure", "in care", "out of care")]
FINDER = Finder(PHRASES)


@given(st.text(alphabet="aAiI cCtuprodnems'’-–.\n#0123 DIRECTPAYMENT“”é", max_size=200))
def test_any_text_is_searched_and_offsets_lie_inside_it(text):
    hits, words = FINDER.find(text)
    assert words >= 0
    for _, start, end, _ in hits:
        assert 0 <= start < end <= len(text)
        assert text[start].isalnum()
        assert text[end - 1].isalnum()


@given(
    st.lists(
        st.sampled_from(["direct", "payment", "personalised", "care", "cuts", "AI", "co", "production", "x"]),
        max_size=30,
    )
)
def test_searching_twice_finds_the_same(words):
    text = " ".join(words)
    assert FINDER.find(text) == FINDER.find(text)


PIECES = "in out of care Care, home homes closure – - … “care” care/home co produce cut"


@given(st.lists(st.sampled_from(PIECES.split(" ")), max_size=25), st.sampled_from([" ", "  ", "\n\n", "-"]))
def test_what_is_remembered_changes_nothing(words, between):
    text = between.join(words)
    assert FINDER.find(text) == Finder(PHRASES).find(text)
