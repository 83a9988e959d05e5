"""What holds for every page, whoever wrote it: no word is made up, none comes twice, none is lost, nothing raises."""

from __future__ import annotations

import gc
import html
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import parsers
from cuttings.model import Page, PageDesign, Reading, Unreadable
from parsers.markup import decode, decoded
from parsers.soup import Document
from parsers.wording import clean, count_words, fold, shorter, words, words_without
from tests.parsers.mutations import MUTATIONS, mutated
from tests.parsers.test_cases import CASES, load

LOADED = [load(case)[1] for case in CASES]
HTML = [page for page in LOADED if "json" not in page.media_type]
URL = "https://fell.example/2024/05/06/home-care/"


def read(body: bytes | str, **kwargs) -> Reading | None:
    try:
        return parsers.read([Page(URL, body.encode() if isinstance(body, str) else body, **kwargs)])
    except Unreadable as error:
        assert error.detail  # noqa: PT017 - not raising is as good an answer
        return None


def texts(reading: Reading) -> list[str]:
    """Everything that a reading would print as the page's own words."""
    found = []
    for a in reading.articles:
        found += [a.title, a.standfirst, a.author_bio, a.version_note, *a.authors, *a.paragraphs, *a.pull_quotes]
        found += [*a.references, *(s.text for s in a.subheads), *(link.text for link in a.related_links)]
    found += [c.text for c in reading.comments] + [c.author for c in reading.comments]
    return [text for text in (*found, *(a.text for a in reading.set_aside)) if text]


def alnum(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def printed(body: bytes, media_type: str = "") -> str:
    """All letters and digits that a page holds, in its words, attributes and scripts."""
    text = decode(body, media_type)
    for _ in range(3):  # JSON-LD holds markup with entities in it
        text = html.unescape(text)
    doc = Document(Page(None, body, media_type=media_type))
    said = "".join(doc.root.itertext()) if doc.root is not None else ""
    escaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)
    return alnum(said + text + escaped + re.sub(r"<[^<>]*>", "", text) + re.sub(r"<[^<>]*>", "", escaped))


def unsaid(reading: Reading, page: str) -> set[str]:
    """Words of a reading that do not stand in a page; the numbers of a list are drawn by the browser."""
    found = {alnum(word) for text in texts(reading) for word in re.findall(r"\w+", text)}
    return {word for word in found if not said(word, page) and not word.isdecimal()}


def said(word: str, page: str) -> bool:
    """Where tags are missing, words that stood apart may run together: "Report", "Report" and "Martin" in one."""
    ends = [n for n in range(4, len(word) - 3) if word[:n] in page]
    return word in page or any(said(word[n:], page) for n in ends)


# ---------------------------------------------------------------- no word is made up


@pytest.mark.parametrize("page", HTML, ids=[c.name for c, p in zip(CASES, LOADED, strict=True) if p in HTML])
def test_no_word_is_made_up(page):
    assert unsaid(parsers.read([page]), printed(page.body)) == set()


@pytest.mark.parametrize("kind", [k for k in MUTATIONS if k not in {"encodings broken", "odd bytes"}])
@settings(max_examples=6, deadline=None)
@given(n=st.sampled_from(range(len(HTML))), rand=st.randoms(use_true_random=False))
def test_no_word_is_made_up_of_a_broken_page(kind, n, rand):
    body = mutated(rand, HTML[n].body, kind)
    if reading := read(body):
        assert unsaid(reading, printed(body)) == set()


# ---------------------------------------------------------------- pages made of parts that can be counted


@dataclass(frozen=True)
class Made:
    """A page whose every paragraph and comment has a number in words of its own."""

    body: str
    paragraphs: tuple[str, ...]
    comments: tuple[tuple[str, str, int | None], ...]  # author, text, place of what it answers


NAMES = ("Ann Bell", "Cem Dorr", "Eve Frith", "Gus Hale", "Ida Jarrow", "Kit Lowe")
WRAPPERS = ("p", "div", "blockquote")


