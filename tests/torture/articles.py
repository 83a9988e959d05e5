"""Injections in every field of article, comment, source, theme and council: what the editions make of them.

A file with a secret lies on the disk and a server listens; each injection points at both. Bad is: the secret in the
HTML, the letter or the unpacked PDF, a connection, an attachment, a link that is not http(s), a tag of the stranger's.
"""

from __future__ import annotations

import re
import secrets
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread

from cuttings.edges.limited import KNOWN, Crashed, Exceeded, Limited
from cuttings.model import Copy, Digest, Theme, Words
from cuttings.render import html, letter, pdf_from_html, rescue
from tests.bench.table import cpu_seconds
from tests.digest.corpus import COUNCIL, MANAGERS, MEMBERS, SOURCES, THEMES, digest, many, stories
from tests.render.test_hostile import ODD, poisoned
from tests.render.test_html import read
from tests.torture.rows import Row

# {f}: address of the file with the secret, {h}: of the listening server
INJECTIONS = (
    "<link rel=attachment href={f}>",
    "<a rel=attachment href={f}>x</a>",
    "<base href={h}>",
    "<img src={h}>",
    "<img src={f}>",
    "<svg><image href='{f}'/></svg>",
    "<svg><use href='{h}#x'/></svg>",
    "<embed src={f}>",
    "<object data={f}></object>",
    "<iframe src={h}></iframe>",
    "<style>@import url({f});</style>",
    "<style>@import url({h});</style>",
    "<style>body{{background:url({h})}}</style>",
    "</style><style>@font-face{{font-family:x;src:url({f})}}</style>",
    "*/ }} body {{ background: url({h}) }} /*",
    "expression(url({h}))",
    "<p style='background:url({h})'>x</p>",
    "<script src={h}></script>",
    "<script>fetch('{h}')</script>",
    '"><img src={h} onerror=x()>',
    "' onmouseover='x()",
    "<form action={h}><button>go</button></form>",
    "<meta http-equiv=refresh content='0;url={h}'>",
    "<video poster={h}></video>",
    "<math><mi href={h}>x</mi></math>",
    "<!--><img src={h}>-->",
    "]]><img src={h}>",
    "<?xml-stylesheet href='{h}'?>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM '{f}'>]>&e;",
    "&#60;img src={h}&#62;",
    "&lt;img src={h}&gt;",
    "%3Cimg src={h}%3E",
    "{{{{ ''.__class__.__mro__[1].__subclasses__() }}}}",
    "{{% include '{f}' %}}",
    "{{% import '{f}' as x %}}{{{{ x }}}}",
    "{{{{ config }}}}",
    "{{# comment #}}",
    "${{7*191}}",
    "#{{7*191}}",
    "<%= 7*191 %>",
    "javascript:fetch('{h}')",
    "[x](javascript:alert(1))",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "data:text/html,<b>",
    "<colgroup><col span=1000000></colgroup>",
    "<td colspan=1000000>x</td>",
    "<div>" * 200,
    "<table>" * 60,
    "<ul><li>" * 300,
    "<div style='display:flex'>" * 30,
    "<div style='float:left'>x</div>" * 2_000,
    "<table>" + "<tr>" * 2_000 + "<td>x</td>" * 10,
    "<svg><g id='a'><use href='#a'/><use href='#a'/></g></svg>" * 20,
)
SECRET = "secret-{}"


@contextmanager
def _listening() -> Iterator[tuple[str, list[int]]]:
    """A server's address and the list that grows with every connection."""
    seen: list[int] = []

    class Count(BaseRequestHandler):
        def handle(self) -> None:
            seen.append(1)

    with ThreadingTCPServer(("127.0.0.1", 0), Count) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/", seen
        finally:
            server.shutdown()
            thread.join()


def _issue(text: str, edition: str) -> Digest:
    """The text in every field there is, one story of a stranger's beside one of ours."""
    chosen = {"managers": MANAGERS, "members": MEMBERS}[edition].model_copy(update={"quote_comments": True})
    line = " ".join(text.split())[:200]
    council = COUNCIL.model_copy(update={"name": line, "contact_name": line, "glossary": {"recruitment": line}})
    said = {"managers": line, "members": line}
    themes = tuple(
        Theme(t.id, line, "", (), plain_name=line, why=said, decide=line, questions=dict.fromkeys(said, (line,)))
        for t in THEMES
    )
    sources = {k: s.model_copy(update={"name": line}) for k, s in SOURCES.items()}
    held = (poisoned(text, text), *stories()[:1])
    return digest(chosen, held, council=council, themes=themes, sources=sources)


def _faults(page: str, known: frozenset[str], secret: str) -> Iterator[str]:
    seen = read(page)
    strange = {tag for tag, _ in seen.tags} - known
    if strange:
        yield f"a tag of the stranger's: {sorted(strange)}"
    for tag, attributes in seen.tags:
        if any(name.startswith("on") or name in ("srcset", "poster", "background") for name in attributes):
            yield f"an attribute of the stranger's on <{tag}>"
        for name in ("href", "src"):
            value = attributes.get(name) or "#"
            if not value.startswith(("#", "http://", "https://", "mailto:", "data:image/")):
                yield f"a link elsewhere: {value[:40]}"
            if name == "src" and not value.startswith(("#", "data:image/")):
                yield f"something to load: {value[:40]}"
    if secret in page:
        yield "the file's words"


