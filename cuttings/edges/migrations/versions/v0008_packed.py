"""What is large and says much the same in each row is packed; reasons quote no commenter's name; bylines are indexed.

A reason such as "signed with a person's name, 'Jo Brack'" stayed when the name itself had had its time.
`article_versions` was kept in the order of its keys, where SQLite gives each article a page of its own for what does
not fit, three quarters of it empty; it is now kept in the order of time.

Revision ID: 0008
"""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from cuttings.edges.store.packing import packed, unpacked
from cuttings.edges.store.suppressed import folded_name

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# table -> (its key, the column)
PACKED = {
    "comments": (("id",), "because"),
    "verdicts": (("id",), "because"),
    "labels": (("subject", "theme"), "evidence"),
    "set_aside": (("article",), "data"),
    "issues": (("id",), "digest"),
    "article_versions": (("article", "version"), "data"),
}
SHORT = 40  # bytes: nothing is won by packing less
TOGETHER = 5000

Change = Callable[[bytes | str], bytes | str]


def upgrade() -> None:
    op.create_table(
        "bylines",
        sa.Column("folded", sa.String(200), nullable=False),
        sa.Column("article", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.key"], name=op.f("fk_bylines_article")),
        sa.PrimaryKeyConstraint("folded", "article", name=op.f("pk_bylines")),
        sqlite_with_rowid=False,
    )
    _sign()
    if _is_sqlite():
        _in_order_of_time()
    for table, (key, column) in PACKED.items():
        change = _nameless if column == "because" else _packed
        if _is_sqlite():
            _on_sqlite(table, column, change)
        else:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE bytea USING convert_to({column}, 'UTF8')")
            _on_a_server(table, key, column, change)


def downgrade() -> None:
    for table, (key, column) in PACKED.items():
        if _is_sqlite():
            _on_sqlite(table, column, unpacked, shortest=0)
        else:
            _on_a_server(table, key, column, lambda data: unpacked(data).encode(), shortest=0)
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE text USING convert_from({column}, 'UTF8')")
    op.drop_table("bylines")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


# ---------------------------------------------------------------- what becomes of a value


def _packed(data: bytes | str) -> bytes | str:
    return packed(unpacked(data))


_NAME = (
    (re.compile(r"^(the name) '.+' (is|holds|advertises|describes)\b"), r"\1 \2"),
    (re.compile(r"^(signed with [^']+(?:'s name)?), '.+'$"), r"\1"),
)


def _nameless(data: bytes | str) -> bytes | str:
    reasons = json.loads(unpacked(data))
    for reason in reasons:
        for pattern, bare in _NAME:
            reason["sentence"] = pattern.sub(bare, reason["sentence"])
    return packed(json.dumps(reasons, ensure_ascii=False, separators=(",", ":")))


# ---------------------------------------------------------------- row by row


def _on_sqlite(table: str, column: str, change: Change, shortest: int = SHORT) -> None:
    connection: Any = op.get_bind().connection.driver_connection
    connection.create_function("changed", 1, change, deterministic=True)
    op.execute(f"UPDATE {table} SET {column} = changed({column}) WHERE length({column}) > {shortest}")


def _on_a_server(table: str, key: Sequence[str], column: str, change: Change, shortest: int = SHORT) -> None:
    names = ", ".join(key)
    here = " AND ".join(f"{name} = :{name}" for name in key)
    after = f"({names}) > ({', '.join(f':{name}' for name in key)})"
    begin = f"SELECT {names}, {column} AS value FROM {table} WHERE length({column}) > {shortest}"
    end = f" ORDER BY {names} LIMIT {TOGETHER}"
    connection = op.get_bind()
    last: dict[str, Any] = {}
    while True:
        query = sa.text(begin + (f" AND {after}" if last else "") + end)
        rows = connection.execute(query, last).all()
        if not rows:
            return
        for row in rows:
            last = {name: getattr(row, name) for name in key}
            statement = sa.text(f"UPDATE {table} SET {column} = :value WHERE {here}")
            connection.execute(statement, {"value": change(bytes(row.value)), **last})


def _in_order_of_time() -> None:
    op.create_table(
        "article_versions_new",
        sa.Column("article", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.String(27), nullable=False),
        sa.Column("cause", sa.String(64), nullable=False),
        sa.Column("reader", sa.String(80), nullable=True),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("page_sha256", sa.String(64), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.key"], name=op.f("fk_article_versions_article")),
        sa.PrimaryKeyConstraint("article", "version", name=op.f("pk_article_versions")),
    )
    columns = "article, version, read_at, cause, reader, fields, page_sha256, data"
    op.execute(
        f"INSERT INTO article_versions_new ({columns}) SELECT {columns} FROM article_versions ORDER BY read_at, article"
    )
    op.drop_table("article_versions")
    op.rename_table("article_versions_new", "article_versions")


def _sign() -> None:
    """Who wrote what, of every version."""
    connection = op.get_bind()
    add = "INSERT INTO bylines (folded, article) VALUES (:folded, :article) ON CONFLICT DO NOTHING"
    begin = "SELECT article, version, data FROM article_versions"
    end = " ORDER BY article, version LIMIT 500"
    last: dict[str, Any] = {}
    while True:
        # Not by article alone: one that is read again every hour has more versions than a piece holds.
        query = sa.text(begin + (" WHERE (article, version) > (:article, :version)" if last else "") + end)
        rows = connection.execute(query, last).all()
        if not rows:
            return
        found = [
            {"folded": folded_name(name)[:200], "article": row.article}
            for row in rows
            for name in json.loads(unpacked(row.data)).get("authors") or ()
        ]
        if found:
            connection.execute(sa.text(add), found)
        last = {"article": rows[-1].article, "version": rows[-1].version}
