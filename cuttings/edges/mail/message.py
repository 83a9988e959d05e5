"""Building one message, and making sure that it says what it should and no more.

Words from outside reach the subject and the bodies. On CPython up to 3.11.9 a subject that holds an encoded word with
a line break in it ("=?utf-8?q?=0D=0ABcc: …?=") comes out as a header of its own, so `=?` never gets in, and the message
is read back before it may leave.
"""

from __future__ import annotations

import html as markup
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime
from typing import Any

from cuttings.edges.store.recipients import ascii_domain, checked, fold
from cuttings.model import fingerprint

LONGEST_SUBJECT = 250  # characters; mail clients show about 60
LONGEST_NAME = 120
# Lines are folded by the policy, never broken by the words in them; utf8=False encodes names for every server.
POLICY = policy.SMTP.clone(max_line_length=78, utf8=False)


class BadMessage(ValueError):
    """A message that would not arrive as it was meant; it was not sent. Says what differs."""


@dataclass(frozen=True, slots=True)
class Sender:
    """From whom our messages come, where answers go, and how they are stopped."""

    address: str
    name: str | None
    reply_to: str  # the contact officer
    reply_to_name: str | None
    unsubscribe: str  # address that takes "unsubscribe"
    list_name: str = "cuttings"  # names the list in List-Id; the edition, as a rule


@dataclass(frozen=True, slots=True)
class Attachment:
    data: bytes
    name: str  # as readers see it: "Cuttings for managers, 30 March to 5 April 2026.pdf"


def message_id(issue: str, kind: str, recipient: str, sender: str) -> str:
    """The same for the same message, however often it is built: a second copy can be recognised as one."""
    domain = ascii_domain(sender.rpartition("@")[2])
    return f"<cuttings.{fingerprint(issue, kind, fold(recipient))}@{domain}>"


