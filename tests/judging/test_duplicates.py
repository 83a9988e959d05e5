"""Double posts, near copies and stories, on copies made from our own texts by kinds of edit."""

import html
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.duplicates import (
    StoryIndex,
    candidate,
    canonical_first,
    containment,
    join,
    normalise,
    place,
    repeats,
    signature,
)
from cuttings.duplicates.batch import copies
from cuttings.duplicates.signatures import signatures_of
from cuttings.duplicates.text import unquoted
from cuttings.model import Article
from tests.judging.copies import (
    ARTICLE_EDITS,
    COMMENT_EDITS,
    ROWS,
    WORDS,
    agreeing,
    answers,
    apart,
    elsewhere,
    piece,
    second_tries,
    stories,
    versions,
)
from tests.judging.making import comment

LONG = "I did this job for nine years and the worst part was leaving people in the middle of a sentence every day."


@pytest.mark.parametrize("edit", ARTICLE_EDITS)
def test_a_copied_article_joins_its_story(edit):
    tried, right, wrong = stories(ARTICLE_EDITS[edit], 40)
    assert right / tried >= 0.98
    assert wrong == 0


@pytest.mark.parametrize("edit", COMMENT_EDITS)
@pytest.mark.parametrize("path", [lambda edit: second_tries(edit, 3), elsewhere], ids=["second try", "elsewhere"])
def test_a_copied_comment_is_found(edit, path):
    tried, right, wrong = path(COMMENT_EDITS[edit])
    assert tried >= 60
    assert right / tried >= 0.98
    assert wrong <= 0.005 * tried


@pytest.mark.parametrize("kind", [answers, agreeing, apart])
def test_what_is_alike_and_no_copy_stays_apart(kind):
    tried, right, _ = kind()
    assert right / tried >= 0.995


@pytest.mark.parametrize(
    ("title", "note"),
    [
        (lambda n: f"Reclaiming the job number {n}", None),
        (lambda n: f"Can we be reclaiming the job number {n}", "A version of this piece appeared elsewhere"),
    ],
    ids=["author and title", "a note"],
)
def test_versions_meet_in_the_index(title, note):
    tried, right, wrong = versions(lambda n: piece(n + 0.5), title, note)
    assert right / tried >= 0.98
    assert wrong == 0


def test_different_comments_of_one_writer_stay_apart():
    thread = [comment(t, "Moira", 1 + i / 1000, n=i + 1) for i, t in enumerate(ROWS)]
    assert len(repeats(thread)) <= 0.005 * len(ROWS)


@pytest.mark.parametrize(
    "pair",
    [
        (comment("Well said!", "Pru", 1), comment("Well said!", "Gordon", 1.001, n=2)),
        (
            comment(LONG, "Pru", 1),
            comment(f"> {LONG}\nThat was my job as well, in another town and in another century.", "Pru", 2, n=2),
        ),
        (comment(LONG, "Pru", 1), comment(LONG, "stairlift hire", 400, n=2)),
        (comment("Thanks", "Pru", 1), comment("Thanks, and sorry", "Pru", 1.001, n=2)),
    ],
)
def test_what_is_no_repeat(pair):
    assert repeats(pair) == ()


def test_the_earlier_by_date_is_the_original_on_a_page_with_the_newest_first():
    newest_first = [comment(LONG, "Pru", 1.01), comment(LONG, "Pru", 1.0, n=2)]
    assert [(r.later, r.earlier) for r in repeats(newest_first)] == [(0, 1)]


def test_a_name_edited_between_two_imports_of_one_comment():
    assert repeats([comment(LONG, "Max B", 1.0), comment(LONG, "Max", 1.0, n=2)])


def _article(key, text, title="A title of five words", authors=("Una Marsh",), **more):
    return Article(key, None, title=title, authors=authors, paragraphs=tuple(text), **more)


