"""The governance pack: what the configuration says and the store counts, as documents to be filled in. No Prefect."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flows.place import HOME

if TYPE_CHECKING:
    from flows.house import House

DOCUMENTS = ("privacy-notice", "dpia", "accessibility-statement", "licence-register")

_PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }}
table {{ border-collapse: collapse; display: block; overflow-x: auto; }}
th, td {{ border: 1px solid #767676; padding: .3rem .6rem; text-align: left; vertical-align: top; }}
</style></head><body><main>
{body}</main></body></html>
"""


@dataclass(frozen=True, slots=True)
class Counts:
    articles: int
    comments: int
    outcomes: tuple[tuple[str, int], ...]
    names: int
    erased: int
    kept_out: int
    issues: int
    pages: int


def facts(house: House) -> Mapping[str, Any]:
    """All that the templates may say; every number is configured or counted."""
    from cuttings.edges.store import numbers, recipients

    settings, store = house.settings, house.store
    held = numbers.held(store)
    by_edition = {e.id: len(recipients.of_edition(store, e.id)) for e in settings.editions}
    return {
        "today": f"{house.clock():%-d %B %Y}",
        "council": settings.council,
        "delivery": settings.delivery,
        "server": settings.server,
        "schedule": settings.schedule,
        "retention": settings.retention,
        "recipients": len({r.address for e in settings.editions for r in recipients.of_edition(store, e.id)}),
        "sources": [
            {
                "id": s.id,
                "name": s.name,
                "url": s.url,
                "licence": s.licence,
                "articles": held.articles_of.get(s.id, 0),
                "printed": held.words_of.get(s.id, 0),
            }
            for s in settings.sources
        ],
        "editions": [
            {
                "name": e.name,
                "audience": e.audience,
                "period": e.period,
                "approval": e.approval,
                "quote_comments": e.quote_comments,
                "recipients": by_edition[e.id],
            }
            for e in settings.editions
        ],
        "quoting": [e.name for e in settings.editions if e.quote_comments],
        "licence_terms": sorted({d for s in settings.sources if (d := s.licence.text_expires_days)}),
        "revisit": max((s.revisit_days for s in settings.sources), default=0),
        "counts": Counts(
            articles=sum(held.articles_of.values()),
            comments=sum(n for _, n in held.outcomes),
            outcomes=held.outcomes,
            names=held.names,
            erased=held.erased,
            kept_out=held.kept_out,
            issues=held.issues,
            pages=house.archive.size()[0],
        ),
    }


def documents(given: Mapping[str, Any]) -> dict[str, str]:
    """Every document by its file name, as Markdown and as HTML."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markdown_it import MarkdownIt

    loader = FileSystemLoader(HOME / "templates" / "governance")
    # Markdown, not HTML: what would be markup in a name is escaped by `md`; the HTML is made from the Markdown.
    environment = Environment(loader=loader, undefined=StrictUndefined, autoescape=False)
    environment.filters |= {"md": _plain, "n": _number}
    html = MarkdownIt("commonmark", {"html": False}).enable("table")
    made = {}
    for name in DOCUMENTS:
        text = environment.get_template(f"{name}.md").render(given).strip() + "\n"
        made[f"{name}.md"] = text
        title = text.splitlines()[0].removeprefix("# ")
        made[f"{name}.html"] = _PAGE.format(title=_escaped(re.sub(r"\\(.)", r"\1", title)), body=html.render(text))
    return made


def _plain(value: object) -> str:
    """A configured text as Markdown shows it: '[Moor|News]' is a name, not a link in a table."""
    flat = " ".join(str(value).split())
    return re.sub(r"([\\`*_{}\[\]<>()#|!~&])", r"\\\1", flat)


def _number(value: float) -> str:
    return f"{value:g}"


def _escaped(text: str) -> str:
    import html

    return html.escape(text)
