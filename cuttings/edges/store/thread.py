"""The comments of an article: saving a thread, and what became of each voice in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, delete, select, update

from cuttings import rulings as rules
from cuttings.edges.store.connect import add_pairs, chunks
from cuttings.edges.store.labelling import write_labels
from cuttings.edges.store.suppressed import forgotten, places, pseudonym
from cuttings.edges.store.tables import comment_bands, comments, labels, rulings, verdicts
from cuttings.edges.store.values import clean, from_json
from cuttings.model import Article, Comment, JudgedComment, Outcome, Reason, Ruling, Verdict, when

if TYPE_CHECKING:
    from cuttings.edges.store.articles import Judged


@dataclass(frozen=True, slots=True)
class Keeping:
    """When, under which key for names, and for how long names are kept."""

    now: datetime
    hash_key: bytes | None
    names: timedelta


@dataclass(frozen=True, slots=True)
class Change:
    new: tuple[str, ...]
    gone: tuple[str, ...]
    returned: tuple[str, ...]
    rejudged: tuple[str, ...]
    reworded: tuple[str, ...] = ()  # the same comments, read otherwise than before
    relabelled: tuple[str, ...] = ()  # "comment:KEY", of those that were there before
    met: tuple[str, ...] = ()  # that a ruling had waited for: the copies that are here are still to follow


def save(
    connection: Connection, articles: Sequence[Article], given: Sequence[Comment], judged: Judged, keeping: Keeping
) -> Change:
    """Bring the threads of these articles up to what was read. Idempotent."""
    rows = {row.key: row for row in rows_of(connection, [a.key for a in articles])}
    given, held = places(given, rows)
    reworded: tuple[str, ...] = ()
    others = {key: row for key, row in rows.items() if key not in held}
    if judged.again and (reworded := _reword(connection, others, given, judged, keeping)):
        rows = {row.key: row for row in rows_of(connection, [a.key for a in articles])}
    sources = {a.key: a.source for a in articles}
    given = list({c.key: c for c in given}.values())
    final, met = _with_rulings(connection, given, judged, keeping)
    fresh = [c for c in given if c.key not in rows]
    without_words = {row.key for row in rows.values() if row.erased_at is not None}
    without_words |= _insert(connection, fresh, sources, final, judged, keeping)
    returned, rejudged = [], []
    for comment in given:
        if (row := rows.get(comment.key)) is None:
            continue
        if row.gone_at is not None:
            returned.append(comment.key)
        _place(connection, row, comment)
        if rejudge(connection, row, final[comment.key], keeping.now):
            rejudged.append(comment.key)
    present = {c.key for c in given} | held
    gone = [r for r in rows.values() if r.key not in present and r.gone_at is None] if judged.whole_thread else []
    for part in chunks(row.id for row in gone):
        connection.execute(update(comments).where(comments.c.id.in_(part)).values(gone_at=keeping.now))
    # A label's evidence is made of a comment's words.
    labelled = [c.key for c in given if c.key in judged.labels and c.key not in without_words]
    changed = write_labels(connection, {f"comment:{key}": judged.labels[key] for key in labelled}, now=keeping.now)
    return Change(
        new=tuple(c.key for c in fresh),
        gone=tuple(r.key for r in gone),
        returned=tuple(returned),
        rejudged=tuple(rejudged),
        reworded=reworded,
        relabelled=tuple(sorted(changed - {f"comment:{c.key}" for c in fresh})),
        met=met,
    )


def rows_of(connection: Connection, articles: Iterable[str]) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    for part in chunks(articles):
        query = select(comments).where(comments.c.article.in_(part)).order_by(comments.c.article, comments.c.n)
        found += connection.execute(query).all()
    return found


def _with_rulings(
    connection: Connection, given: Sequence[Comment], judged: Judged, keeping: Keeping
) -> tuple[dict[str, Verdict], tuple[str, ...]]:
    """The verdicts below what editors ruled; keys of the comments that a ruling had waited for."""
    exacts = {c.key: str(s.exact) for c in given if (s := judged.signatures.get(c.key)) is not None}
    own = rulings_on(connection, [rules.comment(c.key) for c in given])
    met = []
    for subject in own:  # one that was imported before its comment was read: its copies are ruled alike from now on
        key = subject.partition(":")[2]
        waited = (rulings.c.subject == subject) & rulings.c.exact.is_(None) & rulings.c.undone_at.is_(None)
        waited &= rulings.c.decision.in_(rules.COMMENT_DECISIONS)
        if key in exacts and connection.execute(update(rulings).where(waited).values(exact=exacts[key])).rowcount:
            met.append(key)
    cleaned = {c.key: nameless(clean(judged.verdicts[c.key]), c.author, c.author_url) for c in given}
    among = [(exacts[c.key], c.key, _as_copy(c, cleaned[c.key], keeping)) for c in given if c.key in exacts]
    copied = rulings_of_copies(connection, among)
    final = {
        key: rules.ruled(verdict, own.get(rules.comment(key), ()), copied.get(key, ()))
        for key, verdict in cleaned.items()
    }
    return final, tuple(met)


def _as_copy(comment: Comment, verdict: Verdict, keeping: Keeping) -> Callable[[], rules.Copy]:
    """Made when asked: hardly any comment has the words of one that was ruled on."""

    def made() -> rules.Copy:
        key = keeping.hash_key
        writer = pseudonym(comment.author, key) if comment.author and key is not None else None
        links = (*comment.links, comment.author_url)
        return _copy(writer, links, comment.text, comment.posted, keeping.now, verdict)

    return made


def _copy(
    writer: str | None,
    links: Iterable[str | None],
    text: str,
    posted: str | None,
    first_seen: datetime,
    verdict: Verdict,
) -> rules.Copy:
    at = when(posted) or first_seen
    return rules.Copy(writer, frozenset(link for link in links if link), len(text.split()), at.timestamp(), verdict)


def copy_of(row: Row[Any], verdict: Verdict) -> rules.Copy:
    links = (*(row.links or ()), row.author_url)
    return _copy(row.author_hash, links, row.text, row.posted, row.first_seen, verdict)


def _insert(
    connection: Connection,
    fresh: Sequence[Comment],
    sources: Mapping[str, str | None],
    final: Mapping[str, Verdict],
    judged: Judged,
    keeping: Keeping,
) -> set[str]:
    """Insert comments that are new; keys of those whose words are not kept."""
    if not fresh:
        return set()
    key = keeping.hash_key
    hashes = {c.key: pseudonym(c.author, key) for c in fresh if c.author and key is not None}
    out = _forgotten(connection, fresh, sources, hashes)
    rows = []
    for comment in fresh:
        verdict, signature = final[comment.key], judged.signatures.get(comment.key)
        days = keeping.names / 3 if verdict.outcome == "spam" else keeping.names
        row = {
            "key": comment.key,
            "article": comment.article,
            "n": comment.n,
            "parent": comment.parent,
            "author": comment.author,
            "author_url": comment.author_url,
            "author_hash": hashes.get(comment.key),
            "names_expire": keeping.now + days if comment.author or comment.author_url else None,
            "by_article_author": comment.by_article_author,
            "posted": comment.posted,
            "text": comment.text,
            "links": comment.links or None,
            "exact": str(signature.exact) if signature else None,
            "bands": sorted(set(signature.bands)) if signature else None,
            "first_seen": keeping.now,
            "erased_at": None,
            **_in_force(verdict, keeping.now),
        }
        rows.append(row | erased(keeping.now, verdict) if comment.key in out else row)
    numbers = dict(connection.execute(comments.insert().returning(comments.c.key, comments.c.id), rows).tuples().all())
    bands = [(band, numbers[row["key"]]) for row in rows for band in row["bands"] or ()]
    add_pairs(connection, comment_bands, bands)
    for comment in fresh:  # what the rules thought must be there when the ruling is taken back
        if rules.is_ruled(final[comment.key]) and comment.key not in out:
            before = nameless(clean(judged.verdicts[comment.key]), comment.author, comment.author_url)
            thought = _in_force(before, keeping.now)
            thought["at"] = thought.pop("judged_at")
            connection.execute(verdicts.insert().values(comment=numbers[comment.key], until=keeping.now, **thought))
    return out


def _forgotten(
    connection: Connection, fresh: Sequence[Comment], sources: Mapping[str, str | None], hashes: Mapping[str, str]
) -> set[str]:
    """Keys of the comments whose author was forgotten, everywhere or at the comment's source."""
    out: set[str] = set()
    for source in set(sources.values()):
        here = [c.key for c in fresh if c.key in hashes and sources[c.article] == source]
        names = forgotten(connection, [hashes[key] for key in here], source)
        out.update(key for key in here if hashes[key] in names)
    return out


