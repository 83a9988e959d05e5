"""Strangers' text in every field: nothing of it acts, nothing of it is fetched, and the issue still comes."""

import logging
import re
import zlib
from functools import lru_cache

import pytest

from cuttings import model
from cuttings.render import check, html, letter, pdf_from_html
from cuttings.render.view import clean
from tests.digest.corpus import COUNCIL, MANAGERS, MEMBERS, SOURCES, THEMES, digest, stories, story
from tests.render.test_html import read

CANARY = "canary7391"
MARKUP = (
    f"<script>{CANARY}()</script>",
    f'"><img src=http://{CANARY}.example/x onerror={CANARY}()>',
    f"</style><style>@import 'http://{CANARY}.example/x.css';</style>",
    f"<link rel=attachment href=file:///etc/passwd title={CANARY}>",
    f"<svg><image href='http://{CANARY}.example/'/></svg>",
    f"*/ }} body {{ background: url(http://{CANARY}.example/) }} /*",
    f"<base href=http://{CANARY}.example/>",
    f"&#60;iframe src=http://{CANARY}.example&#62;",
)
TEMPLATE = ("{{ 7 * 191 }}", "{% include '/etc/passwd' %}", "{# comment #}", "${7*191}", "{{ config }}", "{%", "{{")
ODD = (
    "\x00\x01\x1b[31m red",
    "\u202eexe.gnp\u2066",
    "\ud800 lone",
    "🧑🏽‍🤝‍🧑🏻 👍 🇬🇧",
    "שלום עולם, مرحبا",
    "漢字かな",
    "a" * 1_000_000,
    "word " * 200_000,
    "é" * 500,
    "-" * 4000,
    "\n\n\n",
    "=?utf-8?q?x=0D=0ABcc:_y?=",
    "data:image/png;base64,\u202e" + "A" * 50_000,
)


def poisoned(text: str, url: str | None = "") -> model.Story:
    return story(
        "poison", "gazette", text, text, "One plain sentence about recruitment stands here for balance.", text,
        standfirst=text[:3000], authors=(text, text), bio=f"{text[:60]} is {text[:60]}", theme="workforce", comments=2,
        quotable=text[:200], url=url, repairs=(model.Repair(text[:200], text[:200], "sure"),),
        pages=(text[:50],), publication=text, version_note=text, copies=("townhall",),
    )  # fmt: skip


def texts(pdf: bytes) -> bytes:
    parts = [pdf]
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompressobj().decompress(match[1]))
        except zlib.error:
            continue
    return b"\n".join(parts)


@lru_cache
def plain_tags(edition: str, mail: bool) -> frozenset[str]:
    held = digest({"managers": MANAGERS, "members": MEMBERS}[edition], stories()[:2])
    return frozenset(tag for tag, _ in read(letter(held).html if mail else html(held)).tags)


@pytest.mark.parametrize("edition", [MANAGERS, MEMBERS], ids=lambda e: e.id)
@pytest.mark.parametrize("text", [*MARKUP, *TEMPLATE, *ODD], ids=lambda t: ascii(t[:20]))
def test_html_and_mail_of_a_poisoned_article(text, edition):
    open_edition = edition.model_copy(update={"quote_comments": True})
    issue = digest(open_edition, (poisoned(text), *stories()[:1]))
    document = html(issue)
    mail = letter(issue)
    for page, known in ((document, plain_tags(edition.id, False)), (mail.html, plain_tags(edition.id, True))):
        seen = read(page)
        assert {tag for tag, _ in seen.tags} <= known | {"ul", "li", "blockquote", "time"}
        assert not [attrs for _, attrs in seen.tags if any(k.startswith("on") for k in attrs)]
    assert "1337" not in document
    assert "root:" not in document
    assert len(document) < 900_000
    assert len(mail.text) < 50_000
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\u202a-\u202e]", document)
    assert "\n" not in mail.subject


@pytest.mark.parametrize(
    "text",
    [MARKUP[0] + MARKUP[1] + MARKUP[2] + MARKUP[3], "".join(TEMPLATE[:3]), *ODD[:6], ODD[6]],
    ids=lambda t: ascii(t[:12]),
)
def test_the_pdf_comes_whole_and_quiet(text, caplog):
    issue = digest(MANAGERS, (poisoned(text), *stories()[:1]))
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        data = pdf_from_html(html(issue, medium="print"))
    assert [r.getMessage() for r in caplog.records if r.name.startswith("weasyprint")] == []
    assert check(issue, html(issue), data) == ()
    flat = texts(data)
    assert b"/EmbeddedFile" not in flat
    assert f"http://{CANARY}".encode() not in b"".join(re.findall(rb"/URI \(.*?\)", flat))


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,<b>",
        f'https://x.example/"><script>{CANARY}',
        None,
        "//x.example",
    ],
)
def test_links_of_a_poisoned_article(url):
    document = html(digest(MANAGERS, (poisoned("A headline", url),)))
    hrefs = [attrs["href"] for tag, attrs in read(document).tags if tag == "a"]
    assert all(h.startswith(("#", "https://")) for h in hrefs)
    assert "<script>" not in document


def test_a_long_address_stays_whole_and_a_longer_one_is_none():
    address = "https://gazette.example/2026/10/" + "how-the-county-answered-" * 12 + "?id=1&page=2"
    for url, printed in ((address, {address}), (address + "x" * 2000, set())):
        issue = digest(MEMBERS, (story("x", "gazette", "A headline", "A paragraph.", theme="carers", url=url),))
        for page in (html(issue), html(issue, medium="print"), letter(issue).html):
            links = {attrs["href"] for tag, attrs in read(page).tags if tag == "a"}
            assert {link for link in links if not link.startswith("#")} == printed
        assert printed <= set(letter(issue).text.splitlines())


def test_configuration_is_escaped_as_well():
    nasty = MARKUP[0]
    council = COUNCIL.model_copy(
        update={"name": nasty, "contact_name": nasty, "service": nasty, "glossary": {"care": nasty}}
    )
    themes = tuple(
        model.Theme(
            t.id,
            nasty,
            "",
            (),
            plain_name=nasty,
            why={"managers": nasty, "members": nasty},
            decide=nasty,
            questions={"managers": (nasty,), "members": (nasty,)},
        )
        for t in THEMES
    )
    sources = {k: s.model_copy(update={"name": nasty}) for k, s in SOURCES.items()}
    for edition in (MANAGERS, MEMBERS):
        issue = digest(edition.model_copy(update={"name": nasty}), council=council, themes=themes, sources=sources)
        assert "<script>" not in html(issue)
        assert "<script>" not in letter(issue).html


def test_clean_is_the_last_step_and_short():
    assert clean("a\x00b\u202ec") == "abc"
    assert len(clean("x" * 10_000_000)) < 7000
    assert len(clean("x y " * 1_000_000)) <= 6002
    assert clean("An ordinary line – with “quotes”.") == "An ordinary line – with “quotes”."
