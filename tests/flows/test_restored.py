"""A backup of Sunday, an issue on Monday, a restore on Tuesday: nobody gets the issue twice."""

import email
from email import policy

import pytest

from cuttings.edges.store import issues, runs
from cuttings.model import when
from tests.commands.making import command
from tests.edges_store.made import article, save

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect")]

ISSUE = "managers-2026-10-26-2026-11-01"


def had(home, address):
    read = [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in home.messages()]
    return [m for m in read if m["To"].addresses[0].addr_spec == address]


def test_after_a_restore_the_catch_up_run_sends_no_issue_again(home, tmp_path):
    from flows.deliver import deliver
    from flows.publish import publish

    store = home.store
    now = when("2026-10-31")
    runs.end(store, runs.begin(store, "collect", now=now), now=now, counts={})
    save(
        store,
        article("a", published="2026-10-27", title="Night care grows", repairs=()),
        now=now,
        themes=("workforce",),
    )
    store.close()
    sunday = tmp_path / "sunday.tar"
    assert command(home.env, "backup", sunday).returncode == 0
    assert publish("managers").state == "published"
    assert len(had(home, "anna@fellshire.example")) == 1

    # The store that is replaced can be read: it tells what it has sent.
    done = command(home.env, "restore", sunday, "--replace")
    assert (done.returncode, "nothing is sent twice" in done.stdout) == (0, True), done.stderr
    assert publish("managers").state == "there already"
    deliver()
    assert len(had(home, "anna@fellshire.example")) == 1

    # It is lost: the issue is made anew, and waits for somebody who can find out.
    for path in [p for p in home.output.glob("cuttings.db*") if p.is_file()]:
        path.unlink()
    done = command(home.env, "restore", sunday)
    assert (done.returncode, "waits for an approval" in done.stdout) == (0, True), done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 100
    assert publish("managers").state == "awaiting approval"
    deliver()
    assert len(had(home, "anna@fellshire.example")) == 1
    proof = next(m for m in had(home, "policy@fellshire.example") if str(m["Subject"]).startswith("Proof"))
    assert "nobody here knows whether this issue was sent" in " ".join(proof.get_body(("plain",)).get_content().split())
    assert issues.find(home.store, ISSUE).state == "awaiting approval"
