"""What the README points at is there."""

import re
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parent.parent
README = (HOME / "README.md").read_text(encoding="utf-8")
TARGETS = sorted({t for t in re.findall(r"\]\(([^)#\s]+)\)", README) if "://" not in t})


@pytest.mark.parametrize("target", TARGETS)
def test_a_link_of_the_readme_leads_somewhere(target):
    assert (HOME / target).exists()


def test_every_top_level_folder_of_the_house_stands():
    for name in ("flows", "parsers", "templates", "tests", "output", "cuttings", "config", "run", "pyproject.toml"):
        assert (HOME / name).exists()