@st.composite
def made(draw, most=6) -> Made:
    paragraphs = tuple(
        f"Paragraph pn{n}x says that the council of the valley will {draw(st.sampled_from(('keep', 'close', 'move')))} "
        f"its day centre number pd{n}x, after a long debate about costs and about who would pay for the minibus."
        for n in range(draw(st.integers(3, 7)))
    )
    comments = []
    for n in range(draw(st.integers(0, most))):
        answers = draw(st.one_of(st.none(), st.integers(0, n - 1))) if n else None
        said = draw(st.sampled_from(("I think so too", "Who pays for this", "No, it was not like that")))
        comments.append((draw(st.sampled_from(NAMES)), f"{said}, remark rm{n}x.", answers))
    thread = draw(st.sampled_from(("nested", "flat")))
    items = _nested(comments, None) if thread == "nested" else "".join(_item(c, n) for n, c in enumerate(comments))
    if thread == "flat":
        comments = [(author, said, None) for author, said, _ in comments]
    around = f'<div id="comments"><h2>Comments</h2><ol class="comment-list">{items}</ol></div>' if comments else ""
    body = "".join(f"<p>{p}</p>" for p in paragraphs)
    furniture = draw(st.sampled_from(("", '<div class="sharedaddy"><a href="#">Tweet</a></div>', "<nav>Home</nav>")))
    page = (
        f'<html lang="en"><head><title>Day centres</title></head><body><h1>Day centres</h1>'
        f'<div class="entry-content">{body}{furniture}</div>{around}<footer>Legal notice</footer></body></html>'
    )
    return Made(page, paragraphs, tuple(comments))


def _item(comment: tuple[str, str, int | None], n: int, inner: str = "") -> str:
    author, said, _ = comment
    return (
        f'<li class="comment" id="comment-{n + 1}"><article><cite class="fn">{author}</cite> '
        f'<time datetime="2024-05-0{n % 9 + 1}T10:00:00">{n % 9 + 1} May 2024</time>'
        f'<div class="comment-content"><p>{said}</p></div></article>{inner}</li>'
    )


def _nested(comments: list, parent: int | None) -> str:
    items = ""
    for n, comment in enumerate(comments):
        if comment[2] == parent:
            inner = _nested(comments, n)
            items += _item(comment, n, f'<ol class="children">{inner}</ol>' if inner else "")
    return items


def order(comments) -> list[int]:
    """The comments as they stand on the page: an answer stands in what it answers."""

    def below(parent):
        for n, (_, _, answers) in enumerate(comments):
            if answers == parent:
                yield n
                yield from below(n)

    return list(below(None))


@settings(max_examples=60, deadline=None)
@given(made())
def test_every_paragraph_and_every_comment_comes_once_and_in_its_place(page):
    reading = read(page.body)
    assert reading.articles[0].paragraphs == page.paragraphs
    place = order(page.comments)
    assert [(c.author, c.text) for c in reading.comments] == [page.comments[n][:2] for n in place]
    answered = [None if c.parent is None else place[c.parent - 1] for c in reading.comments]
    assert answered == [page.comments[n][2] for n in place]
    assert [c.n for c in reading.comments] == list(range(1, len(place) + 1))


@settings(max_examples=60, deadline=None)
@given(made())
def test_a_comment_is_no_part_of_the_article_and_is_not_set_aside_as_well(page):
    reading = read(page.body)
    elsewhere = " ".join(t for t in texts(reading) if t not in {c.text for c in reading.comments})
    assert not re.search(r"rm\dx", elsewhere)


@settings(max_examples=60, deadline=None)
@given(made())
def test_every_word_is_kept_once_or_set_aside(page):
    """a in = a kept + a set aside: each numbered word comes out as often as it stands on the page."""
    wanted = Counter(re.findall(r"[pr][ndm]\dx", page.body))
    assert Counter(re.findall(r"[pr][ndm]\dx", " ".join(texts(read(page.body))))) == wanted


@settings(max_examples=40, deadline=None)
@given(made(), st.floats(0.2, 1.0))
def test_a_page_cut_short_says_nothing_that_the_whole_does_not(page, part):
    if reading := read(page.body[: int(len(page.body) * part)]):
        whole = {c.text for c in read(page.body).comments}
        said = [c.text for c in reading.comments]
        assert len(said) == len(set(said))
        assert all(any(text.startswith(cut) for text in whole) for cut in said)


@settings(max_examples=40, deadline=None)
@given(made(), made())
def test_pages_joined_have_each_comment_once(first, second):
    pages = [Page(URL, first.body.encode()), Page(URL, second.body.encode()), Page(URL, first.body.encode())]
    reading = parsers.read(pages)
    seen = [(c.author, c.posted, c.text) for c in reading.comments]
    assert [c.n for c in reading.comments] == list(range(1, len(seen) + 1))
    assert len({c.key for c in reading.comments}) == len(seen)
    assert set(seen) == {(c.author, c.posted, c.text) for p in pages for c in parsers.read([p]).comments}


# ---------------------------------------------------------------- the same page reads the same


@pytest.mark.parametrize("page", LOADED, ids=[c.name for c in CASES])
def test_a_page_reads_the_same_again(page):
    before = bytes(page.body)
    assert parsers.read([page]) == parsers.read([page])
    assert page.body == before


