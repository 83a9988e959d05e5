"""What an edition says beside its items: what practitioners said, the archive, acronyms; and what its budget counts."""

from dataclasses import replace
from datetime import date

import pytest

from cuttings.digest import past_issue, past_issue_from
from cuttings.digest.older import MOST
from cuttings.digest.printed import words, words_in_all, words_of_news
from cuttings.model import PastIssue, Ruling, as_json
from tests.digest.corpus import COUNCIL, HISTORY, MANAGERS, MEMBERS, NOW, THEMES, digest, stories, story


def old(key, theme, published="2025-03-04", **more):
    return story(
        key, "gazette", f"An older piece, {key}", "Something was said.", theme=theme, published=published, **more
    )


ARCHIVE = (
    old("a", "workforce"), old("b", "workforce", score=0.95), old("c", "discharge"), old("d", "finance"),
    old("e", "carers"), old("f", "technology"), old("new", "workforce", published="2026-09-01"), old("none", None),
)  # fmt: skip


def archived(edition=MANAGERS, held=None, **more):
    return digest(edition, held, archive=ARCHIVE, **more)


# ---------------------------------------------------------------- from the archive


def test_the_archive_has_the_best_old_piece_of_each_theme_printed():
    issue = archived()
    themes = [section.theme for section in issue.sections if section.theme]
    assert len(issue.archive) == MOST
    assert [item.theme for item in issue.archive] == [t for t in themes if any(t == i.theme for i in issue.archive)]
    assert "a" not in [item.story for item in issue.archive]  # "b" says more on the same theme
    assert "new" not in [item.story for item in issue.archive]  # of last month


def test_archive_pieces_are_marked_and_nothing_is_quoted_from_them():
    issue = archived()
    assert issue.archive_note.text == "Over a year old: not current law or guidance."
    for item in issue.archive:
        assert item.brief
        assert not item.quotations
        assert [mark.id for mark in item.marks] == ["archive"]
        (name,) = [theme.name for theme in THEMES if theme.id == item.theme]
        assert item.byline.text == f"Care Gazette, 4 March 2025, on {name}"
    numbers = [item.number for item in issue.items]
    assert numbers == [f"M{n}" for n in range(1, len(numbers) + 1)]


def test_the_archive_is_no_part_of_the_period_s_counts():
    plain, issue = digest(), archived()
    assert [line.text for line in issue.in_brief] == [line.text for line in plain.in_brief]
    assert issue.stories == plain.stories
    assert [entry for entry in issue.made if entry.term == "Stories"] == [
        entry for entry in plain.made if entry.term == "Stories"
    ]
    assert len(issue.of_period) == len(plain.items)


def test_an_old_piece_on_no_theme_of_the_issue_stays_out():
    issue = archived(held=tuple(s for s in stories() if s.canonical.labels.primary == "carers"))
    assert [item.story for item in issue.archive] == ["e"]
    assert digest(archive=(old("none", None),)).archive == ()
    assert digest(archive=()).archive_note is None


def test_what_an_issue_had_from_the_archive_is_not_had_again():
    issue = archived()
    past = past_issue(issue)
    assert past == past_issue_from(as_json(issue)) == past_issue_from(as_json(past))
    again = archived(history=(*HISTORY, replace(past, number=42)))
    assert not {item.story for item in again.archive} & {item.story for item in issue.archive}


def test_what_is_printed_in_the_period_or_struck_is_not_archive():
    of_period = {s.key for s in stories()}
    assert digest(archive=stories()).archive == ()
    struck = Ruling("story:b", "strike", None, "Dilys", NOW)
    found = [item.story for item in archived(rulings=(struck,)).archive]
    assert "b" not in found
    assert "a" in found  # the next best
    assert not of_period & set(found)


def test_councillors_get_no_archive():
    assert archived(MEMBERS).archive == ()


def test_an_empty_issue_has_no_archive():
    assert archived(held=()).archive == ()


# ---------------------------------------------------------------- what practitioners say


def test_managers_are_told_how_much_was_said_and_where():
    issue = digest()
    text = [line.text for line in issue.readers]
    kept = {s.key: len(s.kept_comments) for s in stories()}
    assert text[0] == f"{sum(kept.values())} reader comments below {sum(n > 0 for n in kept.values())} of 14 articles."
    assert text[1] == "Readers are not a sample of practitioners or residents; none is quoted."
    by_number = {item.number: kept[item.story] for item in issue.items}
    most = [int(entry.words.text.removesuffix("s").removesuffix(" comment")) for entry in issue.discussed]
    assert most == sorted(by_number.values(), reverse=True)[:3]
    assert [by_number[entry.term] for entry in issue.discussed] == most


