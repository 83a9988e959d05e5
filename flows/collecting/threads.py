"""An article and the further pages of its readers' comments.

What fails here never costs the article: it is recorded with its reason, and no comment counts as deleted because a
page that may hold it did not come.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cuttings.addresses import origin, tidy
from cuttings.edges.discover import comment_pages, wordpress
from cuttings.edges.discover.comment_pages import Marks
from cuttings.edges.fetch import FetchFailed
from cuttings.edges.limited import Crashed, Exceeded
from cuttings.edges.store import addresses
from cuttings.edges.store.addresses import KeptPage, PageOutcome
from cuttings.model import Unreadable
from cuttings.settings import Source
from flows.collecting.desk import Desk
from flows.collecting.fetching import Answer, address_of, failed, fetch_page, reason, unchanged
from flows.reading import Document, Got

MOST_PAGES = 25  # of one thread's further pages, HTML or REST
MORE = "more comments: "  # what a failure of theirs begins with, where failures are counted
_REST_PAGE = re.compile(r"([?&]page=)(\d+)")
TOO_MANY = f"{MORE}more than {MOST_PAGES} pages of them"


@dataclass(slots=True)
class _Thread:
    """The further pages of one article's comments while they come in."""

    desk: Desk
    source: Source
    kept: Mapping[str, KeptPage]
    answers: list[Answer] = field(default_factory=list)
    outcomes: list[PageOutcome] = field(default_factory=list)

    def ask(self, url: str, *, data: bool = False, named: bool = True) -> Answer | None:
        """One more page; None where it did not come, which is recorded, unless nobody names it any more and it is gone
        (`named`)."""
        name = tidy(url)
        known = address_of(self.desk, self.source, name)
        try:
            answer = fetch_page(
                self.desk, self.source, name, known=known, kept=self.kept.get(name), expects="data" if data else "page"
            )
            if origin(answer.got.final_url or url) != origin(url):
                raise FetchFailed(name, "redirect", "It leads to another site.")
        except FetchFailed as error:
            if not named and error.kind == "missing":
                return None
            self.missed(name, f"{MORE}{reason(error)}", error.status)
            return None
        self.answers.append(answer)
        return answer

    def missed(self, url: str, why: str, status: int | None = None) -> None:
        """Never visited for its own sake: it is asked for with its article."""
        self.outcomes.append(PageOutcome(url, "failed", source=self.source.id, reason=why, status=status))


def fetch_article(desk: Desk, source: Source, url: str) -> tuple[Document | None, tuple[PageOutcome, ...]]:
    """An article with all pages of its thread; None where nothing is new, or nothing came: the outcomes say which."""
    known = address_of(desk, source, url)
    before = {page.url: page for page in addresses.last_document(desk.house.store, url)}
    kept = before.get(url)
    try:
        # What the site holds today may be another body than the one last read: a login page, asked for since.
        main = fetch_page(desk, source, url, known=known, kept=_current(kept, known.sha256, desk, url))
    except FetchFailed as error:
        return None, (failed(desk, source, url, error, known),)
    thread = _Thread(desk, source, before)
    if main.fresh:
        _from_marks(thread, main.got)
    elif kept is not None and kept.sha256 == main.got.sha256:
        _as_before(thread, [page for name, page in before.items() if name != url])
    if not main.fresh and not any(a.fresh for a in thread.answers):
        same = [unchanged(desk, source, main.got, known)]
        same += [replace(unchanged(desk, source, a.got, known), next_visit=None) for a in thread.answers]
        return None, (*same, *thread.outcomes)
    got = (main.got, *(a.got for a in thread.answers))
    return Document(got, tuple(thread.outcomes)), ()


def _current(kept: KeptPage | None, sha256: str | None, desk: Desk, url: str) -> KeptPage | None:
    """What we have of the page as it was last seen, whatever it was."""
    if sha256 is None or (kept is not None and kept.sha256 == sha256):
        return kept
    return addresses.last_page(desk.house.store, url)


def _from_marks(thread: _Thread, main: Got) -> None:
    marks = _marks(thread.desk, main)
    # "Older comments" leads from page to page; where one does not come, those behind it are known from before.
    before = [p.url for p in thread.kept.values() if p.url != main.address and not _is_data(p.media_type)]
    waiting, asked = [*marks.pages, *before], set[str]()
    while waiting:
        url = waiting.pop(0)
        if tidy(url) in asked:
            continue
        if len(asked) >= MOST_PAGES:
            thread.missed(tidy(url), TOO_MANY)
            return
        asked.add(tidy(url))
        answer = thread.ask(url, named=url not in before)
        if answer and answer.fresh:
            named = _marks(thread.desk, answer.got).pages
            waiting += [u for u in named if marks.own is None or comment_pages.number(u) != marks.own]
    if marks.by_script and marks.rest and marks.post is not None:
        _from_rest(thread, marks.rest, marks.post)


def _from_rest(thread: _Thread, rest: str, post: int) -> None:
    for page in range(1, MOST_PAGES + 1):
        answer = thread.ask(wordpress.thread_address(rest, post, page), data=True)
        if answer is None:
            return
        if _entries(thread.desk, answer.got) < wordpress.PER_PAGE:
            return
    thread.missed(tidy(wordpress.thread_address(rest, post, MOST_PAGES + 1)), TOO_MANY)


def _as_before(thread: _Thread, pages: Sequence[KeptPage]) -> None:
    """The article's own page is the one we have; those below it may have grown all the same."""
    last: Answer | None = None
    for page in pages:
        answer = thread.ask(page.url, data=_is_data(page.media_type))
        last = answer if answer and _is_data(answer.got.media_type) else last
    if last and last.fresh and _entries(thread.desk, last.got) >= wordpress.PER_PAGE:
        for url in _following(last.got.address):
            answer = thread.ask(url, data=True)
            if answer is None or _entries(thread.desk, answer.got) < wordpress.PER_PAGE:
                return


def _following(url: str) -> Iterator[str]:
    """The addresses of the REST pages after this one."""
    if match := _REST_PAGE.search(url):
        for page in range(int(match[2]) + 1, MOST_PAGES + 1):
            yield f"{url[: match.start(2)]}{page}{url[match.end(2) :]}"


def _is_data(media_type: str) -> bool:
    return "json" in media_type.lower()


def _entries(desk: Desk, got: Got) -> int:
    """How many comments a REST answer holds; none where it is no list, so that nobody asks for the next page."""
    try:
        return len(desk.readers.run(wordpress.read_comments, got.body(desk.house.archive)).entries)
    except (Exceeded, Crashed, ValueError):
        return 0


def _marks(desk: Desk, got: Got) -> Marks:
    body = got.body(desk.house.archive)
    try:
        return desk.readers.run(comment_pages.read_marks, body, got.media_type, got.final_url)
    except (Exceeded, Crashed, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, Unreadable):
        return Marks()  # what it is will be said when it is read
