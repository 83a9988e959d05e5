"""The values that pass from room to room, named by the stage that makes them.

Everything here is frozen. Tuples, never lists; `None` means "the page does not say".

Dates of articles and comments are ISO 8601 strings of the precision the page gives:
"2012", "2012-01", "2012-01-31", "2012-01-31T09:15:00" or the same with a zone. They are kept as
strings because a day must not turn into a midnight that nobody wrote; `when` below makes them comparable.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

Kind = Literal["news", "opinion", "research", "law", "decision", "unknown"]
Precision = Literal["year", "month", "day", "time"]
Certainty = Literal["sure", "likely", "uncertain"]
Outcome = Literal["genuine", "review", "spam", "duplicate"]
Audience = Literal["managers", "members"]


class BadConfiguration(Exception):
    """Something in the configuration can't be used. The message names file, key and what is allowed."""


# ---------------------------------------------------------------- fetched


@dataclass(frozen=True, slots=True)
class Page:
    """What the site sent, untouched. `family` is set when the source names one, else it is recognised."""

    url: str | None
    body: bytes
    media_type: str = "text/html"
    family: str | None = None
    fetched_at: datetime | None = None
    status: int = 200

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class PageDesign:
    """CSS selectors of one design of a site's pages; None: found as on any page. `body` says whether a page is of it,
    where there is none, `title`, else `comments`."""

    body: str | None = None
    title: str | None = None
    standfirst: str | None = None
    author: str | None = None
    date: str | None = None
    comments: str | None = None  # each picks one comment, replies inside it included
    comment_author: str | None = None
    comment_date: str | None = None
    comment_text: str | None = None


# ---------------------------------------------------------------- read


class Unreadable(Exception):
    """A page that can't be read as what it should be: which page, what is missing, and why we think so.

    `field` is the missing thing ("title", "paragraphs") or "page" where it is no article at all
    (a login wall, an error page); `detail` is a sentence for people.
    """

    def __init__(self, url: str | None, field: str, detail: str) -> None:
        super().__init__(f"{url or 'the page'}: {detail}")
        self.url, self.field, self.detail = url, field, detail


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing we mended: kind ("drop capital", "reading order", "page join", …), where, how certain."""

    kind: str
    where: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Subhead:
    text: str
    before: int  # index of the paragraph it stands above


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Aside:
    """Words that stood on the page and are not the article's or a reader's, with the reason."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article as its page gives it. `title` is None where the page has no headline: nobody makes one up."""

    key: str
    url: str | None
    source: str | None = None
    title: str | None = None
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    author_bio: str | None = None
    kind: Kind = "unknown"
    kind_evidence: str | None = None
    language: str | None = None  # "en", "cy", …
    published: str | None = None
    precision: Precision | None = None
    modified: str | None = None
    paragraphs: tuple[str, ...] = ()
    subheads: tuple[Subhead, ...] = ()
    pull_quotes: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    related_links: tuple[Link, ...] = ()
    version_note: str | None = None
    publication: str | None = None  # the name the page gives its paper; the source's configured name wins in print
    pages: tuple[str, ...] = ()  # printed page numbers of a page-turner, "18", "19"
    repairs: tuple[Repair, ...] = ()

    @property
    def text(self) -> str:
        """The body in one string, paragraphs parted by a blank line; quotes are offsets into it."""
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class Comment:
    """What a reader wrote below an article. `n` counts from 1 in page order; `parent` is an `n`."""

    key: str
    article: str  # Article.key
    n: int
    author: str | None
    author_url: str | None
    by_article_author: bool
    posted: str | None
    text: str  # paragraphs parted by a blank line
    parent: int | None = None
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document (one page, or consecutive pages) says, and what we left out as furniture.

    Words in = words of articles + words of comments + words set aside.
    """

    articles: tuple[Article, ...]
    comments: tuple[Comment, ...] = ()
    set_aside: tuple[Aside, ...] = ()


# ---------------------------------------------------------------- judged


@dataclass(frozen=True, slots=True)
class Reason:
    rule: str
    weight: float
    sentence: str  # for people: "posted 583 days after the article"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What we think of a comment, and why.

    `quotable` is narrower than genuine: never a cut-off text, a name of a person or a charge against anyone.
    """

    outcome: Outcome
    quotable: bool
    score: float
    because: tuple[Reason, ...]
    duplicate_of: str | None = None  # Comment.key
    rules_version: str = ""


@dataclass(frozen=True, slots=True)
class Membership:
    """Where an article belongs: its story, how alike it is to the member it joined by, and why, in words."""

    article: str
    story: str
    similarity: float
    because: str


# ---------------------------------------------------------------- labelled


