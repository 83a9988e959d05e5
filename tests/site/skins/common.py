"""What every skin needs: resources, links in text, dates as platforms print them, the template shelf."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
from markupsafe import Markup, escape

from tests.site.truth import TrueArticle

LONDON = ZoneInfo("Europe/London")
_EMPHASIS = re.compile(r"\*(\w[^*\n]*)\*")
_LINKS = re.compile(r"\[([^\]\n]+)\]\((https?://[^)\s]+|/[^)\s]*)\)|(https?://[^\s<>\"')]+[^\s<>\"').,;:!?])")


@dataclass(frozen=True, slots=True)
class Resource:
    """What the server sends for one address. `modified` is aware; `headers` are sent beside the usual ones."""

    body: bytes
    media_type: str = "text/html; charset=UTF-8"
    modified: datetime = datetime(2026, 11, 1, 18, 0, tzinfo=LONDON)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


def local(moment: datetime) -> datetime:
    """Naive times in the content are London's."""
    return moment.replace(tzinfo=LONDON) if moment.tzinfo is None else moment.astimezone(LONDON)


def last_change(article: TrueArticle) -> datetime:
    """When the page last changed: its last edit or its last comment."""
    moments = [article.when, *(c.when for c in article.comments)]
    if article.modified:
        moments.append(datetime.fromisoformat(article.modified))
    return local(max(moments))


def rich(markup: str, base: str, rel: str = "") -> Markup:
    """Light markup to HTML; a path becomes an address on the site itself."""

    def anchor(match: re.Match[str]) -> str:
        words, target, bare = match.groups()
        address = bare or (base + target if target.startswith("/") else target)
        attribute = f' rel="{rel}"' if rel else ""
        return f'\x02a href="{escape(address)}"{attribute}\x03{escape(words or bare)}\x02/a\x03'

    parts, last = [], 0
    for match in _LINKS.finditer(markup):
        parts += [str(escape(markup[last : match.start()])), anchor(match)]
        last = match.end()
    parts.append(str(escape(markup[last:])))
    html = "".join(parts).replace("\x02", "<").replace("\x03", ">")
    return Markup(_EMPHASIS.sub(r"<em>\1</em>", html))


def rich_comment(markup: str, base: str, rel: str = "nofollow ugc") -> Markup:
    """A reader's words as blogs print them: blank lines make paragraphs, single breaks <br />."""
    paragraphs = []
    for chunk in re.split(r"\n\s*\n", markup):
        lines = Markup("<br />\n").join(rich(line, base, rel) for line in chunk.splitlines())
        paragraphs.append(Markup("<p>{}</p>").format(lines))
    return Markup("\n").join(paragraphs)


def resolve(target: str, base: str, others: Iterable[TrueArticle], path: Callable[[TrueArticle], str]) -> str:
    """A related link's address: as it stands, or that of the article with this slug on the same site."""
    if target.startswith("http"):
        return target
    return base + path(next(a for a in others if a.slug == target))


def uk_day(moment: datetime) -> str:
    """27 October 2026"""
    return f"{moment.day} {moment:%B %Y}"


def us_day(moment: datetime) -> str:
    """October 27, 2026: what WordPress prints when nobody changed its settings."""
    return f"{moment:%B} {moment.day}, {moment.year}"


def clock(moment: datetime) -> str:
    """9:14 am"""
    return f"{moment.hour % 12 or 12}:{moment:%M} {'am' if moment.hour < 12 else 'pm'}"


def rss_date(moment: datetime) -> str:
    return local(moment).strftime("%a, %d %b %Y %H:%M:%S %z")


def number(text: str, digits: int = 6) -> int:
    """A stable number for a name: post ids, comment ids, avatar addresses."""
    least = int("1" + "0" * (digits - 1))
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % (9 * least) + least


def avatar(name: str) -> str:
    return hashlib.sha256(f"avatar of {name}".encode()).hexdigest()[:32]


ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)
ENVIRONMENT.filters |= {"uk_day": uk_day, "us_day": us_day, "clock": clock, "rss_date": rss_date, "local": local}
ENVIRONMENT.filters |= {"number": number, "avatar": avatar, "iso": lambda d: local(d).isoformat()}
ENVIRONMENT.globals |= {"rich": rich, "rich_comment": rich_comment, "resolve": resolve}


def page(template: str, *, modified: datetime | None = None, media_type: str | None = None, **values: Any) -> Resource:
    """A template filled in, as a resource."""
    body = ENVIRONMENT.get_template(template).render(**values).encode("utf-8")
    resource = Resource(body)
    return Resource(body, media_type or resource.media_type, modified or resource.modified)


def text(body: str, media_type: str = "text/plain; charset=UTF-8") -> Resource:
    return Resource(body.encode("utf-8"), media_type)


def picture(caption: str) -> Resource:
    """A stand-in for a photograph, so that no page shows a broken image."""
    hue = number(caption) % 360
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="768" height="432" role="img">'
        f'<rect width="768" height="432" fill="hsl({hue},30%,70%)"/>'
        f'<circle cx="{200 + hue}" cy="216" r="120" fill="hsl({(hue + 40) % 360},40%,50%)"/></svg>'
    )
    return Resource(drawing.encode(), "image/svg+xml")


STYLE = """body{font:17px/1.55 Georgia,serif;margin:0 auto;max-width:70rem;padding:1rem;color:#222}
nav ul,.menu{list-style:none;display:flex;flex-wrap:wrap;gap:1rem;padding:0}
img{max-width:100%;height:auto}.avatar,.avatar-image-container img{width:3rem}
aside,.sidebar,.widget-area{background:#f4f4f1;padding:1rem;margin:1rem 0}
.screen-reader-text,.visually-hidden,.skip-link{position:absolute;left:-9999px}
li.comment,.comment{margin:1rem 0;padding-left:1rem;border-left:3px solid #ddd}"""
