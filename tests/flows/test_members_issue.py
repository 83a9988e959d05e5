"""The members' edition as it ships: with its large print, in the list of all issues, careful before an election; and
no secret in anything that came of it."""

import re
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from cuttings.edges.store import issues
from cuttings.model import when
from tests.edges_store.made import article, save

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect")]

ISSUE = "members-2026-10-01-2026-10-31"
SECRETS = {
    "hash-key": "key-of-the-hashes-8c1f",
    "smtp-password": "mail-password-77ab",
    "inbox-password": "inbox-password-19cd",
    "prefect-auth": "cuttings:auth-string-55ef",
}


@pytest.fixture
def desk(home):
    """A house with three articles and secrets; its members' edition has a large print."""
    editions = (home.config / "editions.toml").read_text()
    home.write(
        editions=editions.replace('id = "members"', 'id = "members"\nlarge_print = true'),
        council=(home.config / "council.toml").read_text().replace("[delivery]", '[delivery]\nusername = "cuttings"'),
    )
    for name, words in SECRETS.items():
        (home.config / name).write_text(f"{words}\n")
        (home.config / name).chmod(0o600)
    store = home.store
    for n, kind in enumerate(("news", "news", "opinion")):
        made = article(f"a{n}", published=f"2026-10-{20 + n}", title=f"Night care grows {n}", kind=kind, repairs=())
        save(store, made, now=when("2026-10-30"), themes=("workforce",))
    store.close()
    return home


def publish(edition):
    from flows.publish import publish as flow

    return flow(edition)


def listed(home):
    page = (home.output / "issues" / "index.html").read_text()
    return [link for link in re.findall(r'<a href="([^"]+)"', page) if not link.startswith("#")], page


def test_large_print_is_made_checked_and_listed(desk):
    assert publish("members").state == "published"
    issue = issues.find(desk.store, ISSUE)
    large, plain = Path(issue.file("large").path), Path(issue.file("pdf").path)
    assert large.name == f"{plain.stem}-large-print.pdf"
    assert "Night care grows" in "".join(p.extract_text() for p in PdfReader(BytesIO(large.read_bytes())).pages)
    assert len(PdfReader(large).pages) > len(PdfReader(plain).pages)
    links, page = listed(desk)
    assert "large print" in page
    assert {(desk.output / "issues" / link).resolve() for link in links} == {Path(f.path) for f in issue.files}
    assert all(not Path(link).is_absolute() for link in links)
    _no_secret_anywhere(desk)


def _no_secret_anywhere(home):
    """In the store, the logs, the messages, the issues (unpacked), nor in the backup."""
    from flows.commands.backup import backup

    backup(home.output / "b.tar", secrets=False)
    files = [p for p in home.output.rglob("*") if p.is_file()]
    assert {".pdf", ".html", ".json", ".eml", ".db", ".log", ".tar"} <= {p.suffix for p in files}
    for path in files:
        data = path.read_bytes()
        unpacked = b"".join(_inflated(s) for s in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL))
        for words in SECRETS.values():
            assert words.rpartition(":")[2].encode() not in data + unpacked, f"{path} holds a secret"


def _inflated(data):
    try:
        return zlib.decompress(data)
    except zlib.error:
        return b""


def test_before_an_election_opinion_and_questions_are_left_out(desk):
    council = (desk.config / "council.toml").read_text()
    desk.write(council=council.replace("[council]", '[council]\npre_election = ["2026-11-02..2026-11-30"]'))
    published = publish("members")
    assert any("election" in why for why, _ in published.digest.left_out)
    assert all(section.question is None for section in published.digest.sections)
    desk.at("2026-12-01T07:00:00+00:00")
    assert not any("election" in why for why, _ in publish("members").digest.left_out)


def careful(home, name):
    digest = issues.find(home.store, name).digest
    held = {i.headline.text for i in digest.items}
    return any("election" in entry.words.text for entry in digest.made) and "Night care grows 2" not in held


def test_composed_before_the_pre_election_period_it_does_not_leave_in_it_as_it_was(desk):
    from flows.decide import decide

    council, editions = ((desk.config / f"{name}.toml").read_text() for name in ("council", "editions"))
    desk.write(
        council=council.replace("[council]", '[council]\npre_election = ["2026-11-04..2026-11-30"]'),
        editions=editions.replace('id = "members"', 'id = "members"\napproval = true'),
    )
    assert publish("members").state == "awaiting approval"
    assert not careful(desk, ISSUE)
    desk.at("2026-11-04T07:00:00+00:00")
    with pytest.raises(ValueError, match=r"has begun since\. It was made anew .* as proof 2\. Nothing was sent"):
        decide(ISSUE, "approve", "Ed Itor", proof=1)
    assert issues.find(desk.store, ISSUE).state == "awaiting approval"
    assert not [m for m in desk.messages() if m.name.startswith("cllr.ash@")]
    assert "the pre-election period has begun" in max(desk.messages(), key=lambda m: m.stat().st_mtime_ns).read_text()
    assert careful(desk, ISSUE)
    assert decide(ISSUE, "approve", "Ed Itor", proof=2) == "approved"


def test_a_correction_in_the_pre_election_period_sends_no_opinion_again(desk):
    from flows.publish import correct

    council = (desk.config / "council.toml").read_text()
    desk.write(council=council.replace("[council]", '[council]\npre_election = ["2026-11-04..2026-11-30"]'))
    assert publish("members").state == "published"
    assert not careful(desk, ISSUE)
    desk.at("2026-11-06T07:00:00+00:00")
    assert correct(ISSUE, "The team starts at seven.", "Ed Itor").state == "published"
    assert careful(desk, f"{ISSUE}-r2")


def test_the_week_s_mail_is_sent_once(desk):
    from flows.health import health

    assert health() == 1
    assert health() == 0
    (message,) = desk.messages()
    assert message.name.startswith("policy@fellshire.example")
    assert "Press cuttings: " in message.read_text()


def test_a_collect_that_fails_is_told_the_same_day(home):
    from flows.collect import collect
    from flows.deliver import deliver

    home.write(sources="")
    with pytest.raises(Exception, match="No source is configured"):
        collect()
    deliver()
    (message,) = home.messages()
    assert "No source is configured" in message.read_text()
