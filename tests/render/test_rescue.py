"""A poisoned item costs that item."""

from dataclasses import replace

import pytest

from cuttings.model import Words
from cuttings.render import check, html, pdf_from_html, rescue
from cuttings.render.rescue import plain
from tests.digest.corpus import MANAGERS, MEMBERS, digest, many


class TooMuch(Exception):
    pass


def renderer(*poison):
    calls = []

    def render(issue):
        calls.append(1)
        document = html(issue)
        if any(text in document for text in poison):
            raise TooMuch
        return document

    return render, calls


def test_a_good_issue_is_rendered_once():
    render, calls = renderer()
    made, same, guilty = rescue(digest(), render, (TooMuch,))
    assert (same, guilty, len(calls)) == (digest(), (), 1)
    assert "Reablement in Thornley" in made


@pytest.mark.parametrize("edition", [MANAGERS, MEMBERS], ids=lambda e: e.id)
def test_the_poisoned_item_is_shown_by_its_link_and_named(edition):
    issue = digest(edition, many(50))
    victim = issue.items[len(issue.items) // 2]
    render, calls = renderer(victim.headline.text)
    made, mended, guilty = rescue(issue, render, (TooMuch,))
    assert victim.story in guilty
    assert victim.headline.text not in made
    assert victim.url in made
    assert len(mended.items) == len(issue.items)
    assert any("could not be laid out" in entry.words.text for entry in mended.made)
    assert len(calls) < 2 * len(issue.items)


def test_no_item_s_fault_is_raised():
    render, _ = renderer("<main")
    with pytest.raises(TooMuch):
        rescue(digest(), render, (TooMuch,))


def test_a_plain_issue_passes_the_gate():
    issue = plain(digest(), {digest().items[0].story, digest().items[3].story})
    assert check(issue, html(issue), pdf_from_html(html(issue, medium="print"))) == ()


def test_nothing_is_left_of_what_was_said_about_a_figure():
    issue = digest()
    first = issue.sections[0]
    item = replace(first.items[0], base=Words("n = 195", "source"), year=Words("2025", "source"))
    issue = replace(issue, sections=(replace(first, items=(item, *first.items[1:])), *issue.sections[1:]))
    shown = plain(issue, {item.story}).items[0]
    assert (shown.number, shown.base, shown.year, shown.quotations) == (item.number, None, None, ())


@pytest.mark.parametrize("edition", [MANAGERS, MEMBERS], ids=lambda e: e.id)
def test_a_source_s_name_may_be_what_cannot_be_laid_out(edition):
    """Of a source that isn't configured the page itself says what it is called."""
    issue = digest(edition, many(5))
    item = replace(issue.items[0], source="Poison", byline=Words("Poison, 3 October 2026", "count"))
    diary = tuple(replace(entry, item=item.number, source="Poison") for entry in issue.diary)
    first = issue.sections[0]
    issue = replace(issue, sections=(replace(first, items=(item, *first.items[1:])), *issue.sections[1:]), diary=diary)
    assert "Poison" in html(issue)
    assert "Poison" not in html(plain(issue, {item.story}))
