"""What is known of other threads, kept in memory: for the plumbing command and the weights; the store does the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from cuttings.duplicates.signatures import SHORT, exact_key
from cuttings.duplicates.text import normalise
from cuttings.model import Comment, Verdict
from cuttings.spam.sight import Elsewhere, Known


class Memory:
    """Texts and names of threads already judged, by article."""

    def __init__(self) -> None:
        self._texts: dict[str, dict[str, bool]] = defaultdict(dict)  # text key -> article -> was it spam
        self._names: dict[str, dict[str, bool]] = defaultdict(dict)

    def known(self, article: str, comments: Sequence[Comment]) -> Known:
        """What other articles say about the texts and names of this thread; the article itself does not count."""
        keys = {exact_key(k) for c in comments if (k := normalise(c.text))}
        names = {n for c in comments if (n := normalise(c.author))}
        return Known(_elsewhere(self._texts, keys, article), _elsewhere(self._names, names, article))

    def add(self, article: str, comments: Sequence[Comment], verdicts: Sequence[Verdict]) -> None:
        for comment, verdict in zip(comments, verdicts, strict=True):
            spam = verdict.outcome == "spam"
            key = normalise(comment.text)
            if key.count(" ") + 1 >= SHORT or spam:
                self._texts[exact_key(key)][article] = spam
            if name := normalise(comment.author):
                seen = self._names[name]
                seen[article] = seen.get(article, True) and spam


def _elsewhere(table: dict[str, dict[str, bool]], wanted: set[str], article: str) -> dict[str, Elsewhere]:
    found = {}
    for key in wanted:
        seen = {a: spam for a, spam in table.get(key, {}).items() if a != article}
        if seen:
            found[key] = Elsewhere(len(seen), sum(seen.values()))
    return found