@dataclass(frozen=True, slots=True)
class Theme:
    id: str
    name: str
    description: str
    phrases: tuple[str, ...]
    exclusions: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    plain_name: str | None = None  # as the members' edition heads it: "Staff and training"
    why: Mapping[str, str] = field(default_factory=dict)  # audience -> the council's own sentence; none: not printed
    decide: str | None = None  # what the council can decide or influence (members)
    questions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # audience -> questions
    glossary: tuple[str, ...] = ()  # terms that belong to it


@dataclass(frozen=True, slots=True)
class Evidence:
    phrase: str
    where: str  # "title", "standfirst", "text"
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Label:
    theme: str
    score: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Labels:
    primary: str | None
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Verbatim: `text_of_the_article[start:end] == text`. A clause with its cut shown is made at printing."""

    start: int
    end: int
    text: str


# ---------------------------------------------------------------- stored and ruled


@dataclass(frozen=True, slots=True)
class Ruling:
    """What an editor decided. `subject` is "comment:KEY", "article:KEY", "story:KEY" or "item:ISSUE/STORY"."""

    subject: str
    decision: str  # release, spam, duplicate, theme, not-theme, primary-theme, no-theme, strike, pin, headline, …
    value: str | None
    by: str
    at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article with what the store knows beyond the page."""

    article: Article
    first_seen: datetime
    version: int
    labels: Labels
    story: str
    changed: bool = False  # edited by its publisher after it was first read
    edited: int | None = None  # the last version that its publisher made, not a newer reader of ours; None: `version`


@dataclass(frozen=True, slots=True)
class JudgedComment:
    comment: Comment
    verdict: Verdict
    theme: str | None = None  # its own first one, where it has any; else its article's speaks for it


@dataclass(frozen=True, slots=True)
class Story:
    """One piece of news, however often copied. `articles[0]` is the canonical copy; the others are 'also in'."""

    key: str
    articles: tuple[StoredArticle, ...]
    comments: tuple[JudgedComment, ...] = ()

    @property
    def canonical(self) -> StoredArticle:
        return self.articles[0]

    @property
    def kept_comments(self) -> tuple[JudgedComment, ...]:
        return tuple(c for c in self.comments if c.verdict.outcome == "genuine")


# ---------------------------------------------------------------- counted


@dataclass(frozen=True, slots=True)
class Audit:
    """What went in and what became of it, for one issue. `faults()` names every sum that does not add up."""

    sources: tuple[str, ...] = ()  # names of the sources that were asked
    sources_failed: tuple[tuple[str, str], ...] = ()  # (name, why)
    pages_in: int = 0  # pages asked for
    pages_read: int = 0
    pages_set_aside: tuple[tuple[str, int], ...] = ()  # (why, how many): no article, another language, …
    pages_failed: tuple[tuple[str, int], ...] = ()  # (why, how many): unreachable, unreadable
    pages_joined: int = 0  # pages read that continue an article which began on another page
    pages_shared: int = 0  # articles read beyond the first on one page
    articles: int = 0  # pages_read - pages_joined + pages_shared
    stories: int = 0
    copies: int = 0  # articles - stories
    comments_in: int = 0
    comments_kept: int = 0
    comments_duplicate: int = 0
    comments_spam: int = 0
    comments_review: int = 0
    repairs: tuple[tuple[str, int], ...] = ()  # (kind, how many)
    pages_unchanged: int = 0  # looked at again and nothing new; not among pages_in

    def faults(self) -> tuple[str, ...]:
        aside, failed = sum(n for _, n in self.pages_set_aside), sum(n for _, n in self.pages_failed)
        judged = self.comments_kept + self.comments_duplicate + self.comments_spam + self.comments_review
        sums = (
            ("pages", self.pages_in, self.pages_read + aside + failed),
            ("articles", self.articles, self.pages_read - self.pages_joined + self.pages_shared),
            ("stories", self.articles, self.stories + self.copies),
            ("comments", self.comments_in, judged),
        )
        return tuple(f"{what}: {left} in, {right} accounted for" for what, left, right in sums if left != right)


# ---------------------------------------------------------------- composed (the digest; see cuttings/digest/)

Origin = Literal["source", "configuration", "count", "editor"]


@dataclass(frozen=True, slots=True)
class Words:
    """A printed line and where its words come from. What could name no origin can't be built, so can't be printed.

    "source": verbatim from the page; "configuration": the council's, or fixed wording of ours; "count": counts and
    fields of the page; "editor": a named person's, `by`.
    """

    text: str
    origin: Origin
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of one article: `field_of_the_article[start:end] == text`, the cuts shown by '…' when printed."""

    article: str  # Article.key
    field: Literal["text", "standfirst"]
    start: int
    end: int
    text: str
    cut_before: bool = False
    cut_after: bool = False

    @property
    def printed(self) -> str:
        flat = " ".join(self.text.split())
        return f"{'… ' if self.cut_before else ''}{flat}{' …' if self.cut_after else ''}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number worth lifting, in the source's words, with its base and year as the source gives them or our warning."""

    quotation: Quotation
    base: Words | None
    year: Words | None = None  # where the clause itself doesn't say it


