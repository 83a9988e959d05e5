"""Who wrote which article: what tells a publisher's author from a reader when somebody asks to be forgotten."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from cuttings.edges.store.connect import Store, add_new
from cuttings.edges.store.suppressed import folded_name
from cuttings.edges.store.tables import bylines
from cuttings.edges.store.values import storable

LONGEST = 200  # characters of a folded name: what the table takes


def sign(connection: Connection, article: str, authors: Iterable[str]) -> None:
    """Enter who wrote an article; who is there stays."""
    names = sorted({_folded(name) for name in authors})
    add_new(connection, bylines, [{"folded": name, "article": article} for name in names])


def authored(store: Store, name: str) -> tuple[str, ...]:
    """Keys of the articles, of any version, with an author of this name, however it is written."""
    query = select(bylines.c.article).where(bylines.c.folded == _folded(name)).order_by(bylines.c.article)
    with store.reading() as connection:
        return tuple(connection.execute(query).scalars())


def _folded(name: str) -> str:
    return storable(folded_name(name))[:LONGEST]
