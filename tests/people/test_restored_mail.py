"""A restore sends nobody a second time what they had, and brings nobody back who asked to stop."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from cuttings.edges import backup, ledger, restoring
from cuttings.edges.store import (
    articles,
    carried,
    erased,
    issues,
    judged,
    open_store,
    outbox,
    past_issues,
    recipients,
    runs,
    sending,
    stops,
    stories,
    usage,
)
from cuttings.edges.store.tables import issue_items, labels
from cuttings.edges.store.usage import Use
from cuttings.model import Ruling
from flows import erasing, keys, stopped
from flows.place import HOME
from tests.edges_store.made import article, save
from tests.edges_store.test_issues import composed
from tests.people.conftest import KEY, KINDS, NOW
from tests.people.test_backup import KILLED, made, restore

DAY = timedelta(days=1)
MONDAY, TUESDAY = NOW + DAY, NOW + 2 * DAY
WEEK = (date(2026, 3, 30), date(2026, 4, 5))
READERS = [(f"{name}@x.example", None) for name in ("ann", "ben", "cai")]
ISSUE = "managers-2026-03-30-2026-04-05"


def sent(store, issue, of, to=READERS, *, now=MONDAY, left=0):
    """An issue approved and sent, but for the last `left` of its readers."""
    issues.move(store, issue, "awaiting approval", now=now, by="publish")
    letter = outbox.Letter(issue, "edition", "s", "t", "h")
    outbox.release(store, letter, to, by="Ed", now=now, deadline=now + 9 * DAY)
    for _ in to[: len(to) - left]:
        mailing, _ = sending.claim(store, by="t", now=now)
        sending.mark(store, mailing, "sent", now=now, message_id=f"<{mailing.id}@x>")
    usage.log(store, [Use(issue, a.key, "weekly", "link", 3, len(to), now) for a in of])
    runs.mark(store, "published managers", WEEK[1].isoformat(), now=now)


in_a_file = pytest.mark.parametrize("house", ["sqlite"], indirect=True)


@pytest.fixture
def sunday(house, tmp_path):
    """A store with a reader list, a collect's run and a story of last week; and the backup of that evening."""
    store = house.store
    runs.end(store, runs.begin(store, "collect", now=NOW), now=NOW, counts={})
    recipients.take_in(store, "managers", [a for a, _ in READERS], now=NOW)
    runs.mark(store, "published managers", "2026-03-29", now=NOW)
    save(store, article("early"))
    return made(house, tmp_path)


def monday(house, left=0):
    """What the week's first day brings: two articles, one of them a copy; the issue with them; who stops."""
    store = house.store
    a, b = article("late"), article("elder")
    save(store, a, now=MONDAY)
    save(store, b, now=MONDAY)
    issue = composed(store, [article("early"), a, b])
    stories.merge(store, [b.key, a.key], now=MONDAY, because="the same text")
    judged.rule(store, [Ruling(f"item:{issue.id}/{article('early').key}", "strike", None, "Ed", MONDAY)])
    sent(store, issue.id, [a, b], left=left)
    recipients.unsubscribe(store, "ben@x.example", now=MONDAY)
    recipients.remove(store, "managers", "cai@x.example", now=MONDAY)
    return issue, a, b


def lose(house):
    """The disk is gone, or what is on it can't be read."""
    house.emptied()


def states(store, issue=ISSUE):
    return {m.recipient[:3]: m.state for m in outbox.of_issue(store, issue)}


def reopened(house):
    return open_store(house.address, hash_key=KEY)


