"""The outbox emptied: each reader once, whatever fails, dies or runs twice."""

from __future__ import annotations

import itertools
import os
import signal
from collections import Counter
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from cuttings.edges.mail import Delivered, Folder, Outcome, Server, Smtp, deliver
from cuttings.edges.mail.delivery import BACK_OFF
from cuttings.edges.store import open_store, outbox, sending
from cuttings.edges.store.outbox import Letter
from cuttings.edges.store.sending import STALE
from tests.edges_store.made import FORK, next_try
from tests.mail.letters import DAY, HTML, NOW, SENDER, TEXT, queued


def states(store, issue="health 2026-04-06"):
    return Counter(m.state for m in outbox.of_issue(store, issue))


def run(store, channel, now=NOW, by="one", **more):
    return deliver(store, channel, sender=SENDER, clock=lambda: now, by=by, **more)


def smtp(server):
    return Smtp(Server("127.0.0.1", server.port, "none", timeout=5, hello="test.example"))


def recipients(arrived):
    return [message_from_bytes(m, policy=policy.default)["To"].addresses[0].addr_spec for m in arrived]


def test_everybody_gets_one_and_a_second_delivery_does_nothing(store, tmp_path):
    issue = queued(store)
    folder = Folder(tmp_path / "outbox")
    assert run(store, folder) == Delivered(sent=3, touched=frozenset({issue}))
    before = {f: f.stat().st_mtime_ns for f in (tmp_path / "outbox").iterdir()}
    assert run(store, folder) == Delivered()
    assert {f: f.stat().st_mtime_ns for f in (tmp_path / "outbox").iterdir()} == before
    assert len(before) == 3


def test_over_the_real_thing(store, secured, tmp_path):
    server, inbox = secured
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 one page")
    letter = Letter(
        "health 2026-04-06", "notice", "All is well", TEXT, HTML, str(tmp_path / "a.pdf"), "All is well.pdf"
    )
    queued(store, letter=letter)
    assert run(store, Smtp(server)).sent == 3
    assert sorted(r for r, _ in inbox.arrived) == [f"reader{n}@x.example" for n in range(3)]
    messages = [message_from_bytes(data, policy=policy.default) for _, data in inbox.arrived]
    assert {next(m.iter_attachments()).get_filename() for m in messages} == {"All is well.pdf"}
    assert {str(m["Message-ID"]) for m in messages} == {m.message_id for m in outbox.of_issue(store, letter.issue)}


def test_a_refused_reader_does_not_stop_the_others(store, scripted):
    queued(store)
    server = scripted({"RCPT": "550 unknown"}, times=1)
    done = run(store, smtp(server))
    assert (done.sent, done.refused) == (2, 1)
    assert "550" in done.troubles[0]
    assert run(store, smtp(server), NOW + DAY) == Delivered()
    assert states(store) == {"sent": 2, "refused": 1}


def test_a_busy_server_is_asked_again_with_growing_patience_until_the_deadline(store, scripted):
    queued(store, 1, deadline=NOW + DAY / 2)
    server = scripted({"RCPT": "451 busy"})
    now, waits = NOW, []
    while (due := next_try(store)) is not None:
        waits.append(due - now)
        now = due
        run(store, smtp(server), now)
    assert waits[1 : 1 + len(BACK_OFF)] == list(BACK_OFF)
    assert set(waits[1 + len(BACK_OFF) :]) == {BACK_OFF[-1]}
    assert states(store) == {"given up": 1}
    (mailing,) = outbox.troubled(store)
    assert mailing.detail.endswith("answered 451 at RCPT: busy")
    assert server.arrived == []


def test_a_server_that_is_away_is_asked_once_a_delivery_and_later_gets_all(store, scripted):
    queued(store)
    away = scripted({"connect": None})
    done = run(store, smtp(away))
    assert (done.later, away.connections) == (1, 1)
    back = scripted()
    run(store, smtp(back), NOW + BACK_OFF[0])
    assert states(store) == {"sent": 3}
    assert len(back.arrived) == 3


