"""Fit the scorer of speakers and write ``corpus/quotations/weights.json``.

    python benchmarks/train/quotes.py /path/to/polnear_train.jsonl [--check] [--out FILE]

Each unit of quotation is one choice among its candidates; boosted trees of depth two are fitted
to the choice's log-likelihood and then added up into tables over pairs of features. ``--check``
fits on four fifths of the documents, prints the share of right choices on the rest, and writes
nothing unless ``--out`` is given. No text of the data reaches the weights.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeRegressor

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from corpus.quotations.features import NAMES, SIZES
from corpus.quotations.reading import NO_TOKEN, Reading, Unit, mention_key, read, vectors
from corpus.quotations.stream import NAME, OBJECT

OUT: Final = Path(__file__).resolve().parents[2] / "corpus" / "quotations" / "weights.json"
SEEDS: Final = (3, 4)
ROUNDS: Final = 380
RATE: Final = 0.3
LEAF: Final = 30
RIDGE: Final = 5.0
COLS: Final = 0.5
# The pairs that are kept, those whose values vary most among candidates.
MOST: Final = 300
# Pairs that are added up for every candidate; the rest only for those that stay in.
HEAD: Final = 40
# Share of units whose winner the head may drop.
DROPPED: Final = 0.002
FOLDS: Final = 5
# Where a noun phrase's head ends: what follows describes it.
HEAD_END: Final = re.compile(r"(?<=\w)(,| who | of | for | in |\s?\(| from | at | with )")

Array = np.ndarray[Any, Any]


def gold_token(reading: Reading, quote: dict[str, Any], tokens: list[int]) -> int | None:
    """The candidate that is the head of the annotated speaker, if it is among ``tokens``."""
    text = reading.text
    start, end = quote["speaker_start"], quote["speaker_end"]
    cut = HEAD_END.search(text[start:end])
    for limit in (start + cut.start() if cut else end, end):
        inside = [
            at
            for at in tokens
            if reading.tokens[at][1] >= start - 4
            and reading.tokens[at][1] < limit
            and reading.tokens[at][2] <= limit + 2
        ]
        names = [at for at in inside if reading.tokens[at][0] == NAME]
        free = [at for at in names if text[reading.tokens[at][2] :][:2] not in ("'s", "’s")]
        for some in (free, [at for at in inside if reading.tokens[at][0] != OBJECT], inside):
            if some:
                return some[-1]
    over = [at for at in tokens if reading.tokens[at][1] < end and reading.tokens[at][2] > start]
    return over[-1] if over else None


def gold_of(
    reading: Reading, unit: Unit, document: dict[str, Any], tokens: list[int]
) -> int | None:
    """The right choice for a unit: a token, ``NO_TOKEN``, or ``None`` where it cannot be told."""
    first = reading.segments[unit.first]
    quotes = [q for q in document["quotes"] if q["start"] < first.end and q["end"] > first.start]
    if quotes and quotes[0]["speaker"]:
        found = gold_token(reading, quotes[0], tokens)
        if found is None:
            last = quotes[0]["speaker"].split()[-1]
            alike = [at for at in tokens if mention_key(reading.text, reading.tokens[at]) == last]
            return alike[0] if alike else None
        return found
    half = 0.5 * (first.end - first.start)
    ignored = (min(first.end, e) - max(first.start, s) > half for s, e in document["ignore"])
    return None if not quotes and any(ignored) else NO_TOKEN


def table_of(documents: list[dict[str, Any]]) -> tuple[Array, Array, Array, Array]:
    """Every candidate of every unit: features, whether right, unit number, document number."""
    rows: list[tuple[int, ...]] = []
    right: list[int] = []
    unit_of: list[int] = []
    document_of: list[int] = []
    number = 0
    for place, document in enumerate(documents):
        reading, previous = read(document["text"]), NO_TOKEN
        for unit in reading.units:
            found = vectors(reading, unit, previous)
            tokens = [at for at, _ in found if at != NO_TOKEN]
            gold = gold_of(reading, unit, document, tokens)
            if gold is None:
                previous = NO_TOKEN
                continue
            name = key_of(reading, gold)
            for at, vector in found:
                # Another mention of the right person is neither right nor wrong.
                if at != gold and name and key_of(reading, at) == name:
                    continue
                rows.append(vector)
                right.append(int(at == gold))
                unit_of.append(number)
                document_of.append(place)
            number += 1
            previous = gold if gold != NO_TOKEN else previous
    return np.array(rows, np.int8), np.array(right), np.array(unit_of), np.array(document_of)


def key_of(reading: Reading, at: int) -> str:
    """A name's last word; empty for what is no name."""
    if at == NO_TOKEN or reading.tokens[at][0] != NAME:
        return ""
    return mention_key(reading.text, reading.tokens[at])


