"""Hostile words in mail, and ordinary ones: the header list that arrives is the one that was meant."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import getaddresses
from typing import Any
from urllib.parse import quote

from cuttings.edges.mail import Attachment, BadMessage, Sender, Smtp, build_message
from cuttings.edges.mail.message import LONGEST_NAME, file_name, one_line
from cuttings.edges.store.recipients import BadAddress, ascii_domain, checked, fold
from tests.torture.mail_server import Fake
from tests.torture.rows import Row

NOW = datetime(2026, 4, 6, 7, 0, tzinfo=UTC)
SENDER = Sender("cuttings@fellshire.example", "Fellshire cuttings", "officer@fellshire.example", "Zoë Marsh",
                "stop@fellshire.example", "managers", "https://fellshire.example/stop")  # fmt: skip

_ENDS = [
    "\r\n",
    "\n",
    "\r",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x85",
    "\u2028",
    "\u2029",
    "\r\n\r\n",
    "=0D=0A",
    "%0d%0a",
    "\\r\\n",
]
_LINES = [
    "Bcc: thief@x.example",
    "X-Evil: 1",
    "Content-Type: text/html",
    "To: other@x.example",
    ".",
    "QUIT",
    "<script>",
]
_WRAPS = ["{}", "=?utf-8?q?{}?=", "=?utf-8?b?{}?=", "=?=?utf-8?q?{}?=?=", "==??utf-8?q?{}??==", '"{}"', "<{}>", "({})"]
_SIGNS = [
    "\u202e",
    "\u200b",
    "\x00",
    "\ud800",
    "\u0301" * 50,
    "é",
    "İ",
    "ﷺ",
    "👩‍👩‍👧",
    "x" * 300,
    ",",
    ";",
    "@",
    "\\",
    '"',
    "../",
]


def hostile(n: int) -> Iterator[str]:
    """The same `n` texts every time: line breaks, headers, encoded words and odd signs in every mixture."""
    given = random.Random(5)
    for _ in range(n):
        inner = "".join(
            given.choice(pool) for pool in given.choices([_ENDS, _LINES, _SIGNS, ["News", " "]], k=given.randint(2, 7))
        )
        yield given.choice(_WRAPS).format(inner) if given.random() < 0.7 else inner


def _at_addresses(texts: list[str]) -> list[str]:
    """Hostile texts as an address, as the part before its '@' and as its domain."""
    forms = ("{}", "{}@fellshire.example", "ann@{}", "ann@fellshire.example{}")
    return [forms[n % len(forms)].format(text) for n, text in enumerate(texts)]


_NAMES = [
    "Zoë", "O’Neill", "D'Arcy", "Łukasz", "Ngũgĩ", "Björk", "李", "小明", "Αθηνά", "Мария", "عمر", "Smith, J.", "(Jo)",
    'Al "Bo"', "van der Berg", "PhD", "Cllr.", "R&D", "care@home", "50%", "a=b", "Who?", "Team: North",
    "Müller-Lüdenscheidt",
]  # fmt: skip
_LOCALS = ["ann", "ann.lee", "o'neill", "ann+cuttings", "a_b-c", "ANN", "x" * 60, "1", "ann!", "{ann}"]
_DOMAINS = ["fellshire.example", "FELLSHIRE.example", "a.fellshire.example", "bücher.example", "xn--bcher-kva.example"]


def _legitimate(n: int) -> Iterator[dict[str, str]]:
    """Readers as there are some: nobody of them may go without."""
    given = random.Random(7)
    for _ in range(n):
        yield {
            "to": f"{given.choice(_LOCALS)}@{given.choice(_DOMAINS)}",
            "to_name": " ".join(given.choices(_NAMES, k=given.randint(1, 5))),
            "subject": " – ".join(given.choices(_NAMES, k=given.randint(1, 12))),
            "name": f"{given.choice(_NAMES)} {given.choice(_NAMES)}.pdf",
        }


def rows(n: int) -> Iterator[Row]:
    texts = list(hostile(n))
    places = (("titles", "subject"), ("readers' names", "to_name"), ("file names", "name"),
              ("authors in the text", "text"))  # fmt: skip
    with Fake() as server:
        for name, place in places:
            cases = [{place: text} for text in texts]
            yield _arrivals(server, f"hostile {name}: the header list that arrives is the one that was meant", cases)
        cases = [{"to": text} for text in _at_addresses(texts)]
        what = "hostile addresses: refused, or the header list that arrives is the one that was meant"
        yield _arrivals(server, what, cases, may_refuse=True)
        what = "readers, names, titles and file names as there are some: none refused, the header list as it was meant"
        yield _arrivals(server, what, list(_legitimate(n)))


def _arrivals(server: Fake, name: str, cases: list[dict[str, str]], may_refuse: bool = False) -> Row:
    became = [(_became(server, case), case) for case in cases]
    count = Counter(what.partition(":")[0] for what, _ in became)
    wrong = [f"{what} ({case!r:.150})" for what, case in became if what.startswith("wrong")]
    if not may_refuse:  # words from outside never cost the message
        wrong += [f"refused: {case!r:.150}" for what, case in became if what == "refused"]
    if 2 * count["accepted"] <= len(cases) and not may_refuse:
        wrong.append("most were refused")
    detail = f"{count['accepted']} accepted, {count['refused']} refused" + (f"; first: {wrong[0]}" if wrong else "")
    return Row(name, len(cases), len(wrong), detail)


_TOKEN = "0123456789abcdef0123"


def _became(server: Fake, case: dict[str, str]) -> str:
    """ "accepted": it arrived with the headers and files that it should have; "refused" here, or "wrong: …"."""
    given: dict[str, Any] = {"to": "ann@fellshire.example", "to_name": "Ann", "subject": "News", "text": "Words.\n"}
    given |= case
    name = given.pop("name", "a.pdf")
    try:
        message = build_message(sender=SENDER, html="<html><body>x</body></html>", date=NOW, message_id="<1@x.example>",
                                token=_TOKEN, pdf=Attachment(b"%PDF-1.7", name), **given)  # fmt: skip
    except (BadMessage, BadAddress):
        return "refused"
    channel = Smtp(server.address)
    outcome = channel.send(message)
    channel.close()
    if outcome.state != "sent":
        return f"wrong: {outcome}"
    recipient, data = server.taken[-1]
    wrong = _difference(data, _meant(given), recipient, name)
    return f"wrong: {wrong}" if wrong else "accepted"


# A header's name, and what it says: of addresses (display name, address) pairs, else the decoded words.
_Header = tuple[str, object]


def _meant(given: dict[str, Any]) -> list[_Header]:
    """The whole header list, in its order, written down here and not asked of what builds it."""
    local, _, domain = checked(given["to"]).rpartition("@")
    stop = f"https://fellshire.example/stop?address={quote(fold(given['to']), safe='')}&token={_TOKEN}"
    return [
        ("From", (("Fellshire cuttings", "cuttings@fellshire.example"),)),
        ("To", ((one_line(given["to_name"], LONGEST_NAME), f"{local}@{ascii_domain(domain)}"),)),
        ("Reply-To", (("Zoë Marsh", "officer@fellshire.example"),)),
        ("Subject", one_line(given["subject"])),
        ("Date", "Mon, 06 Apr 2026 07:00:00 +0000"),
        ("Message-ID", "<1@x.example>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("List-Unsubscribe", f"<{stop}>, <mailto:stop@fellshire.example?subject=unsubscribe%20{_TOKEN}>"),
        ("List-Id", "<managers.fellshire.example>"),
        ("Auto-Submitted", "auto-generated"),
        ("Precedence", "list"),
        ("MIME-Version", "1.0"),
        ("Content-Type", "multipart/mixed"),
    ]


def _difference(data: bytes, meant: list[_Header], recipient: str, name: str) -> str:
    """What of a message that arrived is not as it was meant; "" where all is."""
    plain, read = message_from_bytes(data), message_from_bytes(data, policy=policy.default)
    if (got := [(key, _value(key, value)) for key, value in plain.items()]) != meant:
        return "; ".join(f"{key} says {said!r}" for key, said in got if (key, said) not in meant) or "another order"
    if (again := [(key, _squeezed(value)) for key, value in read.items()]) != [
        (key, _squeezed(value)) for key, value in got
    ]:
        return f"as newer programs read it: {again}"
    if recipient != dict(meant)["To"][0][1]:  # type: ignore[index]
        return f"handed over for {recipient}"
    (attached,) = read.iter_attachments()
    if (attached.get_filename(), attached.get_content()) != (file_name(name), b"%PDF-1.7"):
        return f"the file {attached.get_filename()!r}"
    parts = [(part.get_content_type(), sorted(part.keys())) for part in read.walk() if part is not read]
    body = ["Content-Transfer-Encoding", "Content-Type"]
    files = ["Content-Disposition", *body]
    if parts != [("multipart/alternative", ["Content-Type"]), ("text/plain", body), ("text/html", body),
                 ("application/pdf", files)]:  # fmt: skip
        return f"the parts {parts}"
    return ""


def _value(key: str, raw: str) -> object:
    """What a header says to a program that follows RFC 2047 to the letter."""
    line = "".join(raw.splitlines())
    if key in ("From", "To", "Reply-To"):
        return tuple((_decoded(name), address) for name, address in getaddresses([line]))
    return line.partition(";")[0] if key == "Content-Type" else _decoded(line)


def _decoded(text: str) -> str:
    return str(make_header(decode_header(text)))


def _squeezed(said: Any) -> object:
    """The new reader of CPython 3.11 leaves white space between the encoded words of a long name."""
    if hasattr(said, "addresses"):
        said = tuple((one.display_name, one.addr_spec) for one in said.addresses)
    if isinstance(said, tuple):
        return tuple(("".join(name.split()), address) for name, address in said)
    return said.content_type if hasattr(said, "content_type") else str(said)
