"""The gate on words: everything printed as a source's stands in that source, and no more of it than its licence allows.

Composing keeps to the licences by a purse an article. This counts again from what is printed, knowing nothing of
purses: a fault in one of them is then no breach.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from cuttings.digest import wording
from cuttings.digest.items import licence_of
from cuttings.digest.taking import Purse, holds, words_in
from cuttings.model import Article, Digest, Item, Quotation, Words
from cuttings.settings import Source


def faults(digest: Digest, articles: Mapping[str, Article], sources: Mapping[str, Source] | None) -> Iterator[str]:
    """`articles` by key, as they were composed from; without `sources` no licence is known, and none is looked at."""
    items = {item.number: item for item in digest.items}
    quoted = [(item, quotation) for item in digest.items for quotation in item.quotations]
    quoted += [(items[entry.item], entry.quotation) for entry in digest.diary if entry.quotation]
    for item, quotation in quoted:
        article = articles.get(quotation.article)
        if quotation.article != item.article or article is None or not holds(article, quotation):
            yield f"{item.number}: words are quoted that its source does not have: “{quotation.printed[:80]}”"
        if item.licence == "link":
            yield f"{item.number}: its licence allows a link alone, and words are quoted."
    for item in digest.items:
        yield from _not_there(item, articles.get(item.article))
    yield from _explained(digest, articles)
    if sources is not None:
        yield from _too_many(digest, quoted, articles, sources)


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


def _too_many(
    digest: Digest,
    quoted: list[tuple[Item, Quotation]],
    articles: Mapping[str, Article],
    sources: Mapping[str, Source],
) -> Iterator[str]:
    taken: Counter[str] = Counter()
    for _, quotation in quoted:
        taken[quotation.article] += words_in(quotation.text)
    for item in digest.items:
        taken[item.article] += sum(words_in(words.text) for _, words in _loose(item))
        article = articles.get(item.article)
        # A headline is a link's name; where a page has none, the standfirst's words stand in its place and count.
        if item.headline.origin == "source" and article and not (article.title or "").strip():
            taken[item.article] += words_in(item.headline.text)
    allowed = {key: Purse.of(licence_of(articles[key], dict(sources))).left for key in taken if key in articles}
    for entry in digest.explained:
        if entry.words.origin == "source":
            # It needs the leave of one of those that have it, and is counted there.
            having = list(_expanding(digest, articles, entry.words.text))
            room = max(having, key=lambda key: allowed[key] - taken[key], default=None)
            if room:
                taken[room] += words_in(entry.words.text)
    for item in digest.items:
        if item.article in allowed and taken[item.article] > allowed[item.article]:
            yield (
                f"{item.number}: {taken[item.article]} words are taken from its source, "
                f"whose licence allows {allowed[item.article]}."
            )
