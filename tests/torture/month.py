"""A month with a moved clock: what the schedules fire, what comes of it, day by day, on sites that change every day.

The sample site shows at every moment what had been published and said by then. The schedules are Prefect's own, across
the night on which the clocks go back.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from flows.catching_up import Schedule, moments
from tests.site import server as site_server
from tests.site import truth
from tests.site.server import serve, sources_toml
from tests.torture.rig import House, Nursery, PostOffice, account, house, only, post_office
from tests.torture.rows import Row

ZONE = "Europe/London"
LONDON = ZoneInfo(ZONE)
MANAGERS = [f"manager{n}@fellshire.example" for n in range(4)]
MEMBERS = [f"cllr{n}@fellshire.example" for n in range(3)]
# As in the configuration that is shipped, but for the deliveries every quarter of an hour that would find nothing.
SCHEDULES = (
    Schedule("collect", "0 5 * * *", ZONE),
    Schedule("publish managers", "0 7 * * MON", ZONE),
    Schedule("publish members", "0 7 1 * *", ZONE),
    Schedule("deliver", "0 8 * * *", ZONE),
)
MONTH = (date(2026, 10, 1), date(2026, 11, 2))  # two first days of a month, five Mondays, one change of the clocks
DAYS = (date(2026, 11, 2), date(2026, 11, 2))  # the quick part


def rows(quick: bool) -> Iterable[Row]:
    first, last = DAYS if quick else MONTH
    with (
        tempfile.TemporaryDirectory(prefix="cuttings-month-") as folder,
        changing_site() as site,
        post_office() as office,
        Nursery() as nursery,
    ):
        text = sources_toml(site.running)
        text = only(text, ("care-ledger",)) if quick else text
        home = house(Path(folder) / "house", text, office.port, managers=MANAGERS, members=MEMBERS)
        month = _Month(home, office, nursery, site)
        yield from (month.day(day) for day in _days(first, last))
        yield month.sums(last)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


# ---------------------------------------------------------------- a site that goes with the clock


@dataclass(slots=True)
class ChangingSite:
    running: site_server.Running
    now: datetime

    def of(self, source: str) -> Sequence[truth.TrueArticle]:
        """What the source shows at this moment."""
        return [
            replace(article, comments=tuple(c for c in article.comments if _said(c) <= self.now))
            for article in truth.of(source)
            if _out(article) <= self.now
        ]

    def moved_to(self, moment: datetime) -> None:
        self.now = moment
        for server in self.running._servers.values():
            server.resources = dict(site_server.build(server.site, server.base))


def _out(article: truth.TrueArticle) -> datetime:
    parts = (article.published or "2000-01-01")[:10].split("-")
    year, month, day = (*map(int, parts), 1, 1)[:3]
    return datetime(year, month, day, tzinfo=LONDON)


def _said(comment: truth.TrueComment) -> datetime:
    return comment.when.replace(tzinfo=LONDON)


@contextmanager
def changing_site() -> Iterator[ChangingSite]:
    with serve() as running:
        site = ChangingSite(running, datetime(2026, 10, 1, tzinfo=UTC))
        content: Any = site_server
        content.truth = SimpleNamespace(of=site.of, article=truth.article)
        try:
            yield site
        finally:
            content.truth = truth


# ---------------------------------------------------------------- the days


@dataclass(slots=True)
class _Month:
    home: House
    office: PostOffice
    nursery: Nursery
    site: ChangingSite
    fired: int = 0
    issues: int = 0

    def day(self, day: date) -> Row:
        begin = datetime(day.year, day.month, day.day, tzinfo=LONDON)
        end = datetime.combine(day + timedelta(days=1), begin.timetz()) - timedelta(seconds=1)
        due = sorted(
            (moment.astimezone(UTC), n, schedule)
            for n, schedule in enumerate(SCHEDULES)
            for moment in moments(schedule, begin.astimezone(UTC), end.astimezone(UTC))
        )
        before, bad, said = self._counts(), 0, list[str]()
        for moment, _, schedule in due:
            self.site.moved_to(moment)
            if self.nursery.run(self.home, *schedule.name.split(), at=moment.isoformat()):
                bad += 1
                said.append(self.home.log.read_text(errors="replace").splitlines()[-1][:300])
        after = self._counts()
        self.fired += len(due)
        fired = Counter(schedule.name for _, _, schedule in due)
        expected = {"collect": 1, "deliver": 1} | ({"publish managers": 1} if day.weekday() == 0 else {})
        expected |= {"publish members": 1} if day.day == 1 else {}
        bad += fired != Counter(expected)
        what = ", ".join(f"{after[name] - before[name]} {name}" for name in after if after[name] != before[name])
        times = ", ".join(f"{schedule.name} {moment:%H:%M}Z" for moment, _, schedule in due)
        line = "; ".join((f"fired {times}", what or "nothing new", *said))
        return Row(f"{day:%a %d %b}", len(due), int(bad), line)

    def _counts(self) -> dict[str, int]:
        counts = {"messages": len(self.office.accepted)}
        if self.home.database.exists():
            for name, question in (
                ("articles", "SELECT count(*) FROM articles"),
                ("comments", "SELECT count(*) FROM comments"),
                ("issues", "SELECT count(*) FROM issues WHERE state = 'delivered'"),
                ("periods without an issue", "SELECT count(*) FROM issues WHERE state = 'empty'"),
            ):
                counts[name] = self.home.rows(question)[0][0]
        return dict.fromkeys(("articles", "comments", "issues", "periods without an issue"), 0) | counts

    def sums(self, last: date) -> Row:
        found = account(self.home, self.office, {"managers": MANAGERS})
        twice = self.home.rows("SELECT count(*) FROM (SELECT key FROM comments GROUP BY key HAVING count(*) > 1)")[0][0]
        seen, unseen, lost = self._comments()
        counts = self._counts()
        detail = (
            f"{self.fired} runs fired; {counts['articles']} articles; {counts['issues']} issues, "
            f"{counts['periods without an issue']} periods without one; {found.sent} messages, {found.doubled} "
            f"doubled, {found.lost} lost, {found.unaccounted} unaccounted for; comments: {seen} read of those on the "
            f"sites, {unseen} said after the last visit to their thread, {lost} lost, {twice} doubled"
        )
        detail = "; ".join((detail, *found.broken))
        return Row(f"the month to {last}", self.fired, found.bad + twice + lost, detail)

    def _comments(self) -> tuple[int, int, int]:
        """Of the comments that stand on the pages we read: kept, said since the last visit, and neither."""
        read = {
            title: datetime.fromisoformat(visited).replace(tzinfo=UTC)
            for title, visited in self.home.rows(
                "SELECT a.title, max(p.at) FROM articles a JOIN page_articles x ON x.article = a.key "
                "JOIN pages f ON f.id = x.page JOIN pages p ON p.url = f.url AND p.outcome IN ('read', 'unchanged') "
                "GROUP BY a.title"
            )
            if title
        }
        kept = Counter(" ".join(text.split()) for (text,) in self.home.rows("SELECT text FROM comments"))
        seen = unseen = lost = 0
        for server in self.site.running._servers.values():
            for article in self.site.of(server.site.id):
                for comment in article.comments if article.title in read and not article.damage else ():
                    if kept[" ".join(comment.text.split())]:
                        seen += 1
                    elif _said(comment) > read[article.title]:
                        unseen += 1
                    else:
                        lost += 1
        return seen, unseen, lost
