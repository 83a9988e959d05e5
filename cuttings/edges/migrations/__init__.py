"""The store's schema, step by step. Each step is frozen once it has been released."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema to `revision` in one transaction: killed in the middle, the old one still stands.

    Raises StoreError where the schema is newer than this program.
    """
    from cuttings.edges.store.connect import StoreError

    # Two processes may start at once: the lock is taken first, and the second finds nothing left to do.
    with engine.connect().execution_options(cuttings_writes=True) as connection, connection.begin():
        try:
            migrate(connection, revision)
        except CommandError as error:
            if "Can't locate revision" in str(error):
                raise StoreError(
                    "The store was written by a newer version of Cuttings. Update the program, or restore a backup."
                ) from error
            raise


def migrate(connection: Connection, revision: str = "head") -> None:
    """The steps up to `revision`, as a part of the transaction that this connection is in."""
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def head() -> str:
    return ScriptDirectory.from_config(configuration()).get_current_head() or ""
