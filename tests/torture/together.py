"""The same run several times at the very same moment: issue files are written once, nobody has a message twice.

Real processes that begin together; in the whole, real commands as well, and one of the processes killed on the way.
"""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.site.server import serve, sources_toml
from tests.torture.at_the_250 import queue_notices
from tests.torture.rig import (
    AS_AT,
    SETTLED,
    House,
    Nursery,
    PostOffice,
    account,
    commanded,
    finished,
    house,
    only,
    post_office,
)
from tests.torture.rows import Row
from tests.torture.tally import FEW, SEED

MANAGERS = [f"manager{n}@fellshire.example" for n in range(8)]
PUBLISH = ("publish", "managers")


def rows(quick: bool) -> Iterable[Row]:
    with tempfile.TemporaryDirectory(prefix="cuttings-together-") as folder, Nursery() as nursery, serve() as site:
        where = Path(folder)
        text = only(sources_toml(site), ("kitchen-table",) if quick else FEW)
        yield _publishes(where, nursery, text, rounds=1 if quick else 12, at_once=2 if quick else 4)
        yield _deliveries(where, nursery, rounds=1 if quick else 10, at_once=2 if quick else 5)
        if not quick:
            yield _killed(where, nursery, text, rounds=12)
            yield _collects(where, nursery, text, rounds=4)
            yield from _commands(where, nursery, text, rounds=3)


# ---------------------------------------------------------------- publish


def _publishes(where: Path, nursery: Nursery, text: str, rounds: int, at_once: int) -> Row:
    wrong: list[str] = []
    for n in range(rounds):
        with post_office() as office:
            home = house(where / f"publish-{n}", text, office.port, managers=MANAGERS, members=[])
            _must(nursery, home, "collect", wrong=wrong)
            wrong += [f"one of them ended with {s}: {_last(home)}" for s in _at_once(nursery, home, PUBLISH, at_once)]
            said = re.findall(r"Published\(state='([a-z ]+)'", home.log.read_text())
            if sorted(said) != sorted(["published", *["there already"] * (at_once - 1)]):
                wrong.append(f"they say {said}")
            wrong += _once(home, office)
            wrong += _account(home, office)
    detail = f"{rounds} times {at_once} at once, {len(MANAGERS)} readers each: one renders, the others find it there"
    return Row(
        "publish by several processes at the very same moment", rounds * at_once, len(wrong), _told(wrong, detail)
    )


def _killed(where: Path, nursery: Nursery, text: str, rounds: int) -> Row:
    """The first of two is killed at a random moment; the other one goes on by itself."""
    given, wrong, killed, uncertain = random.Random(SEED + 3), list[str](), 0, 0
    for n in range(rounds):
        with post_office() as office:
            home = house(where / f"killed-{n}", text, office.port, managers=MANAGERS, members=[])
            _must(nursery, home, "collect", wrong=wrong)
            status = nursery.run(home, *PUBLISH, together=2, kill_after=given.uniform(0.05, 6))
            killed += status == -9
            if status not in (0, -9):
                wrong.append(f"the other one ended with {status}: {_last(home)}")
            for _ in range(2):
                _must(nursery, home, "deliver", wrong=wrong, at=SETTLED)
            wrong += _once(home, office)
            found = account(home, office, {"managers": MANAGERS})
            uncertain += found.uncertain
            wrong += _account(home, office)
    detail = f"{killed} of {rounds} were killed, {uncertain} messages are listed as uncertain"
    return Row("two publishes at once, the first killed on its way", rounds, len(wrong), _told(wrong, detail))


def _commands(where: Path, nursery: Nursery, text: str, rounds: int) -> Iterator[Row]:
    """`cuttings publish managers` twice at once, with Prefect and its temporary server."""
    wrong: list[str] = []
    for n in range(rounds):
        with post_office() as office:
            home = house(where / f"commands-{n}", text, office.port, managers=MANAGERS, members=[])
            _must(nursery, home, "collect", wrong=wrong)
            both = [commanded(home, *PUBLISH) for _ in range(2)]
            wrong += [f"one of them ended with {s}: {_last(home)}" for s in map(finished, both) if s]
            said = re.findall(r": (published|there already)\.$", home.log.read_text(), re.MULTILINE)
            if sorted(said) != ["published", "there already"]:
                wrong.append(f"they say {said}")
            wrong += _once(home, office)
            wrong += _account(home, office)
    detail = f"{rounds} times two at once, {len(MANAGERS)} readers each"
    yield Row("the real command publish twice at the very same moment", 2 * rounds, len(wrong), _told(wrong, detail))


