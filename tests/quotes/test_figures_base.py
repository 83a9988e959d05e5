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


# Fewer than were asked, or of those who answered alone: nobody's base is right.
FEWER = [
    "The response rate was 34%. A survey of 800 residents found that three in five were lonely.",
    "A survey of 800 residents found that 60% were lonely. Its response rate was low.",
    "A survey of 1,200 family carers was published on Tuesday. Some 64% of those who care "
    "for a parent with dementia had no break.",
    "A survey of 1,200 family carers was published on Tuesday. Of those under 40, 64% had no break.",
    "A survey of 1,200 carers came out. Some 64% of carers in London had no break.",
    "A survey of 1,200 carers came out. Some 64% of younger carers had no break.",
    "A survey of 1,200 family carers came out. Some 64% of family doctors had no break.",
    "A survey of 640 nurses came out. Some 64% of nurse managers had no break.",
    "A survey of 640 nurses came out. Some 64% of nurses' patients had no break.",
    "A survey of 640 nurses came out. Some 64% of those living alone had no break.",
    "A survey of 640 nurses came out. Some 64% of those over 50 had no break.",
    "A survey of 640 nurses came out. Some 64% of respondents aged under 30 had no break.",
    "A survey of 640 nurses came out. Some 64% of these with children had no break.",
    "The charity asked 212 families in May. Of those with two children, 30% had had no break.",
    "A survey of 640 nurses found that of those working nights, 64% had no break.",
    "A survey of 640 nurses found that of nurses in hospitals, 64% had no break.",
    "In a survey of 640 nurses, 64% in London had no break.",
    "A survey of 640 nurses found 64% of them in the north had no break.",
    "A survey of 1,200 carers and 300 social workers found that 64% of carers had no break.",
    "Of 800 residents surveyed, 272 replied, and 60% said they were lonely.",
    "Some 60% said they were lonely. The survey of 800 residents had a response rate of 34%.",
]


@pytest.mark.parametrize("text", FEWER)
def test_some_of_them_or_those_who_replied_are_not_all_who_were_asked(text):
    assert bases(text) == [None] * len(bases(text))
    assert bases(text)


FIRST_ALONE = [
    "Of 800 residents asked, 60% said they were lonely, compared with 40% in 2019.",
    "Two thirds of the 640 nurses surveyed were tired and a third of those in hospitals had left.",
    "A survey of 1,200 carers found that 64% had no break, and 30% of those under 40 had left work.",
    "Of 800 residents surveyed, 34% replied, and 60% of those said they were lonely.",
    "Of 800 residents surveyed, 34% replied and 60% said they were lonely.",
    "Of 800 residents surveyed, 34% responded. Some 60% said they were lonely.",
    "ADASS surveyed 153 directors, of whom 98% responded, and 81% said they had cut.",
    "Of 240 councils asked, 58% returned the form and 40% of these had cut.",
    "Among 240 councils, 58% said no, while in London 70% said so.",
    "Among 240 councils, 58% said no, and in Wales 70% said so.",
    "Among 240 councils, 58% said no, but among the shires 70% said so.",
    "Among 240 councils asked, 58% said no while London had 70% who did.",
    "Of 640 nurses asked, 58% said no and for those on nights 70% did.",
    "Of 640 nurses asked, 58% were tired, older ones among them 70% of the time.",
    "Of 640 nurses asked, 58% of them had left and 70% of ward sisters had stayed.",
]


@pytest.mark.parametrize("text", FIRST_ALONE)
def test_a_second_share_of_others_gets_no_base(text):
    first, *others = bases(text)
    assert first is not None
    assert others == [None] * len(others)


WHOLE = [
    (
        "A survey of 1,200 carers and 300 social workers found 64% had no break.",
        ["survey of 1,200 carers and 300 social workers"],
    ),
    ("The council asked 1,204 members of the public, and 64% said no.", ["1,204 members of the public"]),
    ("A poll of 300 members of staff found that 64% were tired.", ["poll of 300 members of staff"]),
    (
        "A survey of 900 carers, nurses and managers found that 64% were tired.",
        ["survey of 900 carers, nurses and managers"],
    ),
    (
        "A survey of 1,200 carers found that 64% had no break, and 30% had left work.",
        ["survey of 1,200 carers", "survey of 1,200 carers"],
    ),
    (
        "A survey of 1,200 carers found that 64% had no break and that 30% of them had left work.",
        ["survey of 1,200 carers", "survey of 1,200 carers"],
    ),
    ("A survey of 1,200 carers came out. Some 64% of those who replied had no break.", ["survey of 1,200 carers"]),
    ("A survey of 1,200 carers came out. Of those asked, 64% had no break.", ["survey of 1,200 carers"]),
    ("A survey of 1,200 carers came out. Some 64% of the respondents said no.", ["survey of 1,200 carers"]),
    ("A survey of 1,200 family carers came out. Some 64% of family carers said no.", ["survey of 1,200 family carers"]),
    ("A survey of 1,200 carers came out. Some 64% of these carers said no.", ["survey of 1,200 carers"]),
    (
        "Of 240 councils asked in May, 58% had cut, 30% had closed a home and 12% had done both.",
        ["240 councils asked", "240 councils asked", "240 councils asked"],
    ),
    ("Of 240 councils asked, 58% said yes, with a further 12% not sure.", ["240 councils asked", "240 councils asked"]),
    ("Of 153 directors asked, 98% of directors replied.", ["153 directors asked"]),
    ("In a survey of 640 nurses, 64% were in favour.", ["survey of 640 nurses"]),
    ("A survey of 640 nurses found that in total 64% had left.", ["survey of 640 nurses"]),
]


@pytest.mark.parametrize(("text", "expected"), WHOLE)
def test_all_who_were_asked_and_in_full(text, expected):
    assert bases(text) == expected


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
