"""What the reranker is worth: the order of candidates, telling near misses, speed, quantisation."""

from __future__ import annotations

import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import onnxruntime
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from reranker_data import Corpus, Part, Question

from index.reranker import Reranker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from reranker_base import Baseline

DEEP: Final = 12
SHALLOW: Final = 8
# One standard error is some two percent; more would take as long as training.
QUESTIONS: Final = 300
WEIGHTS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0, 1.2, 1.5, 2.0)
SCALES: Final = (0.4, 0.6, 0.8, 1.0, 1.3, 1.7, 2.2)
_TIMED: Final = 40

Array = np.ndarray[Any, Any]
Found = dict[str, tuple[Corpus, "Baseline"]]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A question's best sentences by the baseline: rows, its scores, the reranker's logits.

    ``first_gold`` is the best rank (from 1) of a sentence that answers, among all sentences.
    """

    rows: list[int]
    base: NDArray[np.float32]
    logits: NDArray[np.float32]
    gold: frozenset[int]
    first_gold: int


class Judge:
    """Ranks questions by the baseline, then by the reranker as it is packaged."""

    def __init__(self, found: Found, folder: Path) -> None:
        self.found, self.reranker = found, Reranker.open(folder)

    def ranked(self, name: str, questions: Sequence[Question]) -> list[Ranked]:
        """Every one of ``questions`` asked of the corpus ``name``."""
        corpus, baseline = self.found[name]
        encoded = baseline.encoded([question.text for question in questions])
        results = []
        for question, vector in zip(questions, encoded, strict=True):
            rows, scores = baseline.best(question.text, vector, DEEP)
            logits = self.reranker.score(
                question.text, [corpus.sentences[row].triple for row in rows]
            )
            first = 0
            if question.gold:
                first = 1 + int((scores > max(scores[row] for row in question.gold)).sum())
            gold = frozenset(question.gold)
            results.append(Ranked(rows, scores[rows], logits, gold, first))
        return results


def order_figures(ranked: Sequence[Ranked], weight: float, depth: int, base: float = 1.0) -> Array:
    """R@1 and MRR of ``base * baseline + weight * logit`` over the best ``depth``."""
    sums = np.zeros(2)
    for one in ranked:
        total = base * one.base[:depth] + weight * one.logits[:depth]
        rows = [one.rows[at] for at in np.argsort(-total, kind="stable")]
        at = next((at for at, row in enumerate(rows, 1) if row in one.gold), one.first_gold)
        sums += at == 1, 1 / at
    found: Array = sums / max(len(ranked), 1)
    return found


def fitted_weight(ranked: Sequence[Ranked]) -> float:
    """The weight of `WEIGHTS` that makes the sentences that answer likeliest in a softmax.

    R@1 itself jumps with every question; the likelihood, at its best scale, does not.
    """

    def likelihood(weight: float, scale: float) -> float:
        whole = 0.0
        for one in ranked:
            right = np.array([row in one.gold for row in one.rows])
            if right.any():
                total = scale * (one.base + weight * one.logits)
                share = np.exp(total - total.max())
                whole += float(np.log(share[right].sum() / share.sum()))
        return whole

    return max(WEIGHTS, key=lambda w: max(likelihood(w, scale) for scale in SCALES))


def evidence(ranked: Sequence[Ranked], weight: float) -> Array:
    """Of each question: the best baseline score, the best logit, and both for the sum's winner."""
    rows = []
    for one in ranked:
        top = int(np.argmax(one.base + weight * one.logits))
        rows.append((one.base[0], one.logits.max(), one.base[top], one.logits[top]))
    return np.array(rows)


def report(found: Found, folder: Path, full: Path, *, quick: bool) -> dict[str, Any]:
    """Print the table; the same figures by name."""
    judge = Judge(found, folder)
    count = 60 if quick else QUESTIONS
    both = judge.ranked("squad", _some(found["squad"][0].of(Part.CHOOSE), count))
    weight = fitted_weight(both)
    figures: dict[str, Any] = {"weight": weight}
    print(f"\nweight of the logit in the sum, on questions kept for it: {weight}")
    print(f"{'held out':<12}{'questions':>10}  {'baseline':>15}{'alone, 8':>15}{'alone, 12':>15}"
          f"{'sum, 8':>15}{'sum, 12':>15}   (R@1 MRR)")  # fmt: skip
    for name in ("squad", "new_wiki", "wikinews"):
        ranked = judge.ranked(name, _some(found[name][0].of(Part.HELD), count))
        figures[name] = _row(name, ranked, weight)
    figures |= _abstention(judge, weight, count)
    figures |= _speed(judge, folder, full)
    return figures


