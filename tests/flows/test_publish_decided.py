"""From the proof to the copy on request: nothing leaves without a name, and nobody gets an issue twice."""

import email
import threading
from email import policy
from pathlib import Path

import pytest

from cuttings.edges.store import StoreError, issues, outbox, runs, usage
from cuttings.model import when
from tests.edges_store.made import article, save

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect")]

EDITOR, DEPUTY = "editor@fellshire.example", "deputy@fellshire.example"
ISSUE = "managers-2026-10-26-2026-11-01"
TITLES = ("Night care grows", "A new rota for the north", "Meals on wheels return")


@pytest.fixture
def desk(home):
    """A house with three articles in the store, and a managers' edition that needs an approval."""
    editions = (home.config / "editions.toml").read_text()
    home.write(
        editions=editions.replace(
            'id = "managers"', f'id = "managers"\napproval = true\neditor = "{EDITOR}"\ndeputy = "{DEPUTY}"'
        )
    )
    store = home.store
    for n, title in enumerate(TITLES):
        made = article(f"a{n}", published=f"2026-10-{27 + n}", title=title, repairs=())
        save(store, made, now=when("2026-10-30"), themes=("workforce",))
    store.close()
    return home


def publish(*arguments, **parameters):
    from flows.publish import publish

    return publish(*arguments, **parameters)


def decide(*arguments, **parameters):
    from flows.decide import decide

    return decide(*arguments, **parameters)


def deliver():
    from flows.deliver import deliver

    return deliver()


def remind():
    """As the schedule does, every hour."""
    from flows.deadlines import BY, DECISION

    return decide("", DECISION, BY)


def letters(home, to, subject=""):
    """The messages to somebody, the latest last."""
    read = [
        email.message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted(home.messages(), key=lambda p: p.stat().st_mtime_ns)
    ]
    return [m for m in read if m["To"].addresses[0].addr_spec == to and str(m["Subject"]).startswith(subject)]


def words(message):
    return message.get_body(("plain",)).get_content()


def page(home):
    return Path(issues.find(home.store, ISSUE).file("html").path).read_text()