def test_a_server_that_hangs_up_on_messages_does_not_make_the_whole_list_ambiguous(store, scripted):
    queued(store, 6)
    done = run(store, smtp(scripted({".": None})))
    assert done.ambiguous == 2
    assert states(store) == {"ambiguous": 2, "new": 4}
    assert run(store, smtp(scripted()), NOW + DAY).sent == 4
    assert states(store) == {"ambiguous": 2, "sent": 4}


def test_a_crash_between_claim_and_answer_is_listed_and_not_repeated(store, scripted):
    queued(store)

    class Dies(Smtp):
        def send(self, message):
            super().send(message)
            raise KeyboardInterrupt

    server = scripted()
    with pytest.raises(KeyboardInterrupt):
        run(store, Dies(Server("127.0.0.1", server.port, "none", timeout=5)))
    assert states(store) == {"sending": 1, "new": 2}
    done = run(store, smtp(server), NOW + STALE)
    assert (done.swept, done.sent) == (1, 2)
    assert states(store) == {"ambiguous": 1, "sent": 2}
    assert len(set(recipients(server.arrived))) == len(server.arrived) == 3


def test_sent_again_by_decision_it_is_the_same_message(store, scripted):
    queued(store, 1)
    server = scripted({".": None}, times=1)
    run(store, smtp(server))
    (mailing,) = outbox.troubled(store)
    sending.resolve(store, mailing.id, "resend", now=NOW, by="Ed Itor", deadline=NOW + DAY)
    assert run(store, smtp(server), NOW).sent == 1
    first, second = server.arrived
    assert first == second


def test_a_letter_that_can_not_be_built_is_refused_and_the_rest_goes_out(store, tmp_path):
    outbox.enqueue(
        store,
        Letter("health 2026-04-06", "notice", "s", TEXT, HTML),
        [("jörg@x.example", None), ("ann@x.example", "=?utf-8?q?a=0D=0ABcc:b@x.example?=")],
        now=NOW,
        deadline=NOW + DAY,
    )
    done = run(store, Folder(tmp_path / "outbox"))
    assert (done.sent, done.refused) == (1, 1)
    assert "jörg@x.example: refused: it could not be built" in done.troubles[0]


def test_a_pdf_that_is_missing_today_may_be_there_tomorrow(store, tmp_path):
    path = tmp_path / "a.pdf"
    queued(store, 1, Letter("health 2026-04-06", "notice", "s", TEXT, HTML, str(path), "a.pdf"))
    assert run(store, Folder(tmp_path / "outbox")).later == 1
    path.write_bytes(b"%PDF")
    assert run(store, Folder(tmp_path / "outbox"), NOW + DAY).sent == 1


def test_two_deliveries_taking_turns_never_double(store, scripted):
    queued(store, 12)
    server = scripted()
    seen = []

    class Interrupted(Smtp):
        """Before each message of its own, lets the other delivery send some."""

        def send(self, message):
            if not seen:
                seen.append(1)
                run(store, smtp(server), by="two", most=5)
            return super().send(message)

    first = run(store, Interrupted(Server("127.0.0.1", server.port, "none", timeout=5)))
    assert first.sent == 7
    assert len(set(recipients(server.arrived))) == len(server.arrived) == 12


def test_a_claim_swept_while_its_server_was_slow_is_still_marked_sent(store):
    queued(store, 1)

    class Slow:
        def send(self, _message):
            sending.sweep(store, now=NOW + STALE)
            return Outcome("sent", "250 at last")

        def close(self):
            pass

    run(store, Slow())
    assert states(store) == {"sent": 1}


# ---------------------------------------------------------------- real processes, really killed


def stands_still(path, port, shift, spot, policy, here):
    """Deliver, but stand still "before" or "after" the server's answer to message n until killed."""
    messages = itertools.count(1)

    class Slow(Smtp):
        def send(self, message):
            n = next(messages)
            self.wait(f"before-{n}")
            outcome = super().send(message)
            self.wait(f"after-{n}")
            return outcome

        def wait(self, where):
            if where == spot:
                here.send("here")
                signal.pause()

    channel = Slow(Server("127.0.0.1", port, "none", timeout=30, hello="test.example"))
    now = NOW + timedelta(hours=shift)
    done = deliver(
        open_store(path),
        channel,
        sender=SENDER,
        clock=lambda: now,
        by=str(os.getpid()),
        stale=timedelta(minutes=30),
        policy=policy,
    )
    here.send(done.sent)


