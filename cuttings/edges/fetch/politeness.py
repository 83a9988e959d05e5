"""One connection a host at a time, a gap between two, and no visit before the time a host has named."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_GAP = 60.0  # seconds we wait inside a run; a host that wants more is left for another run
LONGEST_PAUSE = 5.0  # the same, for a host that said 429 or 503
FALLBACK = timedelta(minutes=10)  # "busy" without a time, or with one that has passed
LONGEST_AWAY = timedelta(days=1)  # a Retry-After of ten years is a mistake, not a wish


class Later(Exception):
    """The host wants a longer pause than we wait: come back at `at`."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at.isoformat())
        self.at = at


@dataclass(slots=True)
class _Host:
    turn: threading.Lock = field(default_factory=threading.Lock)
    left_at: float | None = None  # on the clock, when the last request ended
    not_before: datetime | None = None


class Politeness:
    """The queue of every host. `clock` counts seconds, `now` gives the time with its zone, `sleep` waits."""

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], None], now: Callable[[], datetime]) -> None:
        self._clock, self._sleep, self._now = clock, sleep, now
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, host: str, gap: float) -> Iterator[None]:
        """Waits for this host's turn and keeps it until the block ends. Raises Later instead of waiting too long."""
        queue = self._host(host)
        self._check(queue, gap)  # before queueing behind others for an answer we know
        with queue.turn:
            self._check(queue, gap)
            self._wait(queue, gap)
            try:
                yield
            finally:
                queue.left_at = self._clock()

    def stay_away(self, host: str, until: datetime) -> None:
        self._host(host).not_before = until

    def _host(self, host: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(host, _Host())

    def _check(self, queue: _Host, gap: float) -> None:
        now = self._now()
        if queue.not_before and (queue.not_before - now).total_seconds() > LONGEST_PAUSE:
            raise Later(queue.not_before)
        if gap > LONGEST_GAP and queue.left_at is not None:
            wait = queue.left_at + gap - self._clock()
            if wait > LONGEST_GAP:
                raise Later(now + timedelta(seconds=min(wait, LONGEST_AWAY.total_seconds())))

    def _wait(self, queue: _Host, gap: float) -> None:
        waits = [0.0]
        if queue.left_at is not None:
            waits.append(queue.left_at + gap - self._clock())
        if queue.not_before:
            waits.append((queue.not_before - self._now()).total_seconds())
            queue.not_before = None
        if max(waits) > 0:
            self._sleep(max(waits))


def retry_after(header: str | None, now: datetime) -> datetime:
    """When a busy host may be asked again: seconds or a date; anything else, or the past, means ten minutes.

    Never more than a day away.
    """
    text = (header or "").strip()
    at: datetime | None = None
    if re.fullmatch(r"\d{1,12}(\.\d+)?", text):
        at = now + timedelta(seconds=min(float(text), LONGEST_AWAY.total_seconds()))
    elif text:
        try:
            at = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            at = None
    if at is not None and at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    if at is None or at <= now:
        return now + FALLBACK
    return min(at, now + LONGEST_AWAY)
