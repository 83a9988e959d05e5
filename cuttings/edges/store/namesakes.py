"""Where else a name has written: one shop's name below forty articles says what no single comment does."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from cuttings.edges.store.connect import Store, chunks
from cuttings.edges.store.suppressed import pseudonym

# Comments of a name that are looked at, its newest: 'Anonymous' stands above a tenth of all comments there are, and
# each document that holds it would have them all read.
MOST = 400
# Where they are not all, they must at least stand below so many articles to say anything: the newest 400 of 'Anonymous'
# may be one long thread with one advertisement in it, which would make every reader of that name look like a seller.
FEWEST = MOST // 4
_PLACES = (16, 64)  # names asked for in one statement, of two lengths so that it is made ready once


def namesakes(store: Store, names: Iterable[str], *, but: str) -> dict[str, tuple[int, int]]:
    """By name: (other articles it wrote below, those of them where it was judged spam). `but` is this article's key.

    Names are compared by their keyed hash, so this holds after a name has expired; without a key nothing is known. Of a
    name with MOST comments or more elsewhere, the newest are counted, or none where they stand below few articles.
    """
    if store.hash_key is None:
        return {}
    by_hash = {pseudonym(name, store.hash_key): name for name in names if name}
    mark = "%s" if store.engine.dialect.name == "postgresql" else "?"
    found: dict[str, tuple[int, int]] = {}
    with store.reading() as connection:
        for part in chunks(by_hash, _PLACES[-1]):
            places = next(n for n in _PLACES if n >= len(part))
            asked = [value for hashed in (*part, *[""] * (places - len(part))) for value in (hashed, but)]
            for hashed, articles, spam in connection.exec_driver_sql(
                _counted(places, mark, MOST, FEWEST), tuple(asked)
            ):
                found[by_hash[hashed]] = (articles, spam)
    return found


@cache
def _counted(places: int, mark: str, most: int, fewest: int) -> str:
    """Each name has its own limit: one that is in half the archive must not crowd out the rest."""
    newest = (
        f"SELECT author_hash, article, outcome FROM (SELECT author_hash, article, outcome FROM comments "
        f"WHERE author_hash = {mark} AND article <> {mark} ORDER BY id DESC LIMIT {most}) AS s%d"
    )
    together = " UNION ALL ".join(newest.replace("%d", str(n)) for n in range(places))
    spam = "CASE WHEN outcome = 'spam' THEN article END"
    return (
        f"SELECT author_hash, count(DISTINCT article), count(DISTINCT {spam}) FROM ({together}) AS newest "
        f"GROUP BY author_hash HAVING count(*) < {most} OR count(DISTINCT article) >= {fewest}"
    )
