"""The way of a digest: set aside -> rank -> build items -> fill up to the budget -> sections -> count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cuttings.digest import choose, counting, explain, items, older, past, printed, wording
from cuttings.digest.choose import Candidate, Local, Rulings
from cuttings.digest.field import Field, ruled_themeless
from cuttings.digest.items import Built
from cuttings.model import Audit, Digest, Entry, Item, PastIssue, PastItem, Ruling, Section, Story, Theme, Words
from cuttings.readability import Readability, readability
from cuttings.settings import Council, Edition, Source

ISSUES_BETWEEN = 6  # a question is not asked again within so many issues
MOST_BRIEF = {"managers": 12, "members": 3}
MOST_DATES = {"managers": 10, "members": 5}  # the nearest ones
FEWEST_FOR_A_START = 6  # full items: fewer are seen at a glance
OTHER = "Other"
FEWEST_SENTENCES = 5  # a reading age of fewer says nothing


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the composer has before it: the request, made ready once."""

    edition: Edition
    council: Council
    themes: Mapping[str, Theme]  # of this edition, in its order
    sources: dict[str, Source]
    audit: Audit
    start: date
    end: date
    number: int
    now: datetime
    history: tuple[PastIssue, ...]  # newest first
    rulings: Rulings
    pre_election: bool
    found: int = 0
    struck: Mapping[str, datetime] = field(default_factory=dict)  # from earlier issues
    older: Mapping[str, Candidate] = field(default_factory=dict)  # theme -> its best piece out of the archive
    stories: Mapping[str, int] = field(default_factory=dict)
    comments: Mapping[str, int] = field(default_factory=dict)

    @property
    def members(self) -> bool:
        return self.edition.audience == "members"


def compose(
    stories: Sequence[Story],
    *,
    edition: Edition,
    period: tuple[date, date],
    number: int,
    council: Council,
    themes: Sequence[Theme],
    sources: Mapping[str, Source],
    audit: Audit,
    now: datetime,
    history: Sequence[PastIssue] = (),
    rulings: Sequence[Ruling] = (),
    issue: str = "",
    pre_election: bool = False,
    archive: Sequence[Story] = (),
    printed_before: Mapping[str, PastItem] | None = None,
    struck_before: Mapping[str, datetime] | None = None,
    edited: Sequence[Story] = (),
) -> Digest:
    """One issue from the stories of its period (see `in_period`); both days of `period` belong to it.

    `archive` holds older stories, out of which managers get a few on the themes printed; `history` earlier issues of
    this edition in any order, `issue` the name that rulings on single items use ("item:ISSUE/STORY"). Issues that
    `history` no longer holds are known by `printed_before`: where a story stood last. `struck_before`: what an editor
    took out of an earlier issue, and when. `edited`: what its publisher edited in this period, of earlier
    ones; what an issue printed of them comes again, and counts in no trend. `now` must have a time zone. Nothing to
    print gives a Digest with `empty`.
    """
    named = {theme.id: theme for theme in themes}
    shown = {t: named[t] for t in edition.themes if t in named} if edition.themes else named
    desk = _Desk(
        edition, council, shown, dict(sources), audit, *period, number, now,
        tuple(sorted(history, key=lambda past: -past.number)), Rulings(rulings, issue), pre_election, len(stories),
        struck_before or {},
    )  # fmt: skip
    had = past.printed_before(desk.history, printed_before or {})

    def weighed(held: Sequence[Story]) -> tuple[Candidate, ...]:
        return tuple(
            choose.candidates(
                held, audience=edition.audience, themes=named, sources=sources, start=desk.start, end=desk.end,
                now=now, local=Local(council.local), rulings=desk.rulings,
                printed=had, compared=counting.alike(desk.history, desk.start, desk.end),
                zone=ZoneInfo(council.timezone),
            )
        )  # fmt: skip

    found = weighed(stories)
    again = _changed_since(weighed(edited), {story.key for story in stories})
    fresh = [c for c in found if not c.counted]
    # A comment counts for what it is about itself, one that is about nothing in particular for its article's theme.
    themes_of = ((one.theme if one.theme in named else c.primary) for c in fresh for one in c.story.kept_comments)
    below = Counter(theme for theme in themes_of if theme)
    desk = replace(
        desk,
        stories=Counter(c.primary for c in fresh if c.primary),
        comments=dict(below),
        found=len(found) + len(again),
        older={} if desk.members else _older(weighed(archive), desk, {story.key for story in (*stories, *edited)}),
    )
    kept, left_out = _set_aside((*found, *again), desk)
    order = choose.ranked(kept, edition.most_items)
    return _fill(order, desk, left_out)


