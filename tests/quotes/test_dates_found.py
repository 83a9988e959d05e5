from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.dates_found import dates

DAY = date(2025, 2, 20)


@pytest.mark.parametrize(
    ("text", "kind", "iso", "assumed"),
    [
        ("The consultation closes on Friday 14 March.", "consultation", "2025-03-14", True),
        ("Responses by 31/03/2025 please.", "deadline", "2025-03-31", False),
        ("Cabinet will decide on 3rd April 2025.", "decision", "2025-04-03", False),
        ("Inspectors visited on 12 November 2024.", "inspection", "2024-11-12", False),
        ("The CQC will inspect the service in November.", "inspection", "2025-11", True),
        ("The new rules come into force in April.", "law", "2025-04", True),
        ("Apply by December 1, 2025.", "deadline", "2025-12-01", False),
        ("The deadline is 2025-06-30.", "deadline", "2025-06-30", False),
        ("Full council voted for it on 5 December 2024.", "decision", "2024-12-05", False),
        ("The call for evidence runs until 2 January.", "consultation", "2026-01-02", True),
        ("Views on the draft strategy by Monday 3 March, please.", "deadline", "2025-03-03", True),
        ("Returns must be completed by the provider before 30 April.", "deadline", "2025-04-30", True),
        ("Cabinet has agreed to decide it on 8 May.", "decision", "2025-05-08", True),
        ("The committee meets on 6 March to vote on the cuts.", "decision", "2025-03-06", True),
        ("Inspectors are expected to return in June.", "inspection", "2025-06", True),
        ("Applications close on 27 February, a month after the scheme was announced.", "deadline", "2025-02-27", True),
    ],
)
def test_dates_with_their_kind(text, kind, iso, assumed):
    found = dates(text, DAY)
    assert [(f.kind, f.iso, f.year_assumed) for f in found] == [(kind, iso, assumed)]


@pytest.mark.parametrize(
    "text",
    [
        "The deadline was 31 February 2025.",
        "The deadline is 45/13/2025.",
        "Councillors may decide later.",
        "She was born on 3 April 1950.",
        "Consultation on 3 April",
        # without a year, what has been is a story and no date
        "Inspectors visited on 12 November.",
        "The CQC inspected the service in November.",
        "Full council voted for it on 5 December.",
        "The decision that was made in June is reported in September.",
        "Nobody answered her until Mr F rang the director in January.",
        "The inspection in March found four breaches.",
        "She waited until May, when the panel refused.",
        "We had our inspection in October and the hearing in November.",
        "The council agreed to inspect the home in April.",
        "Cabinet approval came in July.",
        "A decision in December is what everybody remembers.",
    ],
)
def test_what_is_no_date_to_act_on(text):
    assert dates(text, DAY) == ()


def test_each_date_goes_with_its_own_verb():
    text = "The consultation opened on 3 February and closes on 17 March."
    assert [f.iso for f in dates(text, DAY)] == ["2025-03-17"]
    text = "The inspection that began in January will be decided on by the board on 4 March."
    assert [f.iso for f in dates(text, DAY)] == ["2025-03-04"]


def test_a_weekday_settles_the_year():
    assert dates("The deadline is Monday 3 March.", date(2025, 12, 1))[0].iso == "2025-03-03"


def test_without_a_publication_date_a_missing_year_stays_missing():
    found = dates("The consultation closes on 14 March.", None)[0]
    assert found.iso is None
    assert found.year_assumed


def test_the_sentence_comes_with_it():
    text = "A long road. The consultation closes on 14 March. We wait."
    found = dates(text, DAY)[0]
    assert text[slice(*found.sentence)] == "The consultation closes on 14 March."
    assert text[found.start : found.end] == found.words == "14 March"


@given(st.text(alphabet="0123456789/- .AprilMarchMayJune deadline by\n", max_size=150), st.dates(date(1990, 1, 1)))
def test_every_date_exists_and_is_where_it_says(text, published):
    text = f"The deadline is {text}."
    for one in dates(text, published):
        assert text[one.start : one.end] == one.words
        assert one.iso is not None
        date.fromisoformat(one.iso if len(one.iso) == 10 else f"{one.iso}-01")
