"""The stages as filters: JSON lines in, JSON lines out, in order, flushed as they come.

An error is an answer ({"error": {"kind": …, "detail": …}}), never a crash, so a caller may wait for each line.
Nothing here touches the network, the store or Prefect, and every stage imports only what it needs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from flows.commands.telling import stop

if TYPE_CHECKING:
    from cuttings.model import Article, Comment, Reading

app = typer.Typer()

Answer = dict[str, Any]
LONGEST = 32_000_000  # bytes of a line: a thread of 50,000 comments

Files = Annotated[list[Path] | None, typer.Argument(help="Consecutive pages of one document, HTML or text.")]
Url = Annotated[str | None, typer.Option(help="The address the first page came from.")]
Family = Annotated[str | None, typer.Option(help="The parser to use; left out, it is recognised.")]
Jsonl = Annotated[bool, typer.Option("--jsonl", help="JSON lines from standard input, one answer a line.")]


class _Wrong(Exception):
    """The question itself is off: a key is missing or of the wrong kind."""


@app.command()
def read(files: Files = None, url: Url = None, family: Family = None, jsonl: Jsonl = False) -> None:
    """Read a page: its articles, its comments, and what was set aside."""
    if jsonl:
        _filter(_read_line)
    else:
        _once(lambda: reading_json(_document(_needed(files), url, family, None)))


@app.command()
def judge(files: Files = None, url: Url = None, family: Family = None, jsonl: Jsonl = False) -> None:
    """Judge the comments of a thread: genuine, review, spam or duplicate, with the reasons."""
    if jsonl:
        _filter(_judge_line)
    else:
        _once(lambda: _judge_reading(_document(_needed(files), url, family, None)))


@app.command()
def label(files: Files = None, url: Url = None, family: Family = None, jsonl: Jsonl = False) -> None:
    """Label articles with their themes, each with its evidence."""
    matcher: list[Any] = []  # compiled at the first line, so that a broken configuration is an answer too

    def labelled(title: str | None, standfirst: str | None, text: str) -> Answer:
        from cuttings.model import as_json
        from cuttings.themes import label as label_one

        if not matcher:
            matcher.append(_matcher())
        return as_json(label_one(title, standfirst, text, matcher[0]))  # type: ignore[no-any-return]

    if jsonl:
        _filter(lambda q: labelled(_maybe(q, "title"), _maybe(q, "standfirst"), _maybe(q, "text") or ""))
    else:
        _once(
            lambda: {
                "articles": [
                    {"title": a.title, **labelled(a.title, a.standfirst, a.text)}
                    for a in _document(_needed(files), url, family, None).articles
                ]
            }
        )


@app.command()
def stories(jsonl: Jsonl = False) -> None:
    """Group articles into stories: a copy joins the story of the article it was copied from."""
    from cuttings.duplicates import StoryIndex

    if not jsonl:
        raise typer.BadParameter("stories reads JSON lines: add --jsonl")
    index = StoryIndex()

    def place(question: Mapping[str, Any]) -> Answer:
        article = _article_in(question, key=_text(question, "id"))
        found = index.place(article).membership
        return {
            "id": question["id"],
            "story": found.story,
            "similarity": round(found.similarity, 4),
            "because": found.because,
        }

    _filter(place)


@app.command()
def quote(
    files: Files = None,
    sentences: Annotated[int, typer.Option(help="How many sentences.", min=1)] = 3,
    url: Url = None,
    family: Family = None,
    jsonl: Jsonl = False,
) -> None:
    """Choose key sentences, word for word, by their place in the text."""
    from cuttings.model import as_json
    from cuttings.quotes import quote as quote_one

    def quoted(text: str, count: int) -> Answer:
        return {"quotes": as_json(quote_one(text, count))}

    def line(question: Mapping[str, Any]) -> Answer:
        count = question.get("sentences", sentences)
        if not isinstance(count, int) or isinstance(count, bool) or count < 1:
            raise _Wrong("'sentences' must be a whole number from 1")
        return quoted(_text(question, "text") or "", count)

    if jsonl:
        _filter(line)
    else:
        _once(
            lambda: {
                "articles": [
                    {"title": a.title, **quoted(a.text, sentences)}
                    for a in _document(_needed(files), url, family, None).articles
                ]
            }
        )


# ---------------------------------------------------------------- the filter


def _filter(answer: Callable[[Mapping[str, Any]], Answer]) -> None:
    for line in _lines(sys.stdin.buffer):
        if line is None:
            said = _error(_Wrong(f"this line is longer than {LONGEST // 1_000_000} MB"))
        elif line.strip():
            said = _answered(line, answer)
        else:
            continue
        print(json.dumps(said, ensure_ascii=True), flush=True)


def _lines(source: IO[bytes]) -> Iterator[bytes | None]:
    """Each line; None for one that is too long, the rest of which is passed over and never held."""
    while line := source.readline(LONGEST + 1):
        if len(line) <= LONGEST or line.endswith(b"\n"):
            yield line
            continue
        yield None
        while line and not line.endswith(b"\n"):
            line = source.readline(1_000_000)


def _answered(line: bytes, answer: Callable[[Mapping[str, Any]], Answer]) -> Answer:
    try:
        question = _parsed(line)
        if not isinstance(question, dict):
            raise _Wrong("a line must be a JSON object")
        return answer(question)
    except MemoryError:
        return _error(_Wrong("this line takes more memory than there is"))
    except Exception as error:  # an error is an answer: the caller is waiting for this line
        return _error(error)


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise
    except ValueError as error:  # a whole number of more than 4,300 digits
        raise json.JSONDecodeError(str(error), "", 0) from error


def _error(error: Exception) -> Answer:
    from cuttings.model import Unreadable

    if isinstance(error, Unreadable):
        return {"error": {"kind": "unreadable", "detail": error.detail, "field": error.field}}
    if isinstance(error, (json.JSONDecodeError, UnicodeDecodeError)):
        return {"error": {"kind": "bad-json", "detail": f"this line is not JSON: {error}"}}
    if isinstance(error, _Wrong):
        return {"error": {"kind": "bad-input", "detail": str(error)}}
    if isinstance(error, OSError):
        return {"error": {"kind": "file", "detail": f"{error.filename}: {error.strerror or error}"}}
    if isinstance(error, RecursionError):
        return {"error": {"kind": "bad-input", "detail": "nested too deeply to be read"}}
    return {"error": {"kind": type(error).__name__, "detail": str(error)}}


def _once(answer: Callable[[], Answer]) -> None:
    """One document by hand: the answer pretty-printed, an error as a sentence and exit code 1."""
    from cuttings.model import Unreadable

    try:
        result = answer()
    except (Unreadable, _Wrong, OSError) as error:
        stop(f"{error.filename}: {error.strerror}." if isinstance(error, OSError) else str(error))
    typer.echo(json.dumps(result, ensure_ascii=False, indent=1).encode("utf-8", "replace").decode())


# ---------------------------------------------------------------- questions in


def _maybe(question: Mapping[str, Any], key: str) -> str | None:
    value = question.get(key)
    if value is not None and not isinstance(value, str):
        raise _Wrong(f"'{key}' must be text")
    return value


def _text(question: Mapping[str, Any], key: str) -> str:
    value = _maybe(question, key)
    if value is None:
        raise _Wrong(f"'{key}' is missing")
    return value


def _needed(files: list[Path] | None) -> list[Path]:
    if not files:
        raise typer.BadParameter("name a file, or use --jsonl")
    return files


def _document(paths: Iterable[Path], url: str | None, family: str | None, fetched_at: datetime | None) -> Reading:
    import parsers
    from cuttings.model import Page
    from flows import given

    if family is not None and family not in parsers.family_names():
        raise _Wrong(f"there is no family '{family}'. Known families: {', '.join(parsers.family_names())}")
    pages = []
    for n, path in enumerate(paths):
        body = given.read(path)
        pages.append(
            Page(
                url=url if n == 0 else None,
                body=body,
                media_type=media_type(path.name, body),
                family=family,
                fetched_at=fetched_at,
            )
        )
    return parsers.read(pages, family=family)


def media_type(name: str, body: bytes) -> str:
    """What a file holds, for files have no header that says it: the name first, then the first bytes."""
    ending = name.lower().rpartition(".")[2]
    if ending in {"txt", "text"}:
        return "text/plain"
    if ending == "json":
        return "application/json"
    if ending in {"html", "htm", "xhtml", "aspx", "php"}:
        return "text/html"
    start = body[:1000].lstrip().lower()
    return "text/html" if start.startswith(b"<") or b"<html" in start or b"<body" in start else "text/plain"


def _read_line(question: Mapping[str, Any]) -> Answer:
    paths = question.get("paths")
    if not isinstance(paths, list) or not paths or not all(isinstance(p, str) for p in paths):
        raise _Wrong("'paths' must be a list of file names")
    fetched = _maybe(question, "fetched_at")
    try:
        moment = datetime.fromisoformat(fetched) if fetched else None
    except ValueError as error:
        raise _Wrong("'fetched_at' must be an ISO 8601 date and time") from error
    return reading_json(
        _document([Path(p) for p in paths], _maybe(question, "url"), _maybe(question, "family"), moment)
    )


def _article_in(question: Mapping[str, Any], key: str) -> Article:
    from cuttings.model import Article, precision

    authors = question.get("authors") or ()
    text = _maybe(question, "text") or ""
    published = _maybe(question, "published")
    return Article(
        key=key,
        url=_maybe(question, "url"),
        source=_maybe(question, "source"),
        title=_maybe(question, "title"),
        authors=tuple(str(a) for a in authors) if isinstance(authors, list) else (str(authors),),
        published=published,
        precision=precision(published),
        paragraphs=tuple(p for p in text.split("\n\n") if p.strip()),
    )


def _judge_line(question: Mapping[str, Any]) -> Answer:
    about, rows = question.get("article") or {}, question.get("comments")
    if not isinstance(about, dict):
        raise _Wrong("'article' must be an object")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _Wrong("'comments' must be a list of objects")
    from cuttings.model import fingerprint

    article = _article_in(about, key=fingerprint(_maybe(about, "title"), _maybe(about, "text")))
    return _judged(article, [_comment_in(row, article.key, n) for n, row in enumerate(rows, 1)])


def _comment_in(row: Mapping[str, Any], article: str, place: int) -> Comment:
    from cuttings.model import Comment, comment_key

    n, parent, links = row.get("n", place), row.get("parent"), row.get("links") or []
    if not isinstance(n, int) or not isinstance(parent, (int, type(None))) or not isinstance(links, list):
        raise _Wrong(f"comment {place}: 'n' and 'parent' must be whole numbers, 'links' a list")
    posted, text = _maybe(row, "posted"), _maybe(row, "text") or ""
    return Comment(
        # The place makes the key one of its own, whatever else two comments share.
        key=comment_key(article, posted, text, place),
        article=article,
        n=n,
        author=_maybe(row, "author"),
        author_url=_maybe(row, "author_url"),
        by_article_author=bool(row.get("by_article_author", False)),
        posted=posted,
        text=text,
        parent=parent,
        links=tuple(str(link) for link in links),
    )


# ---------------------------------------------------------------- answers out

_ARTICLE_KEYS = (
    "url", "title", "standfirst", "authors", "author_bio", "kind", "language", "published", "precision", "modified",
    "paragraphs", "subheads", "pull_quotes", "references", "related_links", "version_note", "repairs",
)  # fmt: skip
_COMMENT_KEYS = ("n", "author", "author_url", "by_article_author", "posted", "text", "parent", "links")


def reading_json(reading: Reading) -> Answer:
    """A Reading in the shape of the `read` command; a comment names its article by its place in the list."""
    from cuttings.model import as_json

    place = {article.key: n for n, article in enumerate(reading.articles)}
    return {
        "articles": [{key: as_json(getattr(a, key)) for key in _ARTICLE_KEYS} for a in reading.articles],
        "comments": [
            {"article": place[c.article], **{key: as_json(getattr(c, key)) for key in _COMMENT_KEYS}}
            for c in reading.comments
        ],
        "set_aside": as_json(reading.set_aside),
    }


def _judge_reading(reading: Reading) -> Answer:
    verdicts: list[Any] = []
    for article in reading.articles:
        verdicts += _judged(article, [c for c in reading.comments if c.article == article.key])["verdicts"]
    return {"verdicts": verdicts}


def _judged(article: Article, comments: list[Comment]) -> Answer:
    from cuttings.model import as_json
    from cuttings.spam import judge as judge_thread

    number = {c.key: c.n for c in comments}
    return {
        "verdicts": [
            {
                "n": comment.n,
                "outcome": verdict.outcome,
                "quotable": verdict.quotable,
                "score": round(verdict.score, 3),
                "because": as_json(verdict.because),
                "duplicate_of": number.get(verdict.duplicate_of) if verdict.duplicate_of else None,
            }
            for comment, verdict in zip(comments, judge_thread(article, comments), strict=True)
        ]
    }


def _matcher() -> Any:
    from cuttings.themes import compile_themes
    from flows.place import settings

    return compile_themes(settings().themes)
