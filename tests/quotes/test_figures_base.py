"""Of whom a share is: the source's own base for it, or none, and never somebody else's."""

import pytest

from cuttings.figures import figures
from cuttings.figures_base import gives_base


def bases(text):
    return [f.base for f in figures(text) if f.kind in ("percentage", "ratio")]


OTHERS = [
    # another survey's, beside it
    "A survey of 640 nurses found that most had thought of leaving. The county said that 71% of its grant is spent.",
    "The guild polled 300 care workers about their rotas. Marlbury council has put up its rate for nights by 8%.",
    "We asked 212 families about breaks. Home care fees in the county are 14% higher than a year ago.",
    "The charity interviewed 45 managers in May. At the three hospitals 22% of beds stood empty.",
    "A poll of 1,100 carers came out on Monday. Inflation was 4% in that month.",
    "Researchers surveyed 90 homes and asked 800 residents. Some 61% were unhappy with the food.",
    "A strike by 500 care workers went on. Some 61% were back by noon.",
    "The town has homes of 400 residents. Of its councillors 52% voted for the sale.",
    "In all 320 people replied to the council. The government pays 40% of the cost of each place.",
    "The inspectors asked 75 residents about meals. The owner says that 98% of rooms are taken.",
    # rises, falls and money in the sentence itself
    "A survey of 300 providers came out as the council raised its fees by 7%.",
    "The union asked 900 workers, and the council put 12% of its budget into homes.",
    "A sample of 80 homes was taken; council tax rose 5% in the year.",
    "Of 150 councils asked, one said that prices were 30% higher.",
    # of others than those who were asked
    "A survey of 640 nurses found that 30% of wards had no manager.",
    "The poll of 900 members found 64% of homes short of beds.",
]


@pytest.mark.parametrize("text", OTHERS)
def test_nobody_elses_base(text):
    assert bases(text) == [None] * len(bases(text))
    assert bases(text)


OWN = [
    ("Of 180 homes visited, 44% had no manager.", ["180 homes"]),
    ("Among the 95 nurses interviewed, 41% planned to leave.", ["the 95 nurses interviewed"]),
    ("OF 180 COUNCILS ASKED, 44% had no plan.", ["180 COUNCILS ASKED"]),
    ("Of 180 councils asked, 58% replied and 30% of the 700 staff interviewed wanted a change.",
     ["180 councils asked", "the 700 staff interviewed"]),
    ("A third of the 240 carers asked had slept.", ["the 240 carers asked"]),
    ("Some 44% of those asked had no plan (n = 85).", ["(n = 85)"]),
    ("A survey of 640 nurses found that 30% of them had no manager.", ["survey of 640 nurses"]),
    ("A survey of 640 nurses found that 30% of nurses had no manager.", ["survey of 640 nurses"]),
    ("The charity asked 212 families. Nearly 30% had had no break.", ["212 families"]),
    ("The charity asked 212 families. It found that 30% had had no break.", ["212 families"]),
    ("Some 30% had had no break. The charity asked 212 families.", ["212 families"]),
    ("Replies came from 212 families who answered in May. Of these, 30% had had no break.",
     ["212 families who answered"]),
    ("A poll of 640 nurses came out. Some 61% were tired and 12% wanted to leave.",
     ["poll of 640 nurses", "poll of 640 nurses"]),
    ("A poll of 640 nurses came out. The survey showed that one in five had left.", ["poll of 640 nurses"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), OWN)
def test_the_base_that_is_its_own(text, expected):
    assert bases(text) == expected
    for one in figures(text):
        assert one.base is None or text[slice(*one.base_at)] == one.base


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("Half of 240 councils asked have no plan", True),
        ("A poll of 1,204 carers tells of short nights", True),
        ("Carers sleep badly, 312 respondents said", True),
        ("The county has 240 homes", False),
        ("Nights are short (n = 88)", True),
        ("Nights are short", False),
        ("", False),
        (None, False),
    ],
)
def test_whether_words_say_how_many_were_asked(words, given):
    assert gives_base(words) is given
