"""Commands on disks that are full or read-only: a sentence and exit code 1 or 2, nothing changed by halves, and when
the disk is mended the same command does what it says."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from tests.site.server import serve, sources_toml
from tests.torture.mounts import Disk, disk, may_mount, read_only_view
from tests.torture.rig import HOME, House, Nursery, PostOffice, commanded, finished, house, only, post_office
from tests.torture.rows import Row

READERS = ["anna@fellshire.example", "ben@fellshire.example"]
OPML = """<opml version="2.0"><body><outline text="Moor Care" type="rss" xmlUrl="https://moor.example/feed/"/></body></opml>"""


@dataclass(frozen=True, slots=True)
class _Case:
    """A command that writes to `folder`. `kept`: what must be as before when it has failed."""

    name: str
    folder: Callable[[House], Path]
    words: Callable[[House], Sequence[str]]
    kept: Callable[[House], object]
    first: Callable[[House], Sequence[Sequence[str]]] = lambda _: ()  # commands given while all is well


def _config(home: House) -> Path:
    return home.folder / "config"


def _store(home: House) -> Path:
    return home.folder / "store"


def _output(home: House) -> Path:
    return home.output


def _a_backup(home: House) -> Sequence[Sequence[str]]:
    """And a reader since, whom it does not hold."""
    return (("backup", str(home.folder / "kept.tar")), ("recipients", "add", "managers", "since@fellshire.example"))


def _texts(home: House) -> object:
    return {path.name: path.read_bytes() for path in _config(home).glob("*") if path.name != "filler"}


def _readers(home: House) -> object:
    return home.rows("SELECT address, removed FROM recipients ORDER BY address")


def _words(home: House) -> object:
    return home.rows("SELECT key, author, text FROM comments ORDER BY key")


def _a_commenter(home: House) -> str:
    return str(home.rows("SELECT author FROM comments WHERE author IS NOT NULL ORDER BY key")[0][0])


def _archives(home: House) -> object:
    return sorted(path.name for path in (home.output / "backups").glob("*") if path.name != "filler")


CASES = (
    _Case("init", _config, lambda _: ("init", "--force", "--name", "Moorshire", "--contact-email", "a@moor.example",
                                      "--channel", "outbox"), _texts),
    _Case("source import --write", _config, lambda h: ("source", "import", str(h.folder / "feeds.opml"), "--write"),
          _texts),
    _Case("forget", _config, lambda h: ("forget", _a_commenter(h), "--yes"), _words),
    _Case("recipients add", _store, lambda _: ("recipients", "add", "managers", "new@fellshire.example"), _readers),
    _Case("recipients import", _store, lambda h: ("recipients", "import", "managers", str(h.folder / "list.csv")),
          _readers),
    _Case("forget, where the store is", _store, lambda h: ("forget", _a_commenter(h), "--yes"), _words),
    _Case("restore", _output, lambda h: ("restore", str(h.folder / "kept.tar"), "--replace"), _readers,
          _a_backup),
    _Case("restore, where the store is", _store, lambda h: ("restore", str(h.folder / "kept.tar"), "--replace"),
          _readers, _a_backup),
    _Case("backup", lambda h: h.output / "backups", lambda _: ("backup",), _archives),
)  # fmt: skip
# What people type when something is wrong, on a disk that the system has made read-only.
COMMON = (
    ("doctor", "--offline"), ("issues",), ("recipients", "list"), ("recipients", "add", "managers", "x@moor.example"),
    ("outbox", "list"), ("stats",), ("collect",), ("publish", "managers"), ("deliver",), ("backup",), ("retention",),
    ("review",), ("source", "list"), ("person", "Somebody"), ("init", "--force", "--name", "M", "--contact-email",
    "a@moor.example", "--channel", "outbox"), ("quarantine", "list"), ("themes", "list"), ("serve",),
)  # fmt: skip


def rows(quick: bool) -> Iterable[Row]:
    if not may_mount():
        yield Row("commands on full disks: skipped, as nobody here may mount a small disk to fill", 0, 0)
        return
    with tempfile.TemporaryDirectory(prefix="cuttings-disks-") as folder, Nursery() as nursery, serve() as site:
        rig = _Commands(Path(folder), nursery, only(sources_toml(site), ("kitchen-table" if quick else "care-ledger",)))
        if quick:
            yield rig.met(CASES[3], "full")
            return
        for case in CASES:
            for fault in ("read-only", "full"):
                yield rig.met(case, fault)
        yield rig.logs()
        yield rig.said_to_a_full_disk()
        yield rig.common(with_a_store=True)
        yield rig.common(with_a_store=False)


class _Commands:
    def __init__(self, where: Path, nursery: Nursery, sources: str) -> None:
        self._where, self._nursery, self._sources = where, nursery, sources
        self._houses = 0

    def _house(self, office: PostOffice) -> House:
        self._houses += 1
        folder = self._where / f"commands-{self._houses}"
        home = house(folder, self._sources, office.port, managers=READERS, members=[])
        (folder / "store").mkdir()
        home.env["CUTTINGS_DATABASE"] = str(folder / "store" / "cuttings.db")
        (folder / "feeds.opml").write_text(OPML)
        (folder / "list.csv").write_text("address,name\nnew@fellshire.example,New\nother@fellshire.example,Other\n")
        assert self._nursery.run(home, "collect") == 0, home.log.read_text()[-2000:]
        return home

    def met(self, case: _Case, fault: str) -> Row:
        with post_office() as office:
            home = self._house(office)
            for do in case.first(home):
                assert _run(home, do)[0] == 0, home.log.read_text()[-2000:]
            with disk(case.folder(home)) as place:
                before, words = case.kept(home), tuple(case.words(home))
                _strike(place, fault)
                status, said = _run(home, words)
                wrong = _sentence(status, said)
                place.mended()
                if case.kept(home) != before:
                    wrong.append("something was changed by halves")
                wrong += _litter(case.folder(home))
                again, told = _run(home, words)
                if again:
                    wrong.append(f"mended, it does not go on: {_end(told)}")
                elif case.kept(home) == before:
                    wrong.append("mended, it does nothing")
        return Row(f"{case.name}: {fault}", 1, len(wrong), "; ".join((_shown(home, said), *wrong)))

    def logs(self) -> Row:
        """No run ends for want of a log."""
        wrong: list[str] = []
        for fault in ("read-only", "full"):
            with post_office() as office:
                home = self._house(office)
                with disk(home.output / "logs") as place:
                    _strike(place, fault)
                    for do in (("collect",), ("publish", "managers"), ("deliver",)):
                        if self._nursery.run(home, *do):
                            wrong.append(f"{fault}: {do[0]} ended: {_end(home.log.read_text())}")
                    if {a.recipient for a in office.accepted} != set(READERS):
                        wrong.append(f"{fault}: not everybody has the issue")
        detail = wrong[0] if wrong else "collect, publish and deliver do their work without"
        return Row("the logs: read-only, then full", 6, len(wrong), detail)

    def said_to_a_full_disk(self) -> Row:
        """`./run issues > FILE` where there is no room for the file."""
        wrong = []
        with post_office() as office:
            home = self._house(office)
            several = (("stats",), ("issues",), ("source", "list"), ("doctor", "--offline"), ("--help",))
            for words in several:
                status, said = _run(home, words, into=Path("/dev/full"))
                if "Traceback" in said or "Exception ignored" in said or (status, bool(said.strip())) != (1, True):
                    wrong.append(f"{words[0]} ended with {status}: {_end(said)}")
        return Row("what a command says, to a full disk", len(several), len(wrong), (wrong or [""])[0])

    def common(self, *, with_a_store: bool) -> Row:
        """Commands where nothing can be written, be it the output folder with a store in it or a whole new checkout."""
        wrong: list[str] = []
        with post_office() as office:
            home = self._house(office)
            home.env.pop("CUTTINGS_DATABASE")
            if with_a_store:
                assert self._nursery.run(home, "collect") == 0
            checkout = home.folder / "checkout"
            with disk(home.output) if with_a_store else nullcontext() as place:
                if place is not None:
                    place.read_only()
                with nullcontext() if with_a_store else read_only_view(checkout, HOME):
                    folder = HOME if with_a_store else checkout
                    if not with_a_store:
                        home.env.clear()
                    for words in COMMON:
                        status, said = _run(home, words, folder=folder)
                        if "Traceback" in said or status not in (0, 1, 2) or not said.strip():
                            wrong.append(f"{words[0]} ended with {status}: {_end(said)}")
        name = "a read-only output folder with a store in it" if with_a_store else "a read-only checkout"
        detail = wrong[0] if wrong else "each gives its answer, or a sentence"
        return Row(f"{name}: {len(COMMON)} common commands", len(COMMON), len(wrong), detail)


# ---------------------------------------------------------------- shared


def _strike(place: Disk, fault: str) -> None:
    if fault == "full":
        place.full()
    else:
        place.read_only()


def _run(home: House, words: Sequence[str], folder: Path = HOME, into: Path | None = None) -> tuple[int, str]:
    """A command's exit code and what it said."""
    before = home.log.stat().st_size if home.log.exists() else 0
    status = finished(commanded(home, *words, folder=folder, into=into))
    return status, home.log.read_bytes()[before:].decode(errors="replace")


def _sentence(status: int, said: str) -> list[str]:
    if status == 0:
        return ["it noticed nothing"]
    plain = status in (1, 2) and "Traceback" not in said and said.strip()
    return [] if plain else [f"it ended with {status} and no plain sentence: {_end(said)}"]


def _litter(folder: Path) -> list[str]:
    names = sorted(p.name for p in folder.iterdir())
    return [
        f"{name} is left behind"
        for name in names
        if name.endswith(".part") or name.startswith((".backup-", ".restore-", ".im"))
    ]


def _end(said: str) -> str:
    return " ".join(said.strip().splitlines()[-1:])[:300]


def _shown(home: House, said: str) -> str:
    lines = [line for line in said.replace(str(home.folder), "").strip().splitlines() if line.strip()]
    return " ".join(lines)[:200]
