"""What an article is written in: what the page declares, where its words don't plainly say otherwise."""

from __future__ import annotations

import pytest

from parsers.language import language

ENGLISH = "The council has said that the families of the valley will not have to pay, and that is what they want. "
GERMAN = "Der Rat hat gesagt, dass die Familien das nicht bezahlen, und das ist gut so, denn es war für ihn teuer. "


@pytest.mark.parametrize(
    ("declared", "text", "found"),
    [
        ("en-GB", ENGLISH * 40, "en"),
        ("en", GERMAN * 40, "de"),  # a German blog in a theme that nobody translated
        ("de", ENGLISH * 4 + GERMAN * 40, "de"),  # it opens with what somebody said
        ("en", ENGLISH * 20 + GERMAN * 40, "en"),  # opens as declared, and goes on with an answer
        ("en", "Too short to tell.", "en"),
        ("xx", ENGLISH * 40, "en"),
        (None, GERMAN * 40, "de"),
        (None, "Too short to tell.", None),
    ],
)
def test_language(declared, text, found):
    assert language(None, text, declared) == found