def _row(name: str, ranked: Sequence[Ranked], weight: float) -> dict[str, Any]:
    kinds = {
        "baseline": order_figures(ranked, 0, DEEP),
        "alone_8": order_figures(ranked, 1, SHALLOW, 0),
        "alone_12": order_figures(ranked, 1, DEEP, 0),
        "sum_8": order_figures(ranked, weight, SHALLOW),
        "sum_12": order_figures(ranked, weight, DEEP),
    }
    cells = "".join(f"{one[0]:>9.3f} {one[1]:.3f}" for one in kinds.values())
    print(f"{name:<12}{len(ranked):>10}  {cells}", flush=True)
    return {kind: [round(float(x), 4) for x in one] for kind, one in kinds.items()}


def _abstention(judge: Judge, weight: float, count: int) -> dict[str, Any]:
    """Telling answerable questions of held-out SQuAD from near misses and from strangers."""
    squad, strange = judge.found["squad"][0], judge.found["wikinews"][0].of(Part.HELD)
    asked = {
        part: [
            evidence(judge.ranked("squad", _some(squad.of(part, answerable=has), count)), weight)
            for has in (True, False)
        ]
        for part in (Part.CHOOSE, Part.HELD)
    }
    foreign = [Question(q.text, 0, (), q.part) for q in _some(strange, count)]
    others = evidence(judge.ranked("squad", foreign), weight)
    yes, no = asked[Part.CHOOSE]
    right = np.r_[np.ones(len(yes)), np.zeros(len(no))]
    fitted = LogisticRegression(C=10).fit(np.r_[yes, no], right)
    figures: dict[str, Any] = {}
    print(f"\n{'AUROC, answerable against':<28}{'baseline':>10}{'logit':>10}{'fitted':>10}")
    yes = asked[Part.HELD][0]
    for name, rest in (("near misses", asked[Part.HELD][1]), ("another corpus", others)):
        right = np.r_[np.ones(len(yes)), np.zeros(len(rest))]
        values = np.r_[yes, rest]
        areas = [
            float(roc_auc_score(right, scores))
            for scores in (values[:, 0], values[:, 1], fitted.decision_function(values))
        ]
        print(f"{name:<28}" + "".join(f"{area:>10.3f}" for area in areas), flush=True)
        figures[f"auroc, {name}"] = [round(area, 4) for area in areas]
    means = [round(float(one[:, 1].mean()), 2) for one in (*asked[Part.HELD], others)]
    print(f"mean best logit: answered {means[0]}, near misses {means[1]}, others {means[2]}")
    return figures | {"mean best logit": means}


def _speed(judge: Judge, folder: Path, full: Path) -> dict[str, Any]:
    """Milliseconds for eight pairs, and how far the 8-bit logits are from the full ones."""
    corpus, baseline = judge.found["squad"]
    questions = _some(corpus.of(Part.HELD), _TIMED)
    encoded = baseline.encoded([question.text for question in questions])
    asked = []
    for question, vector in zip(questions, encoded, strict=True):
        rows, _ = baseline.best(question.text, vector, SHALLOW)
        asked.append((question.text, [corpus.sentences[row].triple for row in rows]))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    session = onnxruntime.InferenceSession(str(full), options, providers=["CPUExecutionProvider"])
    rerankers = {"8-bit": judge.reranker, "fp32": Reranker(session, judge.reranker._tokenizer)}  # noqa: SLF001 - the one way to run the full model alike
    logits, figures = {}, dict[str, Any]()
    for name, reranker in rerankers.items():
        times, values = [], []
        for text, triples in asked:
            start = time.perf_counter()
            values.append(reranker.score(text, triples))
            times.append(time.perf_counter() - start)
        logits[name] = np.concatenate(values)
        figures[f"ms, {name}"] = round(float(np.median(times)) * 1000, 1)
    apart = np.abs(logits["8-bit"] - logits["fp32"])
    correlation = float(np.corrcoef(logits["8-bit"], logits["fp32"])[0, 1])
    figures |= {"correlation": round(correlation, 5), "mean apart": round(float(apart.mean()), 4)}
    size = (folder / "model.onnx").stat().st_size / 1e6
    print(f"\n8 pairs: fp32 {figures['ms, fp32']} ms, 8-bit {figures['ms, 8-bit']} ms; "
          f"logits correlate {correlation:.4f}, mean |difference| {apart.mean():.3f}; "
          f"file {size:.1f} MB")  # fmt: skip
    return figures


def _some(questions: list[Question], count: int) -> list[Question]:
    if len(questions) <= count:
        return questions
    return random.Random(count).sample(questions, count)  # noqa: S311 - no secret
