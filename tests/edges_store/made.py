"""Values for these tests, in the style of the real ones and written by us."""

from __future__ import annotations

import hashlib
import multiprocessing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from cuttings.edges.store import articles
from cuttings.edges.store.addresses import PageOutcome
from cuttings.edges.store.articles import Judged
from cuttings.edges.store.tables import outbox
from cuttings.model import (
    Article,
    Aside,
    Comment,
    Evidence,
    Label,
    Labels,
    Membership,
    Reading,
    Reason,
    Repair,
    Subhead,
    Verdict,
    comment_key,
    fingerprint,
    plain,
)

FORK = multiprocessing.get_context("fork")  # real processes without the seconds that a new Python takes
NOW = datetime(2026, 4, 6, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

GENUINE = Verdict("genuine", True, 0.1, (), rules_version="v1")
SPAM = Verdict("spam", False, 7.5, (Reason("trade", 3.0, "the name is a trade, not a person"),), rules_version="v1")
REVIEW = Verdict("review", False, 3.5, (Reason("link", 3.0, "one link"),), rules_version="v1")
DUPLICATE = Verdict("duplicate", False, 0.0, (), duplicate_of="0123456789abcdef", rules_version="v1")


@dataclass(frozen=True)
class Sign:
    exact: str
    bands: tuple[int, ...]


def sign(text, *bands):
    """A stand-in for duplicates.signature: the exact hash of the text, and whatever bands a test wants."""
    digest = hashlib.sha256(plain(text).encode("utf-8", "replace")).digest()
    return Sign(digest.hex()[:32], bands or (int.from_bytes(digest[:4], "big", signed=True),))


def article(name="night-care", *, published="2026-04-02", source="weekly", **changes):
    url = f"https://news.example/{name}"
    made = Article(
        key=fingerprint(url),
        url=url,
        source=source,
        title=f"What {name} taught us",
        standfirst="A day with the team.",
        authors=("Mara Ellwood",),
        kind="news",
        language="en",
        published=published,
        precision="day" if published else None,
        paragraphs=(f"The {name} team starts at six.", "By nine, everybody has had a visit – and tea."),
        subheads=(Subhead("By nine", 1),),
        repairs=(Repair("drop capital", "paragraph 1", "sure"),),
    )
    return replace(made, **changes)


def comment(
    to, n=1, text="We tried this in our town and it worked.", *, author="Jo Brack", posted="2026-04-03", **more
):
    return Comment(
        key=comment_key(to.key, posted, text),
        article=to.key,
        n=n,
        author=author,
        author_url=None,
        by_article_author=False,
        posted=posted,
        text=text,
        **more,
    )


def labels(*themes):
    given = tuple(Label(t, 1.0 - i / 10, (Evidence("team", "text", 4, 8),)) for i, t in enumerate(themes))
    return Labels(themes[0] if themes else None, given)


def page(of, *, body=b"<html>one</html>", **changes):
    outcome = PageOutcome(
        url=of.url,
        outcome="read",
        source=of.source,
        articles=(of.key,),
        status=200,
        media_type="text/html",
        sha256=hashlib.sha256(body).hexdigest(),
        size=len(body),
        etag='"1"',
    )
    return replace(outcome, **changes)


def judged(of, comments=(), verdicts=None, themes=("home-care",), story=None, **changes):
    made = Judged(
        reading=Reading((of,), tuple(comments), (Aside("Related stories", "a list of links"),)),
        verdicts={c.key: (verdicts or {}).get(c.key, GENUINE) for c in comments},
        labels={of.key: labels(*themes)},
        memberships=(Membership(of.key, story, 0.9, "the same text"),) if story else (),
        signatures={of.key: sign(of.text), **{c.key: sign(c.text) for c in comments}},
    )
    return replace(made, **changes)


def save(store, of, comments=(), *, now=NOW, pages=None, **more):
    return articles.save(store, judged(of, comments, **more), now=now, pages=[page(of)] if pages is None else pages)


def next_try(store):
    """When the next message that waits in the outbox may be tried; None where none waits."""
    with store.reading() as connection:
        return connection.execute(select(func.min(outbox.c.next_try)).where(outbox.c.state == "new")).scalar()
