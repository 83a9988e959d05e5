"""The list of all issues: every file of every issue is linked, newest first, and nothing else."""

import re
from dataclasses import replace
from datetime import date

from cuttings.render.gate import _document
from cuttings.render.shelf import Shelved, shelf, size


def shelved(number, end, state="sent", name="Cuttings for managers"):
    files = (
        ("pdf", f"managers/{number}/cuttings.pdf", 143_512),
        ("json", f"managers/{number}/cuttings.json", 2_100_000),
    )
    return Shelved(name, number, date(end.year, end.month, 1), end, state, number, files)


ISSUES = (
    shelved(1, date(2025, 12, 31)),
    shelved(3, date(2026, 2, 28), "not sent"),
    shelved(2, date(2026, 1, 31), name="Cuttings <script>alert(1)</script>"),
)


def test_every_file_is_linked_and_nothing_else():
    links = re.findall(r'<a href="([^"]+)"', shelf(ISSUES, "Fellshire"))
    assert sorted(link for link in links if not link.startswith("#")) == sorted(
        path for i in ISSUES for _, path, _ in i.files
    )
    assert {link for link in links if link.startswith("#")} == {"#y2026", "#y2025"}


def test_the_newest_stands_first_and_the_state_is_said():
    page = shelf(ISSUES, "Fellshire")
    assert page.index("February 2026") < page.index("January 2026") < page.index("December 2025")
    assert "<b>not sent</b>" in page
    assert "1 article<" in page


def test_an_issue_without_files_is_listed_by_its_state_alone():
    page = shelf((replace(ISSUES[1], files=()),), "Fellshire")
    assert "<b>not sent</b>" in page
    assert 'class="files"' not in page


def test_names_are_text():
    page = shelf(ISSUES, "Fellshire </style>")
    assert "<script>" not in page
    assert page.count("</style>") == 1


def test_it_loads_nothing_from_elsewhere():
    assert [f for f in _document(shelf(ISSUES, "Fellshire"), ()) if "link that is no web address" not in f] == []


def test_no_issue_yet():
    assert "No issue has been made yet." in shelf((), "Fellshire")


def test_sizes_are_for_people():
    assert [size(n) for n in (12, 143_512, 2_100_000)] == ["1 kB", "144 kB", "2.1 MB"]
