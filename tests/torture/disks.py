"""Full and read-only disks at each write: a sentence, nothing half-written, and the next run goes on where it ended.

Each place is a small file system of its own (tmpfs), as only an administrator may mount one; elsewhere these rows are
skipped with a line. The runs are real processes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.site.server import serve, sources_toml
from tests.torture.at_the_250 import queue_notices
from tests.torture.mounts import Disk, disk, may_mount
from tests.torture.rig import (
    AS_AT,
    SETTLED,
    House,
    Nursery,
    PostOffice,
    account,
    command,
    contents,
    house,
    only,
    post_office,
)
from tests.torture.rows import Row

FEW = ("care-ledger", "kitchen-table")
MANAGERS = ["anna@fellshire.example", "ben@fellshire.example"]
READ_ONLY = "read-only"
COLLECT, PUBLISH = ("collect",), ("publish", "managers")


@dataclass(frozen=True, slots=True)
class _Place:
    """A folder of the house on a disk of its own; `sizes` in KiB make it full at different moments."""

    name: str
    folder: Callable[[House], Path]
    runs: Sequence[tuple[str, ...]]  # the last of which meets the fault
    sizes: Sequence[int]
    database: bool = False  # the store is in it


PLACES = (
    _Place("the archive", lambda h: h.output / "pages", (COLLECT,), (40, 90)),
    _Place("the store", lambda h: h.folder / "store", (COLLECT,), (40, 600), database=True),
    _Place("the store, later", lambda h: h.folder / "store", (COLLECT, PUBLISH), (), database=True),
    _Place("issue files", lambda h: h.output / "issues", (COLLECT, PUBLISH), (8, 60)),
    _Place("the configuration", lambda h: h.folder / "config", (COLLECT,), ()),
)


def rows(quick: bool) -> Iterable[Row]:
    if not may_mount():
        yield Row("disks: skipped, as nobody here may mount a small disk to fill", 0, 0)
        return
    with tempfile.TemporaryDirectory(prefix="cuttings-disks-") as folder, Nursery() as nursery, serve() as site:
        rig = _Rig(Path(folder), nursery, only(sources_toml(site), FEW[:1] if quick else FEW))
        if quick:
            yield rig.met(PLACES[0], "40", most=1)
            return
        for place in PLACES:
            for fault in (READ_ONLY, *map(str, place.sizes)):
                yield rig.met(place, fault)
        yield from rig.sending()
        yield rig.outbox()
        yield from rig.commands()


class _Rig:
    def __init__(self, where: Path, nursery: Nursery, sources: str) -> None:
        self._where, self._nursery, self._sources = where, nursery, sources
        self._houses = 0
        self._model: dict[int, object] = {}

    def _house(self, office: PostOffice, *, database: bool = False) -> House:
        self._houses += 1
        home = house(self._where / f"house-{self._houses}", self._sources, office.port, managers=MANAGERS, members=[])
        if database:
            (home.folder / "store").mkdir()
            home.env["CUTTINGS_DATABASE"] = str(home.folder / "store" / "cuttings.db")
        return home

    def met(self, place: _Place, fault: str, most: int = 2) -> Row:
        """A run on a disk that fails, then the same on one that was mended."""
        with post_office() as office:
            home = self._house(office, database=place.database)
            wrong: list[str] = []
            for do in place.runs[:-1]:
                self._must(home, do, wrong)
            with disk(place.folder(home), None if fault == READ_ONLY else int(fault)) as mounted:
                if fault == READ_ONLY:
                    mounted.read_only()
                status = self._nursery.run(home, *place.runs[-1])
                wrong += _said_in_a_sentence(home, status)
                if any(a.recipient in MANAGERS for a in office.accepted):
                    wrong.append("readers were sent something")
                wrong += _half_written(home)
                mounted.mended()
                for do in (place.runs[-1], *([PUBLISH] if most > 1 and place.runs[-1] == COLLECT else [])):
                    self._must(home, do, wrong)
                if most > 1:
                    wrong += _whole(home, office)
                    wrong += self._same_as_without(home)
        what = "read-only" if fault == READ_ONLY else f"full after {fault} KiB"
        return Row(f"{place.name}: {what}", 1, len(wrong), "; ".join(wrong) or _last_sentence(home))

    def _must(self, home: House, do: tuple[str, ...], wrong: list[str], at: str = AS_AT) -> None:
        if self._nursery.run(home, *do, at=at):
            wrong.append(f"{do[0]} did not go on: {_last(home)}")

    def _same_as_without(self, home: House) -> list[str]:
        """Beside a house that never had trouble."""
        if 0 not in self._model:
            with post_office() as office:
                whole, wrong = self._house(office), list[str]()
                for do in (COLLECT, PUBLISH):
                    self._must(whole, do, wrong)
                self._model[0] = contents(whole)
        return [] if contents(home) == self._model[0] else ["its contents are not those of a house without trouble"]

    # ------------------------------------------------------------ the store, as messages leave

    def sending(self) -> Iterator[Row]:
        """What one had at the moment of the fault nobody gets twice, and nobody goes without and unlisted.

        Read-only after the 250 is not among them: a disk on which somebody has a file open can't be made so.
        """
        for name, at_once, fault in (
            ("read-only at the claim", True, Disk.read_only),
            ("full at the claim", True, Disk.full),
            ("full at the mark after the server's 250", False, Disk.full),
        ):
            yield self._sent_on(name, at_once, fault)

    def _sent_on(self, name: str, at_once: bool, fault: Callable[[Disk], None]) -> Row:
        """`at_once`: the disk is so before the run; else from the moment when the third message was accepted."""
        wrong: list[str] = []
        readers = [f"reader{n}@fellshire.example" for n in range(8)]
        with post_office() as office:
            home = self._house(office, database=True)
            queue_notices(home, readers)
            with disk(home.database.parent) as mounted:
                if at_once:
                    fault(mounted)
                else:
                    office.before_250 = lambda: fault(mounted) if len(office.accepted) == 3 else None
                wrong += _said_in_a_sentence(home, self._nursery.run(home, "deliver"))
                told, before = _last_sentence(home), len(office.accepted)
                office.before_250 = lambda: None
                mounted.mended()
                sending = home.rows("SELECT count(*) FROM outbox WHERE state = 'sending'")[0][0]
                if (before, sending) != ((0, 0) if at_once else (3, 1)):
                    wrong.append(f"{before} had left and {sending} are 'sending' when the disk was mended")
                for _ in range(3):
                    self._must(home, ("deliver",), wrong, SETTLED)
                found = account(home, office, {})
                unsure = {r for (r,) in home.rows("SELECT recipient FROM outbox WHERE state = 'ambiguous'")}
                missing = set(readers) - {a.recipient for a in office.accepted}
                wrong += [f"{r} has none and is not listed" for r in sorted(missing - unsure)]
                wrong += [str(found)] if found.bad else []
        detail = (
            f"{told}; {before} of {len(readers)} had left, in the end {found.sent} sent, {found.doubled} doubled, "
            f"{len(missing - unsure)} lost, {found.uncertain} listed as uncertain"
        )
        return Row(f"the store, sending: {name}", 1, len(wrong), "; ".join((detail, *wrong)))

    # ------------------------------------------------------------ the outbox folder

    def outbox(self) -> Row:
        """Messages to a folder that is full: they wait, and leave when there is room."""
        wrong: list[str] = []
        with post_office() as office:
            home = self._house(office)
            council = home.folder / "config" / "council.toml"
            council.write_text(council.read_text().replace('channel = "smtp"', 'channel = "outbox"'))
            self._must(home, COLLECT, wrong)
            for kib, how in ((8, "full"), (None, READ_ONLY)):
                folder = home.output / "outbox"
                with disk(folder, kib) as mounted:
                    if how == READ_ONLY:
                        mounted.read_only()
                    self._must(home, PUBLISH, wrong)
                    waiting = home.rows("SELECT count(*) FROM outbox WHERE state = 'new' AND detail LIKE '%written%'")
                    if how == "full" and waiting[0][0] == 0:
                        wrong.append("nothing waits for room")
                    wrong += [f"half of {p.name} is there" for p in folder.rglob("*.part")]
            self._must(home, ("deliver",), wrong, SETTLED)
            sent = len(list((home.output / "outbox").glob("*.eml")))
            rows = home.rows("SELECT count(*) FROM outbox WHERE state = 'sent'")[0][0]
            if not sent == rows == len(MANAGERS):
                wrong.append(f"{sent} messages in the folder, {rows} said to be sent, {len(MANAGERS)} readers")
        detail = "; ".join(wrong) or f"{sent} sent in the end"
        return Row("the outbox folder: full, then read-only", 2, len(wrong), detail)

    # ------------------------------------------------------------ with Prefect

    def commands(self) -> Iterator[Row]:
        """The real command where Prefect, or nobody at all, can write."""
        places: tuple[tuple[str, Callable[[House], Path], int | None], ...] = (
            ("Prefect's home: read-only", lambda h: h.output / "prefect", None),
            ("Prefect's home: full after 100 KiB", lambda h: h.output / "prefect", 100),
            ("the whole output: read-only", lambda h: h.output, None),
        )
        for name, folder, kib in places:
            with post_office() as office:
                home, wrong = self._house(office), list[str]()
                with disk(folder(home), kib) as mounted:
                    if kib is None:
                        mounted.read_only()
                    status = command(home, "collect")
                    said = home.log.read_text(errors="replace")
                    # Prefect's temporary server says things of its own as it ends.
                    if status not in (1, 2) or not any(s.startswith("cuttings:") for s in said.splitlines()):
                        wrong.append(f"it ended with {status} and no plain sentence: {_last(home)}")
                    mounted.mended()
                    if command(home, "collect"):
                        wrong.append(f"it did not go on: {_last(home)}")
                yield Row(name, 1, len(wrong), "; ".join(wrong) or _told(home, said))


# ---------------------------------------------------------------- what must hold


def _said_in_a_sentence(home: House, status: int) -> list[str]:
    if status == 0:
        return ["the run noticed nothing"]
    told = _last_sentence(home)
    return [] if told and "Traceback" not in home.log.read_text() else [f"no sentence, but: {_last(home)}"]


def _told(home: House, said: str) -> str:
    return " ".join(said[said.find("cuttings:") :].replace(str(home.folder), "").splitlines()[:2])[:230]


def _last_sentence(home: House) -> str:
    said = home.log.read_text(errors="replace").split("SENTENCE ")
    return said[-1].replace(str(home.folder), "").splitlines()[0][:230] if len(said) > 1 else ""


def _last(home: House) -> str:
    return " ".join(home.log.read_text(errors="replace").strip().splitlines()[-1:])[:300]


def _half_written(home: House) -> list[str]:
    """Parts of files, and a store or an archive that are not sound. A read-only store may not be there at all."""
    parts = [f"half of {p.name} is there" for p in home.folder.rglob("*.part")]
    damaged = []
    for path in (home.output / "pages").rglob("*.gz"):
        if path.stat().st_size == 0:
            damaged.append(f"{path.name} is empty")
    return parts + damaged


def _whole(home: House, office: PostOffice) -> list[str]:
    found = account(home, office, {"managers": MANAGERS})
    wrong = list(found.broken)
    # More than its readers: the contact officer was told of the failure.
    if found.doubled or found.lost or found.unaccounted or found.sent < len(MANAGERS):
        wrong.append(f"{found.sent} sent, {found.doubled} doubled, {found.lost} lost")
    return wrong
