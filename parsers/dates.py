"""Dates as pages write them -> ISO 8601, no more precise than the page is.

>>> read_date("04 March 2013 at 18:05:09")
'2013-03-04T18:05:09'
>>> read_date("25/06/2013")
'2013-06-25'
>>> read_date("Tue, 25 Jun 2013 10:00:00 +0100")
'2013-06-25T10:00:00+01:00'
>>> read_date("JAN 2012")
'2012-01'
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

# English first; the others are the languages of pages that a British cuttings service still meets in its feeds.
_MONTHS = {
    1: "january jan januar jänner janvier janv enero ene janeiro januari gennaio gen stycznia styczeń sty ionawr",
    2: "february feb februar febr février févr fevr febrero fevereiro fev februari febbraio lutego luty lut chwefror",
    3: "march mar märz mrz mär mars marzo março maart mrt marca marzec mawrth",
    4: "april apr avril avr abril abr aprile kwietnia kwiecień kwi ebrill",
    5: "may mai mayo maio mei maggio mag maja maj",
    6: "june jun juni juin junio junho giugno giu czerwca czerwiec cze mehefin",
    7: "july jul juli juillet juil julio julho luglio lug lipca lipiec lip gorffennaf",
    8: "august aug août agosto ago augustus sierpnia sierpień sie awst",
    9: "september sep sept septembre septiembre setiembre setembro set settembre września wrzesień wrz medi",
    10: "october oct oktober okt octobre octubre outubro out ottobre ott października październik paź hydref",
    11: "november nov novembre noviembre novembro listopada listopad lis tachwedd",
    12: "december dec dezember dez décembre déc diciembre dic dezembro dezembre dicembre grudnia grudzień gru rhagfyr",
}


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


MONTHS = {_plain(name): number for number, names in _MONTHS.items() for name in names.split()}
_NAME = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_DIGIT = re.compile(r"\d")
_ISO = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)"
    r"(?:(?:t|\s+)(?P<h>\d\d):(?P<mi>\d\d)(?::(?P<s>\d\d))?(?:[.,]\d+)?\s*(?P<z>z\b|[+-]\d\d:?\d\d|[+-]\d\d\b)?)?"
)
_COMPACT = re.compile(
    r"^(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?:t?(?P<h>\d\d)(?P<mi>\d\d)(?P<s>\d\d)?(?P<z>z)?)?$"
)
_DAY_MONTH = re.compile(
    rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?(?:\s+(?:de|of|d'))?[\s,.\-/]*(?P<mon>{_NAME})\b\.?"
    rf"(?:\s+(?:de|del))?[\s,'\-/]*{_YEAR}(?!\d)"
)
_MONTH_DAY = re.compile(
    rf"\b(?P<mon>{_NAME})\b\.?\s*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,\s*|\s+|\s*\.\s*){_YEAR}(?!\d)"
)
_YMD = re.compile(rf"(?<!\d){_YEAR}[./](?P<m>\d{{1,2}})[./](?P<d>\d{{1,2}})(?!\d)")
_DMY = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})\s?(?P<sep>[./\-])\s?(?P<m>\d{1,2})\s?(?P=sep)\s?(?P<y>(?:19|20)\d\d|\d\d)(?!\d)"
)
_MONTH = re.compile(rf"\b(?P<mon>{_NAME})\b\.?[\s,]*(?:de\s+)?{_YEAR}(?!\d)")
_CLOCK = re.compile(
    r"(?<![\d:.])(?P<h>2[0-3]|[01]?\d)(?!\d)(?:(?P<sep>[:.]|\s?h\s?)(?P<mi>[0-5]\d)(?:[:.](?P<s>[0-5]\d))?)?\s*"
    r"(?P<half>[ap]\.?\s?m\b\.?)?\s*(?P<uhr>uhr)?\s*(?P<z>z\b|gmt|utc|bst|[+-]\d\d:?\d\d\b)?"
)
_ZONES = {"z": "Z", "gmt": "+00:00", "utc": "+00:00", "bst": "+01:00"}


def read_date(text: str | None, *, american: bool = False) -> str | None:
    """The first date in a short text, as ISO; None where there is none. 5/6/2013 is 5 June unless `american`."""
    if not text:
        return None
    found = find_date(text, american=american)
    return found[0] if found else None


def find_date(text: str, *, american: bool = False) -> tuple[str, int, int] | None:
    """The first date in a text with the place where it stands (start, end) in the plain, lower-case text."""
    plain = _plain(text.strip())
    if not _DIGIT.search(plain):
        return None
    if match := (_ISO.search(plain) or _COMPACT.match(plain)):
        iso = _iso(match, _time_of(match))
        return (iso, match.start(), match.end()) if iso else None
    found: list[tuple[int, int, re.Match[str]]] = []
    for rank, pattern in enumerate((_DAY_MONTH, _MONTH_DAY, _YMD, _DMY)):
        if match := pattern.search(plain):
            found.append((match.start(), rank, match))
    for _, _, match in sorted(found, key=lambda f: f[:2]):
        time, end = _clock_near(plain, match)
        iso = _iso(match, time, american=american)
        if iso:
            return iso, match.start(), end
    if match := _MONTH.search(plain):
        return f"{match['y']}-{MONTHS[match['mon']]:02}", match.start(), match.end()
    return None


def _iso(match: re.Match[str], time: str, *, american: bool = False) -> str | None:
    groups = match.groupdict()
    year, day = int(groups["y"]), int(groups["d"])
    if year < 100:
        year += 2000 if year < 70 else 1900
    month = MONTHS[groups["mon"]] if groups.get("mon") else int(groups["m"])
    if match.re is _DMY and (month > 12 or (american and day <= 12)):
        day, month = month, day
    try:
        return date(year, month, day).isoformat() + time
    except ValueError:  # 31 February, or 2013-00-00 of an empty field
        return None


def _time_of(match: re.Match[str]) -> str:
    if not match["h"]:
        return ""
    if int(match["h"]) > 23 or int(match["mi"]) > 59 or int(match["s"] or 0) > 59:
        return ""
    return f"T{match['h']}:{match['mi']}:{match['s'] or '00'}{_zone(match.groupdict().get('z'))}"


def _zone(zone: str | None) -> str:
    if not zone:
        return ""
    if zone in _ZONES:
        return _ZONES[zone]
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}" if int(digits[:2]) <= 14 else ""


def _clock_near(plain: str, match: re.Match[str]) -> tuple[str, int]:
    """The time that stands by a date: after it ("at 21:35:17", "um 11.38 Uhr") or just before ("10:57, 3 May 2012")."""
    for clock in _CLOCK.finditer(plain, match.end(), match.end() + 40):
        if time := _clock(clock):
            return time, clock.end()
        if clock["h"] and not clock["mi"]:
            break  # "25 June 2013 - 4 comments": a bare number ends the search
    before = plain[max(0, match.start() - 24) : match.start()]
    for clock in _CLOCK.finditer(before):
        if time := _clock(clock):
            return time, match.end()
    return "", match.end()


def _clock(clock: re.Match[str]) -> str | None:
    half = (clock["half"] or "").replace(".", "").replace(" ", "")
    if not clock["mi"] and not half:
        return None
    if clock["sep"] == "." and not (clock["uhr"] or half or clock["s"]) and int(clock["h"]) < 1:
        return None
    hour = int(clock["h"])
    if half:
        if hour > 12:
            half = ""  # "17:35 pm" means what it says
        else:
            hour = hour % 12 + (12 if half == "pm" else 0)
    return f"T{hour:02}:{clock['mi'] or '00'}:{clock['s'] or '00'}{_zone(clock['z'])}"


def looks_american(texts: list[str]) -> bool:
    """Do the numeric dates of one thread put the month first? One 06/25/2013 among them settles it for all."""
    american = False
    for text in texts:
        match = _DMY.search(_plain(text))
        if match and match["sep"] == "/":
            if int(match["d"]) > 12:
                return False
            american = american or int(match["m"]) > 12
    return american


_PERMALINK = re.compile(
    r"/((?:19|20)\d\d)/(\d{1,2}|[a-z]{3})(?:/(\d{1,2}))?(?=/)|[/_-]((?:19|20)\d\d)-(\d\d)-(\d\d)(?=[/_.-]|$)"
)


def from_url(url: str | None) -> str | None:
    """/2013/06/25/slug/ -> 2013-06-25; /2013/06/slug -> 2013-06; /2024-03-01-slug -> 2024-03-01."""
    match = _PERMALINK.search((url or "").lower())
    if not match:
        return None
    year, month, day = (match[1], match[2], match[3]) if match[1] else (match[4], match[5], match[6])
    number = int(month) if month.isdigit() else MONTHS.get(month, 0)
    try:
        date(int(year), number, int(day or 1))
    except ValueError:
        return None
    return f"{year}-{number:02}-{int(day):02}" if day else f"{year}-{number:02}"
