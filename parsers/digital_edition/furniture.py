"""Layer 2: what belongs to the page, not to the article: notices, page lists, folios, running heads, interface words.

Every test looks at one line (and whether it stands at the page's edge); what is found keeps its reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.digital_edition.sheets import Line, Sheet
from parsers.digital_edition.words import words_in
from parsers.plain_text import tidied

_NOTICE = re.compile(
    r"^(?:this page contains an? .*(?:edition|publication|book|brochure|magazine)\b.*|.*\b(?:flash player|"
    r"javascript)\b.*"
    r"(?:required|install|upgrade|enable|need|view|must).*|(?:please )?(?:install|upgrade|enable|"
    r"download)\b.*\b(?:flash|javascript)\b.*|"
    r"click (?:here|on the|to)\b.*\b(?:view|read|turn|page|edition|enlarge|zoom|book)\b.*|"
    r"powered by (?:yudu|issuu|flip\w*|page\s?suite|ceros|3d\w+).*|"
    r"(?:view|read) (?:the|this) (?:full |digital |online )+(?:edition|version).*|.*\bbasic html version of\b.*)$",
    re.I,
)
_PAGE_LIST = re.compile(r"(?:\bPage\s*\d{1,4}\b[\s|•·,;/–-]*){3,}")
_KEY = re.compile(r"^[a-z][A-Za-z0-9]*(?:[._:-][a-z][A-Za-z0-9]*)*[._:][a-z][A-Za-z0-9]*[:.…]?$")
_CONTINUED = re.compile(
    r"^[\s>»→▶-]*(?:continue[sd]|cont(?:inued|'?d)?\.?|turn|story continues|more)\s+"
    r"(?:over(?:leaf)?|(?:on|from|to)?\s*(?:page|p\.?|pp\.?)\s*"
    r"\d{1,4}|over\s*page|on next page|from previous page)[\s>»→▶.-]*$",
    re.I,
)
_INTERFACE = re.compile(
    r"^(?:search(?:ing)?(?: results?| this issue| publication)?|no results(?: found)?|loading|please wait|"
    r"zoom(?: in| out)?|next(?: page)?|"
    r"prev(?:ious)?(?: page)?|first page|last page|go to page|turn page|print(?: pages?)?|"
    r"download(?: pdf)?|save(?: pdf)?|share|e-?mail|"
    r"full ?screen|exit full ?screen|thumbnails?|table of contents|contents|bookmarks?|add (?:note|"
    r"bookmark|to cart|to basket)|notes?|"
    r"close|cancel|submit|send|ok|help|menu|home|index|log ?in|sign in|log ?out|register|username|"
    r"password|forgotten password.?|"
    r"remember me|settings|languages?|archive|links|back|back to top|order form|product code|quantity|"
    r"price|total(?: price)?|"
    r"item price|billing address|delivery address|invalid e-?mail(?: address)?|create note|delete note|"
    r"highlight|select text|"
    r"clip|text size|text view|page view|double page|single page|auto ?flip|sound (?:on|off)|subscribe|"
    r"basic html|html version|"
    r"accessib(?:le|ility)(?: version| mode)?)(?:\s*[:.…]+)?$",
    re.I,
)
_MAIL = re.compile(
    r"^(?:e-?mail\s*:?\s*)?\S+@\S+\.\S+$|^(?:https?://)?www\.\S+$|^(?:tel|fax|telephone|"
    r"phone)\b[\s.:]*[+\d(][\d\s()+-]+$",
    re.I,
)
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?"
)
_ISSUE = re.compile(rf"\b(?P<month>{_MONTHS}|spring|summer|autumn|winter)[\s.'’/-]*(?P<year>(?:19|20)?\d\d)\b", re.I)
_PAGE_WORD = re.compile(r"^(?:p|pg|page|pp)\.?\s*(?P<n>\d{1,4})(?:\s*(?:of|/)\s*\d+)?\b", re.I)
_DASHED = re.compile(r"^[-–—•|*~\s]*(?P<n>\d{1,4})[-–—•|*~\s]*$")
_AT_START = re.compile(r"^(?P<n>\d{1,4})(?:\s*[|•·/–-]\s*|\s+)(?P<rest>\S.*)$")
_AT_END = re.compile(r"^(?P<rest>.*\S)(?:\s*[|•·/–-]\s*|\s+)(?P<n>\d{1,4})$")
_DOMAIN = re.compile(r"^(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+$", re.I)
_SECTION = re.compile(
    r"^(?:special |cover |main |the )?(?:features?|opinions?|news|comments?|analysis|interviews?|"
    r"profiles?|practice|research|columns?|viewpoints?|"
    r"letters?|reviews?|debate|policy|reports?|cover stor(?:y|ies)|in focus|focus|insight|perspectives?|"
    r"editorial|leader|legal|law|"
    r"books?|diary|people|briefing|guide|essay|briefings?|agenda|noticeboard|events|first person|"
    r"last word|spotlight|advertisement|"
    r"advertorial|sponsored|promotion|contents)(?: (?:report|news|feature|section))?$",
    re.I,
)
_MARKS = "■□▪●◆◾▲►*•❖"
_END_MARK = re.compile(rf"(?<=[.!?…”’\"')])\s+(?P<mark>[A-Z][A-Z&]{{1,5}}|[{_MARKS}]{{1,3}})$")


@dataclass(frozen=True, slots=True)
class Folio:
    """What a folio line says: "42 CAREINTHESHIRES JAN12" -> number "42", name "Care in the Shires", issue "2012-01"."""

    number: str | None
    name: str | None
    issue: str | None


def notice(text: str) -> str | None:
    """Why a line is furniture wherever it stands; None if it is not."""
    if _NOTICE.match(text):
        return "notice of the page-turner"
    if _PAGE_LIST.fullmatch(text + " ") or _ascending(text):
        return "list of the issue's pages"
    if _CONTINUED.match(text):
        return "line that says where the article goes on"
    if _KEY.match(text) and not _MAIL.match(text) and not _DOMAIN_ENDING.search(text):
        return "word of the page-turner's interface"
    return None


_DOMAIN_ENDING = re.compile(r"\.(?:com|org|net|uk|eu|info|gov|edu|example)\b", re.I)


_JUMP = re.compile(r"(?P<way>from)?\s*(?:page|pp?\.?)\s*(?P<n>\d{1,4})[\s>»→▶.-]*$", re.I)


def jump(text: str) -> tuple[bool, str] | None:
    """Where an article goes on or comes from: "Continued on page 9" -> (True, "9"), "… from page 6" -> (False, "6")."""
    found = _JUMP.search(text) if _CONTINUED.match(text) else None
    return (not found["way"], found["n"]) if found else None


def _ascending(text: str) -> bool:
    """ "1 | 2 | 3 | 4 | 5 | 6": a page list without the word."""
    numbers = re.split(r"[\s|•·,;/–-]+", text.strip(" |•·"))
    return (
        len(numbers) >= 6
        and all(n.isdigit() for n in numbers)
        and [int(n) for n in numbers] == list(range(int(numbers[0]), int(numbers[0]) + len(numbers)))
    )


def interface_word(text: str) -> bool:
    return bool(_INTERFACE.match(text)) or bool(_KEY.match(text) and not _DOMAIN_ENDING.search(text))


def contact(text: str) -> bool:
    """A line that is an e-mail or web address or a telephone number and nothing else."""
    return bool(_MAIL.match(text))


def section_name(text: str) -> bool:
    """ "FEATURE", "Special report": names of a magazine's sections that head its pages."""
    return (
        len(text.split()) <= 4
        and bool(_SECTION.match(text))
        and (text.isupper() or text.istitle() or len(text.split()) == 1)
    )


