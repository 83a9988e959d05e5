"""What a source's lists name and nobody asks for: counted, kept with the run, and told."""

from cuttings.edges.store import addresses
from cuttings.model import when
from flows.collecting.counts import Collected, SourceCounts, table, totals
from tests.flows import press as paper
from tests.flows.press import Story, remarks

COUNTS = SourceCounts(
    "moor",
    "Moor Gazette",
    found=2,
    pages=(("read", 2),),
    left_out=(("leads to another site", 3), ("more than 2 addresses at once", 1)),
    notes=("7 further entries were not looked at.",),
)


def test_what_was_left_out_is_in_the_runs_counts_and_on_its_page_and_in_the_terminal():
    sums = totals([COUNTS, COUNTS])
    assert (sums["read"], sums["left out"], sums["left out: leads to another site"]) == (4, 8, 6)
    (row,), sentence = table(Collected((COUNTS,)))
    assert "3 leads to another site" in row["listed and not asked for"]
    assert row["notes"] == "7 further entries were not looked at."
    assert sentence == "1 of 1 sources could be asked."
    assert COUNTS.remarks == (
        "3 listed and not asked for: leads to another site",
        "1 listed and not asked for: more than 2 addresses at once",
        "7 further entries were not looked at.",
    )


def test_entries_beyond_the_most_at_first_are_counted(home, press, readers):
    for n in range(5):
        press.put(Story(f"a{n}", f"Evening visits, part {n}", post=n + 1))
    home.write(sources=paper.source_toml(press, most_at_first=2))
    found = paper.discovered(readers)
    assert len(found.documents) == found.found == 2
    assert found.left_out == (("more than 2 addresses at once", 3),)


def test_a_list_that_can_not_be_read_still_lets_known_threads_be_visited(home, press, readers):
    press.put(Story(comments=remarks(1)))
    paper.collect(readers)
    press.broken["/feed/"] = 500
    home.at("2026-11-04T07:00:00+00:00")
    found = paper.discovered(readers)
    assert found.failure
    assert len(found.documents) == 1
    assert len(addresses.due(home.store, now=when("2026-11-04T07:00:00+00:00"))) == 1
