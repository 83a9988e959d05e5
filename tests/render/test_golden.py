"""One issue of each edition, as it was looked at and found good: its words, outline, links and fonts.

After an intended change: `python -m tests.render.test_golden` writes the files anew; read the difference.
"""

from pathlib import Path

import pytest

from cuttings.render import email_text, html
from tests.render.documents import addresses, fonts, issue, outline, reader
from tests.render.test_html import read

GOLDEN = Path(__file__).parent / "golden"
STATES = ("managers-week", "members-month")


def described(state: str) -> str:
    document = reader(state)
    parts = [
        ("words", "\n".join(" ".join(part.split()) for part in read(html(issue(state))).parts if part.strip())),
        ("outline", "\n".join(f"{'  ' * depth}{title}" for depth, title in outline(document))),
        ("links", "\n".join(addresses(document))),
        ("fonts", "\n".join(sorted(fonts(document)))),
        ("e-mail", email_text(issue(state)).rstrip()),
    ]
    return "\n\n".join(f"== {name}\n{text}" for name, text in parts) + "\n"


@pytest.mark.parametrize("state", STATES)
def test_golden(state):
    assert described(state) == (GOLDEN / f"{state}.txt").read_text(encoding="utf-8")


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for one in STATES:
        (GOLDEN / f"{one}.txt").write_text(described(one), encoding="utf-8")