def test_what_the_old_store_had_sent_is_carried_over(house, sunday, tmp_path):
    issue, a, b = monday(house, left=1)
    before = outbox.of_issue(house.store, ISSUE)
    done = restore(house, tmp_path, sunday, replace=True, now=TUESDAY)
    assert done.doubt is None
    store = reopened(house)
    after = outbox.of_issue(store, ISSUE)
    assert [(m.recipient, m.state, m.message_id) for m in after] == [
        (m.recipient, m.state, m.message_id) for m in before
    ]
    # Made again by the catch-up run, it is found.
    found, new = issues.begin(store, "managers", *WEEK, now=TUESDAY)
    assert (found.state, new, found.number) == ("approved", False, issue.number)
    assert runs.marked(store, "published managers") == "2026-04-05"
    # Nothing goes to who had it; who did not stop meanwhile would be served, and she has stopped.
    assert sending.claim(store, by="t", now=TUESDAY) is None
    # The archive knows it.
    (past,) = past_issues.past(store, "managers", before=date(2026, 4, 6))
    living = erased.story_of(store, a.key)
    assert set(past.items) == {article("early").key, living}
    assert past_issues.had(store, "managers", [living], before=date(2026, 4, 6)) == {living}
    assert {u.article for u in usage.of_issue(store, ISSUE)} == {a.key, b.key}
    assert [d.became for d in issues.log(store, ISSUE)][-2:] == ["awaiting approval", "approved"]
    assert [r.decision for _, r in issues.rulings_on_items(store, ISSUE)] == ["strike"]
    # Its articles are whole: read again, they are known.
    assert save(store, a, now=TUESDAY, pages=[]).new_articles == ()
    assert erased.story_of(store, b.key) == living
    with store.reading() as connection:
        assert connection.execute(select(labels.c.theme).where(labels.c.subject == f"article:{a.key}")).scalar()
        assert len(connection.execute(select(issue_items.c.issue)).all()) == 3
    # A backup of it is sound, and restores once more.
    store.close()
    house.store = reopened(house)
    again = made(house, tmp_path, "again.tar")
    assert restore(house, tmp_path, again, replace=True, now=TUESDAY + DAY).doubt is None
    assert restore(house, tmp_path, sunday, replace=True, now=TUESDAY + DAY).doubt is None
    assert states(house.store)["ann"] == "sent"


@in_a_file
def test_who_waits_for_an_issue_that_is_being_sent_gets_it_after_a_restore(house, sunday, tmp_path):
    issue = composed(house.store)
    sent(house.store, issue.id, (), left=1)
    restore(house, tmp_path, sunday, replace=True, now=TUESDAY)
    store = reopened(house)
    mailing, _ = sending.claim(store, by="t", now=TUESDAY)
    assert mailing.recipient == "cai@x.example"
    store.close()


@in_a_file
@pytest.mark.usefixtures("sunday")
def test_what_waited_in_the_backup_and_was_sent_since_is_not_sent_again(house, tmp_path):
    queued(house)
    file = made(house, tmp_path, "monday.tar")
    for state in ("sent", "refused"):
        mailing, _ = sending.claim(house.store, by="t", now=MONDAY)
        sending.mark(house.store, mailing, state, now=MONDAY)
    restore(house, tmp_path, file, replace=True, now=TUESDAY)
    assert states(house.store) == {"ann": "sent", "ben": "sent", "cai": "refused"}
    assert sending.claim(house.store, by="t", now=TUESDAY) is None


@in_a_file
@pytest.mark.parametrize("what", ["closed", "asked"])
def test_what_an_editor_closed_or_is_asked_about_is_not_begun_anew(house, sunday, tmp_path, what):
    store = house.store
    issue = composed(store)
    issues.move(store, issue.id, "awaiting approval", now=MONDAY, by="publish")
    proof = outbox.Letter(issue.id, "proof", "s", "t", "h")
    outbox.enqueue(store, proof, [("ed@x.example", None)], now=MONDAY, deadline=TUESDAY)
    if what == "closed":
        issues.move(store, issue.id, "not sent", now=MONDAY, by="Ed")
    state = issues.find(store, issue.id).state
    restore(house, tmp_path, sunday, replace=True, now=TUESDAY)
    store = reopened(house)
    assert issues.begin(store, "managers", *WEEK, now=TUESDAY)[0].state == state
    assert outbox.queued(store, ISSUE, "proof")
    store.close()


@in_a_file
def test_stops_of_the_old_store_hold(house, sunday, tmp_path):
    monday(house)
    restore(house, tmp_path, sunday, replace=True, now=TUESDAY)
    store = reopened(house)
    assert [r.address for r in recipients.of_edition(store, "managers")] == ["ann@x.example"]
    assert recipients.suppressed(store, "ben@x.example") == "unsubscribed"
    store.close()


