"""Set the weights of the spam rules from labelled comments, and say how well they do on pages they have not seen.

    python tests/judging/weigh.py                 # our own rows, and ../shared/spam where it exists
    python tests/judging/weigh.py DIR [DIR…]      # the rows of these directories
    python tests/judging/weigh.py --write         # and write cuttings/spam/weights.py
    python tests/judging/weigh.py --most 70       # and list as many errors, the worst first (ten by default)
    python tests/judging/weigh.py --held-out      # rows that no weight was ever set on, with the weights as they stand

Logistic regression with a pull towards the hand-set weights below, so that a rule which the rows hardly show keeps
the weight that common sense gave it; a rule for spam never gets a negative weight, nor one for a reader a positive.
The figures come from page-grouped cross-validation in which weights *and* thresholds are set without the page.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cuttings.duplicates.comments import repeats
from cuttings.spam.rules import FOR_A_READER, FOR_SPAM, RULES
from cuttings.spam.sight import Sight, Thread
from cuttings.spam.verdicts import fired
from cuttings.spam.weights import BASE, REVIEW_AT, SPAM_AT
from tests.judging.rows import HELD_OUT, OURS, SHARED, LabelledThread, threads

WEIGHTS = Path(__file__).resolve().parents[2] / "cuttings" / "spam" / "weights.py"
# What common sense says before any row was looked at. 0.5 where nothing stands.
PRIOR = {
    "trade-name": 1.5,
    "place-service-name": 1.2,
    "phrase-name": 0.3,
    "other-language-name": 0.8,
    "random-name": 0.8,
    "selling-link": 1.2,
    "many-links": 0.8,
    "linked-heap": 1.0,
    "linked-other-language": 1.0,
    "only-a-link": 0.8,
    "unrelated-link": 0.8,
    "shortener": 0.7,
    "odd-address": 0.7,
    "link-markup": 1.2,
    "name-link": 0.2,
    "selling-name-link": 1.5,
    "name-in-link": 1.0,
    "offer": 1.0,
    "contact-details": 0.8,
    "price": 0.5,
    "keywords-at-the-end": 1.2,
    "template-praise": 0.8,
    "many-templates": 1.2,
    "machine-wording": 0.8,
    "run-together": 1.0,
    "random-letters": 1.2,
    "word-salad": 1.2,
    "repetition": 1.0,
    "disguise": 1.5,
    "other-script": 0.8,
    "trade-words": 0.8,
    "late": 0.8,
    "copies-thread": 2.0,
    "nearly-copies-thread": 1.5,
    "copies-article": 0.8,
    "same-text-elsewhere": 2.0,
    "spam-text-elsewhere": 2.5,
    "spam-name-elsewhere": 1.5,
    "late-keyword-name": 1.0,
    "lecturing-keyword-name": 1.0,
    "praise-keyword-name": 1.0,
    "late-lecture": 1.0,
    "article-author": -2.0,
    "person-name": -0.8,
    "answers": -0.8,
    "answered": -0.8,
    "early": -0.8,
    "anger": -0.7,
}
# Nothing in single threads shows what these do; they stay where the hand put them.
BY_HAND = ("same-text-elsewhere", "spam-text-elsewhere", "spam-name-elsewhere", "article-author")
PULL = 4.0  # how strongly a weight is held to its prior
OURS_COUNT = 0.6  # how much one of our rows counts against a real one
LOST, REVIEWED = 1 / 250, 0.055  # of genuine comments, at most: quarantined, in review (below the targets, for luck)
MARGIN = 1.7  # above the highest of the genuine comments that may not be lost: those unseen have their own highest
FOLDS = 10

NAMES = [r.name for r in RULES]
SIGN = np.array([1.0] * len(FOR_SPAM) + [-1.0] * len(FOR_A_READER))
PROVES = np.array([r.proof for r in RULES])
CENTRE = np.array([PRIOR.get(n, 0.5 * s) for n, s in zip(NAMES, SIGN, strict=True)])


def features(all_threads: list[LabelledThread]):
    """Strengths (rows x rules), labels (1 spam), page and weight of every row that is not a duplicate, and the rows."""
    strengths, labels, pages, counts, rows = [], [], [], [], []
    for one in all_threads:
        thread = Thread(one.article, one.comments)
        doubles = {r.later for r in repeats(one.comments)}
        for at, label in enumerate(one.labels):
            if label == "duplicate" or at in doubles:
                continue
            found = {n: s for n, s, _ in fired(Sight(thread, at))}
            strengths.append([found.get(n, 0.0) for n in NAMES])
            labels.append(1.0 if label == "spam" else 0.0)
            pages.append(one.page)
            counts.append(OURS_COUNT if not one.page.startswith("dev:") else 1.0)
            rows.append((one, at))
    return np.array(strengths), np.array(labels), np.array(pages), np.array(counts), rows


def fit(x, y, counts, pull=PULL):
    """Base and weights that minimise the log loss plus `pull` times the squared way from the priors."""
    held = np.array([n in BY_HAND for n in NAMES])
    stiff = np.where(held, 1e4, pull)

    def loss(p):
        z = p[0] + x @ p[1:]
        chance = 1 / (1 + np.exp(-z))
        away = p[1:] - CENTRE
        value = np.sum(counts * (np.logaddexp(0, z) - y * z)) + 0.5 * np.sum(stiff * away**2) + 0.05 * p[0] ** 2
        slope = counts * (chance - y)
        return value, np.concatenate(([slope.sum() + 0.1 * p[0]], x.T @ slope + stiff * away))

    bounds = [(None, None)] + [(0, 4.0) if s > 0 else (-3.0, 0) for s in SIGN]
    start = np.concatenate(([-1.0], CENTRE))
    return minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x


def folds(pages, count=FOLDS, seed=7):
    names = sorted(set(pages))
    np.random.default_rng(seed).shuffle(names)
    fold = {p: i % count for i, p in enumerate(names)}
    return np.array([fold[p] for p in pages])


def out_of_fold(x, y, counts, pages, count=FOLDS, seed=7):
    fold, scores = folds(pages, count, seed), np.zeros(len(y))
    for k in range(count):
        inside = fold != k
        p = fit(x[inside], y[inside], counts[inside])
        scores[~inside] = p[0] + x[~inside] @ p[1:]
    return scores


def as_outcomes(x, scores, spam_at, review_at):
    proven = (x[:, PROVES] > 0).any(axis=1)
    return (scores >= review_at).astype(int) + ((scores >= spam_at) & (scores >= review_at) & proven)


def thresholds(x, scores, y, real):
    """The lowest totals at which few enough genuine comments are quarantined, and set aside for review."""
    genuine = np.sort(scores[(y == 0) & real])[::-1]
    proven = np.sort(scores[(y == 0) & real & (x[:, PROVES] > 0).any(axis=1)])[::-1]
    spam_at = proven[int(LOST * len(genuine))] + MARGIN
    review_at = genuine[min(len(genuine) - 1, int((LOST + REVIEWED) * len(genuine)))] + 1e-6
    return float(max(spam_at, review_at)), float(review_at)


def nested(x, y, counts, pages, real, seed=7):
    """Outcomes (0 genuine, 1 review, 2 spam) where weights and thresholds were set without the row's page."""
    fold, outcomes = folds(pages, FOLDS, seed), np.zeros(len(y), dtype=int)
    for k in range(FOLDS):
        inside = fold != k
        inner = out_of_fold(x[inside], y[inside], counts[inside], pages[inside], 6, seed + k + 1)
        spam_at, review_at = thresholds(x[inside], inner, y[inside], real[inside])
        p = fit(x[inside], y[inside], counts[inside])
        scores = p[0] + x[~inside] @ p[1:]
        outcomes[~inside] = as_outcomes(x[~inside], scores, spam_at, review_at)
    return outcomes


