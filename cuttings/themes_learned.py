"""Themes learned from editors' rulings: for every theme with enough confirmed examples a small model of its own.

TF-IDF of the words, the points of the phrases and the likeness to the theme's description go into one logistic
regression for each theme, with a threshold of its own found by cross-validation. A theme with fewer examples keeps
the plain path (themes.py), and so does one whose model is not clearly better than the phrases.
scikit-learn is imported only when something is trained or asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cuttings.model import Evidence, Label, Labels, Theme
from cuttings.themes import ENOUGH, Matcher, Weighed, label, weigh
from cuttings.themes_rulings import Example

LEAST_EXAMPLES = 8  # confirmed articles; with fewer the phrases alone do better
_LEAST_OTHERS = 8  # articles without the theme: a model that never saw one says yes to everything
_FOLDS = 4
_UNNAMED = 0.6  # the most for a theme that no phrase gives: models and phrases do not measure on one scale
_CLEARLY = 0.05  # F1 by which a model has to beat the phrases: less is chance on so few articles
_WORDS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Learned:
    """Models by theme. Make it with `train`; the same examples give the same model."""

    vectoriser: Any
    descriptions: Mapping[str, Any]  # theme -> TF-IDF row of its description
    models: Mapping[str, Any]
    thresholds: Mapping[str, float]
    confirmed: Mapping[str, int]

    def decide(
        self, plain: Labels, weighed: Weighed, title: str | None, standfirst: str | None, text: str
    ) -> Sequence[Label]:
        """The labels of the phrases, those of learned themes as their models have it.

        The scores, and so which theme is first, stay those of the phrases where they give the theme as well.
        """
        vector = self.vectoriser.transform([_words(title, standfirst, text)])
        labels = [one for one in plain.labels if one.theme not in self.models]
        given = {one.theme: one.score for one in plain.labels}
        for theme, model in self.models.items():
            features = _features(theme, vector, [weighed], self.descriptions[theme])
            score = _scaled(float(model.predict_proba(features)[0, 1]), self.thresholds[theme])
            if score >= 0.5:
                evidence = weighed.evidence(theme) or _telling(self, theme, vector, title, standfirst, text)
                labels.append(Label(theme, given.get(theme, round(min(score, _UNNAMED), 4)), evidence))
        return labels


def train(rows: Sequence[Example], themes: Sequence[Theme], matcher: Matcher) -> Learned | None:
    """A model for each theme with at least eight confirmed and eight other articles; None where there is none.

    An article on which an editor gave some themes but said nothing of this one counts as one without it.
    """
    wanted = []
    for theme in themes:
        with_it = sum(theme.id in row.themes for row in rows)
        if with_it >= LEAST_EXAMPLES and len(rows) - with_it >= _LEAST_OTHERS:
            wanted.append(theme)
    if not wanted:
        return None
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = [_words(row.title, row.standfirst, row.text) for row in rows]
    vectoriser = TfidfVectorizer(
        lowercase=True, sublinear_tf=True, min_df=2, max_df=0.6, ngram_range=(1, 2), token_pattern=r"[^\W\d_]{3,}"
    )
    try:
        vectors = vectoriser.fit_transform(texts)
    except ValueError:  # no word occurs twice: there is nothing to learn from
        return None
    weighed = [weigh(row.title, row.standfirst, row.text, matcher) for row in rows]
    descriptions = {t.id: vectoriser.transform([_about(t)]) for t in wanted}
    plain = [{one.theme for one in label(row.title, row.standfirst, row.text, matcher).labels} for row in rows]
    models, thresholds, confirmed = {}, {}, {}
    for theme in wanted:
        features = _features(theme.id, vectors, weighed, descriptions[theme.id])
        answers = [theme.id in row.themes for row in rows]
        model, threshold, quality = _fit(features, answers)
        if quality < _f1([theme.id in labels for labels in plain], answers) + _CLEARLY:
            continue  # the phrases know better, on the very articles that editors ruled on
        models[theme.id], thresholds[theme.id] = model, threshold
        confirmed[theme.id] = sum(answers)
    return Learned(vectoriser, descriptions, models, thresholds, confirmed) if models else None


def _words(title: str | None, standfirst: str | None, text: str) -> str:
    """Title and standfirst weigh more: their words are counted twice."""
    head = "\n".join(part for part in (title, standfirst) if part)
    return f"{head}\n{head}\n{text}"


def _about(theme: Theme) -> str:
    phrases = " ".join(re.sub(r"[!?~*#+]", " ", phrase) for phrase in theme.phrases)
    return f"{theme.name}. {theme.description} {phrases} {' '.join(theme.examples)}"


def _features(theme: str, vectors: Any, weighed: Sequence[Weighed], description: Any) -> Any:
    from scipy.sparse import csr_matrix, hstack

    likeness = (vectors @ description.T).toarray()[:, 0]
    rows = []
    for one, like in zip(weighed, likeness, strict=True):
        points = max(0.0, one.points.get(theme, 0.0))
        best = max((p for t, p in one.points.items() if t != theme), default=0.0)
        rows.append([points / (points + ENOUGH), float(points >= best > 0), like * 2, one.company, -one.against])
    return hstack([vectors, csr_matrix(rows)]).tocsr()


def _fit(features: Any, answers: Sequence[bool]) -> tuple[Any, float, float]:
    """(model, threshold, F1 with that threshold on articles the model had not seen)."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    def model() -> Any:
        return LogisticRegression(C=4.0, class_weight="balanced", max_iter=500)

    folds = StratifiedKFold(n_splits=_FOLDS, shuffle=True, random_state=0)
    guesses = cross_val_predict(model(), features, answers, cv=folds, method="predict_proba")[:, 1]
    threshold = _threshold([float(g) for g in guesses], answers)
    quality = _f1([bool(g >= threshold) for g in guesses], answers)
    return model().fit(features, answers), threshold, quality


