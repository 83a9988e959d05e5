"""Which stories without a theme still belong into a digest on adult social care.

A themeless piece of the sector's own press is at least its news: managers find it under 'Other'. A themeless piece of a
paper that writes about everything is a brass band, and would fill the budget. Nobody configures which source is which,
and nobody has to: what a source writes about shows in its own articles. Those of the sector's press have a theme or the
sector's words nearly always; those of a local or national paper only where we were sent to look for them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from cuttings.digest.choose import Candidate, Local, Rulings
from cuttings.model import Article, Story, Theme
from cuttings.themes_context import ADULT_CARE
from cuttings.themes_finder import Finder
from cuttings.themes_phrases import parse

FEWEST = 3  # stories of a source in the period: fewer show nothing
NEARLY_ALWAYS = 0.66
TWICE = 2  # in the text: one mention in passing is no subject
LONGEST_READ = 20_000  # characters
# Every trade with councils in it has these.
_ANY_TRADE = frozenset({"local authorit*"})
# Of the names that make an item local, those of services: a district alone makes a brass band no care news.
_A_SERVICE = re.compile(
    r"\b(?:hospital|hospice|infirmary|clinic|surgery|practice|home|house|lodge|court|care|carers?|homecare|support|"
    r"living|healthcare|health|trust|cent(?:re|er)|nursing|services?|ltd|limited|plc|cic|association|foundation|charity|society|hub|team|unit)\b",
    re.IGNORECASE,
)


class Field:
    """Tells of stories without a theme whether they have anything of the sector. Made once for an issue."""

    def __init__(self, themes: Iterable[Theme], local: Sequence[str], found: Sequence[Candidate]) -> None:
        strong = [phrase for theme in themes for phrase in theme.phrases if phrase.strip().endswith("!")]
        context = [phrase for phrase in ADULT_CARE if not phrase.endswith("?") and phrase not in _ANY_TRADE]
        self._finder = Finder([parse(phrase, 0) for phrase in (*context, *strong)])
        self._services = Local([name for name in local if _A_SERVICE.search(name)])
        self._press = self._sector_press(found)

    def belongs(self, c: Candidate) -> bool:
        """Whether a story without a theme stays: it has the sector's words, stands in the sector's press, or names a
        service that the council lists."""
        source = c.story.canonical.article.source
        return source in self._press or self._has_its_words(c.story) or self._services.find(c.story) is not None

    def _has_its_words(self, story: Story) -> bool:
        return any(self._named_in(held.article) for held in story.articles)

    def _named_in(self, article: Article) -> bool:
        for heading in (article.title, article.standfirst):
            if heading and next(iter(self._finder.find(heading[:LONGEST_READ])[0]), None):
                return True
        return len(list(self._finder.find(article.text[:LONGEST_READ])[0])) >= TWICE

    def _sector_press(self, found: Sequence[Candidate]) -> frozenset[str | None]:
        had, of_it = Counter[str | None](), Counter[str | None]()
        for c in found:
            source = c.story.canonical.article.source
            had[source] += 1
            of_it[source] += c.primary is not None or self._has_its_words(c.story)
        return frozenset(s for s, n in had.items() if n >= FEWEST and of_it[s] >= NEARLY_ALWAYS * n)


def ruled_themeless(story: Story, rulings: Rulings) -> bool:
    """Whether an editor said last that a story has no theme: whatever it stands in, it is not for this digest."""
    no = rulings.on(story, "no-theme")
    given = [rulings.on(story, decision) for decision in ("theme", "primary-theme")]
    return no is not None and not any(yes is not None and yes.at > no.at for yes in given)
