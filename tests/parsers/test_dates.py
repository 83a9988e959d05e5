"""Dates as pages write them; a date that is none stays none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.model import when
from parsers.dates import from_url, looks_american, read_date

WRITTEN = {
    "04 March 2013 at 18:05:09": "2013-03-04T18:05:09",
    "posted 3rd Feb 2012 at 9:05 pm": "2012-02-03T21:05:00",
    "February 3, 2012 at 12:15 am": "2012-02-03T00:15:00",
    "25/06/2013": "2013-06-25",
    "25/06/13 18:02": "2013-06-25T18:02:00",
    "5/6/2013": "2013-06-05",
    "06/25/2013": "2013-06-25",
    "2013-06-25T08:30:00+01:00": "2013-06-25T08:30:00+01:00",
    "2013-06-25T08:30:00.000Z": "2013-06-25T08:30:00Z",
    "2013-06-25 08:30": "2013-06-25T08:30:00",
    "20130625T083000Z": "2013-06-25T08:30:00Z",
    "Tue, 25 Jun 2013 10:00:00 +0100": "2013-06-25T10:00:00+01:00",
    "10:57, 3 May 2012": "2012-05-03T10:57:00",
    "Sun 5th May 2013 8.30am": "2013-05-05T08:30:00",
    "9. April 2018 @ 10:27": "2018-04-09T10:27:00",
    "17.08.2021 um 20.41 Uhr": "2021-08-17T20:41:00",
    "Le 12 septembre 2017 à 13:46": "2017-09-12T13:46:00",
    "27 de abril de 2021 a las 16:22": "2021-04-27T16:22:00",
    "3 Chwefror 2012": "2012-02-03",
    "25 June 2013 - 4 comments": "2013-06-25",
    "June 2013": "2013-06",
    "Issue of JAN 2012": "2012-01",
}


@pytest.mark.parametrize("text", WRITTEN)
def test_written(text):
    assert read_date(text) == WRITTEN[text]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "4 comments",
        "31/02/2013",
        "2013-00-00",
        "99/99/9999",
        "2 days ago",
        None,
        "phone 01632 960 123",
    ],
)
def test_no_date(text):
    assert read_date(text) is None


@given(st.dates(min_value=__import__("datetime").date(1950, 1, 1), max_value=__import__("datetime").date(2049, 12, 31)))
def test_every_day_in_every_dress(day):
    for dress in ("%d %B %Y", "%B %d, %Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%a, %d %b %Y"):
        assert read_date(day.strftime(dress)) == day.isoformat()


@given(st.text(max_size=80))
def test_anything_at_all(text):
    found = read_date(text)
    assert found is None or when(found[:10]) is not None


def test_one_thread_settles_the_order():
    assert looks_american(["3/4/2013 9:00", "3/25/2013 9:00"])
    assert not looks_american(["3/4/2013 9:00", "25/3/2013 9:00"])


ADDRESSES = {
    "https://paper.example/2013/06/25/social-care/": "2013-06-25",
    "https://paper.example/2013/06/social-care": "2013-06",
    "https://paper.example/2024-03-01-slug": "2024-03-01",
    "https://paper.example/society/2013/jun/25/care/": "2013-06-25",
    "https://paper.example/2013/66/25/care/": None,
    "https://paper.example/care-act-2014/": None,
}


@pytest.mark.parametrize("url", ADDRESSES)
def test_addresses(url):
    assert from_url(url) == ADDRESSES[url]
