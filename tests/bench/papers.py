"""Made newspapers: pages of WordPress sites with threads below them, as many as a benchmark asks for.

Words are drawn as English uses them, with a sentence of the sample site's sector prose in every paragraph for the
themes to be found by; a tenth of the comments stand below two articles, so that the search for copies finds some.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.bench.judge import comments
from tests.flows.press import Press, Remark, Story
from tests.site import truth
from tests.site.sites import SITES

PARAGRAPHS, WORDS = 3, 45  # of an article, and of a paragraph beside its sentence of sector prose
MOST_COMMENTS = 2  # below one article; one on average


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as its site sends it."""

    source: str
    url: str
    body: bytes


def source_ids(count: int) -> tuple[str, ...]:
    return tuple(f"paper-{n}" for n in range(1, count + 1))


def sources_toml(count: int) -> str:
    """The blocks of sources.toml for these papers; nobody answers at their addresses."""
    return "\n".join(
        f'[[source]]\nid = "{id_}"\nname = "The {id_.title()}"\nurl = "https://{id_}.example/feed/"\nsince_days = 400\n'
        for id_ in source_ids(count)
    )


def sheets(count: int, sources: int, seed: int = 11) -> Iterator[Sheet]:
    """Pages, the same at every call, from one source after the other."""
    from wordfreq import top_n_list

    chance = random.Random(seed)
    words = [w for w in top_n_list("en", 20_000) if w.isalpha()]
    odds = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(words))))
    rare = words[5_000:]
    sector, said, ids = _sentences(), iter(comments(count * MOST_COMMENTS, seed)[0]), source_ids(sources)
    for n in range(count):
        paper = Press(base=f"https://{ids[n % sources]}.example")
        day, hour = 1 + n % 26, 7 + n % 9
        paragraphs = tuple(
            f"{chance.choice(sector)} {_sentence(chance.choices(words, cum_weights=odds, k=WORDS))}"
            for _ in range(PARAGRAPHS)
        )
        story = Story(
            slug=f"report-{n}",
            title=_sentence(chance.choices(words, cum_weights=odds, k=7)),
            paragraphs=paragraphs,
            published=f"2026-10-{day:02}T{hour:02}:00:00",
            comments=tuple(
                Remark(
                    m + 1, f"{chance.choice(rare)} {chance.choice(rare)}".title(), _posted(day, hour + m, n), next(said)
                )
                for m in range(chance.randint(0, MOST_COMMENTS))
            ),
            post=n,
        )
        yield Sheet(ids[n % sources], f"{paper.base}/{story.slug}/", paper._page(story, None).encode())


def _sentences() -> Sequence[str]:
    articles = [a for one in SITES for a in truth.of(one.id) if a.outcome == "article"]
    found = [s for a in articles for p in a.paragraphs for s in re.split(r"(?<=[.?!])\s+", p)]
    return [s for s in found if len(s.split()) > 3]


def _sentence(words: Sequence[str]) -> str:
    return f"{' '.join(words).capitalize()}."


def _posted(day: int, hour: int, minute: int) -> str:
    return f"2026-10-{day:02}T{hour:02}:{minute % 60:02}:00"
