"""Which entries of a listing are worth reading, and why the others are not. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cuttings.addresses import absolute, canonical, host_of, site, tidy
from cuttings.edges.discover.dates import plausible
from cuttings.edges.discover.values import Discovery, Found, Known, Listed, among
from cuttings.model import when
from cuttings.settings import Source

NO_LINK = "no link"
TWICE = "listed twice"
ELSEWHERE = "leads to another site"
ITSELF = "the list itself"

_LONGEST = 2000  # characters of an address; the store's index holds no longer ones

_FILE = re.compile(
    r"\.(pdf|docx?|xlsx?|pptx?|odt|rtf|zip|gz|jpe?g|png|gif|svg|webp|mp[34]|m4a|wav|mov|avi|ics|epub|exe|dmg)$",
    re.IGNORECASE,
)


def is_archive(published: str | None, source: Source, now: datetime) -> bool:
    """Older than the source's `since_days`: kept and searchable, never published as new. No date: not archive."""
    moment = when(published)
    return moment is not None and moment < now - timedelta(days=source.since_days)


def sorted_out(
    entries: Iterable[Listed],
    source: Source,
    *,
    now: datetime,
    why: str,
    home: str | None = None,
    known: Known = (),
    base: str | None = None,
    files: bool = False,
) -> Discovery:
    """Newest first, `most_at_first` at most; `known` holds canonical addresses, `files` lets "x.gz" pass."""
    aside: list[tuple[str, str]] = []
    once: dict[str, Found] = {}
    sites, own = _sites(source, home), canonical(source.url)
    for entry in entries:
        reason, url = _checked(entry, base or source.url, source, sites, files)
        if reason or url is None:
            aside.append((entry.link[:500] or f"({entry.title or 'no title'})", reason or NO_LINK))
            continue
        published = plausible(entry.published, now)
        archive = is_archive(published, source, now)
        item = Found(url, entry.title, published, why, archive=archive, updated=plausible(entry.updated, now))
        key = item.key
        if key == own:
            aside.append((url, ITSELF))
            continue
        if once.setdefault(key, item) is not item:
            aside.append((url, TWICE))
    before = among(known, once)
    old = [item for key, item in once.items() if key in before]
    found = [item for key, item in once.items() if key not in before]
    found.sort(key=_newest_first)
    if len(found) > source.most_at_first:
        reason = f"more than {source.most_at_first} addresses at once"
        aside += [(item.url, reason) for item in found[source.most_at_first :]]
        del found[source.most_at_first :]
    return Discovery(found=tuple(found), known=tuple(old), set_aside=tuple(aside))


def newest(entries: Sequence[Listed], most: int) -> tuple[Listed, ...]:
    """The `most` newest; undated ones last, in the order they stand."""
    if len(entries) <= most:
        return tuple(entries)
    # Their dates are ISO, so their first ten letters sort as they do, and no zone matters among 10,000.
    return tuple(sorted(entries, key=lambda entry: (entry.published or "")[:10], reverse=True)[:most])


def joined(*parts: Discovery) -> Discovery:
    """One Discovery of several; the validators of the first."""
    first = parts[0]
    return replace(
        first,
        found=tuple(x for part in parts for x in part.found),
        known=tuple(x for part in parts for x in part.known),
        set_aside=tuple(x for part in parts for x in part.set_aside),
        failures=tuple(x for part in parts for x in part.failures),
        notes=tuple(x for part in parts for x in part.notes),
    )


def _newest_first(item: Found) -> float:
    moment = when(item.published)
    return -moment.timestamp() if moment else 0.0  # undated ones last, in the order they stand


def _checked(
    entry: Listed, base: str, source: Source, sites: frozenset[str], files: bool
) -> tuple[str | None, str | None]:
    link = entry.link.strip()
    if not link:
        return NO_LINK, None
    if len(link) > _LONGEST:
        return f"an address of more than {_LONGEST:,} characters", None
    try:
        url = tidy(link, base)
    except ValueError:
        scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]{0,30}:", link)
        return (f"a link of the kind {scheme[0].lower()}" if scheme else "no web address"), None
    if _where(url, source) not in sites:
        return ELSEWHERE, None
    if not files and (match := _FILE.search(urlsplit(url).path)):
        return f"a file ({match[0].lower()}), not a page", None
    return None, url


def _where(url: str, source: Source) -> str:
    """`url` is in its one spelling."""
    netloc = urlsplit(url).netloc
    # On a private network every port is another service: a list at :8001 must not send us to :22.
    return netloc if source.allow_private else site(re.sub(r":\d+$", "", netloc))


def _sites(source: Source, home: str | None) -> frozenset[str]:
    """Where a source's pages may be: on its own site, and on the one its feed says it is the feed of."""
    own = {_where(absolute(source.url), source)}
    if home and not source.allow_private:
        with suppress(ValueError):  # a home that is no address adds nothing
            own.add(site(host_of(home)))
    return frozenset(own)