@dataclass(frozen=True, slots=True)
class DiaryDate:
    """A date ahead that an article names, with the words it stands in, or its headline where the licence gives none."""

    day: str  # ISO 8601
    what: Words  # "Consultation"
    item: str  # Item.number
    source: str  # printed name
    about: Words  # the item's headline
    quotation: Quotation | None = None
    leans: bool = False  # "This consultation …": the quotation needs the headline before it
    language: str | None = None  # of the article


@dataclass(frozen=True, slots=True)
class Mark:
    """A label beside an item: `id` is opinion, research, law, decision, archive, repaired, local, changed or late."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Copy:
    """Where else the same story stood: 'also in'."""

    source: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """One story as an edition prints it. `brief` = headline and byline alone."""

    number: str  # "M1"
    story: str
    article: str
    version: int
    source: str  # printed name
    headline: Words
    url: str | None
    byline: Words
    marks: tuple[Mark, ...]
    theme: str | None
    brief: bool = False
    standfirst: Quotation | None = None
    quotation: Quotation | None = None
    base: Words | None = None  # of a share that the quotation names
    figures: tuple[Figure, ...] = ()
    summary: Words | None = None  # a named editor's
    question: Words | None = None  # a named editor's, for this item
    changed: Words | None = None
    comments: Words | None = None
    voices: tuple[Words, ...] = ()  # readers' words, only where the edition switches them on
    also_in: tuple[Copy, ...] = ()
    repairs: tuple[Words, ...] = ()
    licence: str = "link"
    notice: Words | None = None
    because: tuple[str, ...] = ()  # why it was chosen, for `--explain`
    score: float = 0.0
    language: str | None = None
    year: Words | None = None  # of the figure that the quotation names, where its sentence doesn't say it

    @property
    def quotations(self) -> tuple[Quotation, ...]:
        chosen = (self.standfirst, self.quotation, *(f.quotation for f in self.figures))
        return tuple(q for q in chosen if q is not None)


@dataclass(frozen=True, slots=True)
class Section:
    """A theme's part of a digest; `theme` is None for 'Other'. `colour` is the theme's place in its table, from 0."""

    theme: str | None
    heading: Words
    colour: int
    items: tuple[Item, ...]
    why: Words | None = None
    decide: Words | None = None
    question: Words | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line with what it is about in front: a glossary term and its meaning, "Comments" and their sum."""

    term: str
    words: Words


@dataclass(frozen=True, slots=True)
class TrendRow:
    """Stories of one theme, a count a period, oldest first; the last one is this issue's."""

    theme: str
    name: str
    counts: tuple[int, ...]
    note: Words | None = None  # "New", "None this time"
    comments: tuple[int, ...] = ()  # readers' comments below those stories, the same periods


@dataclass(frozen=True, slots=True)
class Trend:
    periods: tuple[str, ...]  # how each column is headed
    rows: tuple[TrendRow, ...]
    warning: Words | None


@dataclass(frozen=True, slots=True)
class PastItem:
    """Where a story was printed last: the number of the issue, and the copy and version of it that stood there."""

    issue: int
    article: str | None
    version: int


@dataclass(frozen=True, slots=True)
class PastIssue:
    """What an earlier issue printed, as far as later ones must know. `stories` counts per theme, copies once."""

    number: int
    start: date
    end: date
    items: Mapping[str, int] = field(default_factory=dict)  # story -> version of the article that was printed
    asked: tuple[str, ...] = ()  # questions
    stories: Mapping[str, int] = field(default_factory=dict)  # theme -> stories in the period
    comments: Mapping[str, int] = field(default_factory=dict)  # theme -> comments kept below them
    articles: Mapping[str, str] = field(default_factory=dict)  # story -> the copy of it that was printed
    composed: datetime | None = None  # it knew what had been seen by then