def erased(now: datetime, verdict: Verdict) -> dict[str, Any]:
    """What replaces a person's words and name. Reasons go too: their sentences may quote either."""
    bare = replace(verdict, quotable=False, because=())
    nothing = {
        "author": None,
        "author_url": None,
        "author_hash": None,
        "names_expire": None,
        "text": "",
        "links": None,
        "exact": None,
        "bands": None,
    }
    return {**nothing, "erased_at": now, **_in_force(bare, now)}


def _place(connection: Connection, row: Row[Any], comment: Comment) -> None:
    """Where the comment stands today; a page that shows the newest first renumbers all of them."""
    values = says_where(row, comment)
    if row.gone_at is not None:
        values["gone_at"] = None
    if values:
        connection.execute(update(comments).where(comments.c.id == row.id).values(values))


def says_where(row: Row[Any], comment: Comment) -> dict[str, Any]:
    """What of a comment's place is no longer as it is stored."""
    stands = {"n": comment.n, "parent": comment.parent, "by_article_author": comment.by_article_author}
    return {name: value for name, value in stands.items() if getattr(row, name) != value}


# ---------------------------------------------------------------- the same comment, read otherwise


def _reword(
    connection: Connection,
    rows: Mapping[str, Row[Any]],
    given: Sequence[Comment],
    judged: Judged,
    keeping: Keeping,
) -> tuple[str, ...]:
    """Let comments whose words a better reader gives otherwise go on under their new key; these keys.

    A key is made of time and words: 'Reply' cut off its end would else make a new comment of an old one, and the
    editor's ruling on it would be lost.
    """
    present = {c.key for c in given}
    old = [row for row in rows.values() if row.key not in present and row.gone_at is None and row.posted]
    new = [c for c in given if c.key not in rows and c.posted]
    pairs = _pairs(old, new, keeping.hash_key)
    for row, comment in pairs:
        _rekey(connection, row, comment, judged)
    return tuple(comment.key for _, comment in pairs)


