"""SIGKILL before every single step of a delivery, a publish and a first collect, one after the other.

A step is whatever outlasts the process: a file opened to be written, moved, linked or removed, a folder made, a commit,
a connection. What is killed at random may never meet the one gap that matters; here each gap is met once.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from tests.site.server import serve, sources_toml
from tests.torture.at_the_250 import queue_notices
from tests.torture.rig import SETTLED, House, Nursery, account, contents, house, only, post_office
from tests.torture.rows import Row

MANAGERS = ["anna@fellshire.example", "ben@fellshire.example"]
PUBLISH, COLLECT = ("publish", "managers"), ("collect",)


def rows(quick: bool) -> Iterable[Row]:
    with tempfile.TemporaryDirectory(prefix="cuttings-steps-") as folder, Nursery() as nursery:
        where = Path(folder)
        yield _of_a_delivery(where, nursery, readers=1 if quick else 4, every=3 if quick else 1)
        if not quick:
            yield _of_a_publish(where, nursery)
            yield _of_a_collect(where, nursery, 60)


def _of_a_delivery(where: Path, nursery: Nursery, readers: int, every: int) -> Row:
    """Each time from a copy of a house in which notices wait."""
    waiting = [f"reader{n}@fellshire.example" for n in range(readers)]
    with post_office() as office:
        begun = house(where / "waiting", "", office.port, managers=[], members=[])
        queue_notices(begun, waiting)
    return _each(where / "deliver", nursery, begun, ("deliver",), "a delivery", {}, waiting, every)


def _of_a_publish(where: Path, nursery: Nursery) -> Row:
    """Each time from a copy of the same house, in which all has been collected."""
    with serve() as site, post_office() as office:
        text = only(sources_toml(site), ("kitchen-table",))
        begun = house(where / "collected", text, office.port, managers=MANAGERS, members=[])
        assert nursery.run(begun, *COLLECT) == 0, begun.log.read_text()[-2000:]
    return _each(where / "publish", nursery, begun, PUBLISH, "a publish", {"managers": MANAGERS}, MANAGERS)


def _each(
    where: Path,
    nursery: Nursery,
    begun: House,
    do: tuple[str, ...],
    what: str,
    expected: dict[str, Sequence[str]],
    readers: Sequence[str],
    every: int = 1,
) -> Row:
    with post_office() as office:
        steps = _steps(nursery, _copy(begun, where / "counted", office.port), *do)
    killed, wrong, uncertain, undelivered = 0, list[str](), 0, 0
    chosen = range(1, steps + 1, every)
    for step in chosen:
        with post_office() as office:
            home = _copy(begun, where / f"step-{step}", office.port)
            killed += nursery.run(home, *do, die_at=step) == -9
            said = _through(nursery, home, do)
            found = account(home, office, expected)
            said += [str(found)] if found.bad else []
            uncertain += found.uncertain
            missing = {*readers} - {a.recipient for a in office.accepted}
            unsure = {r for (r,) in home.rows("SELECT recipient FROM outbox WHERE state = 'ambiguous'")}
            undelivered += len(missing)
            said += [f"{r} has none and is not listed" for r in sorted(missing - unsure)]
            said += _litter(home)
            wrong += [f"before step {step}: {what}" for what in said]
            shutil.rmtree(home.folder)
    listed = f"{uncertain} messages listed as uncertain, {undelivered} of them undelivered"
    detail = "; ".join((f"{len(chosen)} of {steps} steps, {killed} killed", listed, *wrong[:1]))
    return Row(f"SIGKILL before each step of {what}", len(chosen), len(wrong), detail)


def _of_a_collect(where: Path, nursery: Nursery, most: int) -> Row:
    """From an empty house, the making of its store and its keys among the steps; of the later ones as many as fit."""
    with serve() as site:
        text = only(sources_toml(site), ("kitchen-table",))
        with post_office() as office:
            whole = house(where / "unkilled", text, office.port, managers=MANAGERS, members=[])
            steps = _steps(nursery, whole, *COLLECT)
            model = contents(whole)
        killed, wrong = 0, list[str]()
        chosen = sorted({*range(1, min(steps, most // 2) + 1), *range(1, steps + 1, max(1, 2 * steps // most))})
        for step in chosen:
            with post_office() as office:
                home = house(where / f"collect-{step}", text, office.port, managers=MANAGERS, members=[])
                killed += nursery.run(home, *COLLECT, die_at=step) == -9
                said = _through(nursery, home, COLLECT)
                found = account(home, office, {})
                said += [str(found)] if found.bad else []
                if contents(home) != model:
                    said.append("what was collected is not what a run without kills collects")
                wrong += [f"before step {step}: {what}" for what in said]
                shutil.rmtree(home.folder)
    detail = f"{len(chosen)} of {steps} steps, {killed} killed; each time all was collected, and once"
    return Row("SIGKILL before steps of a first collect", len(chosen), len(wrong), wrong[0] if wrong else detail)


def _steps(nursery: Nursery, home: House, *do: str) -> int:
    assert nursery.run(home, *do, die_at=0) == 0, home.log.read_text()[-2000:]
    return int(re.findall(r"^STEPS (\d+)$", home.log.read_text(), re.MULTILINE)[-1])


def _copy(begun: House, folder: Path, port: int) -> House:
    shutil.copytree(begun.folder, folder)
    env = {name: value.replace(str(begun.folder), str(folder)) for name, value in begun.env.items()}
    council = folder / "config" / "council.toml"
    council.write_text(re.sub(r"(?m)^port = \d+$", f"port = {port}", council.read_text()))
    return replace(begun, folder=folder, env=env)


def _through(nursery: Nursery, home: House, do: tuple[str, ...]) -> list[str]:
    """The same again without a kill, then two deliveries hours later."""
    wrong = [f"the run after it ended with an error: {_last(home)}"] if nursery.run(home, *do) else []
    for _ in range(2):
        if nursery.run(home, "deliver", at=SETTLED):
            wrong.append(f"deliver ended with an error: {_last(home)}")
    return wrong


def _litter(home: House) -> list[str]:
    """Parts of issue files that the next run should have taken up or cleared."""
    return [f"{path.name} is left behind" for path in (home.output / "issues" / "managers").rglob("*.part")]


def _last(home: House) -> str:
    return " ".join(home.log.read_text(errors="replace").strip().splitlines()[-1:])[:300]
