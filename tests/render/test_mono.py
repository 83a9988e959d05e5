"""A black-and-white printer: every word stays legible in grey, and no theme is known by its colour alone."""

import re
from itertools import pairwise

import pytest

from cuttings.render import html
from cuttings.render.view import INKS, TEMPLATES
from tests.render.documents import STATES, issue, reader
from tests.render.test_html import read

LEAST = 4.5  # to one, as WCAG 2.2 AA asks of text
LEAST_OF_LINES = 3.0  # what a line has to have by which something is known: the rule under a link

CSS = re.sub(r"/\*(?! ==).*?\*/", "", (TEMPLATES / "digest.css").read_text(encoding="utf-8"), flags=re.S)
COMMON, _, PAPER = re.split(r"^/\* == (?:screen|print) == \*/$", CSS, maxsplit=2, flags=re.M)
VARIABLES = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", COMMON))
THEMES = [colour for name, colour in VARIABLES.items() if re.fullmatch(r"t\d+|other", name)]


def grey(colour):
    """How a printer without colours draws it, 0 to 255: the luma that drivers use."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def contrast(one, other):
    def light(colour):
        part = grey(colour) / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def values(written):
    """Every colour that a declaration can come to: var(--c) is any theme's, with what stands in its place elsewhere."""
    written = written.replace("!important", "").strip()
    if found := re.fullmatch(r"#([0-9a-f])([0-9a-f])([0-9a-f])", written):
        return ["#" + "".join(c * 2 for c in found.groups())]
    if re.fullmatch(r"#[0-9a-f]{6}", written):
        return [written]
    if found := re.fullmatch(r"var\(--([\w-]+)(?:, (.+))?\)", written):
        own = THEMES if found[1] == "c" else [VARIABLES[found[1]]]
        return [*own, *(values(found[2]) if found[2] else ())]
    assert written in ("inherit", "none"), f"a colour this test can't read: {written}"
    return []


def declared(css):
    """(selector, property, colours) of every rule, @page boxes as well."""
    for selector, body in re.findall(r"([^{};]+)\{([^{}]*)\}", css):
        found = {}
        for name, written in re.findall(r"(?:^|[\s;])(color|background|text-decoration-color): ([^;]+)", body):
            found[name] = values(written)
        if found:
            yield " ".join(selector.split()), found


RULES = list(declared(COMMON)) + list(declared(PAPER))


def test_the_stylesheet_was_read():
    assert len(THEMES) == len(INKS) + 1
    assert {selector for selector, _ in RULES} >= {"body", ".cue", ".council", ".members .for-you", ".mark.archive"}
    assert "@top-left" in {selector for selector, _ in RULES}


@pytest.mark.parametrize(("selector", "found"), [r for r in RULES if "color" in r[1]], ids=lambda v: str(v)[:60])
def test_every_text_is_legible_in_grey(selector, found):
    behind = found.get("background") or [VARIABLES["paper"], VARIABLES["tint"]]
    for colour in found["color"]:
        for ground in behind:
            assert contrast(colour, ground) >= LEAST, f"{selector}: {colour} on {ground}"


def test_every_ground_carries_black_text_or_says_its_own():
    for selector, found in RULES:
        for ground in found.get("background", ()):
            assert "color" in found or contrast(VARIABLES["ink"], ground) >= LEAST, selector


def test_the_line_under_a_link_is_seen_in_grey():
    lines = [(s, c) for s, found in RULES for c in found.get("text-decoration-color", ())]
    assert lines
    assert [(s, c) for s, c in lines if contrast(c, VARIABLES["paper"]) < LEAST_OF_LINES] == []


def test_white_words_keep_their_ground_on_paper():
    """Browsers leave grounds away to save ink: white numbers would stand on white."""
    pale = [s for s, found in RULES if any(contrast(c, VARIABLES["paper"]) < LEAST for c in found.get("color", ()))]
    exact = re.findall(r"([.\w-]+) \{ print-color-adjust: exact", CSS)
    assert set(pale) == set(exact) == {".cue"}


@pytest.mark.parametrize("state", STATES)
def test_themes_are_told_apart_by_number_and_name(state):
    """Several inks come to the same grey, so a number stands at each theme's head, and none stands twice."""
    seen = read(html(issue(state), medium="print"))
    heads = [attrs for tag, attrs in seen.tags if attrs.get("class") == "cue"]
    assert len(heads) == len(issue(state).sections)
    text = " ".join(page.extract_text() for page in reader(state).pages)
    for number, section in enumerate(issue(state).sections, 1):
        words = r"\s+".join(re.escape(word) for word in (str(number), *section.heading.text.split()))
        assert re.search(words, text), section.heading.text


def test_inks_do_come_to_the_same_grey():
    """Why the number is needed: with it gone, twelve themes would be no twelve."""
    tones = sorted(grey(colour) for colour in INKS)
    assert min(b - a for a, b in pairwise(tones)) < 8