def _set_aside(found: Sequence[Candidate], desk: _Desk) -> tuple[list[Candidate], Counter[str]]:
    """What this issue doesn't print whatever room there is, counted by its reason.

    A pin outranks all but a strike and the days before an election: the edition says then that opinion is left out.
    """
    kept: list[Candidate] = []
    out: Counter[str] = Counter()
    # Councillors get nothing without a theme; managers what is of their field all the same.
    themeless = not desk.members and any(c.primary is None for c in found)
    sector = Field(desk.themes.values(), desk.council.local, found) if themeless else None
    for c in found:
        if desk.rulings.on(c.story, "strike") or _struck_before(c, desk):
            out["taken out by an editor"] += 1
        elif desk.pre_election and desk.members and c.story.canonical.article.kind == "opinion":
            out["opinion in the pre-election period"] += 1
        elif c.pinned:
            kept.append(c)
        elif _printed_unchanged(c):
            out["printed before and unchanged"] += 1
        elif ruled_themeless(c.story, desk.rulings) or (c.primary is None and not (sector and sector.belongs(c))):
            out["without a theme"] += 1
        elif c.primary is not None and c.primary not in desk.themes:
            out["on themes this edition leaves out"] += 1
        else:
            kept.append(c)
    return kept, out


def _changed_since(edited: Sequence[Candidate], of_period: set[str]) -> list[Candidate]:
    """Of the stories edited in the period, those that were printed otherwise: old ones, which were not found late."""
    return [replace(c, late=False) for c in edited if c.changed and c.story.key not in of_period]


def _older(found: Sequence[Candidate], desk: _Desk, of_period: set[str]) -> Mapping[str, Candidate]:
    free = [c for c in found if not desk.rulings.on(c.story, "strike")]
    return older.on_themes(free, desk.themes, of_period, desk.history)


def _struck_before(c: Candidate, desk: _Desk) -> bool:
    """Taken out of an earlier issue, and not pinned since: what belongs to two periods doesn't come back."""
    at, pin = desk.struck.get(c.story.key), desk.rulings.on(c.story, "pin")
    return at is not None and (pin is None or pin.at <= at)


def _printed_unchanged(c: Candidate) -> bool:
    return c.printed is not None and not c.changed


# ---------------------------------------------------------------- within the budget