def test_an_issue_is_proved_changed_and_approved_and_corrected_and_copied(desk):
    assert publish("managers").state == "awaiting approval"
    for address in (EDITOR, DEPUTY):
        (proof,) = letters(desk, address, "Proof: ")
        assert [p.get_content_type() for p in proof.iter_attachments()] == ["application/pdf", "text/html"]
        assert f"./run approve {ISSUE} --proof 1" in words(proof)
    first = {i.headline.text: i.number for i in issues.find(desk.store, ISSUE).digest.items}

    # Taken out; clicked twice, it takes out one item and is rendered once.
    assert decide(ISSUE, "strike", "Ed Itor", reason="not ours", item=first[TITLES[0]]) == "made anew as proof 2"
    assert decide(ISSUE, "strike", "Ed Itor", reason="not ours", item=first[TITLES[0]]) == "done already"
    assert TITLES[0] not in page(desk)
    assert TITLES[1] in page(desk)
    proof = letters(desk, EDITOR, "Proof 2: ")[-1]
    assert "taken out: not ours (Ed Itor)" in words(proof)
    assert TITLES[0] not in words(proof).partition("Without an approval")[2]

    # Written, by name, and printed as the editor's.
    item = next(i for i in issues.find(desk.store, ISSUE).digest.items if i.headline.text == TITLES[1])
    said = {"headline": "Staff in the north get a new rota", "summary": "The rota starts in May."}
    assert decide("", "write", "Ed Itor", item=item.number, **said) == "made anew as proof 3"
    written = next(i for i in issues.find(desk.store, ISSUE).digest.items if i.story == item.story)
    assert (written.headline.text, written.headline.by) == (f"[{said['headline']}]", "Ed Itor")
    assert (written.summary.origin, written.summary.by) == ("editor", "Ed Itor")
    assert said["summary"] in page(desk)

    # An approval of what was not the latest proof is none.
    with pytest.raises(ValueError, match="changed since proof 2"):
        decide(ISSUE, "approve", "Ed Itor", proof=2)
    assert not letters(desk, "anna@fellshire.example")
    assert decide(ISSUE, "approve", "Ed Itor", proof=3) == "approved"
    (had,) = letters(desk, "anna@fellshire.example")
    assert words(had).count(said["headline"]) == 1
    approval = next(d for d in issues.log(desk.store, ISSUE) if d.became == "approved")
    assert (approval.by, approval.proved) == ("Ed Itor", False)
    with pytest.raises(StoreError, match="can't be changed any more"):
        decide(ISSUE, "strike", "Ed Itor", reason="too late", item="M1")
    uses = usage.of_issue(desk.store, ISSUE)
    assert {(u.source, u.recipients) for u in uses} == {("weekly", 2)}
    assert len(uses) == 2

    # Sent again to one reader: by name, with a Message-ID of its own, and a second click is the same wish.
    again = {"resend_to": "Anna@fellshire.example"}
    with pytest.raises(StoreError, match="say who asks"):
        publish("managers", **again)
    assert publish("managers", by="Ed Itor", **again).state == "sent again"
    publish("managers", by="Ed Itor", **again)
    both = letters(desk, "anna@fellshire.example")
    assert len(both) == len({m["Message-ID"] for m in both}) == 2
    with pytest.raises(StoreError, match="not on the list"):
        publish("managers", by="Ed Itor", resend_to="stranger@x.example")
    assert [d.reason for d in issues.log(desk.store, ISSUE)][-1] == "sent again to Anna@fellshire.example"

    # Corrected: to those who had it, once, with what was wrong as its first words.
    from cuttings.edges.store import recipients
    from flows.publish import correct

    recipients.add(desk.store, "managers", "new@fellshire.example", now=when("2026-11-02"))
    recipients.remove(desk.store, "managers", "ben@fellshire.example", now=when("2026-11-02"))
    assert correct(ISSUE, "The rota starts in June.", "Ed Itor").state == "awaiting approval"
    assert decide(f"{ISSUE}-r2", "approve", "Ed Itor") == "approved"
    correct(ISSUE, "The rota starts in June.", "Ed Itor")  # asked twice
    for address, n in (("anna@fellshire.example", 1), ("ben@fellshire.example", 1), ("new@fellshire.example", 0)):
        assert len(letters(desk, address, "Correction: ")) == n, address
    corrected = issues.find(desk.store, f"{ISSUE}-r2")
    assert (corrected.state, corrected.number) == ("delivered", 1)
    html = Path(corrected.file("html").path).read_text()
    assert html.index("The rota starts in June.") < html.index(said["headline"])
    assert TITLES[0] not in html  # what was struck stays struck


def test_a_change_that_leaves_nothing_or_is_badly_asked_changes_nothing(desk):
    publish("managers")
    items = [i.number for i in issues.find(desk.store, ISSUE).digest.items]
    with pytest.raises(ValueError, match="say why"):
        decide(ISSUE, "strike", "Ed Itor", item=items[0])
    with pytest.raises(ValueError, match="too long"):
        decide(ISSUE, "write", "Ed Itor", item=items[0], summary="word " * 61)
    with pytest.raises(ValueError, match="has no item 'M9'"):
        decide(ISSUE, "strike", "Ed Itor", item="M9", reason="x")
    for n in range(len(items) - 1):
        decide(ISSUE, "strike", "Ed Itor", item="M1", reason=f"reason {n}")
    with pytest.raises(StoreError, match="holds nothing"):
        decide(ISSUE, "strike", "Ed Itor", item="M1", reason="the last")
    left = issues.find(desk.store, ISSUE)
    assert (left.state, len(left.digest.items)) == ("awaiting approval", 1)
    assert issues.proof(desk.store, ISSUE) == len(items)
    assert len(issues.rulings_on_items(desk.store, ISSUE)) == len(items) - 1
    # A struck item, named by its address, comes back.
    struck = next(u for u in ("https://news.example/a0", "https://news.example/a1") if u != left.digest.items[0].url)
    assert decide(ISSUE, "take back", "Ed Itor", item=struck, reason="ours after all").startswith("made anew")
    assert struck in {i.url for i in issues.find(desk.store, ISSUE).digest.items}