def page_list_in(text: str) -> tuple[str, str] | None:
    """A page list that ran into the text: (text without it, the list); None if there is none."""
    match = _PAGE_LIST.search(text + " ")
    if not match or len(re.findall(r"Page", match[0])) < 4:
        return None
    return tidied(text[: match.start()] + " " + text[match.end() :]), match[0].strip()


def end_mark(text: str) -> tuple[str, str] | None:
    """The mark after an article's last sentence: "… and so to bed. CITS" -> (text, "CITS"); None if there is none."""
    match = _END_MARK.search(text)
    return (text[: match.start()].rstrip(), match["mark"]) if match else None


def folio(text: str, *, edge: bool, number: str | None = None) -> Folio | None:
    """The folio in a line; None if it is none. `edge`: first or last lines of a page; `number`: from its address.

    Capitals, an issue's month or a web address beside the number make it sure; otherwise the line must stand at
    the page's edge and be no more than a name with a number.
    """
    words = text.split()
    if len(words) > 12 or len(text) > 90:
        return None
    page = _PAGE_WORD.match(text) or _DASHED.match(text)
    if page:
        rest = text[page.end() :].strip(" -–—|•·:")
        if not rest or len(rest.split()) <= 6:
            return Folio(page["n"], _name(rest), _issue(text))
        return None
    issue = _ISSUE.search(text)
    ends = _AT_START.match(text) or _AT_END.match(text)
    if issue and len(words) <= 9:
        rest = _ISSUE.sub(" ", text)
        numbered = _AT_START.match(rest.strip()) or _AT_END.match(rest.strip())
        name = (numbered["rest"] if numbered else rest).strip(" |•·,–-")
        if not name or _is_masthead(name):
            return Folio(numbered["n"] if numbered else None, _name(name), _issue(text))
    if not ends:
        return None
    rest = ends["rest"].strip(" |•·,–-")
    if _DOMAIN.match(rest) and "." in rest:
        return Folio(ends["n"], None, None)
    if rest.isupper() and len(rest.split()) <= 7 and not re.search(r"[.!?]$", rest):
        return Folio(ends["n"], _name(rest), None)
    certain = number is not None and ends["n"].lstrip("0") == number.lstrip("0")
    if (edge or certain) and _is_masthead(rest) and len(rest.split()) <= 6 and ends.re is _AT_END:
        return Folio(ends["n"], _name(rest), None)
    if certain and _is_masthead(rest):
        return Folio(ends["n"], _name(rest), None)
    return None