def _fill(order: Sequence[Candidate], desk: _Desk, set_aside: Counter[str]) -> Digest:
    """Full items while the budget and `most_items` allow, then headlines alone; at last the sum is checked for real.

    The budget is a ceiling on what is read as content (`printed.content`): what an issue says about itself costs no
    article its place. The number of pages, which everything counts for, is the other ceiling; the gate holds both.
    """
    audience, budget = desk.edition.audience, desk.edition.budget_words
    room = len(order)
    full = [_build(c, desk) for c in order[: desk.edition.most_items]]
    brief = [_brief(c, desk) for c in order[len(full) : len(full) + MOST_BRIEF[audience]]]
    digest = _assemble(full, brief, room, desk, set_aside)
    while digest.words > budget and len(full) + len(brief) > 1:
        # The least important words go first: a headline alone, else the last full item shrinks to a headline.
        # One story stays whatever the budget: an issue is never emptied by it, and the gate says what is too long.
        if brief and (len(brief) > MOST_BRIEF[audience] // 2 or len(full) <= 1):
            brief.pop()
        else:
            last = full.pop()
            brief.insert(0, replace(last, item=items.brief(last.item)))
        digest = _assemble(full, brief, room, desk, set_aside)
    if digest.words > budget and full:
        digest = _assemble((), [replace(full[0], item=items.brief(full[0].item))], room, desk, set_aside)
    if desk.members or digest.empty:
        return digest
    return _with_acronyms(_with_archive(digest, full, brief, room, desk, set_aside), (*full, *brief), desk)


def _with_archive(
    digest: Digest, full: Sequence[Built], brief: Sequence[Built], room: int, desk: _Desk, set_aside: Counter[str]
) -> Digest:
    """As many older pieces as there is room for beside the news."""
    pieces = older.chosen(desk.older, [section.theme for section in digest.sections])
    for n in range(len(pieces), 0, -1):
        held = _assemble(full, brief, room, desk, set_aside, pieces[:n])
        if held.words <= held.budget:
            return held
    return digest


def _with_acronyms(digest: Digest, shown: Sequence[Built], desk: _Desk) -> Digest:
    """Managers know their trade's words and not every body's initials: those alone, where there is room for them."""
    told = replace(digest, explained=_explained(digest, shown, desk))
    told = replace(told, words=printed.words(told))
    return told if told.words <= told.budget else digest


def _build(c: Candidate, desk: _Desk) -> Built:
    return items.build(
        c, audience=desk.edition.audience, sources=desk.sources, rulings=desk.rulings,
        quote_comments=desk.edition.quote_comments, views=not (desk.pre_election and desk.members), now=desk.now,
    )  # fmt: skip


def _brief(c: Candidate, desk: _Desk) -> Built:
    built = _build(c, desk)
    return replace(built, item=items.brief(built.item))


def _assemble(
    full: Sequence[Built],
    brief: Sequence[Built],
    room: int,
    desk: _Desk,
    set_aside: Counter[str],
    pieces: Sequence[Candidate] = (),
) -> Digest:
    edition, council, audit = desk.edition, desk.council, desk.audit
    sections, also, numbers = _sections(full, brief, desk)
    archive = _archive(pieces, len(numbers), desk)
    shown = (*(item for section in sections for item in section.items), *also)
    diary = sorted(
        (replace(entry, item=numbers[built.item.story]) for built in (*full, *brief) for entry in built.diary),
        key=lambda entry: (entry.day, entry.item),
    )
    dates = len(diary)
    diary = diary[: MOST_DATES[edition.audience]]
    left_out = [*set_aside.items(), ("beyond this edition’s length", room - len(shown))]
    left_out = [(why, n) for why, n in left_out if n]
    views = not (desk.pre_election and desk.members)
    quiet = desk.members or not shown
    trend = None if quiet else counting.trend(
        desk.stories, desk.comments, desk.history, desk.themes, desk.number, (desk.start, desk.end)
    )  # fmt: skip
    digest = Digest(
        edition=edition.id,
        name=edition.name,
        audience=edition.audience,
        council=council.name,
        service=council.service,
        number=desk.number,
        start=desk.start,
        end=desk.end,
        composed=desk.now,
        title=_title(desk),
        sources=counting.sources_line(audit, edition.audience),
        contact=_contact(council, desk.members),
        contact_email=council.contact_email,
        contact_phone=council.contact_phone,
        in_brief=counting.in_brief(shown, desk.found, (len(diary), dates), edition.audience) if shown else (),
        sections=sections,
        also_read=also,
        diary=tuple(diary),
        readers=_readers((*full, *brief), numbers, desk) if views and shown else (),
        trend=trend,
        explained=(),
        made=counting.made(
            audit, shown, archive=archive, audience=edition.audience, found=desk.found, left_out=left_out,
            first=not desk.history, pre_election=desk.pre_election and desk.members,
            no_trend=counting.why_none(desk.history, desk.start, desk.end)
            if trend is None and (not quiet or not desk.history) else None,
        ),
        notices=tuple(sorted({i.notice for i in shown if i.notice and not i.brief}, key=lambda w: w.text)),
        audit=audit,
        stories=dict(desk.stories),
        comments=dict(desk.comments),
        first=_first(full, numbers, desk),
        left_out=tuple(left_out),
        budget=edition.budget_words,
        empty=not shown,
        archive=archive,
        archive_note=older.NOT_LAW if archive else None,
        discussed=_discussed((*full, *brief), numbers) if not desk.members else (),
    )  # fmt: skip
    if desk.members and shown:
        digest = replace(digest, explained=_explained(digest, (*full, *brief), desk))
    if shown:
        digest = replace(digest, made=(*digest.made, *_reading_age(digest)))
    return replace(digest, words=printed.words(digest))


# ---------------------------------------------------------------- parts


def _title(desk: _Desk) -> Words:
    period = wording.span(desk.start, desk.end, whole_months=desk.members)
    if desk.members:
        return Words(f"{desk.council.service}, {period}, for noting", "count")
    return Words(f"{desk.council.service}, {period}, Issue {desk.number}", "count")


def _contact(council: Council, members: bool) -> tuple[Words, ...]:
    reach = wording.telephone(council.contact_phone) if council.contact_phone else council.contact_email
    lines = [f"Questions, and large print: {council.contact_name}, {reach}"]
    if members:
        lines.insert(0, "Every councillor gets this same issue.")
    return tuple(Words(line, "configuration") for line in lines)


def _sections(
    full: Sequence[Built], brief: Sequence[Built], desk: _Desk
) -> tuple[tuple[Section, ...], tuple[Item, ...], dict[str, str]]:
    """Sections in the edition's order of themes, or by their best item where it names none; 'Other' comes last."""
    by_theme: dict[str | None, list[Item]] = {}
    for built in full:
        theme = built.item.theme if built.item.theme in desk.themes else None
        by_theme.setdefault(theme, []).append(built.item)
    order = [t for t in desk.themes if t in by_theme] if desk.edition.themes else [t for t in by_theme if t is not None]
    if None in by_theme:
        order.append(None)  # type: ignore[arg-type]
    numbers: dict[str, str] = {}

    def numbered(item: Item) -> Item:
        numbers[item.story] = f"{'M' if desk.edition.audience == 'managers' else 'C'}{len(numbers) + 1}"
        return replace(item, number=numbers[item.story])

    # Two themes may offer the same question, or an editor may have asked it of an item.
    asked = {built.item.question.text for built in full if built.item.question}
    sections = tuple(_section(t, tuple(map(numbered, by_theme[t])), desk, asked) for t in order)
    return sections, tuple(numbered(built.item) for built in brief), numbers


def _section(key: str | None, held: tuple[Item, ...], desk: _Desk, asked: set[str]) -> Section:
    theme = desk.themes.get(key or "")
    if theme is None:
        return Section(None, Words(OTHER, "configuration"), -1, held)
    audience = desk.edition.audience
    name = (theme.plain_name or theme.name) if desk.members else theme.name
    why = theme.why.get(audience)
    ask = not (desk.pre_election and desk.members)
    return Section(
        theme=key,
        heading=Words(name, "configuration"),
        colour=list(desk.themes).index(theme.id),
        items=held,
        why=Words(why, "configuration") if why else None,
        decide=Words(theme.decide, "configuration") if theme.decide and desk.members else None,
        question=_question(theme, desk, asked) if ask else None,
    )


def _first(full: Sequence[Built], numbers: Mapping[str, str], desk: _Desk) -> tuple[str, ...]:
    """The best three of an issue that runs over the page; members' few items stand in order as it is."""
    if desk.members or len(full) < FEWEST_FOR_A_START:
        return ()
    return tuple(numbers[built.item.story] for built in full[:3])


def _question(theme: Theme, desk: _Desk, asked: set[str]) -> Words | None:
    """The first of the theme's questions that neither the last six issues nor this one ask; None where none is left."""
    before = {question for past in desk.history[:ISSUES_BETWEEN] for question in past.asked}
    chosen = next((q for q in theme.questions.get(desk.edition.audience, ()) if q not in before | asked), None)
    if chosen is None:
        return None
    asked.add(chosen)
    return Words(chosen, "configuration")


def _archive(pieces: Sequence[Candidate], before: int, desk: _Desk) -> tuple[Item, ...]:
    held = (items.named(c, audience=desk.edition.audience, sources=desk.sources, rulings=desk.rulings) for c in pieces)
    return tuple(replace(_on_its_theme(item, desk), number=f"M{before + n}") for n, item in enumerate(held, 1))


def _on_its_theme(item: Item, desk: _Desk) -> Item:
    """No heading names the theme of an older piece: its own line does."""
    theme = desk.themes.get(item.theme or "")
    return replace(item, byline=Words(f"{item.byline.text}, on {theme.name}", item.byline.origin)) if theme else item


def _readers(shown: Sequence[Built], numbers: Mapping[str, str], desk: _Desk) -> tuple[Words, ...]:
    kept = [built.kept for built in shown if built.kept]
    if desk.members:
        return wording.members_readers(len(kept), sum(kept))
    quoted = sum(len(built.item.voices) for built in shown)
    return wording.managers_readers(len(kept), len(numbers), sum(kept), quoted)


def _discussed(shown: Sequence[Built], numbers: Mapping[str, str]) -> tuple[Entry, ...]:
    """The three items with most comments below them, where there is anything to choose from."""
    ordered = sorted((b for b in shown if b.kept), key=lambda b: (-b.kept, b.item.story))
    if len(ordered) < wording.FEWEST_DISCUSSED:
        return ()
    return tuple(Entry(numbers[b.item.story], Words(wording.count(b.kept, "comment"), "count")) for b in ordered[:3])


def _explained(digest: Digest, shown: Sequence[Built], desk: _Desk) -> tuple[Entry, ...]:
    themes = [desk.themes[s.theme] for s in digest.sections if s.theme]
    spelt = {acronym: meaning for built in shown for acronym, meaning in built.spelt.items()}
    lines = (line.text for line in printed.lines(digest))
    glossary = desk.council.glossary if desk.members else explain.acronyms(desk.council.glossary)
    return explain.explained(lines, glossary, themes, spelt=spelt)


def _reading_age(digest: Digest) -> tuple[Entry, ...]:
    """How hard the council's own sentences are, and how hard the quotations, which are not bent to fit."""
    lines = list(printed.lines(digest))
    own = [line.text for line in lines if line.origin == "configuration" and line.text.endswith((".", "?"))]
    found = readability(" ".join(own))
    if found.sentences < FEWEST_SENTENCES:
        return ()
    members = digest.audience == "members"
    said = f"{'Reading age of our' if members else 'Our'} own sentences: {_how_hard(found)}."
    quoted = readability(" ".join(q.text.rstrip(".!? ") + "." for item in digest.items for q in item.quotations))
    if quoted.sentences >= FEWEST_SENTENCES:
        said += f" Quotations: {_how_hard(quoted)}."
    return (Entry("" if members else "Reading age", Words(said, "count")),)


def _how_hard(found: Readability) -> str:
    return f"about {round(found.age)}, with {round(found.mean_sentence_words)} words each"
