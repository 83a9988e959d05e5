"""SIGKILL between the mail server's 250 and our commit: the one moment at which a message has left and nobody knows."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

from cuttings.edges.store import open_store, outbox
from tests.site.server import serve, sources_toml
from tests.torture.rig import AS_AT, House, Nursery, PostOffice, account, house, only, post_office
from tests.torture.rows import Row
from tests.torture.tally import FEW, MEMBERS, SEED, Runs, Tally

LATER = "2026-11-02T08:00:00+00:00"  # by then what a kill left is called uncertain, and sent again where that is wished


def at_the_250(where: Path, nursery: Nursery, kills: int, *, whole: bool, store: str | None = None) -> Row:
    """`whole`: an issue that was collected and published; else notices alone, which cost no reading and no printing.

    A kill counts only where its row was left 'sending': one that came after our commit would show nothing.
    """
    given, tally = random.Random(SEED + 2), Tally()
    readers = [f"reader{n}@fellshire.example" for n in range(kills + kills // 5 + 2)]
    tries, counted = 0, Counter[str]()
    with serve() as site, post_office() as office:
        text = only(sources_toml(site), FEW)
        home = house(
            where / "at-the-250", text, office.port, managers=readers if whole else [], members=MEMBERS, store=store
        )
        runs = Runs(home, nursery.run)
        if whole:
            runs.through("collect")
        else:
            queue_notices(home, readers)
        do: tuple[str, ...] = ("publish", "managers") if whole else ("deliver",)
        while tally.killed < kills and tries < 2 * kills:
            status, way, counts = _killed_at_the_250(home, nursery, office, given, do)
            if status != -9:
                runs.wrong.append(f"{do[0]} ended with {status} before {kills} kills: {home.log.read_text()[-300:]}")
                break
            tries += 1
            if counts:
                tally.killed_at(do[0])
                counted[way] += 1
            do = ("deliver",)
        runs.settled()
        found = account(home, office, {"managers": readers} if whole else {})
        unsure = _in_doubt(home, "ambiguous")
        got = {a.recipient for a in office.accepted}
        tally.lost += len(set(readers) - got - unsure)
        if len(unsure) != tally.killed or unsure - got:
            runs.wrong.append(
                f"{len(unsure)} messages are called uncertain after {tally.killed} kills; {len(unsure - got)} of them "
                "the server has not"
            )
        if tally.killed < kills:
            runs.wrong.append(f"only {tally.killed} of {kills} kills left their row 'sending'")
        tally.add(home, found, *runs.wrong)
    ways = ", ".join(f"{n} {way}" for way, n in sorted(counted.items()))
    also = f"; {tally.killed} of {tries} kills left their row 'sending' and count: {ways}"
    return tally.row("SIGKILL between the server's 250 and our commit", also)


def _in_doubt(home: House, state: str = "sending") -> set[str]:
    if not (home.on_a_server or home.database.exists()):
        return set()
    return {r for (r,) in home.rows("SELECT recipient FROM outbox WHERE state = ?", state)}


class _Stopped:
    """The run stands still before the 250 leaves, and is killed when it has: it lies unread in the run's socket."""

    name = "with the 250 unread"

    def __init__(self, _home: House, nursery: Nursery, _seconds: float) -> None:
        self.before, self.after = nursery.stop, nursery.kill


class _Waiting:
    """The run can't write the 250 down, as the store is being written to by somebody else; it is killed as it waits."""

    name = "waiting for the store to write it down"

    def __init__(self, home: House, nursery: Nursery, seconds: float) -> None:
        self._home, self._nursery, self._seconds = home, nursery, seconds
        self._writing = ExitStack()

    def before(self) -> None:
        store = open_store(self._home.address)
        self._writing.callback(store.close)
        self._writing.enter_context(store.writing())

    def after(self) -> None:
        time.sleep(self._seconds)
        self._nursery.kill_for_good()
        self._writing.close()  # not earlier: the run would write before it dies


WAYS = (_Stopped, _Waiting)


def _killed_at_the_250(
    home: House, nursery: Nursery, office: PostOffice, given: random.Random, do: Sequence[str], at: str = AS_AT
) -> tuple[int, str, bool]:
    """One run and its kill: (its exit code, the way, whether its row was left 'sending')."""
    way = given.choice(WAYS)(home, nursery, given.uniform(0, 0.05))
    office.before_250, office.after_250 = way.before, way.after
    try:
        status = nursery.run(home, *do, at=at)
    finally:
        office.before_250 = office.after_250 = lambda: None
    return status, way.name, status == -9 and office.accepted[-1].recipient in _in_doubt(home)


# ---------------------------------------------------------------- under the policy "resend-once"


def sent_once_more(where: Path, nursery: Nursery, kills: int, store: str | None = None) -> Row:
    """Killed as it sends the first copies, then as it sends the second: of each message two have left, and no third."""
    given, counted = random.Random(SEED + 3), Counter[str]()
    first, second = kills - kills // 3, kills // 3
    readers = [f"reader{n}@fellshire.example" for n in range(first + 2)]
    wrong: list[str] = []
    with post_office() as office:
        once = 'ambiguous = "resend-once"\n'
        home = house(where / "once-more", "", office.port, managers=[], members=[], store=store, delivery=once)
        queue_notices(home, readers)
        runs = Runs(home, nursery.run)
        for at, wanted in ((AS_AT, first), (LATER, second)):
            left, tries = 0, 0
            while left < wanted and tries < 2 * kills:
                _, way, counts = _killed_at_the_250(home, nursery, office, given, ("deliver",), at)
                left, tries = left + counts, tries + 1
                counted[way] += counts
            if left < wanted:
                wrong.append(f"only {left} of {wanted} kills left their row 'sending'")
            runs.through("deliver", at=at)
        runs.settled()
        copies = Counter(a.recipient for a in office.accepted if a.recipient in readers)
        unsure = _in_doubt(home, "ambiguous")
        twice = {r for r, n in copies.items() if n == 2}
        named = {r for (r,) in home.rows("SELECT recipient FROM outbox WHERE resent = 'by policy'")}
        thrice = sum(n > 2 for n in copies.values())
        lost = len(set(readers) - set(copies) - unsure)
        if len(unsure & set(readers)) != second:
            wrong.append(f"{len(unsure)} are listed as uncertain, not {second}")
        if not twice <= named:
            wrong.append(f"{len(twice - named)} had two and are not listed so")
        wrong += runs.wrong
    detail = (
        f"seed {SEED}: {counted.total()} kills; {copies.total()} messages sent to {len(readers)} readers, {len(twice)} "
        f"of them twice (all listed), {thrice} three times, {lost} silently lost, {len(unsure)} listed as uncertain"
    )
    detail += f"; {wrong[0]}" if wrong else ""
    return Row('the same under ambiguous = "resend-once"', counted.total(), thrice + lost + len(wrong), detail)


def queue_notices(home: House, readers: Sequence[str]) -> None:
    """One notice for each of them, waiting in a new store."""
    letter = outbox.Letter("health 2026-11-02", "notice", "All is well", "All is well.", "<p>All is well.</p>")
    store = open_store(home.address)
    now = datetime.fromisoformat(AS_AT)
    outbox.enqueue(store, letter, [(r, None) for r in readers], now=now, deadline=now + timedelta(days=2))
    store.close()
