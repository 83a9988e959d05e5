"""A pattern with its stems finds what the pattern alone finds; and a page is not held in memory once it is read."""

import gc
import weakref
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import parsers
from cuttings.model import Page
from parsers import bio, bylines, headline, kinds, marked, recipe, thread_items, thread_marks, walls
from parsers.markup import MAX_ATTRIBUTES, prescan
from parsers.soup import Document, split_case

CASES = sorted((Path(__file__).parent / "cases").glob("*/page.html"))
OF_NAMES = {
    "containers of comments": thread_marks.CONTAINERS,
    "around comments": recipe._COMMENT_SECTION,
    "authors": bylines._AUTHOR_TOKEN,
    "about the author": marked._BIO_TOKEN,
    "references": marked._REFERENCES_TOKEN,
    "walls": walls._PAY_CLASS,
    "boxes about the author": bio._BIO_BOX,
    "around a heading": headline._COMMENTS,
    "a plugin's comments": thread_items._OWN_CLASS,
}
OF_WORDS = {"decisions": kinds._DECISION, "studies": kinds._STUDY, "law": kinds._LAW, "speech": kinds._QUOTED}


@pytest.mark.parametrize("like", [*OF_NAMES.values(), *OF_WORDS.values()], ids=[*OF_NAMES, *OF_WORDS])
@given(data=st.data())
def test_what_matches_holds_a_stem(like, data):
    said = data.draw(st.from_regex(like.pattern, alphabet=st.characters(max_codepoint=127)))
    assert any(stem in said.lower() for stem in like.stems)


@pytest.mark.parametrize("page", CASES, ids=lambda p: p.parent.name)
def test_a_page_is_asked_by_stems_as_by_the_pattern(page):
    doc = Document(Page(None, page.read_bytes()))
    for like in OF_NAMES.values():
        by_pattern = [
            e
            for e in doc.root.iter("*")
            if any(like.pattern.search(split_case(name)) for name in (e.get("class") or "").split())
        ]
        assert [e for e in doc.named(like) if e in by_pattern] == by_pattern


@pytest.mark.parametrize(
    "markup",
    [
        '<p class="relatedcomments">',
        '<p class="Comments">',
        '<p class="comments Comments">',
        '<p id="Comments">',
        '<i class="x comments"></i><p id="comments">',
        '<p class="x"></p><p class="readerComments">',
    ],
)
def test_names_are_found_however_they_are_spelt(markup):
    doc = Document(Page(None, f"<html><body>{markup}Ann</p></body></html>".encode()))
    found = doc.named(thread_marks.CONTAINERS)
    assert found == [] if "relatedcomments" in markup else doc.tags["p"][-1] in found


@pytest.mark.parametrize("before", ["", "<p>Words</p>", f"<script>{'x' * 9000}</script>", "x" * 9000])
def test_a_tag_of_ten_thousand_attributes_is_found_wherever_it_stands(before):
    long = "<div " + " ".join(f"a{n}=1" for n in range(10_000)) + ">"
    assert prescan(f"{before}{long}Ann</div>{long}".encode()) == f"{before}<div>Ann</div><div>".encode()
    picture = f'<img src="data:{"A" * 9000}">'
    assert prescan((before + picture).encode()) == (before + picture).encode()
    assert MAX_ATTRIBUTES < 10_000


@pytest.mark.parametrize("page", CASES, ids=lambda p: p.parent.name)
def test_a_page_that_was_read_is_freed_at_once(page, monkeypatch):
    """With comments and without: what holds itself in a circle holds the page, until somebody looks for such things."""
    documents = []

    class Watched(Document):
        def __init__(self, page):
            super().__init__(page)
            documents.append(weakref.ref(self))

    monkeypatch.setattr(parsers, "Document", Watched)
    gc.disable()
    try:
        parsers.read([Page("https://valley.example/a", page.read_bytes())])
        assert [seen() for seen in documents] == [None]
    finally:
        gc.enable()
