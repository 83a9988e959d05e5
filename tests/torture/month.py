"""Two months with a moved clock: what the schedules fire, what comes of it, day by day, on sites that change every day.

The sample site shows at every moment what had been published and said by then. The schedules are Prefect's own; both
nights of 2026 on which the clocks change are among the days, and days on which the machine was off. What must come of
it is reckoned beside it from the calendar alone (see `almanac.py`).
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flows import names
from flows.catching_up import missed, moments
from flows.deadlines import BY, DECISION
from tests.site import server as site_server
from tests.site import truth
from tests.site.server import serve, sources_toml
from tests.torture.almanac import LONDON, SCHEDULES, Almanac, Off, days
from tests.torture.rig import House, Nursery, PostOffice, account, house, only, post_office
from tests.torture.rows import Row

MANAGERS = [f"manager{n}@fellshire.example" for n in range(4)]
MEMBERS = [f"cllr{n}@fellshire.example" for n in range(3)]
OFFICER = "policy@fellshire.example"
# All but the page-turner, whose pages have their month in pictures of words.
SOURCES = (
    "care-ledger", "fieldwork", "open-lives", "support-evidence", "care-department", "fellshire-observer",
    "kitchen-table", "care-ombudsman",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """`shift`: what the sites published in autumn, they publish so much earlier."""

    name: str
    first: date
    last: date
    shift: timedelta
    off: tuple[Off, ...]


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


# Each with two first days of a month or one, five Mondays and more, and a change of the clocks.
AUTUMN = Span(
    "autumn", date(2026, 10, 1), date(2026, 11, 2), timedelta(0),
    (Off(_at("2026-10-10T12:00"), _at("2026-10-13T12:00")),),  # over a weekend: one Monday is missed
)  # fmt: skip
SPRING = Span(
    "spring", date(2026, 3, 2), date(2026, 4, 6), timedelta(days=-210),
    (Off(_at("2026-03-11T12:00"), _at("2026-03-24T12:00")),),  # two Mondays are missed
)  # fmt: skip
QUICK = replace(AUTUMN, name="a day", first=date(2026, 11, 2), off=())


def rows(quick: bool) -> Iterable[Row]:
    for span in (QUICK,) if quick else (AUTUMN, SPRING):
        with (
            tempfile.TemporaryDirectory(prefix="cuttings-month-") as folder,
            changing_site(span.shift) as site,
            post_office() as office,
            Nursery() as nursery,
        ):
            text = only(sources_toml(site.running), SOURCES[:1] if quick else SOURCES)
            home = house(Path(folder) / "house", text, office.port, managers=MANAGERS, members=MEMBERS)
            month = _Month(span, Almanac(span.first, span.last, span.off), home, office, nursery, site)
            yield from (month.day(day) for day in days(span.first, span.last))
            yield from month.sums()


# ---------------------------------------------------------------- a site that goes with the clock


@dataclass(slots=True)
class ChangingSite:
    running: site_server.Running
    shift: timedelta
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def of(self, source: str) -> Sequence[truth.TrueArticle]:
        """What the source shows at this moment."""
        moved = [self._moved(article) for article in truth.of(source)]
        # No site is ever empty: one that has nothing yet shows its first article ahead of its date.
        out = [a for a in moved if _out(a) <= self.now] or [min(moved, key=_out)]
        return [replace(a, comments=tuple(c for c in a.comments if _said(c) <= self.now)) for a in out]

    def _moved(self, article: truth.TrueArticle) -> truth.TrueArticle:
        return replace(
            article,
            published=_shifted(article.published, self.shift),
            modified=article.modified and _shifted(article.modified, self.shift),
            comments=tuple(replace(c, posted=(c.when + self.shift).isoformat()) for c in article.comments),
        )

    def moved_to(self, moment: datetime) -> None:
        self.now = moment
        for server in self.running._servers.values():
            server.resources = dict(site_server.build(server.site, server.base))


def _shifted(text: str, shift: timedelta) -> str:
    """A date in the precision that it has: "2026-10", "2026-10-27", "2026-10-27T09:00:00"."""
    moved = datetime.fromisoformat(text if len(text) > 7 else f"{text}-01") + shift
    return moved.isoformat()[: len(text)]


def _out(article: truth.TrueArticle) -> datetime:
    parts = (article.published or "2000-01-01")[:10].split("-")
    year, month, day = (*map(int, parts), 1, 1)[:3]
    return datetime(year, month, day, tzinfo=LONDON)


def _said(comment: truth.TrueComment) -> datetime:
    return comment.when.replace(tzinfo=LONDON)


@contextmanager
def changing_site(shift: timedelta) -> Iterator[ChangingSite]:
    with serve() as running:
        site = ChangingSite(running, shift)
        content: Any = site_server
        content.truth = SimpleNamespace(of=site.of, article=truth.article)
        try:
            yield site
        finally:
            content.truth = truth


# ---------------------------------------------------------------- the days


@dataclass(slots=True)
class _Month:
    span: Span
    almanac: Almanac
    home: House
    office: PostOffice
    nursery: Nursery
    site: ChangingSite
    served: dict[str, datetime] = field(default_factory=dict)  # as the caretaker of `serve` keeps it
    fired: Counter[str] = field(default_factory=Counter)
    failed: int = 0

    def day(self, day: date) -> Row:
        before, ran, said, bad = self._counts(), Counter[str](), list[str](), 0
        times = []
        for moment, name in self._due(day):
            ran[name] += 1
            times.append(f"{' '.join(_shown(name))} {moment.astimezone(LONDON):%H:%M} = {moment:%H:%M}Z")
            self.site.moved_to(moment)
            if self.nursery.run(self.home, *_asked(name), at=moment.isoformat()):
                self.failed += 1
                said.append(self.home.log.read_text(errors="replace").splitlines()[-1][:300])
        self.fired += ran
        after = self._counts()
        if ran != self.almanac.runs(day):
            said.append(f"should have fired {dict(self.almanac.runs(day))}")
        if after["messages"] != after["rows sent"]:
            said.append(f"the server has {after['messages']} messages, the outbox says {after['rows sent']}")
        bad += len(said)
        new = {name: after[name] - before[name] for name in after if name != "rows sent"}
        came = ", ".join(_came(n, name) for name, n in new.items() if n) or "nothing new"
        line = "; ".join((", ".join(times) or "the machine is off", came, *said))
        return Row(f"{self.span.name}, {day:%a %d %b}", ran.total(), bad, line)

    def _due(self, day: date) -> Iterator[tuple[datetime, str]]:
        """What fires on this day: what the clock names, and after a time off what the caretaker catches up on."""
        begin = datetime(day.year, day.month, day.day, tzinfo=LONDON)
        end = datetime.combine(day + timedelta(days=1), begin.timetz()) - timedelta(seconds=1)
        found = [
            (moment.astimezone(UTC), n, schedule.name)
            for n, schedule in enumerate(SCHEDULES)
            for moment in moments(schedule, begin.astimezone(UTC), end.astimezone(UTC))
        ]
        due = [(moment, n, name) for moment, n, name in found if not self.almanac.is_off(moment)]
        for off in self.span.off:
            if begin <= off.until <= end:
                served = dict.fromkeys((schedule.name for schedule in SCHEDULES), off.since.astimezone(UTC))
                late = missed(SCHEDULES, served, (), off.until.astimezone(UTC))
                due += [(off.until.astimezone(UTC), 100 + n, name) for n, name in enumerate(late)]
        yield from ((moment, name) for moment, _, name in sorted(due))

    def _counts(self) -> dict[str, int]:
        counts = {"messages": len(self.office.accepted)}
        questions = {
            "articles": "SELECT count(*) FROM articles",
            "comments": "SELECT count(*) FROM comments",
            "issues": "SELECT count(*) FROM issues WHERE state = 'delivered'",
            "issues waiting for an approval": "SELECT count(*) FROM issues WHERE state = 'awaiting approval'",
            "issues not sent": "SELECT count(*) FROM issues WHERE state = 'not sent'",
            "periods without an issue": "SELECT count(*) FROM issues WHERE state = 'empty'",
            "rows sent": "SELECT count(*) FROM outbox WHERE state = 'sent'",
        }
        if not self.home.database.exists():
            return dict.fromkeys(questions, 0) | counts
        return {name: self.home.rows(question)[0][0] for name, question in questions.items()} | counts

    # ------------------------------------------------------------ what it adds up to

    def sums(self) -> Iterator[Row]:
        yield self._runs()
        yield self._issues()
        yield self._messages()
        yield self._read()

    def _runs(self) -> Row:
        meant: Counter[str] = sum((self.almanac.runs(day) for day in days(self.span.first, self.span.last)), Counter())
        wrong = int(meant != self.fired) + self.failed
        detail = ", ".join(f"{n} {name}" for name, n in sorted(self.fired.items()))
        detail += "" if meant == self.fired else f"; meant: {dict(meant)}"
        return Row(
            f"{self.span.name}: runs fired", self.fired.total(), wrong, f"{detail}; {self.failed} of them failed"
        )

    def _issues(self) -> Row:
        """One issue for every period that came to its end, those of days off with it; the late ones go to a person."""
        held = {
            (edition, date.fromisoformat(start), date.fromisoformat(end)): state
            for edition, start, end, state in self.home.rows(
                "SELECT edition, date(period_start), date(period_end), state FROM issues"
            )
        }
        wrong = [f"{key[0]} {key[1]} is missing" for key in self.almanac.periods() if key not in held]
        for key, state in held.items():
            meant = {True: ("not sent", "awaiting approval", "empty"), False: ("delivered", "empty")}.get(
                self.almanac.periods().get(key, None) or False
            )
            if key not in self.almanac.periods() or state not in (meant or ()):
                wrong.append(f"{key[0]} {key[1]} is {state!r}")
        doubled = len(self.home.rows("SELECT 1 FROM issues GROUP BY edition, period_start HAVING count(*) > 1"))
        counts = ", ".join(f"{n} {state}" for state, n in sorted(Counter(held.values()).items()))
        detail = "; ".join((f"{counts}, {doubled} doubled", *wrong[:1]))
        return Row(f"{self.span.name}: issues, one for every week and month", len(held), len(wrong) + doubled, detail)

    def _messages(self) -> Row:
        """Every message that left is accounted for by an issue, a weekly mail or a notice that was due."""
        states = Counter(self.home.rows("SELECT edition, state FROM issues"))
        meant: Counter[str] = Counter()
        for (edition, state), n in states.items():
            readers = len(MANAGERS if edition == "managers" else MEMBERS)
            meant["to readers"] += n * readers if state == "delivered" else 0
            meant["to readers: nothing to report"] += n * readers if (edition, state) == ("members", "empty") else 0
            meant["to the officer: an empty period"] += n if state == "empty" else 0
            meant["proofs"] += n if state in ("awaiting approval", "not sent") else 0
            meant["reminders"] += n if state == "not sent" else 0
            meant["to the officer: not sent"] += n if state == "not sent" else 0
        meant["weekly mails"] += self.fired[f"health/{names.HEALTH}"]
        found = Counter(
            _kind(kind, issue)
            for kind, issue, state in self.home.rows("SELECT kind, issue, state FROM outbox")
            if state == "sent"
        )
        settled = account(self.home, self.office, {"managers": MANAGERS})
        wrong = [f"{found[k]} {k}, not {meant[k]}" for k in sorted(found | meant) if found[k] != meant[k]]
        if found.total() != len(self.office.accepted):
            wrong.append(f"the server has {len(self.office.accepted)}")
        if settled.bad:
            wrong.append(str(settled))
        counts = ", ".join(f"{n} {kind}" for kind, n in sorted(found.items()))
        detail = f"{counts}; {settled.doubled} doubled, {settled.lost} lost, {settled.unaccounted} unaccounted for"
        name = f"{self.span.name}: messages, by the mail server's own log"
        return Row(name, len(self.office.accepted), len(wrong), "; ".join((detail, *wrong)))

    def _read(self) -> Row:
        twice = self.home.rows("SELECT count(*) FROM (SELECT key FROM comments GROUP BY key HAVING count(*) > 1)")[0][0]
        seen, unseen, lost = self._comments()
        detail = (
            f"{self._counts()['articles']} articles; comments: {seen} read of those on the sites, {unseen} said after "
            f"the last visit to their thread, {lost} lost, {twice} doubled"
        )
        return Row(f"{self.span.name}: comments, beside what stands on the sites", seen + unseen, lost + twice, detail)

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


def _shown(name: str) -> list[str]:
    flow, _, deployment = name.partition("/")
    return [flow, deployment] if flow == "publish" else ["remind" if flow == "decide" else flow]


def _asked(name: str) -> list[str]:
    """What the run of a deployment calls: its flow, with what stands in the deployment's parameters."""
    return ["decide", "", DECISION, BY] if name.startswith("decide/") else _shown(name)


def _came(n: int, name: str) -> str:
    """What a day brought; of what waits it may also take some away."""
    return f"{n} {name}" if n > 0 else f"{-n} fewer {name}"


def _kind(kind: str, issue: str) -> str:
    """What a message is, by the name that its letter has in the outbox."""
    if kind == "edition":
        return "to readers"
    if kind == "proof":
        return "proofs"
    name = issue.split()
    if name[0] == "health":
        return "weekly mails"
    return {
        "reminder": "reminders",
        "expired": "to the officer: not sent",
        "contact": "to the officer: an empty period",
        "readers": "to readers: nothing to report",
    }.get(name[-1], f"unforeseen: {issue}")