def queued(house):
    """A backup in the middle of it: one has the issue, two wait, another issue waits for its editor."""
    store = house.store
    issue = composed(store)
    sent(store, issue.id, (), left=2)
    other = composed(store, edition="members")
    issues.move(store, other.id, "awaiting approval", now=MONDAY, by="publish", expires=MONDAY + 7 * DAY)
    return other


def test_where_the_old_store_is_lost_nothing_that_may_have_left_leaves_by_itself(house, tmp_path):
    other = queued(house)
    file = made(house, tmp_path, "monday.tar")
    lose(house)
    done = restore(house, tmp_path, file, now=TUESDAY)
    assert done.doubt == carried.Doubt(messages=2, waiting=1)
    store = reopened(house)
    assert states(store) == {"ann": "sent", "ben": "ambiguous", "cai": "ambiguous"}
    assert all("since the backup was made" in m.detail for m in outbox.troubled(store))
    assert sending.claim(store, by="t", now=TUESDAY) is None
    assert sending.sweep(store, now=TUESDAY + DAY, policy="resend-once") == 0
    # What waits gets another proof that says why; the first one's approval no longer counts.
    assert issues.proof(store, other.id) == 2
    assert "was restored" in issues.log(store, other.id)[-1].reason
    # What is begun now waits, if its days were over; next week's does not.
    for start, waits in ((WEEK[0], True), (date(2026, 4, 6), False)):
        issue, _ = issues.begin(store, "late", start, start + 6 * DAY, now=TUESDAY)
        assert bool(carried.may_have_left(store, issue)) is waits
    store.close()


@in_a_file
def test_who_is_asked_again_after_a_restore_has_the_days_of_a_first_proof(house, tmp_path):
    store, days = house.store, {"members": 4.0, "late": 9.0}
    expires = {"members": MONDAY + DAY / 2, "managers": MONDAY + 60 * DAY, "late": None, "closed": MONDAY + DAY}
    names = {edition: composed(store, edition=edition).id for edition in expires}
    for edition, until in expires.items():
        issues.move(store, names[edition], "awaiting approval", now=NOW, by="publish", expires=until)
    issues.move(store, names["members"], "held", now=NOW, by="Ed")
    issues.move(store, names["closed"], "not sent", now=NOW, by="Ed")
    file = made(house, tmp_path)
    lose(house)
    done = restore(house, tmp_path, file, now=TUESDAY, answer_days=days)
    assert done.doubt.waiting == 3
    assert issues.expire(house.store, now=TUESDAY) == ()
    found = {edition: issues.find(house.store, name).expires for edition, name in names.items()}
    assert found == {
        "members": TUESDAY + 4 * DAY, "managers": expires["managers"], "late": TUESDAY + 9 * DAY,
        "closed": expires["closed"],
    }  # fmt: skip


@in_a_file
def test_a_store_begun_anew_on_an_empty_disk_knows_nothing_either(house, sunday, tmp_path):
    lose(house)
    house.store = reopened(house)
    runs.end(house.store, runs.begin(house.store, "collect", now=MONDAY), now=MONDAY, counts={})
    assert restore(house, tmp_path, sunday, replace=True, now=TUESDAY).doubt is not None
    assert carried.may_have_left(house.store, issues.begin(house.store, "managers", *WEEK, now=TUESDAY)[0])


@in_a_file
def test_what_was_not_known_once_is_not_known_the_next_time(house, sunday, tmp_path):
    """Two backups of one Monday, and the disk lost after it: the earlier one first, then the later one over it."""
    queued(house)
    later = made(house, tmp_path, "later.tar")
    lose(house)
    restore(house, tmp_path, sunday, now=TUESDAY)
    done = restore(house, tmp_path, later, replace=True, now=TUESDAY + DAY)
    assert done.doubt.messages == 2
    assert states(house.store) == {"ann": "sent", "ben": "ambiguous", "cai": "ambiguous"}
    # Of a backup made after that, the store knows what followed.
    house.store = reopened(house)
    last = made(house, tmp_path, "last.tar")
    assert backup.read_manifest(last).made == NOW.isoformat()


