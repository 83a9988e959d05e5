"""What comes back: stop requests with their token, bounces of messages we sent, machines; the rest stays unread."""

from __future__ import annotations

import imaplib
import re
import socket
import threading
from contextlib import suppress
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.edges.mail import Folder, InboxError, deliver, inbox_at, take_in, unsubscribe_token
from cuttings.edges.mail.answers import Bounce, Machine, Stop, understand
from cuttings.edges.mail.inbox import Imap, Maildir
from cuttings.edges.store import outbox, recipients
from tests.mail.letters import DAY, HTML, NOW, SENDER, TEXT, queued
from tests.stores import fresh

KEY = b"a key of this house"
ANN = "ann@fellshire.example"


@pytest.fixture
def store(tmp_path):
    opened = fresh(tmp_path / "a.db", KEY)
    recipients.add(opened, "managers", ANN, now=NOW)
    yield opened
    opened.close()


@pytest.fixture
def maildir(tmp_path):
    for name in ("new", "cur", "tmp"):
        (tmp_path / "mail" / name).mkdir(parents=True)
    return tmp_path / "mail"


def drop(maildir, *messages):
    for data in messages:
        n = len(list(maildir.glob("new/*"))) + len(list(maildir.glob("cur/*")))
        (maildir / "new" / f"{n}.x").write_bytes(data)


def letter(sender=ANN, subject="hello", body="Hello.", **headers):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "stop@fellshire.example", subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message.as_bytes()


def report(to, identity, status="5.1.1", action="failed", original="message/rfc822", why="550 no such user"):
    """A delivery report as mail servers write it (RFC 3464)."""
    return f"""From: MAILER-DAEMON@mail.example
To: cuttings@fellshire.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {why}

--b
Content-Type: {original}

From: cuttings@fellshire.example
Message-ID: {identity}
Subject: Cuttings

--b--
""".encode()


def read(store, maildir, now=NOW):
    told = []
    found = take_in(
        store, Maildir(maildir), clock=lambda: now, confirm=told.append, report=lambda a, why: told.append((a, why))
    )
    return found, told


def stopped(store):
    return {address: why for address, why, _, _ in recipients.suppressions(store)}


# ---------------------------------------------------------------- stop requests


def test_who_asks_with_the_token_of_their_own_message_gets_no_more(store, maildir):
    drop(maildir, letter("Ann Vole <ann@Fellshire.example>", f"unsubscribe {unsubscribe_token(ANN, KEY)}"))
    found, told = read(store, maildir)
    assert stopped(store) == {"ann@Fellshire.example": "unsubscribed"}
    assert told == found.stopped == ["ann@Fellshire.example"]
    assert recipients.of_edition(store, "managers") == ()
    assert [p.name for p in maildir.glob("cur/*")] == ["0.x:2,S"]
    assert read(store, maildir)[1] == []


def test_the_link_in_our_message_is_what_the_answer_proves_itself_by(store, maildir, tmp_path):
    link = "mailto:stop@fellshire.example?subject=unsubscribe"
    queued(store, 1, outbox.Letter("health 2026-04-06", "notice", "s", f"Stop: {link}\n", f'<a href="{link}">stop</a>'))
    deliver(store, Folder(tmp_path / "outbox"), sender=SENDER, clock=lambda: NOW, by="one")
    (sent,) = (tmp_path / "outbox").iterdir()
    text = re.sub(rb"=\n", b"", sent.read_bytes().replace(b"\r\n", b"\n")).replace(b"=3D", b"=").decode()
    token = unsubscribe_token("reader0@x.example", KEY)
    assert text.count(f"subject=unsubscribe%20{token}") == 3  # the header, the text, the HTML
    drop(maildir, letter("reader0@x.example", f"unsubscribe {token}"))
    assert read(store, maildir)[0].stopped == ["reader0@x.example"]


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        (ANN, "unsubscribe"),  # no token: anybody could write this
        (ANN, "unsubscribe 0123456789abcdef0123"),
        ("bob@fellshire.example", f"unsubscribe {unsubscribe_token(ANN, KEY)}"),  # Ann's message, passed on to Bob
        (ANN, f"Re: please do not unsubscribe {unsubscribe_token(ANN, KEY)} me"),
        (ANN, f"unsubscribe {unsubscribe_token(ANN, b'another house')}"),
        ("ann@fellshire.example, bob@fellshire.example", f"unsubscribe {unsubscribe_token(ANN, KEY)}"),
        ("nobody", f"unsubscribe {unsubscribe_token(ANN, KEY)}"),
    ],
)
def test_a_forged_request_stays_unread_for_a_person(store, maildir, sender, subject):
    drop(maildir, f"From: {sender}\nSubject: {subject}\n\nNow.\n".encode())
    found, told = read(store, maildir)
    assert (found.unread, told, stopped(store)) == (1, [], {})
    assert len(list(maildir.glob("new/*"))) == 1


def test_a_token_in_the_body_counts_too():
    token = unsubscribe_token(ANN, KEY)
    assert understand(letter(subject="Unsubscribe", body=f"unsubscribe {token}\n")) == Stop(ANN, token)


