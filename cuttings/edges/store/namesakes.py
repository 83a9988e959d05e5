"""Where else a name has written: one shop's name below forty articles says what no single comment does."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select

from cuttings.edges.store.connect import Store, chunks
from cuttings.edges.store.suppressed import pseudonym
from cuttings.edges.store.tables import comments


def namesakes(store: Store, names: Iterable[str], *, but: str) -> dict[str, tuple[int, int]]:
    """By name: (other articles it wrote below, those of them where it was judged spam). `but` is this article's key.

    Names are compared by their keyed hash, so this holds after a name has expired; without a key nothing is known.
    """
    if store.hash_key is None:
        return {}
    by_hash = {pseudonym(name, store.hash_key): name for name in names if name}
    found: dict[str, tuple[int, int]] = {}
    with store.reading() as connection:
        for part in chunks(by_hash):
            query = (
                select(
                    comments.c.author_hash,
                    func.count(comments.c.article.distinct()),
                    func.count(comments.c.article.distinct()).filter(comments.c.outcome == "spam"),
                )
                .where(comments.c.author_hash.in_(part), comments.c.article != but)
                .group_by(comments.c.author_hash)
            )
            for hashed, articles, spam in connection.execute(query):
                found[by_hash[hashed]] = (articles, spam)
    return found
