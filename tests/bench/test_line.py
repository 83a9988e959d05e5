"""What `line` and `soak` call bad is bad: a host's complaints, a row too many, a leak."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.bench import line_site
from tests.bench.line import PACE, changed, shares, violations
from tests.bench.line_site import FORBIDDEN, SLOW, Paper, host
from tests.bench.soak import slope

AGENT = "Cuttings/0.1 (policy@fellshire.example)"


def asked(*paths, name="paper01.line.example", step=PACE + 0.01, took=0.05, agent=AGENT):
    return [
        {"host": name, "path": path, "began": n * step, "ended": n * step + took, "agent": agent}
        for n, path in enumerate(paths)
    ]


def test_a_polite_visit_has_no_violation():
    assert violations(asked("/robots.txt", "/feed/", "/1-0/", "/1-1/")) == []
    assert violations(asked("/robots.txt", "/feed/", name=host(0), step=SLOW)) == []


@pytest.mark.parametrize(
    ("log", "says"),
    [
        (asked("/feed/", "/robots.txt"), "before its robots.txt"),
        (asked("/robots.txt", "/feed/", "/1-0/", step=0.1), "s between two requests"),
        (asked("/robots.txt", "/feed/", "/0-0/", name=host(0)), "s between two requests"),
        (asked("/robots.txt", "/feed/", "/1-0/", took=PACE * 2), "two requests at once"),
        (asked("/robots.txt", "/1-0/", "/1-0/"), "asked for 2 times"),
        (asked("/robots.txt", FORBIDDEN), "forbids"),
        (asked("/robots.txt", "/feed/", agent="python-requests"), "no contact"),
    ],
)
def test_what_a_host_could_complain_of_is_found(log, says):
    assert any(says in line for line in violations(log))


def test_a_row_that_changed_is_counted_and_the_record_of_the_run_is_not():
    before = {"articles": Counter("ab"), "runs": Counter("r")}
    assert changed(before, {"articles": Counter("ab"), "runs": Counter("rs")}) == {}
    assert changed(before, {"articles": Counter("ac"), "comments": Counter("dd")}) == {"articles": 1, "comments": 2}


def test_prefects_share_is_what_it_adds_with_and_without_its_servers_rest():
    plain = {"collect": 80.0, "publish": 10.0, "server": 0.0}
    engine = {"collect": 84.0, "publish": 11.0, "server": 5.0, "whole wall": 100.0}
    assert shares(plain, engine, 0.0) == (pytest.approx(0.1), pytest.approx(0.1))
    assert shares(plain, engine, 0.04) == (pytest.approx(0.1), pytest.approx(6 / 96))


def test_a_paper_says_the_same_each_time_and_prints_day_by_day():
    paper = Paper(3, 6, "http://paper.example", days=3)
    assert paper.answer("/3-0/") == Paper(3, 6, "http://paper.example", days=3).answer("/3-0/")
    assert paper.answer("/3-9/").status == 404
    paper.day = 2
    feed = paper.answer("/feed/").body.decode()
    assert ("/3-1/" in feed, "/3-2/" in feed, "/3-5/" in feed) == (False, True, True)
    assert paper.answer("/3-5/").body.decode().count('class="comment-content"') == line_site.COMMENTS


def test_the_slope_of_what_stays_is_none():
    assert slope([5.0, 5.0, 5.0]) == 0
    assert slope([1.0, 2.0, 3.0, 4.0]) == pytest.approx(1.0)
    assert slope([7.0]) == 0
