"""One story -> one item as an edition prints it: headline, byline, marks, words, figures, counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from cuttings import model
from cuttings.digest import taking, wording
from cuttings.digest.choose import Candidate, Rulings
from cuttings.figures_base import gives_base
from cuttings.glossary import expansions_in
from cuttings.model import Article, Audience, Copy, DiaryDate, Figure, Item, Words
from cuttings.settings import Licence, Source

KIND_MARKS = ("opinion", "research", "law", "decision")
MOST_FIGURES = {"managers": 1, "members": 0}
LONGEST_VOICE = 40  # words of a reader, whole comments only
UNKNOWN = "Source not given"


@dataclass(frozen=True, slots=True)
class Built:
    """An item with the dates it names; both pay for their words out of one purse."""

    item: Item
    diary: tuple[DiaryDate, ...]
    kept: int = 0  # comments that may be counted
    spelt: Mapping[str, str] = field(default_factory=dict)  # acronyms, as the article itself spells them out


def source_name(article: Article, sources: dict[str, Source]) -> str:
    """The configured name, else the paper's own, else the host."""
    configured = sources.get(article.source or "")
    return configured.name if configured else article.publication or wording.host(article.url) or UNKNOWN


def licence_of(article: Article, sources: dict[str, Source]) -> Licence:
    """No profile means link only."""
    configured = sources.get(article.source or "")
    return configured.licence if configured else Licence()


def build(
    found: Candidate,
    *,
    audience: Audience,
    sources: dict[str, Source],
    rulings: Rulings,
    quote_comments: bool,
    views: bool,
    now: datetime,
) -> Built:
    """The full form; `brief()` takes the words off again.

    `views` False = no readers' counts or voices and no questions (pre-election).
    """
    story, article = found.story, found.story.canonical.article
    licence = licence_of(article, sources)
    purse = taking.Purse.of(licence)
    item, stand_is_free = _named(found, audience, sources, rulings, purse)
    stand = _standfirst(article, audience, purse) if stand_is_free else None
    dates = tuple(d for d in taking.dates(article, now) if found.local or not taking.elsewhere(d, article))
    quotation = None
    if stand is None or audience == "managers":
        # What stands in the diary with its date needn't stand here as well.
        said = [text for text in (article.title, stand and stand.text, *(d.text for d in dates)) if text]
        quotation = purse.pay(taking.sentence(article, said, min(taking.LONGEST_QUOTE, purse.left)))
    base, year, figures = _figures(article, audience, purse, quotation, stand)
    voices = tuple(_voices(found)) if quote_comments and views else ()
    kept = len(story.kept_comments) if views else 0
    summary, question = rulings.on(story, "summary"), rulings.on(story, "question")
    item = replace(
        item,
        brief=False,
        standfirst=stand,
        quotation=quotation,
        base=base,
        figures=figures,
        summary=Words(summary.value, "editor", summary.by) if summary and summary.value else None,
        question=Words(question.value, "editor", question.by) if question and question.value and views else None,
        changed=_printed_already(found, rulings, audience),
        comments=wording.comments(kept, quoted=len(voices)) if audience == "managers" else None,
        voices=voices,
        also_in=_copies(found, sources, item.source),
        repairs=_repairs(article),
        notice=Words(f"{item.source}: {licence.notice}", "configuration") if licence.notice else None,
        year=year,
    )
    # The dates first: acronyms are spelt out of what they leave, those that are printed here before others.
    diary = tuple(_diary(dates, purse, item))
    words = _said(item, diary)
    spelt = sorted(expansions_in(taking.looked_at(article)).items(), key=lambda pair: pair[0] not in words)
    return Built(item, diary, kept, {short: meaning for short, meaning in spelt if purse.words(meaning)})


def _said(item: Item, diary: Sequence[DiaryDate]) -> frozenset[str]:
    """The words that are printed of an article."""
    quotations = (*item.quotations, *(entry.quotation for entry in diary if entry.quotation))
    return frozenset(re.findall(r"\w+", " ".join((item.headline.text, *(q.text for q in quotations)))))


