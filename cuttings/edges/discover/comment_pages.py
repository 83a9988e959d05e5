"""Where the readers' comments of an article go on: further pages of them, or WordPress' REST interface. Pure.

A link counts only where it leads to the same article: "/a/comment-page-2/", "/a?cpage=2", and inside the part of the
page that is about comments "/a?page=1". So no list of articles, and no second page of the article itself, is taken for
more comments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree, html

from cuttings.addresses import absolute, origin
from cuttings.edges.discover.markup import hopeless

MOST_BYTES = 4_000_000
MOST_LINKS = 20_000
HIGHEST = 200  # a thread of more pages than this is a counter gone wild

_IN_PATH = re.compile(r"/comment-page-(?P<n>\d{1,4})/?$")
_IN_QUERY = ("cpage", "commentpage", "comment_page", "comment-page", "comments-page", "comments_page")
_PLAIN = ("page",)  # a page of anything, unless it stands among the comments
_COMMENTS = re.compile(r"comment|replies|responses|discussion", re.IGNORECASE)
_COUNT = re.compile(
    r"^\W*(\d{1,5})\s+(?:\w+\s+)?(?:comments?|responses?|replies|thoughts?|reactions?)\b", re.IGNORECASE
)
_COMMENT_ID = re.compile(r"^(?:li-|div-|article-)?comment[-_](\d{1,12})$|^comment(\d{1,12})$", re.IGNORECASE)
_POST_CLASS = re.compile(r"^(?:postid|page-id)-(\d{1,12})$")


@dataclass(frozen=True, slots=True)
class Marks:
    """What an article's page says of its thread. `pages`: addresses of further comment pages, by their number;
    `own`: the number of this one, where it can be told.

    `announced`: how many comments the page says there are; `shown`: how many it holds. `rest` and `post`: root of
    the site's WordPress interface and the article's number there.
    """

    pages: tuple[str, ...] = ()
    own: int | None = None
    announced: int | None = None
    shown: int = 0
    rest: str | None = None
    post: int | None = None

    @property
    def by_script(self) -> bool:
        """Are comments counted that the page does not hold, and is there somebody to ask for them?"""
        lacking = self.announced is not None and self.announced > self.shown and not self.pages
        return lacking and self.rest is not None and self.post is not None


def read_marks(body: bytes, media_type: str, url: str) -> Marks:
    """What the page at `url` (where it was read from) says of its thread; empty for what is no page of markup."""
    if "html" not in media_type.lower() or b"omment" not in body or hopeless(body[:MOST_BYTES]):
        return Marks()
    parser = html.HTMLParser(recover=True, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(body[:MOST_BYTES], parser=parser)
        base = absolute(root.base_url or url, url)
    except (etree.LxmlError, ValueError):
        return Marks()
    rest = next(_rest_roots(root, base), None)
    further, own = _pages(root, base, url)
    return Marks(
        pages=further,
        own=own,
        announced=_announced(root, base, url),
        shown=len({m[1] or m[2] for e in root.iter() if (m := _COMMENT_ID.match(str(e.get("id") or "")))}),
        rest=rest if rest and origin(rest) == origin(url) else None,
        post=_post(root),
    )


# ---------------------------------------------------------------- further pages


def number(url: str) -> int | None:
    """Which page of the comments an address is, where it says so."""
    parts = urlsplit(url)
    if match := _IN_PATH.search(parts.path):
        return int(match["n"])
    for name, value in parse_qsl(parts.query):
        if name.lower() in (*_IN_QUERY, *_PLAIN) and value.isdigit() and len(value) < 5:
            return int(value)
    return None


def reading_order(urls: Sequence[str]) -> tuple[int, ...]:
    """Positions of `urls` (the article's own page, then its further comment pages) in the order of the thread.

    The own page has the number that the others lack: sites that show the newest page first have it at the end.
    """
    others = {n: at for at, url in enumerate(urls) if at and (n := number(url)) is not None}
    counted_from_nothing = any(_counts_from_nothing(url) for url in urls[1:])
    own = 0 if counted_from_nothing else next(n for n in range(1, len(urls) + HIGHEST + 2) if n not in others)
    places = {0: own} | {at: n for n, at in others.items()}
    return tuple(sorted(range(len(urls)), key=lambda at: (places.get(at, HIGHEST + at), at)))


def _counts_from_nothing(url: str) -> bool:
    """Drupal's '?page=1' is the second page."""
    return any(name.lower() in _PLAIN for name, _ in parse_qsl(urlsplit(url).query))


def _pages(root: Any, base: str, url: str) -> tuple[tuple[str, ...], int | None]:
    """The addresses of the other pages of the thread, and the number of this one."""
    found: dict[int, str] = {}
    own = number(url)
    for link in _links(root):
        try:
            address = absolute(str(link.get("href")), base)
        except ValueError:
            continue
        if origin(address) != origin(url) or (n := _page_of(address, url, link)) is None:
            continue
        if n != own and 0 < n <= HIGHEST:
            found.setdefault(n, address)
    if not found:
        return (), own
    # "1 … 7 8": those between are named by nobody, but one address tells how the others are written.
    pattern, highest = next(iter(found.values())), max(found)
    if own is None:
        own = 0 if _counts_from_nothing(pattern) else _own_number(root, set(found))
    missing = {n: _renumbered(pattern, n) for n in range(1, highest) if n not in found and n != own}
    return tuple(address for _, address in sorted((found | missing).items())), own


def _links(root: Any) -> Iterator[Any]:
    for count, link in enumerate(root.iter("a", "link")):
        if count > MOST_LINKS:
            return
        if link.get("href"):
            yield link


def _page_of(address: str, url: str, link: Any) -> int | None:
    """The number of a page of this article's comments; None for any other address."""
    there, here = urlsplit(address), urlsplit(url)
    base = _IN_PATH.sub("", here.path).rstrip("/")
    if (match := _IN_PATH.search(there.path)) and _IN_PATH.sub("", there.path).rstrip("/") == base:
        return int(match["n"])
    if there.path.rstrip("/") != base:
        return None
    mine, theirs = dict(parse_qsl(here.query)), dict(parse_qsl(there.query))
    if "replytocom" in theirs:
        return None
    extra = [name for name in theirs if theirs[name] != mine.get(name)]
    if len(extra) != 1 or not theirs[extra[0]].isdigit() or len(theirs[extra[0]]) > 4:
        return None
    name = extra[0].lower()
    if name in _IN_QUERY or (name == "page" and _among_comments(link)):
        return int(theirs[extra[0]])
    return None


def _among_comments(link: Any) -> bool:
    return any(_COMMENTS.search(f"{e.get('id') or ''} {e.get('class') or ''}") for e in link.iterancestors())


def _own_number(root: Any, others: set[int]) -> int | None:
    """The page's own number, where it counts from 1 and does not bear it in its address."""
    for current in root.iter("span", "a", "li"):
        marked = "current" in str(current.get("class") or "").split() or current.get("aria-current") == "page"
        text = "".join(current.itertext()).strip() if marked and _among_comments(current) else ""
        if text.isdigit() and int(text) not in others:
            return int(text)
    if others and 1 not in others:
        older = any(
            "prev" in str(a.get("rel") or a.get("class") or "").lower() or "older" in "".join(a.itertext()).lower()
            for a in _links(root)
            if a.tag == "a" and (_IN_PATH.search(urlsplit(str(a.get("href"))).path) or "cpage=" in str(a.get("href")))
        )
        return max(others) + 1 if older else 1
    return None


def _renumbered(address: str, n: int) -> str:
    parts = urlsplit(address)
    if _IN_PATH.search(parts.path):
        path = re.sub(r"/comment-page-\d+", f"/comment-page-{n}", parts.path)
        return urlunsplit(parts._replace(path=path))
    pairs = [
        (name, str(n) if name.lower() in (*_IN_QUERY, *_PLAIN) and value.isdigit() else value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
    ]
    return urlunsplit(parts._replace(query=urlencode(pairs)))


# ---------------------------------------------------------------- what is counted and not shown


def _announced(root: Any, base: str, url: str) -> int | None:
    """How many comments the page says its article has; the highest where it says so twice."""
    counts = [*_linked_data_counts(root), *_linked_counts(root, base, url), *_headed_counts(root)]
    return max(counts, default=None)


def _linked_data_counts(root: Any) -> Iterator[int]:
    for script in root.iter("script"):
        if script.get("type") != "application/ld+json":
            continue
        for match in re.finditer(r'"commentCount"\s*:\s*"?(\d{1,5})\b', script.text or ""):
            yield int(match[1])
    for element in root.iter("meta", "span", "data"):
        value = element.get("content") or element.text or ""
        if element.get("itemprop") == "commentCount" and value.strip().isdigit():
            yield int(value)


def _linked_counts(root: Any, base: str, url: str) -> Iterator[int]:
    """ "7 Comments", as a link to the comments of this very page: teasers count those of other articles."""
    for link in _links(root):
        address, _, fragment = str(link.get("href")).partition("#")
        if link.tag != "a" or not _COMMENTS.match(fragment) or not _same_place(address, base, url):
            continue
        words = " ".join("".join(link.itertext()).split())
        match = _COUNT.match(words) or re.fullmatch(r"\W*(\d{1,5})\W*", words)
        if match:
            yield int(match[1])


def _same_place(address: str, base: str, url: str) -> bool:
    if not address:
        return True
    try:
        return urlsplit(absolute(address, base))[1:4] == urlsplit(url)[1:4]
    except ValueError:
        return False


def _headed_counts(root: Any) -> Iterator[int]:
    """ "12 thoughts on ‘…’" above the thread."""
    for heading in root.iter("h2", "h3", "h4"):
        match = _COUNT.match(" ".join("".join(heading.itertext()).split())[:200])
        marks = f"{heading.get('id') or ''} {heading.get('class') or ''}"
        if match and (_COMMENTS.search(marks) or _among_comments(heading)):
            yield int(match[1])


# ---------------------------------------------------------------- WordPress


def _rest_roots(root: Any, base: str) -> Iterator[str]:
    for link in root.iter("link"):
        if "https://api.w.org/" in str(link.get("rel") or ""):
            try:
                yield absolute(str(link.get("href") or ""), base)
            except ValueError:
                continue


def _post(root: Any) -> int | None:
    for link in root.iter("link"):
        href, rel = str(link.get("href") or ""), str(link.get("rel") or "")
        found = re.search(r"[?&]p=(\d{1,12})$", href) if rel == "shortlink" else None
        found = found or (re.search(r"/wp/v2/(?:posts|pages)/(\d{1,12})/?$", href) if rel == "alternate" else None)
        if found:
            return int(found[1])
    for body in root.iter("body"):
        for token in str(body.get("class") or "").split():
            if match := _POST_CLASS.match(token):
                return int(match[1])
    for field in root.iter("input"):
        value = str(field.get("value") or "")
        if field.get("name") == "comment_post_ID" and value.isdigit() and len(value) <= 12:
            return int(value)
    return None


def joined_answers(bodies: Sequence[bytes]) -> bytes:
    """Several pages of a REST list as one list, so that replies meet what they answer. ValueError for what is none."""
    rows: list[object] = []
    for body in bodies:
        try:
            data = json.loads(body)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
        if not isinstance(data, list):
            raise ValueError("no list")
        rows += data
    return json.dumps(rows).encode()
