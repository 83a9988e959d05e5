"""Whatever is said below an article: each comment gets one explained verdict, and an editor's word outranks it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings import rulings, spam
from cuttings.duplicates import StoryIndex
from cuttings.model import Article, Comment, Ruling
from cuttings.rulings import COMMENT_DECISIONS

NOW = datetime(2026, 11, 2, 7, 0, tzinfo=UTC)
OUTCOMES = {"genuine", "review", "spam", "duplicate"}
SAID = st.sampled_from(
    (
        "My sister waited nine weeks for her first visit, and then three people came in one morning.",
        "My sister waited nine weeks for her first visit and then three people came in one morning",
        "Cheap loans for everybody: http://loans.example/apply now!!!",
        "Agreed.", "", "\u202eegral ton\x00", "WHY WHY WHY", "see http://[ and mailto:x@y.example",
    )
) | st.text(max_size=80)  # fmt: skip
NAMES = st.none() | st.sampled_from(("Jo Brack", "Cheap Loans", "", "http://x.example")) | st.text(max_size=20)
DATES = st.none() | st.sampled_from(("2026-10-02", "2026-10-03T09:00:00+01:00", "2026", "yesterday", "9999-12-31"))


@st.composite
def threads(draw, most=7):
    """Comments in page order, with keys that are all different and parents that may not be there."""
    return [
        Comment(
            key=f"{n:016x}", article="a", n=n, author=draw(NAMES), author_url=draw(st.none() | st.text(max_size=20)),
            by_article_author=draw(st.booleans()), posted=draw(DATES), text=draw(SAID),
            parent=draw(st.none() | st.integers(-1, most + 1)),
            links=tuple(draw(st.lists(st.text(max_size=15), max_size=2))),
        )
        for n in range(1, draw(st.integers(0, most)) + 1)
    ]  # fmt: skip


ARTICLES = st.none() | st.builds(
    Article, key=st.just("a"), url=st.none(), title=st.none() | SAID, published=DATES,
    authors=st.tuples(st.text(max_size=12)), paragraphs=st.tuples(SAID),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(ARTICLES, threads())
def test_each_comment_gets_one_verdict_that_says_why(article, thread):
    verdicts = spam.judge(article, thread)
    assert len(verdicts) == len(thread)
    keys = {comment.key for comment in thread}
    for comment, verdict in zip(thread, verdicts, strict=True):
        assert verdict.outcome in OUTCOMES
        assert 0 <= verdict.score <= 1
        assert all(reason.sentence.strip() for reason in verdict.because)
        assert verdict.because or verdict.outcome == "genuine"
        assert not verdict.quotable or verdict.outcome == "genuine"
        assert (verdict.duplicate_of is not None) == (verdict.outcome == "duplicate")
        assert verdict.duplicate_of in {None, *keys - {comment.key}}
    assert spam.judge(article, thread) == verdicts


RULINGS = st.lists(
    st.tuples(st.sampled_from([*COMMENT_DECISIONS, "theme", "strike"]), st.integers(0, 3)), min_size=1, max_size=4
)


@settings(max_examples=60, deadline=None)
@given(threads(4), RULINGS, RULINGS)
def test_an_editors_word_outranks_every_rule(thread, own, copies):
    def made(given_):
        return [
            Ruling(rulings.comment("0" * 16), decision, None, "Ed Itor", NOW + timedelta(hours=hour))
            for decision, hour in given_
        ]

    for verdict in spam.judge(None, thread):
        mine, theirs = made(own), [(r, "spam") for r in made(copies) if r.decision in COMMENT_DECISIONS]
        ruled = rulings.ruled(verdict, mine, theirs)
        known = [r for r in mine if r.decision in COMMENT_DECISIONS]
        if known:
            latest = max(r.at for r in known)
            assert ruled.outcome in {COMMENT_DECISIONS[r.decision] for r in known if r.at == latest}
        assert rulings.is_ruled(ruled) or ruled == verdict
        # What the rules thought stays beside it, and ruling twice changes nothing.
        assert set(verdict.because) <= set(ruled.because)
        assert rulings.ruled(ruled, mine, theirs) == ruled


PIECES = (
    "The night team starts at six and has seen eleven people by nine, each of them in their own kitchen.",
    "A survey of 140 councils found that most commission visits of half an hour, and some of a quarter.",
    "Families said that the months without the day centre had been the hardest since the pandemic.",
    "The minister told the committee that the money would come in the spring, and not before.",
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.lists(st.sampled_from(PIECES), min_size=0, max_size=4), st.text(max_size=20)), max_size=8))
def test_each_article_is_in_exactly_one_story_and_the_elder_names_it(articles):
    index, elder = StoryIndex(), dict[str, str]()
    for n, (pieces, title) in enumerate(articles):
        found = index.add(f"a{n}", title, "\n\n".join(pieces))
        membership = found.membership
        assert membership.article == f"a{n}"
        assert membership.because
        assert 0 <= membership.similarity <= 1
        # Its own, or one that was there before and has not been merged away.
        assert membership.story == f"a{n}" or membership.story in elder.values()
        elder[f"a{n}"] = membership.story
        for key, story in elder.items():
            if story in found.merged:
                elder[key] = membership.story
    assert all(int(story[1:]) <= int(key[1:]) for key, story in elder.items())
    assert all(elder[story] == story for story in elder.values())
