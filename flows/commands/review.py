"""The editor's desk: `cuttings review` shows what waits, one thing at a time, and takes one key for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from flows.commands.telling import stop

if TYPE_CHECKING:
    from cuttings.model import JudgedComment
    from flows.house import House
    from flows.reviewing import Card, InThread, Labelled, Queue, Sitting
    from flows.terminal import Keys

app = typer.Typer()

DECISIONS = {"g": ("release", "genuine"), "s": ("spam", "spam"), "d": ("duplicate", "duplicate")}
COMMENT_KEYS = "g genuine  s spam  d duplicate  k skip  u undo  m more  q quit  ? help"
THEME_KEYS = "c all right  w wrong  a add  p put first  n none  k skip  u undo  q quit  ? help"
COMMENT_HELP = (
    "g  genuine: a reader wrote it. It counts, as do its copies on other pages.",
    "s  spam: it is kept and never printed, nor are its copies.",
    "d  duplicate: the same reader said it twice here.",
    "k  or the space bar: leave it for another time.",
    "u  undo the last decision and go back to it; again for the one before.",
    "m  show all of a long comment.",
    "q  quit. What was decided is kept.",
)
THEME_HELP = (
    "c  all right: every theme shown is right, and so is the first. With none shown: it has none.",
    "w  wrong: take a theme away, by its number.",
    "a  add a theme, by its number in the list that follows.",
    "p  put first: the theme under which it is printed, by its number.",
    "n  none: no theme is right.",
    "k  or the space bar: leave it for another time.",
    "u  undo the last decision.",
    "q  quit. What was decided is kept.",
)
MOST_LINES = 24  # of the comment before us; 'm' shows the rest
NEIGHBOUR = 2  # lines of each neighbour
By = Annotated[str | None, typer.Option("--by", help="Your name, for the record.")]


@app.command()
def review(
    by: By = None,
    themes: Annotated[bool, typer.Option("--themes/--comments", help="Articles' themes, or comments.")] = False,
    outcome: Annotated[
        Literal["review", "spam", "genuine", "duplicate"], typer.Option(help="Comments that were judged so.")
    ] = "review",
    edition: Annotated[str | None, typer.Option(help="Only what this edition's coming issues are about.")] = None,
    period: Annotated[str | None, typer.Option(help="Only this period: 2026-W44, 2026-10, or two days.")] = None,
    export: Annotated[Path | None, typer.Option("--export", help="Write the queue as CSV, to fill in.")] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="With --export: as many rows, first things first.")] = 500,
    import_: Annotated[Path | None, typer.Option("--import", help="Take in a CSV that was filled in.")] = None,
) -> None:
    """Go through what waits for an editor, what matters most first; one key decides."""
    from flows import learning, reviewing
    from flows.house import open_house

    with open_house() as house:
        if import_ is not None:
            _take_in(house, import_, _name(by))
            return
        queue = (
            reviewing.themes(house, edition=edition, period=period)
            if themes
            else reviewing.comments(house, outcome, edition=edition, period=period, most=max(reviewing.MOST, most + 1))
        )
        if export is not None:
            _write(house, queue, export, themes, most)
            return
        if not queue.cards:
            typer.echo("No article waits for you." if themes else f"No comment is held as {outcome}.")
            return
        name = _name(by)
        if not themes:
            typer.echo(learning.state(house.store, now=house.clock()).sentence)
        sitting = reviewing.Sitting(house, name, queue.cards)
        _sit(sitting, themes)
        from flows import judging  # brings numpy: an empty queue is told without it

        _tell_like(judging.judge_like_ruled(house, sitting.called_spam(), now=house.clock()))
        typer.echo(sitting.summary())


def _tell_like(changed: Sequence[str]) -> None:
    if changed:
        typer.echo(f"Nearly the same words elsewhere: {len(changed)} more held back.")


def _name(by: str | None) -> str:
    import sys

    if by is None and sys.stdin.isatty():
        by = str(typer.prompt("Your name"))
    if not (by or "").strip():
        typer.echo("cuttings: --by is needed: a decision bears the name of who made it.", err=True)
        raise typer.Exit(2)
    return (by or "").strip()


def _sit(sitting: Sitting, themes: bool) -> None:
    from flows.terminal import Ended, Keys

    with Keys().listening() as keys:
        try:
            while sitting.card is not None:
                if not (_article if themes else _comment)(sitting, sitting.card, keys):
                    return
        except (Ended, KeyboardInterrupt):
            typer.echo("")


# ---------------------------------------------------------------- comments


def _comment(sitting: Sitting, card: Card, keys: Keys) -> bool:
    """Show one comment and take its key; False to quit."""
    from cuttings import rulings
    from flows import reviewing

    found = reviewing.in_thread(sitting.house, card.key)
    if found is None or any(reason.rule == "ruling" for reason in found.judged.verdict.because):
        sitting.skip("settled by a copy" if found else "no longer there")
        return True
    _show_comment(sitting, card, found)
    while True:
        key = _asked(keys, COMMENT_KEYS)
        if key in DECISIONS:
            decision, said = DECISIONS[key]
            sitting.decide(rulings.comment(card.key), [(decision, None)], said)
            typer.echo(f"→ {said}")
            return True
        if key == "m":
            _show_text(found.judged, most=None)
        elif key == "?":
            _lines(COMMENT_HELP)
        elif (done := _common(sitting, key)) is not None:
            return done


def _asked(keys: Keys, known: str) -> str:
    """A key that says something: a slip of the finger asks again, quietly."""
    typer.echo(known)
    letters = {one.split()[0] for one in known.split("  ")} | {" "}
    while (key := keys.key()) not in letters:
        pass
    return key


def _common(sitting: Sitting, key: str) -> bool | None:
    """Skip, undo and quit: go on (True), stop (False), or it was none of them (None)."""
    if key in ("k", " "):
        sitting.skip()
        typer.echo("→ skipped")
        return True
    if key == "u":
        done = sitting.undo()
        typer.echo(f"→ taken back: {done}" if done else "→ there is nothing to take back")
        return True
    return False if key == "q" else None


def _show_comment(sitting: Sitting, card: Card, found: InThread) -> None:
    from flows.terminal import cut, safe, wrapped

    _rule(sitting, card)
    article = found.article.article if found.article else None
    if article is not None:
        _lines(wrapped(article.title or "(no headline)"))
        about = [_source(sitting.house, article.source), article.published or "no date"]
        typer.echo(cut(", ".join(filter(None, about)), 80))
    typer.echo("")
    for one in found.before:
        _show_neighbour(one, "answered by it" if one.comment.n == found.judged.comment.parent else "above it")
    comment = found.judged.comment
    # The rules judge names too, so whoever decides must see this one; nobody else's.
    head = f"▸ {comment.n} {safe(comment.author or 'name no longer kept')}, {comment.posted or 'no date'}"
    _lines(wrapped(head + ("; the article's author" if comment.by_article_author else "")))
    _show_text(found.judged)
    if comment.author_url:
        typer.echo("    " + cut(f"the name leads to {comment.author_url}", 76))
    for link in comment.links[:5]:
        typer.echo("    " + cut(f"link: {link}", 76))
    for one in found.after:
        _show_neighbour(one, "answers it" if one.comment.parent == comment.n else "below it")
    if found.double_of is not None:
        _show_neighbour(found.double_of, "what it is thought to repeat")
    verdict = found.judged.verdict
    typer.echo(f"\nHeld as {verdict.outcome}; chance of spam by the rules: {verdict.score:.0%}")
    for reason in verdict.because:
        sign = "+" if reason.weight > 0 else "-" if reason.weight < 0 else " "
        _lines(wrapped(f"{sign} {reason.sentence}", indent="  "))


def _show_text(judged: JudgedComment, most: int | None = MOST_LINES) -> None:
    from flows.terminal import wrapped

    # Fifty thousand characters fill any patience, and one comment may have millions.
    lines = [line for part in judged.comment.text[:50_000].split("\n\n") for line in wrapped(part, indent="    ")]
    _lines(lines[:most])
    if most is not None and len(lines) > most:
        typer.echo(f"    … {len(lines) - most} more lines: m shows them")


def _show_neighbour(one: JudgedComment, what: str) -> None:
    from flows.terminal import cut, wrapped

    who = "the article's author" if one.comment.by_article_author else "a reader"
    typer.echo(f"  {one.comment.n}  {who} ({what}; {one.verdict.outcome})")
    lines = wrapped(one.comment.text[:400], indent="     ")
    _lines(lines[:NEIGHBOUR] if len(lines) <= NEIGHBOUR else [*lines[: NEIGHBOUR - 1], cut(lines[1], 70)[:74] + " …"])


def _rule(sitting: Sitting, card: Card) -> None:
    from flows.terminal import cut

    why = []
    if card.place.editions:
        why.append(f"next issue: {', '.join(card.place.editions)}")
    if card.place.local:
        why.append(f"local: {card.place.local}")
    head = f"── {sitting.at + 1} of {len(sitting.cards)} · {' · '.join([card.key[:8], *why])} "
    typer.echo("\n" + cut(head.ljust(80, "─"), 80))


def _source(house: House, source: str | None) -> str:
    return next((s.name for s in house.settings.sources if s.id == source), source or "")


def _lines(lines: tuple[str, ...] | list[str]) -> None:
    for line in lines:
        typer.echo(line)


# ---------------------------------------------------------------- themes


def _article(sitting: Sitting, card: Card, keys: Keys) -> bool:
    """Show one article with its themes and take its key; False to quit."""
    from cuttings import rulings
    from flows import reviewing

    found = reviewing.labelled(sitting.house, [card.key]).get(card.key)
    if found is None:
        sitting.skip("no longer there")
        return True
    _show_article(sitting, card, found)
    subject, standing = rulings.article(card.key), [one.theme for one in found.standing.labels]
    while True:
        key = _asked(keys, THEME_KEYS)
        if key == "?":
            _lines(THEME_HELP)
        elif key == "c":
            sitting.decide(subject, [("theme", t) for t in standing] or [("no-theme", None)], "articles right")
            typer.echo("→ right")
            return True
        elif key == "n":
            sitting.decide(subject, [("no-theme", None)], "articles without a theme")
            typer.echo("→ none")
            return True
        elif key in "wap":
            decision = {"w": "not-theme", "a": "theme", "p": "primary-theme"}[key]
            theme = _which(sitting, keys, standing, anything=key == "a" or (key == "p" and not standing))
            if theme is None:
                typer.echo("→ nothing changed")
                continue
            sitting.decide(subject, [(decision, theme)], "themes changed", stay=True)
            typer.echo(f"→ {decision}: {theme}")
            return True  # the same card again, as it stands now
        elif (done := _common(sitting, key)) is not None:
            return done


def _which(sitting: Sitting, keys: Keys, standing: list[str], *, anything: bool) -> str | None:
    """One of the themes shown by its number, or (`anything`) of all the others."""
    among = standing
    names = {theme.id: theme.name for theme in sitting.house.settings.themes}
    if anything:
        among = [theme for theme in names if theme not in standing]
        for n, theme in enumerate(among, 1):
            typer.echo(f"  {n:>2}  {names[theme]}")
    typer.echo("Number, then Enter: ", nl=False)
    number = keys.number()
    typer.echo("")
    return among[number - 1] if number and number <= len(among) else None


def _show_article(sitting: Sitting, card: Card, found: Labelled) -> None:
    from flows.terminal import cut, wrapped
    from flows.theme_check import evidence_lines

    article = found.article.article
    _rule(sitting, card)
    _lines(wrapped(article.title or "(no headline)"))
    typer.echo(cut(f"{_source(sitting.house, article.source)}, {article.published or 'no date'}", 80))
    if article.standfirst:
        _lines(wrapped(article.standfirst, indent="  ")[:4])
    _lines(wrapped(article.text[:600], indent="  ")[:5])
    typer.echo("")
    names = {theme.id: theme.name for theme in sitting.house.settings.themes}
    fields = {"title": article.title or "", "standfirst": article.standfirst or "", "text": article.text}
    for n, one in enumerate(found.standing.labels, 1):
        first = ", first" if one.theme == found.standing.primary else ""
        _lines(wrapped(f"{n}  {names.get(one.theme, one.theme)} ({one.score:.2f}{first})", indent=" "))
        for line in evidence_lines(found.standing, one.theme, fields)[:3]:
            typer.echo("     " + cut(line, 75))
    if not found.standing.labels:
        typer.echo(" No theme was found.")


# ---------------------------------------------------------------- as a spreadsheet


def _write(house: House, queue: Queue, path: Path, themes: bool, most: int) -> None:
    from cuttings import spreadsheet
    from flows import given, review_sheet

    more, queue = len(queue.cards) > most, replace(queue, cards=queue.cards[:most])
    table = review_sheet.of_articles(house, queue) if themes else review_sheet.of_comments(house, queue)
    try:
        given.write(path, spreadsheet.encoded(table))
    except OSError as error:
        stop(f"{path} can't be written: {error.strerror}.")
    # A sheet that somebody can finish: of a hundred thousand that wait, those that matter most.
    typer.echo(f"{len(queue.cards)} rows in {path}{'; more are waiting' if more else ''}.")
    typer.echo("Fill in the column 'verdict', save it as CSV, and give it back:")
    typer.echo(f"    cuttings review --import {path} --by 'Your name'")


def _take_in(house: House, path: Path, by: str) -> None:
    from cuttings.spreadsheet import BadTable
    from flows import given, review_sheet

    try:
        done = review_sheet.take_in(house, given.read(path), by)
    except OSError as error:
        stop(f"{path} can't be read: {error.strerror}.")
    except BadTable as error:
        typer.echo(f"cuttings: {path}: {error}.", err=True)
        raise typer.Exit(1) from None
    typer.echo(done.sentence)
    for line in done.refused:
        typer.echo(f"cuttings: {path}: {line}", err=True)
    if done.refused:
        raise typer.Exit(1)
