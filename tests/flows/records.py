"""What Prefect's own database holds after a test's runs: that of the test's server, not of PREFECT_HOME."""

import sqlite3
from pathlib import Path


def records():
    """(table, column, row, text) of everything, the logs that are still on their way too."""
    from prefect.logging.handlers import APILogHandler
    from prefect.settings import PREFECT_SERVER_DATABASE_CONNECTION_URL

    from flows import erasing

    APILogHandler().flush()
    path = Path(PREFECT_SERVER_DATABASE_CONNECTION_URL.value().partition(":///")[2])
    assert path.exists(), "this test looks into the wrong file"
    with sqlite3.connect(path) as connection:
        columns = erasing._columns(connection)
        found = [(*where, row, text) for where in columns for row, text in erasing._texts(connection, *where)]
    connection.close()
    return found
