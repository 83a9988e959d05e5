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
from cuttings.digest.field_words import A_CARE_WORD, KEEPS, OF_AN_AGE, OLD
from cuttings.model import Article, Story, Theme
from cuttings.themes_context import ADULT_CARE
from cuttings.themes_finder import Finder
from cuttings.themes_phrases import parse

FEWEST = 3  # stories of a source in the period: fewer show nothing
NEARLY_ALWAYS = 0.66
TWICE = 2  # in the text: one mention in passing says nothing about the paper it stands in
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
        phrases = [phrase for theme in themes for phrase in theme.phrases]
        strong = [phrase for phrase in phrases if phrase.strip().endswith("!")]
        context = [phrase for phrase in ADULT_CARE if not phrase.endswith("?") and phrase not in _ANY_TRADE]
        self._strong = Finder([parse(phrase, 0) for phrase in dict.fromkeys((*KEEPS, *context, *strong))])
        self._any = Finder([parse(phrase, 0) for phrase in dict.fromkeys(phrases)])
        self._services = Local([name for name in local if _A_SERVICE.search(name)])
        self._press = self._sector_press(found)

    def belongs(self, c: Candidate) -> bool:
        """Whether a story without a theme stays: it has a word of the sector anywhere, or half of one in its headline,
        stands in the sector's press, or names a service that the council lists."""
        source = c.story.canonical.article.source
        return (
            source in self._press
            or any(self._touches(held.article) for held in c.story.articles)
            or self._services.find(c.story) is not None
        )

    def _touches(self, article: Article) -> bool:
        text = article.text[:LONGEST_READ]
        headings = [heading[:LONGEST_READ] for heading in (article.title, article.standfirst) if heading]
        if any(self._strong.find(part)[0] or OF_AN_AGE.search(part) for part in (*headings, text)):
            return True
        if any(A_CARE_WORD.search(heading) or OLD.search(heading) for heading in headings):
            return True
        # 'Council to review its charges', and nurses in the text: a hint of a theme is something in such a company.
        return bool(A_CARE_WORD.search(text)) and any(self._any.find(heading)[0] for heading in headings)

    def _is_about_it(self, story: Story) -> bool:
        return any(self._named_in(held.article) for held in story.articles)

    def _named_in(self, article: Article) -> bool:
        if any(self._strong.find(h[:LONGEST_READ])[0] for h in (article.title, article.standfirst) if h):
            return True
        return len(self._strong.find(article.text[:LONGEST_READ])[0]) >= TWICE

    def _sector_press(self, found: Sequence[Candidate]) -> frozenset[str | None]:
        had, of_it = Counter[str | None](), Counter[str | None]()
        for c in found:
            source = c.story.canonical.article.source
            had[source] += 1
            of_it[source] += c.primary is not None or self._is_about_it(c.story)
        return frozenset(s for s, n in had.items() if n >= FEWEST and of_it[s] >= NEARLY_ALWAYS * n)


def ruled_themeless(story: Story, rulings: Rulings) -> bool:
    """Whether an editor said last that a story has no theme: whatever it stands in, it is not for this digest."""
    no = rulings.on(story, "no-theme")
    given = [rulings.on(story, decision) for decision in ("theme", "primary-theme")]
    return no is not None and not any(yes is not None and yes.at > no.at for yes in given)
