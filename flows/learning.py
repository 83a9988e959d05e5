"""What a deployer's own rulings teach about their readers: the order of the review queue, and nothing else.

It never sets a comment aside: a model trained on the rulings of one council would lose another's readers.
Kept in the store as plain numbers with the hash of what they were learned from: new rulings, another set of rules or
an erased comment make another hash, and the model is made again, in seconds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import version
from typing import Any

from cuttings import learned
from cuttings.edges.store import Store, judged, runs
from cuttings.learned import FEWEST, Model
from cuttings.model import JudgedComment

MARK = "learned:comments"


@cache
def _version() -> str:
    return f"{learned.VERSION} {version('scikit-learn')}"  # not by importing it, which takes longer than the rest


def comments(store: Store, *, now: datetime) -> Model | None:
    """The model that orders the queue; None with too few rulings, or where the rules' own order does as well."""
    examples = _examples(store)
    if len(examples) < FEWEST:
        return None
    training = _training(examples)
    kept: Mapping[str, Any] | None = runs.marked(store, MARK)
    if kept and kept.get("training") == training:
        return _from(kept)
    model = learned.train(examples)
    value = {"training": training, "rulings": len(examples), "model": learned.as_plain(model) if model else None}
    runs.mark(store, MARK, value, now=now)
    return model


def _examples(store: Store) -> list[tuple[JudgedComment, bool]]:
    ruled = judged.ruled_on(store)
    return [(one, ruling.decision == "spam") for one, ruling in ruled if ruling.decision in ("release", "spam")]


def _from(kept: Mapping[str, Any]) -> Model | None:
    return learned.from_plain(kept["model"]) if kept.get("model") else None


def _training(examples: Sequence[tuple[JudgedComment, bool]]) -> str:
    """Names exactly what is learned from: texts as they stand, reasons of today's rules, decisions."""
    digest = hashlib.sha256(_version().encode())
    for one, spam in examples:
        parts = (one.comment.key, one.verdict.rules_version, one.comment.text, str(spam))
        digest.update("\x1f".join(parts).encode("utf-8", "surrogatepass") + b"\x1e")
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class State:
    """For people: how many rulings there are, and what the model makes of them."""

    rulings: int
    model: Model | None

    @property
    def sentence(self) -> str:
        if self.rulings < FEWEST:
            return f"Order: by the rules. From {FEWEST} rulings on it is learned from yours; there are {self.rulings}."
        if self.model is None:
            return f"Order: by the rules, which do as well as what could be learned from {self.rulings} rulings."
        return (
            f"Order: learned from {self.model.rulings} rulings (right in {self.model.quality:.0%} of pairs it had not "
            f"seen; the rules {self.model.rules_quality:.0%})."
        )


def state(store: Store, *, now: datetime) -> State:
    return State(len(_examples(store)), comments(store, now=now))