def _once(home: House, office: PostOffice) -> list[str]:
    """One issue, composed once, its files alone in their folder; one message a reader."""
    wrong = []
    composed = home.rows("SELECT count(*) FROM issue_log WHERE became = 'composed'")[0][0]
    if composed != 1:
        wrong.append(f"composed {composed} times")
    kept = {path for (path,) in home.rows("SELECT path FROM issue_files")}
    (issue,) = (i for (i,) in home.rows("SELECT id FROM issues")) if kept else ("nothing",)
    there = {str(p) for p in (home.output / "issues" / "managers" / issue).rglob("*") if p.is_file()}
    if kept != there or not kept:
        wrong.append(f"files that nobody asked for, or too few: {sorted(kept ^ there)}")
    to_managers = [a for a in office.accepted if a.recipient in MANAGERS]
    if len(to_managers) > len(MANAGERS):
        wrong.append(f"{len(to_managers)} messages for {len(MANAGERS)} readers")
    return wrong


# ---------------------------------------------------------------- deliver, collect


def _deliveries(where: Path, nursery: Nursery, rounds: int, at_once: int) -> Row:
    wrong: list[str] = []
    readers = [f"reader{n}@fellshire.example" for n in range(10 * at_once)]
    for n in range(rounds):
        with post_office() as office:
            home = house(where / f"deliver-{n}", "", office.port, managers=[], members=[])
            queue_notices(home, readers)
            wrong += [
                f"one of them ended with {s}: {_last(home)}" for s in _at_once(nursery, home, ("deliver",), at_once)
            ]
            got = sorted(a.recipient for a in office.accepted)
            if got != sorted(readers):
                wrong.append(f"{len(got)} messages to {len(set(got))} of {len(readers)} readers")
            wrong += _account(home, office, {})
    detail = f"{rounds} times {at_once} at once, {len(readers)} messages each: every one left once"
    return Row(
        "deliver by several processes at the very same moment", rounds * at_once, len(wrong), _told(wrong, detail)
    )


def _collects(where: Path, nursery: Nursery, text: str, rounds: int) -> Row:
    wrong: list[str] = []
    for n in range(rounds):
        with post_office() as office:
            home = house(where / f"collect-{n}", text, office.port, managers=MANAGERS, members=[])
            wrong += [f"one of them ended with {s}: {_last(home)}" for s in _at_once(nursery, home, ("collect",), 3)]
            worked = home.log.read_text().count("ran=False")
            if worked != 2:
                wrong.append(f"{3 - worked} of 3 collects did work")
            wrong += _account(home, office, {})
    detail = f"{rounds} times 3 at once: one works, two stand back"
    return Row("collect by several processes at the very same moment", 3 * rounds, len(wrong), _told(wrong, detail))


# ---------------------------------------------------------------- shared


def _at_once(nursery: Nursery, home: House, do: Sequence[str], count: int) -> list[int]:
    """The exit codes that are not 0."""
    nursery.begin(home, *do, together=count)
    return [status for status in [nursery.end()] if status]


def _must(nursery: Nursery, home: House, *do: str, wrong: list[str], at: str = AS_AT) -> None:
    if nursery.run(home, *do, at=at):
        wrong.append(f"{do[0]} failed: {_last(home)}")


def _account(home: House, office: PostOffice, expected: dict[str, Sequence[str]] | None = None) -> list[str]:
    found = account(home, office, {"managers": MANAGERS} if expected is None else expected)
    return [f"{home.folder.name}: {found}"] if found.bad else []


def _last(home: House) -> str:
    return " ".join(home.log.read_text(errors="replace").strip().splitlines()[-1:])[:300]


def _told(wrong: Sequence[str], detail: str) -> str:
    return f"{detail}; {wrong[0]}" if wrong else detail
