"""Every rule on rows of ours: one it speaks about, one it leaves alone."""

import pytest

from cuttings.spam.rules import FOR_A_READER, FOR_SPAM, PROOF, RULES
from cuttings.spam.sight import Elsewhere, Known
from cuttings.spam.verdicts import text_key
from cuttings.spam.weights import WEIGHTS
from tests.judging.making import comment, sight

LATE = 600
FIRST = comment(
    "I did this job for nine years and the worst part was leaving people mid sentence.", "Moira Kilbride", 0.2
)
SAID = "Nothing I read this year was half as close to what our own family went through last winter."
LECTURE = "Regular servicing of a boiler prolongs its life. The pressure must be tested and the filter changed yearly."
NAMED = {"known": Known(names={"roof repairs": Elsewhere(3, 3)})}

# rule -> (what it speaks about, what it leaves alone); each is (text, author, days, more)
ROWS = {
    "trade-name": (("Good point.", "loft insulation grants"), ("Good point.", "Care agency manager, Hull")),
    "place-service-name": (("Good point.", "taxi to Heathrow"), ("Good point.", "Trying to sleep")),
    "phrase-name": (("Good point.", "garden room ideas"), ("Good point.", "anna petersen")),
    "common-word-name": (("Good point.", "kettle"), ("Good point.", "Nasreen")),
    "advertising-name": (("Good point.", "cheapest quality windows"), ("Good point.", "Still angry")),
    "lower-case-name": (("Good point.", "bathroom wall panels"), ("Good point.", "a tired carer")),
    "long-name": (("Good point.", "Best Way To Lose Belly"), ("Good point.", "Mary Ellen O'Hara Jones")),
    "trade-word-in-name": (("Good point.", "Barry - Web Development Blog"), ("Good point.", "Barry")),
    "firm-name": (("Good point.", "Careline Solutions"), ("Good point.", "Careline volunteers")),
    "organisation-name": (("Good point.", "Harbour Carers' Forum"), ("Good point.", "Careline Solutions")),
    "speaks-of-site": (
        ("Your website shows such useful content that every visitor of this blog will share the post.", "Jo"),
        ("The website of the council said nothing of it; I rang the duty desk and was told to wait.", "Jo"),
    ),
    "late-site-talk": (
        ("Your website shows such useful content that every visitor of this blog will share the post.", "Jo", LATE),
        ("Your website shows such useful content that every visitor of this blog will share the post.", "Jo", 1),
    ),
    "late-linked-name": (
        ("Good point.", "Jo", LATE, {"author_url": "http://jo.example"}),
        ("Good point.", "Jo", 1, {"author_url": "http://jo.example"}),
    ),
    "linked-keyword-name": (
        ("Good point.", "garden room ideas", 1, {"author_url": "http://rooms.example"}),
        ("Good point.", "Moira Platt", 1, {"author_url": "http://moira.example"}),
    ),
    "late-linked-phrase-name": (
        ("Good point.", "garden room ideas", LATE, {"author_url": "http://rooms.example"}),
        ("Good point.", "garden room ideas", 1, {"author_url": "http://rooms.example"}),
    ),
    "linked-keyword-praise": (
        ("Great post, thanks for sharing.", "garden room ideas", 1, {"author_url": "http://rooms.example"}),
        ("Great post, thanks for sharing.", "Moira Platt", 1, {"author_url": "http://moira.example"}),
    ),
    "linked-lecture": (
        (LECTURE, "Jo", LATE, {"author_url": "http://jo.example"}),
        ("I had one of those for nine years and it never once let me down, whatever people say.", "Jo", LATE,
         {"author_url": "http://jo.example"}),
    ),
    "late-lecture": ((LECTURE, "loft insulation grants", LATE), (LECTURE, "Moira Platt", LATE)),
    "offer-with-contact": (
        ("We offer loans at low interest. Contact us today: loans@quick.example", "Jo"),
        ("The minutes are to be had from the clerk, clerk@town.example, who is very helpful.", "Jo"),
    ),
    "linked-heap": (
        ("horse odds tonight bonus wxrtk qqjh http://odds.example/a bingo", "Jo", 1),
        ("These are the odds that were printed in the paper: http://odds.example/a", "Jo", 1),
    ),
    "linked-other-language": (
        ("Pożyczka bez zaświadczeń od ręki, a pieniądze są na koncie już dziś.", "tania pozyczka online", 1,
         {"author_url": "http://pozyczka.example"}),
        ("Mae hyn yn wir, ac mae pawb yn y pentref yn gwybod hynny ers blynyddoedd.", "Siân Prys", 1,
         {"author_url": "http://sian.example"}),
    ),
    "address-name": (("Good point.", "www.boilers-direct.example"), ("Good point.", "morwenna.myopenid.com")),
    "other-language-name": (("Good point.", "kişisel gelişim kursları"), ("Good point.", "Çiğdem Yılmaz")),
    "other-script-name": (("Good point, well made.", "дешевые билеты"), ("Хорошая статья.", "Наталья")),
    "random-name": (("Good point.", "qwrtzpkxv"), ("Good point.", "mvanrijn")),
    "link": (("See http://boards.example/loft", "Jo"), ("See https://www.bbc.co.uk/news/1", "Jo")),
    "selling-link": (
        ("See http://cheap-boilers-leeds.example/offers", "Jo"),
        ("See http://fellshire-carers.example/minutes", "Jo"),
    ),
    "many-links": (
        ("http://a-one.example http://b-two.example http://c-three.example", "Jo"),
        ("Both reports are on https://www.gov.uk/a and https://www.gov.uk/b", "Jo"),
    ),
    "only-a-link": (
        ("Here http://boards.example/x", "Jo"),
        ("The minutes in which this was decided are at http://democracy.example/x and worth reading", "Jo"),
    ),
    "unrelated-link": (
        ("Lovely weather today http://boards.example/x", "Jo"),
        ("Home care visits of fifteen minutes in our survey: http://homecare.example/x", "Jo"),
    ),
    "shortener": (("See http://bit.ly/3abc", "Jo"), ("See http://habit.example/3abc", "Jo")),
    "odd-address": (("See http://boards.xyz/3", "Jo"), ("See http://boards.example/3", "Jo")),
    "link-markup": (
        ('<a href="http://boards.example/x">boards</a>', "Jo"),
        ("Why does the page show a <b> tag in the second paragraph?", "Jo"),
    ),
    "name-link": (("Good point.", "Jo", 1, {"author_url": "http://jo.example"}), ("Good point.", "Jo")),
    "selling-name-link": (
        ("Good point.", "Jo", 1, {"author_url": "http://payday-loans.example"}),
        ("Good point.", "Jo", 1, {"author_url": "http://jo-and-dogs.example"}),
    ),
    "name-in-link": (
        ("Good point.", "loft boards", 1, {"author_url": "http://loft-boards.example"}),
        ("Good point.", "Jo", 1, {"author_url": "http://jo.example"}),
    ),
    "linked-stranger": (
        (SAID, "Jo", LATE, {"author_url": "http://jo.example"}),
        ("Home care visits are no better here now.", "Jo", LATE, {"author_url": "http://jo.example"}),
    ),
    "offer": (
        ("We are a leading provider of stairlifts, visit our website for a free quote.", "Jo"),
        ("The provider left us without a visit for two days.", "Jo"),
    ),
    "contact-details": (
        ("Write to drhealing@mail.example or whatsapp me", "Jo"),
        ("Write to your councillor, it helped us.", "Jo"),
    ),
    "price": (("Only $49 a month", "Jo"), ("Only nine visits a week", "Jo")),
    "keywords-at-the-end": (
        ("Great read, thanks.\ncheap loft insulation", "Jo"),
        ("That was our story.\n\nMargaret and John", "Jo"),
    ),
    "template-praise": (
        ("I just stumbled upon your weblog and wanted to say hello.", "Jo"),
        ("I stumbled on the stairs twice that week and nobody came.", "Jo"),
    ),
    "many-templates": (
        ("Great post! I have bookmarked your site and will be subscribing to your rss feed. Keep it up!", "Jo"),
        ("Great post!", "Jo"),
    ),
    "empty-praise": (("Thanks for sharing this great post!", "Jo"), ("Thanks for naming the tyre shop!", "Jo")),
    "mostly-praise": (
        ("Really nice and very helpful information, thanks for sharing, boiler folks", "Jo"),
        ("Nine years in the job and not once was the mileage paid in full", "Jo"),
    ),
    "machine-wording": (
        ("I wish for to subscribe, very thanks for this piece of writing.", "Jo"),
        ("i am working here since 5 years and is always the same", "Jo"),
    ),
    "run-together": (
        ("Ourpeople will takecareofyour needs and makeitwork foreverybody.", "Jo"),
        ("The dataGridView in the northwestern workaround was misconfigured.", "Jo"),
    ),
    "no-space": (
        ("It works over the phone.With video it is better.Call them", "Jo"),
        ("Use version 2.1 of asp.net, e.g. the one of May.", "Jo"),
    ),
    "random-letters": (("vnmxqrtz bzzkplwq qtrwwnpk", "Jo"), ("The strengths of Rhydfelen's watchwords", "Jo")),
    "word-salad": (
        ("lecterns umber thistledown mismanage corduroy sardonic withering foundry", "Jo"),
        ("Lecterns were all we got for the umber hall, no chairs.", "Jo"),
    ),
    "repetition": (("buy pills " * 12, "Jo"), ("No, no, no. It is not right.", "Jo")),
    "disguise": (("Buy che\u0430p p\u0456lls with\u200bout trouble", "Jo"), ("C'est la vie, déjà vu 👩‍⚕️", "Jo")),
    "other-language": (
        ("Das ist ein sehr schöner Beitrag und ich danke für die Mühe auf der Seite", "Jo"),
        ("That is a very good piece and I thank you for the work on it", "Jo"),
    ),
    "other-script": (("Отличная статья, спасибо автору", "Jo"), ("Diolch yn fawr iawn", "Jo")),
    "trade-words": (
        ("Viagra, casino and mortgages for everyone", "Jo"),
        ("The care visits and the survey of authorities", "Jo"),
    ),
    "off-topic": (
        ("Leather becomes softer with age, polished brass buckles shine beside dark oak and walnut shelves", "Jo"),
        ("Home care visits become shorter with age, and the survey of authorities shows it in black", "Jo"),
    ),
    "late": (("Good point.", "Jo", LATE), ("Good point.", "Jo", 3)),
    "very-late": (("Good point.", "Jo", LATE), ("Good point.", "Jo", 100)),
    "after-silence": (
        ("Good point.", "Jo", LATE, {"before": (FIRST,)}),
        ("Good point.", "Jo", 2, {"before": (FIRST,)}),
    ),
    "copies-thread": (
        ("The worst part was leaving people mid sentence. Thanks admin", "stairlift hire", LATE, {"before": (FIRST,)}),
        ("> the worst part was leaving people mid sentence\nYes.", "Colette", LATE, {"before": (FIRST,)}),
    ),
    "nearly-copies-thread": (
        (FIRST.text.replace("nine", "many"), "stairlift hire", LATE, {"before": (FIRST,)}),
        ("I did not do this job for long, the worst part was the mileage.", "Colette", LATE, {"before": (FIRST,)}),
    ),
    "copies-article": (
        ("Councils still commission home care visits of fifteen minutes, a survey of 140 authorities shows.", "Jo"),
        ("A survey of 140 authorities shows what all of us knew.", "Jo"),
    ),
    "same-text-elsewhere": (
        (SAID, "Jo", 1, {"known": Known(texts={text_key(SAID): Elsewhere(2, 0)})}),
        ("Well said!", "Jo", 1, {"known": Known(texts={text_key("Well said!"): Elsewhere(9, 0)})}),
    ),
    "spam-text-elsewhere": (
        (SAID, "Jo", 1, {"known": Known(texts={text_key(SAID): Elsewhere(2, 2)})}),
        (SAID, "Jo", 1, {"known": Known(texts={text_key(SAID): Elsewhere(2, 0)})}),
    ),
    "spam-name-elsewhere": (
        ("Good point.", "roof repairs", 1, NAMED),
        ("Good point.", "Margaret", 1, {"known": Known(names={"margaret": Elsewhere(30, 2)})}),
    ),
    "late-keyword-name": (("Good point.", "loft insulation grants", LATE), ("Good point.", "Jo Parry", LATE)),
    "praise-keyword-name": (
        ("Thanks for sharing this great post!", "loft insulation grants"),
        ("Thanks for sharing this great post!", "Jo Parry"),
    ),
    "lecturing-keyword-name": (
        (
            "Insulation keeps a home warm in winter and cool in summer. It can lower bills, and many householders find "
            "that the outlay is soon recovered.",
            "loft insulation grants",
        ),
        ("I waited nine months for mine and my bills are the same as they were before.", "loft insulation grants"),
    ),
    "late-praise": (("Thanks for sharing this great post!", "Jo", LATE), ("Thanks for sharing this great post!", "Jo")),
    "linked-praise": (
        ("Thanks for sharing this great post!", "Jo", 1, {"author_url": "http://jo.example"}),
        ("Thanks for sharing this great post!", "Jo"),
    ),
    "article-author": (("Quite so.", "Ros Tyldesley"), ("Quite so.", "Rosalind Tye")),
    "person-name": (("Quite so.", "Nasreen Iqbal"), ("Quite so.", "loft insulation grants")),
    "self-description": (("Quite so.", "Disgusted of Derby"), ("Quite so.", "Student loans")),
    "nickname": (("Quite so.", "mvanrijn77"), ("Quite so.", "kettle")),
    "answers": (
        ("@Moira quite so.", "Jo", 1, {"before": (FIRST,)}),
        ("Quite so.", "Jo", 1, {"before": (FIRST,)}),
    ),
    "quotes": (('"leaving people mid sentence" is what I hear too', "Jo"), ("I hear that too", "Jo")),
    "early": (("Quite so.", "Jo", 2), ("Quite so.", "Jo", 60)),
    "returns": (
        ("And another thing.", "Moira Kilbride", 1, {"before": (FIRST,)}),
        ("And another thing.", "Jo", 1, {"before": (FIRST,)}),
    ),
    "about-article": (("Our survey of visits says the same.", "Jo"), ("My dog agrees.", "Jo")),
    "about-thread": (
        ("Nine years of leaving people like that.", "Jo", 1, {"before": (FIRST,)}),
        ("My dog agrees.", "Jo", 1, {"before": (FIRST,)}),
    ),
    "own-words": (("lol same leaflet here", "Jo"), ("The same leaflet", "Jo")),
    "anger": (("What a load of rubbish.", "Jo"), ("What a load of letters.", "Jo")),
    "first-person": (
        ("My mother waited and I rang the office every morning about her tablets", "Jo"),
        ("The office rang every morning about the tablets", "Jo"),
    ),
    "technical": (("Call get_client() in v2.1 and it returns None", "Jo"), ("Our LCSW and LMFT hours count", "Jo")),
    "question": (("Did the survey cover Wales?", "Jo"), ("The survey left Wales out.", "Jo")),
    "substance": (
        (
            "Eligibility moved to critical, admissions of people over eighty rose within two quarters, placements cost "
            "more in the third year, and the saving on paper vanished into another committee's budget.",
            "Jo",
        ),
        ("It costs more.", "Jo"),
    ),
}  # fmt: skip
LOOKS = {r.name: r.look for r in RULES}