def model(rows: Array, right: Array, units: Array) -> dict[tuple[int, int], Array]:
    """The mean of one fit for each seed, as tables, without the least of them."""
    total: dict[tuple[int, int], Array] = {}
    for seed in SEEDS:
        for pair, values in tables(fit(rows, right, units, seed)).items():
            total[pair] = total.get(pair, 0) + values / len(SEEDS)
    return {pair: total[pair] for pair in ordered(total, rows)[:MOST]}


def fit(rows: Array, right: Array, units: Array, seed: int) -> list[tuple[Any, Array]]:
    """Boost trees of depth two on the softmax over each unit's candidates."""
    _, group = np.unique(units, return_inverse=True)
    count = group.max() + 1
    score = np.zeros(len(right))
    values = rows.astype(np.float32)
    random = np.random.default_rng(seed)
    trees = []
    for _ in range(ROUNDS):
        share = softmax(score, group, count)
        slope, curve = right - share, np.maximum(share * (1 - share), 1e-6)
        tree = DecisionTreeRegressor(
            max_depth=2,
            min_samples_leaf=LEAF,
            max_features=COLS,
            random_state=int(random.integers(1 << 30)),
        )
        tree.fit(values, slope / (curve + 1e-4), sample_weight=curve + 1e-4)
        leaf = tree.apply(values)
        step = RATE * np.bincount(leaf, slope) / (np.bincount(leaf, curve) + RIDGE)
        score += step[leaf]
        trees.append((tree.tree_, step))
    return trees


def softmax(score: Array, group: Array, count: int) -> Array:
    """Each candidate's share within its unit."""
    top = np.full(count, -np.inf)
    np.maximum.at(top, group, score)
    weight = np.exp(score - top[group])
    shares: Array = weight / np.bincount(group, weight, count)[group]
    return shares


def tables(trees: list[tuple[Any, Array]]) -> dict[tuple[int, int], Array]:
    """The trees as sums over pairs of features: ``{(i, j): values[SIZES[i], SIZES[j]]}``."""
    found: dict[tuple[int, int], Array] = {}
    for tree, step in trees:
        root = int(tree.feature[0])
        grid = np.arange(SIZES[root])
        sides = (
            (int(tree.children_left[0]), grid <= tree.threshold[0]),
            (int(tree.children_right[0]), grid > tree.threshold[0]),
        )
        for child, inside in sides:
            leaf = tree.children_left[child] == -1
            other = root if leaf else int(tree.feature[child])
            along = np.arange(SIZES[other])
            low = step[child] if leaf else step[tree.children_left[child]]
            high = step[child] if leaf else step[tree.children_right[child]]
            line = np.where(along <= (0 if leaf else tree.threshold[child]), low, high)
            part = np.outer(inside, line)
            if other == root:
                part = np.diag(np.diag(part))
            pair = (root, other) if root <= other else (other, root)
            part = part if root <= other else part.T
            found[pair] = found.get(pair, 0) + part
    return found


