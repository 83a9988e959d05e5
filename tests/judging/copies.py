"""How well copies are told, per kind of edit: recall and precision on copies made from rows of ours.

    python tests/judging/copies.py

Made of our own genuine comments and of articles put together from them. A copy counts as found when it is put to its
own original; `wrong` is what was put to anything else, and originals that were taken for copies.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cuttings.duplicates import StoryIndex, repeats
from cuttings.duplicates.batch import copies
from cuttings.duplicates.signatures import SHORT
from cuttings.model import Article
from tests.judging.making import comment
from tests.judging.rows import OURS, threads

ROWS = sorted(
    {
        c.text
        for one in threads(OURS)
        for c, label in zip(one.comments, one.labels, strict=True)
        if label == "genuine" and len(c.text.split()) >= 14
    }
)
WORDS = sorted({w for t in ROWS for w in t.split()})
Chance = random.Random


@dataclass(frozen=True)
class Figures:
    kind: str
    tried: int
    right: int
    wrong: int
    apart: bool = False  # a kind that must not be found

    @property
    def recall(self) -> float:
        return self.right / self.tried

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0


def piece(seed: float, sentences: int = 14) -> list[str]:
    """Paragraphs of an article of our own making: sentences of random words, so that no two articles share any."""
    chance = Chance(seed)
    lines = [" ".join(chance.choice(WORDS) for _ in range(chance.randint(9, 18))) + "." for _ in range(sentences)]
    return [" ".join(lines[i : i + 3]) for i in range(0, len(lines), 3)]


def _retyped(text: str, chance: Chance) -> str:
    """Typed again by hand: other capitals and quotes, and a slip of a letter in one word of twenty."""
    words = []
    for word in text.upper().replace(",", "").replace("'", "\u2019").split():
        at = chance.randrange(len(word))
        words.append(word[:at] + word[at + 1 :] if len(word) > 4 and chance.random() < 0.05 else word)
    return " ".join(words)


COMMENT_EDITS: dict[str, Callable[[str, Chance], str]] = {
    "exact": lambda t, _: t,
    "cut off": lambda t, c: t[: int(len(t) * c.uniform(0.45, 0.9))],
    "beginning lost": lambda t, c: t[int(len(t) * c.uniform(0.1, 0.5)) :],
    "retyped": _retyped,
    "other spaces and lines": lambda t, _: t.replace(". ", ".\n\n").replace(" ", "  ", 3),
    "typing mistake": lambda t, c: ((at := c.randrange(len(t))) and t[:at] + t[at + 1 :]) or t,
    "a word before": lambda t, _: "Again: " + t,
    "a line after": lambda t, _: t + " Posted twice.",
    "zero-width": lambda t, _: t.replace("e", "e\u200b"),
    "homoglyphs": lambda t, _: t.replace("a", "\u0430").replace("o", "\u043e"),
}
ARTICLE_EDITS: dict[str, Callable[[list[str], Chance], list[str]]] = {
    "exact": lambda p, _: p,
    "new introduction": lambda p, c: [*piece(c.random(), 3), *p],
    "first half": lambda p, _: p[: len(p) // 2 + 1],
    "last paragraphs": lambda p, _: p[-3:],
    "retyped": lambda p, c: [_retyped(x, c) for x in p],
    "few words changed": lambda p, c: [" ".join("XXX" if c.random() < 0.04 else w for w in x.split()) for x in p],
    "boiler-plate around": lambda p, c: ["Share this.", *p, "Sign up for our newsletter.", *piece(c.random(), 2)],
    "zero-width": lambda p, _: [x.replace("e", "e\u200b") for x in p],
    "homoglyphs": lambda p, _: [x.replace("a", "\u0430").replace("o", "\u043e") for x in p],
}


def second_tries(edit: Callable[[str, Chance], str], most: int = 1) -> tuple[int, int, int]:
    """One writer's second try in a thread where he has written before: (tried, right, wrong). Every `most`-th row."""
    right = wrong = 0
    some = ROWS[::most]
    for at, text in enumerate(some):
        others = [comment(ROWS[(at * most + k) % len(ROWS)], "Moira", 0.99 + k / 1e4, n=k) for k in range(1, 6)]
        thread = [*others, comment(text, "Moira", 1.0, n=7), comment(edit(text, Chance(at)), "Moira", 1.003, n=8)]
        pairs = [(r.later, r.earlier) for r in repeats(thread)]
        right += (6, 5) in pairs
        wrong += sum(p != (6, 5) for p in pairs)
    return len(some), right, wrong


