"""Editors' rulings: they outrank the phrases, teach a model, and measure both."""

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cuttings.model import Article, Label, Labels, Ruling, Theme
from cuttings.themes import compile_themes, label
from cuttings.themes_learned import LEAST_EXAMPLES, _scaled, _threshold, train
from cuttings.themes_rulings import Decided, Example, examples, performance, ruled, verdicts

T0 = datetime(2025, 1, 1, tzinfo=UTC)


def ruling(subject, decision, value, hours=0):
    return Ruling(subject=subject, decision=decision, value=value, by="ed", at=T0 + timedelta(hours=hours))


def test_the_latest_ruling_counts():
    decided = verdicts(
        [
            ruling("article:a", "not-theme", "money", hours=2),
            ruling("article:a", "theme", "money", hours=1),
            ruling("comment:c", "spam", None),
        ]
    )
    assert decided == {"article:a": Decided({"money": False})}


def test_no_theme_takes_back_what_was_said_before():
    said = [ruling("article:a", "theme", "money"), ruling("article:a", "no-theme", None, hours=1)]
    labels = Labels("money", (Label("money", 0.9, ()), Label("choice", 0.7, ())))
    assert ruled(labels, verdicts(said)["article:a"]) == Labels(None, ())
    later = verdicts([*said, ruling("article:a", "theme", "choice", hours=2)])["article:a"]
    assert [one.theme for one in ruled(labels, later).labels] == ["choice"]


def test_a_theme_that_is_confirmed_does_not_push_the_first_one_aside():
    labels = Labels("money", (Label("money", 0.9, ()), Label("choice", 0.7, ())))
    assert ruled(labels, Decided({"choice": True})).primary == "money"
    assert ruled(labels, Decided({"choice": True}, primary="choice")).primary == "choice"


def test_a_refused_theme_is_not_first_any_more():
    said = [ruling("article:a", "primary-theme", "money"), ruling("article:a", "not-theme", "money", hours=1)]
    assert verdicts(said)["article:a"] == Decided({"money": False})


def test_an_editors_word_outranks_the_phrases():
    labels = Labels("money", (Label("money", 0.9, ()), Label("choice", 0.7, ())))
    after = ruled(labels, Decided({"money": False, "carers": True}))
    assert after.primary == "carers"
    assert [one.theme for one in after.labels] == ["carers", "choice"]
    assert ruled(labels, Decided()) == labels
    assert ruled(Labels(None, ()), Decided({"money": False})) == Labels(None, ())


def test_examples_need_their_article():
    rulings = [
        ruling("article:a", "theme", "money"),
        ruling("article:a", "not-theme", "choice"),
        ruling("article:b", "theme", "money"),
    ]
    rows = examples(rulings, {"a": Article(key="a", url=None, title="T", paragraphs=("One.", "Two."))})
    assert rows == (Example("a", "T", None, "One.\n\nTwo.", frozenset({"money"}), frozenset({"choice"})),)


def test_performance_counts_only_what_was_ruled_on():
    rows = [
        Example("a", "x", None, "", frozenset({"money"}), frozenset()),
        Example("b", "y", None, "", frozenset(), frozenset({"money"})),
        Example("c", "z", None, "", frozenset({"money"}), frozenset()),
    ]
    answers = {"a": ["money", "choice"], "b": ["money"], "c": []}
    measured = performance(
        rows, ["money", "choice"], lambda row: Labels(None, tuple(Label(t, 1.0, ()) for t in answers[row.key]))
    )
    assert (measured[0].confirmed, measured[0].refused) == (2, 1)
    assert (measured[0].precision, measured[0].recall) == (0.5, 0.5)
    assert (measured[1].precision, measured[1].recall) == (None, None)


THEMES = [
    Theme(
        id="allotments", name="Allotments", description="Gardens that residents rent and dig.", phrases=("allotment!",)
    ),
    Theme(id="libraries", name="Libraries", description="Books and reading rooms.", phrases=("library!",)),
]
MATCHER = compile_themes(THEMES)
PLANTS = ["beans", "leeks", "compost", "sheds", "marrows", "soil"]
BOOKS = ["novels", "shelves", "loans", "reading", "readers", "catalogues"]


def row(n, words, theme):
    title = f"{words[n % 6]} and {words[(n + 1) % 6]} in the town"
    text = f"Residents like {words[(n + 2) % 6]} and {words[(n + 3) % 6]}. They asked for {words[(n + 4) % 6]} too."
    return Example(str(n), title, None, text, frozenset({theme}), frozenset())


ROWS = [row(n, PLANTS, "allotments") for n in range(12)] + [row(n + 12, BOOKS, "libraries") for n in range(12)]


def test_without_enough_examples_nothing_is_learned():
    few = ROWS[: LEAST_EXAMPLES - 1] + ROWS[12:12]
    assert train(few, THEMES, MATCHER) is None


def test_a_learned_theme_finds_what_no_phrase_names_and_says_by_which_words():
    learned = train(ROWS, THEMES, MATCHER)
    article = ("Leeks and beans win prizes", None, "The soil was good and the compost better.")
    assert label(*article, MATCHER).primary is None
    found = label(*article, replace(MATCHER, learned=learned))
    assert found.primary == "allotments"
    fields = dict(zip(("title", "standfirst", "text"), article, strict=True))
    for evidence in found.labels[0].evidence:
        assert fields[evidence.where][evidence.start : evidence.end].lower() == evidence.phrase
    assert found.labels[0].evidence


def test_a_comment_is_labelled_by_the_phrases_alone():
    learned = replace(MATCHER, learned=train(ROWS, THEMES, MATCHER))
    words = "Leeks and beans win prizes. The soil was good and the compost better."
    assert label(None, None, words, learned) == label(None, None, words, MATCHER)


def test_the_same_examples_give_the_same_answers():
    article = ("Novels on loan", None, "Readers like the shelves.")
    one, two = (label(*article, replace(MATCHER, learned=train(ROWS, THEMES, MATCHER))) for _ in range(2))
    assert one == two
    assert one.primary == "libraries"


@pytest.mark.parametrize("threshold", [0.2, 0.5, 0.8])
def test_half_is_what_makes_a_label_at_any_threshold(threshold):
    assert _scaled(threshold, threshold) == 0.5
    assert _scaled(0, threshold) == 0
    assert _scaled(1, threshold) == 1


def test_the_threshold_parts_right_from_wrong():
    assert 0.3 < _threshold([0.1, 0.2, 0.3, 0.6, 0.7], [False, False, False, True, True]) <= 0.6


def test_the_plain_path_does_not_load_scikit_learn():
    import subprocess

    code = "import cuttings.themes, cuttings.themes_learned, cuttings.quotes, sys; print('sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
