"""A page becomes a case: what is written is what a case is made of, and a corrected one is not written over."""

import json

import pytest

from cuttings.model import Page
from parsers import recording
from tests.parsers.test_cases import CASES, load


@pytest.mark.parametrize("case", CASES[::5], ids=lambda c: c.name)
def test_a_case_recorded_again_says_the_same(case):
    about, page, expected = load(case)
    files, _ = recording.recorded(page, about["family"])
    written = json.loads(files["expected.json"])
    assert {k: v for k, v in written.items() if k in expected and k != "comments"} == {
        k: v for k, v in expected.items() if k != "comments"
    }
    assert json.loads(files["about.json"])["recognised"] == about["recognised"]
    assert page.body in files.values()


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://a.example/2024/05/home-care-plan/", "generic-home-care-plan"),
        ("https://a.example/old/page.html?id=3", "generic-page"),
        ("https://a.example/über/../..", "generic-page"),
        (None, "generic-page"),
    ],
)
def test_a_name_out_of_an_address(url, name):
    assert recording.case_name(url, "generic") == name


def test_what_a_person_corrected_is_not_written_over(tmp_path):
    files = {"page.html": b"<p>x", "about.json": b"{}\n"}
    recording.write(files, tmp_path / "a")
    assert (tmp_path / "a" / "page.html").read_bytes() == b"<p>x"
    with pytest.raises(FileExistsError):
        recording.write(files, tmp_path / "a")


def test_json_keeps_its_name():
    _, page, _ = load(next(c for c in CASES if c.name == "govuk-api"))
    assert "page.json" in recording.recorded(page)[0]
    assert isinstance(page, Page)
