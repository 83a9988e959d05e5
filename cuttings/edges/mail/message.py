"""Building one message, and making sure that it says what it should and no more.

Words from outside reach the subject and the bodies. On CPython up to 3.11.9 a subject that holds an encoded word with
a line break in it ("=?utf-8?q?=0D=0ABcc: …?=") comes out as a header of its own, so `=?` never gets in, and the message
is read back before it may leave.
"""

from __future__ import annotations

import hashlib
import hmac
import html as markup
import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UniqueAddressHeader, UniqueUnstructuredHeader
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

from cuttings.edges.store.recipients import ascii_domain, checked, fold
from cuttings.model import fingerprint

LONGEST_SUBJECT = 250  # characters; mail clients show about 60
LONGEST_NAME = 120
ATTACHED = "The whole issue is attached as a PDF."  # as the edition's letter has it
MOST_IN_A_LINE = 900  # characters; servers take 998


class _Whole(UniqueUnstructuredHeader):
    """A header in plain letters stands on one line: folded, one with a long word in it would begin with an empty line,
    and mail programs look for '<mailto:' right behind the name."""

    def fold(self: Any, *, policy: Any) -> str:
        line = f"{self.name}: {self}"
        if line.isascii() and line.isprintable() and len(line) < MOST_IN_A_LINE:
            return f"{line}{policy.linesep}"
        return str(BaseHeader.fold(self, policy=policy))


class _Title(_Whole):
    """Other letters are encoded as a whole. The standard library encodes single words, and on CPython 3.11 loses the
    space before "–" in "Team: North – Αθηνά" where the line ends there."""

    def fold(self: Any, *, policy: Any) -> str:
        if str(self).isascii():
            return super().fold(policy=policy)
        return f"{self.name}: {_encoded(str(self), policy.linesep)}{policy.linesep}"


class _People(UniqueAddressHeader):
    """One address and its name, encoded as a title is."""

    def fold(self: Any, *, policy: Any) -> str:
        (one,) = self.addresses
        if one.display_name.isascii():
            return f"{self.name}: {one}{policy.linesep}"  # a name is short, and quoted where it has to be
        name = _encoded(one.display_name, policy.linesep)
        return f"{self.name}: {name}{policy.linesep} <{one.addr_spec}>{policy.linesep}"


_IN_A_WORD = 45  # bytes; an encoded word has at most 75 characters (RFC 2047)


def _encoded(text: str, linesep: str) -> str:
    """Text as encoded words, a line each; between two of them the break counts for nothing."""
    pieces = [b""]
    for letter in map(str.encode, text):
        if len(pieces[-1]) + len(letter) > _IN_A_WORD:
            pieces.append(b"")
        pieces[-1] += letter
    return f"{linesep} ".join(f"=?utf-8?b?{b64encode(piece).decode()}?=" for piece in pieces)


_HEADERS = HeaderRegistry()
for _name, _kind in {
    "list-unsubscribe": _Whole, "subject": _Title, "from": _People, "to": _People, "reply-to": _People,
}.items():  # fmt: skip
    _HEADERS.map_to_type(_name, _kind)  # type: ignore[arg-type]  # the registry makes it a BaseHeader
# Lines are folded by the policy, never broken by the words in them; utf8=False encodes names for every server.
POLICY = policy.SMTP.clone(max_line_length=78, utf8=False, header_factory=_HEADERS)


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
    unsubscribe_url: str | None = None  # https page that takes RFC 8058's one-click POST


@dataclass(frozen=True, slots=True)
class Attachment:
    """The PDF, and what takes its place where the message would be too large: a link, or the issue as HTML."""

    data: bytes
    name: str  # as readers see it: "Cuttings for managers, 30 March to 5 April 2026.pdf"
    link: str | None = None
    html: bytes | None = None
    both: bool = False  # the HTML goes beside the PDF, as in a proof


def message_id(issue: str, kind: str, recipient: str, sender: str, key: bytes = b"") -> str:
    """The same for the same message, however often it is built: a second copy can be recognised as one.

    With a `key` nobody else can tell it beforehand and report the message as bounced.
    """
    domain = ascii_domain(sender.rpartition("@")[2])
    parts = (issue, kind, fold(recipient))
    return f"<cuttings.{_keyed('message', *parts, key=key) if key else fingerprint(*parts)}@{domain}>"


def unsubscribe_token(recipient: str, key: bytes) -> str:
    """What proves that an unsubscribe request answers a message of ours to this very reader."""
    return _keyed("unsubscribe", fold(recipient), key=key)


