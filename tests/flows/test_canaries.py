"""Secrets and personal data where they have no business: a whole run, with things going wrong in it, and then a look
into everything it left behind."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult

from cuttings.model import plain
from flows.logs import Journal
from tests.flows import press as paper
from tests.flows.press import Remark, Story
from tests.flows.records import records
from tests.mail.conftest import Inbox, _controller, _FreePort, authority
from tests.mail.test_answers import report

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect")]
assert authority  # a fixture

SECRETS = {
    "the mail password": "Smtp-Canary-8c1f",
    "the inbox password": "Inbox-Canary-77aa",
    "the hash key": "4b" * 20 + "canary4e0d",
    "Prefect's log-in": "admin:Prefect-Canary-51d2",
}
READER = {"name": "Zephyrine Quillfeather", "address": "zephyrine.q@private.example", "number": "07700 900 417"}
WORDS = (
    "The evening visit gave my mother six more weeks at home, and the nurse who came at nine noticed the rug. "
    f"Write to me at {READER['address']} or ring {READER['number']} if your ward will not arrange it."
)
ANNA, BEN = "anna.canary@fellshire.example", "ben.canary@fellshire.example"
PAPERS = 3  # articles, with the same reader below each


class Chatty(Inbox):
    """Takes Anna's mail, and refuses Ben's with his own address in its answer."""

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address == BEN:
            return f"550 5.1.1 <{BEN}>: no such user here"
        envelope.rcpt_tos.append(address)
        return "250 ok"


@pytest.fixture
def mail_server(authority):
    ca_file, context = authority
    inbox = Chatty()

    def logged_in(_server, _session, _envelope, _mechanism, given):
        return AuthResult(success=given.password.decode() == SECRETS["the mail password"], handled=False)

    controller = _controller(inbox, tls_context=context, require_starttls=True, authenticator=logged_in)
    with _FreePort() as port:
        controller.port = port
    controller.start()
    yield port, ca_file, inbox
    controller.stop()


@pytest.fixture
def council(home, press, mail_server, monkeypatch):
    port, ca_file, inbox = mail_server
    for name, words in (("hash-key", SECRETS["the hash key"]), ("prefect-auth", SECRETS["Prefect's log-in"]),
                        ("inbox-password", SECRETS["the inbox password"])):  # fmt: skip
        (home.config / name).write_text(words)
        (home.config / name).chmod(0o600)
    monkeypatch.setenv("CUTTINGS_SMTP_PASSWORD", SECRETS["the mail password"])
    for name in ("new", "cur", "tmp"):
        (home.folder / "mail" / name).mkdir(parents=True)
    words = (home.config / "council.toml").read_text()
    home.write(
        council=f'{words}channel = "smtp"\nhost = "localhost"\nport = {port}\nusername = "cuttings"\n'
        f'ca_file = "{ca_file}"\ninbox = "maildir:{home.folder / "mail"}"\n',
        editions='[[edition]]\nid = "managers"\nname = "For managers"\naudience = "managers"\nperiod = "week"\n'
        f'recipients = ["{ANNA}", "{BEN}"]\nquote_comments = true\n',
        sources=f'{paper.source_toml(press)}licence = {{ mode = "full" }}\n',
    )
    for n in range(PAPERS):
        press.put(Story(slug=f"visits-{n}", title=f"Visits from ward {n + 2}", comments=(remark(10 + n, 28),), post=n))
    return home, inbox


def remark(number, day):
    words = f"{WORDS} That was in ward {number}."  # said twice it would be a double post, and kept out for that
    return Remark(number, READER["name"], f"2026-10-{day}T09:15:00", words)


def bounce(home, message):
    """What the world sends back weeks later, with the address and the name of a person in it."""
    identity = str(message["Message-ID"])
    data = report(ANNA, identity, why=f"550 mailbox of {READER['name']} is gone")
    (home.folder / "mail" / "new" / "1.bounce").write_bytes(data)


def pdf_text(path):
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def text_of(path):
    if path.suffix == ".pdf":
        return pdf_text(path)
    return path.read_bytes().decode("utf-8", "replace")


def words_of(message):
    parts = [p.get_content() for p in message.walk() if p.get_content_maintype() == "text"]
    return "\n".join(str(part) for part in parts)


def holding(places, needles):
    """(what, where) for everything that stands where it must not."""
    flat = {where: plain(text) for where, text in places.items()}
    return [(what, where, around(text, plain(needle))) for where, text in flat.items()
            for what, needle in needles.items() if plain(needle) in text]  # fmt: skip


def around(text, needle):
    at = text.index(needle)
    return text[max(0, at - 80) : at + 40]


def test_nothing_personal_and_nothing_secret_is_left_lying_about(council, press, capfd, monkeypatch):
    from flows.collect import collect
    from flows.deliver import deliver
    from flows.health import health
    from flows.publish import publish

    home, inbox = council
    collected = collect()
    assert not any(source.failure for source in collected.sources)
    published = publish("managers")
    assert published.state == "published"
    (to_anna,) = [message_from_bytes(data, policy=policy.default) for to, data in inbox.arrived if to == ANNA]

    # A collect that dies of something with a reader's words in it; a mail password that has changed; a bounce.
    def dies(*_, **__):
        raise KeyError(f"{READER['name']} {READER['address']}")

    with monkeypatch.context() as patch:
        patch.setattr("cuttings.spam.judge", dies)
        home.at("2026-11-03T05:00:00+00:00")
        press.put(Story(slug="later", title="A later visit", comments=(remark(9, 31),), post=9))
        collect()
        patch.setattr("flows.collect._every_source", dies)
        with pytest.raises(KeyError, match="not kept"):
            collect()
    bounce(home, to_anna)
    deliver()
    health()
    with monkeypatch.context() as patch:
        patch.setenv("CUTTINGS_SMTP_PASSWORD", f"{SECRETS['the mail password']}-old")
        health()
        deliver()
    home.at("2026-11-09T07:00:00+00:00")
    deliver()

    issues = {str(p): text_of(p) for p in (home.output / "issues").rglob("*") if p.suffix in (".html", ".json", ".pdf")}
    assert {Path(p).suffix for p in issues} == {".html", ".json", ".pdf"}
    letters = {f"mail to {to} {n}": data for n, (to, data) in enumerate(inbox.arrived)}
    mails = {name: words_of(message_from_bytes(data, policy=policy.default)) for name, data in letters.items()}
    to_readers = {name: text for name, text in mails.items() if ANNA in name}
    to_officer = {name: text for name, text in mails.items() if "policy@" in name}
    assert to_readers
    assert to_officer
    logs = {str(p): text_of(p) for p in (home.output / "logs").rglob("*") if p.is_file()}
    assert any("run done" in text for text in logs.values())
    printed = "".join(capfd.readouterr())
    journal = Journal(home.folder / "journal")
    for line in printed.splitlines():
        journal.write("runner", line, at=datetime.now(UTC))
    journal.close()
    journal = home.folder / "journal" / "cuttings.log"
    if journal.exists():  # Prefect sets up its logging once a process: an earlier test's may hold it
        logs["the server's log"] = text_of(journal)
    rows = records()
    assert len([r for r in rows if r[0] == "flow_run"]) > 20
    assert [r for r in rows if r[0] == "artifact"]
    assert [r for r in rows if r[0] == "log"]
    every_row = {f"Prefect's {t}.{c} {row}": text for t, c, row, text in rows}
    store = {str(p): p.read_bytes().decode("latin-1") for p in home.output.glob("cuttings.db*") if p.is_file()}
    assert any("Zephyrine" in text for text in store.values()), "a needle that is nowhere proves nothing"

    reader, readers = READER, {"Anna's address": ANNA, "Ben's address": BEN}
    # A bounce's words are kept with the message, for the officer; they are the only place of a name in mail.
    found = holding(issues | to_readers | logs | every_row | {"screen": printed}, reader)
    found += holding(issues | logs | every_row, readers)
    found += holding(to_readers, {"Ben's address": BEN})
    everything = issues | mails | logs | every_row | store | {"screen": printed}
    found += holding(everything, SECRETS)
    assert found == []
