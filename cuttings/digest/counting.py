"""The lines an edition says about itself: in brief, trend, how it was made. Counts and fields alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from cuttings import model
from cuttings.digest.wording import AUTHORS_VIEW, column, count, listed, opening
from cuttings.model import Audience, Audit, Entry, Item, PastIssue, Theme, Trend, TrendRow, Words

TREND_PERIODS = 6  # columns, this issue's included
TREND_ROWS = 12
ABOUT_AS_LONG = 0.9  # the shorter by the longer: 28 days beside 31 are two months, seven beside eight no two weeks
A_DAY = timedelta(days=1)
SMALL = 10  # a theme's count below this moves by chance


# ---------------------------------------------------------------- in brief


def in_brief(items: Sequence[Item], found: int, dates: tuple[int, int], audience: Audience) -> tuple[Words, ...]:
    """`found`: stories in the period; `dates`: (printed, found)."""
    write = _brief_members if audience == "members" else _brief_managers
    return tuple(Words(line, "count") for line in write(items, found, dates))


def _holding(items: Sequence[Item], mark: str) -> int:
    return sum(any(m.id == mark for m in item.marks) for item in items)


KINDS = {
    "law": ("on law", "on law"),
    "decision": ("decision", "decisions"),
    "research": ("piece of research", "pieces of research"),
    "opinion": ("opinion", "opinions"),
}


def _kinds(items: Sequence[Item]) -> list[tuple[int, str]]:
    kinds = [(_holding(items, kind), kind) for kind in ("law", "decision", "research", "opinion")]
    return [(n, name) for n, name in kinds if n]


def _brief_managers(items: Sequence[Item], found: int, dates: tuple[int, int]) -> list[str]:
    total = len(items)
    lines = []
    of = f" of {count(found, 'story', 'stories')} in the period" if found > total else ""
    kinds = _kinds(items)
    if total == 1:
        lines.append(f"1 article{of}{f', {kinds[0][1]}' if kinds else ''}.")
    elif kinds and kinds[0][0] == total:
        lines.append(f"{count(total, 'article')}{of}, all {kinds[0][1]}.")
    else:
        named = listed([count(n, *KINDS[name]) for n, name in kinds])
        lines.append(f"{count(total, 'article')}{of}{f', among them {named}' if named else ''}.")
    if local := _holding(items, "local"):
        lines.append(f"{local} {'is' if local == 1 else 'are'} local.")
    if old := _holding(items, "archive"):
        lines.append(f"{old} {'is' if old == 1 else 'are'} archive: over a year old, not current law.")
    if changed := _holding(items, "changed"):
        lines.append(f"{changed} {'was' if changed == 1 else 'were'} printed before and changed since.")
    shown, known = dates
    if shown:
        nearest = f", the nearest of {known}" if known > shown else ""
        lines.append(f"{count(shown, 'date')} for the diary{nearest}.")
    else:
        lines.append("No consultation, inspection or decision dates found.")
    return lines


def _brief_members(items: Sequence[Item], found: int, dates: tuple[int, int]) -> list[str]:
    total, opinion = len(items), _holding(items, "opinion")
    if found > total:
        lines = [f"We found {count(found, 'article')}. Here are {total} of them."]
    else:
        lines = [f"We found {count(found, 'article')}."]
    one = all(m.label != AUTHORS_VIEW for item in items for m in item.marks)
    view = "one person’s view" if one else "its authors’ view"
    if opinion == total:
        lines.append(f"It gives {view}." if total == 1 else f"Each gives {view}.")
    elif opinion == 1:
        lines.append(f"One gives {view}.")
    elif opinion:
        lines.append(f"{opening(opinion)} give {view if one else 'their authors’ views'}.")
    if local := _holding(items, "local"):
        lines.append(f"{opening(local)} {'names' if local == 1 else 'name'} a place or service of ours.")
    if old := _holding(items, "archive"):
        lines.append(f"{opening(old)} {'is' if old == 1 else 'are'} over a year old.")
    shown, named = dates
    if named > shown:
        lines.append(f"We found {count(named, 'date')}. The nearest {shown} are below.")
    elif shown:
        lines.append(f"We found {count(shown, 'date')} for your diary.")
    else:
        lines.append("We found no date for your diary.")
    return lines


# ---------------------------------------------------------------- trend


def trend(
    now: Mapping[str, int],
    comments: Mapping[str, int],
    history: Sequence[PastIssue],
    themes: Mapping[str, Theme],
    number: int,
    period: tuple[date, date],
) -> Trend | None:
    """Stories per theme and readers' comments below them, against earlier issues (newest of `history` first).

    Only periods of about the same length are set beside each other, none that overlaps the next; where one is missing
    between two of them, dates head the columns, as numbers would look like a row without a gap. None where nothing can
    be compared, and where no story has a theme, now or before.
    """
    earlier = alike(history, *period)[::-1]
    if not earlier:
        return None
    rows = []
    for key, theme in themes.items():
        before = tuple(issue.stories.get(key, 0) for issue in earlier)
        current = now.get(key, 0)
        if current or any(before):
            said = (*(issue.comments.get(key, 0) for issue in earlier), comments.get(key, 0))
            rows.append(TrendRow(key, theme.name, (*before, current), _note(before, current), said))
    if not rows:
        return None
    rows.sort(key=lambda row: (-row.counts[-1], -sum(row.counts), row.name))
    rows = rows[:TREND_ROWS]
    small = any(max(row.counts) < SMALL for row in rows)
    warning = (
        Words("Small numbers: a difference of one or two stories says nothing.", "configuration") if small else None
    )
    held = [*((issue.start, issue.end) for issue in earlier), period]
    gap = any(one[1] + A_DAY != other[0] for one, other in pairwise(held))
    numbers = (*(issue.number for issue in earlier), number)
    heads = [column(*days) for days in held] if gap else [f"No. {n}" for n in numbers]
    return Trend(tuple(heads), tuple(rows), warning)


def alike(history: Sequence[PastIssue], start: date, end: date) -> list[PastIssue]:
    """What an issue of these days is compared with: those before `start` that are about as long, the latest first, none
    with days of another."""
    found: list[PastIssue] = []
    first = start
    for issue in sorted(history, key=lambda past: past.end, reverse=True):
        if issue.end < first and _as_long((issue.start, issue.end), (start, end)) and len(found) < TREND_PERIODS - 1:
            found.append(issue)
            first = issue.start
    return found


def _as_long(one: tuple[date, date], other: tuple[date, date]) -> bool:
    shorter, longer = sorted((end - start + A_DAY) / A_DAY for start, end in (one, other))
    return shorter > ABOUT_AS_LONG * longer


def why_none(history: Sequence[PastIssue], start: date, end: date) -> str:
    """What to say in the place of a trend."""
    if not history:
        return "First issue, no trend."
    if not alike(history, start, end):
        return "No earlier issue has about as many days, so nothing is compared."
    return "No story has a theme, now or before."


def _note(before: Sequence[int], now: int) -> Words | None:
    if now and not any(before):
        return Words("New", "count")
    if not now and before[-1]:
        return Words("None this time", "count")
    return None


# ---------------------------------------------------------------- how this was made


def sources_line(audit: Audit, audience: Audience) -> Words:
    asked, failed = len(audit.sources), len(audit.sources_failed)
    opening = "We read" if audience == "members" else "Sources read:"
    closing = " sources." if audience == "members" else "."
    return Words(f"{opening} {asked - failed} of {asked}{closing}", "count")


def made(
    audit: Audit,
    items: Sequence[Item],
    *,
    archive: Sequence[Item] = (),
    audience: Audience,
    found: int,
    left_out: Sequence[tuple[str, int]],
    first: bool,
    pre_election: bool,
    no_trend: str | None = None,
) -> tuple[Entry, ...]:
    since = "Since the start" if first else "Since the last issue"
    if audience == "members":
        return _made_members(audit, items, found, left_out, pre_election, since)
    # What was collected since then is another amount than what the period holds.
    entries = [("Sources", f"{since}: {_sources(audit)}"), ("Pages", _pages(audit)), ("Articles", _articles(audit))]
    entries.append(("Stories", _stories(len(items), found, left_out)))
    if audit.comments_in:
        entries.append(("Comments", f"{since}: {_comments(audit)}"))
    if mended := _mended((*items, *archive)):
        entries.append(("Repairs", mended))
    if supplied := _supplied((*items, *archive)):
        entries.append(("Headlines", supplied))
    if no_trend:
        entries.append(("Trend", no_trend))
    if pre_election:
        entries.append(("Pre-election period", PRE_ELECTION))
    return tuple(Entry(term, Words(text, "count")) for term, text in entries)


PRE_ELECTION = "Opinion, readers’ views and questions are left out until the election is over."


def _sources(audit: Audit) -> str:
    asked, failed = len(audit.sources), len(audit.sources_failed)
    line = f"{asked - failed} of {asked} read."
    return f"{line} {_failures(audit, 'Not read')}" if failed else line


def _failures(audit: Audit, opening: str) -> str:
    named = [f"{name} ({_inside(why)})" for name, why in audit.sources_failed]
    return f"{opening}: {'; '.join(named)}."


def _inside(sentence: str) -> str:
    """A sentence as it stands inside another: 'The page is not there.' -> 'the page is not there'; 'DNS …' stays."""
    text = sentence.rstrip(". ")
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def _reasons(pairs: Sequence[tuple[str, int]]) -> str:
    held = [f"{n:,} {why}" for why, n in pairs if n]
    return f" ({', '.join(held)})" if held else ""


def _cases(pairs: Sequence[tuple[str, int]]) -> str:
    """' (a login page; 2 × robots.txt does not allow it)': reasons that are phrases with commas of their own."""
    held = [why if n == 1 else f"{n:,} × {why}" for why, n in pairs if n]
    return f" ({'; '.join(held)})" if held else ""


def _pages(audit: Audit) -> str:
    aside, failed = (sum(n for _, n in pairs) for pairs in (audit.pages_set_aside, audit.pages_failed))
    return (
        f"{audit.pages_in:,} asked for = {audit.pages_read:,} read"
        f" + {aside:,} set aside{_cases(audit.pages_set_aside)} + {failed:,} failed{_cases(audit.pages_failed)}."
    )


def _articles(audit: Audit) -> str:
    line = f"{audit.articles:,} out of {count(audit.pages_read, 'page')}"
    notes = []
    if audit.pages_joined:
        joined = audit.pages_joined
        notes.append(f"{joined} {'page continues' if joined == 1 else 'pages continue'} the page before")
    if audit.pages_shared:
        notes.append(f"{audit.pages_shared} shared a page with another")
    line += f" ({', '.join(notes)})" if notes else ""
    return f"{line} = {count(audit.stories, 'story', 'stories')} + {count(audit.copies, 'copy', 'copies')} of them."


def _stories(printed: int, found: int, left_out: Sequence[tuple[str, int]]) -> str:
    out = sum(n for _, n in left_out)
    return f"{found:,} in the period = {printed:,} printed + {out:,} left out{_reasons(left_out)}."


def _comments(audit: Audit) -> str:
    return (
        f"{audit.comments_in:,} read = {audit.comments_kept:,} kept + {audit.comments_duplicate:,} duplicate"
        f" + {audit.comments_spam:,} spam + {audit.comments_review:,} waiting for a person."
    )


def _mended(items: Sequence[Item]) -> str:
    """'M3, M4: reading order. M3: paragraph break (uncertain).'"""
    where: dict[str, list[str]] = {}
    for item in items:
        for text, n in Counter(words.text for words in item.repairs).items():
            where.setdefault(f"{n} × {text}" if n > 1 else text, []).append(item.number)
    return " ".join(f"{', '.join(numbers)}: {text}." for text, numbers in where.items())


def _supplied(items: Sequence[Item]) -> str:
    by_editor = [f"{i.number}: supplied by {i.headline.by}." for i in items if i.headline.origin == "editor"]
    none = [i.number for i in items if i.headline.origin == "configuration"]
    return " ".join([*by_editor, *([f"{', '.join(none)}: none on the page."] if none else [])])


def _made_members(
    audit: Audit,
    items: Sequence[Item],
    found: int,
    left_out: Sequence[tuple[str, int]],
    pre_election: bool,
    since: str,
) -> tuple[Entry, ...]:
    lines: list[tuple[str, model.Origin]] = []
    reading = f"{since} we{sources_line(audit, 'members').text.removeprefix('We')}"
    if audit.sources_failed:
        reading += f" We could not read {listed([name for name, _ in audit.sources_failed])}."
    lines.append((reading, "count"))
    parts = [count(audit.comments_spam, "spam comment")] if audit.comments_spam else []
    parts += [count(audit.comments_duplicate, "repeated comment")] if audit.comments_duplicate else []
    parts += [f"{count(audit.comments_review, 'comment')} we still have to check"] if audit.comments_review else []
    if parts:
        one = audit.comments_spam + audit.comments_duplicate + audit.comments_review == 1
        lines.append((f"We set aside {parts[0] if one else listed(parts)}.", "count"))
    if out := sum(n for _, n in left_out):
        lines.append((f"We left out {out:,} of {found:,} articles{_reasons(left_out)}.", "count"))
    if supplied := [i for i in items if i.headline.origin == "editor"]:
        names = listed(sorted({i.headline.by or "" for i in supplied}))
        lines.append((f"Headlines in [brackets] are by {names}.", "count"))
    if pre_election:
        lines.append((PRE_ELECTION, "configuration"))
    lines.append(("We add no opinion. Articles’ views are their authors’.", "configuration"))
    return tuple(Entry("", Words(text, origin)) for text, origin in lines)
