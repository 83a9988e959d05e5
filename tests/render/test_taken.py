"""The gate on words, on digests that were changed by hand after they had been composed."""

from dataclasses import replace

import pytest

from cuttings import model
from cuttings.model import Entry, Words
from cuttings.render.taken import faults, words_by_article
from cuttings.settings import Licence
from tests.digest.corpus import MANAGERS, MEMBERS, SOURCES, digest, stories, story

FIGURES = story(
    "figures", "gazette", "What the Fellwick survey found about carers",
    "The Wexmoor Carers Alliance (WCA) asked 1,240 carers in 2025. Of them, 64% had no break in that year, it says.",
    "The WCA wants two weeks a year for everybody who cares for 35 hours or more each week.",
    standfirst="Two in three carers go without a break, and the WCA wants that to change", theme="carers",
)  # fmt: skip
HELD = (FIGURES, *stories())
ARTICLES = {held.article.key: held.article for s in HELD for held in s.articles}
GOOD = digest(MANAGERS, HELD)


def found(of, sources=SOURCES, articles=ARTICLES):
    return list(faults(of, articles, sources))


def changed(of, number, **fields):
    """The digest with these fields of one item changed, wherever it stands."""

    def each(items):
        return tuple(replace(i, **fields) if i.number == number else i for i in items)

    sections = tuple(replace(s, items=each(s.items)) for s in of.sections)
    return replace(of, sections=sections, also_read=each(of.also_read), archive=each(of.archive))


def taken_from(of, key):
    return next(item for item in of.items if item.article == key)


@pytest.mark.parametrize("edition", [MANAGERS, MEMBERS], ids=lambda e: e.id)
def test_what_was_composed_passes(edition):
    of = digest(edition, HELD)
    assert any(item.quotations for item in of.items)
    assert found(of) == []


def test_what_is_said_of_a_figure_is_looked_up():
    item = taken_from(GOOD, FIGURES.canonical.article.key)
    assert found(changed(GOOD, item.number, base=Words("1,240 carers", "source"))) == []
    for what in ("base", "year"):
        of = changed(GOOD, item.number, **{what: Words("9,999 carers", "source")})
        assert found(of) == [f"{item.number}: its source does not have this {what}: “9,999 carers”"]
    fine = changed(GOOD, item.number, base=Words("not given here; check the source first.", "configuration"))
    assert found(fine) == []


def test_the_figures_of_a_list_are_looked_up_as_well():
    item = next(i for i in GOOD.items if i.figures)
    figure = replace(item.figures[0], year=Words("the year 1066", "source"))
    of = changed(GOOD, item.number, figures=(figure,))
    assert found(of) == [f"{item.number}: its source does not have this year: “the year 1066”"]


def test_an_expansion_is_looked_up():
    of = digest(MEMBERS, (FIGURES,))
    right = Entry("WCA", Words("Wexmoor Carers Alliance", "source"))
    assert found(replace(of, explained=(right,))) == []
    wrong = Entry("WCA", Words("Women Carers of Ashcombe", "source"))
    (fault,) = found(replace(of, explained=(wrong,)))
    assert fault == "“WCA” is explained in words that no article printed here has: “Women Carers of Ashcombe”"
    assert found(replace(of, explained=(Entry("WCA", Words("our own words", "configuration")),))) == []


def test_a_headline_is_looked_up():
    item = GOOD.items[0]
    of = changed(GOOD, item.number, headline=Words("Council chaos!", "source"))
    assert found(of) == [f"{item.number}: its source does not have this headline: “Council chaos!”"]
    by_hand = changed(GOOD, item.number, headline=Words("[Council chaos]", "editor", "Dilys"))
    assert found(by_hand) == []


def test_words_of_another_item_s_article_are_not_this_one_s():
    one, other = [i for i in GOOD.items if i.quotation][:2]
    of = changed(GOOD, one.number, quotation=other.quotation)
    assert any(fault.startswith(f"{one.number}: words are quoted") for fault in found(of))


def test_more_than_a_licence_allows_in_all_is_a_fault():
    item = taken_from(GOOD, FIGURES.canonical.article.key)
    words = sum(len(q.text.split()) for q in item.quotations)
    words += sum(len(w.text.split()) for w in (item.base, item.year) if w and w.origin == "source")
    words += sum(
        len(w.text.split()) for f in item.figures for w in (f.base, f.year) if w and w.origin == "source"
    )  # fmt: skip

    def allowing(most):
        licence = Licence(mode="excerpt", words=most)
        return {**SOURCES, "gazette": SOURCES["gazette"].model_copy(update={"licence": licence})}

    lone = digest(MANAGERS, (FIGURES,))
    assert found(lone, sources=allowing(words)) == []
    number = lone.items[0].number
    said = f"{number}: {words} words are taken from its source, whose licence allows {words - 1}."
    assert found(lone, sources=allowing(words - 1)) == [said]