@in_a_file
def test_a_restore_counts_its_own_doubts_and_not_those_of_an_earlier_one(house, tmp_path):
    other = queued(house)
    file = made(house, tmp_path, "monday.tar")
    lose(house)
    assert restore(house, tmp_path, file, now=TUESDAY).doubt == carried.Doubt(messages=2, waiting=1)
    house.store = store = reopened(house)
    third = composed(store, edition="late")
    issues.move(store, third.id, "awaiting approval", now=TUESDAY, by="publish")
    issues.note(store, third.id, now=TUESDAY, by="restore", proved=True, reason=erased.ERASED)
    again = made(house, tmp_path, "again.tar")
    lose(house)
    assert restore(house, tmp_path, again, now=TUESDAY + DAY).doubt == carried.Doubt(messages=0, waiting=2)
    house.store = store = reopened(house)
    issues.move(store, other.id, "not sent", now=TUESDAY + DAY, by="Ed")
    last = made(house, tmp_path, "last.tar")
    lose(house)
    assert restore(house, tmp_path, last, now=TUESDAY + 2 * DAY).doubt == carried.Doubt(messages=0, waiting=1)


@in_a_file
def test_where_somebody_knows_that_nothing_was_sent_all_goes_on(house, tmp_path):
    queued(house)
    file = made(house, tmp_path, "moved.tar")
    lose(house)
    assert restore(house, tmp_path, file, nothing_sent=True, now=TUESDAY).doubt is None
    store = reopened(house)
    assert states(store) == {"ann": "sent", "ben": "new", "cai": "new"}
    assert carried.may_have_left(store, issues.begin(store, "late", *WEEK, now=TUESDAY)[0]) is None
    store.close()


@contextmanager
def meanwhile(monkeypatch, house, change):
    """Something changes in the store that is there, just before the backup takes its place."""
    real = restoring._bring

    def bring(*given):
        store = reopened(house)
        change(store)
        store.close()
        return real(*given)

    with monkeypatch.context() as patched:
        patched.setattr(restoring, "_bring", bring)
        yield


def restore_is_refused(house, tmp_path, sunday):
    with pytest.raises(backup.BackupError, match="while the backup was made ready"):
        restore(house, tmp_path, sunday, replace=True, now=TUESDAY)


def test_what_is_sent_while_the_backup_is_made_ready_keeps_the_old_store(house, sunday, tmp_path, monkeypatch):
    monday(house, left=1)
    with meanwhile(
        monkeypatch, house, lambda store: recipients.suppress(store, "ann@x.example", "unsubscribed", now=TUESDAY)
    ):
        restore_is_refused(house, tmp_path, sunday)
    restore(house, tmp_path, sunday, replace=True, now=TUESDAY)
    assert recipients.suppressed(house.store, "ann@x.example") == "unsubscribed"


@in_a_file
@pytest.mark.usefixtures("sunday")
def test_a_store_that_turns_out_damaged_half_way_is_a_lost_one(house, tmp_path):
    monday(house)
    file = made(house, tmp_path, "queued.tar")
    house.store.close()
    with (Path(house.address)).open("r+b") as damaged:  # its beginning is sound, its tables are not
        damaged.seek(8192)
        damaged.write(os.urandom(200_000))
    done = restore(house, tmp_path, file, replace=True, now=TUESDAY)
    assert done.doubt is not None
    assert carried.may_have_left(house.store, issues.begin(house.store, "late", *WEEK, now=TUESDAY)[0])


KILLS = {"sqlite": ("_made_ready:after", "_switch:before"), "postgresql": ("_made_ready:after", "sums:after")}


@pytest.mark.parametrize(("house", "where"), [(on, w) for on in KINDS for w in KILLS[on]], indirect=["house"])
def test_killed_half_way_the_promise_holds_all_the_same(house, sunday, tmp_path, where):
    monday(house)
    code = KILLED.format(
        home=str(HOME), where=where, output=str(house.output), file=str(sunday),
        config=str(tmp_path / "config"), key=KEY, address=str(house.address),
    )  # fmt: skip
    house.store.close()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert states(house.store) == dict.fromkeys(("ann", "ben", "cai"), "sent")
    restore(house, tmp_path, sunday, replace=True, now=TUESDAY)
    assert states(house.store) == dict.fromkeys(("ann", "ben", "cai"), "sent")
    assert articles.known(house.store, [article("late").key])


# ---------------------------------------------------------------- who asked for no more mail


