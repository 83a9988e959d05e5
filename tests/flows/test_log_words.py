"""What a line of a log may hold: nobody's address, no foreign exception's words, and none is without an end."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.edges.store import StoreError
from flows import logs, run_log

NOW = datetime(2026, 11, 4, 9, 0, 0, 123456, tzinfo=UTC)


def fields(line, source="server"):
    return logs.structured(source, line, at=NOW)


@pytest.mark.parametrize(
    ("line", "level", "logger", "text"),
    [
        ("07:00:02.118 | ERROR   | prefect.flow_runs - a - b", "ERROR", "prefect.flow_runs", "a - b"),
        ("07:00:02.118 | INFO | x - two\nlines", "INFO", "x", "two\nlines"),
        ("\x1b[1m07:00:02.118\x1b[0m | INFO | x - y\x1b[?25h  ", "INFO", "x", "y"),
        ("Uvicorn running", "INFO", "server", "Uvicorn running"),
        ("07:00:02 | INFO | x - y", "INFO", "server", "07:00:02 | INFO | x - y"),
        (" 07:00:02.118 | INFO | x - y", "INFO", "server", " 07:00:02.118 | INFO | x - y"),
        ("", "INFO", "server", ""),
    ],
)
def test_a_line_in_its_fields(line, level, logger, text):
    at = "2026-11-04T09:00:00+00:00"
    assert fields(line) == {"at": at, "from": "server", "level": level, "logger": logger, "text": text}


KEPT = "(its words are on the run's page)"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("ValueError: Jo Brack\nsaid so", f"ValueError: {KEPT}"),
        ("a KeyboardInterrupt: x", f"a KeyboardInterrupt: {KEPT}"),
        ("sqlalchemy.exc.DBAPIError: Jo", f"sqlalchemy.exc.DBAPIError: {KEPT}"),
        ("prefect.exceptions.CrashedRunException: Jo", f"prefect.exceptions.CrashedRunException: {KEPT}"),
        ("ProcessExited: Jo; UserWarning: Jo", f"ProcessExited: {KEPT}"),
        ("cuttings.model.BadError: a sentence of ours", "cuttings.model.BadError: a sentence of ours"),
        ("flows.place.PlaceError: ours", "flows.place.PlaceError: ours"),
        ("parsers.soup.SoupError: ours", "parsers.soup.SoupError: ours"),
        ("ArchiveError: the disk is full", "ArchiveError: the disk is full"),
        ("StoreError: sent to jo@x.example", "StoreError: sent to (address)"),
        ("mycuttings.XError: Jo", f"mycuttings.XError: {KEPT}"),
        ("to=jo@x.example;cc:jo@x.example,(jo@x) <jo@x>'jo@x'\"jo@x\"",
         "to=(address);cc:(address),((address)) <(address)>'(address)'\"(address)\""),
        ("at @ home, a@ b, @c", "at @ home, a@ b, @c"),
        ("no error: nothing", "no error: nothing"),
    ],
)  # fmt: skip
def test_whose_words_are_written(said, written):
    assert fields(said)["text"] == written


ADDRESS = st.from_regex(r"[a-z.+]{1,8}@[a-z.]{1,8}", fullmatch=True)
AROUND = st.sampled_from(["", " ", "<", ">", "(", ")", ",", ";", ":", "'", '"', "to ", "\n", "\x1b[31m"])


@given(st.lists(st.tuples(AROUND, ADDRESS, AROUND), min_size=1, max_size=4))
def test_no_address_is_left_in_either_log(parts):
    text = "".join(before + address + after for before, address, after in parts)
    assert "@" not in fields(text)["text"]
    assert "@" not in run_log.plain(text)


@given(st.text())
def test_any_line_is_bounded(text):
    assert len(fields(text * 50)["text"]) <= logs.LONGEST
    line = run_log.plain(text * 50)
    assert len(line) <= run_log.LONGEST
    assert line == " ".join(line.split())


def test_the_longest_line_and_one_that_is_longer():
    assert fields("x" * logs.LONGEST)["text"] == "x" * logs.LONGEST
    assert fields("x" * logs.LONGEST + "y")["text"] == "x" * logs.LONGEST
    assert run_log.plain("x" * run_log.LONGEST) == "x" * run_log.LONGEST
    assert run_log.plain("x" * run_log.LONGEST + "y") == "x" * (run_log.LONGEST - 1) + "…"


@pytest.mark.parametrize("hostile", ["x", "x@", "<", "a.Error", "\x1b[", "00:00:00.000 | A | "])
def test_a_word_without_an_end_is_gone_through_once(hostile):
    """Tried anew at each of its letters, one of 300,000 would hold up a run for hours: this test would not end."""
    assert len(fields(hostile * 300_000)["text"]) <= logs.LONGEST
    assert len(run_log.plain(hostile * 300_000)) <= run_log.LONGEST


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StoreError("It is full for jo@x.example now."), "It is full for (an address) now."),
        (StoreError(""), "a fault of ours (StoreError)"),
        (KeyError("Jo Brack"), "a fault of ours (KeyError)"),
        (OSError(28, "No space left", "jo@x.example"), "a fault of ours (OSError)"),
    ],
)
def test_what_an_exception_may_say(error, said):
    assert run_log.fault(error) == said


def test_an_exception_of_a_package_with_a_name_like_ours_is_not_ours():
    foreign = type("Refused", (Exception,), {"__module__": "cuttingsextra.flows"})
    assert run_log.fault(foreign("Jo Brack")) == "a fault of ours (Refused)"


def test_the_names_of_counts_are_cleaned_like_all_words():
    cleaned = run_log._clean({"jo@x.example\n asked": 3})
    assert cleaned == {"(an address) asked": 3}
    assert run_log._clean("a\n b") == "a b"
    assert run_log._clean(2.5) == 2.5
