"""What a flow works with: settings, store, archive, the moment it runs at. Opened once a run, closed at its end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from cuttings.edges.archive import Archive
from cuttings.edges.store import Store, open_store
from cuttings.model import BadConfiguration
from cuttings.settings import Settings
from flows import place, run_log


class House:
    """Plain class, not a dataclass: Prefect walks through the fields of dataclasses that are given to a task."""

    def __init__(
        self, settings: Settings, output: Path, store: Store, archive: Archive, clock: Callable[[], datetime]
    ) -> None:
        self.settings, self.output, self.store, self.archive = settings, output, store, archive
        self.clock = clock


def database(settings: Settings, environ: Mapping[str, str] = os.environ) -> str | Path:
    """CUTTINGS_DATABASE (it may hold a password), else as configured, else a file in the output folder."""
    chosen = environ.get("CUTTINGS_DATABASE") or settings.storage.database
    if not chosen:
        return place.output_folder(settings, environ) / "cuttings.db"
    if "://" in chosen:
        return chosen
    if "//" in chosen or "@" in chosen:  # 'postgres//user:password@host/name' would become a folder of that name
        raise BadConfiguration("council.toml, key 'storage.database': give a file, or postgresql://user@host/name.")
    return place.HOME / chosen


@contextmanager
def open_house(environ: Mapping[str, str] = os.environ) -> Iterator[House]:
    settings = place.settings(environ)
    output = place.output_folder(settings, environ)
    key = place.hash_key(environ)
    store = open_store(database(settings, environ), hash_key=key)
    run_log.use(output)
    try:
        yield House(settings, output, store, Archive(output / "pages"), lambda: place.now(environ))
    finally:
        store.close()