def stopped_on_monday(house):
    """One by e-mail, one by telephone who came later than the backup, one taken off by hand, one taken off and back."""
    store = house.store
    recipients.unsubscribe(store, "ben@x.example", now=MONDAY)
    recipients.add(store, "managers", "new@x.example", now=MONDAY)
    recipients.unsubscribe(store, "new@x.example", now=MONDAY, detail="by telephone")
    recipients.remove(store, "managers", "cai@x.example", now=MONDAY)
    recipients.remove(store, "managers", "ann@x.example", now=MONDAY)
    stopped.remember(store)
    recipients.add(store, "managers", "ann@x.example", now=TUESDAY)
    stopped.allow(store, ["ann@x.example"], "managers", TUESDAY)


def test_who_stopped_after_the_backup_stays_stopped_be_the_disk_lost(house, sunday, tmp_path):
    stopped_on_monday(house)
    assert "@" not in erasing.ledger_file().read_text()
    lose(house)
    restore(house, tmp_path, sunday, now=TUESDAY + DAY)
    store = house.store = reopened(house)
    assert [r.address for r in recipients.of_edition(store, "managers")] == ["ann@x.example"]
    assert recipients.suppressed(store, "ben@x.example") == "unsubscribed"
    assert recipients.suppressed(store, "cai@x.example") is None  # she may be added again
    # Of somebody who came and stopped after it, the address is not there; when it comes, she is known.
    recipients.take_in(store, "managers", ["New@x.example"], now=TUESDAY + DAY)
    assert recipients.suppressed(store, "new@x.example") == "unsubscribed"
    assert [r.address for r in recipients.of_edition(store, "managers")] == ["ann@x.example"]
    assert keys.faults(store) == ()


@in_a_file
def test_who_came_back_after_the_backup_is_not_stopped_by_it(house, tmp_path):
    store = house.store
    recipients.take_in(store, "managers", ["ann@x.example"], now=NOW)
    recipients.unsubscribe(store, "ann@x.example", now=NOW)
    stopped.remember(store)
    file = made(house, tmp_path)
    assert recipients.unsuppress(store, "ann@x.example")
    stopped.allow(store, ["ann@x.example"], "", MONDAY)
    lose(house)
    restore(house, tmp_path, file, now=TUESDAY)
    assert recipients.suppressed(house.store, "ann@x.example") is None


@in_a_file
@pytest.mark.usefixtures("sunday")
def test_a_list_of_stops_that_was_lost_is_written_anew(house):
    stopped_on_monday(house)
    before = {e.value for e in ledger.read(erasing.ledger_file()) if e.kind == "stopped"}
    erasing.ledger_file().unlink()
    erasing.in_ledger(house.store, NOW)
    erasing.in_ledger(house.store, NOW)
    again = [e.value for e in ledger.read(erasing.ledger_file())]
    assert set(again) == before
    assert len(erasing.ledger_file().read_text().splitlines()) == 5  # two editions' worth of three, and two stops


def test_of_stops_and_returns_the_later_one_holds(tmp_path):
    path = tmp_path / "forgotten"

    def entry(kind, day):
        return ledger.Entry(kind, "ab" * 16, "", f"2026-04-0{day}T00:00:00.000000+00:00")

    assert ledger.add(path, [entry("stopped", 2), entry("stopped", 3)]) == 1
    assert ledger.add(path, [entry("allowed", 4), entry("stopped", 3)]) == 1
    assert [e.kind for e in ledger.read(path)] == ["allowed"]
    assert ledger.add(path, [entry("stopped", 5)]) == 1
    assert [e.kind for e in ledger.read(path)] == ["stopped"]


def test_a_list_of_another_account_is_to_be_given_back(tmp_path, monkeypatch):
    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")  # root may do all, so a mode would show nothing here

    path = tmp_path / "forgotten"
    for name in ("pathlib.Path.read_text", "os.open"):
        monkeypatch.setattr(name, refused)
        with pytest.raises(ledger.LedgerError, match=f"sudo chown ACCOUNT {path}"):
            ledger.add(path, [ledger.Entry("stopped", "ab" * 16, "", NOW.isoformat())])
        monkeypatch.undo()


