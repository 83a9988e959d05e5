"""From phrases to labels: evidence, exclusions, fields, company, ties."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings.model import Labels, Theme
from cuttings.settings import load
from cuttings.themes import compile_themes, label
from cuttings.themes_phrases import BadPhrase

CONFIG = Path(__file__).resolve().parents[2] / "config" / "default"
SHIPPED = compile_themes(load([CONFIG]).themes)


def theme(id, *phrases, exclusions=()):  # noqa: A002 - the model's name
    return Theme(id=id, name=id.title(), description="", phrases=phrases, exclusions=exclusions)


TWO = compile_themes(
    [
        theme("money", "budget", "charging!", "cash?"),
        theme("choice", "personal budget!", "choice", exclusions=("choice cuts",)),
    ]
)


def themes_of(*fields, matcher=TWO):
    return [one.theme for one in label(*fields, matcher).labels]


def test_an_unmistakable_phrase_is_enough_by_itself():
    assert themes_of("New charging rules", None, "") == ["money"]


def test_a_plain_phrase_needs_company():
    assert themes_of("Agreed: the new budget", None, "") == []
    assert themes_of("Agreed: the new adult social care budget", None, "") == ["money"]


def test_a_hint_never_labels_a_text_that_is_about_something_else():
    assert themes_of("Cash for new roads", None, "") == []


def test_a_word_inside_another_themes_phrase_hardly_counts():
    assert label("Your personal budget", None, "", TWO).primary == "choice"
    assert "money" not in themes_of("Your personal budget", None, "")


def test_an_exclusion_hides_only_what_it_covers():
    assert themes_of("Choice cuts of adult social care", None, "") == []
    assert themes_of("Choice cuts, and choice in adult social care", None, "") == ["choice"]


def test_the_title_weighs_more_than_the_text():
    text = "The budget was agreed. " * 3 + "People in adult social care want choice. " * 3
    assert label("Charging", None, text, TWO).primary == "money"
    assert label("A personal budget", None, text, TWO).primary == "choice"


def test_without_a_headline_the_standfirst_heads_the_page():
    alone = label(None, "Charging is unfair", "", TWO)
    below = label("A long day", "Charging is unfair", "", TWO)
    assert alone.labels[0].score > below.labels[0].score


def test_another_company_silences_a_theme():
    assert themes_of("School budget for pupils", None, "") == []
    assert themes_of("Texas budget: Medicaid", None, "") == []


def test_a_theme_that_claims_a_word_may_use_it():
    matcher = compile_themes([theme("schools", "school meals!")])
    assert themes_of("School meals cut", None, "", matcher=matcher) == ["schools"]


def test_evidence_says_which_phrase_stands_where():
    title, standfirst, text = "Charging again", "A personal budget", "The budget.\n\nCharging in adult social care."
    fields = {"title": title, "standfirst": standfirst, "text": text}
    labels = label(title, standfirst, text, TWO)
    seen = {(e.phrase, e.where, fields[e.where][e.start : e.end]) for one in labels.labels for e in one.evidence}
    assert ("charging", "title", "Charging") in seen
    assert ("charging", "text", "Charging") in seen
    assert ("personal budget", "standfirst", "personal budget") in seen


def test_equal_scores_keep_the_order_of_the_configuration():
    first, second = theme("a", "charging!"), theme("b", "charging!")
    assert label("Charging", None, "", compile_themes([first, second])).primary == "a"
    assert label("Charging", None, "", compile_themes([second, first])).primary == "b"


def test_a_long_article_is_about_few_things():
    text = "Charging for care. The charging policy changes. " * 10 + "There is some choice."
    assert themes_of("Charging for adult social care", None, text) == ["money"]


def test_a_bad_phrase_names_its_theme():
    with pytest.raises(BadPhrase, match=r"theme 'odd'.*'!!'"):
        compile_themes([theme("odd", "!!")])


def test_an_empty_page_has_no_theme():
    assert label(None, None, "", SHIPPED) == Labels(None, ())
    assert label("", "  ", "\n", SHIPPED) == Labels(None, ())


def test_a_comment_is_labelled_by_its_own_words():
    comment = "As a carer for my husband I have waited two years for a carer's assessment and some respite."
    assert label(None, None, comment, SHIPPED).primary == "carers"


SAMPLE = (
    "social worker care home budget cuts training carers school nurse CQC rated assessment waiting. personal “choice” "
    "and the of Ohio direct payment – Better Care Fund, safeguarding’s data\n\n AI reablement! housing ombudsman"
)
WORDS = st.sampled_from(SAMPLE.split(" "))


@settings(max_examples=80)
@given(st.lists(WORDS, max_size=12), st.lists(WORDS, max_size=12), st.lists(WORDS, max_size=80))
def test_labels_keep_their_promises(title, standfirst, text):
    fields = {"title": " ".join(title), "standfirst": " ".join(standfirst), "text": " ".join(text)}
    labels = label(fields["title"], fields["standfirst"], fields["text"], SHIPPED)
    assert labels.primary == (labels.labels[0].theme if labels.labels else None)
    assert [one.score for one in labels.labels] == sorted((one.score for one in labels.labels), reverse=True)
    assert len({one.theme for one in labels.labels}) == len(labels.labels)
    for one in labels.labels:
        assert 0 < one.score < 1
        assert one.evidence
        for evidence in one.evidence:
            assert fields[evidence.where][evidence.start : evidence.end].strip()
    assert labels == label(fields["title"], fields["standfirst"], fields["text"], SHIPPED)


DECISION = (
    "The complaint. Mrs F complained that there was a delay in assessing her needs. What I found: there was fault. "
    "The fault caused injustice. The council agreed to remedy it and to apologise. An assessment of needs takes place "
    "when a person appears to have needs for care and support. The council put Mrs F on its waiting list for a care "
    "needs assessment in May and completed the assessment of needs in March. The Ombudsman has upheld the complaint."
)


def test_a_decision_is_about_what_was_complained_of():
    labels = label("Marlbury Council (24 001 337)", "Mrs F complained of a delay.", DECISION, SHIPPED)
    assert labels.primary == "assessment"
    assert "voice" in {one.theme for one in labels.labels}


def test_of_a_bare_decision_the_form_is_all_there_is():
    assert label("Marlbury Council (24 001 337)", None, "", SHIPPED).primary == "voice"


def test_complaints_that_are_no_ombudsmans_decision_count_in_full():
    assert label("How councils handle complaints", None, DECISION, SHIPPED).primary == "voice"


@pytest.mark.parametrize(
    ("title", "standfirst", "theme"),
    [
        (
            "Carers to stop visiting the upper dale",
            "A homecare firm has given notice on all its rounds",
            "commissioning",
        ),
        ("Village loses its carers as home care provider folds", None, "commissioning"),
        ("Carers have had no break since the day centre closed", None, "carers"),
        ("Working carers ask their employers for leave", None, "carers"),
    ],
)
def test_carers_of_a_firm_are_no_unpaid_carers(title, standfirst, theme):
    assert label(title, standfirst, "", SHIPPED).primary == theme


def test_an_exclusion_of_two_parts_hides_what_lies_between():
    matcher = compile_themes([theme("unpaid", "helper!", exclusions=("helper + agency",))])
    assert themes_of("A helper sent by the agency came", None, "", matcher=matcher) == []
    assert themes_of("A helper came", None, "", matcher=matcher) == ["unpaid"]


def test_a_long_text_of_another_trade_has_no_theme():
    shop = "The mobile app of the shop uses software, data and artificial intelligence to sell shoes online. " * 40
    assert label("Which mobile app is best?", None, shop, SHIPPED) == Labels(None, ())
    ours = shop + "The council uses the same app in adult social care."
    assert label("Which mobile app is best?", None, ours, SHIPPED).primary == "digital"
