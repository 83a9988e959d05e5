"""How well the reader does on real annotated pages, beside trafilatura in the same run.

    python -m tests.parsers.measure [PART_OF_A_PAGE_ID …] [--quick]

Needs ../shared/pages beside the checkout; the pages are their publishers' work and are no part of the project.
`--quick` leaves trafilatura out. With page ids it prints every page's figures.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import parsers
from cuttings.model import Page, Reading, Unreadable, plain
from parsers.dates import read_date

PAGES = Path(__file__).resolve().parents[2] / "../shared/pages"


@dataclass
class Score:
    """One page under one reader. None = not annotated."""

    id: str
    why: str
    body: float | None = None
    contained: tuple[int, int] = (0, 0)  # found, wanted
    kept_out: tuple[int, int] = (0, 0)
    title: bool | None = None
    author: bool | None = None
    date: bool | None = None
    records: tuple[int, int, int] = (0, 0, 0)  # right, read, annotated
    false_comments: int = 0
    segments: tuple[int, int] = (0, 0)  # comment segments found in comments
    seconds: float = 0.0
    readable: bool = True
    notes: list[str] = field(default_factory=list)


def words(text: str | None) -> list[str]:
    return re.findall(r"\w+", plain(text or ""))


def flat(text: str | None) -> str:
    return " ".join(words(text))


def word_f1(ours: str, theirs: str) -> float:
    a, b = Counter(words(ours)), Counter(words(theirs))
    same = sum((a & b).values())
    return 2 * same / (sum(a.values()) + sum(b.values())) if same else 0.0


def corpus() -> list[dict]:
    names = ("title", "author", "date", "body", "must_contain", "must_not_contain", "comments_contain", "comments")
    return [dict.fromkeys(names) | row for row in json.loads((PAGES / "expected.json").read_text("utf-8"))]


def whole_text(reading: Reading) -> str:
    """The article as printed: standfirst, subheads in their places, paragraphs, pull quotes, references, note."""
    a = reading.articles[0]
    lines = [a.standfirst or ""]
    for n, paragraph in enumerate(a.paragraphs):
        lines += [s.text for s in a.subheads if s.before == n]
        lines.append(paragraph)
    return "\n".join((*lines, *a.pull_quotes, *a.references, a.version_note or ""))


def score_ours(row: dict) -> Score:
    score = Score(row["id"], row["why"])
    body = (PAGES / f"{row['id']}.html").read_bytes()
    start = time.process_time()
    try:
        reading = parsers.read([Page(row["url"], body)])
    except Unreadable as error:
        score.readable = False
        score.notes.append(f"unreadable: {error.field}: {error.detail}")
        reading = None
    score.seconds = time.process_time() - start
    article = reading.articles[0] if reading else None
    compare(
        score,
        row,
        whole_text(reading) if reading else "",
        article.title if article else None,
        list(article.authors) if article else [],
        article.published if article else None,
    )
    comments = reading.comments if reading else ()
    if row["comments"] is not None:
        score.records = records(score, comments, row["comments"])
    said = flat(" ".join(c.text for c in comments))
    wanted = [s for s in (row["comments_contain"] or []) if flat(s)]
    score.segments = (sum(flat(s) in said for s in wanted), len(wanted))
    if row["why"].startswith("article:") and not re.search(rb"id=.?(?:li-|div-)?comment-\d", body):
        score.false_comments = len(comments)
    return score


def records(score: Score, ours, theirs) -> tuple[int, int, int]:
    pool = Counter((flat(c.text), flat(c.author), (c.posted or "")[:10]) for c in ours)
    right = 0
    for c in theirs:
        wanted = (flat(c["text"]), flat(c["author"]), (read_date(c["date"]) or "")[:10])
        if pool[wanted]:
            pool[wanted] -= 1
            right += 1
        else:
            score.notes.append(f"comment missed: {c['author']!r} {c['date']!r} {c['text'][:70]!r}")
    score.notes += [f"comment wrong: {k[1]!r} {k[2]!r} {k[0][:70]!r}" for k, n in pool.items() for _ in range(n)]
    return right, len(ours), len(theirs)


def score_trafilatura(row: dict) -> Score:
    import trafilatura

    score = Score(row["id"], row["why"])
    body = (PAGES / f"{row['id']}.html").read_bytes()
    start = time.process_time()
    found = trafilatura.bare_extraction(body, url=row["url"], include_comments=True, with_metadata=True)
    score.seconds = time.process_time() - start
    if found is None:
        score.readable = False
        compare(score, row, "", None, [], None)
    else:
        authors = [a.strip() for a in (found.author or "").split(";") if a.strip()]
        compare(score, row, found.text or "", found.title, authors, found.date)
    return score


def compare(score: Score, row: dict, text: str, title: str | None, authors: list[str], date: str | None) -> None:
    said = flat(text)
    if row["body"]:
        score.body = word_f1(text, row["body"])
    wanted, unwanted = row["must_contain"] or [], row["must_not_contain"] or []
    score.contained = (sum(flat(s) in said for s in wanted), len(wanted))
    score.kept_out = (sum(flat(s) not in said for s in unwanted), len(unwanted))
    score.notes += [f"not in the body: {s!r}" for s in wanted if flat(s) not in said]
    score.notes += [f"should not be in the body: {s!r}" for s in unwanted if flat(s) in said]
    if row["title"]:
        score.title = flat(title) == flat(row["title"])
        if not score.title:
            score.notes.append(f"title {title!r}, not {row['title']!r}")
    if row["author"]:
        score.author = flat(" ".join(authors)) == flat(row["author"]) or sorted(flat(a) for a in authors) == sorted(
            flat(a) for a in re.split(r",\s|;", row["author"])
        )
        if not score.author:
            score.notes.append(f"author {authors!r}, not {row['author']!r}")
    if row["date"]:
        score.date = (date or "")[:10] == row["date"][:10]
        if not score.date:
            score.notes.append(f"date {date!r}, not {row['date']!r}")


def share(pairs) -> str:
    found, wanted = sum(p[0] for p in pairs), sum(p[1] for p in pairs)
    return f"{found}/{wanted} = {found / wanted:.3f}" if wanted else "-"


def rate(values) -> str:
    known = [v for v in values if v is not None]
    return f"{sum(known)}/{len(known)} = {sum(known) / len(known):.3f}" if known else "-"


def record_f1(scores) -> float:
    right = sum(s.records[0] for s in scores)
    both = sum(s.records[1] + s.records[2] for s in scores)
    return 2 * right / both if both else 0.0


def summary(scores: list[Score]) -> dict[str, str]:
    bodies = [s.body for s in scores if s.body is not None]
    annotated = [s for s in scores if s.records[2]]
    return {
        "pages read": f"{sum(s.readable for s in scores)}/{len(scores)}",
        "body word F1": f"{sum(bodies) / len(bodies):.4f} ({len(bodies)})" if bodies else "-",
        "must contain": share([s.contained for s in scores]),
        "must not contain": share([s.kept_out for s in scores]),
        "title": rate([s.title for s in scores]),
        "author": rate([s.author for s in scores]),
        "date": rate([s.date for s in scores]),
        "comment records F1": f"{record_f1(annotated):.3f}" if annotated else "-",
        "comment segments (unusual)": share([s.segments for s in scores if "unusual" in s.why]),
        "false comments": str(sum(s.false_comments for s in scores)),
        "CPU seconds": f"{sum(s.seconds for s in scores):.2f}",
    }


def main(arguments: list[str]) -> None:
    wanted = [a for a in arguments if not a.startswith("-")]
    rows = [r for r in corpus() if not wanted or any(w in r["id"] for w in wanted)]
    ours = [score_ours(r) for r in rows]
    theirs = [] if "--quick" in arguments else [score_trafilatura(r) for r in rows]
    if wanted or "--notes" in arguments:
        for s in ours:
            body = "" if s.body is None else f"body {s.body:.3f} "
            print(f"{s.id}: {body}records {s.records} segments {s.segments} {s.seconds * 1000:.0f} ms")
            for note in s.notes:
                print("    " + note)
    print(f"{'':28}{'Cuttings':>24}{'trafilatura':>24}")
    other = summary(theirs) if theirs else {}
    for name, value in summary(ours).items():
        print(f"{name:28}{value:>24}{other.get(name, ''):>24}")


if __name__ == "__main__":
    main(sys.argv[1:])