def _pairs(old: Sequence[Row[Any]], new: Sequence[Comment], key: bytes | None) -> list[tuple[Row[Any], Comment]]:
    """One to one: alone with their time, and with their name where it is kept."""
    names = {c.key: pseudonym(c.author, key) if c.author and key is not None else None for c in new}
    found = []
    for row in old:
        alike = [c for c in new if c.article == row.article and c.posted == row.posted]
        rivals = [r for r in old if r.article == row.article and r.posted == row.posted]
        if row.erased_at is None:
            alike = [c for c in alike if names[c.key] == row.author_hash]
            rivals = [r for r in rivals if r.author_hash == row.author_hash]
        if len(alike) == len(rivals) == 1:
            found.append((row, alike[0]))
    return list({comment.key: (row, comment) for row, comment in found}.values())


def _rekey(connection: Connection, row: Row[Any], comment: Comment, judged: Judged) -> None:
    values: dict[str, Any] = {"key": comment.key}
    if row.erased_at is None:
        signature = judged.signatures.get(comment.key)
        bands = sorted(set(signature.bands)) if signature else None
        values |= {"text": comment.text, "links": comment.links or None, "bands": bands}
        values |= {"exact": str(signature.exact) if signature else None}
        for part in chunks(row.bands or ()):
            under = comment_bands.c.band.in_(part) & (comment_bands.c.comment == row.id)
            connection.execute(delete(comment_bands).where(under))
        add_pairs(connection, comment_bands, [(band, row.id) for band in bands or ()])
    connection.execute(update(comments).where(comments.c.id == row.id).values(values))
    for table, column in ((rulings, rulings.c.subject), (labels, labels.c.subject)):
        subject = rules.comment(row.key)
        connection.execute(update(table).where(column == subject).values(subject=rules.comment(comment.key)))
    for table in (comments, verdicts):
        here = table.c.duplicate_of == row.key
        connection.execute(update(table).where(here).values(duplicate_of=comment.key))


# ---------------------------------------------------------------- verdicts


def _in_force(verdict: Verdict, now: datetime) -> dict[str, Any]:
    return {
        "outcome": verdict.outcome,
        "quotable": verdict.quotable,
        "score": verdict.score,
        "because": verdict.because,
        "duplicate_of": verdict.duplicate_of,
        "rules_version": verdict.rules_version,
        "judged_at": now,
    }


def nameless(verdict: Verdict, *names: str | None) -> Verdict:
    """The verdict without a commenter's name, or the address it links to, in its reasons.

    'signed with a person's name, 'Jo Brack'' would outlive the name, which has its term; beside it, it says nothing.
    """
    quoted = [_quoted(" ".join(name.split())) for name in names if name and name.strip()]
    if not quoted or not verdict.because:
        return verdict
    anyone = re.compile("|".join(quoted))
    bare = (replace(r, sentence=anyone.sub("", r.sentence)) for r in verdict.because)
    return replace(verdict, because=tuple(bare))


