from datetime import date

import pytest

from cuttings import model
from cuttings.digest import wording


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2026, 10, 5), date(2026, 10, 11), "5–11 October 2026"),
        (date(2026, 9, 28), date(2026, 10, 4), "28 September – 4 October 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 December 2026 – 3 January 2027"),
        (date(2026, 10, 1), date(2026, 10, 31), "October 2026"),
        (date(2024, 2, 1), date(2024, 2, 29), "February 2024"),
        (date(2024, 2, 1), date(2024, 2, 28), "1–28 February 2024"),
        (date(2026, 1, 1), date(2026, 3, 31), "January to March 2026"),
        (date(2025, 12, 1), date(2026, 1, 31), "December 2025 to January 2026"),
        (date(2026, 10, 5), date(2026, 10, 5), "5 October 2026"),
    ],
)
def test_periods(start, end, expected):
    assert wording.span(start, end) == expected


def test_short_period_for_a_subject():
    assert wording.short_span(date(2026, 9, 28), date(2026, 10, 4)) == "28 Sep – 4 Oct 2026"


@pytest.mark.parametrize(
    ("iso", "expected"),
    [
        ("2026", "2026"),
        ("2026-05", "May 2026"),
        ("2026-05-01", "1 May 2026"),
        ("2026-05-01T00:30:00+01:00", "1 May 2026"),  # in UTC it is still April
        ("yesterday", None),
        ("2026-02-31", None),
        (None, None),
    ],
)
def test_dates_as_far_as_they_go(iso, expected):
    assert wording.spoken(iso) == expected


@pytest.mark.parametrize(
    ("bio", "expected"),
    [
        ("Nerys Oldfield is a team manager at a unitary council and writes a blog.", "team manager"),
        ("Nerys Oldfield is the director of adult services, Wexmoor.", "director of adult services"),
        ("Nerys Oldfield was chief nurse for the region until May.", "chief nurse"),
        (
            "Nerys Oldfield is professor of care and ageing and director of the institute that nobody can name at Hill",
            "professor of care and ageing",
        ),
        ("Nerys Oldfield is head of commissioning and lives in Hill with two cats.", "head of commissioning"),
        ("Nerys Oldfield is a nursing officer and mother of three.", "nursing officer"),
        ("Nerys Oldfield is a GP who sits on the council.", "GP"),
        ("Nerys Oldfield is Deputy Leader of the council and a farmer", "Deputy Leader of the council and a farmer"),
        ("Nerys Oldfield is a retired social worker.", "retired social worker"),
        ("Nerys Oldfield is an independent consultant – and likes tea.", "independent consultant"),
        ("Nerys Oldfield is chair of the carers' forum.", "chair of the carers' forum"),
        ("Nerys Oldfield is CEO of Care Fellshire.", "CEO of Care Fellshire"),
        ("Nerys Oldfield is the CFO at a charity.", "CFO"),
        ("Nerys Oldfield is a partner at law firm Bevan.", "partner"),
        ("Nerys Oldfield is a senior partner of the practice.", "senior partner of the practice"),
        ("Nerys Oldfield is the council's cabinet member for adult care.", "council's cabinet member"),
        ("Nerys Oldfield is a board member of the trust.", "board member of the trust"),
        ("Nerys Oldfield is a peer and former care minister.", "peer and former care minister"),
        ("Nerys Oldfield is a carer for her mother.", "carer"),
        ("Nerys Oldfield is a carer of her mother.", "carer"),
        ("Nerys Oldfield is an unpaid carer and writer.", "unpaid carer and writer"),
        ("Nerys Oldfield is a self-advocate.", "self-advocate"),
        ("Nerys Oldfield is a councillor for the dale.", "councillor"),
        ("Nerys Oldfield is acting director.", "acting director"),
        ("Nerys Oldfield is a practising barrister.", "practising barrister"),
        ("Nerys Oldfield is commissioning manager at the county.", "commissioning manager"),
        ("Nerys Oldfield is a housing officer.", "housing officer"),
        ("Nerys Oldfield is Visiting Professor of Care.", "Visiting Professor of Care"),
        ("Nerys Oldfield is a student of social work.", "student of social work"),
        ("Nerys Oldfield is private secretary to the board.", "private secretary to the board"),
        ("Nerys Oldfield is opposing manager Ann Poe in court.", None),
        ("Nerys Oldfield is opposing manager.", None),
        ("Nerys Oldfield is suing doctor and council.", None),
        ("Nerys Oldfield is a student of the care worker.", None),
        ("Nerys Oldfield is the partner of a doctor.", None),
        ("Nerys Oldfield is a partner of the mayor of Saltwick.", None),
        ("Nerys Oldfield is a member of the choir.", None),
        ("Nerys Oldfield is a team member.", None),
        ("Nerys Oldfield is on Twitter as @nerys.", None),
        ("Nerys Oldfield is at nerys.example and writes there.", None),
        ("Nerys Oldfield is not a nurse.", None),
        ("Nerys Oldfield is no longer the director of anything.", None),
        ("Nerys Oldfield is married to the head of a school.", None),
        ("Nerys Oldfield is the wife of a councillor.", None),
        ("Nerys Oldfield is a mother of three and a nurse.", None),
        ("Nerys Oldfield is the pen name of a ward manager.", None),
        ("Nerys Oldfield is writing a book about a care manager.", None),
        ("Nerys Oldfield is now retired.", None),
        ("Nerys Oldfield is retired.", None),
        ("Nerys Oldfield is in the second year of her course as a social worker.", None),
        ("Nerys Oldfield is a friend of the editor.", None),
        ("Nerys Oldfield is living with dementia.", None),
        ("Nerys Oldfield is engaged to a doctor.", None),
        ("A team manager, Nerys Oldfield writes about rotas.", None),
        ("Someone else is a judge.", None),
        ("Nerys Oldfield is", None),
        (None, None),
    ],
)
def test_posts_are_verbatim_or_nothing(bio, expected):
    found = wording.post("Nerys Oldfield", bio)
    assert found == expected
    assert found is None or found in " ".join(bio.split())


