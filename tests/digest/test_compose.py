"""What an issue holds: who gets in, in which order, within which words, and that every line can name its origin."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings import model
from cuttings.digest import compose, in_period, items, lines, past_issue, past_issue_from, taking, words
from cuttings.digest.choose import latest
from cuttings.digest.taking import holds
from tests.digest import corpus
from tests.digest.corpus import MANAGERS, MEMBERS, digest, many, stories, story


def ruling(subject, decision, value=None, by="Ines Tolland", day=9):
    return model.Ruling(subject, decision, value, by, datetime(2026, 10, day, tzinfo=UTC))


def item(issue, key):
    return next(i for i in issue.items if i.story == key)


def keys(issue):
    return [i.story for i in issue.items]


def marks(held):
    return [m.id for m in held.marks]


ARTICLES = {held.article.key: held.article for s in stories() for held in s.articles}


# ---------------------------------------------------------------- who gets in


def test_an_ordinary_week_prints_every_story_once():
    issue = digest()
    assert sorted(keys(issue)) == sorted(s.key for s in stories())
    assert not issue.empty
    assert [i.number for i in issue.items] == [f"M{n}" for n in range(1, 15)]


def test_local_comes_first_and_is_marked():
    issue = digest()
    first = {s.items[0].story for s in issue.sections[:2]}
    assert first == {"thornley", "ashcombe"}
    assert all("local" in marks(item(issue, key)) for key in first)
    assert not [i for i in issue.items if "local" in marks(i) and i.story not in first]


def test_a_local_name_is_a_whole_name():
    near = story("x", "gazette", "Ashcomber prize for gardening", "Nothing happened in Thornleyville.", theme="carers")
    assert marks(digest(held=(near,)).items[0]) == []


def test_a_busy_week_at_home_leaves_room_for_the_rest():
    home = tuple(
        story(
            f"home-{n}", "gazette", f"Ashcombe opens door number {n}", "A door was opened in the town.", theme="carers"
        )
        for n in range(30)
    )
    issue = digest(MEMBERS, (*home, *stories()))
    assert 0 < sum("local" in marks(i) for s in issue.sections for i in s.items) < 5


def test_no_theme_and_no_publisher_takes_over():
    crowd = tuple(
        story(f"c{n}", "gazette", f"Recruitment story {n}", "Posts were filled.", theme="workforce", score=1.0)
        for n in range(40)
    )
    rest = [s for s in stories() if s.key not in ("thornley", "ashcombe")]
    issue = digest(MEMBERS, (*crowd, *rest))
    themes = [s.theme for s in issue.sections]
    assert len(themes) >= 3


def test_strike_takes_out_and_says_so():
    issue = digest(rulings=(ruling("story:vacancies", "strike"),))
    assert "vacancies" not in keys(issue)
    assert ("taken out by an editor", 1) in issue.left_out


def test_a_strike_on_the_issue_s_item_holds_for_that_issue_alone():
    strike = ruling("item:managers-41/vacancies", "strike")
    assert "vacancies" not in keys(digest(rulings=(strike,), issue="managers-41"))
    assert "vacancies" in keys(digest(rulings=(strike,), issue="managers-42"))


def test_a_pin_goes_before_everything():
    issue = digest(MEMBERS, many(60), rulings=(ruling("story:gardens-12", "pin"),))
    assert "gardens-12" in keys(issue)
    assert "pinned by Ines Tolland" in " ".join(item(issue, "gardens-12").because)


def test_members_get_no_item_without_a_theme_and_are_told():
    issue = digest(MEMBERS)
    assert "gardens" not in keys(issue)
    assert ("without a theme", 1) in issue.left_out


def test_managers_find_it_under_other():
    assert digest().sections[-1].heading.text == "Other"
    assert [i.story for i in digest().sections[-1].items] == ["gardens"]


def test_an_edition_s_own_themes_come_in_its_own_order():
    edition = MANAGERS.model_copy(update={"themes": ("technology", "finance")})
    issue = digest(edition)
    assert [s.theme for s in issue.sections] == ["technology", "finance", None]
    assert dict(issue.left_out)["on themes this edition leaves out"] == 9


def test_an_editor_s_theme_outranks_the_label():
    issue = digest(
        rulings=(ruling("story:gardens", "theme", "carers"), ruling("article:telecare", "not-theme", "technology"))
    )
    assert item(issue, "gardens").theme == "carers"
    assert item(issue, "telecare").theme is None


# ---------------------------------------------------------------- not twice


def printed_before(version=1, story_key="vacancies"):
    return (model.PastIssue(40, date(2026, 9, 28), date(2026, 10, 4), {story_key: version}),)


def test_nothing_is_printed_twice_in_consecutive_issues():
    issue = digest(history=printed_before())
    assert "vacancies" not in keys(issue)
    assert ("printed before and unchanged", 1) in issue.left_out


def test_unless_it_changed_and_then_it_says_so():
    changed = tuple(
        replace(s, articles=(replace(s.articles[0], version=2), *s.articles[1:])) if s.key == "vacancies" else s
        for s in stories()
    )
    held = item(digest(held=changed, history=printed_before()), "vacancies")
    assert "changed" in marks(held)
    assert held.changed is not None
    assert "issue 40" in held.changed.text


def test_an_issue_before_the_last_counts_as_well():
    older = (*printed_before(), model.PastIssue(41, date(2026, 10, 1), date(2026, 10, 4)))
    assert "vacancies" not in keys(digest(history=older, number=42))


# ---------------------------------------------------------------- words


@pytest.mark.parametrize("edition", [MANAGERS, MEMBERS], ids=lambda e: e.id)
@pytest.mark.parametrize("held", [stories(), many(60), many(200), stories()[:1]], ids=["week", "60", "200", "one"])
def test_the_budget_is_a_ceiling(edition, held):
    issue = digest(edition, held)
    assert issue.words == words(issue) <= edition.budget_words
    assert sum(n for _, n in issue.left_out) + len(issue.items) == len(held)


def test_nothing_is_padded():
    assert digest(MEMBERS, stories()[:1]).words < 260


def test_a_budget_below_one_headline_keeps_one_story_for_the_gate_to_refuse():
    tiny = MANAGERS.model_copy(update={"budget_words": 100})
    issue = digest(tiny, many(30))
    assert len(issue.items) == 1
    assert not issue.empty


@pytest.mark.parametrize("edition", [MANAGERS, MEMBERS], ids=lambda e: e.id)
def test_every_quotation_is_found_letter_by_letter(edition):
    issue = digest(edition)
    quoted = [q for i in issue.items for q in i.quotations]
    quoted += [d.quotation for d in issue.diary if d.quotation]
    assert len(quoted) >= 3
    assert all(holds(ARTICLES[q.article], q) for q in quoted)


def test_a_link_licence_gives_headline_author_date_and_link_only():
    held = item(digest(), "ashcombe")  # the Ledger has no profile
    assert held.licence == "link"
    assert held.quotations == ()
    assert held.headline.text.startswith("Ashcombe day centre")
    assert held.url


def test_an_excerpt_licence_counts_all_words_of_one_article_together():
    for limit in (5, 12, 20, 30, 60):
        sources = {
            key: source.model_copy(update={"licence": corpus.Licence(mode="excerpt", words=limit)})
            for key, source in corpus.SOURCES.items()
        }
        issue = digest(sources=sources)
        taken = {}
        for held in issue.items:
            for quotation in held.quotations:
                taken[held.article] = taken.get(held.article, 0) + len(quotation.text.split())
            if held.headline.origin == "source" and held.story == "homes":
                taken[held.article] = taken.get(held.article, 0) + len(held.headline.text.split())
        for entry in issue.diary:
            if entry.quotation:
                taken[entry.quotation.article] = taken.get(entry.quotation.article, 0) + len(
                    entry.quotation.text.split()
                )
        assert max(taken.values(), default=0) <= limit


def test_an_unknown_source_is_link_only():
    stray = story(
        "stray", "nobody", "A headline from nowhere", "Words that no licence covers stand here.", theme="carers"
    )
    assert digest(held=(stray,)).items[0].quotations == ()


def test_quotes_are_short():
    for held in digest().items:
        if held.quotation:
            assert len(held.quotation.text.split()) <= 25


def test_no_headline_on_the_page_shows_the_standfirst_and_nobody_s_invention():
    held = item(digest(), "homes")
    assert held.headline.origin == "source"
    assert held.headline.text.startswith("Two care homes a hundred yards apart")
    assert held.standfirst is None


def test_no_headline_and_no_words_allowed_says_that_there_is_none():
    bare = story("bare", "ledger", None, "A paragraph.", standfirst="A standfirst", theme="carers")
    assert digest(held=(bare,)).items[0].headline.origin == "configuration"


def test_an_editor_s_headline_stands_in_brackets_with_the_name_in_the_audit():
    issue = digest(rulings=(ruling("article:homes", "headline", "[One night team for two homes]"),))
    held = item(issue, "homes")
    assert held.headline == model.Words("[One night team for two homes]", "editor", "Ines Tolland")
    assert held.standfirst is not None
    assert any("supplied by Ines Tolland" in entry.words.text for entry in issue.made)


def test_comments_are_counts_and_no_words():
    held = item(digest(), "thornley")
    assert held.comments is not None
    assert held.comments.text == "3 reader comments: too few to describe, not a sample, none quoted."
    assert held.voices == ()
    assert item(digest(), "vacancies").comments.text == "12 reader comments: not a sample, none quoted."


def test_a_reader_s_words_need_the_edition_s_switch_and_a_quotable_verdict():
    quotable = "We waited eleven weeks for the first visit and were told nothing."
    held = (
        story(
            "t",
            "gazette",
            "Waiting",
            "A report on waiting was published.",
            theme="carers",
            comments=2,
            quotable=quotable,
        ),
    )
    assert digest(held=held).items[0].voices == ()
    open_edition = MANAGERS.model_copy(update={"quote_comments": True})
    assert [w.text for w in digest(open_edition, held).items[0].voices] == [quotable]
    assert digest(open_edition).items[0].voices == ()  # genuine, but none of them quotable


def test_no_commenter_s_name_is_in_the_digest():
    assert "Commenter" not in json.dumps(model.as_json(digest()))


# ---------------------------------------------------------------- marks


def test_marks():
    issue = digest()
    assert marks(item(issue, "mentors")) == ["opinion"]
    assert marks(item(issue, "payments")) == ["archive", "late"]  # of 2024, first seen this week
    assert marks(item(issue, "homes")) == ["repaired"]
    assert marks(item(issue, "capacity")) == ["law"]


def test_a_month_is_no_late_find():
    assert latest("2026-10") == date(2026, 10, 31)
    assert latest("2026-02-03") == date(2026, 2, 3)
    assert latest("2026") == date(2026, 12, 31)
    assert latest(None) is None
    assert "late" not in marks(item(digest(), "homes"))  # "October 2026", in the week of the 5th


def test_older_than_the_period_and_not_yet_archive_is_a_late_find():
    late = story("late", "gazette", "Found late", "A paragraph about care.", theme="carers", published="2026-09-30")
    assert marks(digest(held=(late,)).items[0]) == ["late"]


@pytest.mark.parametrize(
    ("published", "seen", "expected"),
    [
        ("2026-10-05", 8, True),
        ("2026-10-11T23:59:00", 8, True),
        ("2026-10-12", 12, False),
        ("2026-09-01", 8, True),  # a late find
        ("2026-09-01", 20, False),
        ("2026-10", 8, True),
        (None, 8, True),
        (None, 20, False),
    ],
)
def test_which_period_a_story_belongs_to(published, seen, expected):
    one = story("x", "gazette", "T", "P.", published=published)
    one = replace(one, articles=(replace(one.articles[0], first_seen=datetime(2026, 10, seen, tzinfo=UTC)),))
    assert in_period(one, *corpus.WEEK) is expected


# ---------------------------------------------------------------- around the items


def test_why_it_matters_stands_once_under_the_theme_and_only_where_configured():
    sections = {s.theme: s for s in digest().sections}
    assert sections["workforce"].why == model.Words(
        "Vacancies in two of our five localities are above a tenth.", "configuration"
    )
    assert sections["technology"].why is None
    assert [line.text for line in lines(digest())].count(sections["workforce"].why.text) == 1


def test_questions_rotate_and_none_is_asked_again_within_six_issues():
    asked = {s.theme: s.question for s in digest().sections}
    # The first one was asked in issue 40.
    assert asked["workforce"].text == "Does every newly qualified worker have a mentor?"
    both = tuple(replace(past, asked=corpus.THEMES[0].questions["managers"]) for past in corpus.HISTORY)
    assert {s.theme: s.question for s in digest(history=both).sections}["workforce"] is None


def test_a_question_comes_back_after_six_issues():
    held = [model.PastIssue(n, date(2026, 1, 1), date(2026, 1, 7)) for n in range(30, 41)]
    held[4] = replace(held[4], asked=corpus.THEMES[0].questions["managers"])  # issue 34, seven before 41
    assert {s.theme: s.question for s in digest(history=held).sections}["workforce"] is not None
    held[5] = replace(held[5], asked=corpus.THEMES[0].questions["managers"])  # issue 35, six before
    assert {s.theme: s.question for s in digest(history=held).sections}["workforce"] is None


def test_words_are_explained_only_where_they_occur_and_six_at_most():
    terms = [entry.term for entry in digest(MEMBERS).explained]
    assert "Gerund" not in terms
    assert 1 <= len(terms) <= 6
    text = " ".join(line.text for line in lines(digest(MEMBERS))).casefold()
    assert all(term.casefold() in text for term in terms)


def test_the_diary_holds_what_is_ahead_with_the_words_it_stands_in():
    diary = digest().diary
    assert [entry.day for entry in diary] == sorted(entry.day for entry in diary)
    assert all(entry.day >= "2026-10-12"[: len(entry.day)] for entry in diary)
    survey = next(entry for entry in diary if entry.day == "2026-11-06")
    assert survey.what.text == "Consultation"
    assert survey.quotation is not None
    numbers = {i.number for i in digest().items}
    assert {entry.item for entry in diary} <= numbers


def test_trend_counts_stories_per_theme_and_warns_of_small_numbers():
    trend = digest().trend
    assert trend is not None
    assert trend.periods[-1] == "No. 41"
    rows = {row.theme: row for row in trend.rows}
    assert rows["finance"].counts == (4, 3, 5, 2, 3)
    assert rows["technology"].note.text == "New"
    assert trend.warning is not None


def test_the_first_issue_has_no_trend():
    issue = digest(history=())
    assert issue.trend is None
    assert "First issue, no trend." in [entry.words.text for entry in issue.made]


def test_the_audit_note_adds_up_and_names_what_failed():
    made = {entry.term: entry.words.text for entry in digest().made}
    assert "Coastal Care News (the server did not answer within 30 seconds)" in made["Sources"]
    assert made["Pages"].startswith("23 asked for = 16 read + 4 set aside")
    assert "31 read = 22 kept + 2 duplicate + 6 spam + 1 waiting" in made["Comments"]
    assert "14 in the period = 14 printed + 0 left out" in made["Stories"]


def test_before_an_election_opinion_readers_and_questions_go():
    issue = digest(MEMBERS, pre_election=True)
    assert "mentors" not in keys(issue)
    assert issue.readers == ()
    assert issue.asked == ()
    assert any("election" in entry.words.text for entry in issue.made)
    assert "mentors" in keys(digest(pre_election=True))  # the managers' edition is none


def test_before_an_election_an_editor_s_pin_and_question_give_way_too():
    rulings = [ruling("story:mentors", "pin"), ruling("story:vacancies", "question", "By whom?")]
    issue = digest(MEMBERS, pre_election=True, rulings=rulings)
    assert "mentors" not in keys(issue)
    assert [item.question for item in issue.items] == [None] * len(issue.items)
    usual = digest(MEMBERS, rulings=rulings)
    assert "mentors" in keys(usual)
    assert "By whom?" in usual.asked


def test_an_editor_s_question_is_not_asked_again_by_its_theme():
    offered = next(s.question.text for s in digest().sections if s.theme == "workforce")
    issue = digest(rulings=[ruling("story:vacancies", "question", offered)])
    assert issue.asked.count(offered) == 1


def test_what_an_editor_pins_a_second_time_says_so():
    first = digest()
    again = keys(first)[0]
    history = (past_issue(first),)
    assert again not in keys(digest(history=history, number=42))
    issue = digest(history=history, number=42, rulings=[ruling(f"story:{again}", "pin")])
    (item,) = [item for item in issue.items if item.story == again]
    assert item.changed.text == "Printed in issue 41 already; put in again by Ines Tolland."
    assert item.changed.by == "Ines Tolland"


def test_each_edition_says_how_hard_its_words_are():
    for edition in (MANAGERS, MEMBERS):
        (said,) = [entry.words.text for entry in digest(edition).made if "own sentences: about" in entry.words.text]
        assert "words each" in said


@pytest.mark.parametrize(
    ("clause", "words", "base", "year"),
    [
        ("Some 61% of places", 9, "1,890 places", "2024-25"),
        ("Some 61% of places in 2024-25", 9, "1,890 places", None),
        ("Some 61% of places", 2, "1,890 places", None),  # the licence has no more words
        ("Some 61% of places", 1, "not given here; check the source first.", "2024-25"),
    ],
)
def test_base_and_year_of_a_figure_count_as_the_source_s_words(clause, words, base, year):
    quotation = model.Quotation("a", "text", 0, len(clause), clause)
    taken, purse = taking.FigureTaken(quotation, "of 1,890 places", "2024-25", True), taking.Purse(words)
    assert items._base(taken, purse, clause).text == base
    found = items._year(taken, purse)
    assert (found and found.text) == year


@pytest.mark.parametrize("edition", [MANAGERS, MEMBERS], ids=lambda e: e.id)
def test_every_line_names_its_origin(edition):
    issue = digest(edition)
    texts = [
        held.article.text + (held.article.standfirst or "") + (held.article.title or "")
        for s in stories()
        for held in s.articles
    ]
    for line in lines(issue):
        assert line.origin in ("source", "configuration", "count", "editor")
        if line.origin == "source":
            bare = line.text.removeprefix("… ").removesuffix(" …")
            assert any(part in text for text in texts for part in [bare]) or all(
                any(part in text for text in texts) for part in bare.split("; ")
            ), line


# ---------------------------------------------------------------- empty, stored, same


def test_an_empty_period_is_flagged():
    issue = digest(held=())
    assert issue.empty
    assert issue.items == ()


def test_a_period_of_repeats_is_empty_too():
    assert digest(held=stories()[:1], history=printed_before()).empty


def test_same_input_same_digest_whatever_the_order():
    assert model.as_json(digest(held=many(60))) == model.as_json(digest(held=tuple(reversed(many(60)))))


def test_what_later_issues_need_goes_through_json():
    issue = digest()
    past = past_issue(issue)
    assert past_issue_from(json.loads(json.dumps(model.as_json(past)))) == past
    assert past_issue_from(json.loads(json.dumps(model.as_json(issue)))) == past


def test_the_next_issue_repeats_nothing_of_this_one():
    issue = digest()
    following = digest(number=42, history=(past_issue(issue), *corpus.HISTORY))
    assert following.empty
    assert sum(n for _, n in following.left_out) == len(stories())


def test_copies_are_named_once():
    assert [copy.source for copy in item(digest(), "vacancies").also_in] == ["Town Hall Weekly"]


@settings(max_examples=25, deadline=None)
@given(
    picked=st.sets(st.integers(0, 13)),
    budget=st.integers(100, 1500),
    most=st.integers(1, 20),
    members=st.booleans(),
)
def test_nothing_is_lost_whatever_the_edition(picked, budget, most, members):
    base = MEMBERS if members else MANAGERS
    edition = base.model_copy(update={"budget_words": budget, "most_items": most})
    held = tuple(s for n, s in enumerate(stories()) if n in picked)
    issue = digest(edition, held)
    assert len(issue.items) + sum(n for _, n in issue.left_out) == len(held)
    assert len({i.number for i in issue.items}) == len(issue.items)
    assert sum(len(s.items) for s in issue.sections) <= most
    assert issue.empty == (not issue.items)
    if len(issue.items) > 1:
        assert issue.words <= budget


def test_compose_reads_no_clock():
    early = compose(
        stories(), edition=MANAGERS, period=corpus.WEEK, number=1, council=corpus.COUNCIL, themes=corpus.THEMES,
        sources=corpus.SOURCES, audit=corpus.AUDIT, now=datetime(2024, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    assert "archive" not in marks(item(early, "payments"))


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("The cabinet of Marlbury Borough Council will decide on 20 November 2026.", False),
        ("Ministers will make a decision by 20 November 2026.", True),
        ("The consultation by the council closes on 20 November 2026.", False),
        ("The ministers’ consultation on what the council may charge closes on 20 November 2026.", True),
        ("The consultation on the next survey closes on 20 November 2026.", True),
        ("Inspectors will visit the home on 20 November 2026.", False),
        ("The safeguarding board will decide on its plan on 20 November.", False),
        ("The trust must publish a plan by 20 November 2026.", False),
        ("All councils must complete the return by 20 November 2026.", True),
        ("Applications to the council’s fund close on 20 November.", True),
        ("Evidence to the committee’s inquiry is due by 20 November.", True),
    ],
)
def test_another_council_s_meeting_is_no_date_for_this_one_s_diary(sentence, kept):
    away = story("away", "gazette", "Money is short", sentence, theme="finance")
    assert bool(digest(held=(away,)).diary) is kept
    here = story("here", "gazette", "Money is short in Ashcombe", sentence, theme="finance")
    assert digest(held=(here,)).diary


def test_a_date_s_sentence_that_leans_has_its_headline_before_it():
    told = story(
        "told", "gazette", "Ministers ask about rotas", "Rotas are to be told a month ahead, say ministers.",
        "This consultation by ministers closes on 20 November 2026.", theme="finance",
    )  # fmt: skip
    entry = digest(held=(told,)).diary[0]
    assert entry.leans
    printed = [line.text for line in lines(digest(held=(told,)))]
    assert printed.count("Ministers ask about rotas") == 2


@pytest.mark.parametrize(
    "sentence",
    [
        "A decision that the board made in November was noted in December.",
        "Nobody replied until her son wrote to the ombudsman in January.",
        "The hearing took place on 20 November, and the family lost.",
    ],
)
def test_a_story_s_months_are_no_dates_for_the_diary(sentence):
    told = story("told", "gazette", "Money is short in Ashcombe", sentence, theme="finance")
    assert digest(held=(told,)).diary == ()


def test_no_figure_is_printed_that_does_not_say_what_it_is_a_figure_of():
    vague = "Its score was 58% in all. The stamps cost £1.35 in the end. Records were whole for 402 of them (82%)."
    clear = "Some 64% of carers in the county had had no break since the summer."
    told = story("v", "gazette", "Records", vague, f"{clear} {vague}", theme="finance").canonical.article
    assert [f.quotation.text for f in taking.figures(told)] == [clear]
    assert item(digest(held=(story("v", "gazette", "Records", vague, theme="finance"),)), "v").figures == ()


def test_a_publisher_that_signs_its_own_page_is_named_once():
    own = story("own", "office", "Figures", "A paragraph.", authors=("Office for Care Figures",), theme="carers")
    assert digest(held=(own,)).items[0].byline.text == "Office for Care Figures, 7 October 2026"


def test_a_reason_stands_inside_its_sentence():
    audit = corpus.AUDIT.__class__(
        sources=("A", "B"), sources_failed=(("A", "The page is not there."), ("B", "DNS failure"))
    )
    made = {entry.term: entry.words.text for entry in digest(audit=audit).made}
    assert made["Sources"] == "Since the last issue: 0 of 2 read. Not read: A (the page is not there); B (DNS failure)."


def test_a_question_is_asked_once_in_an_issue():
    same = tuple(replace(theme, questions={"managers": ("Who pays?",)}) for theme in corpus.THEMES)
    assert digest(themes=same).asked == ("Who pays?",)


def test_an_editor_s_summary_and_question_carry_the_name():
    rulings = (
        ruling("story:telecare", "summary", "All pendants must be replaced."),
        ruling("story:telecare", "question", "By whom?"),
    )
    held = item(digest(rulings=rulings), "telecare")
    assert held.summary == model.Words("All pendants must be replaced.", "editor", "Ines Tolland")
    assert held.question == model.Words("By whom?", "editor", "Ines Tolland")


def test_right_to_left_names_keep_their_order():
    two = story("rtl", "gazette", "A headline", "A paragraph.", authors=("דנה לוי", "سلمى"), theme="carers")
    assert digest(held=(two,)).items[0].byline.text.startswith("דנה לוי\u200e and سلمى\u200e")


def test_a_long_headline_is_cut_and_shows_it():
    long = story("long", "gazette", "word " * 500, "A paragraph.", theme="carers")
    headline = digest(held=(long,)).items[0].headline.text
    assert len(headline) <= 302
    assert headline.endswith("word …")


def test_of_thousands_of_stories_none_is_lost():
    issue = digest(held=many(2000))
    assert len(issue.items) + sum(n for _, n in issue.left_out) == 2000


def test_a_full_diary_says_that_it_is_not_all():
    days = tuple(
        story(
            f"d{n}",
            "gazette",
            f"A consultation on rule {n}",
            f"The consultation closes on {n + 1} November 2026.",
            theme="finance",
        )
        for n in range(14)
    )
    issue = digest(held=days)
    assert len(issue.diary) == 10
    assert issue.in_brief[-1].text == "10 dates for the diary, the nearest of 14."
    assert [entry.day for entry in issue.diary][:2] == ["2026-11-01", "2026-11-02"]
