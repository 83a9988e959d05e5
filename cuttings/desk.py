"""What an editor is shown first: what is most probably judged wrongly, and would change something if it were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cuttings.model import JudgedComment, Labels

COMING = 2.0  # in the period of an issue that is still to come: tomorrow it is too late
LOCAL = 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """What makes a decision count: the coming editions it belongs to, and the local name its article bears."""

    editions: tuple[str, ...] = ()
    local: str | None = None

    @property
    def weight(self) -> float:
        return COMING * bool(self.editions) + LOCAL * (self.local is not None)


@dataclass(frozen=True, slots=True)
class Period:
    """An issue that is still to come; both days belong to it."""

    edition: str
    start: date
    end: date


def editions_of(day: date, coming: Sequence[Period]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p.edition for p in coming if p.start <= day <= p.end))


def doubt(judged: JudgedComment, spam: float | None = None) -> float:
    """How probably the outcome is wrong, 0 to 1. `spam`: the chance of spam where a model knows it better."""
    chance = judged.verdict.score if spam is None else spam
    chance = min(1.0, max(0.0, chance))
    return chance if judged.verdict.outcome == "genuine" else 1.0 - chance


def theme_doubt(labels: Labels) -> float:
    """How probably the themes of an article are wrong, 0 to 1: none found, a bare majority, two that are level."""
    if not labels.labels:
        return 0.6
    ranked = sorted((one.score for one in labels.labels), reverse=True)
    level = 1.0 - (ranked[0] - ranked[1]) if len(ranked) > 1 else 0.0
    return max(0.0, min(1.0, 0.6 * (1.0 - ranked[0]) / 0.5 + 0.4 * level))


def order(doubts: Mapping[str, float], places: Mapping[str, Place]) -> tuple[str, ...]:
    """Keys in the order to look at them: what counts for a coming issue and is local, then the most doubtful."""
    weight = {key: places.get(key, Place()).weight for key in doubts}
    return tuple(sorted(doubts, key=lambda key: (-weight[key] - doubts[key], key)))