def _f1(found: Sequence[bool], answers: Sequence[bool]) -> float:
    right = sum(f and a for f, a in zip(found, answers, strict=True))
    return 2 * right / (sum(found) + sum(answers)) if right else 0.0


def _threshold(guesses: Sequence[float], answers: Sequence[bool]) -> float:
    """The threshold with the best F1 on articles the model had not seen; the nearest to one half of equals."""
    steps = [n / 40 for n in range(8, 33)]  # 0.2 to 0.8
    return max(steps, key=lambda step: (round(_f1([g >= step for g in guesses], answers), 6), -abs(step - 0.5)))


def _scaled(probability: float, threshold: float) -> float:
    """So that 0.5 makes a label for every theme, whatever its threshold."""
    if probability < threshold:
        return 0.5 * probability / threshold
    return 0.5 + 0.5 * (probability - threshold) / (1 - threshold)


def _telling(
    learned: Learned, theme: str, vector: Any, title: str | None, standfirst: str | None, text: str
) -> tuple[Evidence, ...]:
    """Where no phrase speaks for a theme: the words that moved the model most, where they first stand."""
    weights = learned.models[theme].coef_[0][: vector.shape[1]]
    names = learned.vectoriser.get_feature_names_out()
    moved = sorted(((float(v * weights[i]), str(names[i])) for i, v in zip(vector.indices, vector.data, strict=True)))
    found: list[Evidence] = []
    for gain, word in reversed(moved):
        if gain <= 0 or len(found) == _WORDS_SHOWN:
            break
        pattern = re.compile(r"\b" + r"\W+".join(map(re.escape, word.split())) + r"\b", re.IGNORECASE)
        for where, part in (("title", title), ("standfirst", standfirst), ("text", text)):
            match = pattern.search(part or "")
            if match:
                found.append(Evidence(word, where, match.start(), match.end()))
                break
    return tuple(found)
