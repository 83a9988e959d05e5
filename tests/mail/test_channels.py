"""Each channel says honestly what it knows: sent, refused, later, ambiguous."""

from __future__ import annotations

import re
import socket
import stat
from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from aiosmtpd.smtp import AuthResult

from cuttings.edges.mail import Attachment, Folder, Server, Smtp
from tests.mail.letters import HTML, PDF, TEXT, built


def send(server, *messages):
    channel = Smtp(server)
    try:
        outcomes = [channel.send(m) for m in messages or (built(),)]
    finally:
        channel.close()
    return outcomes if len(outcomes) > 1 else outcomes[0]


def plain(server):
    return Server("127.0.0.1", server.port, "none", timeout=5, hello="test.example")


# ---------------------------------------------------------------- a real server


def test_over_starttls_with_a_login_it_arrives_as_it_was_built(secured):
    server, inbox = secured
    assert send(server).state == "sent"
    ((recipient, data),) = inbox.arrived
    assert recipient == "ann@fellshire.example"
    message = message_from_bytes(data, policy=policy.default)
    assert message.get_body(["plain"]).get_content().splitlines() == TEXT.splitlines()
    assert message.get_body(["html"]).get_content().splitlines() == HTML.splitlines()
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == (PDF.name, PDF.data)
    assert str(message["Subject"]) == "Managers’ cuttings, 30 March to 5 April: 4 articles"


def test_many_messages_share_a_connection(scripted):
    server = scripted()
    others = [built(to=f"reader{n}@x.example") for n in range(5)]
    assert {o.state for o in send(plain(server), *others)} == {"sent"}
    assert (server.connections, len(server.arrived)) == (1, 5)


def test_tls_from_the_first_byte(start, authority):
    path, context = authority
    port, inbox = start(ssl_context=context)
    assert send(Server("localhost", port, "tls", ca_file=path, timeout=10)).state == "sent"
    assert len(inbox.arrived) == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"password": "wrong"}, "535"),
        ({"password": None}, "535"),
        ({"username": None}, "530"),
        ({"ca_file": None}, "certificate can't be trusted .*unable to get local issuer certificate.*ca_file"),
        ({"security": "none"}, "STARTTLS|530|AUTH|extension"),
        ({"security": "tls"}, "no safe connection came about .*587 goes with starttls"),
    ],
)
def test_what_is_configured_wrongly_sends_nothing_and_says_so(secured, wrong, says):
    server, inbox = secured
    outcome = send(replace(server, **wrong))
    assert outcome.state in ("later", "refused")
    assert inbox.arrived == []
    assert re.search(says, outcome.detail)
    assert "correct horse" not in outcome.detail


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_is_not_to_be_trusted_hears_no_password(start, untrusted, security):
    ca_file, context = untrusted
    heard = []

    def asked(_server, _session, _envelope, _mechanism, given):
        heard.append(given)
        return AuthResult(success=True)

    at_once = {"ssl_context": context} if security == "tls" else {"tls_context": context}
    port, inbox = start(authenticator=asked, auth_require_tls=False, **at_once)
    outcome = send(Server("localhost", port, security, "cuttings", "correct horse", ca_file, 10, "test.example"))
    assert (outcome.state, outcome.lost, heard, inbox.arrived) == ("later", True, [], [])
    assert "certificate can't be trusted" in outcome.detail
    assert "ca_file" in outcome.detail
    assert "correct horse" not in outcome.detail


def test_a_password_goes_out_in_the_clear_only_where_that_is_configured(start):
    heard = []

    def asked(_server, _session, _envelope, _mechanism, given):
        heard.append(given.password)
        return AuthResult(success=True)

    port, inbox = start(authenticator=asked, auth_require_tls=False)
    server = Server("127.0.0.1", port, "starttls", "cuttings", "correct horse", timeout=10, hello="test.example")
    assert (send(server).state, heard) == ("later", [])  # it offers a log-in, and no STARTTLS
    assert send(replace(server, security="none")).state == "sent"
    assert (heard, len(inbox.arrived)) == ([b"correct horse"], 1)


def test_never_in_the_clear_where_starttls_is_asked_for(scripted):
    server = scripted()
    outcome = send(replace(plain(server), security="starttls"))
    assert (outcome.state, outcome.lost) == ("later", True)
    assert server.arrived == []


def test_the_password_is_not_printed():
    assert "secret" not in repr(Server("h", password="secret"))