def article(**more):
    return model.Article(key="k", url="https://paper.example/1", **more)


def test_bylines_say_what_the_page_says():
    full = article(
        authors=("Bea Farrant",),
        author_bio="Bea Farrant is a night manager at a home.",
        published="2026-10",
        pages=("22", "23"),
    )
    assert (
        wording.byline(full, "The Paper", "managers").text
        == "Bea Farrant, night manager, The Paper, October 2026, pp 22–23"
    )
    assert wording.byline(full, "The Paper", "members").text == "Bea Farrant, night manager, in The Paper, October 2026"
    assert wording.byline(article(), "The Paper", "managers").text == "The Paper, date not given"
    assert wording.byline(article(modified="2026-03-02"), "P", "members").text == "P, 2 March 2026 (page’s update date)"
    opinion = article(authors=("A B",), kind="opinion", published="2026-10-01")
    assert wording.byline(opinion, "P", "managers").text == "A B, post not given, P, 1 October 2026"
    many = article(authors=("A B", "C D", "E F", "G H"), published="2026-10-01")
    assert wording.byline(many, "P", "managers").text == "A B, C D, E F and others, P, 1 October 2026"


def test_counts():
    assert wording.count(1, "story", "stories") == "1 story"
    assert wording.count(1200, "comment") == "1,200 comments"
    assert wording.listed(["a", "b", "c"]) == "a, b and c"
    assert wording.comments(0) is None
    assert wording.opening(4) == "Four"
    assert wording.opening(12) == "12"


@pytest.mark.parametrize("url", ["http://[oops", None, "", "not an address"])
def test_host_of_anything(url):
    assert wording.host(url) is None


def test_every_mark_has_a_label_for_each_audience():
    assert all(set(labels) == {"managers", "members"} for labels in wording.MARKS.values())


@pytest.mark.parametrize(
    ("kind", "certainty", "expected"),
    [
        ("reading order", "sure", "reading order"),
        ("paragraph break", "uncertain", "paragraph break (uncertain)"),
        ("paragraph breaks", "likely", "paragraph breaks (likely)"),
        # It says itself what is uncertain; "(uncertain)" after it would doubt that the text was left.
        ("text left as found: no order", "uncertain", "text left as found: no order"),
    ],
)
def test_how_a_repair_is_told(kind, certainty, expected):
    assert wording.repair(model.Repair(kind, "p 3", certainty)) == expected


def test_a_telephone_number_stays_on_one_line():
    assert wording.telephone("01632 960 142").split(" ") == ["01632\u00a0960\u00a0142"]
