"""Labelled comments as threads: ours in tests/data/comments, the shared ones in ../shared/spam where it exists.

A row: {"page", "article_title", "article_date", "article_text"?, "article_authors"?, "n", "author", "author_url"?,
"author_has_url"?, "posted", "text", "links"?, "parent"?, "label", "subtype", "duplicate_of"?}; rows of one page make
a thread.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cuttings.model import Article, Comment, comment_key, fingerprint

OURS = Path(__file__).resolve().parents[1] / "data" / "comments"
HELD_OUT = OURS / "held-out"
SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "spam"


@dataclass(frozen=True)
class LabelledThread:
    page: str
    article: Article
    comments: tuple[Comment, ...]
    labels: tuple[str, ...]
    subtypes: tuple[str, ...]
    duplicates: tuple[int | None, ...]


def threads(folder: Path) -> list[LabelledThread]:
    pages: dict[str, list[dict]] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                row = json.loads(line)
                pages.setdefault(f"{path.stem}:{row['page']}", []).append(row)
    return [_thread(page, rows) for page, rows in pages.items()]


def _thread(page: str, rows: Sequence[dict]) -> LabelledThread:
    rows = sorted(rows, key=lambda r: r["n"])
    first = rows[0]
    text = first.get("article_text") or ""
    article = Article(
        fingerprint(page),
        None,
        title=first.get("article_title"),
        published=first.get("article_date"),
        authors=tuple(first.get("article_authors") or ()),
        paragraphs=tuple(p for p in text.split("\n\n") if p),
    )
    comments, seen = [], {}
    for row in rows:
        same = (row.get("posted"), row["text"])
        seen[same] = seen.get(same, -1) + 1
        # The shared rows only say that the name was a link, not where to.
        url = row.get("author_url") or ("https://somewhere.example/" if row.get("author_has_url") else None)
        comments.append(
            Comment(
                comment_key(article.key, row.get("posted"), row["text"], seen[same]),
                article.key,
                row["n"],
                row.get("author"),
                url,
                bool(row.get("by_article_author")),
                row.get("posted"),
                row["text"],
                row.get("parent"),
                tuple(row.get("links") or ()),
            )
        )
    return LabelledThread(
        page,
        article,
        tuple(comments),
        tuple(r["label"] for r in rows),
        tuple(r.get("subtype") or "" for r in rows),
        tuple(r.get("duplicate_of") for r in rows),
    )
