"""Stories of a period -> one issue of one edition.

`compose` chooses, orders, quotes and counts, and writes nothing of its own: every line of a Digest says which of
four places its words come from (model.Words). It is pure: the clock, the settings and the earlier issues come in.
"""

from cuttings.digest.choose import in_period
from cuttings.digest.compose import compose
from cuttings.digest.explain import unexplained_acronyms
from cuttings.digest.notice import corrected, officer_notice, readers_notice
from cuttings.digest.past import past_issue, past_issue_from
from cuttings.digest.printed import lines, words, words_of_news

__all__ = [
    "compose",
    "corrected",
    "in_period",
    "lines",
    "officer_notice",
    "past_issue",
    "past_issue_from",
    "readers_notice",
    "unexplained_acronyms",
    "words",
    "words_of_news",
]
