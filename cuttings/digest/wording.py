"""The fixed wording of both editions: dates, bylines, counts, labels. Every sentence readers see that is ours is here.

Managers read a short line ("3 ARCHIVE: over a year old, not current law."), members whole plain sentences.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from urllib.parse import urlsplit

from cuttings import model
from cuttings.model import Article, Audience, Mark, Words

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

# In the order they are printed.
MARKS: dict[str, dict[Audience, str]] = {
    "local": {"managers": "Local", "members": "Local"},
    "changed": {"managers": "Changed", "members": "Changed since last time"},
    "opinion": {"managers": "Opinion", "members": "One person’s view"},
    "research": {"managers": "Research", "members": "Research"},
    "law": {"managers": "Law", "members": "Law"},
    "decision": {"managers": "Decision", "members": "Decision"},
    "archive": {"managers": "Archive", "members": "Old: over a year"},
    "late": {"managers": "Found late", "members": "Found late"},
    "repaired": {"managers": "Repaired", "members": "Text repaired"},
}

AUTHORS_VIEW = "Opinion: its authors’ view"  # of more than one, or of nobody who is named
NO_HEADLINE = "[No headline on the page]"
NO_BASE = "not given here; check the source first."
DATE_KINDS = {
    "consultation": "Consultation",
    "deadline": "Deadline",
    "inspection": "Inspection",
    "decision": "Decision",
    "law": "Law",
}
YEAR_ASSUMED = " (year assumed)"
FEWEST_DISCUSSED = 2  # items with comments: of one alone its own line says it all
COMMENTS_TOO_FEW = 10  # below this, nothing can be said about them but their number


def count(n: int, one: str, many: str | None = None) -> str:
    """'1 article', '4 articles'; thousands get a comma."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


