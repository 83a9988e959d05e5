"""Reading beside its peers: the same pages in one run, what came out right beside what it cost.

Each reader works in a process of its own, so that its memory is its own, and all of them read a page before the next
page comes: on a machine that does other things as well, they are measured in the same minutes. The pages are those of
../shared/pages with their annotations; where they are missing, the cases of tests/parsers, which are ours and easier.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.table import Cell, Table, peak_megabytes
from tests.parsers.measure import PAGES, Score, compare, corpus, record_f1, records, whole_text

KINDS = ("all", "recognised", "generic")
CASES = Path(__file__).resolve().parents[1] / "parsers/cases"
Found = tuple[str, str | None, list[str], str | None]  # body, title, authors, date
OURS, WORKER = "Cuttings", "Cuttings in its worker"
# It keeps what it worked out for a text or a date. Emptied before every page, no page gains by another; emptied
# before every round, pages gain by those before them, as in a long run, and none by itself of the round before.
PEER, PEER_WARM = "trafilatura", "trafilatura, caches kept"
REPEATED = (OURS, PEER, PEER_WARM, WORKER)
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Sample:
    """One page with what is known of it."""

    name: str
    url: str
    body: bytes
    row: dict[str, Any]


def measure(quick: bool) -> Table:
    results = _side_by_side(quick)
    ours = results[OURS]
    rows: list[dict[str, Cell]] = [_line(name, results[name]) for name in READERS]
    notes = [
        *([] if PAGES.is_dir() else [f"{PAGES} is missing: measured on the cases of tests/parsers, which are easier."]),
        *(
            f"Speed of Cuttings, of {peer}, with comments and metadata: "
            + ", ".join(f"{kind} {_ratio(ours, results[peer], kind):.2f} times" for kind in KINDS)
            + "."
            for peer in (PEER, PEER_WARM)
        ),
        f"limited.py's worker adds {100 * (results[WORKER]['total'] / ours['total'] - 1):.0f} % of CPU time.",
        f"Reader comments as records (text, author and day all right): F1 {ours['comments']:.3f}; no peer gives any.",
    ]
    return Table("Reading: right and fast, on the same pages", rows, notes)


def _line(name: str, result: dict[str, Any]) -> dict[str, Cell]:
    return {
        "reader": name,
        "body F1": result["body"],
        "title": result["title"],
        "author": result["author"],
        "date": result["date"],
        "pages/CPU s": _speed(result, "all"),
        "recognised": _speed(result, "recognised"),
        "generic": _speed(result, "generic"),
        "p99 ms": result["p99"],
        "peak MB": result["peak"],
    }


def _speed(result: dict[str, Any], kind: str) -> float:
    count, seconds = result["seconds"][kind]
    return float(count / seconds) if seconds else 0.0


def _ratio(ours: dict[str, Any], other: dict[str, Any], kind: str) -> float:
    return _speed(ours, kind) / (_speed(other, kind) or 1.0)


# ---------------------------------------------------------------- page by page


def _side_by_side(quick: bool) -> dict[str, dict[str, Any]]:
    """Every reader's figures. Each page goes through one reader after the other before the next page comes.

    One reader after the other through all pages would compare different minutes of a machine that others use as well.
    The readers that are compared take turns at being first, and of each page the middle one of its times counts.
    """
    names = (*READERS, WORKER)
    with ExitStack() as open_:
        readers = {name: open_.enter_context(_Process(name, quick)) for name in names}
        pages = int(readers[OURS].ask("pages"))
        for again in range(1 if quick else ROUNDS):
            turn = [name for name in names if not again or name in REPEATED]
            for name in turn:
                if name == PEER_WARM:
                    readers[name].ask("forget")
            for n in range(pages):
                for name in turn[(shift := again % len(turn)) :] + turn[:shift]:
                    readers[name].ask(f"read {n}")
        return {name: json.loads(reader.ask("result")) for name, reader in readers.items()}


class _Process:
    """A reader in a process of its own: `ask` it for one thing after the other."""

    def __init__(self, name: str, quick: bool) -> None:
        self.name = name
        self.command = [sys.executable, "-m", "tests.bench.read", name, *(["--quick"] if quick else [])]

    def __enter__(self) -> _Process:
        self.errors = tempfile.TemporaryFile("w+")
        pipe = subprocess.PIPE
        self.running = subprocess.Popen(self.command, stdin=pipe, stdout=pipe, stderr=self.errors, text=True)
        return self

    def ask(self, line: str) -> str:
        assert self.running.stdin is not None
        assert self.running.stdout is not None
        with suppress(BrokenPipeError):  # why it died is said below
            self.running.stdin.write(line + "\n")
            self.running.stdin.flush()
        answer = self.running.stdout.readline()
        if not answer:
            self.errors.seek(0)
            raise SystemExit(f"{self.name} could not be measured:\n{self.errors.read()[-2000:]}")
        return answer

    def __exit__(self, *_: object) -> None:
        assert self.running.stdin is not None
        with suppress(BrokenPipeError):
            self.running.stdin.close()  # which is its end
        self.running.wait(timeout=60)
        self.errors.close()


# ---------------------------------------------------------------- in the reader's own process


def serve(name: str, quick: bool) -> None:
    """Answers the lines of its input, a line each: "pages", "forget", "read N" with the seconds, "result"."""
    samples = [s for n, s in enumerate(_samples()) if not quick or n % 6 == 0]
    read, spent = (READERS[name](), _spent) if name in READERS else _in_a_worker()
    for sample in samples[:3]:
        read(sample)  # imports, stop lists and compiled patterns are not the pages' cost
    scores = [Score(sample.name, "") for sample in samples]
    times: list[list[float]] = [[] for _ in samples]
    for line in sys.stdin:
        wanted, _, number = line.strip().partition(" ")
        if wanted == "forget":
            _forget()
        if wanted == "read":
            n = int(number)
            if name == PEER:
                _forget()
            process, start = spent()
            found = read(samples[n])
            after, end = spent()
            if after == process:  # not another worker than before the page
                times[n].append(end - start)
            if scores[n].body is None:
                compare(scores[n], samples[n].row, *found)
        result = _result(name, samples, scores, times) if wanted == "result" else {}
        print(len(samples) if wanted == "pages" else json.dumps(result), flush=True)


def _forget() -> None:
    from trafilatura.meta import reset_caches

    reset_caches()


def _result(
    name: str, samples: Sequence[Sample], scores: Sequence[Score], times: Sequence[Sequence[float]]
) -> dict[str, Any]:
    for score, sample, seconds in zip(scores, samples, times, strict=True):
        score.seconds = median(seconds) if seconds else 0.0
        if name == OURS and sample.row.get("comments"):
            score.records = records(score, _comments(sample), sample.row["comments"])
    return _summed(scores, [_kind(s) for s in samples])


def _summed(scores: Sequence[Score], kinds: Sequence[str]) -> dict[str, Any]:
    def mean(values: list[Any]) -> float | None:
        known = [float(v) for v in values if v is not None]
        return sum(known) / len(known) if known else None

    split = {
        kind: [s.seconds for s, k in zip(scores, kinds, strict=True) if kind in {"all", k}]
        for kind in ("all", "recognised", "generic")
    }
    ordered = sorted(s.seconds for s in scores)
    return {
        "body": mean([s.body for s in scores]),
        "title": mean([s.title for s in scores]),
        "author": mean([s.author for s in scores]),
        "date": mean([s.date for s in scores]),
        "seconds": {kind: (len(found), sum(found)) for kind, found in split.items()},
        "total": sum(ordered),
        "p99": 1000 * ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))],
        "peak": round(peak_megabytes()),
        "comments": record_f1([s for s in scores if s.records[2]]),
    }


def _samples() -> list[Sample]:
    if PAGES.is_dir():
        return [Sample(r["id"], r["url"], (PAGES / f"{r['id']}.html").read_bytes(), r) for r in corpus()]
    found = []
    for case in sorted(CASES.iterdir()):
        page = case / "page.html"
        if page.is_file():
            about, expected = (json.loads((case / f"{n}.json").read_text("utf-8")) for n in ("about", "expected"))
            found.append(Sample(case.name, about["url"], page.read_bytes(), _as_row(expected)))
    return found


def _as_row(expected: dict[str, Any]) -> dict[str, Any]:
    heads = [s["text"] for s in expected["subheads"]]
    said = [expected["standfirst"] or "", *heads, *expected["paragraphs"], *expected["references"]]
    comments = [{"text": c["text"], "author": c["author"], "date": c["posted"] or ""} for c in expected["comments"]]
    return {
        "body": "\n".join((*said, *expected["pull_quotes"], expected["version_note"] or "")),
        "title": expected["title"],
        "author": "; ".join(expected["authors"]) or None,
        "date": expected["published"],
        "must_contain": [],
        "must_not_contain": [],
        "comments": comments,
    }


def _kind(sample: Sample) -> str:
    import parsers
    from cuttings.model import Page

    doc = parsers.Document(Page(sample.url, sample.body))
    return "generic" if next(f.name for f in parsers.FAMILIES if f.recognises(doc)) == "generic" else "recognised"


def _comments(sample: Sample) -> Any:
    import parsers
    from cuttings.model import Page, Unreadable

    try:
        return parsers.read([Page(sample.url, sample.body)]).comments
    except Unreadable:
        return ()


# ---------------------------------------------------------------- the readers


Reader = Callable[[Sample], Found]
Spent = Callable[[], tuple[int | None, float]]  # the process that works besides this one, and the CPU seconds of both


def _spent() -> tuple[int | None, float]:
    return None, time.process_time()


def _ours() -> Reader:
    import parsers
    from cuttings.model import Page, Unreadable

    def read(sample: Sample) -> Found:
        try:
            reading = parsers.read([Page(sample.url, sample.body)])
        except Unreadable:
            return "", None, [], None
        article = reading.articles[0]
        return whole_text(reading), article.title, list(article.authors), article.published

    return read


def _in_a_worker() -> tuple[Reader, Spent]:
    """Ours, in limited.py's process as in the product."""
    from cuttings.edges.limited import Limited
    from cuttings.model import Page, Unreadable

    limited = Limited(preload=("parsers", "trafilatura"))

    def read(sample: Sample) -> Found:
        with suppress(Unreadable):
            limited.call("parsers:read", [Page(sample.url, sample.body)])
        return "", None, [], None

    def spent() -> tuple[int | None, float]:
        pid = limited.pid
        # What the system calls the CPU clock of a process; /proc counts in hundredths of a second.
        return pid, time.process_time() + (time.clock_gettime(~pid << 3 | 2) if pid else 0.0)

    return read, spent