@pytest.mark.parametrize("held", [(), stories()[:1]], ids=["nothing", "one item, which says it itself"])
def test_nothing_is_said_where_there_is_nothing_to_say(held):
    issue = digest(held=held)
    assert issue.readers == ()
    assert issue.discussed == ()


def test_quoted_comments_are_counted():
    words = "Our team waited nine weeks for the new forms to come."
    said = story("said", "gazette", "New forms", "They are late.", theme="workforce", quotable=words)
    issue = digest(MANAGERS.model_copy(update={"quote_comments": True}), (said, *stories()))
    quoted = sum(len(item.voices) for item in issue.items)
    assert quoted
    assert issue.readers[1].text.endswith(f"{quoted} {'is' if quoted == 1 else 'are'} quoted.")


# ---------------------------------------------------------------- acronyms


def test_managers_get_acronyms_and_no_other_words():
    told = story(
        "told", "gazette", "CQC visits reablement teams", "The CQC visited. The Wexmoor Carers Alliance (WCA) did too.",
        standfirst="What the CQC and the WCA saw", theme="discharge",
    )  # fmt: skip
    assert [(e.term, e.words.origin) for e in digest(held=(told,)).explained] == [
        ("CQC", "configuration"), ("WCA", "source")
    ]  # fmt: skip
    assert "Reablement" in [e.term for e in digest(MEMBERS, (told,)).explained]
    assert digest(held=(told,), council=COUNCIL.model_copy(update={"glossary": {}})).explained


def test_acronyms_cost_no_item_its_place():
    held = tuple(story(f"t{n}", "gazette", f"CQC visits team {n}", "It came.", theme="discharge") for n in range(12))
    whole = digest(held=held)
    assert [e.term for e in whole.explained] == ["CQC"]
    without = sum(len(f"{e.term} {e.words.text}".split()) for e in whole.explained)
    exact = digest(MANAGERS.model_copy(update={"budget_words": whole.words - without}), held)
    assert exact.explained == ()
    assert len(exact.items) == len(whole.items)
    assert exact.words == exact.budget


# ---------------------------------------------------------------- the budget


@pytest.mark.parametrize("edition", [MANAGERS, MEMBERS], ids=lambda e: e.id)
def test_what_an_issue_says_about_itself_costs_no_words(edition):
    issue = digest(edition)
    about = [issue.title, issue.sources, *issue.contact, *(e.words for e in issue.made), *issue.notices]
    about += [item.headline for item in issue.start_with]  # read once, printed twice
    counted = sum(len(line.text.split()) for line in about) + sum(len(e.term.split()) for e in issue.made)
    assert words_in_all(issue) - words(issue) == counted


def test_a_longer_note_takes_no_item_away():
    plain = digest()
    exact = MANAGERS.model_copy(update={"budget_words": plain.words})
    failed = tuple((f"Paper {n}", "the server did not answer within 30 seconds") for n in range(30))
    audit = replace(plain.audit, sources=(*plain.audit.sources, *(name for name, _ in failed)), sources_failed=failed)
    issue = digest(exact, audit=audit)
    assert words_in_all(issue) > words_in_all(plain) + 200
    assert [item.story for s in issue.sections for item in s.items] == [
        i.story for s in plain.sections for i in s.items
    ]


def test_a_past_issue_without_an_archive_is_read():
    held = as_json(digest())
    del held["archive"]
    assert isinstance(past_issue_from(held), PastIssue)
    assert past_issue_from(held).start == date(2026, 10, 5)


@pytest.mark.parametrize("budget", [250, 400, 600, 900, 1400])
def test_the_archive_takes_no_article_s_place(budget):
    edition = MANAGERS.model_copy(update={"budget_words": budget})
    plain, issue = digest(edition), archived(edition)
    assert [i.story for i in issue.of_period] == [i.story for i in plain.items]
    assert [i.brief for i in issue.of_period] == [i.brief for i in plain.items]
    assert issue.words <= budget or not issue.archive


def test_without_its_archive_an_issue_is_made_again_from_the_words_of_its_news():
    issue = archived()
    assert issue.archive
    again = archived(MANAGERS.model_copy(update={"budget_words": words_of_news(issue)}))
    assert again.archive == ()
    assert [i.story for i in again.items] == [i.story for i in issue.of_period]


def test_what_was_mended_in_an_old_piece_and_who_named_it_is_told():
    plain = Ruling("story:b", "headline", "A plainer name", "Dilys", NOW)
    told = {entry.term: entry.words.text for entry in archived(rulings=(plain,)).made}
    number = next(i.number for i in archived(rulings=(plain,)).archive if i.story == "b")
    assert f"{number}: supplied by Dilys." in told["Headlines"]