_SMALL = ("None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


def opening(n: int) -> str:
    """A number as it opens a plain sentence: 'Four', '12'."""
    return _SMALL[n] if n < len(_SMALL) else f"{n:,}"


LONGEST_HEADLINE, LONGEST_NAME = 300, 80  # characters


def clipped(text: str, longest: int) -> str:
    """At most so many characters, cut between words where there are any, the cut shown by '…'."""
    flat = " ".join(text[: longest * 8].split())
    if len(flat) <= longest:
        return flat
    kept = flat[: longest - 1]
    return f"{kept.rsplit(' ', 1)[0] if ' ' in kept[longest // 2 :] else kept} …"


def listed(parts: Sequence[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def long_date(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def spoken(iso: str | None) -> str | None:
    """An ISO date as far as it goes: '2012-01' is 'January 2012', never the first of the month."""
    moment, precision = model.day(iso), model.precision(iso)
    if moment is None or iso is None:
        return None
    if precision == "year":
        return iso[:4]
    # The day is taken from the string: 00:30 in London in summer is the day before in UTC.
    year, month, day = (int(part) for part in (iso[:4], iso[5:7], iso[8:10] or "0"))
    return f"{day} {MONTHS[month - 1]} {year}" if day else f"{MONTHS[month - 1]} {year}"


def _is_month_end(day: date) -> bool:
    return day.toordinal() + 1 == date(day.year + day.month // 12, day.month % 12 + 1, 1).toordinal()


def span(start: date, end: date, *, whole_months: bool = True) -> str:
    """'1–7 October 2013', '28 October – 3 November 2013'; whole months as 'October 2013' where asked."""
    if whole_months and start.day == 1 and _is_month_end(end):
        first, last = MONTHS[start.month - 1], MONTHS[end.month - 1]
        if (start.year, start.month) == (end.year, end.month):
            return f"{first} {start.year}"
        return (
            f"{first} to {last} {end.year}" if start.year == end.year else f"{first} {start.year} to {last} {end.year}"
        )
    if start == end:
        return long_date(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{long_date(end)}"
    if start.year == end.year:
        return f"{start.day} {MONTHS[start.month - 1]} – {long_date(end)}"
    return f"{long_date(start)} – {long_date(end)}"


def short_span(start: date, end: date) -> str:
    """For an e-mail's subject: '1–7 Oct 2013', 'Oct 2013', 'Jan 2012 to Sep 2013'."""
    return re.sub("|".join(MONTHS), lambda m: m[0][:3], span(start, end))


def column(start: date, end: date) -> str:
    """The narrowest: '5–11 Oct', '28 Sep–4 Oct', 'Oct 2026'. The issue's title has the year."""
    first, last = MONTHS[start.month - 1][:3], MONTHS[end.month - 1][:3]
    if start.day == 1 and _is_month_end(end) and start.month == end.month:
        return f"{last} {end.year}"
    if start == end:
        return f"{end.day} {last}"
    return f"{start.day}–{end.day} {last}" if first == last else f"{start.day} {first}–{end.day} {last}"


def host(url: str | None) -> str | None:
    try:
        name = urlsplit(url or "").hostname
    except ValueError:  # "http://[oops"
        return None
    return name.removeprefix("www.") if name else None


# ---------------------------------------------------------------- bylines

_POST = re.compile(r"\s+(?:is|was)\s+(?:an?\s+|the\s+)?(.+)", re.S)
_POST_ENDS = re.compile(
    r"[,;.:(\n–—]|\s(?:at|for|with|who|whose|which|that|when|where|until|since|from|but|by|based|currently|"
    r"working|living|leading|responsible|speciali[sz]ing|(?:and|&) (?:the |an? |(?:his|her|their) )?(?:author|proud|"
    r"mother|father|mum|dad|wife|husband|partner|parent|grand\w+|survivor|writes|lives|works|has|is|was|runs|chairs|leads|"
    r"teaches|tweets|blogs|edits|sits|can|\w+ed))\b"
)
LONGEST_POST = 8  # words
# What a post is named by: the last word before 'of', 'in', 'and'. 'Mother', 'pseudonym' and 'member' are no posts.
_POST_WORDS = (
    "academic activist administrator adviser advisor advocate analyst apprentice archivist assessor assistant "
    "associate barrister bishop blogger broadcaster campaigner carer caseworker ceo cfo chair chairman "
    "chairperson chairwoman chaplain chief clerk clinician co-chair co-director co-founder co-ordinator coach "
    "columnist commissioner consultant convenor coo coordinator correspondent councillor counsellor dean deputy "
    "designer developer dietitian director doctor economist editor engineer executive expert facilitator fellow "
    "founder freelance freelancer geographer governor gp head historian inspector journalist judge lawyer lead "
    "leader lecturer librarian manager mayor mentor midwife minister mp msp nurse officer ombudsman optometrist "
    "organiser owner paramedic partner peer pharmacist physician physiotherapist planner practitioner president "
    "principal professional professor proprietor psychiatrist psychologist reader rector registrar reporter "
    "representative researcher scholar scientist secretary self-advocate sociologist solicitor specialist "
    "statistician student superintendent supervisor surgeon teacher therapist trainer treasurer trustee tutor "
    "vicar vice-chair volunteer worker writer "
)
_POSTS = frozenset(_POST_WORDS.split())
# 'Cabinet member', 'lay member of the board': a post; 'member of a choir': none.
_A_SEAT = re.compile(r"\b(?:cabinet|board|committee|executive|panel|council|lay|co-opted)\smember\Z", re.IGNORECASE)
# 'Is opposing manager Ann Poe': what somebody does. The others are what a post is in charge of.
_DOING = re.compile(
    r"(?!(?:acting|managing|consulting|practising|nursing|visiting|commissioning|contracting|housing|safeguarding|training|"
    r"learning|planning|teaching|fundraising|marketing|wellbeing|well-being|founding|operating|governing|presiding|sitting|"
    r"serving|supervising|outgoing|incoming|hearing|screening|licensing|accounting|engineering|"
    r"ageing|campaigning|banking|building)\b)[\w-]+ing\b",
    re.IGNORECASE,
)
# 'A student of the care worker', 'the partner of a doctor': somebody else's post.
_SOMEBODY_S = re.compile(r"\s(?:of|to|for)\s(?:an?|the|his|her|their|my)\s(?P<whom>.+)\Z", re.IGNORECASE)
_WHOSE_OWN = re.compile(r"\s(?:of|to)\s(?:his|her|their|my)\s.*\Z", re.IGNORECASE)  # 'carer of her mother'
_PARTS = re.compile(r"\s(?:of|in|on|to|and|&|about|as)\s")
# 'is not a social worker', 'is writing a book about a nurse': no post, whatever comes later in the sentence.
_NO_POST = re.compile(
    r"\b(?:a|an|the|not|no|never|neither|hardly|now|once|formerly|married|engaged|related)\b",
    re.IGNORECASE,
)


def post(author: str, bio: str | None) -> str | None:
    """The author's post, verbatim out of the bio: 'Ann Poe is a ward manager at …' gives 'ward manager'.

    None where the bio doesn't say "NAME is [a, the] POST": whom somebody is married to, what they are not and where
    they can be found on the web are no posts, and nothing is guessed.
    """
    at = (bio or "").find(author)
    if bio is None or at < 0:
        return None
    match = _POST.match(bio, at + len(author))
    if match is None:
        return None
    told = " ".join(_POST_ENDS.split(match[1][:LONGEST_HEADLINE], maxsplit=1)[0].split())
    named = _PARTS.split(told, maxsplit=1)[0]
    if not _is_post(named) or _is_somebody_s(told, named):
        return None
    words = _WHOSE_OWN.sub("", told).split()
    if len(words) > LONGEST_POST:
        # "Professor of Care and Director of the Institute for …": whole parts, not eight words.
        ends = [n for n, word in enumerate(words[: LONGEST_POST + 1]) if word in ("and", "&")]
        words = words[: ends[-1]] if ends else []
    return clipped(" ".join(words), LONGEST_NAME) or None


def _is_post(named: str) -> bool:
    held = named.split()[-1:] and named.split()[-1].casefold() in _POSTS
    return bool(held or _A_SEAT.search(named)) and not _NO_POST.search(named) and not _DOING.match(named)


def _is_somebody_s(told: str, named: str) -> bool:
    """'Partner of a doctor': a partner is one in a firm ('at Bevan', 'in a practice') or says which."""
    if named.casefold() == "partner" and re.match(r"partner\s(?:of|to)\b", told, re.IGNORECASE):
        return True
    of = _SOMEBODY_S.search(told)
    return of is not None and of["whom"].split()[-1].casefold() in _POSTS


def _pages(article: Article) -> str | None:
    if not article.pages:
        return None
    numbers = article.pages
    return f"p {numbers[0]}" if len(numbers) == 1 else f"pp {numbers[0]}–{numbers[-1]}"


def dated(article: Article) -> str:
    published = spoken(article.published)
    if published:
        return published
    modified = spoken(article.modified)
    return f"{modified} (page’s update date)" if modified else "date not given"


def byline(article: Article, source: str, audience: Audience) -> Words:
    """Author, post, publication, date, page: fields of the page, in that order, each only where it is given."""
    # A department that signs its own page would stand there twice.
    names = [name for name in article.authors if name.strip() and model.plain(name) != model.plain(source)]
    authors = [clipped(name, LONGEST_NAME) for name in names]
    who: list[str] = []
    if len(authors) == 1:
        held = post(authors[0], article.author_bio)
        who = [authors[0], held] if held else [authors[0]]
        if not held and article.kind == "opinion" and audience == "managers":
            who.append("post not given")
    elif authors:
        first = [_in_order(name) for name in authors[:3]]
        who = [listed(first) if len(authors) <= 3 else f"{', '.join(first)} and others"]
    place = f"in {source}" if who and audience == "members" else source
    parts = (*who, place, dated(article), _pages(article) if audience == "managers" else None)
    return Words(", ".join(_in_order(p) for p in parts if p), "count")


def _in_order(part: str) -> str:
    """A right-to-left name is closed by a mark, or two of them with a comma between would change places."""
    turns = any(unicodedata.bidirectional(c) in ("R", "AL") for c in part)
    return f"{part}\u200e" if turns else part


# Whoever signs so is no one person: an organisation, a team, two people in one line.
_NO_PERSON = re.compile(
    r"[,;&/|@]|\d|\b(?:and|the|of|for|council|association|team|editorial|editors?|desk|staff|trust|group|ltd|limited|plc|"
    r"department|ministry|office|news|newsroom|society|union|federation|alliance|network|institute|foundation|cent(?:re|er)|"
    r"university|college|charity|commission|board|committee|services?|reporters?|correspondents?|press|agency|forum|"
    r"partnership|party|campaign|company|uk|england|wales|scotland|admin(?:istrator)?|guest|contributors?|anonymous|anon|"
    r"various|authors?|readers?|everyone|voices?|action|direct|care|homes?|magazine|journal|gazette|times)\b",
    re.IGNORECASE,
)


def by_one_person(article: Article, source: str) -> bool:
    """Whether exactly one named person signs it: neither a paper's own leader nor a piece by two."""
    names = [name for name in article.authors if name.strip()]
    if len(names) != 1 or model.plain(names[0]) == model.plain(source):
        return False
    return len(names[0].split()) > 1 and _NO_PERSON.search(names[0]) is None


def marks(ids: Iterable[str], audience: Audience, *, one_person: bool = True) -> tuple[Mark, ...]:
    held = set(ids)
    return tuple(
        Mark(mark, AUTHORS_VIEW if mark == "opinion" and audience == "members" and not one_person else labels[audience])
        for mark, labels in MARKS.items()
        if mark in held
    )


# ---------------------------------------------------------------- counts


def comments(kept: int, *, quoted: int = 0) -> Words | None:
    """What may be said about the readers of one story: their number, and that they are no sample."""
    if not kept:
        return None
    parts = []
    if kept < COMMENTS_TOO_FEW:
        parts.append("too few to describe")
    parts.append("not a sample")
    parts.append(f"{quoted} quoted" if quoted else "none quoted")
    return Words(f"{count(kept, 'reader comment')}: {', '.join(parts)}.", "count")


def members_readers(items_with: int, kept: int) -> tuple[Words, ...]:
    if not kept:
        return (Words("No article on this page had comments from readers.", "count"),)
    where = f"{opening(items_with)} {'article' if items_with == 1 else 'articles'}"
    few = "Too few to describe, and not" if kept < COMMENTS_TOO_FEW else "They are not"
    return (Words(f"{where} had {count(kept, 'comment')}. {few} a sample of residents.", "count"),)


def managers_readers(items_with: int, items: int, kept: int, quoted: int) -> tuple[Words, ...]:
    """What all of an issue's articles had below them; () where only one had any, which says so itself."""
    if items_with < FEWEST_DISCUSSED:
        return ()
    words = f"{count(quoted, 'is', 'are')} quoted" if quoted else "none is quoted"
    return (
        Words(f"{count(kept, 'reader comment')} below {items_with} of {count(items, 'article')}.", "count"),
        Words(f"Readers are not a sample of practitioners or residents; {words}.", "count"),
    )


def repair(mended: model.Repair) -> str:
    # "text left as found: its order could not be told" says itself how sure it is.
    told = mended.certainty == "sure" or mended.kind.startswith("text left as found")
    return mended.kind if told else f"{mended.kind} ({mended.certainty})"


def telephone(number: str) -> str:
    """A number that stays on one line: '01632 960 142' with spaces that don't break."""
    return number.replace(" ", "\u00a0")
