"""The sources of the sample site: who they are, which platform dresses them, how a reader finds their pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType

from tests.site.skins import blogger, decisions, drupal, govuk, observer, umbraco, wordpress, wordpress_blocks, yudu


@dataclass(frozen=True, slots=True)
class Site:
    """One source. `entry` is the path that its configuration names; `skin` None = nobody listens on its port."""

    id: str
    name: str
    tagline: str
    skin: ModuleType | None
    method: str
    entry: str
    licence: Mapping[str, str | int] = field(default_factory=lambda: {"mode": "link"})
    selector: str | None = None
    weight: float = 1.0


EXCERPT: Mapping[str, str | int] = {"mode": "excerpt", "words": 80}

SITES: tuple[Site, ...] = (
    Site(
        "care-ledger",
        "The Care Ledger",
        "News for people who run adult social care",
        wordpress,
        "feed",
        "/feed/",
        {**EXCERPT, "notice": "© The Care Ledger, excerpt by licence"},
        weight=2.0,
    ),
    Site(
        "fieldwork",
        "Fieldwork",
        "Practice writing by people who do it",
        wordpress_blocks,
        "wordpress",
        "/",
        {"mode": "excerpt", "words": 60, "notice": "© Fieldwork and its authors"},
    ),
    Site(
        "open-lives",
        "Open Lives Network blog",
        "Disabled people leading change",
        umbraco,
        "list",
        "/blog.aspx",
        {**EXCERPT, "notice": "© Open Lives Network"},
        selector="div.blogposts h2 a",
    ),
    Site(
        "practice-and-place",
        "Practice & Place",
        "The magazine of the Adult Practice Forum",
        yudu,
        "page-turner",
        "/A7k2mq/pandp1026/resources/1.htm",
    ),
    Site(
        "support-evidence",
        "Institute for Support Evidence",
        "What works in adult social care",
        drupal,
        "sitemap",
        "/sitemap.xml",
        {"mode": "excerpt", "words": 100, "notice": "© Institute for Support Evidence"},
        weight=1.5,
    ),
    Site(
        "care-department",
        "Department for Care and Communities",
        "Guidance and consultations",
        govuk,
        "feed",
        "/search/policy-papers-and-consultations.atom",
        {"mode": "full", "notice": "Open Government Licence v3.0"},
        weight=2.0,
    ),
    Site(
        "fellshire-observer",
        "Fellshire Observer",
        "Your county, every day since 1871",
        observer,
        "feed",
        "/news/atom.xml",
        {"mode": "excerpt", "words": 40, "notice": "© Fellshire Observer"},
    ),
    Site(
        "kitchen-table",
        "The Kitchen Table Carer",
        "Notes from a house where three generations share one kettle",
        blogger,
        "feed",
        "/feeds/posts/default",
        {"mode": "excerpt", "words": 50, "notice": "© the author of The Kitchen Table Carer"},
    ),
    Site(
        "care-ombudsman",
        "Care Complaints Ombudsman",
        "Independent decisions on complaints about care",
        decisions,
        "list",
        "/decisions/search-results",
        {"mode": "full", "notice": "Reused with permission of the Ombudsman"},
        selector="ol.results h2 a",
    ),
    Site(
        "county-provider-news",
        "County Provider News",
        "A newsletter whose server is down",
        None,
        "feed",
        "/feed/",
    ),
)


def site(id: str) -> Site:  # noqa: A002 - as in the configuration
    """A source of the sample site by its id."""
    return next(s for s in SITES if s.id == id)