def told(outcomes, y, mask):
    genuine, spam = outcomes[mask & (y == 0)], outcomes[mask & (y == 1)]
    return (
        f"genuine {len(genuine)}: quarantined {np.sum(genuine == 2)} ({np.mean(genuine == 2):.3%}), "
        f"review {np.mean(genuine == 1):.1%} | spam {len(spam)}: quarantined {np.mean(spam == 2):.1%}, "
        f"set aside {np.mean(spam >= 1):.1%}"
    )


KEPT, LABELS = ("kept", "review", "spam"), ("genuine", "spam")


def table(outcomes, rows, mask, of):
    """A confusion table: one line for each of what `of` says about a row, those with an error first."""
    counts = defaultdict(Counter)
    for outcome, (one, at), wanted in zip(outcomes, rows, mask, strict=True):
        if wanted:
            counts[of(one, at)][one.labels[at], int(outcome)] += 1
    return counts


def per_subtype(outcomes, rows, mask):
    for (label, subtype), c in sorted(
        table(outcomes, rows, mask, lambda one, at: (one.labels[at], one.subtypes[at])).items()
    ):
        print(f"  {label:8} {subtype:28}" + "".join(f" {name} {c[label, n]:3} " for n, name in enumerate(KEPT)))


def per_page(outcomes, rows, mask):
    """Pages where a comment was lost or let through; of the rest only how many there are."""
    right = 0
    for page, c in sorted(table(outcomes, rows, mask, lambda one, _: one.page).items()):
        wrong = c["genuine", 1] + c["genuine", 2] + c["spam", 0]
        if not wrong:
            right += 1
            continue
        said = (f"{label} " + " ".join(f"{c[label, n]:2} {name}" for n, name in enumerate(KEPT)) for label in LABELS)
        print(f"  {page:28} " + " | ".join(said))
    print(f"  and {right} pages without an error")