def test_without_an_answer_it_is_called_to_mind_and_then_not_sent(desk):
    publish("managers")
    decide(ISSUE, "hold", "Ed Itor", reason="I want to ask")
    assert remind() == "1 wait, and nothing is due"
    desk.at("2026-11-07T08:00:00+00:00")
    deliver()
    assert not letters(desk, EDITOR, "Until 9 November")
    assert remind() == f"{ISSUE}: called to mind"
    remind()
    for address in (EDITOR, DEPUTY):
        (reminder,) = letters(desk, address, "Until 9 November")
        assert "it is not sent" in words(reminder)
    desk.at("2026-11-09T08:00:00+00:00")
    assert remind() == f"{ISSUE}: closed: no approval in time"
    assert issues.find(desk.store, ISSUE).state == "not sent"
    (told,) = letters(desk, "policy@fellshire.example", f"{ISSUE}: not sent")
    assert "no approval in time" in words(told)
    with pytest.raises(StoreError, match="final"):
        decide(ISSUE, "approve", "Ed Itor")
    remind()
    deliver()
    assert not letters(desk, "anna@fellshire.example")
    assert remind() == "nothing waits"


def test_an_approval_after_the_deadline_is_none_be_it_before_the_schedule_has_closed_the_issue(desk):
    publish("managers")
    desk.at("2026-11-09T08:00:00+00:00")
    with pytest.raises(StoreError, match="final"):
        decide(ISSUE, "approve", "Ed Itor")
    assert [d.by for d in issues.log(desk.store, ISSUE) if d.became == "not sent"] == ["the calendar"]
    deliver()
    assert letters(desk, "policy@fellshire.example", f"{ISSUE}: not sent")
    assert not letters(desk, "anna@fellshire.example")


def test_two_publishes_at_once_render_one_issue(desk, monkeypatch):
    from flows import making

    rendered = []
    real = making.render_issue
    monkeypatch.setattr(making, "render_issue", lambda *given: rendered.append(1) or real(*given))
    done = []
    threads = [threading.Thread(target=lambda: done.append(publish("managers"))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert sorted(p.state for p in done) == ["awaiting approval", "there already"]
    assert len(rendered) == 1
    (issue,) = issues.latest(desk.store)
    assert all(Path(f.path).exists() for f in issue.files)
    assert not list(desk.output.rglob("*.part"))
    assert len(letters(desk, EDITOR)) == 1


def test_a_week_that_was_missed_is_made_up_and_waits_for_a_person(desk):
    old = article("old", published="2026-10-20", title="Day centres open late", repairs=())
    save(desk.store, old, now=when("2026-10-21"), themes=("workforce",))
    desk.write(editions=(desk.config / "editions.toml").read_text().replace("approval = true\n", ""))
    runs.mark(desk.store, "published managers", "2026-10-11", now=when("2026-10-12"))
    published = publish("managers")
    assert published.state == "published"
    # 12 to 18 October held nothing; 19 to 25 October is late and for a person to decide.
    assert [(e.state, e.issue) for e in published.earlier] == [
        ("empty", "managers-2026-10-12-2026-10-18"),
        ("awaiting approval", "managers-2026-10-19-2026-10-25"),
    ]
    assert "because it is late" in words(letters(desk, EDITOR, "Proof: ")[0])
    assert len(letters(desk, "anna@fellshire.example")) == 1
    numbers = {i.id: i.number for i in issues.latest(desk.store) if i.state != "empty"}
    assert numbers == {"managers-2026-10-19-2026-10-25": 1, ISSUE: 2}
    again = publish("managers")
    assert (again.state, again.earlier) == ("there already", ())
    assert len(letters(desk, "anna@fellshire.example")) == 1
    assert len(outbox.who_had(desk.store, ISSUE)) == 2
