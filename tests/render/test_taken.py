"""The gate on words, on digests that were changed by hand after they had been composed."""

from dataclasses import replace

import pytest

from cuttings import model
from cuttings.model import Entry, Words
from cuttings.render.taken import faults
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