# ---------------------------------------------------------------- bounces


def sent(store, tmp_path, n=1, issues=1):
    for issue in range(issues):
        queued(store, n, outbox.Letter(f"health 2026-04-{issue + 10}", "notice", "s", TEXT, HTML))
    deliver(store, Folder(tmp_path / "outbox"), sender=SENDER, clock=lambda: NOW, by="one")
    return [m for i in range(issues) for m in outbox.of_issue(store, f"health 2026-04-{i + 10}")]


@pytest.mark.parametrize("original", ["message/rfc822", "text/rfc822-headers"])
def test_an_address_that_is_gone_gets_no_more(store, maildir, tmp_path, original):
    (mailing,) = sent(store, tmp_path)
    drop(maildir, report(mailing.recipient, mailing.message_id, original=original))
    found, told = read(store, maildir)
    assert (found.bounced, found.unread) == (1, 0)
    assert stopped(store) == {mailing.recipient: "bounced"}
    assert told[0][0] == mailing.recipient
    assert "550 no such user" in told[0][1]
    (back,) = outbox.troubled(store)
    assert (back.state, back.detail) == ("bounced", "came back: 5.1.1 smtp; 550 no such user")


def test_who_asked_for_no_more_is_not_called_a_bounce_later(store, maildir, tmp_path):
    (mailing,) = sent(store, tmp_path)
    recipients.unsubscribe(store, mailing.recipient, now=NOW, detail="asked for by e-mail")
    drop(maildir, report(mailing.recipient, mailing.message_id))
    found, told = read(store, maildir)
    assert (found.bounced, found.unread) == (1, 0)
    assert (found.suppressed, told) == ([], [])  # nobody is told to allow her "once the address works again"
    assert stopped(store) == {mailing.recipient: "unsubscribed"}


def test_a_full_mailbox_is_counted_and_stopped_after_three_issues(store, maildir, tmp_path):
    for n, mailing in enumerate(sent(store, tmp_path, issues=3), 1):
        drop(maildir, report(mailing.recipient, mailing.message_id, "5.2.2", why="552 mailbox full"))
        drop(maildir, report(mailing.recipient, mailing.message_id, "5.2.2", why="552 mailbox full"))  # reported twice
        assert read(store, maildir)[0].bounced == 2
        assert bool(stopped(store)) == (n == 3)


@pytest.mark.parametrize("forged", [("reader0@x.example", "<made.up@fellshire.example>"), (ANN, None)])
def test_a_report_about_what_we_never_sent_them_counts_for_nothing(store, maildir, tmp_path, forged):
    (mailing,) = sent(store, tmp_path)
    drop(maildir, report(forged[0], forged[1] or mailing.message_id))
    found, told = read(store, maildir)
    assert (found.unread, told, stopped(store)) == (1, [], {})


def test_late_is_not_lost(store, maildir, tmp_path):
    (mailing,) = sent(store, tmp_path)
    drop(maildir, report(mailing.recipient, mailing.message_id, "4.4.1", "delayed"))
    found, _ = read(store, maildir)
    assert (found.machines, found.bounced, found.unread) == (1, 0, 0)


# ---------------------------------------------------------------- everything else


