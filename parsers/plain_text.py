"""What every reader of text copies needs: decoding, white space, dates, people's names, attributions.

Pure string functions; nothing here knows a site or a layout.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from parsers import markup

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_SPACES = re.compile(r"[^\S\n]+")


def decoded(body: bytes) -> str:
    """Text of a text/plain body, never an error; form feeds, which stand between a PDF's pages, become blank lines."""
    return markup.decode(body.replace(b"\f", b"\n\n"), "text/plain")


def tidied(text: str) -> str:
    """One line of text with every run of white space (also U+00A0, also around a line end) as one blank."""
    return " ".join(text.translate(_INVISIBLE).split())


def host_is_readable(text: str) -> bool:
    """False for what is text in name only: mostly control or replacement characters."""
    sample = text[:4000]
    odd = sum(1 for c in sample if c == "\ufffd" or (unicodedata.category(c) == "Cc" and c not in "\n\t"))
    return odd <= len(sample) / 20


# ---------------------------------------------------------------- dates

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = {name[:3]: n for n, name in enumerate(_MONTHS, 1)} | {name: n for n, name in enumerate(_MONTHS, 1)}
_MONTH["sept"] = 9
_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_NAMES})\.?,?\s+(\d{{4}})\b", re.I)
_MONTH_FIRST = re.compile(rf"\b({_NAMES})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b", re.I)
_ISO_DAY = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
_SLASHED = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
_CLOCK = re.compile(r"\b(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?(?:\s*([ap])\.?m\b\.?)?", re.I)
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)/(\d{1,2})(?:/(\d{1,2}))?(?=/|$)")


def _iso(year: int, month: int, day: int) -> str | None:
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else None


def day_in(text: str) -> tuple[str, int] | None:
    """The first date of day precision in a text as (ISO day, offset after it); None if there is none.

    01/02/2012 is the first of February: the papers read here are British.
    """
    found: list[tuple[int, int, str | None]] = []
    for pattern, order in ((_DAY_FIRST, "dmy"), (_MONTH_FIRST, "mdy"), (_ISO_DAY, "ymd"), (_SLASHED, "dmy")):
        match = pattern.search(text)
        if match:
            parts = dict(zip(order, match.groups(), strict=True))
            month = _MONTH.get(parts["m"].lower()) or int(parts["m"])
            found.append((match.start(), match.end(), _iso(int(parts["y"]), month, int(parts["d"]))))
    dates = [(start, end, iso) for start, end, iso in found if iso]
    if not dates:
        return None
    _, end, iso = min(dates)
    return str(iso), end


def moment_in(text: str) -> str | None:
    """A date, with its clock time where one follows: "posted 05 March 2014 at 08:09:10" -> ISO, no zone made up."""
    found = day_in(text)
    if not found:
        return None
    iso, end = found
    clock = _CLOCK.search(text, end)
    if not clock:
        return iso
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    if clock[4]:
        hour = hour % 12 + (12 if clock[4].lower() == "p" else 0)
    return f"{iso}T{hour:02d}:{minute:02d}:{second:02d}" if hour < 24 and minute < 60 and second < 60 else iso


def date_in_address(url: str | None) -> str | None:
    """The date of a permalink: /2015/04/30/slug/ -> "2015-04-30", /2015/04/slug -> "2015-04"."""
    match = _IN_ADDRESS.search(url or "")
    if not match:
        return None
    year, month, day = int(match[1]), int(match[2]), int(match[3] or 1)
    iso = _iso(year, month, day)
    return iso if match[3] or not iso else iso[:7]


# ---------------------------------------------------------------- people

_TITLES = r"(?:(?:Dr|Prof|Professor|Sir|Dame|Lord|Lady|Baroness|Mr|Mrs|Ms|Miss|Cllr|Councillor|Rev)\.?\s+)?"
_PART = r"(?:[A-Z][^\W\d_]*(?:[’'\-][^\W\d_]+)*|[A-Z]\.)"
_LINK = r"(?:de|da|di|del|der|den|van|von|le|la|bin|al|ap)"
NAME = rf"{_TITLES}{_PART}(?:\s+(?:{_LINK}\s+)*{_PART}){{1,3}}"
NAMES = rf"{NAME}(?:(?:,\s+|\s+and\s+|\s+&\s+){NAME})*"
_ONE_NAME = re.compile(rf"{NAME}$")
_VERBS = [
    "argues",
    "says",
    "writes",
    "asks",
    "explains",
    "reports",
    "believes",
    "warns",
    "suggests",
    "finds",
    "discovers",
    "describes",
    "reflects",
    "urges",
    "claims",
    "calls",
    "wonders",
    "insists",
    "contends",
    "thinks",
    "reveals",
    "discusses",
    "examines",
    "explores",
    "considers",
    "looks",
    "investigates",
    "hears",
    "learns",
    "meets",
    "visits",
    "talks",
    "speaks",
    "shares",
    "outlines",
    "offers",
    "sets",
    "introduces",
    "celebrates",
    "remembers",
    "recalls",
    "weighs",
    "advises",
    "predicts",
    "fears",
    "hopes",
    "proposes",
    "defends",
    "tells",
    "shows",
    "reviews",
    "unpicks",
    "answers",
]
_PLURALS = {"goes": "go", "does": "do", "discusses": "discuss", "weighs": "weigh"}
_SAY = "|".join(sorted({*_VERBS, *(_PLURALS.get(v, v[:-1]) for v in _VERBS)}, key=len, reverse=True))
_CLOSING = re.compile(rf"(?:^|[,.?!:;–—-]\s*|[’”'\"]\s*)(?:{_SAY})\s+({NAMES})\s*[.]?$")
_BY_CLOSING = re.compile(rf"(?:^|[.?!–—-]\s*|\s)[Bb]y\s+({NAMES})\s*[.]?$")
_OPENING = re.compile(rf"(?:^|[.!?]\s+)({NAMES})\s+(?:{_SAY})\b")
# "Ann Lee rides with the night team", "… a policy. Bo Kay watched them": any verb will do where a standfirst is sure.
_DOES = re.compile(
    rf"(?:^|[.!?,;:–—]\s+|\b[a-z]+\s+)({NAMES})\s+(?:[a-z]{{2,}}(?:s|ed)|became|went|took|found|met|saw|spent|sat|would|could|"
    r"may|might|must|has|had|on|tells)\b(?!\s+[A-Z])"
)
_IN_PASSING = re.compile(rf"\b(?:[Bb]y(?: way of)?|{_SAY})\s+({NAMES})\b")
_BYLINE = re.compile(rf"^(?:[Ww]ords|[Tt]ext|[Ww]ritten|[Pp]osted|BY|By|by)?\s*(?:[Bb]y|BY|:|\|)?\s*({NAMES})\s*$")
_SPLIT_NAMES = re.compile(r",\s+|\s+and\s+|\s+&\s+")


