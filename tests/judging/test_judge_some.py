"""Verdicts on a few comments of a thread are those that the whole thread gets."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings import spam
from cuttings.model import Comment

TEXTS = (
    "My mother has waited nine weeks for an assessment, and nobody can say when it will be.",
    "My mother has waited nine weeks for an assessment and nobody can say when it will be!",
    "Cheap loans for everybody at http://loans.example/apply click now",
    "cheap loans for EVERYBODY at http://loans.example/apply click now",
    "Agreed.",
    "The visits were cut to a quarter of an hour, which is not enough to wash and dress somebody.",
)


@st.composite
def threads(draw):
    said = draw(st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from(("Jo Brack", "Nell", None))), max_size=8))
    return [
        Comment(
            key=f"{n:016x}", article="a", n=n + 1, author=author, author_url=None, by_article_author=False,
            posted=f"2026-04-0{1 + (n * 5) % 7}T09:00:00", text=text, parent=None, links=(),
        )
        for n, (text, author) in enumerate(said)
    ]  # fmt: skip


@given(threads(), st.sets(st.integers(0, 7)))
@settings(max_examples=40, deadline=None)
def test_some_are_judged_as_all_are(thread, chosen):
    keys = {f"{n:016x}" for n in chosen}
    every = {c.key: verdict for c, verdict in zip(thread, spam.judge(None, thread), strict=True)}
    assert spam.judge_some(None, thread, keys) == {key: v for key, v in every.items() if key in keys}
