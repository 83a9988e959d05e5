"""Both twins and the letters in a real browser: axe-core finds nothing, and nothing is wider than a small phone."""

import pytest

from cuttings.render import email_html, html
from cuttings.render.shelf import shelf
from tests.digest.corpus import MANAGERS, digest, many
from tests.render.browser import look_at
from tests.render.documents import CRESTS, issue
from tests.render.test_shelf import ISSUES

PHONE, DESK = 320, 1280  # CSS pixels; 320 is also what is left of 1280 at 400 % zoom

# A mail program puts the letter into a page of its own, and that page has the landmarks.
NOT_A_LETTER_S = ("landmark-one-main", "region")

BAD = (
    '<!DOCTYPE html><html><head></head><body><p style="color:#aaa">Pale.</p><img src="data:,">'
    '<div style="width:500px">Wide.</div></body></html>'
)


def twins():
    return {
        "managers-week": html(issue("managers-week")),
        "members-month": html(issue("members-month")),
        "managers-one": html(issue("managers-one")),
        "managers-60": html(digest(MANAGERS, many(60)), contents=True),
        "managers-odd": html(issue("managers-odd"), crest=CRESTS["managers-odd"]),
        "members-odd": html(issue("members-odd"), crest=CRESTS["members-odd"]),
        "managers-12-themes": html(issue("managers-12-themes")),
        "shelf": shelf(ISSUES, "Wexmoor County Council"),
    }


def letters():
    return {
        "letter-managers-week": email_html(issue("managers-week"), unsubscribe="mailto:stop@wexmoor.example"),
        "letter-members-month": email_html(issue("members-month"), unsubscribe="mailto:stop@wexmoor.example"),
        "letter-members-odd": email_html(issue("members-odd")),
    }


WIDE = ("managers-week", "members-month", "letter-managers-week", "letter-members-month")
NAMES = tuple(f"{name}-{PHONE}" for name in (*twins(), *letters())) + tuple(f"{name}-{DESK}" for name in WIDE)


@pytest.fixture(scope="module", params=["light", "dark"])
def scheme(request):
    return request.param


@pytest.fixture(scope="module")
def seen(scheme, tmp_path_factory):
    documents = twins() | letters()
    framed = {name: (documents[name.rpartition("-")[0]], int(name.rpartition("-")[2])) for name in NAMES}
    return look_at(framed | {"bad": (BAD, PHONE)}, tmp_path_factory.mktemp("browser"), dark=scheme == "dark")


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(seen, scheme, name):
    found = seen[name]
    assert found.dark == (scheme == "dark")
    assert len(found.passed) > 20
    assert "color-contrast" in found.passed
    ours = [v for v in found.violations if not (name.startswith("letter") and v.split(":")[0] in NOT_A_LETTER_S)]
    assert ours == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wider_than_the_window(seen, name):
    assert seen[name].wide == []
    assert seen[name].content <= seen[name].width


def test_the_browser_sees_what_is_wrong(seen):
    found = seen["bad"]
    rules = {violation.split(":")[0] for violation in found.violations}
    assert rules >= {"color-contrast", "html-has-lang", "image-alt", "document-title", "page-has-heading-one"}
    assert found.content > found.width
    assert len(found.wide) == 1