def glued_folio(text: str) -> tuple[str, str, bool] | None:
    """A folio that ran into a block: "… had never been 31 THEQUARTERLY MAR13" -> (text, folio, at the end).

    Only capitals beside a number are sure enough.
    """
    words = text.split(" ")
    if len(words) <= 12:
        return None
    for size in range(2, 8):
        for cut, at_end in ((words[-size:], True), (words[:size], False)):
            rest = words[:-size] if at_end else words[size:]
            capitals = [word for word in cut if word.isupper() and len(word) >= 2 and not word[0].isdigit()]
            longer = rest and rest[-1 if at_end else 0].isupper() and len(rest[-1 if at_end else 0]) > 1
            if longer or not any(len(word) >= 4 for word in capitals):
                continue
            numbered = cut[0].strip("|•").isdigit() or cut[-1].strip("|•").isdigit() or _ISSUE.search(" ".join(cut))
            plain = [
                w for w in cut if w not in capitals and not re.search(r"\d", w) and w not in ("|", "•", "&", "-", "–")
            ]
            if numbered and not plain and folio(" ".join(cut), edge=False):
                return " ".join(rest), " ".join(cut), at_end
    return None


def _is_masthead(name: str) -> bool:
    small = {"and", "of", "the", "for", "in", "&", "|", "on", "to", "a", "-", "–", "•"}
    words = [word for word in name.split() if word.lower() not in small]
    return (
        bool(words)
        and all(word[:1].isupper() or word[:1].isdigit() or "." in word for word in words)
        and not re.search(r"[.!?;:]$", name)
    )