def _found(name, row):
    text, author, days, more = (*row, *(1.0, {})[len(row) - 2 :])
    return LOOKS[name](sight(text, author, days, **more))


@pytest.mark.parametrize("name", ROWS)
def test_the_rule_speaks_where_it_should(name):
    finding = _found(name, ROWS[name][0])
    assert finding is not None
    assert finding.sentence
    assert 0 < finding.strength <= 1


@pytest.mark.parametrize("name", ROWS)
def test_the_rule_is_silent_where_it_should_be(name):
    assert _found(name, ROWS[name][1]) is None


def test_answered_needs_a_later_reply():
    from tests.judging.making import Sight, thread

    whole = thread(FIRST, comment("Quite so.", "Jo", parent=1))
    assert LOOKS["answered"](Sight(whole, 0))
    assert LOOKS["answered"](Sight(whole, 1)) is None


def test_every_rule_has_rows_a_weight_and_its_side():
    """A new rule needs rows here and a weight from `python tests/judging/weigh.py --write`."""
    names = [r.name for r in RULES]
    assert set(names) == set(ROWS) | {"answered"}
    assert len(names) == len(set(names))
    assert set(WEIGHTS) == set(names)
    assert all(WEIGHTS[n] >= 0 for n, _ in FOR_SPAM)
    assert all(WEIGHTS[n] <= 0 for n, _ in FOR_A_READER)
    assert {n for n, _ in FOR_SPAM} >= PROOF


def test_sentences_are_for_people():
    assert _found("late", ROWS["late"][0]).sentence == "posted 600 days after the article"
    assert (
        _found("trade-name", ROWS["trade-name"][0]).sentence
        == "the name 'loft insulation grants' is a trade, not a person"
    )
    assert "run together" in _found("run-together", ROWS["run-together"][0]).sentence


def test_every_verdict_says_by_which_rules_and_a_changed_word_list_changes_that(tmp_path, monkeypatch):
    import shutil

    from cuttings.spam import RULES_VERSION, version

    copy = tmp_path / "cuttings"
    for room in ("spam", "duplicates"):
        shutil.copytree(version.files("cuttings") / room, copy / room)
    monkeypatch.setattr(version, "files", lambda _: copy)
    assert version.rules_version.__wrapped__() == RULES_VERSION
    for changed in ("spam/words/trade.txt", "spam/weights.py", "spam/name_rules.py", "duplicates/text.py"):
        before = version.rules_version.__wrapped__()
        with (copy / changed).open("a") as f:
            f.write("#\n")
        assert version.rules_version.__wrapped__() != before