def test_a_page_reads_the_same_in_every_process():
    """Nothing hangs on the order of a set, which another process has in another order."""
    script = (
        "import hashlib, parsers\n"
        "from tests.parsers.test_cases import CASES, load\n"
        "print(hashlib.sha256(repr([parsers.read([load(c)[1]]) for c in CASES]).encode()).hexdigest())"
    )
    command = [sys.executable, "-c", script]
    seeds = ({**os.environ, "PYTHONHASHSEED": seed} for seed in ("1", "2"))
    said = {subprocess.run(command, env=seed, capture_output=True, text=True, check=True).stdout for seed in seeds}
    assert len(said) == 1


@pytest.mark.parametrize("on", [True, False])
def test_reading_leaves_the_collector_as_it_was(on):
    was = gc.isenabled()
    (gc.enable if on else gc.disable)()
    try:
        read("<p>short</p>")
        assert gc.isenabled() is on
    finally:
        (gc.enable if was else gc.disable)()


# ---------------------------------------------------------------- never raises


PIECES = st.sampled_from(
    [
        b"<div class=comment id=comment-1>",
        b"<li class=comment>",
        b"</li>",
        b"<ol class=commentlist>",
        b"<cite class=fn>Ann</cite>",
        b"<time datetime=2024-05-03>",
        b"<dl id=comments-block><dt>",
        b"<p>A council said on Monday that it would keep the day centre open.</p>",
        b'<script type="application/ld+json">{"@type":"Article","comment":[{"@type":"Comment","text":"a"}]}',
        b"</script>",
        b"<article><h1>",
        b"<table><tr><td>",
        b"</html>",
        b"<html><body>",
        b"<a rel=author href=x>",
        b"<blockquote class=pullquote>",
        b"\xff\x00",
        b"&#0;&shy;\xe2\x80\x8b",
        b"<h3>3 Comments</h3>",
        b"<h4>Ann, 3 May 2024</h4><p>Yes",
        b"<div class=indented>",
        b"<br><br>",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.one_of(PIECES, st.binary(max_size=12)), max_size=40).map(b"".join),
    st.sampled_from((None, *parsers.family_names())),
    st.sampled_from(("text/html", "application/json", "text/plain", "text/html; charset=utf-16", "", "image/png")),
    st.sampled_from((None, URL, "https://www.gov.uk/a")),
)
def test_any_bytes_under_any_name_are_read_or_refused(body, family, media_type, url):
    try:
        reading = parsers.read([Page(url, body, media_type=media_type)], family=family)
    except Unreadable as error:
        assert error.detail  # noqa: PT017
        return
    assert all(a.text.strip() for a in reading.articles)
    assert all(0 <= s.before < len(a.paragraphs) for a in reading.articles for s in a.subheads)
    assert all(c.text.strip() and (c.parent is None or 0 < c.parent < c.n) for c in reading.comments)
    assert len({c.key for c in reading.comments}) == len(reading.comments)
    assert all(link.startswith(("http://", "https://")) for c in reading.comments for link in c.links)
    assert all(c.author_url is None or c.author_url.startswith("http") for c in reading.comments)
    assert all(a.text.strip() and a.why for a in reading.set_aside)


DESIGN = PageDesign(body="article", title="h1", comments=".comment", comment_author="cite", comment_date="time")


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=40).map(b"".join))
def test_a_sources_own_selectors_meet_any_page(body):
    try:
        reading = parsers.read([Page(URL, body)], designs=(DESIGN,))
    except Unreadable:
        return
    assert all(c.parent is None or 0 < c.parent < c.n for c in reading.comments)


# ---------------------------------------------------------------- the words of an element


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=25).map(b"".join))
def test_words_are_one_clean_line_whichever_way_they_are_gathered(body):
    root = Document(Page(None, body)).root
    if root is None:
        return
    for element in root.iter("*"):
        said = words(element)
        assert said == clean(said)
        assert Counter(alnum(words_without(element, set()))) <= Counter(alnum("".join(element.itertext())))
        assert shorter(element, 10**6)
        assert not shorter(element, -1) or not "".join(element.itertext())


@given(st.text(max_size=200), st.integers(0, 30))
def test_words_are_counted_as_far_as_asked(text, most):
    assert count_words(text, most) == min(count_words(text), most + 1)
    assert count_words(clean(text)) <= count_words(text) + 1


@given(st.text(max_size=200))
def test_folding_is_done_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode)), st.sampled_from(("", "text/html")))
def test_a_page_in_characters_is_the_page_in_bytes(body, media_type):
    text, raw = decoded(body, media_type)
    assert raw.decode("utf-8") == text.encode("utf-8", "replace").decode("utf-8")
    assert "\r" not in text


@pytest.mark.parametrize(
    "url", ["not an address", "http://[broken", "file:///tmp/page.html", "mailto:editor@fell.example"]
)
def test_a_page_whose_address_is_none_is_unreadable_with_a_sentence(url):
    with pytest.raises(Unreadable, match="is not a web address"):
        parsers.read([Page(url, HTML[0].body)])
