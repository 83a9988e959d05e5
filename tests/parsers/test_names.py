"""Names in bylines, where only people count, and over comments, where a doubled name is halved for one reason."""

from __future__ import annotations

import pytest

from parsers.bylines import people
from parsers.remark import tidy_name

BYLINES = {
    "By Ann Lee": ("Ann Lee",),
    "By Ann Lee and Bo Dahl, social affairs correspondents": ("Ann Lee", "Bo Dahl"),
    "Words: Ann Lee": ("Ann Lee",),
    "Posted by Ann Lee on 3 May 2012": ("Ann Lee",),
    "Ann Lee | 3 May 2012": ("Ann Lee",),
    "Ann Lee, senior reporter": ("Ann Lee",),
    "Dr Ann Lee & Prof Bo Dahl": ("Dr Ann Lee", "Prof Bo Dahl"),
    "admin": (),
    "Editor": (),
    "Press Office": (),
    "ann@paper.example": (),
    "https://paper.example/ann": (),
    "paper.co.uk": (),
    "": (),
}


@pytest.mark.parametrize("byline", BYLINES)
def test_people(byline):
    assert people([byline]) == BYLINES[byline]


def test_the_paper_is_nobody():
    assert people(["The Valley Paper"], "The Valley Paper") == ()


NAMES = {
    "Gravatar of AnnAnn": "Ann",
    "Gravatar of Tom ap RhysTom ap Rhys": "Tom ap Rhys",
    "Gravatar of Ann Ann": "Ann",
    "Martin Martin": "Martin Martin",
    "JoJo": "JoJo",
    "Ann says:": "Ann",
    "Ann said...": "Ann",
    "Ann on 3 May 2012 at 10:00": "Ann",
    "By: Ann": "Ann",
    "Posted by Ann on": "Ann",
    "  Ann,": "Ann",
    "says:": None,
    "": None,
}


@pytest.mark.parametrize("shown", NAMES)
def test_tidy_name(shown):
    assert tidy_name(shown) == NAMES[shown]