def test_every_place_that_words_stand_in_counts():
    """Standfirst, quotation, figures, their base and year, the diary and an expansion pay out of one licence."""
    article = FIGURES.canonical.article
    text = article.text

    def quoted(first, last):
        start = text.index(first)
        end = text.index(last) + len(last)
        return model.Quotation(article.key, "text", start, end, text[start:end])

    lone = digest(MANAGERS, (FIGURES,))
    number = lone.items[0].number
    bare = {"standfirst": None, "quotation": None, "figures": (), "base": None, "year": None}
    of = replace(changed(lone, number, **bare), diary=(), explained=())
    licence = Licence(mode="excerpt", words=2)
    sources = {**SOURCES, "gazette": SOURCES["gazette"].model_copy(update={"licence": licence})}
    assert found(of, sources=sources) == []
    three = quoted("two weeks a", "two weeks a")
    figure = model.Figure(three, None)
    entry = model.DiaryDate(
        "2026-11-06", Words("Law", "configuration"), number, "Care Gazette", Words("x", "source"), three
    )
    places = (
        changed(of, number, standfirst=three),
        changed(of, number, quotation=three),
        changed(of, number, figures=(figure,)),
        changed(of, number, base=Words("1,240 carers in", "source")),
        changed(of, number, year=Words("carers in 2025", "source")),
        replace(of, diary=(entry,)),
        replace(of, explained=(Entry("WCA", Words("Wexmoor Carers Alliance", "source")),)),
    )
    for place in places:
        assert found(place, sources=sources) == [
            f"{number}: 3 words are taken from its source, whose licence allows 2."
        ]


def test_a_source_without_a_licence_allows_nothing():
    none = {key: source.model_copy(update={"licence": Licence()}) for key, source in SOURCES.items()}
    assert any("whose licence allows 0" in fault for fault in found(GOOD, sources=none))
    assert any("whose licence allows 0" in fault for fault in found(GOOD, sources={}))


def test_what_is_used_is_what_the_gate_counts():
    """A licence that allows just the words that are logged as used is kept; one that allows a word less is not."""
    for edition in (MANAGERS, MEMBERS):
        of = digest(edition, HELD)
        used = words_by_article(of, ARTICLES, SOURCES)
        assert set(used) == {item.article for item in of.items}
        assert all(n == 0 for key, n in used.items() if taken_from(of, key).licence == "link")
        most = {s: max((n for k, n in used.items() if ARTICLES[k].source == s), default=0) for s in SOURCES}
        for less in (0, 1):
            licences = {s: Licence(mode="excerpt", words=n - less) if n > less else Licence() for s, n in most.items()}
            sources = {s: SOURCES[s].model_copy(update={"licence": licence}) for s, licence in licences.items()}
            said = [fault for fault in found(of, sources=sources) if "words are taken" in fault]
            assert bool(said) == bool(less)


def test_a_standfirst_in_the_headline_s_place_is_used():
    item = taken_from(GOOD, "homes")
    used = words_by_article(GOOD, ARTICLES, SOURCES)["homes"]
    quoted = sum(len(q.text.split()) for q in item.quotations)
    assert item.headline.text == ARTICLES["homes"].standfirst
    assert used == quoted + len(item.headline.text.split())
    assert words_by_article(GOOD, {}, SOURCES)["homes"] == quoted  # its publisher has taken the page back since


def test_words_of_figures_and_acronyms_are_used():
    lone = digest(MANAGERS, (FIGURES,))
    key, number = FIGURES.canonical.article.key, lone.items[0].number
    bare = {"standfirst": None, "quotation": None, "figures": (), "base": None, "year": None}
    of = replace(changed(lone, number, **bare), diary=(), explained=())
    assert words_by_article(of, ARTICLES, SOURCES) == {key: 0}
    of = changed(of, number, base=Words("1,240 carers", "source"), year=Words("2025", "source"))
    of = replace(of, explained=(Entry("WCA", Words("Wexmoor Carers Alliance", "source")),))
    assert words_by_article(of, ARTICLES, SOURCES) == {key: 6}
    ours = changed(of, number, base=Words("not given here", "configuration"))
    assert words_by_article(ours, ARTICLES, SOURCES) == {key: 4}


QUOTABLE = "We asked three times  for a visit,\nand nobody came until May."
SAID = story("said", "gazette", "New forms", "They are late.", theme="workforce", comments=1, quotable=QUOTABLE)


def test_a_reader_s_words_are_looked_up_among_those_that_may_be_quoted():
    held = (SAID, *HELD)
    articles = {**ARTICLES, "said": SAID.canonical.article}
    of = digest(MANAGERS.model_copy(update={"quote_comments": True}), held)
    item = taken_from(of, "said")
    assert [voice.text for voice in item.voices] == [" ".join(QUOTABLE.split())]

    def refused(text, where=item.number, stories=held):
        wrong = changed(of, where, voices=(Words(text, "source"),))
        (fault,) = faults(wrong, articles, SOURCES, stories)
        return fault

    assert list(faults(of, articles, SOURCES, held)) == []
    text = item.voices[0].text
    said = f"{item.number}: no comment that may be quoted has these words: “"
    assert refused(text.replace("three", "nine")).startswith(said)
    assert refused("and nobody came until May.").startswith(said)  # half a comment
    assert refused(SAID.kept_comments[0].comment.text).startswith(said)  # genuine, and may not be quoted
    other = next(i.number for i in of.items if i.article == "vacancies")
    assert refused(text, other).startswith(f"{other}: no comment")  # said below another article
    spam = replace(SAID, comments=tuple(replace(c, verdict=replace(c.verdict, outcome="spam")) for c in SAID.comments))
    assert refused(text, stories=(spam, *HELD)).startswith(said)