def test_a_return_is_listed_where_no_stop_is(tmp_path):
    """What came back is stopped and not listed; who is put on an edition is not, unless they were taken off it."""
    path = tmp_path / "forgotten"

    def entry(day, scope=""):
        return ledger.Entry("allowed", "ab" * 16, scope, f"2026-04-0{day}T00:00:00.000000+00:00")

    assert ledger.add(path, [entry(1), entry(1)]) == 1
    assert ledger.add(path, [entry(2)]) == 1  # it may have come back once more
    assert ledger.add(path, [entry(1)]) == 0
    assert ledger.add(path, [entry(3, "managers")]) == 0
    assert [e.at[:10] for e in ledger.read(path)] == ["2026-04-02"]


# ---------------------------------------------------------------- who wants mail again, and who was taken off


def of(store, edition="managers"):
    return [r.address[:3] for r in recipients.of_edition(store, edition)]


def allow(store, address, now, edition=None):
    """What the commands `recipients allow` and `recipients add` do."""
    if edition is None:
        recipients.unsuppress(store, address)
    else:
        recipients.add(store, edition, address, now=now)
    stopped.allow(store, [address], edition or "", now)


def kept_from_mail(house):
    """Of three readers one asked for no more mail, what another was sent came back, one was taken off the edition."""
    store = house.store
    recipients.unsubscribe(store, "ann@x.example", now=NOW + DAY / 4)
    recipients.suppress(store, "ben@x.example", "bounced", now=NOW + DAY / 4)
    recipients.remove(store, "managers", "cai@x.example", now=NOW + DAY / 4)


def wanted_again(house):
    for name in ("ann", "ben"):
        allow(house.store, f"{name}@x.example", MONDAY)
    for name in ("ann", "cai"):
        allow(house.store, f"{name}@x.example", MONDAY, "managers")


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("listed", [False, True])  # the stops may be older than the list, or the list be lost
@pytest.mark.usefixtures("sunday")
def test_who_wants_mail_again_is_not_stopped_by_an_older_backup(house, tmp_path, lost, listed):
    kept_from_mail(house)
    file = made(house, tmp_path, "stopped.tar")
    if listed or lost:
        stopped.remember(house.store)
    wanted_again(house)
    if lost:
        lose(house)
    restore(house, tmp_path, file, replace=True, now=TUESDAY)
    house.store = reopened(house)
    assert of(house.store) == ["ann", "ben", "cai"]
    assert recipients.suppressions(house.store) == ()
    # Nor by the next restore of the same.
    restore(house, tmp_path, file, replace=True, now=TUESDAY + DAY)
    assert of(house.store) == ["ann", "ben", "cai"]


@in_a_file
@pytest.mark.usefixtures("sunday")
def test_whose_address_failed_twice_may_come_back_twice(house, tmp_path):
    store = house.store
    for day in range(2):
        recipients.suppress(store, "ben@x.example", "bounced", now=NOW + day * DAY)
        file = made(house, tmp_path, f"{day}.tar")
        allow(store, "ben@x.example", NOW + (day + 0.5) * DAY)
    lose(house)
    restore(house, tmp_path, file, now=TUESDAY)
    assert recipients.suppressed(house.store, "ben@x.example") is None


@in_a_file
def test_readers_who_came_since_the_backup_stay(house, sunday, tmp_path):
    recipients.add(house.store, "managers", "dot@x.example", name="Dot", now=MONDAY)
    restore(house, tmp_path, sunday, replace=True, now=TUESDAY)
    assert of(house.store) == ["ann", "ben", "cai", "dot"]


@in_a_file
def test_a_store_that_does_not_know_all_takes_no_stop_away(house, sunday, tmp_path):
    """Two backups, and the disk lost after them: the later one's stops are none of the store of the earlier one."""
    kept_from_mail(house)
    later = made(house, tmp_path, "later.tar")
    lose(house)
    restore(house, tmp_path, sunday, now=TUESDAY)
    house.store = reopened(house)
    recipients.suppress(house.store, "ann@x.example", "bounced", now=TUESDAY)
    restore(house, tmp_path, later, replace=True, now=TUESDAY + DAY)
    store = house.store = reopened(house)
    assert {a[:3]: why for a, why, *_ in recipients.suppressions(store)} == {"ann": "unsubscribed", "ben": "bounced"}
    assert of(store) == []


