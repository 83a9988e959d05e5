"""What a message says in each of its headers and parts, and in which words one that is wrong is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.edges.mail.message import (
    ATTACHED,
    LONGEST_NAME,
    LONGEST_SUBJECT,
    Attachment,
    BadMessage,
    address_of,
    body_text,
    check,
    file_name,
    message_id,
    one_line,
    unsubscribe_token,
)
from tests.mail.letters import HTML, NOW, PDF, SENDER, TEXT, built

TOKEN = "0123456789abcdef0123"
KEY = b"k" * 32


def read(message):
    return message_from_bytes(message.as_bytes(), policy=policy.default)


# ---------------------------------------------------------------- headers


def test_every_header_as_servers_and_programs_look_for_it():
    data = built(token=TOKEN).as_bytes()
    head = data.split(b"\r\n\r\n")[0].split(b"\r\n")
    assert [line for line in head if not line.startswith((b"Subject", b" ", b"Reply-To", b"Content-Type"))] == [
        b"From: Fellshire cuttings <cuttings@fellshire.example>",
        b"To: Ann Vole <ann@fellshire.example>",
        b"Date: Mon, 06 Apr 2026 07:00:00 +0000",
        b"Message-ID: " + str(built()["Message-ID"]).encode(),
        b"List-Unsubscribe: <mailto:stop@fellshire.example?subject=unsubscribe%20" + TOKEN.encode() + b">",
        b"List-Id: <managers.fellshire.example>",
        b"Auto-Submitted: auto-generated",
        b"Precedence: list",
        b"MIME-Version: 1.0",
    ]


def test_a_way_out_by_the_web_goes_first_whatever_its_address_is_like():
    plain = replace(SENDER, unsubscribe_url="https://council.example/stop")
    message = read(built(sender=plain, to="a+b/c@fellshire.example", token=TOKEN))
    assert message["List-Unsubscribe"] == (
        f"<https://council.example/stop?address=a%2Bb%2Fc%40fellshire.example&token={TOKEN}>, "
        f"<mailto:stop@fellshire.example?subject=unsubscribe%20{TOKEN}>"
    )
    # Without a token nobody could tell whose request it is.
    message = read(built(sender=plain))
    assert message["List-Unsubscribe"] == "<mailto:stop@fellshire.example?subject=unsubscribe>"
    assert "List-Unsubscribe-Post" not in message


def test_a_header_that_is_too_long_for_servers_is_folded():
    long = replace(SENDER, unsubscribe_url=f"https://council.example/{'stop-' * 300}")
    lines = built(sender=long, token=TOKEN).as_bytes().split(b"\r\n")
    assert max(map(len, lines)) <= 998


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("managers", "managers"),
        ("Care & Health, North", "care-health-north"),
        ("--x--", "x"),
        ("社会", "cuttings"),
        ("", "cuttings"),
        ("a" * 99, "a" * 60),
    ],
)
def test_the_lists_name_is_one_that_programs_can_sort_by(name, listed):
    message = read(built(sender=replace(SENDER, list_name=name)))
    assert message["List-Id"] == f"<{listed}.fellshire.example>"


def test_a_sender_in_letters_of_its_own_has_one_domain_everywhere():
    sender = replace(SENDER, address="cuttings@bücher.example", reply_to="x@bücher.example")
    message = read(built(sender=sender))
    assert message["List-Id"] == "<managers.xn--bcher-kva.example>"
    assert message["From"].addresses[0].addr_spec == "cuttings@xn--bcher-kva.example"
    assert message["Reply-To"].addresses[0].addr_spec == "x@xn--bcher-kva.example"
    assert message_id("i", "edition", "a@b.example", sender.address).endswith("@xn--bcher-kva.example>")


def test_without_names_the_addresses_stand_alone():
    sender = replace(SENDER, name=None, reply_to_name=None)
    message = read(built(sender=sender, to_name=None))
    assert str(message["From"]) == "cuttings@fellshire.example"
    assert str(message["Reply-To"]) == "officer@fellshire.example"
    assert str(message["To"]) == "ann@fellshire.example"


def test_a_name_that_does_not_survive_is_left_out_rather_than_the_message():
    name = "= utf-8 q Content-Type: text/htmlTo: ä"
    message = read(built(to_name=name))
    assert [a.addr_spec for a in message["To"].addresses] == ["ann@fellshire.example"]


def test_whose_letters_servers_do_not_take_is_told():
    with pytest.raises(BadMessage) as refused:
        address_of("jörg@x.example", "Jörg")
    assert str(refused.value) == "jörg@x.example: letters before the '@' that few mail servers take (SMTPUTF8)"


def test_a_name_has_a_length():
    assert address_of("a@x.example", "n" * 500).display_name == "n" * (LONGEST_NAME - 1) + "…"
    assert str(address_of("a@x.example", None)) == "a@x.example"


# ---------------------------------------------------------------- identity


def test_with_a_key_nobody_else_can_tell_the_identity_or_the_token():
    given = ("managers-1", "edition", "Ann@Fellshire.example", "cuttings@fellshire.example")
    made = message_id(*given, key=KEY)
    assert re.fullmatch(r"<cuttings\.[0-9a-f]{20}@fellshire\.example>", made)
    assert made == message_id("managers-1", "edition", "ann@fellshire.example", given[3], KEY)
    tokens = {unsubscribe_token("ann@fellshire.example", key) for key in (KEY, b"other")}
    others = {message_id(*given), message_id(*given, key=b"other"), message_id("managers-2", *given[1:], key=KEY)}
    assert len({made, *others, *tokens}) == 6
    assert unsubscribe_token("Ann@Fellshire.example", KEY) in tokens
    # What proves a request is not what stands in the open in every header.
    assert not any(token in made for token in tokens)


def test_what_was_sent_before_an_upgrade_is_still_known_after_it():
    """Readers answer old messages, and a second copy is told from the first by its identity."""
    assert unsubscribe_token("ann@fellshire.example", KEY) == "b1232aa6c8c63d347318"
    assert unsubscribe_token("ben@fellshire.example", KEY) != "b1232aa6c8c63d347318"
    given = ("managers-1", "edition", "ann@fellshire.example", "cuttings@fellshire.example", KEY)
    assert message_id(*given) == "<cuttings.2140ec4583dc982c2139@fellshire.example>"


def test_where_one_part_ends_counts():
    assert message_id("ab", "c", "x@y.example", "s@s.example", KEY) != message_id(
        "a", "bc", "x@y.example", "s@s.example", KEY
    )


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("two\nlines\r\nand\ta tab", "two lines and a tab"),
        ("a\u2028b\u2029c\u00a0d\u3000e", "a b c d e"),
        ("a\x00b\u200bc\ud83dd\ue000e\U000e0fff", "abcde"),
        ("=?x?=", "= x ="),
        ("a=?b", "a= b"),
        ("a?=b", "a =b"),
        ("==??", "== ?"),
        ("a = ? b", "a = ? b"),
        ("  x  ", "x"),
    ],
)
def test_what_a_header_may_carry(text, line):
    assert one_line(text) == line


def test_a_line_is_cut_where_it_is_longer_than_it_may_be_and_the_cut_is_shown():
    assert one_line("x" * LONGEST_SUBJECT) == "x" * LONGEST_SUBJECT
    assert one_line("x" * (LONGEST_SUBJECT + 1)) == "x" * (LONGEST_SUBJECT - 1) + "…"
    assert one_line("abc def", 5) == "abc…"
    assert one_line("abc def", 7) == "abc def"


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd\n"),
        ("a\tb\n", "a\tb\n"),
        ("a\x00\x1b[2J\x0cb\x85c", "a[2Jbc\n"),
        ("half \ud83d gone", "half  gone\n"),
        ("\u200fשלום", "\u200fשלום\n"),
        ("", "\n"),
    ],
)
def test_what_a_body_keeps(text, body):
    assert body_text(text) == body


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ('a\\b/c:d*e?f"g<h>i|j', "a-b-c-d-e-f-g-h-i-j.pdf"),
        ("a??b", "a-b.pdf"),
        (" . -x- . ", "x.pdf"),
        ("cuttings.PDF", "cuttings.pdf"),
        ("cuttings.html", "cuttings.pdf"),
        ("cuttings.pdf.exe", "cuttings.pdf.exe.pdf"),
        ("xpdf", "xpdf.pdf"),
        ("n" * (LONGEST_NAME - 2) + " - end", "n" * (LONGEST_NAME - 2) + ".pdf"),
        ("m" * 399 + " x", "m" * LONGEST_NAME + ".pdf"),
        ("///", "attachment.pdf"),
    ],
)
def test_a_file_name_to_the_letter(name, saved):
    assert file_name(name) == saved
    assert file_name(name, "html") == saved.removesuffix("pdf") + "html"


NAMES = st.text(st.sampled_from('ab .-\\/:*?"<>|=\n\x00\u202eé') | st.characters(), max_size=200)


@given(NAMES)
def test_any_name_can_be_saved_anywhere(name):
    saved = file_name(name)
    assert saved.endswith(".pdf")
    assert not set(saved) & set('\\/:*?"<>|\r\n\x00')
    assert not saved.startswith((".", " ", "-"))
    assert len(saved) <= LONGEST_NAME + len(".pdf")


def test_the_link_that_stops_the_letters_is_each_readers_own():
    link = "mailto:stop@fellshire.example?subject=unsubscribe"
    longer = f"{link}%20all {link}d"
    message = read(
        built(text=f"Stop: {link}\n{longer}", html=f'<a href="{link}">Stop</a><a href="{link}%20x">', token=TOKEN)
    )
    text, page = (message.get_body([kind]).get_content() for kind in ("plain", "html"))
    assert text.splitlines() == [f"Stop: {link}%20{TOKEN}", longer]
    assert page.strip() == f'<a href="{link}%20{TOKEN}">Stop</a><a href="{link}%20x">'
    assert read(built(text=link)).get_body(["plain"]).get_content().strip() == link


# ---------------------------------------------------------------- parts


def test_each_part_is_in_letters_that_every_server_takes():
    message = built(pdf=Attachment(PDF.data, "é.pdf", html="<p>ä</p>".encode(), both=True))
    parts = [part for part in message.walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html", "application/pdf", "text/html"]
    encodings = [part["Content-Transfer-Encoding"] for part in parts]
    assert encodings == ["quoted-printable", "quoted-printable", "base64", "quoted-printable"]
    assert [part.get_content_charset() for part in parts] == ["utf-8", "utf-8", None, "utf-8"]
    assert [part.get_filename() for part in parts] == [None, None, "é.pdf", "é.html"]
    assert [part.get_content_disposition() for part in parts] == [None, None, "attachment", "attachment"]
    assert [part["MIME-Version"] for part in message.walk()] == ["1.0", *[None] * 5]
    assert len(message.as_bytes().split(b"MIME-Version")) == 2


def test_a_broken_twin_is_sent_as_well_as_can_be():
    (attached,) = read(built(pdf=Attachment(b"", "a.pdf", html=b"<p>\xff</p>"))).iter_attachments()
    assert attached.get_content().strip() == "<p>\ufffd</p>"


def test_beside_a_pdf_its_twin_goes_in_a_proof_alone():
    both = Attachment(b"%PDF", "a.pdf", html=b"<p>")
    assert [a.get_filename() for a in read(built(pdf=both)).iter_attachments()] == ["a.pdf"]
    assert list(read(built(pdf=Attachment(b"", "a.pdf"))).iter_attachments()) == []


def test_boundaries_differ_within_a_message_and_between_messages():
    def boundaries(message):
        return [part.get_boundary() for part in message.walk() if part.is_multipart()]

    one = boundaries(built())
    other = boundaries(built(message_id="<other@x.example>"))
    assert len({*one, *other}) == 4
    assert all(boundary.startswith("=_") for boundary in (*one, *other))


# ---------------------------------------------------------------- too large

LARGE = Attachment(b"%PDF" + bytes(1_340_000), "cuttings.pdf")


def bodies(**changes):
    given = {"text": f"Tea.\n{ATTACHED}\nEnd.\n", "html": f"<BODY><p a='b'>{ATTACHED}</p><b>End</b></BODY></HTML>"}
    message = read(built(largest_bytes=1_000_000, **(given | changes)))
    return [message.get_body([kind]).get_content().replace("\r\n", "\n") for kind in ("plain", "html")]


def test_a_message_of_just_the_size_goes_whole():
    size = len(built().as_bytes())
    assert "too large" not in read(built(largest_bytes=size)).get_body(["plain"]).get_content()
    assert "too large" in read(built(largest_bytes=size - 1)).get_body(["plain"]).get_content()
    assert len(list(read(built(pdf=None, largest_bytes=1)).walk())) == 3


def test_the_words_for_a_pdf_without_a_link():
    text, page = bodies(pdf=LARGE)
    why = (
        "The PDF of this issue is too large to send by e-mail (1.3 MB). "
        "Reply to this message and we will get it to you another way."
    )
    assert text == f"Tea.\nEnd.\n\n{why}\n"
    assert page == f"<BODY><b>End</b><p>{why}</p>\n</BODY></HTML>\n"


def test_the_words_for_a_pdf_with_a_link():
    link = "https://x.example/a?b=1&c='\"<"
    text, page = bodies(pdf=replace(LARGE, link=link, html=b"<p>"))
    why = "The PDF of this issue is too large to send by e-mail (1.3 MB). You can read it here:"
    assert text == f"Tea.\nEnd.\n\n{why} {link}\n"
    safe = "https://x.example/a?b=1&amp;c=&#x27;&quot;&lt;"
    assert page == f'<BODY><b>End</b><p>{why} <a href="{safe}">{safe}</a></p>\n</BODY></HTML>\n'


def test_the_words_for_a_pdf_whose_twin_goes_instead():
    text, _ = bodies(pdf=replace(LARGE, html=b"<p>"))
    assert text.endswith(" (1.3 MB). The whole issue is attached as a web page instead.\n")


def test_a_page_without_an_end_gets_its_words_at_its_end():
    _, page = bodies(pdf=LARGE, html="<p>End")
    assert re.fullmatch(r"<p>End\n<p>The PDF of this issue .* another way\.</p>\n", page)


def test_the_last_end_of_a_page_is_its_end():
    _, page = bodies(pdf=LARGE, html="<body><!-- </body> --><p>x</p></body>")
    assert re.fullmatch(r"<body><!-- </body> --><p>x</p><p>The PDF.*</p>\n</body>\n", page)


# ---------------------------------------------------------------- read back

REFUSED = [
    (b"Subject: ", b"Bcc: thief@x.example\r\nSubject: ",
     "read back, the message has other headers than it was built with: Bcc"),
    (b"Precedence: list", b"Precedence: bulk",
     "read back, the header Precedence says something else than it was built with"),
    (b"To: Ann Vole <ann@", b"To: Ann Vole <thief@",
     "read back, the header To says something else than it was built with"),
    (b"application/pdf", b"text/html", "read back, the message has other parts than it was built with"),
    (b"Tea", b"Pea", "read back, a part of the message holds other words than it was built with"),
    (b"Content-Disposition: attachment", b"Content-Description: attachment",
     "read back, a part of the message has other headers than it was built with"),
    (b"5 April 2026.pdf", b"6 April 2026.pdf",
     "read back, a part of the message has other headers than it was built with"),
]  # fmt: skip


@pytest.mark.parametrize(("was", "becomes", "says"), REFUSED)
def test_what_differs_is_told(was, becomes, says):
    message = built()
    data = message.as_bytes()
    assert was in data
    with pytest.raises(BadMessage) as refused:
        check(message, data.replace(was, becomes))
    assert str(refused.value) == says


def test_a_header_that_stands_there_twice_is_told():
    message = built()
    message["X-One"] = "1"
    message["X-One"] = "1"
    with pytest.raises(BadMessage) as refused:
        check(message, message.as_bytes())
    assert str(refused.value) == "the header X-One stands there twice"


def test_what_a_text_begins_with_is_not_its_end():
    check(message := built(text="\n\nTea.\n"), message.as_bytes())
    with pytest.raises(BadMessage, match="other words"):
        check(message, message.as_bytes().replace(b"\r\n\r\n\r\n\r\nTea", b"\r\n\r\nTea"))


def test_line_ends_alone_are_no_difference():
    message = built(text="one\ntwo\n\n\n", html=HTML + "\n\n")
    check(message, message.as_bytes())
    check(message, message.as_bytes(policy=message.policy.clone(linesep="\n")))


def test_a_date_without_its_zone_is_told():
    with pytest.raises(ValueError, match=r"^2026-04-06 07:00:00 needs its time zone to date a message$"):
        built(date=NOW.replace(tzinfo=None), text=TEXT)
