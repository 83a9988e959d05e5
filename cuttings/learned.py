"""A model of a deployer's own: how probable it is that their editor would call a comment spam.

One logistic regression over what the rules found, a few measures of the text, and its words by their hash. It is
plain numbers: no word of a comment can be read out of it. scikit-learn is imported when something is trained; what was
trained is asked without it, as it takes longer to load than a queue of a thousand takes to be put in order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log, log1p, sqrt
from typing import Any
from zlib import crc32

from cuttings.model import JudgedComment

VERSION = "2"  # of the features: another one makes every stored model stale
FEWEST = 50  # rulings; with fewer the rules know better
FEWEST_OF_A_KIND = 8
WORDS = 2**12
BETTER = 0.01  # by which it has to beat the rules' own order, on comments it has not seen
_FOLDS = 5
_LONGEST = 20_000  # characters looked at


@dataclass(frozen=True, slots=True)
class Model:
    """`rules` and `words` are weights, by rule and by hash; `quality`: the share of pairs of a spam and a genuine
    comment it had not seen that it put in the right order, `rules_quality` the same for the rules' own score."""

    base: float
    score: float
    length: float
    links: float
    rules: Mapping[str, float]
    words: Mapping[int, float]
    rulings: int
    quality: float
    rules_quality: float

    def chance(self, judged: JudgedComment) -> float:
        """The chance of spam, 0 to 1."""
        total = self.base + self.score * _odds(judged) + self.length * _length(judged) + self.links * _links(judged)
        total += sum(self.rules.get(name, 0.0) * value for name, value in _rules(judged).items())
        total += sum(self.words.get(n, 0.0) * value for n, value in _words(judged).items())
        return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def _odds(judged: JudgedComment) -> float:
    chance = min(0.999, max(0.001, judged.verdict.score))
    return log(chance / (1 - chance))


def _length(judged: JudgedComment) -> float:
    return log1p(len(judged.comment.text)) / 10


def _links(judged: JudgedComment) -> float:
    return log1p(len(judged.comment.links))


def _rules(judged: JudgedComment) -> dict[str, float]:
    return {r.rule: 1.0 if r.weight >= 0 else -1.0 for r in judged.verdict.because if r.rule != "ruling" and r.weight}


_WORD = re.compile(r"\w\w+")


def _words(judged: JudgedComment) -> dict[int, float]:
    """How often each word and each pair of words stands there, by their hash; together of length one."""
    words = _WORD.findall(judged.comment.text[:_LONGEST].lower())
    grams = (*words, *map(" ".join, pairwise(words)))
    counts = Counter(crc32(gram.encode("utf-8", "surrogatepass")) % WORDS for gram in grams)
    length = sqrt(sum(n * n for n in counts.values())) or 1.0
    return {n: count / length for n, count in counts.items()}


def train(examples: Sequence[tuple[JudgedComment, bool]]) -> Model | None:
    """A model from comments with an editor's word on each (is it spam?).

    None with fewer than 50, with next to none of one kind, or where it orders comments that it has not seen no better
    than the rules' score does. The same examples give the same model.
    """
    answers = [spam for _, spam in examples]
    if len(examples) < FEWEST or min(sum(answers), len(answers) - sum(answers)) < FEWEST_OF_A_KIND:
        return None
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    names = sorted({name for one, _ in examples for name in _rules(one)})
    measures = []
    for one, _ in examples:
        found = _rules(one)
        measures.append([_odds(one), _length(one), _links(one), *(found.get(name, 0.0) for name in names)])
    words = [(row, n, value) for row, (one, _) in enumerate(examples) for n, value in sorted(_words(one).items())]
    rows, columns, values = zip(*words, strict=True) if words else ((), (), ())
    counted = csr_matrix((values, (rows, columns)), shape=(len(examples), WORDS), dtype=float)
    features = hstack([csr_matrix(measures), counted]).tocsr()

    def fresh() -> Any:
        return LogisticRegression(C=1.0, class_weight="balanced", max_iter=1000)

    folds = StratifiedKFold(n_splits=_FOLDS, shuffle=True, random_state=0)
    guesses = cross_val_predict(fresh(), features, answers, cv=folds, method="predict_proba")[:, 1]
    quality = float(roc_auc_score(answers, guesses))
    rules_quality = float(roc_auc_score(answers, [one.verdict.score for one, _ in examples]))
    if quality < rules_quality + BETTER:
        return None
    fitted = fresh().fit(features, answers)
    weights = [float(w) for w in fitted.coef_[0]]
    score, length, links = weights[:3]
    by_rule = dict(zip(names, weights[3 : 3 + len(names)], strict=True))
    by_word = {n: w for n, w in enumerate(weights[3 + len(names) :]) if abs(w) > 1e-6}
    base = float(fitted.intercept_[0])
    return Model(base, score, length, links, by_rule, by_word, len(examples), quality, rules_quality)


def as_plain(model: Model) -> dict[str, Any]:
    """The model as what json.dumps takes."""
    plain = {name: getattr(model, name) for name in Model.__dataclass_fields__}
    return plain | {"words": {str(n): w for n, w in model.words.items()}, "rules": dict(model.rules)}


def from_plain(plain: Mapping[str, Any]) -> Model:
    """The inverse of `as_plain`."""
    return Model(**{**plain, "words": {int(n): float(w) for n, w in plain["words"].items()}})
