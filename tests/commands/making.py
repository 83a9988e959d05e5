"""A house with something in it for the desk: two articles with readers' comments, one of them local and coming up."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from cuttings.edges.store import articles, open_store
from cuttings.edges.store.articles import Judged
from cuttings.model import Evidence, Label, Labels, Reading, Reason, Verdict
from flows.place import HOME
from tests.edges_store.made import article, comment, page, sign

NOW = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)  # a Wednesday: the week before has been sent to nobody yet
KEY = b"0" * 64
HELD = Verdict("review", False, 0.55, (Reason("link", 1.5, "one link"), Reason("early", -1.0, "posted within a day")))


def environment(tmp_path):
    """What every command and test of this house is told."""
    folder = tmp_path / "config"
    folder.mkdir(exist_ok=True)
    (folder / "council.toml").write_text('[council]\nlocal = ["Fell End"]\n')
    key = folder / "hash-key"
    key.write_text(KEY.decode() + "\n")
    key.chmod(0o600)
    return {
        "CUTTINGS_CONFIG": os.pathsep.join((str(HOME / "config" / "default"), str(folder))),
        "CUTTINGS_OUTPUT": str(tmp_path / "output"),
        "CUTTINGS_AS_AT": NOW.isoformat(),
    }


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


def command(environ, *words, keys=""):
    """A command as the command line runs it, in this process: a new one costs seconds, and these tests need many."""
    from flows.commands.main import main

    out, err = io.StringIO(), io.StringIO()
    before = sys.argv, sys.stdin, dict(os.environ)
    code = 0
    try:
        os.environ.update(environ)
        sys.argv, sys.stdin = ["cuttings", *map(str, words)], io.StringIO(keys)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main()
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.argv, sys.stdin = before[:2]
        os.environ.clear()
        os.environ.update(before[2])
    return Done(code, out.getvalue(), err.getvalue())


def opened(tmp_path):
    return open_store(tmp_path / "output" / "cuttings.db", hash_key=KEY)


def keep(store, of, voices, labels=None, verdicts=None, now=NOW - timedelta(days=1)):
    judged = Judged(
        reading=Reading((of,), tuple(voices)),
        verdicts={v.key: (verdicts or {}).get(v.key, HELD) for v in voices},
        labels={of.key: labels or Labels(None, ())},
        signatures={of.key: sign(of.text), **{v.key: sign(v.text) for v in voices}},
    )
    articles.save(store, judged, now=now, pages=[page(of)])


def furnish(store):
    """(the comments by a name for the tests, the articles)"""
    old = article("old-road", published="2026-06-02", paragraphs=("Nothing of ours. The road was long.",))
    here = article("fell-end", published="2026-10-29", paragraphs=("The team at Fell End starts at six.", "Then tea."))
    voices = {
        "sure": comment(here, 1, "I was there when it opened and it helped my mother.", author="Jo Brack"),
        "answer": comment(here, 2, "So was I, and my husband too.", author="Hana Vell", parent=1),
        "doubtful": comment(here, 3, "A fine read. See my page.", author="Kitchen Fitters Leeds", parent=1),
        "bold": comment(here, 4, "Visit our shop for stair rails today.", author="Stair Rails"),
        "stale": comment(old, 1, "Old news, old comment.", author="Abe Long"),
        "copy": comment(old, 2, "Visit our shop for stair rails today.", author="Rails Direct"),
    }
    genuine = Verdict("genuine", True, 0.05, ())
    verdicts = {
        voices["sure"].key: genuine,
        voices["answer"].key: genuine,
        voices["doubtful"].key: replace(HELD, score=0.35),
        voices["bold"].key: replace(HELD, score=0.8),
        voices["stale"].key: replace(HELD, score=0.3),
        voices["copy"].key: replace(HELD, score=0.7),
    }
    labels = Labels("workforce", (Label("workforce", 0.7, (Evidence("team", "text", 4, 8),)), Label("carers", 0.6, ())))
    keep(store, here, [v for v in voices.values() if v.article == here.key], labels, verdicts)
    keep(store, old, [v for v in voices.values() if v.article == old.key], None, verdicts)
    return voices, {"here": here, "old": old}