def _pdf_faults(data: bytes, secret: str) -> Iterator[str]:
    parts = [data]
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            parts.append(zlib.decompressobj().decompress(match[1]))
        except zlib.error:  # a font or picture that is packed in another way
            continue
    flat = b"\n".join(parts)
    for what in (b"/EmbeddedFile", b"/Filespec", b"/JavaScript", b"/Launch", secret.encode()):
        if what in flat:
            yield f"in the PDF: {what.decode()}"
    for address in re.findall(rb"/URI\s*\((.*?)\)", flat):
        if not address.startswith((b"http://", b"https://")):
            yield f"a link in the PDF: {address[:40].decode('latin-1')}"


MOST_MORE = 20.0  # seconds that one poisoned item may add


FAILURES = (Exceeded, Crashed, *KNOWN)  # as at publishing


def _among_fifty() -> Iterator[Row]:
    """50 stories, one of which asks too much of the layout, makes it raise, or has a title of a megabyte."""
    usual = digest(MANAGERS, many(50))
    items = usual.sections[-1].items
    last = items[-1]
    # Long texts are cut before they come here; a story that 40,000 papers printed is not.
    endless = replace(last, also_in=tuple(Copy(f"Paper {n}", f"https://p{n}.example/") for n in range(40_000)))
    broken = replace(last, byline=Words("A line that breaks", "source"))
    plain, _, _ = _spent(usual)
    for name, poison in (("that can't be laid out", endless), ("whose layout raises", broken)):
        held = replace(usual, sections=(*usual.sections[:-1], replace(usual.sections[-1], items=(*items[:-1], poison))))
        whole, made, guilty = _spent(held)
        faults = []
        if guilty != (poison.story,):
            faults.append(f"set aside: {', '.join(guilty) or 'nothing'}")
        if len(made.items) != len(usual.items) or not any(poison.number in e.words.text for e in made.made):
            faults.append("the audit note does not tell")
        yield _judged(f"one item {name} among 50", made, whole - plain, faults)
    long = digest(MANAGERS, (poisoned("a" * 1_000_000), *many(49)))
    whole, made, guilty = _spent(long)
    yield _judged("one item with a title of 1 MB among 50", made, whole - plain, [f"set aside: {g}" for g in guilty])


def _spent(issue: Digest) -> tuple[float, Digest, tuple[str, ...]]:
    """Computing seconds, the digest that was printed, what was set aside. The worker counts once it has ended."""
    began = cpu_seconds()
    with Limited(cpu_seconds=10, memory_mb=2000, wall_seconds=900) as worker:

        def printed(one: Digest) -> bytes:
            page = html(one, medium="print")
            if "A line that breaks" in page:  # as a fault of WeasyPrint's would, which nobody can order
                raise IndexError("list index out of range")
            return worker.run(pdf_from_html, page)

        _, made, guilty = rescue(issue, printed, FAILURES)
    return cpu_seconds() - began, made, guilty


def _judged(name: str, made: Digest, more: float, faults: list[str]) -> Row:
    if more > MOST_MORE:
        faults.append(f"{more:.0f} s of computing more than usual")
    told = "; ".join(faults) or f"{len(made.items)} items printed, {max(more, 0):.0f} s of computing more than usual"
    return Row(name, 1, len(faults), told)


def rows(quick: bool) -> Iterable[Row]:
    secret = SECRET.format(secrets.token_hex(8))
    plain = {e: frozenset(t for t, _ in read(html(_issue("A plain line", e))).tags) for e in ("managers", "members")}
    mail = {
        e: frozenset(t for t, _ in read(letter(_issue("A plain line", e)).html).tags) for e in ("managers", "members")
    }
    more = frozenset(
        {"ul", "li", "blockquote", "time", "img", "table", "tr", "td", "th", "thead", "tbody", "nav", "ol"}
    )
    with tempfile.TemporaryDirectory() as folder, _listening() as (address, seen):
        path = Path(folder) / "secret.txt"
        path.write_text(secret)
        texts = [i.format(f=path.as_uri(), h=address) for i in INJECTIONS] + list(ODD)
        for edition in ("managers", "members"):
            found = [
                fault
                for text in texts
                for issue in [_issue(text, edition)]
                for fault in (
                    *_faults(html(issue), plain[edition] | more, secret),
                    *_faults(letter(issue).html, mail[edition] | more, secret),
                )
            ]
            yield Row(f"{edition}: HTML and letter", 2 * len(texts), len(found), "; ".join(found[:2]))
        chosen = texts[:: max(len(texts) // 3, 1)] if quick else texts
        found = [
            f for t in chosen for f in _pdf_faults(pdf_from_html(html(_issue(t, "managers"), medium="print")), secret)
        ]
        yield Row("PDF", len(chosen), len(found), "; ".join(found[:2]))
        if not quick:
            held = digest(MANAGERS, (poisoned("".join(texts[:20])), *many(49)))
            found = list(_pdf_faults(pdf_from_html(html(held, medium="print")), secret))
            yield Row("one poisoned item among 50", 1, len(found), f"{len(held.items)} items printed")
            yield from _among_fifty()
        yield Row("connections", len(texts) * 2 + len(chosen), len(seen), "counted by the server they would go to")
