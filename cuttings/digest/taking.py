"""Words of an article for print: which, how many, and always by offset. A licence's limit is kept here.

Standfirst first; a sentence is chosen by `cuttings.quotes`. All words taken from one article in one issue come out
of one purse, so an excerpt licence of 40 words holds over standfirst, quotation and figures together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cuttings import model
from cuttings.dates_found import dates as dates_found
from cuttings.figures import figures as figures_of
from cuttings.figures_clear import worth
from cuttings.model import Article, Quotation, Words
from cuttings.quotes import best_quote
from cuttings.quotes_lean import leans, needs_neighbours
from cuttings.settings import Licence

LONGEST_QUOTE = 25  # words
SHORTEST_QUOTE = 6
LONGEST_CHARACTERS = 600
LONGEST_READ = 60_000  # characters: ten thousand words, a long read
LONGEST_DATED = 30  # a sentence with a date: cutting it could cut off what is due
LONGEST_STANDFIRST = 40
FULL = 80  # words of one item where the licence sets no limit


def words_in(text: str) -> int:
    return len(text.split())


@dataclass
class Purse:
    """How many words of one article may still be printed."""

    left: int

    @classmethod
    def of(cls, licence: Licence) -> Purse:
        return cls({"link": 0, "excerpt": min(licence.words, FULL), "full": FULL}[licence.mode])

    def pay(self, quotation: Quotation | None) -> Quotation | None:
        """The quotation, if there are words left for it; the words are gone then."""
        if quotation is None or not quotation.text or (cost := words_in(quotation.text)) > self.left:
            return None
        if len(quotation.text) > LONGEST_CHARACTERS:  # one "word" of a megabyte is within any count of words
            return None
        self.left -= cost
        return quotation

    def words(self, text: str | None) -> Words | None:
        """The same for a few words that stand outside a quotation: a figure's base, an acronym spelt out."""
        if not text or (cost := words_in(text)) > self.left:
            return None
        self.left -= cost
        return Words(text, "source")


def standfirst(article: Article, longest: int = LONGEST_STANDFIRST) -> Quotation | None:
    text = article.standfirst
    if not text or not text.strip() or words_in(text) > longest:
        return None
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    return Quotation(article.key, "standfirst", start, end, text[start:end])


def holds(article: Article, quotation: Quotation) -> bool:
    """Is the quotation found, letter by letter, where it says?"""
    field = article.text if quotation.field == "text" else article.standfirst or ""
    return quotation.article == article.key and field[quotation.start : quotation.end] == quotation.text


def looked_at(article: Article) -> str:
    """The part of the body that words are taken from: a prefix, so that offsets hold. Hostile pages are megabytes."""
    return article.text[:LONGEST_READ]


def short(text: str | None) -> str | None:
    return text[:LONGEST_CHARACTERS] if text else text


def sentence(article: Article, printed: Sequence[str], longest: int) -> Quotation | None:
    """The best sentence or clause of the body within `longest` words that says something new beside `printed`."""
    if longest < SHORTEST_QUOTE:
        return None
    avoid = [text[:LONGEST_CHARACTERS] for text in (*printed, *article.pull_quotes)]
    found = best_quote(
        looked_at(article),
        most_words=longest,
        standfirst=short(article.standfirst),
        title=short(article.title),
        avoid=avoid,
    )
    if found is None:
        return None
    text = article.text[found.start : found.end]
    return Quotation(article.key, "text", found.start, found.end, text, found.cut_before, found.cut_after)


@dataclass(frozen=True, slots=True)
class FigureTaken:
    """A figure with the clause it stands in, its base and its year as the source gives them."""

    quotation: Quotation
    base: str | None
    year: str | None
    share: bool  # a percentage or ratio, which says little without its base


def figures(article: Article) -> Iterator[FigureTaken]:
    """The figures worth lifting, those that carry the article's story first; each clause once."""
    text = looked_at(article)
    guide = [part for part in (short(article.title), short(article.standfirst)) if part]
    found = [(worth(f, text, guide), f, f.clause) for f in figures_of(text) if f.clause]
    found.sort(key=lambda one: (-one[0], one[1].start))
    seen = set()
    for value, figure, (start, end) in found:
        if not value or start in seen:
            continue
        seen.add(start)
        before, after = figure.sentence[0] < start, end < figure.sentence[1]
        quotation = Quotation(article.key, "text", start, end, text[start:end], before, after)
        yield FigureTaken(quotation, figure.base, figure.year, figure.kind in ("percentage", "ratio"))


