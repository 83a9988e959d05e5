"""The HTML twin and the templates."""

import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from jinja2 import Environment, UndefinedError, meta

from cuttings import model
from cuttings.digest import lines
from cuttings.render import crest, html, look
from cuttings.render.view import INKS, OTHER_INK, TEMPLATES, VARIABLES, quoted
from tests.digest.corpus import MANAGERS, MEMBERS, digest, stories, story
from tests.render.documents import issue

BOTH = pytest.mark.parametrize("state", ["managers-week", "members-month"])


class Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.parts, self.tags, self._off = [], [], False

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._off = tag == "style" or self._off

    def handle_endtag(self, tag):
        self._off = self._off and tag != "style"

    def handle_data(self, data):
        if not self._off:
            self.parts.append(data)


def read(document):
    parser = Text()
    parser.feed(document)
    parser.text = " ".join(" ".join(parser.parts).split())
    return parser


@BOTH
def test_every_line_of_the_digest_is_printed(state):
    text = read(html(issue(state))).text.casefold()  # "Since the last issue we read 6 of 7 sources."
    for line in lines(issue(state)):
        if line.origin != "count" or "." in line.text:
            assert " ".join(line.text.split()).casefold() in text, line


@BOTH
def test_landmarks_headings_and_language(state):
    seen = read(html(issue(state)))
    tags = [tag for tag, _ in seen.tags]
    assert [t for t in tags if t in ("header", "main", "footer")] == ["header", "main", "footer"]
    assert tags.count("h1") == 1
    levels = [int(t[1]) for t in tags if re.fullmatch(r"h[1-6]", t)]
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert next(attrs for tag, attrs in seen.tags if tag == "html")["lang"] == "en-GB"
    ids = [attrs["id"] for _, attrs in seen.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    named = [attrs["aria-labelledby"] for _, attrs in seen.tags if "aria-labelledby" in attrs]
    assert set(named) <= set(ids)


@BOTH
def test_one_self_contained_file(state):
    seen = read(html(issue(state)))
    loads = [attrs.get("src") for _, attrs in seen.tags if "src" in attrs]
    assert all(address.startswith("data:") for address in loads)
    assert not [tag for tag, _ in seen.tags if tag in ("script", "link", "iframe", "form", "object")]
    assert not re.findall(r"url\((?!data:)", html(issue(state)))


def test_table_headers_have_a_scope():
    seen = read(html(issue("managers-week")))
    heads = [attrs for tag, attrs in seen.tags if tag == "th"]
    assert heads
    assert all(attrs.get("scope") in ("col", "row") for attrs in heads)


@pytest.mark.parametrize("large", [False, True], ids=["plain", "large"])
def test_the_trend_s_numbers_are_text(large):
    """Of every period, not of those alone that a picture is explained by; and nothing of it is hidden from anybody."""
    table = re.search(r"<table>.*?</table>", html(issue("managers-week"), large=large), re.DOTALL)[0]
    text = read(table).text
    trend = issue("managers-week").trend
    for row in trend.rows:
        assert row.name in text
        assert not any(row.comments) or ", ".join(map(str, row.comments)) in text
        assert row.note is None or row.note.text in text
        assert not large or ", ".join(map(str, row.counts)) in text
    assert ("<img" in table) is not large
    assert not re.search(r"trend[^{}]*\{[^{}]*display: none", CSS)


def test_contents_where_there_are_pages_to_find():
    assert 'class="contents"' in html(issue("managers-week"))
    assert 'class="contents"' not in html(issue("managers-one"))
    assert 'class="contents"' not in html(issue("members-month"))
    assert 'class="contents"' in html(issue("members-month"), large=True)


def test_another_language_is_named():
    welsh = replace(stories()[0].articles[0], article=replace(stories()[0].articles[0].article, language="cy"))
    held = replace(stories()[0], articles=(welsh,))
    assert ' lang="cy"' in html(digest(held=(held,)))


def test_a_crest_has_a_text():
    document = html(issue("managers-one"), crest=crest(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"))
    image = next(attrs for tag, attrs in read(document).tags if tag == "img")
    assert image["alt"] == "Crest of Wexmoor County Council"
    assert image["src"].startswith("data:image/svg+xml;base64,")
    assert 'class="crest"' not in html(issue("managers-one"))


def test_an_edition_s_own_template_goes_first(tmp_path):
    for path in TEMPLATES.rglob("*"):
        if path.is_file():
            target = tmp_path / path.relative_to(TEMPLATES)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (tmp_path / "chairs").mkdir()
    (tmp_path / "chairs" / "digest.html").write_text("<p>For the chairs: {{ digest.name }}</p>", encoding="utf-8")
    own = look(tmp_path)
    assert html(issue("managers-one"), chosen=own, template="chairs") == "<p>For the chairs: Cuttings for managers</p>"
    assert "<h1" in html(issue("managers-one"), chosen=own, template="nowhere")


# ---------------------------------------------------------------- the contract of the templates


def sources():
    return sorted(
        path for path in TEMPLATES.rglob("*") if path.suffix in (".html", ".txt") and "fonts" not in path.parts
    )


def test_templates_use_what_is_documented_and_nothing_else():
    env = look().environments["screen"]
    used = set()
    for path in sources():
        used |= meta.find_undeclared_variables(env.parse(path.read_text(encoding="utf-8")))
    # `parts` is an import; the others are names of the enclosing template that a block can't see being set.
    used -= {"parts", "mail", "sans", "serif"}
    assert used == set(VARIABLES), "VARIABLES of cuttings/render/view.py and the templates differ: mend one of them"


def test_nothing_is_marked_safe():
    for path in sources():
        assert not re.search(r"\|\s*safe\b|Markup|autoescape false", path.read_text(encoding="utf-8")), path


def test_a_misspelt_name_is_an_error():
    env: Environment = look().environments["screen"]
    with pytest.raises(UndefinedError):
        env.from_string("{{ digest.hedline }}").render(digest=issue("managers-one"))


def test_every_html_template_escapes():
    env = look().environments["screen"]
    assert env.get_template("digest.html").environment.autoescape("digest.html") is True
    assert env.autoescape("email.txt") is False


# ---------------------------------------------------------------- colours


def _luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


CSS = (TEMPLATES / "digest.css").read_text(encoding="utf-8")


def variables(block):
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))


def test_contrast_is_aa_in_light_and_dark():
    light = variables(CSS[: CSS.index(".t0 {")])
    dark = variables(CSS[CSS.index("prefers-color-scheme: dark") : CSS.index("/* == print")])
    assert set(dark) == set(light) - {"paper"} | {"paper"}
    for held in (light, dark):
        for name, colour in held.items():
            if name in ("paper", "tint", "line"):
                continue
            assert contrast(colour, held["paper"]) >= 4.5, name
            assert contrast(colour, held["tint"]) >= 4.5, name
    for name, colour in light.items():
        if re.fullmatch(r"t\d+|other", name):
            assert contrast("#ffffff", colour) >= 4.5, name
    for name, colour in dark.items():
        if re.fullmatch(r"t\d+|other", name):
            assert contrast("#12181e", colour) >= 4.5, name


def test_the_e_mail_s_colours_are_the_stylesheet_s():
    light = variables(CSS[: CSS.index(".t0 {")])
    assert tuple(light[f"t{n}"] for n in range(len(INKS))) == INKS
    assert light["other"] == OTHER_INK


def test_a_theme_has_a_second_cue_beside_its_colour():
    seen = read(html(issue("managers-week")))
    cues = [attrs for _, attrs in seen.tags if attrs.get("class") == "cue"]
    assert len(cues) == len(issue("managers-week").sections)


# ---------------------------------------------------------------- characters


def test_scripts_without_a_font_are_shown_as_missing_in_print_and_kept_on_the_screen():
    held = story("x", "gazette", "Care 漢字 today", "A paragraph.", theme="carers")
    assert "Care [?] today" in html(digest(held=(held,)), medium="print")
    assert "Care 漢字 today" in html(digest(held=(held,)))


@pytest.mark.parametrize(
    ("text", "family"),
    [("שלום", "Hebrew"), ("سلام", "Arabic"), ("Привет", "Cyrillic"), ("👍", "Emoji"), ("Łódź", "Extended")],
)
def test_fonts_come_as_they_are_needed(text, family):
    plain = html(issue("managers-one"), medium="print")
    held = story("x", "gazette", f"Care {text}", "A paragraph.", theme="carers")
    document = html(digest(held=(held,)), medium="print")
    assert family not in plain
    assert f"Cuttings {family}" in document or f"{family}'" in document
    assert text in document


def test_fonts_are_licensed_and_small():
    folder = Path(TEMPLATES) / "fonts"
    assert sum(path.stat().st_size for path in folder.iterdir()) < 1_500_000
    for path in folder.glob("LICENSE-*"):
        assert "SIL OPEN FONT LICENSE" in path.read_text(encoding="utf-8").upper()
    assert len(list(folder.glob("LICENSE-*"))) == 5


@pytest.mark.parametrize("edition", [MANAGERS, MEMBERS], ids=lambda e: e.id)
def test_no_word_comes_out_of_nowhere(edition):
    """Every word of the page is a line of the digest, or one of the labels below."""
    held = digest(edition)
    seen = read(html(held)).text
    known = " ".join(line.text for line in lines(held)) + " " + " ".join(LABELS) + " " + held.council + " " + held.name
    known += " " + " ".join(m.label for i in held.items for m in i.marks) + " " + " ".join(i.number for i in held.items)
    known += " ".join(f" {d.source} {model.day(d.day).strftime('%-d %B %Y')} {d.item}" for d in held.diary)
    known += " ".join(f" {i.url}" for i in held.items)
    words = set(re.findall(r"[^\W\d_]{3,}", known))
    assert set(re.findall(r"[^\W\d_]{3,}", seen)) - words == set()


LABELS = (
    "Start with", "Addresses", "Stories", "Comments", "none", "before", "stories and comments by theme",
    "Skip to the cuttings", "In brief", "Contact", "Contents", "Why it matters here", "Consider", "Figure", "Base",
    "Also in", "Also read", "Dates for the diary", "Dates for your diary", "Trend: stories by theme", "Theme Course",
    "How this was made", "What it means for residents", "What the council can decide", "A question you could ask",
    "What readers said", "Words explained", "About this issue", "articles", "What practitioners say", "Most discussed",
    "From the archive", "Acronyms", "Sources",
)  # fmt: skip


def test_the_heavy_library_waits_until_something_is_rendered():
    code = "import sys, cuttings.render, cuttings.digest; print(int('weasyprint' in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("The door stayed shut", "“The door stayed shut”"),
        ("Review of ‘Mr D’ finds gaps", "“Review of ‘Mr D’ finds gaps”"),
        ("The phrase “own choice” stands there", "‘The phrase “own choice” stands there’"),
        ('"It works," she said', '‘"It works," she said’'),
    ],
)
def test_marks_around_a_quotation_differ_from_the_marks_in_it(words, expected):
    assert quoted(words) == expected