def people(names: str) -> tuple[str, ...]:
    """ "Ann Lee, Bo Kay and Cy Day" -> three names; honorifics stay, as the page gives them."""
    return tuple(part.strip() for part in _SPLIT_NAMES.split(names) if part.strip())


def is_name(text: str) -> bool:
    """True for a bare line that is one person's name ("Martin Luther Hill"), two to four capitalised words."""
    return bool(_ONE_NAME.match(text)) and text.upper() != text


def attributed(standfirst: str) -> tuple[str, ...]:
    """Who is speaking in a standfirst: "Rents must fall, argues Ann Lee." or "Ann Lee looks at rents"; () if nobody."""
    for pattern in (_CLOSING, _BY_CLOSING, _OPENING):
        match = pattern.search(standfirst)
        if match:
            return people(match[1])
    return ()


def speaker(standfirst: str) -> tuple[str, ...]:
    """Who a line that is known to be a standfirst names: as `attributed`, and "Ann Lee rides with the night team"."""
    if named := attributed(standfirst):
        return named
    match = _DOES.search(standfirst) or _IN_PASSING.search(standfirst)
    return people(match[1]) if match else ()


def byline(line: str) -> tuple[str, ...]:
    """The people of a line that says "By …" ("Words: …"); () where the line is not a byline."""
    if not re.match(r"(?:[Bb]y|BY|[Ww]ords|[Tt]ext|[Ww]ritten by|[Pp]osted by)\b", line):
        return ()
    match = _BYLINE.match(line)
    return people(match[1]) if match else ()


_TERMINAL = re.compile(r"[.!?…][”’\"')\]]*$")


def ends_sentence(text: str) -> bool:
    """True where a text ends as a sentence does, closing quotation marks and brackets included."""
    return bool(_TERMINAL.search(text.rstrip()))


_BIO_VERBS = (
    r"(?:is|was|are|works|manages|leads|chairs|runs|heads|teaches|writes|edits|directs|has|holds|lectures|founded|"
    r"co-founded|serves|advises|practises|represents|lives|trained|qualified|joined|blogs|tweets)"
)
_THE_AUTHOR = re.compile(rf"^(?:The|Our) (?:author|authors|writer|columnist)s?\b.{{0,20}}?\b{_BIO_VERBS}\b")
_ANYBODY = re.compile(rf"^({NAMES}),?\s+{_BIO_VERBS}\s+(?P<rest>.+)$", re.S)
_ROLE = re.compile(
    r"\b(?:director|manager|head|professor|lecturer|reader|fellow|researcher|consultant|adviser|advisor|officer|leader|"
    r"chair|chairs|chief|executive|editor|journalist|writer|author|columnist|social worker|practitioner|trainer|"
    r"councillor|member|minister|solicitor|barrister|commissioner|president|secretary|student|nurse|therapist|"
    r"university|council|trust|association|college|institute|partnership|department|team|panel|charity|co-author|"
    r"e-?mail|twitter|www)\b|@",
    re.I,
)


# "By February I was lifting her": capitals that begin a sentence are no name.
_NOBODY = re.compile(
    r"^(?:A|An|As|At|And|After|All|Before|But|By|During|Even|Every|For|From|He|Her|His|How|If|In|It|Its|Last|My|No|Nobody|"
    r"Not|Now|Of|On|One|Once|Or|Our|Since|She|So|Some|Still|That|The|Their|Then|There|They|This|To|Today|Until|We|What|"
    r"When|Where|While|Who|Why|With|Yet|You)\b|\bI\b"
)


def is_bio(text: str, authors: Iterable[str] = (), *, longest: int = 70, strangers: bool = True) -> bool:
    """True for a line about the author: "Ann Lee is a lecturer at …", "The author chairs …".

    A known author's name makes it certain; of a stranger it must say an occupation and be short. `strangers`:
    False leaves them out.
    """
    words = text.split()
    if len(words) > longest or len(words) < 4:
        return False
    if _THE_AUTHOR.match(text):
        return True
    if any(text.startswith(name) and re.match(rf",?\s+(?:{_BIO_VERBS})\b|,\s", text[len(name) :]) for name in authors):
        return True
    match = _ANYBODY.match(text)
    if not match or not strangers or _NOBODY.search(match[1]):
        return False
    return bool(len(words) <= longest // 2 + 10 and _ROLE.search(match["rest"]))