def started(path, port, shift=0, spot="nowhere", policy="hold"):
    ours, theirs = FORK.Pipe()
    process = FORK.Process(target=stands_still, args=(path, port, shift, spot, policy, theirs))
    process.start()
    theirs.close()
    return process, ours


def test_killed_before_and_after_the_servers_answer_nobody_gets_two_and_nobody_is_lost(place, scripted):
    path, server = place, scripted()
    store = open_store(path)
    queued(store, 15)
    store.close()  # no open database crosses a fork
    spots = ["before-1", "after-2", "before-3", "after-1"]
    for kill, spot in enumerate(spots):
        process, pipe = started(path, server.port, kill, spot)
        assert pipe.recv() == "here"
        os.kill(process.pid, signal.SIGKILL)
        process.join(30)
    last, pipe = started(path, server.port, len(spots))
    assert pipe.recv() == 8
    last.join(30)
    arrived = recipients(server.arrived)
    assert len(arrived) == len(set(arrived))
    by_state = {}
    for mailing in outbox.of_issue(open_store(path), "health 2026-04-06"):
        by_state.setdefault(mailing.state, set()).add(mailing.recipient)
    assert {state: len(who) for state, who in by_state.items()} == {"sent": 11, "ambiguous": 4}
    assert by_state["sent"] <= set(arrived)
    assert len(set(arrived) & by_state["ambiguous"]) == 2  # those killed after the answer
    assert {m.recipient for m in outbox.troubled(open_store(path))} == by_state["ambiguous"]


def test_killed_as_often_as_you_like_resend_once_brings_nobody_more_than_two(place, scripted):
    path, server = place, scripted()
    store = open_store(path)
    queued(store, 6)
    store.close()
    # The first four kill what is new; then what was put back is killed as it is sent a second time.
    spots = ["after-1", "before-1", "after-2", "after-1", "after-1", "before-1", "after-1", "after-1"]
    for kill, spot in enumerate(spots):
        process, pipe = started(path, server.port, kill, spot, "resend-once")
        told = pipe.recv()
        if told == "here":
            os.kill(process.pid, signal.SIGKILL)
        process.join(30)
    for shift in (len(spots), len(spots) + 1):
        last, pipe = started(path, server.port, shift, policy="resend-once")
        pipe.recv()
        last.join(30)
    copies = Counter(recipients(server.arrived))
    rows = outbox.of_issue(open_store(path), "health 2026-04-06")
    assert {m.state for m in rows} <= {"sent", "ambiguous"}
    assert max(copies.values()) == 2
    twice = {who for who, n in copies.items() if n == 2}
    assert twice <= {m.recipient for m in rows if m.resent == outbox.BY_POLICY}
    assert {m.recipient for m in rows if m.state == "sent"} <= set(copies)
    assert {m.recipient for m in rows} - set(copies) <= {m.recipient for m in rows if m.state == "ambiguous"}


def test_a_server_that_hangs_up_on_messages_gets_each_twice_at_most(store, scripted):
    queued(store, 3)
    server = scripted({".": None})
    for hours in range(12):
        run(store, smtp(server), NOW + timedelta(hours=hours), policy="resend-once")
    assert Counter(recipients(server.arrived)) == {f"reader{n}@x.example": 2 for n in range(3)}
    assert states(store) == {"ambiguous": 3}


def test_three_processes_at_once_never_double(place, scripted):
    path, server = place, scripted()
    store = open_store(path)
    queued(store, 30)
    store.close()
    running = [started(path, server.port) for _ in range(3)]
    assert sum(pipe.recv() for _, pipe in running) == 30
    for process, _ in running:
        process.join(30)
    assert sorted(recipients(server.arrived)) == sorted(f"reader{n}@x.example" for n in range(30))
    assert states(open_store(path)) == {"sent": 30}


def test_back_off_only_grows():
    assert all(one < two for one, two in itertools.pairwise(BACK_OFF))