def one_line(text: str, longest: int = LONGEST_SUBJECT) -> str:
    """Text from outside as a header may carry it: one line, no control or direction characters, no encoded word."""
    kept = "".join(" " if c.isspace() or unicodedata.category(c) in _BREAKS else c for c in text if _allowed(c))
    # After a '?' is taken out another pair may meet: "==??".
    while "=?" in kept or "?=" in kept:
        kept = kept.replace("=?", "= ").replace("?=", " =")
    line = " ".join(kept.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


_BREAKS = {"Zl", "Zp", "Zs"}


def _allowed(character: str) -> bool:
    # Cf holds the marks that turn the direction of writing round; Cs are lone surrogates.
    return character.isspace() or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Cn", "Co"}


def body_text(text: str) -> str:
    """Text for a body: line ends alike, no control characters but line ends and tabs, nothing unencodable."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    return kept if kept.endswith("\n") else kept + "\n"


def file_name(name: str) -> str:
    """The PDF's name as every system can save it: no path, no reserved character, no leading dot, not too long."""
    stem = re.sub(r'[\\/:*?"<>|]+', "-", one_line(name, 400)).strip(" .-")
    stem = re.sub(r"\.pdf$", "", stem, flags=re.IGNORECASE)[:LONGEST_NAME].rstrip(" .-")
    return f"{stem or 'attachment'}.pdf"


def address_of(address: str, name: str | None) -> Address:
    """A header address; the domain in the letters mail servers know. Raises BadAddress."""
    local, _, domain = checked(address).rpartition("@")
    if not local.isascii():
        raise BadMessage(f"{address}: letters before the '@' that few mail servers take (SMTPUTF8)")
    return Address(one_line(name or "", LONGEST_NAME), local, ascii_domain(domain))


def build_message(
    *,
    sender: Sender,
    to: str,
    to_name: str | None = None,
    subject: str,
    text: str,
    html: str,
    date: datetime,
    message_id: str,
    pdf: Attachment | None = None,
    largest_bytes: int | None = None,
) -> EmailMessage:
    """One message to one person: text and HTML as alternatives, the PDF attached under a readable name.

    `date` needs its time zone. Where the whole would be larger than `largest_bytes`, the PDF is left off and both
    bodies say so. Raises BadMessage where the message, read back, has other headers than it should, and BadAddress.
    """
    message = _message(sender, to, to_name, subject, text, html, date, message_id, pdf)
    data = message.as_bytes()
    if pdf is not None and largest_bytes is not None and len(data) > largest_bytes:
        text, html = _without_pdf(text, html, len(pdf.data))
        message = _message(sender, to, to_name, subject, text, html, date, message_id, None)
        data = message.as_bytes()
    check(message, data)
    return message


def _message(
    sender: Sender,
    to: str,
    to_name: str | None,
    subject: str,
    text: str,
    html: str,
    date: datetime,
    message_id: str,
    pdf: Attachment | None,
) -> EmailMessage:
    if date.tzinfo is None:
        raise ValueError(f"{date} needs its time zone to date a message")
    message = EmailMessage(policy=POLICY)
    message["From"] = address_of(sender.address, sender.name)
    message["To"] = address_of(to, to_name)
    message["Reply-To"] = address_of(sender.reply_to, sender.reply_to_name)
    message["Subject"] = one_line(subject)
    message["Date"] = format_datetime(date)
    message["Message-ID"] = message_id
    unsubscribe = address_of(sender.unsubscribe, None).addr_spec
    message["List-Unsubscribe"] = f"<mailto:{unsubscribe}?subject=unsubscribe>"
    message["List-Id"] = f"<{_label(sender.list_name)}.{ascii_domain(sender.address.rpartition('@')[2])}>"
    # Keeps out-of-office replies away from the contact officer.
    message["Auto-Submitted"] = "auto-generated"
    message["Precedence"] = "list"
    message.set_content(body_text(text), charset="utf-8", cte="quoted-printable")
    message.add_alternative(body_text(html), subtype="html", charset="utf-8", cte="quoted-printable")
    if pdf is not None:
        message.add_attachment(pdf.data, maintype="application", subtype="pdf", filename=file_name(pdf.name))
    for n, part in enumerate(message.walk()):
        if part.is_multipart():
            # The same message, the same bytes. "=_" occurs in neither encoding that the parts are in.
            part.set_boundary(f"=_{fingerprint(message_id, str(n))}")
        if n:
            del part["MIME-Version"]  # belongs to the message, not to its parts
    return message


def _label(name: str) -> str:
    return re.sub(r"[^a-z0-9-]+", "-", name.casefold()).strip("-")[:60] or "cuttings"


def _without_pdf(text: str, html: str, size: int) -> tuple[str, str]:
    words = (
        f"The PDF of this issue is too large to send by e-mail ({size / 1_000_000:.1f} MB). "
        "Reply to this message and we will get it to you another way."
    )
    paragraph = f"<p>{markup.escape(words)}</p>"
    at = html.lower().rfind("</body>")
    with_note = f"{html[:at]}{paragraph}\n{html[at:]}" if at >= 0 else f"{html}\n{paragraph}"
    return f"{text.rstrip()}\n\n{words}\n", with_note


# ---------------------------------------------------------------- read back before it leaves


def check(message: EmailMessage, data: bytes) -> None:
    """Read the bytes as the receiver will and compare with what was meant. Raises BadMessage where they differ."""
    read = BytesParser(EmailMessage, policy=policy.default).parsebytes(data)
    _compare_headers(message, read)
    meant, arrived = list(message.walk()), list(read.walk())
    if [part.get_content_type() for part in meant] != [part.get_content_type() for part in arrived]:
        raise BadMessage("read back, the message has other parts than it was built with")
    for part, back in zip(meant, arrived, strict=True):
        if part.keys() != back.keys() or part.get_filename() != back.get_filename():
            raise BadMessage("read back, a part of the message has other headers than it was built with")
        if not part.is_multipart() and _body(part) != _body(back):
            raise BadMessage("read back, a part of the message holds other words than it was built with")


def _body(part: Any) -> bytes:
    body: bytes = part.get_payload(decode=True)
    # The last line end before a boundary is the boundary's.
    return body.replace(b"\r\n", b"\n").rstrip(b"\n") if part.get_content_maintype() == "text" else body


def _compare_headers(meant: EmailMessage, read: EmailMessage) -> None:
    if sorted(meant.keys()) != sorted(read.keys()):
        surplus = sorted(set(read.keys()) ^ set(meant.keys()))
        raise BadMessage(f"read back, the message has other headers than it was built with: {', '.join(surplus)}")
    for name in meant:
        if len(meant.get_all(name, [])) != 1:
            raise BadMessage(f"the header {name} stands there twice")
        value = str(read[name])
        if name != "Content-Type" and _squeezed(value) != _squeezed(str(meant[name])):
            raise BadMessage(f"read back, the header {name} says something else than it was built with")


def _squeezed(value: str) -> str:
    # Folding may put white space where a long word was cut.
    return "".join(value.split())