def worst(outcomes, scores, rows, y, x, weights, most):
    """The errors that stand out most, with what spoke for and against: quarantined, let through, then in review."""

    def weight(i):
        return (outcomes[i] == 2, scores[i]) if y[i] == 0 else (outcomes[i] == 0, -scores[i])

    wrong = [i for i in range(len(y)) if (y[i] == 0) == (outcomes[i] > 0)]
    for i in sorted(wrong, key=weight, reverse=True)[:most]:
        one, at = rows[i]
        reasons = [(n, s * w) for n, s, w in zip(NAMES, x[i], weights, strict=True) if abs(s * w) > 0.15]
        said = " ".join(f"{n} {v:+.1f}" for n, v in sorted(reasons, key=lambda r: -abs(r[1])))
        c = one.comments[at]
        label, what = one.labels[at], KEPT[outcomes[i]]
        print(
            f"  {scores[i]:5.2f} {label} -> {what} [{one.subtypes[at]}] {one.page} #{c.n} {c.author!r}: {c.text[:80]!r}"
        )
        print(f"        {said}")


def held_out():
    """Rows that were written before the rules were looked at, and that no weight is set on."""
    x, y, _, _, rows = features(threads(HELD_OUT))
    weights = np.array([r.weight for r in RULES])
    scores = BASE + x @ weights
    outcomes, every = as_outcomes(x, scores, SPAM_AT, REVIEW_AT), np.ones(len(y), dtype=bool)
    print(f"held out, weights as they stand: {told(outcomes, y, every)}")
    per_subtype(outcomes, rows, every)
    worst(outcomes, scores, rows, y, x, weights, 10)


def write(p, spam_at, review_at, figures):
    weights = {n: round(float(w), 2) for n, w in zip(NAMES, p[1:], strict=True)}
    body = "".join(f'    "{n}": {w},\n' for n, w in weights.items())
    base, spam_at, review_at = round(float(p[0]), 2), round(spam_at, 2), round(review_at, 2)
    notes = "".join(f"\n{line}" for line in figures)
    WEIGHTS.write_text(
        f'"""Weights of the rules, by tests/judging/weigh.py: positive speaks for spam, negative for a reader.\n'
        f"\nA comment is quarantined when BASE and the weights of what was found add up to SPAM_AT, and waits for an\n"
        f"editor from REVIEW_AT on. On pages that were left out when the weights were set:\n{notes}\n"
        f'"""\n\nfrom __future__ import annotations\n\n'
        f"BASE = {base}\nSPAM_AT = {spam_at}\nREVIEW_AT = {review_at}\n"
        f"WEIGHTS: dict[str, float] = {{\n{body}}}\n",
        encoding="utf-8",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--most", type=int, default=10, help="how many errors to list")
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--seeds", type=int, default=1, help="how many ways of folding to average")
    wanted = parser.parse_args()
    if wanted.held_out:
        held_out()
        return
    folders = wanted.folders or [f for f in (OURS, SHARED) if f.exists()]
    x, y, pages, counts, rows = features([t for f in folders for t in threads(f)])
    shared = np.array([p.startswith("dev:") for p in pages])
    real = shared if shared.any() else np.ones(len(y), dtype=bool)
    p = fit(x, y, counts)
    scores = out_of_fold(x, y, counts, pages)
    spam_at, review_at = thresholds(x, scores, y, real)
    own = p[0] + x @ p[1:]
    lines = []
    for seed in range(7, 7 + wanted.seeds):
        outcomes = nested(x, y, counts, pages, real, seed)
        lines += [f"  {what}: {told(outcomes, y, m)}" for what, m in (("shared", shared), ("ours", ~shared)) if m.any()]
    print("weights and thresholds set without the page (nested):", *lines, sep="\n")
    for what, m in (("shared", shared), ("ours", ~shared)):
        if m.any():
            print(f"cross-validated weights, {what}: {told(as_outcomes(x, scores, spam_at, review_at), y, m)}")
            print(f"training fit, {what}: {told(as_outcomes(x, own, spam_at, review_at), y, m)}")
            outcomes = as_outcomes(x, scores, spam_at, review_at)
            per_subtype(outcomes, rows, m)
            per_page(outcomes, rows, m)
            worst(
                outcomes[m], scores[m], [r for r, w in zip(rows, m, strict=True) if w], y[m], x[m], p[1:], wanted.most
            )
    print(f"base {p[0]:.2f} spam at {spam_at:.2f} review at {review_at:.2f}")
    for n, w, c in sorted(zip(NAMES, p[1:], CENTRE, strict=True), key=lambda t: -t[1]):
        fires = x[:, NAMES.index(n)] > 0
        print(f"  {w:6.2f} ({c:5.2f}) {n:24} genuine {np.sum(fires & (y == 0)):4} spam {np.sum(fires & (y == 1)):4}")
    if wanted.write:
        write(p, spam_at, review_at, [line.strip() for line in lines[:2]])


if __name__ == "__main__":
    main()