def test_a_server_that_repeats_the_password_is_not_quoted_with_it(scripted):
    server = scripted({"EHLO": "250-mail.example\r\n250 AUTH PLAIN", "AUTH": "535 'correct horse' is not right"})
    outcome = send(replace(plain(server), username="cuttings", password="correct horse"))
    assert outcome.state == "later"
    assert "535 '(the password)' is not right" in outcome.detail


def test_a_message_that_the_server_finds_too_large(start):
    port, inbox = start()
    outcome = send(Server("127.0.0.1", port, "none", timeout=10), built(pdf=Attachment(bytes(3_000_000), "a.pdf")))
    assert outcome.state == "refused"
    assert inbox.arrived == []


# ---------------------------------------------------------------- faults at every command


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "."])
@pytest.mark.parametrize(
    ("answer", "state"), [("451 busy", "later"), ("452 full", "later"), ("550 no", "refused"), ("554 no", "refused")]
)
def test_what_the_server_answers_is_believed(scripted, command, answer, state):
    server = scripted({command: answer}, times=1)
    first, second = send(plain(server), built(), built(to="bob@fellshire.example"))
    assert first.state == state
    assert answer in first.detail or answer.split()[0] in first.detail
    assert second.state == "sent"


@pytest.mark.parametrize("command", ["connect", "EHLO", "MAIL", "RCPT", "DATA"])
def test_hung_up_before_the_message_left_it_can_be_sent_again(scripted, command):
    server = scripted({command: None, "HELO": None})
    outcome = send(plain(server))
    assert (outcome.state, outcome.lost) == ("later", True)
    assert server.arrived == []


def test_hung_up_after_the_message_nobody_knows(scripted):
    server = scripted({".": None})
    outcome = send(plain(server))
    assert (outcome.state, outcome.lost) == ("ambiguous", True)
    assert len(server.arrived) == 1


@pytest.mark.parametrize("answer", ["hello there", "99", "299 hm", "999 what"])
def test_an_answer_to_the_message_that_means_nothing_leaves_it_ambiguous(scripted, answer):
    assert send(plain(scripted({".": answer}))).state == "ambiguous"


def test_a_server_that_closes_for_the_night(scripted):
    for command in ("connect", "MAIL", "RCPT", "DATA", "."):
        outcome = send(plain(scripted({command: "421 closing"})))
        assert (outcome.state, outcome.lost) == ("later", True), command


def test_the_connection_is_made_anew_after_it_was_lost(scripted):
    server = scripted({".": None}, times=1)
    first, second = send(plain(server), built(), built(to="bob@fellshire.example"))
    assert (first.state, second.state) == ("ambiguous", "sent")


def test_a_connection_that_the_server_closed_meanwhile_loses_nothing(scripted):
    server = scripted({"NOOP": None}, times=1)
    assert [o.state for o in send(plain(server), built(), built())] == ["sent", "sent"]
    assert server.connections == 2


def test_nobody_listens():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        outcome = send(Server("127.0.0.1", nobody.getsockname()[1], "none", timeout=5))
    assert (outcome.state, outcome.lost) == ("later", True)
    assert "refused" in outcome.detail


def test_a_server_that_says_nothing_is_not_waited_for():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        outcome = send(Server("127.0.0.1", silent.getsockname()[1], "none", timeout=0.2))
    assert outcome.state == "later"


def test_an_answer_with_control_characters_is_told_in_one_line(scripted):
    outcome = send(plain(scripted({"RCPT": "550 no\x1b[2J such\x00 user"})))
    assert outcome.detail.isprintable()


# ---------------------------------------------------------------- a folder


def test_a_folder_takes_each_message_once_as_a_file_of_its_own(tmp_path):
    folder = Folder(tmp_path / "outbox")
    first = folder.send(built())
    assert first.state == "sent"
    assert folder.send(built()) == first
    folder.send(built(to="bob@fellshire.example", message_id="<2@x.example>"))
    files = sorted((tmp_path / "outbox").iterdir())
    assert [f.suffix for f in files] == [".eml", ".eml"]
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    message = message_from_bytes(files[0].read_bytes(), policy=policy.default)
    assert message["To"].addresses[0].addr_spec == "ann@fellshire.example"
    folder.close()


def test_a_folder_that_can_not_be_written_keeps_the_message_for_later(tmp_path):
    (tmp_path / "outbox").write_text("a file")
    outcome = Folder(tmp_path / "outbox").send(built())
    assert outcome.state == "later"
    assert "can't be written" in outcome.detail