@pytest.mark.parametrize(
    "headers", [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X_Autoreply": "yes"}]
)
def test_out_of_office_is_nobodys_work(headers):
    assert understand(letter(subject="I am away: unsubscribe later", **headers)) == Machine()


def test_what_a_person_wrote_stays_for_a_person(store, maildir):
    drop(maildir, letter(subject="A question about item M3"))
    (maildir / "cur" / "9.x:2,S").write_bytes(letter(subject="read long ago"))
    (maildir / "cur" / "8.x:2,F").write_bytes(letter(subject="flagged, unread"))
    assert read(store, maildir)[0].unread == 2
    assert len(list(maildir.glob("new/*"))) == 1


@given(st.binary(max_size=400))
def test_no_bytes_make_it_fall_over(data):
    assert understand(data) is None or isinstance(understand(data), Machine | Stop | Bounce)


@given(st.sampled_from(["From", "Subject", "Content-Type", "Auto-Submitted"]), st.text(max_size=80))
def test_no_header_makes_it_fall_over(name, value):
    body = report("a@x.example", "<1@x>").replace(b"--b--", f"--b\n{name}: {value}".encode("utf-8", "replace"))
    understand(f"{name}: {value}\n".encode("utf-8", "replace") + body)


def test_a_folder_that_is_none_is_told(tmp_path):
    with pytest.raises(InboxError, match="must be a Maildir"):
        inbox_at(f"maildir:{tmp_path}").take(lambda _: True)


# ---------------------------------------------------------------- IMAP


class ImapServer:
    """As much of RFC 3501 as a reader of unseen messages needs; keeps what was flagged as read."""

    def __init__(self, messages, password="secret", folder="INBOX", tls=None):
        self.messages, self.password, self.folder, self.seen = messages, password, folder, set()
        self.tls, self.heard = tls, b""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, suppress(OSError, ValueError):  # a TLS greeting is no command
                secure = self.tls.wrap_socket(connection, server_side=True) if self.tls else connection
                with secure, secure.makefile("rwb") as stream:
                    self._talk(stream)

    def _talk(self, stream):
        def say(*lines):
            stream.write(b"".join(line + b"\r\n" for line in lines))
            stream.flush()

        say(b"* OK here")
        for line in stream:
            self.heard += line
            tag, command = line.rstrip(b"\r\n").split(b" ", 1)
            answers, word = [], command.split()[0].upper()
            ok = tag + b" OK done"
            if word == b"CAPABILITY":
                answers = [b"* CAPABILITY IMAP4rev1"]
            elif word == b"LOGIN" and f'"{self.password}"'.encode() not in command:
                ok = tag + b" NO wrong password"
            elif word == b"SELECT" and self.folder.encode() not in command:
                ok = tag + b" NO no such folder"
            elif word == b"SELECT":
                answers = [f"* {len(self.messages)} EXISTS".encode()]
            elif command.upper().startswith(b"UID SEARCH UNSEEN"):
                unseen = [n for n in range(1, len(self.messages) + 1) if n not in self.seen]
                answers = [b"* SEARCH " + b" ".join(b"%d" % n for n in unseen)]
            elif command.upper().startswith(b"UID FETCH"):
                n = int(command.split()[2])
                data = self.messages[n - 1]
                answers = [b"* %d FETCH (UID %d BODY[]<0> {%d}" % (n, n, len(data)), data + b")"]
            elif command.upper().startswith(b"UID STORE"):
                self.seen.add(int(command.split()[2]))
            elif word == b"LOGOUT":
                say(b"* BYE", ok)
                return
            say(*answers, ok)

    def close(self):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(10)


@pytest.fixture
def imap():
    running = []

    def started(*messages, **how):
        running.append(ImapServer(messages, **how))
        return running[-1]

    yield started
    for server in running:
        server.close()


def at(server, password="secret", folder="INBOX"):
    return inbox_at(f"imap://me@127.0.0.1:{server.port}/{folder}", password=password)


def test_over_imap_what_is_done_with_is_read_and_the_rest_is_not(store, imap):
    server = imap(
        letter(subject="A question"),
        letter(subject=f"unsubscribe {unsubscribe_token(ANN, KEY)}"),
        letter(Precedence="bulk"),
    )
    found = take_in(store, at(server), clock=lambda: NOW, confirm=list, report=lambda *_: None)
    assert (found.stopped, found.machines, found.unread) == ([ANN], 1, 1)
    assert server.seen == {2, 3}
    again = take_in(store, at(server), clock=lambda: NOW + DAY, confirm=list, report=lambda *_: None)
    assert (again.stopped, again.unread) == ([], 1)


def test_what_is_wrong_with_an_imap_inbox_is_told_without_the_password(imap):
    server = imap(folder="Lists")
    for inbox in (at(server, "guessed", "Lists"), at(server, folder="Nowhere")):
        with pytest.raises(InboxError, match="can't be opened") as told:
            inbox.take(lambda _: True)
        assert "guessed" not in str(told.value)
    assert "secret" not in repr(at(server))
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with pytest.raises(InboxError, match="refused"):
            Imap("127.0.0.1", nobody.getsockname()[1], "me", tls=False, timeout=5).take(lambda _: True)


def over_tls(server, ca_file):
    return inbox_at(f"imaps://me@localhost:{server.port}/INBOX", password="secret", ca_file=ca_file)


def test_over_imap_with_tls(store, imap, authority):
    ca_file, context = authority
    server = imap(letter(Precedence="bulk"), tls=context)
    found = take_in(store, over_tls(server, ca_file), clock=lambda: NOW, confirm=list, report=lambda *_: None)
    assert (found.machines, found.unread, server.seen) == (1, 0, {1})


def test_a_certificate_that_is_not_to_be_trusted_hears_no_password(imap, untrusted):
    ca_file, context = untrusted
    server = imap(tls=context)
    with pytest.raises(InboxError, match=r"can't be trusted .*ca_file") as told:
        over_tls(server, ca_file).take(lambda _: True)
    assert "_ssl.c" not in str(told.value)
    assert server.heard == b""


def test_a_server_that_speaks_no_tls_hears_no_password(imap):
    server = imap()
    with pytest.raises(InboxError, match="no safe connection"):
        over_tls(server, None).take(lambda _: True)
    assert b"secret" not in server.heard


def test_a_password_that_can_not_be_sent_is_not_shown(imap):
    server = imap()
    with pytest.raises(InboxError, match="letters that") as told:
        at(server, "p\u00e4ss").take(lambda _: True)
    assert "\u00e4" not in str(told.value)
    assert "xe4" not in str(told.value)


def test_far_away_and_in_the_clear_is_refused():
    with pytest.raises(InboxError, match="in the clear"):
        inbox_at("imap://me@mail.example/INBOX", password="secret")


def test_an_address_without_tls_is_never_a_far_one():
    assert inbox_at("imaps://me%40x.example@mail.example/A%20B") == Imap(
        "mail.example", 993, "me@x.example", None, "A B", True
    )
    assert imaplib.IMAP4_SSL_PORT == 993