@dataclass(frozen=True, slots=True)
class DateTaken:
    kind: str  # consultation, deadline, inspection, decision, law
    iso: str
    year_assumed: bool
    text: str  # its sentence
    quotation: Quotation | None  # the same, where it is short enough to print


# The decision or inspection of one council, trust or home, not of "councils" or a minister.
_ONE_BODY = re.compile(
    r"\b(?:cabinet|council|committee|panel|board|executive|authority|mayor|county|city|borough|trust|hospital|home|its|"
    r"their)(?!\w)",
    re.I,
)
# What one of them owes ("the trust must reply by …") is no deadline of ours, unlike what is asked of all.
_ONE_DEBTOR = re.compile(
    r"\b(?:the|a|an|this|its)\s(?:\w+\s){0,3}(?:council|trust|hospital|home|provider|company)(?!\w)", re.I
)
_ASKED_OF_ALL = re.compile(
    r"\b(?:councils|authorities|providers|employers|homes|trusts|applications?|apply|bids|responses?|respond|comments?|"
    r"views|evidence|returns?|consultations?|residents|carers|people|anyone|everyone|readers|you)(?!\w)",
    re.I,
)


# Who consults everybody; a consultation beside one council's name is for that council's residents.
_NATIONAL = re.compile(
    r"\b(?:government|ministers?|department|parliament|national(?:ly)?|regulators?|regulations|england|wales|scotland|"
    r"commission|ombudsman|nhs|white paper|green paper|bill|act|we are consulting|we want views|councils|authorities)"
    r"(?!\w)",
    re.I,
)
_A_COUNCIL = re.compile(
    r"\b(?!(?:The|A|An|Each|Every|Any|This|Our|Your|One|No|If|When)\b)[A-Z]\w+(?: [A-Z]\w+)? Council\b"
)
_ONE_COUNCIL = re.compile(rf"\b(?:the|its) (?:council|county|city|borough)\b|{_A_COUNCIL.pattern}")


def elsewhere(found: DateTaken, article: Article) -> bool:
    """Is it some other body's own meeting, inspection, task or consultation, which is no date for this diary?"""
    if found.kind == "deadline":
        return _ONE_DEBTOR.search(found.text) is not None and _ASKED_OF_ALL.search(found.text) is None
    if found.kind == "consultation":
        around = " ".join(part for part in (short(article.title), short(article.standfirst), found.text) if part)
        # "Marlbury Council expects to overspend. … A consultation on charges closes on …": named where it begins.
        named = _ONE_COUNCIL.search(around) or _A_COUNCIL.search(looked_at(article)[:LONGEST_CHARACTERS])
        return named is not None and _NATIONAL.search(around) is None
    return found.kind in ("decision", "inspection") and _ONE_BODY.search(found.text) is not None


def dangles(quotation: Quotation | None) -> bool:
    """'This consultation closes …', 'Its cabinet will be asked to …': which, and whose?"""
    return quotation is not None and (leans(quotation.text) or needs_neighbours(quotation.text))


def dates(article: Article, now: datetime) -> Iterator[DateTaken]:
    """Dates that a reader may act on, those of `now`'s month or day and later; each day and kind once."""
    text, seen = looked_at(article), set()
    published = model.day(article.published) or model.day(article.modified)
    for found in dates_found(text, published):
        if found.iso is None or (found.kind, found.iso) in seen or found.iso < now.date().isoformat()[: len(found.iso)]:
            continue
        seen.add((found.kind, found.iso))
        start, end = found.sentence
        short = words_in(text[start:end]) <= LONGEST_DATED
        quotation = Quotation(article.key, "text", start, end, text[start:end]) if short else None
        yield DateTaken(found.kind, found.iso, found.year_assumed, text[start:end], quotation)