def _repairs(article: Article) -> tuple[Words, ...]:
    return tuple(Words(wording.repair(r), "count") for r in article.repairs)


def named(found: Candidate, *, audience: Audience, sources: dict[str, Source], rulings: Rulings) -> Item:
    """Headline, byline and marks, where nothing more was ever meant to be printed: what stands in the archive."""
    article = found.story.canonical.article
    item, _ = _named(found, audience, sources, rulings, taking.Purse.of(licence_of(article, sources)))
    return replace(item, repairs=_repairs(article))


def _named(
    found: Candidate, audience: Audience, sources: dict[str, Source], rulings: Rulings, purse: taking.Purse
) -> tuple[Item, bool]:
    """(the item by its name alone, may its standfirst still be printed?)."""
    story, article = found.story, found.story.canonical.article
    source = source_name(article, sources)
    headline, own = _headline(found, rulings, purse)
    item = Item(
        number="",
        story=story.key,
        article=article.key,
        version=story.canonical.version,
        source=source,
        headline=headline,
        url=article.url,
        byline=wording.byline(article, source, audience),
        marks=wording.marks(_mark_ids(found), audience, one_person=wording.by_one_person(article, source)),
        theme=found.primary,
        brief=True,
        licence=licence_of(article, sources).mode,
        because=found.because,
        score=found.score,
        language=article.language,
    )
    return item, own or headline.origin != "source"


def brief(item: Item) -> Item:
    """Headline, byline and marks alone: what is left of an item that the budget has no more words for."""
    return replace(
        item, brief=True, standfirst=None, quotation=None, figures=(),
        summary=None, question=None, voices=(), comments=None, also_in=(), base=None, year=None,
    )  # fmt: skip


def _headline(found: Candidate, rulings: Rulings, purse: taking.Purse) -> tuple[Words, bool]:
    """(headline, is the standfirst still free?): the page's, an editor's in brackets, or the standfirst's words."""
    article = found.story.canonical.article
    ruled = rulings.on(found.story, "headline")
    if ruled and ruled.value:
        return Words(
            f"[{wording.clipped(ruled.value.strip().strip('[]'), wording.LONGEST_HEADLINE)}]", "editor", ruled.by
        ), True
    if article.title and article.title.strip():
        return Words(wording.clipped(article.title, wording.LONGEST_HEADLINE), "source"), True
    stand = purse.pay(taking.standfirst(article))
    if stand:
        return Words(stand.printed, "source"), False
    return Words(wording.NO_HEADLINE, "configuration"), True


def _standfirst(article: Article, audience: Audience, purse: taking.Purse) -> model.Quotation | None:
    longest = taking.LONGEST_STANDFIRST if audience == "managers" else taking.LONGEST_QUOTE
    stand = taking.standfirst(article, longest)
    if stand and article.title and model.plain(stand.text) == model.plain(article.title):
        return None
    return purse.pay(stand)


def _figures(
    article: Article,
    audience: Audience,
    purse: taking.Purse,
    quotation: model.Quotation | None,
    stand: model.Quotation | None,
) -> tuple[Words | None, Words | None, tuple[Figure, ...]]:
    """(what to say of the base of a share that the quotation holds, its year, further figures)."""
    base: Words | None = None
    year: Words | None = None
    printed: list[Figure] = []
    beside = [part for part in (article.title, stand and stand.text, quotation and quotation.text) if part]
    for taken in taking.figures(article):
        found = taken.quotation
        if quotation and found.start < quotation.end and quotation.start < found.end:
            base = base or (_base(taken, purse, quotation.text, beside) if taken.share else None)
            year = year or _year(taken, purse)
        elif len(printed) < MOST_FIGURES[audience] and (paid := purse.pay(found)):
            printed.append(Figure(paid, _base(taken, purse, paid.text, beside), _year(taken, purse)))
    return (base, year, tuple(printed)) if audience == "managers" else (None, None, tuple(printed))


