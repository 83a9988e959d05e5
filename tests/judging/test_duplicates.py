"""Double posts, near copies and stories, on copies made from our own texts by kinds of edit."""

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
from cuttings.model import Article
from tests.judging.making import comment
from tests.judging.rows import OURS, threads

LONG = "I did this job for nine years and the worst part was leaving people in the middle of a sentence every day."
TEXTS = sorted(
    {
        c.text
        for one in threads(OURS)
        for c, label in zip(one.comments, one.labels, strict=True)
        if label == "genuine" and len(c.text.split()) >= 14
    }
)
WORDS = sorted({w for t in TEXTS for w in t.split()})


def _piece(seed, sentences=14):
    """An article of our own making: sentences of random words, so that no two articles share any."""
    chance = random.Random(seed)
    lines = [" ".join(chance.choice(WORDS) for _ in range(chance.randint(9, 18))) + "." for _ in range(sentences)]
    return [" ".join(lines[i : i + 3]) for i in range(0, len(lines), 3)]


ARTICLE_EDITS = {
    "same": lambda p, _: p,
    "new introduction": lambda p, c: [*_piece(c.random(), 3), *p],
    "first half": lambda p, _: p[: len(p) // 2 + 1],
    "last paragraphs": lambda p, _: p[-3:],
    "retyped": lambda p, _: [x.upper().replace(",", "").replace("'", "\u2019").replace(" ", "\u00a0", 3) for x in p],
    "few words changed": lambda p, c: [" ".join("XXX" if c.random() < 0.04 else w for w in x.split()) for x in p],
    "boiler-plate around": lambda p, c: [
        "Share this article.",
        *p,
        "Sign up for our newsletter.",
        *_piece(c.random(), 2),
    ],
    "zero-width": lambda p, _: [x.replace("e", "e\u200b") for x in p],
    "homoglyphs": lambda p, _: [x.replace("a", "\u0430").replace("o", "\u043e") for x in p],
}


@pytest.mark.parametrize("edit", ARTICLE_EDITS)
def test_a_copied_article_joins_its_story(edit):
    index, found, wrong = StoryIndex(), 0, 0
    for seed in range(40):
        index.add(f"o{seed}", f"Title {seed}", "\n\n".join(_piece(seed)))
    for seed in range(40):
        copy = ARTICLE_EDITS[edit](_piece(seed), random.Random(seed))
        story = index.add(f"c{seed}", f"Other {seed}", "\n\n".join(copy)).membership.story
        found += story == f"o{seed}"
        wrong += story not in {f"o{seed}", f"c{seed}"}
    assert found / 40 >= 0.98
    assert wrong == 0


COMMENT_EDITS = {
    "same": lambda t: t,
    "cut off": lambda t: t[: int(len(t) * 0.6)],
    "retyped": lambda t: t.upper().replace(",", "").replace("'", "\u2019"),
    "typing mistake": lambda t: t[:20] + t[21:],
    "zero-width": lambda t: t.replace("e", "e\u200b"),
    "homoglyphs": lambda t: t.replace("a", "\u0430"),
    "a word before": lambda t: "Again: " + t,
}


@pytest.mark.parametrize("edit", COMMENT_EDITS)
def test_a_second_try_is_found(edit):
    found = 0
    for text in TEXTS:
        pair = [comment(text, "Moira", 1.0), comment(COMMENT_EDITS[edit](text), "Moira", 1.003, n=2)]
        found += [(r.later, r.earlier) for r in repeats(pair)] == [(1, 0)]
    assert found / len(TEXTS) >= 0.98


def test_different_comments_of_one_writer_stay_apart():
    thread = [comment(t, "Moira", 1 + i / 1000, n=i + 1) for i, t in enumerate(TEXTS)]
    assert len(repeats(thread)) <= 0.005 * len(TEXTS)


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
    elder = _article("e", _piece(1), "Reclaiming the job of care", published="2012-01-01")
    own = _article(
        "y", _piece(2), "Can we reclaim the job of care", version_note="A version of this piece appeared in March"
    )
    assert place(own, [candidate(elder, "e")]).story == "e"
    assert place(_article("z", _piece(3), "Something else entirely new"), [candidate(elder, "e")]).story == "z"
    assert place(_article("x", _piece(4), "Reclaiming the job of care"), [candidate(elder, "e")]).story == "e"
    assert (
        place(_article("w", _piece(4), "Letters"), [candidate(_article("e", _piece(1), "Letters"), "e")]).story == "w"
    )


def test_a_late_copy_joins_two_stories_and_the_elder_key_stays():
    one, two = _piece(1, 12), _piece(2, 12)
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
    ours = _article("a", _piece(1), source="paper", published="2014-03-02")
    early = _article("b", _piece(1)[:3], source="aggregator", published="2014-03-01")
    long = _article("c", _piece(1), source="aggregator", published="2014-03-01")
    assert canonical_first([early, long, ours], lambda s: rank(s, 9)) == (ours, long, early)


def test_bands_fit_a_database_and_texts_meet_in_them():
    one, other = signature(LONG), signature(LONG + " Truly.")
    assert all(-(2**63) <= b < 2**63 for b in one.bands)
    assert set(one.bands) & set(other.bands)
    assert one.exact == signature(LONG.upper()).exact
    assert containment(one.shingles, other.shingles) > 0.9
    assert signature("").bands == () == signature("Well said!").bands


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