def _quoted(name: str) -> str:
    """How reasons quote it: ", 'Jo Brack'" or " 'Jo Brack'", a long one by its beginning."""
    cut = rf"|{re.escape(name[:20])}[^']*…" if len(name) > 20 else ""
    return f",? '(?:{re.escape(name)}{cut})'"


def verdict_of(row: Row[Any]) -> Verdict:
    because = tuple(from_json(Reason, r) for r in row.because)
    return Verdict(row.outcome, row.quotable, row.score, because, row.duplicate_of, row.rules_version)


DECIDES = ("outcome", "quotable", "duplicate_of", "rules_version")


def decides_as(row: Row[Any], verdict: Verdict) -> bool:
    """Whether a verdict says what the one in force says."""
    return all(getattr(row, name) == getattr(verdict, name) for name in DECIDES)


def rejudge(connection: Connection, row: Row[Any], verdict: Verdict, now: datetime) -> bool:
    """Put a new verdict in force and the old one into the history; False where it decides nothing anew.

    A score that moved a little because the archive grew is no news: the same rules with the same outcome stay.
    """
    if row.erased_at is not None:
        verdict = replace(verdict, quotable=False, because=())
    if decides_as(row, verdict):
        return False
    old = {name: getattr(row, name) for name in (*DECIDES, "score", "because")}
    connection.execute(verdicts.insert().values(comment=row.id, at=row.judged_at, until=now, **old))
    connection.execute(update(comments).where(comments.c.id == row.id).values(_in_force(verdict, now)))
    return True


# ---------------------------------------------------------------- rulings


def ruling_of(row: Row[Any]) -> Ruling:
    return Ruling(row.subject, row.decision, row.value, row.by, row.at, row.reason)


def rulings_on(connection: Connection, subjects: Iterable[str]) -> dict[str, tuple[Ruling, ...]]:
    return _rulings(connection, "subject", subjects)


def rulings_of_copies(
    connection: Connection, among: Iterable[tuple[str, str, Callable[[], rules.Copy]]]
) -> dict[str, tuple[tuple[Ruling, Outcome], ...]]:
    """What rulings on comments with the same words say about these, by Comment.key, oldest first.

    `among`: (exact hash of the text, Comment.key, how to see it as a copy).
    """
    among = list(among)
    on_text = _rulings(connection, "exact", {exact for exact, _, _ in among})
    keys = {r.subject.partition(":")[2] for given in on_text.values() for r in given}
    ruled_on: dict[str, rules.Copy] = {}
    for part in chunks(keys):
        for row in connection.execute(select(comments).where(comments.c.key.in_(part))):
            ruled_on[row.key] = copy_of(row, verdict_of(row))
    found: dict[str, tuple[tuple[Ruling, Outcome], ...]] = {}
    for exact, key, see in among:
        for ruling in on_text.get(exact, ()):
            on = ruled_on.get(ruling.subject.partition(":")[2])
            if on is None or rules.comment(key) == ruling.subject:
                continue
            if (outcome := rules.holds_for(ruling.decision, on, see())) is not None:
                found[key] = (*found.get(key, ()), (ruling, outcome))
    return found


def _rulings(connection: Connection, column: str, values: Iterable[str]) -> dict[str, tuple[Ruling, ...]]:
    found: dict[str, tuple[Ruling, ...]] = {}
    for part in chunks(values):
        query = select(rulings).where(rulings.c[column].in_(part), rulings.c.undone_at.is_(None)).order_by(rulings.c.id)
        for row in connection.execute(query):
            key = getattr(row, column)
            found[key] = (*found.get(key, ()), ruling_of(row))
    return found


# ---------------------------------------------------------------- loading


def load(
    connection: Connection, articles: Iterable[str], *, gone: bool = False
) -> dict[str, tuple[JudgedComment, ...]]:
    """The judged comments by article, in page order; those deleted at their site only where `gone`."""
    found: dict[str, list[JudgedComment]] = {}
    for row in rows_of(connection, articles):
        if gone or row.gone_at is None:
            found.setdefault(row.article, []).append(judged_comment(row))
    return {article: tuple(thread) for article, thread in found.items()}


def judged_comment(row: Row[Any]) -> JudgedComment:
    comment = Comment(
        key=row.key,
        article=row.article,
        n=row.n,
        author=row.author,
        author_url=row.author_url,
        by_article_author=row.by_article_author,
        posted=row.posted,
        text=row.text,
        parent=row.parent,
        links=tuple(row.links or ()),
    )
    return JudgedComment(comment, verdict_of(row))