def test_a_version_note_links_what_shares_an_author_and_little_text():
    elder = _article("e", piece(1), "Reclaiming the job of care", published="2012-01-01")
    own = _article(
        "y", piece(2), "Can we reclaim the job of care", version_note="A version of this piece appeared in March"
    )
    assert place(own, [candidate(elder, "e")]).story == "e"
    assert place(_article("z", piece(3), "Something else entirely new"), [candidate(elder, "e")]).story == "z"
    assert place(_article("x", piece(4), "Reclaiming the job of care"), [candidate(elder, "e")]).story == "e"
    assert place(_article("w", piece(4), "Letters"), [candidate(_article("e", piece(1), "Letters"), "e")]).story == "w"


def test_a_late_copy_joins_two_stories_and_the_elder_key_stays():
    one, two = piece(1, 12), piece(2, 12)
    index = StoryIndex()
    index.add("a", "One", "\n\n".join(one[:2]))
    index.add("b", "Two", "\n\n".join(one[2:]))
    joined = index.add("c", "All", "\n\n".join(one))
    assert joined.membership.story == "a"
    assert joined.merged == ("b",)
    assert index.add("d", "Two again", "\n\n".join(one[2:])).membership.story == "a"
    assert index.add("e", "Other", "\n\n".join(two)).membership.story == "e"


def test_the_canonical_copy_is_the_publishers_then_the_earliest_then_the_longest():
    rank = {"paper": 0}.get
    ours = _article("a", piece(1), source="paper", published="2014-03-02")
    early = _article("b", piece(1)[:3], source="aggregator", published="2014-03-01")
    long = _article("c", piece(1), source="aggregator", published="2014-03-01")
    assert canonical_first([early, long, ours], lambda s: rank(s, 9)) == (ours, long, early)


def test_bands_fit_a_database_and_texts_meet_in_them():
    one, other = signature(LONG), signature(LONG + " Truly.")
    assert all(-(2**31) <= b < 2**31 for b in one.bands)
    assert set(one.bands) & set(other.bands)
    assert one.exact == signature(LONG.upper()).exact
    assert containment(one.shingles, other.shingles) > 0.9
    assert signature("").bands == () == signature("Well said!").bands


@given(st.lists(st.text(max_size=60), max_size=8))
def test_a_text_has_the_same_bands_whatever_stands_beside_it(texts):
    keys = [normalise(t * 9) for t in texts]
    together = signatures_of(keys, "comment")
    assert [s.bands for s in together] == [signatures_of([k], "comment")[0].bands for k in keys]


@given(st.text(alphabet=[chr(c) for c in range(128)], max_size=200))
def test_the_quick_way_for_ascii_folds_as_the_slow_one(text):
    assert normalise(text).replace(" ", "") == "".join(c for c in html.unescape(unquoted(text)).lower() if c.isalnum())


@given(st.text(max_size=300))
def test_normalising_is_settled_and_never_fails(text):
    once = normalise(text)
    assert normalise(once) == once or not once.isascii()
    signature(text)


@given(st.lists(st.text(max_size=80), max_size=6))
def test_a_repeat_always_points_at_an_original(texts):
    found = repeats([comment(t, "Pru", i / 100, n=i + 1) for i, t in enumerate(texts)])
    later = {r.later for r in found}
    assert all(r.earlier not in later for r in found)


def test_nothing_copies_nothing():
    assert (
        join(_article("a", ()), [candidate(_article("b", (), "Another title of words"), "b")]).membership.story == "a"
    )


def test_the_batched_path_finds_what_the_single_one_finds():
    chance = random.Random(5)
    texts = [" ".join(chance.choices(WORDS, k=30)) for _ in range(300)]
    texts += [
        "Well said!",
        *(t[: int(len(t) * 0.85)] for t in texts[:100]),
        *(t.upper() for t in texts[100:150]),
        "well said",
    ]
    found = copies(texts)
    assert list(found[301:401]) == list(range(100))
    assert list(found[401:451]) == list(range(100, 150))
    assert found[451] == 300
    assert (found[:301] == -1).all()
    assert copies([]).tolist() == []