def _keyed(*parts: str, key: bytes) -> str:
    return hmac.new(key, "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()[:20]


def one_line(text: str, longest: int = LONGEST_SUBJECT) -> str:
    """Text from outside as a header may carry it: one line, no control or direction characters, no encoded word."""
    kept = "".join(" " if c.isspace() else c for c in text if _allowed(c))
    # After a '?' is taken out another pair may meet: "==??".
    while "=?" in kept or "?=" in kept:
        kept = kept.replace("=?", "= ").replace("?=", " =")
    line = " ".join(kept.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _allowed(character: str) -> bool:
    # Cf holds the marks that turn the direction of writing round; Cs are lone surrogates.
    return character.isspace() or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Cn", "Co"}


def body_text(text: str) -> str:
    """Text for a body: line ends alike, no control characters but line ends and tabs, nothing unencodable."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    return kept if kept.endswith("\n") else kept + "\n"


def file_name(name: str, suffix: str = "pdf") -> str:
    """The attachment's name as every system can save it: no path, no reserved character, not too long."""
    stem = re.sub(r'[\\/:*?"<>|]+', "-", one_line(name, 400)).strip(" .-")
    stem = re.sub(r"\.(pdf|html)$", "", stem, flags=re.IGNORECASE)[:LONGEST_NAME].rstrip(" .-")
    return f"{stem or 'attachment'}.{suffix}"


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
    token: str | None = None,
) -> EmailMessage:
    """One message to one person: text and HTML as alternatives, the PDF attached under a readable name.

    `date` needs its time zone; `token` proves an unsubscribe request. Where the whole would be larger than
    `largest_bytes`, the PDF's link or the HTML goes in its place and both bodies say so. Raises BadMessage where the
    message, read back, has other headers than it should, and BadAddress.
    """
    headers = _headers(sender, to, to_name, subject, date, message_id, token)
    text, html = _personal(text, sender, token), _personal(html, sender, token)
    message = _message(headers, text, html, pdf)
    data = message.as_bytes()
    if pdf is not None and largest_bytes is not None and len(data) > largest_bytes:
        for instead in _smaller(pdf):
            message = _message(headers, *_with_words(text, html, _why_no_pdf(pdf, instead)), instead)
            data = message.as_bytes()
            if len(data) <= largest_bytes:
                break
    check(message, data)
    return message


def _personal(body: str, sender: Sender, token: str | None) -> str:
    """The link "Stop these e-mails" with the reader's own token: one letter is kept for all readers."""
    link = f"mailto:{sender.unsubscribe}?subject=unsubscribe"
    return re.sub(rf"{re.escape(link)}(?![\w%])", f"{link}%20{token}", body) if token else body


def _headers(
    sender: Sender, to: str, to_name: str | None, subject: str, date: datetime, message_id: str, token: str | None
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
    ways = [f"<mailto:{unsubscribe}?subject=unsubscribe{f'%20{token}' if token else ''}>"]
    if sender.unsubscribe_url and token:
        mark = "&" if "?" in sender.unsubscribe_url else "?"
        ways.insert(0, f"<{sender.unsubscribe_url}{mark}address={quote(fold(to), safe='')}&token={token}>")
        # Only with a web address: without one, mail programs would show a button that does nothing.
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["List-Unsubscribe"] = ", ".join(ways)
    message["List-Id"] = f"<{_label(sender.list_name)}.{ascii_domain(sender.address.rpartition('@')[2])}>"
    # Keeps out-of-office replies away from the contact officer.
    message["Auto-Submitted"] = "auto-generated"
    message["Precedence"] = "list"
    return message


def _message(headers: EmailMessage, text: str, html: str, attached: Attachment | None) -> EmailMessage:
    message = EmailMessage(policy=POLICY)
    for name, value in headers.items():
        message[name] = value
    message.set_content(body_text(text), charset="utf-8", cte="quoted-printable")
    message.add_alternative(body_text(html), subtype="html", charset="utf-8", cte="quoted-printable")
    if attached is not None and attached.data:
        message.add_attachment(attached.data, maintype="application", subtype="pdf", filename=file_name(attached.name))
    if attached is not None and attached.html is not None and (attached.both or not attached.data):
        page = body_text(attached.html.decode("utf-8", "replace"))
        name = file_name(attached.name, "html")
        message.add_attachment(page, subtype="html", charset="utf-8", cte="quoted-printable", filename=name)
    identity = str(message["Message-ID"])
    for n, part in enumerate(message.walk()):
        if part.is_multipart():
            # The same message, the same bytes. "=_" occurs in neither encoding that the parts are in.
            part.set_boundary(f"=_{fingerprint(identity, str(n))}")
        if n:
            del part["MIME-Version"]  # belongs to the message, not to its parts
    return message


def _label(name: str) -> str:
    return re.sub(r"[^a-z0-9-]+", "-", name.casefold()).strip("-")[:60] or "cuttings"


def _smaller(pdf: Attachment) -> Iterator[Attachment | None]:
    """What goes instead of a PDF that is too large, the best first; at last nothing but the words about it."""
    if pdf.link is None and pdf.html is not None:
        yield Attachment(b"", pdf.name, html=pdf.html)
    yield None


def _why_no_pdf(pdf: Attachment, instead: Attachment | None) -> tuple[str, str | None]:
    """(words, link)"""
    size = f"The PDF of this issue is too large to send by e-mail ({len(pdf.data) / 1_000_000:.1f} MB)."
    if pdf.link is not None:
        return f"{size} You can read it here:", pdf.link
    if instead is not None:
        return f"{size} The whole issue is attached as a web page instead.", None
    return f"{size} Reply to this message and we will get it to you another way.", None


def _with_words(text: str, html: str, words: tuple[str, str | None]) -> tuple[str, str]:
    """Both bodies with a paragraph about the missing PDF, and without the sentence that it is attached."""
    said, link = words
    anchor = f' <a href="{markup.escape(link)}">{markup.escape(link)}</a>' if link else ""
    paragraph = f"<p>{markup.escape(said)}{anchor}</p>"
    text = text.replace(f"{ATTACHED}\n", "")
    html = re.sub(rf"<p[^>]*>{re.escape(ATTACHED)}</p>", "", html)
    at = html.lower().rfind("</body>")
    with_note = f"{html[:at]}{paragraph}\n{html[at:]}" if at >= 0 else f"{html}\n{paragraph}"
    return f"{text.rstrip()}\n\n{said}{f' {link}' if link else ''}\n", with_note


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
        value, ours = str(read[name]), str(meant[name])
        if name in _NAMED:
            value, ours = _squeezed(value), _squeezed(ours)
        if name != "Content-Type" and value != ours:
            raise BadMessage(f"read back, the header {name} says something else than it was built with")


_NAMED = ("From", "To", "Reply-To")


def _squeezed(value: str) -> str:
    # The reader of CPython 3.11 leaves the line end between two encoded words of a name.
    return "".join(value.split())