@dataclass(frozen=True, slots=True)
class Digest:
    """One issue of one edition, ready to render. Every line says where its words come from.

    `words` counts what is read as content (digest.printed says what is not) and never exceeds `budget`. `empty` =
    nothing in the period: no edition is rendered.
    """

    edition: str
    name: str
    audience: Audience
    council: str
    service: str
    number: int
    start: date
    end: date
    composed: datetime
    title: Words
    sources: Words
    contact: tuple[Words, ...]
    contact_email: str
    in_brief: tuple[Words, ...]
    sections: tuple[Section, ...]
    also_read: tuple[Item, ...]
    diary: tuple[DiaryDate, ...]
    readers: tuple[Words, ...]
    trend: Trend | None
    explained: tuple[Entry, ...]
    made: tuple[Entry, ...]
    notices: tuple[Words, ...]
    audit: Audit
    stories: Mapping[str, int]  # theme -> stories in the period, printed or not
    left_out: tuple[tuple[str, int], ...] = ()  # (why, how many stories)
    words: int = 0
    budget: int = 0
    empty: bool = False
    contact_phone: str | None = None
    comments: Mapping[str, int] = field(default_factory=dict)  # theme -> comments kept below its stories
    first: tuple[str, ...] = ()  # numbers of the items to start with, best first; none in a short issue
    archive: tuple[Item, ...] = ()  # older than a year and on this issue's themes; no part of the period's counts
    archive_note: Words | None = None
    discussed: tuple[Entry, ...] = ()  # (item's number, how many comments), the most discussed first

    @property
    def items(self) -> tuple[Item, ...]:
        return (*self.of_period, *self.archive)

    @property
    def of_period(self) -> tuple[Item, ...]:
        return (*(item for section in self.sections for item in section.items), *self.also_read)

    @property
    def start_with(self) -> tuple[Item, ...]:
        held = {item.number: item for item in self.items}
        return tuple(held[number] for number in self.first)

    @property
    def asked(self) -> tuple[str, ...]:
        """The themes' questions, and those that an editor wrote for an item."""
        questions = (*(section.question for section in self.sections), *(item.question for item in self.items))
        return tuple(question.text for question in questions if question)


@dataclass(frozen=True, slots=True)
class Notice:
    """A short message instead of an edition: `to` says for whom."""

    to: Literal["contact", "readers"]
    subject: str
    lines: tuple[str, ...]


# ---------------------------------------------------------------- small helpers that every room needs


def fingerprint(*parts: str | None) -> str:
    """A short stable key for things that have no name of their own (64 bits, hex)."""
    joined = "\x1f".join(p or "" for p in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def comment_key(article: str, posted: str | None, text: str, occurrence: int = 0) -> str:
    """Stable over re-scrapes whatever the paging does to `n`; holds no name, so it survives an erasure.

    `occurrence` counts equal comments of the same second, which a double click on 'Post' makes.
    """
    return fingerprint(article, posted, plain(text), str(occurrence) if occurrence else None)


def plain(text: str) -> str:
    """Text for comparing: NFKC, case folded, white space collapsed, zero-width characters gone."""
    folded = unicodedata.normalize("NFKC", _unpiled(text)).casefold()
    spaced = " ".join(folded.split())
    if spaced.isprintable():
        return spaced  # as nearly all are: nothing in it is hidden
    hidden = {c for c in set(folded) if unicodedata.category(c) in {"Cf", "Cc"} and not c.isspace()}
    visible = "".join(c for c in folded if c not in hidden) if hidden else folded
    return " ".join(visible.split())


MOST_MARKS = 30  # on one letter, as Unicode's stream-safe format has it


def _unpiled(text: str) -> str:
    """Normalising sorts the marks on a letter in quadratic time: a megabyte of accents on one 'a' takes minutes."""
    if text.isascii() or not any(map(unicodedata.combining, set(text))):
        return text
    kept, pile = [], 0
    for character in text:
        pile = pile + 1 if unicodedata.combining(character) else 0
        if pile <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)


_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](.+))?)?)?$")


def when(iso: str | None) -> datetime | None:
    """The first instant an ISO date of any precision can mean, in UTC (no zone: taken as UTC); None if it is none."""
    match = _ISO.match(iso or "")
    if not match:
        return None
    year, month, day, time = match.groups()
    try:
        if time:
            moment = datetime.fromisoformat(iso or "")
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        return datetime(int(year), int(month or 1), int(day or 1), tzinfo=UTC)
    except (ValueError, OverflowError):  # 2013-02-31, or year 9999 with a zone that leads out of it
        return None


def day(iso: str | None) -> date | None:
    moment = when(iso)
    return moment.date() if moment else None


def precision(iso: str | None) -> Precision | None:
    match = _ISO.match(iso or "")
    if not match or when(iso) is None:
        return None
    return "time" if match[4] else "day" if match[3] else "month" if match[2] else "year"


def as_json(value: Any) -> Any:
    """Any value of this module as what json.dumps takes: tuples become lists, datetimes ISO strings."""
    if hasattr(value, "__dataclass_fields__"):
        return {name: as_json(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        return {str(k): as_json(v) for k, v in value.items()}
    if isinstance(value, (tuple, list, frozenset, set, Iterator)):
        return [as_json(v) for v in value]
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return value
