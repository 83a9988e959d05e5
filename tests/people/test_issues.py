"""An issue that printed a reader's words is printed anew without them; what was sent is said to have been sent."""

import email
import hashlib
import json
from dataclasses import replace
from datetime import date, timedelta
from email import policy
from pathlib import Path

import pytest

from cuttings import render
from cuttings.edges import mail
from cuttings.edges.mail import Folder, Sender
from cuttings.edges.store import erased, issues, judged, outbox, people
from cuttings.edges.store.issues import IssueFile
from cuttings.model import Words, as_json
from tests.digest import corpus
from tests.people.conftest import NOW, URL
from tests.people.test_forgetting import CANARY, forget

WORDS = "It worked in our town – twice, and I would do it again."
OTHER = "Jo Brack is right, and I agree."


@pytest.fixture
def printed(read_house):
    """An issue with one item and two readers' words, sent to one person."""
    store, key = read_house.store, erased.at_address(read_house.store, URL)
    made = corpus.digest()
    item = replace(
        made.sections[0].items[0],
        story=erased.story_of(store, key),
        article=key,
        version=1,
        voices=(Words(WORDS, "source"), Words(OTHER, "source")),
    )
    digest = replace(made, sections=(replace(made.sections[0], items=(item,)),), also_read=(), diary=(), first=())
    issue, _ = issues.begin(store, "managers", date(2026, 3, 30), date(2026, 4, 5), now=NOW)
    folder = read_house.output / "issues" / issue.id
    data = {
        "html": render.html(digest).encode(),
        "pdf": b"%PDF-1.7 " + WORDS.encode(),  # that it is replaced is what counts here
        "json": json.dumps({"issue": issue.id, "digest": as_json(digest), "stories": [1]}).encode(),
    }
    files = []
    for kind, content in data.items():
        path = folder / f"issue.{kind}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        files.append(IssueFile(kind, str(path), hashlib.sha256(content).hexdigest(), len(content)))
    issues.save(store, issue.id, digest, files, now=NOW)
    letter = render.letter(digest, unsubscribe="mailto:x@fellshire.example")
    text = f"{letter.text}\nA reader: {WORDS}\n"
    said = outbox.Letter(issue.id, "edition", letter.subject, text, letter.html, files[1].path, letter.attachment)
    people_there = [("anna@fellshire.example", None)]
    outbox.release(store, said, people_there, by="Editor", now=NOW, deadline=NOW + timedelta(days=1))
    sender = Sender("a@fellshire.example", None, "b@fellshire.example", None, "c@fellshire.example")
    done = mail.deliver(store, Folder(read_house.output / "outbox"), sender=sender, clock=lambda: NOW, by="test")
    assert done.sent == 1
    return read_house, issue.id


def test_the_words_go_from_digest_files_letters_and_messages(printed):
    house, name = printed
    (message,) = (house.output / "outbox").glob("*.eml")
    before = issues.find(house.store, name)
    header = email.message_from_bytes(message.read_bytes(), policy=policy.default)
    gone, done = forget(house)
    assert gone.issues == (name,)
    assert (len(done.files), done.messages, done.left) == (3, 1, [])
    after = issues.find(house.store, name)
    (item,) = after.digest.items
    assert [v.text for v in item.voices] == [OTHER]
    # What was counted stays counted.
    assert (after.digest.audit, after.digest.stories) == (before.digest.audit, before.digest.stories)
    for file in after.files:
        data = Path(file.path).read_bytes()
        assert hashlib.sha256(data).hexdigest() == file.sha256
        assert CANARY not in data
    assert Path(after.file("pdf").path).read_bytes().startswith(b"%PDF-")
    assert json.loads(Path(after.file("json").path).read_text())["stories"] == [1]
    assert OTHER in Path(after.file("html").path).read_text()
    new = email.message_from_bytes(message.read_bytes(), policy=policy.default)
    assert [new[h] for h in ("To", "Subject", "Message-ID")] == [header[h] for h in ("To", "Subject", "Message-ID")]
    for part in new.walk():
        if part.get_content_maintype() == "text":
            assert "again" not in part.get_content()
        if part.get_content_type() == "application/pdf":
            assert part.get_content() == Path(after.file("pdf").path).read_bytes()
            assert part.get_filename()
    assert erased.scrub(house.store)
    house.store.close()
    assert CANARY not in house.bytes()


def test_what_was_sent_is_listed_and_not_claimed(printed):
    house, name = printed
    forget(house)
    (sent,) = erased.sent_of(house.store, [name])
    assert (sent.issue, sent.sent, sent.last) == (name, 1, NOW)
    assert [d.reason for d in issues.log(house.store, name)][-1] == erased.ERASED


def test_another_readers_words_do_not_make_an_issue_be_printed_anew(printed):
    house, _ = printed
    before = {p: p.read_bytes() for p in (house.output / "issues").rglob("*") if p.is_file()}
    gone, _ = forget(house, "Jo Brackley")
    assert gone.issues == ()
    assert {p: p.read_bytes() for p in before} == before


def test_which_issues_had_an_article(printed):
    house, name = printed
    key = erased.at_address(house.store, URL)
    assert erased.issues_with(house.store, [key]) == (name,)
    assert judged.counts(house.store)["genuine"] == 6


def test_what_a_waiting_issue_prints_and_its_publisher_took_back(printed):
    from flows import taken_back

    house, name = printed
    issue = issues.find(house.store, name)
    assert taken_back.printed(house, issue) == ()
    assert taken_back.made_anew(house, issue, NOW) is None
    people.withdraw_article(house.store, issue.digest.items[0].article, by="Editor", now=NOW)
    assert [i.number for i in taken_back.printed(house, issue)] == [issue.digest.items[0].number]