def _name(rest: str) -> str | None:
    """A magazine's name as one prints it; run-together capitals are parted by the dictionary."""
    rest = rest.strip(" |•·,–-:")
    if not rest or not re.search(r"[A-Za-z]{3}", rest) or "@" in rest or _DOMAIN.match(rest):
        return None
    if " " not in rest and len(rest) > 10:
        return words_in(rest)
    return rest.title().replace(" And ", " and ").replace(" Of ", " of ") if rest.isupper() else rest


_SEASONS = {"spring": "", "summer": "", "autumn": "", "winter": ""}
_MONTH_NUMBERS = {
    m: n for n, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}


def _issue(text: str) -> str | None:
    """ "JAN12" -> "2012-01"; a season gives its year."""
    match = _ISSUE.search(text)
    if not match:
        return None
    year = int(match["year"])
    year += 0 if year > 99 else 2000 if year < 70 else 1900
    month = _MONTH_NUMBERS.get(match["month"][:3].lower())
    if match["month"].lower() in _SEASONS or month is None:
        return str(year)
    return f"{year}-{month:02d}"


@dataclass(frozen=True, slots=True)
class Cleared:
    """A page without its furniture. `cut` in a line's place tells later layers that something stood between."""

    lines: tuple[Line, ...]
    before: tuple[str, ...]  # for each line: what furniture stood straight above it ("", "folio", "other")
    folios: tuple[Folio, ...]
    aside: tuple[tuple[str, str], ...]  # (text, why)
    end: str = ""  # what furniture stood below the last line


def cleared(sheet: Sheet) -> Cleared:
    """The page's lines without its furniture; a page beyond print has none that could be told by its place."""
    if sheet.beyond_print:
        return Cleared((), (), (), ())
    lines: list[Line] = []
    before: list[str] = []
    folios: list[Folio] = []
    aside: list[tuple[str, str]] = []
    pending = ""
    top = _interface_zone(sheet.lines)
    last = len(sheet.lines) - 1
    tail = next((n for n in range(last, -1, -1) if not notice(sheet.lines[n].text)), last)
    for at, line in enumerate(sheet.lines):
        text = line.text
        edge = at <= top + 2 or at >= tail - 1
        found = folio(text, edge=edge, number=sheet.number)
        why = "word of the page-turner's interface" if at < top else notice(text)
        if not why and found:
            why = "folio"
            folios.append(found)
        elif not why and section_name(text) and (edge or text.isupper()):
            why = "running head"
        if why:
            aside.append((text, why))
            pending = "folio" if why == "folio" or pending == "folio" else "other"
            continue
        stuck = glued_folio(text)
        if stuck:
            text = stuck[0]
            folios.extend(said for said in [folio(stuck[1], edge=False)] if said)
            aside.append((stuck[1], "folio"))
            line = Line(text, line.gap)
            if not stuck[2]:
                pending = "folio"
        ran_in = page_list_in(text)
        if ran_in:
            aside.append((ran_in[1], "list of the issue's pages"))
            line = Line(ran_in[0], line.gap)
        if line.text:
            lines.append(line)
            before.append(pending)
            pending = "folio" if stuck and stuck[2] else ""
    return Cleared(tuple(lines), tuple(before), tuple(folios), tuple(aside), pending)


def _interface_zone(lines: Sequence[Line]) -> int:
    """How many lines at the top are interface words: a newer YUDU page begins with 15 to 20 of them."""
    at = 0
    while at < len(lines) and (interface_word(lines[at].text) or notice(lines[at].text)):
        at += 1
    keys = sum(1 for line in lines[:at] if not notice(line.text))
    return at if keys >= 3 else 0


def looks_turned(sheet: Sheet) -> int:
    """How many signs of a page-turner a page shows (0 = none)."""
    texts = [line.text for line in sheet.lines]
    signs = 0
    signs += any(re.match(r"this page contains an? .*edition of a book", t, re.I) for t in texts)
    signs += any(_PAGE_LIST.search(t + " ") for t in texts)
    signs += _interface_zone(sheet.lines) >= 5
    signs += bool(texts and _PAGE_WORD.match(texts[0]) and re.match(r"page \d+ - ", texts[0], re.I))
    return signs
