"""Nothing that a stranger can write makes judging fail, or hides what it says."""

import pytest

from cuttings.duplicates import StoryIndex, repeats
from cuttings.model import Article
from cuttings.spam import judge
from tests.judging.making import ARTICLE, comment

HOSTILE = {
    "right to left": "\u202eevil" * 200,
    "zero-width": "\u200b\u2060" * 20_000,
    "a megabyte without a space": "a" * 1_000_000,
    "zalgo": "a\u0301\u0327\u0323\u0330" * 50_000,
    "only marks": "\u0301" * 100_000,
    "lone surrogates": "\ud800\udfff\ud800" * 500,
    "nul": "\x00" * 50_000,
    "control": "\x07\x1b[31m\x9b" * 5_000,
    "tags": "<a" * 50_000,
    "addresses": "http://" * 20_000,
    "bracket links": "[url=" * 20_000,
    "entities": "&amp;#x3c;" * 20_000,
    "cyrillic in latin": "\u0456a" * 50_000,
    "thai without spaces": "\u0e01" * 100_000,
    "lines": ">\n" * 50_000,
    "blank": " \t\n" * 50_000,
    "emoji": "\U0001f468\u200d\U0001f469" * 5_000,
    "quotes": '"' * 50_000,
    "templates": "the best blog post " * 10_000,
    "numbers": "+1-1 " * 20_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("field", ["text", "author", "author_url", "links", "title", "body"])
def test_any_field_may_hold_anything(kind, field):
    nasty = HOSTILE[kind]
    more = {"author_url": nasty} if field == "author_url" else {"links": (nasty,)} if field == "links" else {}
    text, author = (nasty if field == "text" else "Good point."), (nasty if field == "author" else "Jo")
    article = Article(
        "a", None, title=nasty if field == "title" else "Visits", paragraphs=(nasty if field == "body" else "x",)
    )
    verdicts = judge(article, [comment(text, author, key="k", **more), comment("Quite so.", "Al", 2, 2)])
    assert len(verdicts) == 2
    assert verdicts[1].outcome == "genuine"


@pytest.mark.parametrize("kind", HOSTILE)
def test_stories_take_anything(kind):
    index = StoryIndex()
    index.add("a", HOSTILE[kind], HOSTILE[kind], authors=(HOSTILE[kind],))
    assert index.add("b", "Visits", "A text of its own about the visits.").membership.story == "b"


PLAIN = "We are a leading provider of stairlifts, visit our website for a free quote today"


@pytest.mark.parametrize(
    "trick",
    [
        lambda t: t.replace("e", "e\u200b"),
        lambda t: t.replace("a", "\u0430").replace("o", "\u043e").replace("e", "\u0435"),
        lambda t: "\u202a" + t,
        lambda t: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in t),
        lambda t: t.replace("i", "i\u0336"),
    ],
    ids=["zero-width", "homoglyphs", "direction", "full width", "struck through"],
)
def test_spam_and_duplicates_see_through_tricks(trick):
    assert repeats([comment(PLAIN, "Jo", 1), comment(trick(PLAIN), "Jo", 1.001, 2)])
    plain = judge(ARTICLE, [comment(PLAIN, "stairlift deals", 300)])[0]
    tricked = judge(ARTICLE, [comment(trick(PLAIN), "stairlift deals", 300)])[0]
    assert plain.outcome == tricked.outcome == "spam"