def _base(taken: taking.FigureTaken, purse: taking.Purse, own: str, beside: Sequence[str] = ()) -> Words | None:
    """'n = 195', verbatim; a share of nobody knows how many gets our warning, a sum of money needs no base.

    None where its `own` words give a base, or what stands `beside` them gives the very base that was found for it. Any
    other base there is not its own: below 'A poll of 1,200 carers …', '60% of those under 40' is of fewer.
    """
    if any(taken.base in text for text in (own, *beside)) if taken.base else gives_base(own):
        return None
    # "of 6,215 respondents" was found as the sentence has it; after "Base:" its first word is one too many.
    given = purse.words((taken.base or "").removeprefix("of "))
    return given or (Words(wording.NO_BASE, "configuration") if taken.share else None)


def _year(taken: taking.FigureTaken, purse: taking.Purse) -> Words | None:
    """'2025-26', where neither the clause nor its base says it."""
    said = f"{taken.quotation.text} {taken.base or ''}"
    return purse.words(taken.year) if taken.year and taken.year not in said else None


def _voices(found: Candidate) -> Iterator[Words]:
    for judged in found.story.kept_comments:
        text = " ".join(judged.comment.text.split())
        if judged.verdict.quotable and 4 <= taking.words_in(text) <= LONGEST_VOICE:
            yield Words(text, "source")
            return


_WHOSE = re.compile(r"[“‘\"']?(?:its|their|theirs|his|hers?|it|they|he|she)(?:['’](?:s|ll|d|re|ve))?\b", re.IGNORECASE)


def _diary(dates: Iterable[taking.DateTaken], purse: taking.Purse, item: Item) -> Iterator[DiaryDate]:
    for found in dates:
        # 'Its cabinet will be asked …' below a headline about a home: not the home's. The headline stands alone.
        whose = found.quotation is not None and _WHOSE.match(found.quotation.text)
        quotation = None if whose else purse.pay(found.quotation)
        if found.year_assumed and quotation is None and not whose:
            continue  # "Decision, 2027" that nobody can check on the page
        what = wording.DATE_KINDS[found.kind] + (wording.YEAR_ASSUMED if found.year_assumed else "")
        yield DiaryDate(
            found.iso, Words(what, "configuration"), "", item.source, item.headline, quotation,
            taking.dangles(quotation), item.language,
        )  # fmt: skip


def _mark_ids(found: Candidate) -> Iterator[str]:
    article = found.story.canonical.article
    if article.kind in KIND_MARKS:
        yield article.kind
    if article.repairs:
        yield "repaired"
    yield from (
        mark
        for mark, holds in (
            ("local", found.local is not None),
            ("changed", found.changed),
            ("archive", found.archive),
            ("late", found.late),
        )
        if holds
    )


def _printed_already(found: Candidate, rulings: Rulings, audience: Audience) -> Words | None:
    """What to say of a story that an earlier issue had: its publisher changed it, or an editor put it in again."""
    if found.printed is None:
        return None
    number = found.printed.issue
    if not found.changed:
        pin = rulings.on(found.story, "pin")
        by = f" by {pin.by}" if pin else ""
        return Words(f"Printed in issue {number} already; put in again{by}.", "editor", pin.by if pin else None)
    if audience == "members":
        return Words(f"You saw this in issue {number}. Its publisher has changed it since.", "count")
    return Words(f"Printed in issue {number}; changed by its publisher since.", "count")


def _copies(found: Candidate, sources: dict[str, Source], own: str) -> tuple[Copy, ...]:
    copies: dict[str, Copy] = {}
    for held in found.story.articles[1:]:
        name = source_name(held.article, sources)
        if name != own:
            copies.setdefault(name, Copy(name, held.article.url))
    return tuple(copies.values())
