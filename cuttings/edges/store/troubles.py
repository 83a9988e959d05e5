"""What is wrong with a database, told by the codes of its driver: its words change with the release and the language.

SQLite's are primary result codes (https://sqlite.org/rescode.html), PostgreSQL's are SQLSTATEs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Literal

from sqlalchemy.exc import DBAPIError, OperationalError

Trouble = Literal[
    "full", "busy", "read-only", "not there", "no database", "damaged", "disk", "unreachable", "refused", "resources"
]

_SQLITE: Mapping[int, Trouble] = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
    sqlite3.SQLITE_READONLY: "read-only",
    sqlite3.SQLITE_CANTOPEN: "not there",
    sqlite3.SQLITE_NOTADB: "no database",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_IOERR: "disk",
}
# The longest beginning counts: 53100 is a full disk, the rest of 53 are other resources.
_POSTGRESQL: Mapping[str, Trouble] = {
    "53100": "full",
    "53": "resources",
    "55P03": "busy",
    "57014": "busy",  # cancelled, by statement_timeout as a rule
    "40": "busy",  # deadlock, or two transactions that can't both have been first
    "25006": "read-only",
    "42501": "refused",
    "28": "refused",
    "3D000": "not there",
    "XX001": "damaged",
    "XX002": "damaged",
    "58": "disk",
    "57P": "unreachable",  # it is going down, or coming up
    "08": "unreachable",
}


def trouble(error: BaseException) -> Trouble | None:
    """What an error of SQLAlchemy, of sqlite3 or of psycopg says; None where it is no trouble of the database's own."""
    raised = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(raised, sqlite3.Error):
        # The low byte is the kind; the rest says where: SQLITE_IOERR_WRITE is 778, SQLITE_IOERR 10.
        return _SQLITE.get(getattr(raised, "sqlite_errorcode", 0) & 0xFF)
    state = getattr(raised, "sqlstate", None)
    if isinstance(state, str):
        return next((_POSTGRESQL[state[:n]] for n in range(len(state), 1, -1) if state[:n] in _POSTGRESQL), None)
    # Without a state nobody answered: psycopg could not connect, or the server went in the middle.
    lost = isinstance(error, DBAPIError) and (error.connection_invalidated or isinstance(error, OperationalError))
    return "unreachable" if lost else None
