"""HTML laid out by WeasyPrint: fonts handed over beside it, the stylesheet read once, a sheet of paper spared.

What WeasyPrint is given is the same document; it is only spared reading half a megabyte of fonts three times over (as
HTML, as CSS, as an address), and the stylesheet for each document anew. That pays for a second layout, where one is
wanted: an issue still costs at most 1.2 times what WeasyPrint takes for the same HTML (`./run bench publish`).
"""

from __future__ import annotations

import gc
import re
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import Any

VARIANT = "pdf/ua-1"
FRAME = '<html lang="en-GB" class="'  # as templates/digest.html begins; a designer's frame without it is left as it is
MOST_TIGHT = 6  # pages: what is longer has no last page to save, and laying it out twice would be dear
SCRAP = 0.35  # of a page's height: less than this on the last one is not worth a sheet of paper
RARELY = 200_000  # new objects between two collections, instead of 700: a layout makes half a million that stay

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_FACES = re.compile(r"(?:@font-face\{[^}]*\}\n)+")
_FONT = re.compile(r"url\(data:font/ttf;base64,([A-Za-z0-9+/=]+)\)")


class _Spared(Exception):
    """Not an error: the tighter layout, which takes the place of the one that is under way."""

    def __init__(self, document: Any) -> None:
        super().__init__()
        self.document = document


class _NoFewer(Exception):
    """Set tighter it has as many pages as before."""


def laid_out(html: str, *, spare_paper: bool = True) -> Any:
    """WeasyPrint's Document. Nothing is fetched: no address but data: is followed.

    Where a few lines alone run over on to the last page, the issue is laid out once more, a little tighter, and stays
    so if that saves the page; `spare_paper` False leaves it as it came. Not for two threads of a process at once.
    """
    # Imported here: a second of start-up that only rendering should pay.
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    document, faces, sheet, files = _apart(html)
    fetch = _fetcher(files)
    fonts = FontConfiguration()  # one for both layouts: the files are read once
    styles = [CSS(string=faces, url_fetcher=fetch, font_config=fonts)] if faces else []
    styles += [_prepared(sheet)] if sheet else []

    def lay(source: str) -> Any:
        parsed = HTML(string=source, url_fetcher=fetch)
        return parsed.render(font_config=fonts, pdf_variant=VARIANT, stylesheets=styles)

    def look(pages: Sequence[Any]) -> None:
        if not _ends_in_a_scrap(pages):
            return
        with suppress(_NoFewer), _after_first_pass(lambda tighter: _fewer(tighter, pages)):
            raise _Spared(lay(document.replace(FRAME, f"{FRAME}tight ", 1)))

    if not (spare_paper and _may_be_tighter(document)):
        return lay(document)
    try:
        with _after_first_pass(look):
            return lay(document)
    except _Spared as spared:
        return spared.document


def _apart(html: str) -> tuple[str, str, str, Mapping[str, bytes]]:
    """(the document without its stylesheet, its font faces, the rest of it, the fonts' files by their short address).

    The first <style> is the frame's own: what stands before it is escaped.
    """
    style = _STYLE.search(html)
    if style is None:
        return html, "", "", {}
    files: dict[str, bytes] = {}

    def short(found: re.Match[str]) -> str:
        address = f"font:{len(files)}"
        files[address] = b64decode(found[1])
        return f"url({address})"

    faces = _FACES.match(style[1])
    at = faces.end() if faces else 0
    return f"{html[: style.start()]}{html[style.end() :]}", _FONT.sub(short, style[1][:at]), style[1][at:], files


@lru_cache(maxsize=4)
def _prepared(sheet: str) -> Any:
    """The stylesheet as read. It belongs to no document: its fonts and addresses were taken out of it."""
    from weasyprint import CSS

    return CSS(string=sheet, url_fetcher=_fetcher({}))


def _fetcher(files: Mapping[str, bytes]) -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url in files:
                return URLFetcherResponse(url, files[url])
            return super().fetch(url, headers)

    return Fetcher(allowed_protocols={"data"}, allow_redirects=False)


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """A tenth of the time goes into looking for garbage among boxes that are all still wanted."""
    usual = gc.get_threshold()
    gc.set_threshold(RARELY, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def _after_first_pass(look: Callable[[Sequence[Any]], None]) -> Iterator[None]:
    """`look` is shown the pages as soon as their number is known, and may leave the layout by an exception.

    WeasyPrint then goes over the pages again, for their numbers, heads and feet: a third of a layout's time that is
    not spent on pages nobody will see. It has no hook there, so its function is wrapped for that one call; where a
    version has no function of that name, nobody looks, and the issue stays as it came.
    """
    from weasyprint import layout

    whole = getattr(layout, "make_all_pages", None)
    if whole is None:
        yield
        return

    def looked_at(*given: Any) -> Sequence[Any]:
        layout.make_all_pages = whole
        pages = list(whole(*given))
        look(pages)
        return pages

    layout.make_all_pages = looked_at
    try:
        yield
    finally:
        layout.make_all_pages = whole


def _may_be_tighter(html: str) -> bool:
    """Not large print: its white space is what it is for."""
    head = html.find(FRAME)
    return head >= 0 and " large" not in html[head : html.find(">", head)]


def _fewer(tighter: Sequence[Any], usual: Sequence[Any]) -> None:
    if len(tighter) >= len(usual):
        raise _NoFewer


def _ends_in_a_scrap(pages: Sequence[Any]) -> bool:
    if not 2 <= len(pages) <= MOST_TIGHT:
        return False
    try:
        body = pages[-1].children[0].children[0]
        return bool(body.element_tag == "body" and body.height < SCRAP * pages[-1].height)
    except (AttributeError, IndexError, TypeError):  # WeasyPrint's own names: another version may have others
        return False