def _trafilatura() -> Reader:
    import trafilatura

    def read(sample: Sample) -> Found:
        found = trafilatura.bare_extraction(sample.body, url=sample.url, include_comments=True, with_metadata=True)
        if found is None:
            return "", None, [], None
        authors = [a.strip() for a in (found.author or "").split(";") if a.strip()]
        return found.text or "", found.title, authors, found.date

    return read


def _newspaper() -> Reader:
    import newspaper

    def read(sample: Sample) -> Found:
        article = newspaper.Article(sample.url, fetch_images=False)
        article.download(input_html=sample.body.decode("utf-8", "replace"))
        try:
            article.parse()
        except Exception:  # it raises what its strategies raise
            return "", None, [], None
        date = article.publish_date
        return article.text, article.title, list(article.authors), _day(date)

    return read


def _day(date: object) -> str | None:
    return date.date().isoformat() if isinstance(date, datetime) else None


def _readability() -> Reader:
    import readability
    from lxml import html

    def read(sample: Sample) -> Found:
        page = readability.Document(sample.body.decode("utf-8", "replace"))
        try:
            text = html.fromstring(page.summary()).text_content()
        except Exception:  # an empty page is an error to it
            return "", None, [], None
        return text, page.short_title(), [], None

    return read


def _resiliparse() -> Reader:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    def read(sample: Sample) -> Found:
        tree = HTMLTree.parse(sample.body.decode("utf-8", "replace"))
        return extract_plain_text(tree, main_content=True, alt_texts=False), tree.title, [], None

    return read


READERS: dict[str, Callable[[], Reader]] = {
    OURS: _ours,
    PEER: _trafilatura,
    PEER_WARM: _trafilatura,
    "newspaper4k": _newspaper,
    "readability-lxml": _readability,
    "resiliparse": _resiliparse,
}


if __name__ == "__main__":
    serve(sys.argv[1], "--quick" in sys.argv)
