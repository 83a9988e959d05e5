"""The gate on words: everything printed as a source's stands in that source, and no more of it than its licence allows.

Composing keeps to the licences by a purse an article. This counts again from what is printed, knowing nothing of
purses: a fault in one of them is then no breach. What is logged as used is this same count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from cuttings.digest import wording
from cuttings.digest.items import licence_of
from cuttings.digest.taking import Purse, holds, words_in
from cuttings.model import Article, Digest, Item, Quotation, Story, Words
from cuttings.settings import Source


def faults(
    digest: Digest,
    articles: Mapping[str, Article],
    sources: Mapping[str, Source] | None,
    stories: Iterable[Story] | None = None,
) -> Iterator[str]:
    """`articles` by key and `stories` with their comments, as they were composed from.

    Without `sources` no licence is known, and none is looked at; without `stories` no reader's words are looked up.
    """
    for item, quotation in _quoted(digest):
        article = articles.get(quotation.article)
        if quotation.article != item.article or article is None or not holds(article, quotation):
            yield f"{item.number}: words are quoted that its source does not have: “{quotation.printed[:80]}”"
        if item.licence == "link":
            yield f"{item.number}: its licence allows a link alone, and words are quoted."
    for item in digest.items:
        yield from _not_there(item, articles.get(item.article))
    yield from _explained(digest, articles)
    if stories is not None:
        yield from _said(digest, stories)
    if sources is not None:
        yield from _too_many(digest, articles, sources)


def words_by_article(
    digest: Digest, articles: Mapping[str, Article], sources: Mapping[str, Source]
) -> Mapping[str, int]:
    """How many words of each article printed are its source's, by its key; 0 where a link is all.

    Quotations, the diary's, what is said of a figure, acronyms as an article spells them out, and a standfirst that
    stands in the headline's place. `articles` by key; of one that is not among them the last two are not known.
    """
    taken = Counter({item.article: 0 for item in digest.items})
    for _, quotation in _quoted(digest):
        taken[quotation.article] += words_in(quotation.text)
    for item in digest.items:
        taken[item.article] += sum(words_in(words.text) for _, words in _loose(item))
        article = articles.get(item.article)
        # A headline is a link's name; where a page has none, the standfirst's words stand in its place and count.
        if item.headline.origin == "source" and article and not (article.title or "").strip():
            taken[item.article] += words_in(item.headline.text)
    allowed = _allowed(taken, articles, sources)
    for entry in digest.explained:
        if entry.words.origin == "source":
            # It needs the leave of one of those that have it, and is counted there.
            having = list(_expanding(digest, articles, entry.words.text))
            room = max(having, key=lambda key: allowed[key] - taken[key], default=None)
            if room:
                taken[room] += words_in(entry.words.text)
    return taken


def _allowed(keys: Iterable[str], articles: Mapping[str, Article], sources: Mapping[str, Source]) -> Mapping[str, int]:
    return {key: Purse.of(licence_of(articles[key], dict(sources))).left for key in keys if key in articles}


def _quoted(digest: Digest) -> Iterator[tuple[Item, Quotation]]:
    items = {item.number: item for item in digest.items}
    yield from ((item, quotation) for item in digest.items for quotation in item.quotations)
    yield from ((items[entry.item], entry.quotation) for entry in digest.diary if entry.quotation)


def _flat(text: str | None) -> str:
    return " ".join((text or "").split())


def _loose(item: Item) -> Iterator[tuple[str, Words]]:
    """The source's words that stand outside quotations, with what they are."""
    held = [("base", item.base), ("year", item.year)]
    held += [pair for figure in item.figures for pair in (("base", figure.base), ("year", figure.year))]
    yield from ((what, words) for what, words in held if words is not None and words.origin == "source")


def _not_there(item: Item, article: Article | None) -> Iterator[str]:
    for what, words in _loose(item):
        if _flat(words.text) not in _flat(article.text if article else ""):
            yield f"{item.number}: its source does not have this {what}: “{words.text[:80]}”"
    if item.headline.origin == "source" and not (article and _is_headline(item.headline.text, article)):
        yield f"{item.number}: its source does not have this headline: “{item.headline.text[:80]}”"


def _is_headline(text: str, article: Article) -> bool:
    clipped = wording.clipped(article.title or "", wording.LONGEST_HEADLINE)
    return _flat(text) in (_flat(clipped), _flat(article.standfirst))


def _explained(digest: Digest, articles: Mapping[str, Article]) -> Iterator[str]:
    for entry in digest.explained:
        if entry.words.origin == "source" and not any(_expanding(digest, articles, entry.words.text)):
            yield f"“{entry.term}” is explained in words that no article printed here has: “{entry.words.text[:80]}”"


def _expanding(digest: Digest, articles: Mapping[str, Article], words: str) -> Iterator[str]:
    """The printed articles that spell an acronym out so."""
    for item in digest.items:
        if item.article in articles and _flat(words) in _flat(articles[item.article].text):
            yield item.article


def _said(digest: Digest, stories: Iterable[Story]) -> Iterator[str]:
    """A reader is quoted whole: half of "I never said that care is bad" is another opinion."""
    kept = {
        story.key: {_flat(one.comment.text) for one in story.kept_comments if one.verdict.quotable} for story in stories
    }
    for item in digest.items:
        for voice in item.voices:
            if _flat(voice.text) not in kept.get(item.story, ()):
                yield f"{item.number}: no comment that may be quoted has these words: “{voice.text[:80]}”"


def _too_many(digest: Digest, articles: Mapping[str, Article], sources: Mapping[str, Source]) -> Iterator[str]:
    taken = words_by_article(digest, articles, sources)
    allowed = _allowed(taken, articles, sources)
    for item in digest.items:
        if item.article in allowed and taken[item.article] > allowed[item.article]:
            yield (
                f"{item.number}: {taken[item.article]} words are taken from its source, "
                f"whose licence allows {allowed[item.article]}."
            )
