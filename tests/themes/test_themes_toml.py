"""The themes and the glossary that we ship."""

import tomllib
from pathlib import Path

import pytest

from cuttings.glossary import counts_in
from cuttings.settings import load
from cuttings.themes import compile_themes, label
from cuttings.themes_phrases import parse

CONFIG = Path(__file__).resolve().parents[2] / "config" / "default"
THEMES = load([CONFIG]).themes
GLOSSARY = tomllib.loads((CONFIG / "glossary.toml").read_text(encoding="utf-8"))["council"]["glossary"]


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.id)
def test_a_theme_is_complete(theme):
    assert theme.name
    assert theme.plain_name
    assert theme.description.endswith(".")
    assert theme.examples
    assert not theme.why, "why a theme matters is the council's own sentence, never ours"
    assert theme.decide
    assert len(theme.decide.split()) <= 25


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.id)
@pytest.mark.parametrize("audience", ["managers", "members"])
def test_questions_are_many_short_and_questions(theme, audience):
    questions = theme.questions[audience]
    assert len(questions) >= 6
    assert len(set(questions)) == len(questions)
    for question in questions:
        assert question.endswith("?")
        assert len(question.split()) <= 20


def test_no_question_is_asked_under_two_themes():
    everything = [q for t in THEMES for asked in t.questions.values() for q in asked]
    assert len(set(everything)) == len(everything)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.id)
def test_every_phrase_finds_itself_and_none_stands_twice(theme):
    assert len(set(theme.phrases)) == len(theme.phrases)
    for written in (*theme.phrases, *theme.exclusions):
        parse(written, theme.id)


def test_the_glossary_explains_every_theme_term():
    missing = {term for theme in THEMES for term in theme.glossary} - set(GLOSSARY)
    assert not missing


def test_explanations_are_plain_and_one_line():
    assert len(GLOSSARY) >= 60
    for term, words in GLOSSARY.items():
        assert "\n" not in words
        assert len(words.split()) <= 25, term
        assert not words.endswith(".")


def test_every_term_is_found_where_it_stands():
    for term in GLOSSARY:
        assert counts_in(f"We read about {term} today.", [term]) == {term: 1}


def test_members_plain_words_use_no_unexplained_acronym():
    shown = [t.plain_name + " " + t.decide + " " + " ".join(t.questions["members"]) for t in THEMES]
    for words in shown:
        assert not [
            w for w in words.replace("?", " ").replace(",", " ").split() if w.isupper() and len(w) > 1 and w != "NHS"
        ]


def test_the_examples_carry_their_theme():
    matcher = compile_themes(THEMES)
    missed = [
        (theme.id, example)
        for theme in THEMES
        for example in theme.examples
        if theme.id not in {one.theme for one in label(example, None, "", matcher).labels}
    ]
    assert not missed
