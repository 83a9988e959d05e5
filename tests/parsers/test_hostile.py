# ruff: noqa: E501 - markup reads best with a page element on a line
"""Whatever a stranger's server sends: an answer or Unreadable, never a crash, and never a page that fell silent."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import parsers
from cuttings.model import Page, Unreadable
from parsers.markup import decode, prescan
from parsers.thread_marks import MOST
from tests.parsers.mutations import MUTATIONS, mutated
from tests.parsers.test_cases import CASES, load

SAYS = "<p>The council agreed a plan for home care on Monday, after a long debate about its cost and who would pay for it.</p>"
BODY = f"<div class=entry-content>{SAYS * 4}</div>"


def read(body: bytes, **kwargs):
    return parsers.read([Page("https://valley.example/2024/05/06/care/", body, **kwargs)])


HOSTILE = {
    "100,000 nested tags": ("<div>" * 100_000 + BODY + "</div>" * 100_000).encode(),
    "100,000 tags left open": ("<div>" * 100_000 + BODY).encode(),
    "50,000 nested lists": ("<ul><li>" * 50_000 + BODY).encode(),
    "3,000 nested tables": ("<table><tr><td>" * 3_000 + BODY).encode(),
    "100,000 attributes": ("<div " + " ".join(f"a{n}=1" for n in range(100_000)) + ">" + BODY).encode(),
    "100,000 attributes without values": ("<div " + " ".join(f"a{n}" for n in range(100_000)) + ">" + BODY).encode(),
    "a megabyte of <": BODY.encode() + b"<" * 1_000_000,
    "a megabyte of &": BODY.encode() + b"&" * 1_000_000,
    "NULs between the letters": b"\x00".join(bytes([b]) for b in BODY.encode()) + b"\x00\x00",
    "UTF-16 that says UTF-8": ("<meta charset=utf-8>" + BODY).encode("utf-16-le"),
    "UTF-16 with its mark": BODY.encode("utf-16"),
    "UTF-8 with Windows bytes": ("<meta charset=utf-8><p>café</p>" + BODY).encode() + b"\xe9\xff",
    "a charset nobody knows": b"<meta charset=klingon>\xe9" + BODY.encode(),
    "a charset with a NUL in its name": b'<meta charset="ut\x00f">\xe9' + BODY.encode(),
    "a charset that is no text": b'<meta charset="hex">\xe9' + BODY.encode(),
    "an open script": (BODY + "<script>" * 50_000).encode(),
    "an open comment": (BODY + "<!--" * 50_000).encode(),
    "JSON-LD nested deep": ('<script type="application/ld+json">' + "[" * 100_000 + "</script>" + BODY).encode(),
    "half a million blanks": ("<h1>" + " " * 500_000 + "x</h1>" + BODY).encode(),
    "half a million digits": ("<time>" + "1/" * 250_000 + "</time>" + BODY).encode(),
    "20,000 comments in one list": (
        BODY
        + "<dl id=comments-block>"
        + "".join(
            f"<dt class=comment-author id=c{10**9 + n}>R{n} said</dt><dd class=comment-body>Point {n}</dd><dd class=comment-footer>3 May 2024</dd>"
            for n in range(20_000)
        )
    ).encode(),
    "a form round it all": ("<form><input type=hidden>" + BODY + "</form>").encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_words_survive(name):
    assert "agreed a plan for home care" in read(HOSTILE[name]).articles[0].text


@pytest.mark.parametrize(
    "body", [b"<" * 1_000_000, b"[" * 100_000, b"\xff\xfe", b"\x00" * 5000, b"{}", b"<!DOCTYPE html>"]
)
def test_nothing_to_read_is_said(body):
    with pytest.raises(Unreadable):
        read(body)


@pytest.mark.parametrize("deep", [500, 1000])
def test_answers_below_each_other(deep):
    thread = "".join(
        f'<li class="comment" id="comment-{n}"><cite class=fn>Reader {n}</cite> <a href="#">3 May 2024 at 10:00</a><p>Point {n}.</p><ul class=children>'
        for n in range(deep)
    )
    assert "home care" in read((BODY + "<ol class=commentlist>" + thread).encode()).articles[0].text


def test_more_comments_than_a_page_has_are_set_aside():
    thread = "".join(
        f'<li class=comment id="comment-{n}"><cite>R{n}</cite> <time>2024-05-03</time><p>Point {n}</p>'
        for n in range(MOST + 3)
    )
    reading = read((BODY + "<ol class=commentlist>" + thread).encode())
    assert len(reading.comments) == MOST
    assert sum("beyond the first" in a.why for a in reading.set_aside) == 3


@pytest.mark.parametrize("kind", MUTATIONS)
@settings(max_examples=8, deadline=None)
@given(n=st.sampled_from(range(len(CASES))), rand=st.randoms(use_true_random=False))
def test_pages_that_went_wrong_on_their_way(kind, n, rand):
    _answers(mutated(rand, PAGES[n], kind))


@given(st.text(max_size=300))
def test_prescan_leaves_sound_markup_alone(text):
    assert prescan(text.encode()) == text.encode()


@given(st.binary(max_size=400))
def test_decoding_never_fails(body):
    assert "\x00" not in decode(body)


def _answers(body: bytes) -> None:
    """The invariant: an article with words in it, or Unreadable."""
    try:
        reading = read(body)
    except Unreadable as error:
        assert error.detail  # noqa: PT017 - not raising is as good an answer
    else:
        assert all(a.text.strip() for a in reading.articles)
        assert all(c.text.strip() for c in reading.comments)
        assert [c.n for c in reading.comments] == list(range(1, len(reading.comments) + 1))
        assert all(c.parent is None or c.parent < c.n for c in reading.comments)


PAGES = [load(c)[1].body for c in CASES]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(range(len(PAGES))), st.randoms(use_true_random=False))
def test_mutated_pages(n: int, rand: random.Random):
    body = bytearray(PAGES[n])
    for _ in range(rand.randint(1, 60)):
        at = rand.randrange(len(body))
        kind = rand.randrange(4)
        if kind == 0:
            body[at] = rand.randrange(256)
        elif kind == 1:
            del body[at : at + rand.randint(1, 40)]
        elif kind == 2:
            body[at:at] = rand.choice(
                [b"<", b">", b"</div>", b"<ul>", b"\x00", b'"', b"<!--", b"&#x110000;", b"<table>", b"\xff"]
            )
        else:
            body[at:at] = body[at : at + rand.randint(1, 200)]
        if not body:
            return
    _answers(bytes(body))


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_pages_cut_short(case: Path):
    body = load(case)[1].body
    for part in range(1, 12):
        _answers(body[: len(body) * part // 12])
