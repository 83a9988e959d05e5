"""Articles and comments for the tests of this room, made with few words."""

from __future__ import annotations

from datetime import datetime, timedelta

from cuttings.model import Article, Comment, comment_key
from cuttings.spam.sight import NOTHING_KNOWN, Known, Sight, Thread

DAY = datetime(2014, 3, 10, 9, 0)
ARTICLE = Article(
    "art",
    "https://paper.example/visits",
    title="Fifteen-minute visits are not care",
    authors=("Ros Tyldesley",),
    published="2014-03-10",
    paragraphs=(
        "Councils still commission home care visits of fifteen minutes, a survey of 140 authorities shows.",
        "Home care workers say that they cannot wash, dress and feed somebody in the time they are given.",
    ),
)


def comment(text, author="Bernadette Ashworth", days=1.0, n=1, **more):
    posted = more.pop("posted", None) or (DAY + timedelta(days=days)).isoformat()
    return Comment(
        more.pop("key", None) or comment_key("art", posted, text, n),
        "art",
        n,
        author,
        more.pop("author_url", None),
        more.pop("by_article_author", False),
        posted,
        text,
        more.pop("parent", None),
        tuple(more.pop("links", ())),
    )


def thread(*comments, article=ARTICLE, known: Known = NOTHING_KNOWN):
    numbered = [
        Comment(c.key, c.article, i, c.author, c.author_url, c.by_article_author, c.posted, c.text, c.parent, c.links)
        for i, c in enumerate(comments, 1)
    ]
    return Thread(article, numbered, known)


def sight(text, author="Bernadette Ashworth", days=1.0, before=(), article=ARTICLE, known=NOTHING_KNOWN, **more):
    """The last comment of a thread, as the rules see it; `before` are comments that stand above it."""
    whole = thread(*before, comment(text, author, days, len(before) + 1, **more), article=article, known=known)
    return Sight(whole, len(before))
