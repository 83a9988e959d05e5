"""Who gets mail and who does not, at the officer's desk: what is said must be what happens."""

from datetime import timedelta

import pytest

from cuttings.edges.store import outbox, recipients, sending, usage
from cuttings.edges.store.usage import Use
from tests.commands.making import NOW, command, environment, opened
from tests.edges_store.test_issues import composed

DAY = timedelta(days=1)
ANN, BEN = "ann@fellshire.example", "ben@fellshire.example"


@pytest.fixture
def environ(tmp_path):
    return environment(tmp_path)


def said(environ, *words):
    done = command(environ, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_stop_by_telephone_is_kept_and_outlives_the_next_import(environ, tmp_path):
    said(environ, "recipients", "add", "managers", ANN)
    assert "taken off 1 edition)" in said(environ, "recipients", "stop", ANN, "--reason", "by telephone, 3 May")
    people = tmp_path / "people.csv"
    people.write_text(f"address,name\n{ANN},Ann\n{BEN},Ben\n")
    taken_in = said(environ, "recipients", "import", "managers", people)
    assert "1 of them get nothing all the same:" in taken_in
    assert f"{ANN}: asked for no more mail" in taken_in
    assert f"./run recipients allow {ANN}" in taken_in
    assert BEN in said(environ, "recipients", "export", "managers")
    assert ANN not in said(environ, "recipients", "export", "managers")
    listed = said(environ, "recipients", "list", "--stopped")
    assert (ANN in listed, BEN in listed) == (True, False)
    assert "since 4 November 2026: asked for no more mail (by telephone, 3 May)" in listed
    assert said(environ, "recipients", "list", "members", "--stopped") == "Nobody is kept from mail.\n"
    # The list that outlives the backups has her.
    assert '"stopped"' in (tmp_path / "config" / "forgotten").read_text()


def test_who_is_added_and_gets_nothing_is_said_to_get_nothing(environ):
    said(environ, "recipients", "add", "managers", ANN)
    said(environ, "recipients", "stop", ANN, "--reason", "a letter")
    added = said(environ, "recipients", "add", "managers", ANN)
    assert f"{ANN} gets managers." not in added
    assert "gets nothing all the same" in added
    assert f"./run recipients allow {ANN}" in added
    said(environ, "recipients", "allow", ANN)
    assert f"{ANN} has been getting managers already." in said(environ, "recipients", "add", "managers", ANN)


def test_a_stop_says_how_and_of_whom(environ):
    refused = command(environ, "recipients", "stop", ANN, "--reason", " ")
    assert (refused.returncode, "how they asked" in refused.stderr) == (1, True)
    refused = command(environ, "recipients", "stop", "nobody", "--reason", "x")
    assert (refused.returncode, "no e-mail address" in refused.stderr) == (1, True)
    assert "on no list" in said(environ, "recipients", "stop", BEN, "--reason", "x")


@pytest.fixture
def uncertain(tmp_path):
    """An issue of which nobody can say whether it arrived; the policy sent it once more to one of two."""
    store = opened(tmp_path)
    issue = composed(store)
    letter = outbox.Letter(issue.id, "edition", "s", "t", "h")
    to = [(ANN, None), (BEN, None)]
    outbox.release(store, letter, to, by="Ed", now=NOW, deadline=NOW + 2 * DAY)
    for _ in to:
        sending.claim(store, by="t", now=NOW)
    sending.sweep(store, now=NOW + timedelta(hours=1), policy="resend-once")
    mailing, _ = sending.claim(store, by="t", now=NOW + timedelta(hours=1))
    sending.mark(store, mailing, "sent", now=NOW + timedelta(hours=1))
    other = next(m for m in outbox.of_issue(store, issue.id) if m.id != mailing.id)
    sending.sweep(store, now=NOW + timedelta(hours=1), policy="hold")
    usage.log(store, [Use(issue.id, "k", "weekly", "link", 3, 2, NOW)])
    yield store, issue.id, mailing, other
    store.close()


def test_who_asked_for_no_more_mail_is_not_said_to_be_sent_it_again(environ, uncertain):
    store, _, _, other = uncertain
    recipients.unsubscribe(store, other.recipient, now=NOW)
    done = command(environ, "outbox", "resolve", other.id, "resend", "--by", "Ed")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"./run recipients allow {other.recipient}" in done.stderr
    assert outbox.find(store, other.id).state == "ambiguous"
    recipients.unsuppress(store, other.recipient)
    assert "It goes out" in said(environ, "outbox", "resolve", other.id, "resend", "--by", "Ed")


def test_readers_are_counted_and_who_may_have_two_is_said(environ, uncertain):
    _, issue, *_ = uncertain
    assert f"{issue}: 2 readers; 1 may have two" in said(environ, "usage")
    assert "1 of these readers may have it twice" in said(environ, "outbox", "list", issue)