def apply(found: dict[tuple[int, int], Array], rows: Array) -> Array:
    """The scores of ``rows`` by the tables."""
    total = np.zeros(len(rows))
    for (one, two), values in found.items():
        total += values[rows[:, one], rows[:, two]]
    return total


def winners(score: Array, right: Array, units: Array) -> tuple[Array, Array]:
    """For each unit its winner's share and whether it is right."""
    _, group = np.unique(units, return_inverse=True)
    share = softmax(score, group, group.max() + 1)
    order = np.lexsort((-score, group))
    first = np.r_[True, group[order][1:] != group[order][:-1]]
    return share[order][first], right[order][first]


def ordered(found: dict[tuple[int, int], Array], rows: Array) -> list[tuple[int, int]]:
    """The pairs, those whose values vary most among candidates first."""
    spread = {
        pair: float(np.std(values[rows[:, pair[0]], rows[:, pair[1]]]))
        for pair, values in found.items()
    }
    return sorted(spread, key=lambda pair: (-spread[pair], pair))


def margin_of(
    found: dict[tuple[int, int], Array], order: list[tuple[int, int]], rows: Array, units: Array
) -> float:
    """The least margin, in quarters, at which the head drops a winner in no more than DROPPED."""
    _, group = np.unique(units, return_inverse=True)
    head = apply({pair: found[pair] for pair in order[:HEAD]}, rows)
    full = apply(found, rows)
    best = np.full(group.max() + 1, -np.inf)
    np.maximum.at(best, group, head)
    under = best[group] - head
    last = np.lexsort((full, group))
    winner = last[np.r_[group[last][1:] != group[last][:-1], True]]
    margin = float(np.ceil(4 * np.quantile(under[winner], 1 - DROPPED)) / 4)
    kept = np.mean(under <= margin) * len(rows) / len(winner)
    print(f"margin {margin}; {kept:.2f} candidates of a unit stay")
    return margin


def main() -> None:
    """Fit, check by folds, calibrate, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    data = options.data.read_bytes()
    documents = [json.loads(line) for line in data.decode().splitlines()]
    rows, right, units, places = table_of(documents)
    for column, size in enumerate(SIZES):
        if rows[:, column].max() >= size:
            raise SystemExit(f"{NAMES[column]} reaches {rows[:, column].max()}; its size is {size}")
    held = places % FOLDS == 0
    found = model(rows[~held], right[~held], units[~held])
    share, good = winners(apply(found, rows[held]), right[held], units[held])
    curve = LogisticRegression(C=1e6).fit(share.reshape(-1, 1), good)
    accuracy = float(good.mean())
    print(f"held-out fifth: {len(good)} units, right choice {accuracy:.4f}, {len(found)} tables")
    if options.check and options.out is None:
        return
    if not options.check:
        found = model(rows, right, units)
    content = {
        "made_by": "python benchmarks/train/quotes.py polnear_train.jsonl",
        "data": "PolNeAR (networkdynamics/PolNeAR), train part; no text of it is in this file",
        "data_sha256": sha256(data).hexdigest(),
        "seeds": SEEDS,
        "rounds": ROUNDS,
        "held_out_units": len(good),
        "held_out_right_choice": round(accuracy, 4),
        "calibration": [round(float(curve.coef_[0][0]), 4), round(float(curve.intercept_[0]), 4)],
    }
    write(options.out or OUT, content, found, rows, units)


def write(
    out: Path,
    content: dict[str, Any],
    found: dict[tuple[int, int], Array],
    rows: Array,
    units: Array,
) -> None:
    """Write the tables, those that tell most first, with what made them."""
    order = ordered(found, rows)
    content |= {
        "features": NAMES,
        "head": HEAD,
        "margin": margin_of(found, order, rows, units),
        "tables": [
            [one, two, [[round(float(x), 3) for x in row] for row in found[one, two]]]
            for one, two in order
        ],
    }
    out.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{out}: {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