@pytest.mark.parametrize("lost", [False, True])
def test_who_was_taken_off_an_edition_is_not_brought_back_by_its_list_of_readers(house, sunday, tmp_path, lost):
    """The edition's file names readers; the backup of Sunday knows neither of these as readers of it."""
    store, named = house.store, ["ann@x.example", "dot@x.example", "eve@x.example"]
    for edition, names in (("managers", named), ("members", ["ann@x.example", "eve@x.example"])):
        recipients.take_in(store, edition, names, now=MONDAY)
    recipients.remove(store, "members", "ann@x.example", now=MONDAY)  # known on Sunday, of another edition
    recipients.remove(store, "managers", "dot@x.example", now=MONDAY)
    recipients.unsubscribe(store, "eve@x.example", now=MONDAY)
    stopped.remember(store)
    if lost:
        lose(house)
    restore(house, tmp_path, sunday, replace=True, now=TUESDAY)
    store = house.store = reopened(house)
    for _ in range(2):
        recipients.take_in(store, "managers", named, now=TUESDAY)
        recipients.take_in(store, "members", ["ann@x.example", "dot@x.example"], now=TUESDAY)
        assert of(store) == ["ann", "ben", "cai"]
        assert of(store, "members") == ["dot"]
    assert keys.faults(store) == ()
    # Allowed and not added: on no list. By hand, they come back, and stay over the next restore.
    allow(store, "eve@x.example", TUESDAY)
    recipients.take_in(store, "managers", named, now=TUESDAY)
    assert of(store) == ["ann", "ben", "cai"]
    for name in ("dot", "eve"):
        allow(store, f"{name}@x.example", TUESDAY, "managers")
    restore(house, tmp_path, sunday, replace=True, now=TUESDAY + DAY)
    assert of(house.store) == ["ann", "ben", "cai", "dot", "eve"]
    assert keys.faults(house.store) == ()


@in_a_file
def test_who_is_added_by_hand_is_no_longer_kept_off(house, sunday, tmp_path):
    recipients.take_in(house.store, "managers", ["dot@x.example"], now=MONDAY)
    recipients.remove(house.store, "managers", "dot@x.example", now=MONDAY)
    stopped.remember(house.store)
    lose(house)
    restore(house, tmp_path, sunday, now=TUESDAY)
    store = house.store = reopened(house)
    allow(store, "dot@x.example", TUESDAY, "managers")
    recipients.take_in(store, "managers", ["dot@x.example"], now=TUESDAY)
    assert of(store) == ["ann", "ben", "cai", "dot"]
    assert keys.faults(store) == ()
    # A backup of the store that knew her by hash alone no longer keeps her off either.
    assert [e.kind for e in ledger.read(erasing.ledger_file())] == ["allowed"]


def test_a_stop_known_by_hash_alone_ends_with_what_allowed_it(house):
    at = [stops.Stop("ab" * 16, scope, NOW) for scope in ("", "managers")]
    back = [stops.Stop("ab" * 16, scope, MONDAY) for scope in ("", "managers")]
    assert stops.hold(house.store, at) == 0
    assert set(stops.asked(house.store)) == set(at)
    stops.hold(house.store, (), back[:1])
    assert stops.asked(house.store) == (at[1],)
    stops.hold(house.store, (), [stops.Stop("ab" * 16, "managers", NOW - DAY)])
    assert stops.asked(house.store) == (at[1],)
    stops.hold(house.store, (), back[1:])
    assert stops.asked(house.store) == ()


@in_a_file
def test_a_reader_who_stops_while_the_backup_is_made_ready_keeps_the_old_store(house, sunday, tmp_path, monkeypatch):
    with meanwhile(
        monkeypatch, house, lambda store: recipients.remove(store, "managers", "ann@x.example", now=TUESDAY)
    ):
        restore_is_refused(house, tmp_path, sunday)


@in_a_file
@pytest.mark.parametrize("value", ["mail_suppressions SET at = 'never'", "issues SET digest = x'017f'"])
@pytest.mark.usefixtures("sunday")
def test_a_store_whose_values_are_damaged_is_a_lost_one(house, tmp_path, value):
    monday(house)
    file = made(house, tmp_path, "monday.tar")
    with house.store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE {value}")
    assert restore(house, tmp_path, file, replace=True, now=TUESDAY).doubt is not None
    assert states(house.store)["ann"] == "sent"
