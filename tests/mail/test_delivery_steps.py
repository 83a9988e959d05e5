"""Each step of a delivery, with a channel that answers as it is told: what it was given, and what is written down."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cuttings.edges.mail import Delivered, Outcome, deliver
from cuttings.edges.mail.delivery import BACK_OFF
from cuttings.edges.mail.message import message_id, unsubscribe_token
from cuttings.edges.store import outbox, sending
from cuttings.edges.store.outbox import Letter
from tests.mail.letters import DAY, HTML, NOW, SENDER, TEXT, queued
from tests.stores import fresh

ISSUE = "health 2026-04-06"
KEY = b"a key of the tests"
SENT, BUSY = Outcome("sent", "250 ok"), Outcome("later", "451 busy")
AWAY, HUNG_UP = Outcome("later", "no connection", lost=True), Outcome("ambiguous", "hung up", lost=True)
REFUSED, UNSURE = Outcome("refused", "550 unknown"), Outcome("ambiguous", "no answer")


class Channel:
    def __init__(self, *outcomes):
        self.outcomes, self.messages, self.closed = list(outcomes), [], 0

    def send(self, message):
        self.messages.append(message)
        return self.outcomes.pop(0) if self.outcomes else SENT

    def close(self):
        self.closed += 1


def run(store, channel, now=NOW, **more):
    return deliver(store, channel, sender=SENDER, clock=lambda: now, by="one", **more)


def rows(store, issue=ISSUE):
    return {m.recipient.partition("@")[0]: m for m in outbox.of_issue(store, issue)}


def letter(**changes):
    given = {"issue": ISSUE, "kind": "notice", "subject": "All is well", "text": TEXT, "html": HTML}
    return Letter(**(given | changes))


def test_what_is_sent_is_counted_and_written_down(store):
    queued(store)
    channel = Channel()
    assert run(store, channel) == Delivered(sent=3, touched=frozenset({ISSUE}))
    assert channel.closed == 1
    row = rows(store)["reader0"]
    named = message_id(ISSUE, "notice", "reader0@x.example", SENDER.address)
    assert (row.state, row.detail, row.claimed_by, row.updated) == ("sent", "250 ok", "one", NOW)
    assert row.message_id == named
    assert str(channel.messages[0]["Message-ID"]) == named
    assert channel.messages[0]["Date"].datetime == NOW


def test_of_each_kind_of_answer_there_is_a_count_and_of_all_but_sent_a_line(store):
    queued(store, 5)
    done = run(store, Channel(SENT, REFUSED, BUSY, UNSURE, SENT))
    assert (done.sent, done.refused, done.later, done.ambiguous, done.swept) == (2, 1, 1, 1, 0)
    assert done.troubles == (
        "reader1@x.example: refused: 550 unknown",
        "reader2@x.example: later: 451 busy",
        "reader3@x.example: ambiguous: no answer",
    )
    assert [m.state for m in rows(store).values()] == ["sent", "refused", "new", "ambiguous", "sent"]
    assert rows(store)["reader2"].next_try == NOW + BACK_OFF[0]
    assert rows(store)["reader1"].next_try == NOW


@pytest.mark.parametrize(("outcome", "tried"), [(AWAY, 1), (HUNG_UP, 2), (BUSY, 4), (UNSURE, 4), (REFUSED, 4)])
def test_a_server_in_trouble_is_left_alone(store, outcome, tried):
    queued(store, 4)
    channel = Channel(*[outcome] * 4)
    run(store, channel)
    assert len(channel.messages) == tried


def test_only_twice_in_a_row_counts(store):
    queued(store, 6)
    channel = Channel(HUNG_UP, SENT, HUNG_UP, SENT, HUNG_UP, SENT)
    run(store, channel)
    assert len(channel.messages) == 6


def test_the_channel_is_closed_whatever_happens(store):
    queued(store)

    class Broken(Channel):
        def send(self, _message):
            raise RuntimeError("a fault of the program")

    broken = Broken()
    with pytest.raises(RuntimeError):
        run(store, broken)
    assert broken.closed == 1
    assert rows(store)["reader0"].state == "sending"


def test_at_most_so_many(store):
    queued(store, 4)
    assert run(store, Channel(), most=3).sent == 3
    assert run(store, Channel(), most=0).sent == 0
    assert run(store, Channel()).sent == 1


def test_patience_grows_with_every_try_to_its_end(store):
    queued(store, 1, deadline=NOW + 30 * DAY)
    now, waits = NOW, []
    for _ in range(len(BACK_OFF) + 2):
        run(store, Channel(BUSY), now)
        due = rows(store)["reader0"].next_try
        waits.append(due - now)
        now = due
    assert waits == [*BACK_OFF, BACK_OFF[-1], BACK_OFF[-1]]
    assert BACK_OFF[0] == timedelta(minutes=2)


def test_what_a_crash_left_is_swept_before_and_said(store):
    queued(store, 2)
    sending.claim(store, by="dead", now=NOW)
    done = run(store, Channel(), NOW + timedelta(minutes=29))
    assert (done.swept, done.sent) == (0, 1)
    assert run(store, Channel(), NOW + timedelta(minutes=30)).swept == 1
    assert rows(store)["reader0"].state == "ambiguous"


def test_how_old_a_claim_must_be_can_be_said(store):
    queued(store, 1)
    sending.claim(store, by="dead", now=NOW)
    assert run(store, Channel(), NOW + DAY, stale=2 * DAY).swept == 0
    assert run(store, Channel(), NOW + DAY, stale=DAY).swept == 1


def test_with_a_key_the_name_is_keyed_and_the_reader_has_a_token(tmp_path):
    store = fresh(tmp_path / "keyed.db", KEY)
    queued(store, 1)
    channel = Channel()
    run(store, channel)
    (message,) = channel.messages
    token = unsubscribe_token("reader0@x.example", KEY)
    assert str(message["Message-ID"]) == message_id(ISSUE, "notice", "reader0@x.example", SENDER.address, KEY)
    assert token in str(message["List-Unsubscribe"])
    store.close()


def test_without_one_there_is_no_token(store):
    queued(store, 1)
    channel = Channel()
    run(store, channel)
    assert str(channel.messages[0]["List-Unsubscribe"]) == f"<mailto:{SENDER.unsubscribe}?subject=unsubscribe>"


def test_tried_again_it_keeps_the_name_it_had(store):
    queued(store, 1)
    run(store, Channel(BUSY))
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE outbox SET message_id = '<old@elsewhere.example>'")
    channel = Channel()
    run(store, channel, NOW + DAY)
    assert str(channel.messages[0]["Message-ID"]) == "<old@elsewhere.example>"
    assert rows(store)["reader0"].message_id == "<old@elsewhere.example>"
    assert channel.messages[0]["Date"].datetime == NOW


# ---------------------------------------------------------------- what is attached


def attachments(message):
    return {part.get_filename(): part.get_content() for part in message.iter_attachments()}


def test_the_pdf_under_its_readers_name(store, tmp_path):
    path = tmp_path / "1.pdf"
    path.write_bytes(b"%PDF-1.7 x")
    path.with_suffix(".html").write_text("<p>twin</p>")
    queued(store, 2, letter(attachment=str(path), attachment_name="All is well.pdf"))
    channel = Channel()
    run(store, channel)
    assert [attachments(m) for m in channel.messages] == [{"All is well.pdf": b"%PDF-1.7 x"}] * 2


def test_without_a_readers_name_the_files(store, tmp_path):
    path = tmp_path / "issue.pdf"
    path.write_bytes(b"%PDF-1.7 x")
    queued(store, 1, letter(attachment=str(path)))
    channel = Channel()
    run(store, channel)
    assert list(attachments(channel.messages[0])) == ["issue.pdf"]


@pytest.mark.parametrize(("kind", "files"), [("proof", {"a.pdf", "a.html"}), ("notice", {"a.pdf"})])
def test_a_proof_has_the_html_beside_it(store, tmp_path, kind, files):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7 x")
    path.with_suffix(".html").write_text("<p>twin</p>")
    queued(store, 1, letter(attachment=str(path), kind=kind))
    channel = Channel()
    run(store, channel)
    assert set(attachments(channel.messages[0])) == files


def test_a_proof_without_html_has_the_pdf(store, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7 x")
    queued(store, 1, letter(attachment=str(path), kind="proof"))
    channel = Channel()
    run(store, channel)
    assert set(attachments(channel.messages[0])) == {"a.pdf"}


def test_each_letter_has_its_own(store, tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.pdf").write_bytes(f"%PDF-1.7 {name}".encode())
    (tmp_path / "a.html").write_text("<p>a</p>")
    queued(store, 1, letter(attachment=str(tmp_path / "a.pdf"), kind="proof"))
    queued(store, 1, letter(issue="another", attachment=str(tmp_path / "b.pdf"), kind="proof"))
    queued(store, 1, letter(issue="a third"))
    channel = Channel()
    assert run(store, channel).touched == {ISSUE, "another", "a third"}
    assert [set(attachments(m)) for m in channel.messages] == [{"a.pdf", "a.html"}, {"b.pdf"}, set()]


def test_too_large_a_pdf_is_a_link_to_where_it_is(store, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7 " + b"x" * 20_000)
    queued(store, 1, letter(attachment=str(path)))
    channel, asked = Channel(), []

    def link(given):
        asked.append(given)
        return "https://council.example/a.pdf"

    run(store, channel, largest_bytes=10_000, link=link)
    assert not attachments(channel.messages[0])
    assert "https://council.example/a.pdf" in channel.messages[0].get_body(("plain",)).get_content()
    assert asked == [path]


def test_too_large_without_a_link_it_is_the_page(store, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7 " + b"x" * 20_000)
    path.with_suffix(".html").write_text("<p>twin</p>")
    queued(store, 1, letter(attachment=str(path)))
    channel = Channel()
    run(store, channel, largest_bytes=10_000)
    assert list(attachments(channel.messages[0])) == ["a.html"]


def test_a_pdf_that_is_not_there_is_for_later_and_names_it(store, tmp_path):
    path = tmp_path / "gone.pdf"
    queued(store, 2, letter(attachment=str(path)))
    channel = Channel()
    done = run(store, channel)
    assert (done.later, channel.messages) == (2, [])
    said = f"the attachment {path} can't be read: No such file or directory"
    assert done.troubles[0] == f"reader0@x.example: later: {said}"
    assert (rows(store)["reader0"].state, rows(store)["reader0"].detail) == ("new", said)


def test_what_can_not_be_built_is_refused_with_its_reason(store):
    readers = [("j\u00f6rg@x.example", None), ("ann@x.example", None)]
    outbox.enqueue(store, letter(), readers, now=NOW, deadline=NOW + DAY)
    done = run(store, Channel())
    assert (done.refused, done.sent) == (1, 1)
    assert done.troubles[0].startswith("j\u00f6rg@x.example: refused: it could not be built: ")
    assert rows(store)["j\u00f6rg"].detail.startswith("it could not be built: ")


def test_somebody_else_has_settled_it_since(store):
    """A resend was decided while the server took its time: the decision stands."""
    queued(store, 1)

    class Slow(Channel):
        def send(self, message):
            with store.writing() as connection:
                connection.exec_driver_sql("UPDATE outbox SET attempts = 5")
            return super().send(message)

    run(store, Slow())
    assert rows(store)["reader0"].state == "sending"


# ---------------------------------------------------------------- sent once more


def test_under_resend_once_what_is_uncertain_waits_a_little_and_goes_out_again_the_very_same(store):
    queued(store, 1)
    channel = Channel(UNSURE)
    done = run(store, channel, policy="resend-once")
    assert (done.ambiguous, done.again) == (1, 0)
    waits = rows(store)["reader0"]
    assert (waits.state, waits.resent, waits.next_try) == ("new", outbox.BY_POLICY, NOW + BACK_OFF[0])
    assert waits.detail == "no answer"
    assert run(store, channel, NOW, policy="resend-once") == Delivered()
    done = run(store, channel, NOW + BACK_OFF[0], policy="resend-once")
    assert (done.sent, done.again) == (1, 1)
    first, second = channel.messages
    assert first.as_bytes() == second.as_bytes()
    assert (rows(store)["reader0"].state, rows(store)["reader0"].resent) == ("sent", outbox.BY_POLICY)


@pytest.mark.parametrize("answer", [UNSURE, REFUSED])
def test_a_second_that_is_uncertain_or_refused_too_is_for_a_person(store, answer):
    queued(store, 1)
    channel = Channel(UNSURE, answer)
    for hours in range(3):
        run(store, channel, NOW + hours * DAY / 24, policy="resend-once")
    assert len(channel.messages) == 2
    left = rows(store)["reader0"]
    assert (left.state, left.resent) == ("ambiguous", outbox.BY_POLICY)
    assert answer.detail in left.detail


def test_a_second_that_is_busy_is_tried_until_it_has_left_once(store):
    queued(store, 1)
    channel = Channel(UNSURE, BUSY, AWAY)
    for hours in range(5):
        run(store, channel, NOW + hours * DAY / 12, policy="resend-once")
    assert rows(store)["reader0"].state == "sent"
    assert len(channel.messages) == 4  # of the four, the second and third did not leave the house


def test_too_late_for_another_try_it_is_listed(store):
    queued(store, 1, deadline=NOW + BACK_OFF[0])
    run(store, Channel(UNSURE), policy="resend-once")
    assert (rows(store)["reader0"].state, rows(store)["reader0"].resent) == ("ambiguous", None)
