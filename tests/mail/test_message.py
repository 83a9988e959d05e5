"""A message says what it should and no more, whatever words reach it."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cuttings.edges.mail import Attachment, BadMessage, message_id
from cuttings.edges.mail.message import LONGEST_SUBJECT, POLICY, body_text, check, file_name, one_line
from cuttings.edges.store.recipients import BadAddress
from tests.mail.letters import HTML, NOW, PDF, SENDER, TEXT, built

HEADERS = [
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Id", "Auto-Submitted",
    "Precedence", "MIME-Version", "Content-Type",
]  # fmt: skip


def read(message):
    return message_from_bytes(message.as_bytes(), policy=policy.default)


def test_a_mail_client_finds_text_html_and_the_pdf():
    message = read(built())
    assert message.keys() == HEADERS
    assert message.get_content_type() == "multipart/mixed"
    alternatives, attached = message.iter_parts()
    assert alternatives.get_content_type() == "multipart/alternative"
    assert [p.get_content_type() for p in alternatives.iter_parts()] == ["text/plain", "text/html"]
    assert message.get_body(["plain"]).get_content().splitlines() == TEXT.splitlines()
    assert message.get_body(["html"]).get_content().splitlines() == HTML.splitlines()
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_filename() == PDF.name
    assert attached.get_content() == PDF.data


def test_its_headers():
    message = read(built())
    assert str(message["From"]) == "Fellshire cuttings <cuttings@fellshire.example>"
    assert str(message["To"]) == "Ann Vole <ann@fellshire.example>"
    assert str(message["Reply-To"]) == "Zoë Marsh <officer@fellshire.example>"
    assert str(message["Subject"]) == "Managers’ cuttings, 30 March to 5 April: 4 articles"
    assert message["Date"].datetime == NOW
    assert message["List-Unsubscribe"] == "<mailto:stop@fellshire.example?subject=unsubscribe>"
    assert message["List-Id"] == "<managers.fellshire.example>"


def test_without_a_pdf_the_alternatives_are_the_message():
    assert read(built(pdf=None)).get_content_type() == "multipart/alternative"


def test_the_same_message_is_the_same_to_the_byte():
    assert built().as_bytes() == built().as_bytes()


def test_one_identity_for_issue_kind_and_recipient():
    one = message_id("managers-1", "edition", "Ann@fellshire.example", SENDER.address)
    assert one == message_id("managers-1", "edition", "ann@Fellshire.example", SENDER.address)
    others = {
        message_id("managers-2", "edition", "ann@fellshire.example", SENDER.address),
        message_id("managers-1", "correction", "ann@fellshire.example", SENDER.address),
        message_id("managers-1", "edition", "bob@fellshire.example", SENDER.address),
    }
    assert len(others | {one}) == 4
    assert "ann" not in one


def test_the_lines_are_short_and_pure_ascii():
    data = built(subject="ä" * 200, html="<p>" + "é" * 5000 + "</p>").as_bytes()
    assert data.isascii()
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_a_domain_in_letters_of_its_own():
    message = read(built(to="ann@bücher.example"))
    assert message["To"].addresses[0].addr_spec == "ann@xn--bcher-kva.example"


def test_letters_before_the_at_that_servers_do_not_take():
    with pytest.raises(BadMessage, match="few mail servers"):
        built(to="jörg@fellshire.example")


def test_a_bad_address_is_said_to_be_one():
    with pytest.raises(BadAddress):
        built(to="ann@fellshire.example\r\nBcc: x@y.example")


def test_a_date_without_its_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        built(date=NOW.replace(tzinfo=None))


def test_a_pdf_that_is_too_large_stays_behind_and_both_bodies_say_so():
    large = Attachment(b"%PDF" + bytes(2_600_000), "large.pdf")
    message = read(built(pdf=large, largest_bytes=1_000_000))
    assert message.get_content_type() == "multipart/alternative"
    words = "too large to send by e-mail (2.6 MB)"
    assert words in message.get_body(["plain"]).get_content()
    page = message.get_body(["html"]).get_content()
    assert words in page
    assert page.rstrip().endswith("</body></html>")
    assert read(built(largest_bytes=1_000_000)).get_content_type() == "multipart/mixed"


def test_instead_of_a_pdf_that_is_too_large_comes_its_link_or_the_whole_issue_as_html():
    whole = b"<!DOCTYPE html><html><body><h1>All of it</h1></body></html>"
    said = f"{TEXT}\nThe whole issue is attached as a PDF.\n"
    page = HTML.replace("</body>", '<p style="x">The whole issue is attached as a PDF.</p></body>')
    big = {"data": b"%PDF" + bytes(2_600_000), "name": "cuttings 3.pdf", "html": whole}
    given = {"largest_bytes": 1_000_000, "text": said, "html": page}
    link = "https://x.example/managers/cuttings%203.pdf?a=1&b=2"
    linked = read(built(pdf=Attachment(**big, link=link), **given))
    assert list(linked.iter_attachments()) == []
    assert link in linked.get_body(["plain"]).get_content()
    assert f'href="{link.replace("&", "&amp;")}"' in linked.get_body(["html"]).get_content()
    (attached,) = list((message := read(built(pdf=Attachment(**big), **given))).iter_attachments())
    assert (attached.get_content_type(), attached.get_filename()) == ("text/html", "cuttings 3.html")
    assert attached.get_content().strip() == whole.decode()
    assert "attached as a web page" in message.get_body(["plain"]).get_content()
    for one in (linked, message):
        for body in ("plain", "html"):
            assert "attached as a PDF" not in one.get_body([body]).get_content()
    huge = Attachment(b"%PDF" + bytes(2_600_000), "a.pdf", html=b"x" * 1_500_000)
    nothing = read(built(pdf=huge, **given))
    assert list(nothing.iter_attachments()) == []
    assert "Reply to this message" in nothing.get_body(["plain"]).get_content()


def test_a_proof_carries_both():
    proof = read(built(pdf=Attachment(b"%PDF-", "a.pdf", html=b"<html>all of it</html>", both=True)))
    assert [a.get_filename() for a in proof.iter_attachments()] == ["a.pdf", "a.html"]


def test_one_click_only_where_the_council_has_a_page_for_it():
    assert "List-Unsubscribe-Post" not in read(built(token="0123456789abcdef0123"))
    sender = replace(SENDER, unsubscribe_url="https://council.example/stop?list=1")
    assert "List-Unsubscribe-Post" not in read(built(sender=sender))
    message = read(built(sender=sender, token="0123456789abcdef0123"))
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Unsubscribe"] == (
        "<https://council.example/stop?list=1&address=ann%40fellshire.example&token=0123456789abcdef0123>, "
        "<mailto:stop@fellshire.example?subject=unsubscribe%200123456789abcdef0123>"
    )


def test_a_subject_with_a_long_word_in_it_begins_on_its_own_line():
    subject = f"Until Monday 9 November 2026, 07:00: {'managers-' * 6} is held back"
    assert f"\r\nSubject: {subject}\r\n".encode() in built(subject=subject).as_bytes()


def test_the_way_out_stands_on_one_line_behind_its_name():
    built_ = built(to=f"ann@{'long-' * 10}name.example", token="0123456789abcdef0123")
    assert b"\r\nList-Unsubscribe: <mailto:stop@fellshire.example?subject=unsubscribe%20012345" in built_.as_bytes()


# ---------------------------------------------------------------- hostile words

BCC = "=?utf-8?q?=0D=0ABcc:_thief@x.example=0D=0A=0D=0AWin!?="
HOSTILE = [
    "News\r\nBcc: thief@x.example", "News\nX-Evil: 1", "News\rBcc: thief@x.example", "News\x0bBcc: x", "a\x85b\u2028c",
    BCC, f"News {BCC}", f"=?{BCC}?=", "==??utf-8?q?x?=", "=\u200b?utf-8?q?=0ABcc:x?=", "=?" * 300, "?=" * 300,
    "\u202egro.live", "\x00", "\ud83d", "é" * 999, "x" * 5000, "a, b <c@d.example>", '"quoted" (comment) \\', "@", ":;",
    "=?utf-8?b?DQpCY2M6IHhAeS5leGFtcGxl?=", "Æ" * 40 + BCC, "{{ 7*7 }}", "\ufeff", "👩🏽‍⚕️ visits", "שלום", "",
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_change_no_header(words):
    message = read(
        built(subject=words, to_name=words, text=words, html=f"<p>{words}</p>", pdf=Attachment(b"%PDF", words))
    )
    assert message.keys() == HEADERS
    assert [a.addr_spec for a in message["To"].addresses] == ["ann@fellshire.example"]
    assert len(list(message.walk())) == 5
    (attached,) = message.iter_attachments()
    assert attached.get_filename().endswith(".pdf")


@settings(max_examples=80, deadline=None)
@given(st.text(), st.text(), st.text())
@example(BCC, BCC, BCC)
def test_any_words_change_no_header(subject, name, body):
    message = read(built(subject=subject, to_name=name, text=body, html=body, pdf=Attachment(b"%PDF", name)))
    assert message.keys() == HEADERS
    assert len(list(message.walk())) == 5
    assert str(message["Subject"]) == one_line(subject)


@given(st.text())
@example("=?" * 99)
def test_one_line_is_one_line_and_settled(text):
    line = one_line(text)
    assert "=?" not in line
    assert "?=" not in line
    assert line.isprintable() or " " in line
    assert not set("\r\n\x00") & set(line)
    assert len(line) <= LONGEST_SUBJECT
    assert one_line(line) == line


@given(st.text())
def test_a_body_keeps_its_words(text):
    body = body_text(text)
    assert body.endswith("\n")
    kept = [c for c in body if c.isprintable() and c != "\n"]
    assert kept == [c for c in text if c.isprintable()]


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("Cuttings: April/May?.PDF", "Cuttings- April-May.pdf"),
        ("../../etc/passwd", "etc-passwd.pdf"),
        ("", "attachment.pdf"),
        (".pdf", "pdf.pdf"),
        ("\u202efdp.exe", "fdp.exe.pdf"),
        ("a" * 500 + ".pdf", "a" * 120 + ".pdf"),
        ("CON\r\n.pdf", "CON.pdf"),
    ],
)
def test_a_file_name_that_every_system_saves(name, saved):
    assert file_name(name) == saved


def test_the_injection_is_real_without_us_or_mended_in_this_python():
    """What `one_line` is for: where this interpreter is vulnerable, the check behind it refuses the message."""
    raw = EmailMessage(policy=POLICY)
    raw["From"], raw["To"] = "a@x.example", "b@x.example"
    raw["Subject"] = BCC
    raw.set_content("words")
    try:
        data = raw.as_bytes()
    except ValueError:  # later Pythons refuse to write it
        return
    try:
        check(raw, data)
    except BadMessage:
        return
    # Debian's 3.11.2 has the mending without the refusal: then the line break never becomes a header.
    assert b"\r\nbcc:" not in data.lower()


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"Subject: ", b"Bcc: thief@x.example\r\nSubject: "),
        (b"To: Ann Vole <ann@", b"To: Ann Vole <thief@"),
        (b"Tea", b"Pea"),
        (b"application/pdf", b"text/html"),
        (b"Precedence: list", b"Precedence: list\r\n\r\nWin!"),
        (b"Reply-To: ", b"To: "),
    ],
)
def test_a_message_that_reads_back_otherwise_is_refused(was, becomes):
    message = built()
    data = message.as_bytes()
    assert was in data
    with pytest.raises(BadMessage, match=r"read back|twice"):
        check(message, data.replace(was, becomes, 1))


ODD = ["Team:", "–", "Zoë", "李小明", "(Jo)", "R&D", "Müller-Lüdenscheidt", "x" * 80]
WORDS = st.lists(st.sampled_from(ODD), max_size=9)


@given(WORDS.map(" ".join), WORDS.map(" ".join))
def test_titles_and_names_arrive_to_the_letter_spaces_too(subject, name):
    data = built(subject=subject, to_name=name).as_bytes()
    read = message_from_bytes(data)
    assert str(make_header(decode_header("".join(read["Subject"].splitlines())))) == one_line(subject)
    ((shown, address),) = getaddresses(["".join(read["To"].splitlines())])
    assert str(make_header(decode_header(shown))) == one_line(name, 120)
    assert address == "ann@fellshire.example"
    assert all(len(word) <= 75 for word in re.findall(rb"=\?utf-8\?\S+\?=", data))
