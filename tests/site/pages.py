"""The sample site's pages without a server, for tests of readers: bytes, address, truth."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tests.site import truth
from tests.site.server import build
from tests.site.sites import SITES, site
from tests.site.skins import yudu
from tests.site.skins.common import Resource


class SamplePage(NamedTuple):
    """One address of the sample site."""

    url: str
    body: bytes
    media_type: str


def base(source: str) -> str:
    """An address that stands for a source where nothing is served."""
    return f"http://{source}.example"


@functools.cache
def resources(source: str) -> Mapping[str, Resource]:
    """Every page of a source by its path."""
    return build(site(source), base(source))


def pages_of(article: truth.TrueArticle) -> tuple[SamplePage, ...]:
    """The pages of one article, in order: one, or the several of a page-turner."""
    skin = site(article.source).skin
    assert skin is not None
    paths = [yudu.page_path(n) for n in article.pages] if article.pages else [skin.path(article)]
    found = [(path, resources(article.source)[path]) for path in paths]
    return tuple(SamplePage(base(article.source) + path, r.body, r.media_type) for path, r in found)


def documents(outcome: str | None = "article") -> Iterator[tuple[truth.TrueArticle, tuple[SamplePage, ...]]]:
    """Articles of the sample site with their pages; `outcome` None gives the pages that are no article, too."""
    for one in SITES:
        for article in truth.of(one.id):
            if outcome is None or article.outcome == outcome:
                yield article, pages_of(article)


# Pages that a discoverer meets and that hold no article, beside those in the content: source -> paths.
NOT_ARTICLES: Mapping[str, tuple[str, ...]] = {
    "practice-and-place": (yudu.page_path(1),),  # the cover
    "support-evidence": ("/research",),  # the sitemap lists the list
}
