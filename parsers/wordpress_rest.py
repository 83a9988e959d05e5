"""WordPress REST answers: /wp-json/wp/v2/posts (one or a list) and /comments?post=ID, which theme scripts load."""

from __future__ import annotations

import re
from typing import Any

from cuttings.model import Article, Comment, Page, Reading, Unreadable, precision
from parsers import bylines, dates, kinds
from parsers.blocks import Block, blocks_of
from parsers.body import structure
from parsers.language import language
from parsers.recipe import as_comments, key
from parsers.remark import Remark
from parsers.soup import Document, http
from parsers.wording import from_html

_STATUS = frozenset({"approved", "approve", "1", "publish", ""})


def recognises(doc: Document) -> bool:
    return doc.is_json and (bool(posts(doc)) or bool(_comments(doc)) or _fault(doc) is not None)


def posts(doc: Document) -> list[dict[str, Any]]:
    return [i for i in _items(doc) if isinstance(i.get("content"), dict) and isinstance(i.get("title"), dict)]


def _comments(doc: Document) -> list[dict[str, Any]]:
    return [i for i in _items(doc) if "author_name" in i and isinstance(i.get("content"), dict)]


def _items(doc: Document) -> list[dict[str, Any]]:
    value = doc.json
    return [i for i in (value if isinstance(value, list) else [value]) if isinstance(i, dict)]


def _fault(doc: Document) -> str | None:
    value = doc.json
    if isinstance(value, dict) and isinstance(value.get("code"), str) and isinstance(value.get("message"), str):
        return from_html(value["message"])
    return None


def read_json(doc: Document, *, source: str | None = None, article: Article | None = None) -> Reading:
    """Posts become articles; comments belong to `article`, or else come without one."""
    if fault := _fault(doc):
        raise Unreadable(doc.url, "page", f"the site's REST interface answered: {fault}")
    articles = tuple(a for p in posts(doc) if (a := _article(p, doc, source)) is not None)
    if not articles and not _comments(doc):
        raise Unreadable(doc.url, "paragraphs", "the REST answer holds no text")
    owner = article or (articles[0] if articles else Article(key=key(doc.url, None, ()), url=doc.url, source=source))
    return Reading(articles, read_comments(doc, owner))


def read_comments(doc: Document, article: Article) -> tuple[Comment, ...]:
    """REST gives the newest first; a thread reads from the oldest, replies below their parent."""
    found = [
        c for c in _comments(doc) if str(c.get("status", "")) in _STATUS and c.get("type", "comment") in {"comment", ""}
    ]
    found.sort(key=lambda c: (str(c.get("date_gmt") or c.get("date") or ""), c.get("id") or 0))
    children: dict[Any, list[dict[str, Any]]] = {}
    known = {c.get("id") for c in found}
    for c in found:
        children.setdefault(c.get("parent") if c.get("parent") in known else 0, []).append(c)
    remarks: list[Remark] = []
    waiting: list[tuple[dict[str, Any], int | None]] = [(c, None) for c in reversed(children.get(0, []))]
    while waiting:
        comment, parent = waiting.pop()
        blocks = fragment_blocks(_rendered(comment.get("content")))
        text = "\n\n".join(b.text for b in blocks)
        if not text:
            continue
        remarks.append(
            Remark(
                author=from_html(str(comment.get("author_name") or "")) or None,
                author_url=http(comment.get("author_url"), None),
                posted=_moment(comment, "date"),
                text=text,
                parent=parent,
                links=tuple(dict.fromkeys(u for b in blocks for _, h in b.links if (u := http(h, doc.url)))),
                id=str(comment.get("id") or "") or None,
            )
        )
        waiting += [(c, len(remarks) - 1) for c in reversed(children.get(comment.get("id"), []))]
    return as_comments(article, remarks)


def fragment_blocks(html: str) -> list[Block]:
    page = Document(Page(None, f"<html><body>{html}</body></html>".encode("utf-8", "replace")))
    return blocks_of(page.root)[0] if page.root is not None else []


def _rendered(value: object) -> str:
    text = value.get("rendered") if isinstance(value, dict) else value
    return text if isinstance(text, str) else ""


def _moment(item: dict[str, Any], name: str) -> str | None:
    """`date` is the site's clock without a zone; date_gmt beside it gives the zone away when both are there."""
    local, gmt = dates.read_date(str(item.get(name) or "")), dates.read_date(str(item.get(f"{name}_gmt") or ""))
    if local and gmt and "T" in local and "T" in gmt:
        from datetime import datetime

        minutes = round((datetime.fromisoformat(local[:19]) - datetime.fromisoformat(gmt[:19])).total_seconds() / 60)
        if abs(minutes) <= 14 * 60:
            sign = "+" if minutes >= 0 else "-"
            return f"{local[:19]}{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    return local or gmt


def _article(post: dict[str, Any], doc: Document, source: str | None) -> Article | None:
    blocks = fragment_blocks(_rendered(post.get("content")))
    if not blocks:
        return None
    title = from_html(_rendered(post.get("title"))) or None
    url = http(post.get("link"), None) or doc.url
    excerpt = from_html(_rendered(post.get("excerpt")))
    embedded = post.get("_embedded") if isinstance(post.get("_embedded"), dict) else {}
    names = [a.get("name") for a in (embedded or {}).get("author", ()) if isinstance(a, dict)]
    authors = bylines.people([from_html(n) for n in names if isinstance(n, str)])
    body = structure(blocks, None, title=title, authors=authors)
    published = _moment(post, "date")
    text = "\n\n".join(body.paragraphs)
    standfirst = body.standfirst
    if (
        not standfirst
        and excerpt
        and not re.search(r"(?:…|\.\.\.|\[…\]|\[&hellip;\])\W*$", excerpt)
        and excerpt[:60] not in text
    ):
        standfirst = excerpt  # written by hand: WordPress' own excerpts are the opening words, cut
    kind, evidence = kinds.kind(None, url, title, standfirst, None, body.bio, text)
    return Article(
        key=key(url, title, body.paragraphs),
        url=url,
        source=source,
        title=title,
        standfirst=standfirst,
        authors=body.authors,
        author_bio=body.bio,
        kind=kind,
        kind_evidence=evidence,
        language=language(None, text),
        published=published,
        precision=precision(published),
        modified=_moment(post, "modified"),
        paragraphs=tuple(body.paragraphs),
        subheads=tuple(body.subheads),
        pull_quotes=tuple(body.pull_quotes),
        references=tuple(body.references),
        related_links=tuple(body.related),
        version_note=body.version_note,
        repairs=tuple(body.repairs),
    )