def elsewhere(edit: Callable[[str, Chance], str]) -> tuple[int, int, int]:
    """Copies among everything ever read, by the batched path."""
    made = [(at, edit(text, Chance(at))) for at, text in enumerate(ROWS)]
    made = [(at, copy) for at, copy in made if len(copy.split()) >= SHORT]  # shorter ones are told by the whole alone
    found = copies([*ROWS, *(copy for _, copy in made)]).tolist()
    right = sum(found[len(ROWS) + n] == at for n, (at, _) in enumerate(made))
    return len(made), right, sum(f >= 0 for f in found) - right


def stories(edit: Callable[[list[str], Chance], list[str]], count: int = 200) -> tuple[int, int, int]:
    index = StoryIndex()
    wrong = sum(
        index.add(f"o{n}", f"Title {n}", "\n\n".join(piece(n))).membership.story != f"o{n}" for n in range(count)
    )
    right = 0
    for n in range(count):
        copy = "\n\n".join(edit(piece(n), Chance(n)))
        story = index.add(f"c{n}", f"Other {n}", copy).membership.story
        right += story == f"o{n}"
        wrong += story not in {f"o{n}", f"c{n}"}
    return count, right, wrong


def versions(
    text_of: Callable[[int], list[str]], title: Callable[[int], str], note: str | None
) -> tuple[int, int, int]:
    """Pieces of one author; the second is linked by its title, or by a note that it appeared before."""
    index, count, right, wrong = StoryIndex(), 100, 0, 0
    for n in range(count):
        first = Article(f"o{n}", None, title=f"Reclaiming the job number {n}", authors=(f"Una Marsh {n}",))
        index.place(_with(first, piece(n), None))
    for n in range(count):
        second = Article(f"c{n}", None, title=title(n), authors=(f"Una Marsh {n}",))
        story = index.place(_with(second, text_of(n), note)).membership.story
        right += story == f"o{n}"
        wrong += story not in {f"o{n}", f"c{n}"}
    return count, right, wrong


def _with(article: Article, paragraphs: list[str], note: str | None) -> Article:
    return Article(
        article.key, None, title=article.title, authors=article.authors, paragraphs=tuple(paragraphs), version_note=note
    )


def answers() -> tuple[int, int, int]:
    """Readers who quote what they answer: two different voices."""
    flagged = 0
    for at, text in enumerate(ROWS):
        reply = f"> {text}\n{ROWS[(at + 1) % len(ROWS)]}"
        flagged += bool(repeats([comment(text, "Pru", 1), comment(reply, "Moira", 2, n=2)]))
        flagged += copies([text, reply])[1] >= 0
    return 2 * len(ROWS), 2 * len(ROWS) - flagged, flagged


def agreeing() -> tuple[int, int, int]:
    """'Well said!' of two people, and different remarks of one."""
    said = ("Well said!", "Thank you", "So true.", "+1", "Disgraceful.", "Hear hear", "Thanks for this", "I agree")
    flagged = sum(bool(repeats([comment(t, "Pru", 1), comment(t, "Moira", 1.001, n=2)])) for t in said)
    flagged += len(repeats([comment(t, "Moira", 1 + n / 1000, n=n) for n, t in enumerate(ROWS, 1)]))
    tried = len(said) + len(ROWS)
    return tried, tried - flagged, flagged


def apart() -> tuple[int, int, int]:
    """Different pieces by one author under a column's standing title."""
    index, count, flagged = StoryIndex(), 100, 0
    for n in range(count):
        article = Article(f"o{n}", None, title="Letters", authors=("Una Marsh",))
        flagged += index.place(_with(article, piece(n), None)).membership.story != f"o{n}"
    return count, count - flagged, flagged


def table() -> Iterator[Figures]:
    for kind, edit in COMMENT_EDITS.items():
        yield Figures(f"second try: {kind}", *second_tries(edit))
    for kind, edit in COMMENT_EDITS.items():
        yield Figures(f"elsewhere: {kind}", *elsewhere(edit))
    for kind, change in ARTICLE_EDITS.items():
        yield Figures(f"article: {kind}", *stories(change))
    note = "A version of this piece appeared elsewhere"
    new = lambda n: piece(n + 0.5)  # noqa: E731 - as short as the line it stands in
    yield Figures("version: author and title", *versions(new, lambda n: f"Reclaiming the job number {n}", None))
    yield Figures("version: a note", *versions(new, lambda n: f"Can we be reclaiming the job number {n}", note))
    yield Figures("apart: quoted replies", *answers(), True)
    yield Figures("apart: short, or one writer's", *agreeing(), True)
    yield Figures("apart: a column's standing title", *apart(), True)


def main() -> None:
    print(f"{'kind':36} tried  recall  precision")
    for f in table():
        told = "stayed apart" if f.apart else f"{f.precision:.3f}"
        print(f"{f.kind:36} {f.tried:5}  {f.recall:.3f}   {told}")


if __name__ == "__main__":
    main()
