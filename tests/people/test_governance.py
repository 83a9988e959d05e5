"""The papers say what is configured and counted, and leave the rest visibly open."""

import re

import pytest

from cuttings.settings import Council, Edition, Licence, Retention, Schedule, Settings, Source
from flows import governance
from flows.house import House
from tests.people.conftest import NOW
from tests.people.test_forgetting import forget

SETTINGS = Settings(
    council=Council(name="Fellshire | [County] <b>", contact_name="Morag Tennant", contact_email="a@fellshire.example"),
    retention=Retention(name_days=77, quarantined_days=13, unruled_days=17, page_days=63, prefect_days=11),
    schedule=Schedule(retention="41 3 * * *"),
    sources=(
        Source(id="moor", name="Moor News", url="https://moor.example/feed", revisit_days=26,
               licence=Licence(mode="excerpt", words=83, notice="By permission", text_expires_days=59)),
        Source(id="dale", name="Dale Post", url="https://dale.example/feed", revisit_days=9),
    ),
    editions=(Edition(id="m", name="For managers", audience="managers", approval=True, quote_comments=True),),
)  # fmt: skip


@pytest.fixture
def made(read_house):
    forget(read_house)
    house = House(SETTINGS, read_house.output, read_house.store, read_house.archive, lambda: NOW)
    return governance.documents(governance.facts(house))


def test_every_configured_number_appears(made):
    wanted = {
        "privacy-notice.md": ("77 days", "13 days", "17 days", "63 days", "59 days", "2 news sources", "For managers"),
        "dpia.md": ("77 days", "13 where", "17 where", "63 days", "11 days", "up to 26 days", "`41 3 * * *`"),
        "licence-register.md": ("| 83 |", "| 59 |", "By permission", "excerpt", "link", "63 days"),
        "accessibility-statement.md": ("For managers", "Morag Tennant"),
    }
    for name, numbers in wanted.items():
        for number in numbers:
            assert number in made[name], (name, number)


def test_every_count_appears(made):
    rows = dict(re.findall(r"^\| ([A-Z][^|]+?) \| ([^|]+?) \|$", made["dpia.md"], re.MULTILINE))
    assert rows["Articles held"] == "2"
    assert rows["Comments held"].startswith("6 ")
    assert rows["Comments erased at somebody's request"] == "2"
    assert rows["People kept out at their request"] == "1"
    assert rows["Raw pages held"] == "2"


def test_a_name_with_markup_in_it_is_a_name(made):
    for name, text in made.items():
        if name.endswith(".html"):
            assert "Fellshire | [County] &lt;b&gt;" in text
            assert "<b>" not in text
            assert '<html lang="en-GB">' in text


def test_what_the_council_must_decide_is_left_open_and_marked(made):
    for name, text in made.items():
        assert "[to fill in" in text, name
    assert "Legal basis" in made["privacy-notice.md"]


@pytest.mark.parametrize(
    ("days", "said"), [(730, "730 days; where the publisher"), (None, "some sources end after 59")]
)
def test_how_long_words_are_kept_is_said_as_configured(read_house, days, said):
    retention = SETTINGS.retention.model_copy(update={"comment_text_days": days})
    settings = SETTINGS.model_copy(update={"retention": retention})
    house = House(settings, read_house.output, read_house.store, read_house.archive, lambda: NOW)
    (row,) = [
        line
        for line in governance.documents(governance.facts(house))["privacy-notice.md"].splitlines()
        if line.startswith("| The words of your comment")
    ]
    assert said in row
    assert "[to fill in" not in row


def test_nobody_is_named(made):
    assert not any("Brack" in text for text in made.values())


@pytest.mark.parametrize("quoting", [True, False])
def test_it_says_whether_words_are_printed(read_house, quoting):
    edition = SETTINGS.editions[0].model_copy(update={"quote_comments": quoting})
    settings = SETTINGS.model_copy(update={"editions": (edition,)})
    house = House(settings, read_house.output, read_house.store, read_house.archive, lambda: NOW)
    text = governance.documents(governance.facts(house))["privacy-notice.md"]
    assert ("No edition prints a comment's words" in text) is not quoting
