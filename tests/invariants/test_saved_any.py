"""Whatever was read: saved twice it is there once, and what comes back is what went in."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from cuttings.edges.store.tables import metadata
from cuttings.model import Verdict
from tests.edges_store.made import article, comment, save
from tests.stores import fresh

WORDS = st.text("ab é\x00\ud800\n.", max_size=30)
OUTCOMES = st.sampled_from(("genuine", "review", "spam"))
# (text, who, outcome) of each comment
SAID = st.lists(st.tuples(WORDS, st.sampled_from(("Jo Brack", None, "\udfff")), OUTCOMES), max_size=5)


def whole(store):
    """Every row of every table, but for when it was last seen."""
    with store.reading() as connection:
        return {
            table.name: sorted(
                repr([v for c, v in zip(table.columns, row, strict=True) if c.name not in ("checked", "last_seen")])
                for row in connection.execute(select(table))
            )
            for table in metadata.sorted_tables
        }


@settings(max_examples=10, deadline=None)
@given(WORDS, WORDS, SAID)
def test_saving_again_changes_nothing(title, paragraph, said):
    with TemporaryDirectory() as folder:
        store = fresh(Path(folder) / "one.db", b"key")
        try:
            one = article(title=title, paragraphs=(paragraph, "An end."))
            thread = [
                comment(one, n, text, author=who, posted=f"2026-04-0{n}") for n, (text, who, _) in enumerate(said, 1)
            ]
            verdicts = {
                c.key: Verdict(outcome, False, 0.5, (), rules_version="v1")
                for c, (_, _, outcome) in zip(thread, said, strict=True)
            }
            save(store, one, thread, verdicts=verdicts)
            before = whole(store)
            # As a run that Prefect bears twice, or `reread`: a fetch anew would be another page of the audit.
            save(store, one, thread, verdicts=verdicts, pages=[])
            assert whole(store) == before
            with store.reading() as connection:
                held = connection.execute(select(func.count()).select_from(metadata.tables["comments"])).scalar()
            assert held == len(thread)
        finally:
            store.close()
