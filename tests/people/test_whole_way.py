"""On a real Prefect, over real HTTP: what is collected, forgotten and collected again leaves no trace of a person."""

import os
import subprocess
import sys

import pytest

from cuttings.edges.store import judged, people, suppressed
from flows import erasing
from flows.house import open_house
from tests.flows.conftest import Home, home, prefect, sampled, site  # noqa: F401 - fixtures
from tests.flows.records import records
from tests.site import truth

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect")]


SOURCES = ["care-ledger", "fellshire-observer", "kitchen-table"]


def run_collect():
    from flows.collect import collect

    return collect(SOURCES)


def talkative():
    """A commenter with a full name, whose words are long enough to be nobody else's, who wrote below one article."""
    for article in [a for name in SOURCES for a in truth.of(name)]:
        for comment in article.comments:
            if comment.author and comment.author.count(" ") == 1 and len(comment.text) > 120:
                yield article, comment


def cuttings(env, *words):
    return subprocess.run(
        [sys.executable, "-m", "flows.commands.main", *words],
        env=os.environ | env,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def test_forgotten_collected_again_and_never_seen_in_prefects_records(sampled, capfd):  # noqa: F811
    run_collect()
    # Prefect's records, the log and the screen never held anybody's name or words.
    printed = "".join(capfd.readouterr())
    found = records()
    # What was logged, and each task's state, may still be on its way to the server; the screen has the words too.
    assert {"flow_run", "artifact"} <= {table for table, *_ in found}, "nothing to look at"
    held = [text for _, _, _, text in found]
    names = {c.author for _, c in talkative()}
    texts = [c.text for _, c in talkative()]
    assert len(names) > 10
    shown = erasing.shown_by(texts, sorted(names))
    assert not [r for r in (*held, printed) if shown(r)]

    with open_house() as house:
        chosen = next(
            (article, comment)
            for article, comment in talkative()
            if len(people.voices_of(house.store, comment.author)) == 1
        )
    article, comment = chosen
    listed = cuttings(sampled.env, "forget", comment.author)
    assert listed.returncode == 1
    assert "Nothing was erased" in listed.stderr
    asked = cuttings(sampled.env, "person", comment.author)
    assert " ".join(comment.text.split())[:60] in " ".join(asked.stdout.replace("|", " ").split())

    done = cuttings(sampled.env, "forget", comment.author.upper(), "--source", article.source, "--yes")
    assert done.returncode == 0, done.stderr
    assert "Erased: 1 comment(s)" in done.stdout
    assert "1 redacted, 0 deleted" in done.stdout

    # Days later the threads are looked at again: the page still shows them, and nothing comes back.
    sampled.at("2026-11-05T05:00:00+00:00")
    run_collect()
    alone = erasing.shown_by([comment.text], [comment.author])
    with open_house() as house:
        assert suppressed.every(house.store, "person")
        assert [v for v in people.voices_of(house.store, comment.author) if v.judged.comment.text] == []
        assert judged.counts(house.store)
        others = [c.text for a in truth.articles() for c in a.comments if c.author != comment.author]
        if not any(alone(text) for text in others):
            assert erasing.remaining(house, alone) == []
    sampled.store.close()
    raw = b"".join(p.read_bytes() for p in sampled.output.glob("cuttings.db*") if p.is_file())
    assert comment.text[:60].encode() not in raw

    # When their time is over, names and pages end; what is counted stays.
    from flows.people import retention

    sampled.at("2027-03-01T05:00:00+00:00")
    over = retention(dry_run=True)
    ended = retention()
    assert (over.names, over.pages) == (ended.names, ended.pages)
    assert ended.names > 20
    with open_house() as house:
        assert list(house.archive.digests()) == []
        with house.store.reading() as connection:
            left = connection.exec_driver_sql("SELECT count(*) FROM comments WHERE author IS NOT NULL").scalar()
            hashed = connection.exec_driver_sql("SELECT count(*) FROM comments WHERE author_hash IS NOT NULL").scalar()
    assert (left, hashed > 20) == (0, True)


__all__ = ["Home"]
