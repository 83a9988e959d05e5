"""The trail of one article or comment, in sentences: what `explain` prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from cuttings import rulings
from cuttings.addresses import canonical
from cuttings.edges.store import addresses, articles, issues, judged, labelling, stories, suppressed, trail
from cuttings.edges.store.trail import ArticleState, CommentState
from cuttings.model import Article, Digest, Verdict
from flows.house import House

Sections = list[tuple[str, list[str]]]
_HEX = frozenset("0123456789abcdef")
FEWEST = 4  # characters of a key
LONGEST = 600  # characters of a comment


class NotOne(Exception):
    """What was typed means nothing here, or several things: the message says which."""


def told(house: House, typed: str) -> Sections:
    """Headed lists of sentences. Raises NotOne."""
    kind, key = _one(house, typed.strip())
    if kind == "comment":
        return _comment(house, key)
    return _story(house, key) if kind == "story" else _article(house, key)


def _one(house: House, typed: str) -> tuple[str, str]:
    if "://" in typed:
        return "article", _at(house, typed)
    kind, _, key = typed.rpartition(":")
    if not set(key) <= _HEX or len(key) < FEWEST or kind not in ("", "article", "comment", "story"):
        raise NotOne(f"‘{typed[:80]}’ is no key: give at least {FEWEST} of its letters, or the address of an article.")
    found = trail.beginning(house.store, key)
    pairs = [("article", k) for k in found.articles] + [("comment", k) for k in found.comments]
    pairs += [("story", k) for k in found.stories]
    pairs = [pair for pair in pairs if kind in ("", pair[0])]
    pairs = [pair for pair in pairs if pair[1] == key] or pairs
    if not pairs:
        raise NotOne(f"Nothing here has a key that begins with ‘{key}’.")
    if len(pairs) > 1:
        several = "\n".join(f"    {what}:{one}" for what, one in pairs)
        raise NotOne(f"‘{key}’ is the beginning of {len(pairs)} keys:\n{several}")
    return pairs[0]


def _at(house: House, url: str) -> str:
    try:
        one = canonical(url)
    except ValueError as error:  # 'file:///etc/passwd', 'http://['
        raise NotOne(f"{error}") from None
    found = trail.at_address(house.store, list(dict.fromkeys((url, one))))
    if len(found) == 1:
        return found[0]
    if found:
        several = "\n".join(f"    article:{key}" for key in found)
        raise NotOne(f"{len(found)} articles were read from that address:\n{several}")
    known = addresses.find(house.store, one)
    if known is None:
        raise NotOne(f"{url} is not known here: no source has named it.")
    visit = f"last asked for {_at_time(known.last_visit)}" if known.last_visit else "never asked for"
    then = f", next {_at_time(known.next_visit)}" if known.next_visit else ", and not again"
    raise NotOne(f"{known.url} gave no article: {known.state}, {visit}{then}. Named by {known.source}.")


def _at_time(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "never"


# ---------------------------------------------------------------- an article


def _article(house: House, key: str) -> Sections:
    state = trail.article_state(house.store, key)
    if state is None:
        raise NotOne(f"There is no article {key}.")
    held = articles.find(house.store, [key]).get(key)
    sections: Sections = [(f"Article {key}", list(_about(state, held.article if held else None)))]
    sections.append(("Pages", list(_pages(house, key))))
    if held is not None:
        repairs = [f"{r.kind}: {r.where} ({r.certainty})" for r in held.article.repairs]
        sections.append(("Repairs", repairs or ["none"]))
        sections.append(("Versions", list(_versions(house, key))))
        asides = Counter(aside.why for aside in articles.set_aside_of(house.store, key))
        if asides:
            sections.append(("Left out of it as furniture", [f"{n} × {why}" for why, n in asides.most_common()]))
    sections.append(("Story", list(_in_story(house, state))))
    fields = (
        {"title": held.article.title or "", "standfirst": held.article.standfirst or "", "text": held.article.text}
        if held
        else {}
    )
    sections.append(("Themes", list(_labels(house, rulings.article(key), fields))))
    sections.append(("Rulings", _rulings(house, [rulings.article(key), rulings.story(state.story)])))
    thread = judged.threads(house.store, [key], gone=True).get(key, ())
    counts = Counter(one.verdict.outcome for one in thread)
    sections.append(("Comments", [f"{n} {outcome}" for outcome, n in counts.most_common()] or ["none"]))
    sections.append(("Published", _printed(house, state)))
    return sections


def _about(state: ArticleState, article: Article | None) -> Iterator[str]:
    yield state.title or "(no headline)"
    yield state.url or "no address of its own"
    if article is not None:
        by = ", ".join(article.authors) or "nobody named"
        yield f"from {state.source}, by {by}; {article.kind}; published {article.published or 'on no date it gives'}"
    yield f"first seen {_at_time(state.first_seen)}" + ("; archive: older than its first contact" * state.archive)
    if state.withdrawn_at:
        yield f"WITHDRAWN by its publisher {_at_time(state.withdrawn_at)}: its words are gone and don’t come back"
    if state.text_gone_at:
        yield f"its text is gone since {_at_time(state.text_gone_at)}: the licence ended; title and link stay"
    elif state.text_expires:
        yield f"its text is kept until {_at_time(state.text_expires)} (licence)"


def _pages(house: House, key: str) -> Iterator[str]:
    seen = trail.pages_of(house.store, key)
    for one in seen:
        what = f"{one.outcome}{f' ({one.reason})' if one.reason else ''}"
        raw = ""
        if one.sha256:
            where = "in the archive" if house.archive.has(one.sha256) else "no longer in the archive"
            raw = f", {one.size or 0:,} bytes, sha256 {one.sha256[:16]}…, {where}"
        yield f"{_at_time(one.at)}  {what}, status {one.status or '-'}{raw}: {one.url}"
    if not seen:
        yield "no page is on record"


def _versions(house: House, key: str) -> Iterator[str]:
    for one in articles.versions(house.store, key):
        why = {"first": "first read", "publisher": "changed by its publisher", "reread": "read again, better"}
        fields = f": {', '.join(one.fields)}" if one.fields else ""
        yield f"{one.number}  {_at_time(one.read_at)}  {why.get(one.cause, one.cause)}{fields}"


def _in_story(house: House, state: ArticleState) -> Iterator[str]:
    yield f"{state.story}"
    for one in stories.history(house.store, state.key):
        end = f" until {_at_time(one.until)}" if one.until else ""
        yield (
            f"belongs to {one.membership.story[:8]}… since {_at_time(one.since)}{end}: {one.membership.because} "
            f"({one.membership.similarity:.2f})"
        )
    members = [key for key in stories.members(house.store, state.story) if key != state.key]
    others = articles.find(house.store, members)
    for key in members:
        other = others[key].article if key in others else None
        yield f"also {key}: {other.source if other else 'withdrawn'} {other.url or '' if other else ''}"
    for merge in stories.merges(house.store, state.story):
        yield f"{merge.younger} was joined to {merge.elder} {_at_time(merge.at)}: {merge.because}"


def _labels(house: House, subject: str, fields: dict[str, str]) -> Iterator[str]:
    given, standing = labelling.of_subjects(house.store, [subject])[subject]
    for one in standing.labels:
        first = ", first" if one.theme == standing.primary else ""
        ruled = " (an editor’s word)" if one not in given.labels else ""
        yield f"{one.theme} {one.score:.2f}{first}{ruled}"
        for e in one.evidence[:8]:
            yield f"– {e.where} {e.start}–{e.end} ‘{fields.get(e.where, '')[e.start : e.end]}’ for {e.phrase}"
    for one in given.labels:
        if one.theme not in {other.theme for other in standing.labels}:
            yield f"not {one.theme}, which the phrases gave ({one.score:.2f}): an editor took it away"
    if not given.labels and not standing.labels:
        yield "none"


def _rulings(house: House, subjects: Sequence[str]) -> list[str]:
    found = []
    for subject in subjects:
        for one in judged.records(house.store, subject=subject):
            r = one.ruling
            back = f"; taken back {_at_time(one.undone)}" if one.undone else ""
            words = f" {r.value}" if r.value else ""
            why = f": {r.reason}" if r.reason else ""
            found.append(f"{one.number}  {_at_time(r.at)}  {r.decision}{words}, by {r.by}{why}{back}")
    return found or ["none"]


def _printed(house: House, state: ArticleState) -> list[str]:
    found = []
    for one in trail.printed(house.store, [state.key]):
        issue = issues.find(house.store, one.issue)
        place = _place(issue.digest, state.story) if issue and issue.digest else ""
        words = f"; {one.words} of its words, to {one.recipients} people" if one.words is not None else ""
        found.append(
            f"{one.issue} ({one.state}), item {abs(one.position)}{place}, version {one.version}{words}: {one.reason}"
        )
    return found or ["nowhere"]


def _place(digest: Digest, story: str) -> str:
    for section in digest.sections:
        for item in section.items:
            if item.story == story:
                return f" = {item.number} under ‘{section.heading.text}’"
    brief = next((one for one in (*digest.also_read, *digest.archive) if one.story == story), None)
    return f" = {brief.number}, headline alone" if brief else ""


def _story(house: House, key: str) -> Sections:
    with house.store.reading() as connection:
        living = stories.lives_as(connection, [key]).get(key, key)
    lines = [f"{member}" for member in stories.members(house.store, living)]
    if living != key:
        lines.insert(0, f"lives under {living} today")
    return [(f"Story {key}", lines), ("Rulings", _rulings(house, [rulings.story(key)]))]


# ---------------------------------------------------------------- a comment


def _comment(house: House, key: str) -> Sections:
    state, one = trail.comment_state(house.store, key), judged.find(house.store, [key]).get(key)
    if state is None or one is None:
        raise NotOne(f"There is no comment {key}.")
    comment = one.comment
    about = [f"number {comment.n} below article {comment.article}, posted {comment.posted or 'on no date it gives'}"]
    if comment.parent:
        about.append(f"answers number {comment.parent}")
    about += _keeping(house, state, comment.author)
    if not state.erased_at:
        text = comment.text
        about.append(f"‘{text[:LONGEST]}{'…' if len(text) > LONGEST else ''}’")
        about += [f"link: {link}" for link in comment.links]
    sections: Sections = [(f"Comment {key}", about)]
    sections.append(("Verdict", list(_verdict(one.verdict, state.judged_at))))
    past = []
    for old in judged.history(house.store, key):
        reasons = "; ".join(r.sentence for r in old.verdict.because) or "no reason kept"
        since = f"{_at_time(old.since)} to {_at_time(old.until)}"
        past.append(f"{since}  {old.verdict.outcome} ({old.verdict.score:.2f}): {reasons}")
    if past:
        sections.append(("Verdicts before", past))
    sections.append(("Rulings", _rulings(house, [rulings.comment(key)])))
    copied = [line for other in state.copies for line in _rulings(house, [rulings.comment(other)]) if line != "none"]
    if copied:
        sections.append(("Rulings on copies of its text, which hold for it too", copied))
    if state.copies:
        sections.append(("The same text", [f"comment {other}" for other in state.copies]))
    sections.append(("Themes", list(_labels(house, rulings.comment(key), {"text": comment.text}))))
    below = trail.article_state(house.store, comment.article)
    if below is not None:
        sections.append(("Its article", [below.title or "(no headline)", below.url or "", *_pages(house, below.key)]))
        counted = "counted there" if one.verdict.outcome == "genuine" else f"not counted there: {one.verdict.outcome}"
        where = _printed(house, below)
        sections.append(("Published with its article", [*where, counted] if where != ["nowhere"] else where))
    return sections


def _keeping(house: House, state: CommentState, author: str | None) -> Iterator[str]:
    yield f"first seen {_at_time(state.first_seen)}"
    if state.gone_at:
        yield f"no longer on its site since {_at_time(state.gone_at)}"
    if state.erased_at:
        yield (
            f"ERASED {_at_time(state.erased_at)}: its words, its name and what was found in them are gone for good; "
            "this line stays, so that counts already printed remain true"
        )
    elif author and state.names_expire:
        yield f"by {author}; the name is kept until {_at_time(state.names_expire)}"
    else:
        yield "its name is no longer kept" + (", only a keyed hash" if state.author_hash else "")
    if state.author_hash:
        for one in suppressed.every(house.store, "person"):
            if one.value == state.author_hash:
                yield f"its writer was forgotten {_at_time(one.at)}, by {one.by} ({one.scope or 'everywhere'})"


def _verdict(verdict: Verdict, at: datetime) -> Iterator[str]:
    quotable = "may be quoted" if verdict.quotable else "is not quoted"
    yield f"{verdict.outcome}, {quotable}; chance of spam by the rules {verdict.score:.2f}; since {_at_time(at)}"
    if verdict.duplicate_of:
        yield f"repeats comment {verdict.duplicate_of}"
    for reason in verdict.because:
        yield f"{reason.weight:+.2f}  {reason.sentence} [{reason.rule}]"
    yield f"by rules {verdict.rules_version or 'of no version'}"
