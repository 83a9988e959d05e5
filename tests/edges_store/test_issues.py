"""One issue for an edition and a period, and nothing leaves without a named decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cuttings.edges.store import (
    StoreError,
    issues,
    judged,
    open_store,
    outbox,
    past_issues,
    recipients,
    sending,
    stories,
    usage,
)
from cuttings.edges.store.issues import IssueFile
from cuttings.edges.store.recipients import BadAddress
from cuttings.edges.store.usage import Use
from cuttings.model import Audit, Digest, Item, PastIssue, Ruling, Section, Words
from tests.edges_store.made import DAY, NOW, article, save

START, END = date(2026, 3, 30), date(2026, 4, 5)
PDF = IssueFile("pdf", "issues/managers/1.pdf", "a" * 64, 123_456)


def item(of, version=1, theme="home-care"):
    return Item(
        number="M1",
        story=of.key,
        article=of.key,
        version=version,
        source="The Weekly",
        headline=Words(of.title, "source"),
        url=of.url,
        byline=Words("The Weekly", "count"),
        marks=(),
        theme=theme,
        because=("local", "discussed"),
    )


def digest(*of, empty=False, asked="Does every team have time to learn?"):
    heading, question = Words("Home care", "configuration"), Words(asked, "configuration")
    section = Section("home-care", heading, 0, tuple(item(a) for a in of), question=question)
    return Digest(
        edition="managers",
        name="Cuttings for managers",
        audience="managers",
        council="Fellshire",
        service="Adult social care",
        number=1,
        start=START,
        end=END,
        composed=NOW,
        title=Words("Cuttings for managers", "configuration"),
        sources=Words("Sources read: 1 of 1.", "count"),
        contact=(),
        contact_email="officer@fellshire.example",
        in_brief=(),
        sections=(section,) if of else (),
        also_read=(),
        diary=(),
        readers=(),
        trend=None,
        explained=(),
        made=(),
        notices=(),
        audit=Audit(pages_in=1, pages_read=1, articles=1, stories=1),
        stories={"home-care": len(of)},
        empty=empty,
    )


def composed(store, of=(), start=START, end=END, edition="managers"):
    issue, _ = issues.begin(store, edition, start, end, now=NOW)
    return issues.save(store, issue.id, digest(*of), [PDF], now=NOW)


def printed(store, of=(), **period):
    issue = composed(store, of, **period)
    issues.move(store, issue.id, "approved", now=NOW, by="Ed Itor")
    return issue


def test_a_second_publish_finds_the_first(store):
    first, new = issues.begin(store, "managers", START, END, now=NOW)
    assert new
    assert first.id == "managers-2026-03-30-2026-04-05"
    assert issues.begin(store, "managers", START, END, now=NOW + DAY) == (first, False)
    other, new = issues.begin(store, "members", START, END, now=NOW)
    assert new
    assert other.number == 1


def test_what_was_composed_is_kept_whole(store):
    a = article()
    save(store, a)
    issue = composed(store, [a])
    assert issue.state == "composed"
    assert issue.digest == digest(a)
    assert issue.file("pdf") == PDF
    assert issues.of_period(store, "managers", START, END) == issue == issues.find(store, issue.id)
    assert past_issues.printed_in(store, a.key) == (issue.id,)


def test_composed_again_it_replaces_itself_until_it_is_approved(store):
    a, b = article("a"), article("b")
    save(store, a)
    save(store, b)
    issue = composed(store, [a, b])
    issues.move(store, issue.id, "awaiting approval", now=NOW, by="publish", expires=NOW + 3 * DAY)
    again = issues.save(store, issue.id, digest(b), [], now=NOW + DAY)
    assert (again.state, again.files) == ("awaiting approval", ())
    assert past_issues.printed_in(store, a.key) == ()
    issues.move(store, issue.id, "approved", now=NOW, by="Ed Itor")
    with pytest.raises(StoreError, match="can't change any more"):
        issues.save(store, issue.id, digest(a), [], now=NOW + DAY)


def test_an_empty_period_has_an_issue_without_a_number_of_its_own(store):
    issue, _ = issues.begin(store, "managers", START, END, now=NOW)
    assert issues.save(store, issue.id, digest(empty=True), [], now=NOW).state == "empty"
    later, _ = issues.begin(store, "managers", END, END + timedelta(days=7), now=NOW)
    assert later.number == 1


def test_numbers_count_within_the_edition(store):
    printed(store)
    issue, _ = issues.begin(store, "managers", END + timedelta(days=1), END + timedelta(days=7), now=NOW)
    assert issue.number == 2


def test_every_decision_is_logged_with_its_name(store):
    issue = composed(store)
    issues.move(store, issue.id, "awaiting approval", now=NOW, by="publish", proved=True)
    issues.move(store, issue.id, "held", now=NOW + DAY, by="Ed Itor", reason="a name in it")
    issues.move(store, issue.id, "approved", now=NOW + 2 * DAY, by="Ed Itor", proved=True)
    assert [(d.was, d.became, d.by, d.proved) for d in issues.log(store, issue.id)] == [
        ("begun", "composed", "composing", True),
        ("composed", "awaiting approval", "publish", True),
        ("awaiting approval", "held", "Ed Itor", False),
        ("held", "approved", "Ed Itor", True),
    ]
    with pytest.raises(ValueError, match="name"):
        issues.move(store, issue.id, "delivering", now=NOW, by=" ")


def test_the_same_decision_twice_is_one(store):
    issue = composed(store)
    assert issues.move(store, issue.id, "approved", now=NOW, by="Ed Itor")
    assert not issues.move(store, issue.id, "approved", now=NOW + DAY, by="Ed Itor")
    assert len(issues.log(store, issue.id)) == 2


def test_two_deliveries_that_end_together_agree_on_what_became_of_the_issue(store):
    issue = printed(store)
    assert issues.bring_on(store, issue.id, "delivered", now=NOW, by="deliver")
    assert not issues.bring_on(store, issue.id, "delivering", now=NOW, by="deliver")  # the slower of the two
    assert not issues.bring_on(store, issue.id, "delivered", now=NOW, by="deliver")
    assert issues.find(store, issue.id).state == "delivered"


def test_what_an_editor_holds_meanwhile_no_delivery_brings_on(store):
    issue = printed(store)
    issues.move(store, issue.id, "held", now=NOW, by="Ed Itor")
    assert not issues.bring_on(store, issue.id, "delivering", now=NOW, by="deliver")
    assert issues.find(store, issue.id).state == "held"


@pytest.mark.parametrize("state", ["expired", "not sent", "delivered", "empty"])
def test_nothing_that_ended_is_ever_approved(store, state):
    assert "approved" not in issues.MOVES[state]
    reachable = set(issues.MOVES[state]) - {"composed"}
    assert not reachable & set(issues.LEAVING)
    assert set(issues.MOVES) >= set().union(*issues.MOVES.values())
    assert issues.latest(store) == ()


def test_no_answer_expires_into_not_sent(store):
    issue = composed(store)
    issues.move(store, issue.id, "awaiting approval", now=NOW, by="publish", expires=NOW + DAY)
    assert issues.expire(store, now=NOW) == ()
    assert issues.expire(store, now=NOW + DAY) == (issue.id,)
    with pytest.raises(StoreError, match="can't become 'approved'"):
        issues.move(store, issue.id, "approved", now=NOW + DAY, by="Ed Itor")


def test_a_revision_follows_what_has_left_the_house(store):
    issue = composed(store)
    with pytest.raises(StoreError, match="change it instead"):
        issues.revise(store, issue.id, now=NOW, by="Ed Itor", reason="a wrong figure")
    issues.move(store, issue.id, "approved", now=NOW, by="Ed Itor")
    second = issues.revise(store, issue.id, now=NOW, by="Ed Itor", reason="a wrong figure")
    assert (second.id, second.revision, second.number) == (f"{issue.id}-r2", 2, issue.number)
    assert issues.of_period(store, "managers", START, END) == second
    assert issues.begin(store, "managers", START, END, now=NOW) == (second, False)


def test_an_issue_that_is_not_there(store):
    with pytest.raises(StoreError, match="no issue 'x'"):
        issues.move(store, "x", "approved", now=NOW, by="Ed Itor")
    assert issues.find(store, "x") is None


def test_latest_by_state_and_edition(store):
    issue = composed(store)
    assert [i.id for i in issues.latest(store, states=["composed"])] == [issue.id]
    assert issues.latest(store, edition="members") == ()


def test_what_was_printed_before_for_the_next_issue(store):
    a, b = article("a"), article("b")
    save(store, a)
    save(store, b, now=NOW + DAY)
    printed(store, [b])
    given_up = composed(store, [a], start=date(2026, 3, 23), end=date(2026, 3, 29))
    issues.move(store, given_up.id, "not sent", now=NOW, by="Ed Itor")
    (past,) = past_issues.past(store, "managers", before=date(2026, 4, 6))
    asked = ("Does every team have time to learn?",)
    assert past == PastIssue(1, START, END, {b.key: 1}, asked, {"home-care": 1}, articles={b.key: b.key}, composed=NOW)
    assert past_issues.past(store, "managers", before=START) == ()
    assert past_issues.past(store, "members", before=date(2026, 4, 6)) == ()
    stories.merge(store, [a.key, b.key], now=NOW, because="late")
    (past,) = past_issues.past(store, "managers", before=date(2026, 4, 6))
    assert past.items == {a.key: 1}


def test_of_a_revised_issue_the_revision_counts(store):
    a, b = article("a"), article("b")
    save(store, a)
    save(store, b)
    first = printed(store, [a])
    second = issues.revise(store, first.id, now=NOW, by="Ed Itor", reason="x")
    issues.save(store, second.id, digest(b), [], now=NOW)
    issues.move(store, second.id, "approved", now=NOW, by="Ed Itor")
    (past,) = past_issues.past(store, "managers", before=date(2026, 4, 6))
    assert past.items == {b.key: 1}


def test_uses_are_logged_once(store):
    use = Use("managers-1", "k", "weekly", "excerpt", 40, 12, NOW)
    assert usage.log(store, [use, replace(use, article="l")]) == 2
    assert usage.log(store, [use]) == 0
    assert usage.between(store, NOW, NOW + DAY) == (use, replace(use, article="l"))
    assert usage.between(store, NOW - DAY, NOW) == ()


# ---------------------------------------------------------------- recipients


def addresses_of(store, edition="managers"):
    return [r.address for r in recipients.of_edition(store, edition)]


def test_recipients_come_and_go_and_come_back(store):
    assert recipients.add(store, "managers", " Ann@Fellshire.example ", now=NOW, name="Ann Vole")
    assert not recipients.add(store, "managers", "ann@fellshire.EXAMPLE", now=NOW)
    assert addresses_of(store) == ["Ann@Fellshire.example"]
    assert recipients.remove(store, None, "ANN@fellshire.example", now=NOW + DAY) == 1
    assert addresses_of(store) == []
    assert recipients.add(store, "managers", "ann@fellshire.example", now=NOW + 2 * DAY)
    assert addresses_of(store) == ["ann@fellshire.example"]


def test_the_configurations_recipients_are_taken_in_once(store):
    assert recipients.take_in(store, "managers", ["a@x.example", "b@x.example"], now=NOW) == 2
    recipients.remove(store, "managers", "a@x.example", now=NOW)
    assert recipients.take_in(store, "managers", ["a@x.example", "c@x.example"], now=NOW) == 1
    assert addresses_of(store) == ["b@x.example", "c@x.example"]


def test_a_list_replaces_a_list_or_nothing_happens(store):
    recipients.take_in(store, "managers", ["a@x.example", "b@x.example"], now=NOW)
    with pytest.raises(BadAddress):
        recipients.replace_all(store, "managers", [("c@x.example", None), ("nobody", None)], now=NOW)
    assert addresses_of(store) == ["a@x.example", "b@x.example"]
    wanted = [("b@x.example", "Bo"), ("c@x.example", None)]
    assert recipients.replace_all(store, "managers", wanted, now=NOW) == (1, 1)
    assert addresses_of(store) == ["b@x.example", "c@x.example"]


def test_who_unsubscribed_gets_nothing_until_they_ask(store):
    recipients.take_in(store, "managers", ["a@x.example"], now=NOW)
    assert recipients.suppress(store, "a@x.example", "bounced", now=NOW, detail="550")
    assert recipients.suppress(store, "a@x.example", "bounced", now=NOW, detail="551")
    assert addresses_of(store) == []
    assert recipients.suppressions(store) == (("a@x.example", "bounced", NOW, "551"),)
    assert recipients.unsuppress(store, "a@x.example")
    assert addresses_of(store) == ["a@x.example"]


def test_a_bounce_takes_no_place_of_what_a_person_asked_for(store):
    recipients.take_in(store, "managers", ["a@x.example"], now=NOW)
    recipients.suppress(store, "A@x.example", "bounced", now=NOW - DAY, detail="550")
    assert recipients.unsubscribe(store, "A@x.example", now=NOW, detail="by telephone") == 1
    assert not recipients.suppress(store, "a@x.example", "bounced", now=NOW + DAY, detail="550")
    recipients.unsubscribe(store, "a@x.example", now=NOW + DAY)  # asked twice, the first holds
    assert recipients.suppressions(store) == (("A@x.example", "unsubscribed", NOW, "by telephone"),)


@pytest.mark.parametrize(
    "address",
    ["nobody", "@x.example", "a@", "a@x", "a b@x.example", "a@x..example", "a@-x.example", "a\r\nBcc: b@x.example",
     "a@x.example\nBcc: b", ".a@x.example", "a.@x.example", "a..b@x.example", "<a@x.example>", "a@b@x.example",
     "a@" + "x" * 64 + ".example", "a" * 65 + "@x.example", "a@x.example,b@x.example", "a@[127.0.0.1]",
     "a\x00@x.example", "=?utf-8?q?a?= <a@x.example>", "a\u202e@x.example", "a@x\u2028.example"],
)  # fmt: skip
def test_what_is_no_address_is_refused(lite, address):
    with pytest.raises(BadAddress):
        recipients.add(lite, "managers", address, now=NOW)
    assert recipients.every(lite) == ()


@pytest.mark.parametrize(
    ("address", "folded"),
    [
        ("Ann.Vole+list@Fellshire.Example", "ann.vole+list@fellshire.example"),
        ("ann@Bücher.example", "ann@xn--bcher-kva.example"),
        ("o'neil@x.example", "o'neil@x.example"),
    ],
)
def test_addresses_fold_for_comparing(address, folded):
    assert recipients.fold(address) == folded


def test_approved_and_queued_in_one_step_or_not_at_all(store):
    issue = composed(store)
    letter = outbox.Letter(issue.id, "edition", "s", "t", "<p>h</p>")
    with pytest.raises(BadAddress):
        outbox.release(store, letter, [("nobody", None)], by="Ed Itor", now=NOW, deadline=NOW + DAY)
    assert issues.find(store, issue.id).state == "composed"
    assert not outbox.settled(store, issue.id)
    to = [("a@x.example", None), ("b@x.example", None)]
    assert outbox.release(store, letter, to, by="Ed Itor", now=NOW, deadline=NOW + DAY, proved=True) == 2
    assert outbox.release(store, letter, to, by="Ed Itor", now=NOW, deadline=NOW + DAY) == 0
    assert issues.find(store, issue.id).state == "approved"
    issues.move(store, issue.id, "not sent", now=NOW, by="Ed Itor")
    with pytest.raises(StoreError, match="can't become 'approved'"):
        outbox.release(store, letter, to, by="Ed Itor", now=NOW, deadline=NOW + DAY)


def test_an_issue_to_nobody_is_settled_one_without_a_letter_is_not(store):
    issue = composed(store)
    issues.move(store, issue.id, "approved", now=NOW, by="Ed Itor")
    assert not outbox.settled(store, issue.id)
    letter = outbox.Letter(issue.id, "edition", "s", "t", "<p>h</p>")
    outbox.enqueue(store, letter, [], now=NOW, deadline=NOW + DAY)
    assert outbox.settled(store, issue.id)


def test_an_edition_is_queued_only_for_an_issue_that_may_leave(tmp_path):
    store = open_store(tmp_path / "a.db")
    issue = composed(store)
    letter = outbox.Letter(issue.id, "edition", "s", "t", "<p>h</p>")
    outbox.enqueue(store, letter, [("a@x.example", None)], now=NOW, deadline=NOW + DAY)
    assert sending.claim(store, by="one", now=NOW) is None
    issues.move(store, issue.id, "approved", now=NOW, by="Ed Itor")
    assert sending.claim(store, by="one", now=NOW) is not None


def test_what_an_issue_printed_or_an_editor_struck_years_ago_is_known(store):
    old, struck, free = (article(name) for name in ("old", "struck", "free"))
    for one in (old, struck, free):
        save(store, one)
    printed(store, [old], start=date(2020, 1, 6), end=date(2020, 1, 12))
    waits = composed(store, [free], start=date(2026, 3, 23), end=date(2026, 3, 29))
    issues.move(store, waits.id, "not sent", now=NOW, by="Ed Itor")
    judged.rule(store, [Ruling(f"item:{waits.id}/{struck.key}", "strike", None, "Ed Itor", NOW)])
    asked = [a.key for a in (old, struck, free)]
    assert past_issues.had(store, "managers", asked, before=START) == {old.key, struck.key}
    assert past_issues.had(store, "members", asked, before=START) == {struck.key}
    assert past_issues.had(store, "managers", asked, before=date(2020, 1, 6)) == {
        struck.key
    }  # its own issue, corrected


@pytest.mark.parametrize("state", ["approved", "expired"])
def test_who_was_quicker_than_the_calendar_is_let_be(store, state, monkeypatch):
    """Answered, or closed by another process, after the late ones were looked up and before they are closed."""
    quick, slow = composed(store), composed(store, start=date(2026, 3, 23), end=date(2026, 3, 29))
    for issue in (quick, slow):
        issues.move(store, issue.id, "awaiting approval", now=NOW, by="publish", expires=NOW + DAY)
    real, meanwhile = type(store).writing, [quick.id]

    def writing(opened):
        if meanwhile:
            issues.move(store, meanwhile.pop(), state, now=NOW, by="Ed Itor")
        return real(opened)

    monkeypatch.setattr(type(store), "writing", writing)
    assert issues.expire(store, now=NOW + DAY) == (slow.id,)
    assert issues.find(store, quick.id).state == state
    assert [d.by for d in issues.log(store, quick.id) if d.became == state] == ["Ed Itor"]
