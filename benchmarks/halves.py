"""Part the labelled questions into two halves: one to develop on, one that is held out.

    python benchmarks/halves.py tests/data/questions.jsonl

An answerable question goes with the paragraph that its first gold stands in, so that no
paragraph is asked about in both halves; the others are parted kind by kind. Chance decides, from
a fixed seed; every line gets its ``half``, and lines that have one already may change it.
"""

from __future__ import annotations

import json
import random
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from corpus.library import Library
from corpus.sentences import units

HALVES = ("develop", "held out")
_SEED = 20
_DOCUMENTS = Path(__file__).parents[1] / "corpus" / "documents"


def groups(questions: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Questions that must stay together."""
    texts = {document.id: document.text for document in Library(_DOCUMENTS).read().documents}
    found: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for number, question in enumerate(questions):
        if question["answerable"]:
            gold = question["gold"][0]
            paragraph = next(
                unit.paragraph
                for unit in units(texts[gold["document"]])
                if unit.span.end > gold["start"]
            )
            found[gold["document"], paragraph].append(question)
        else:
            found[question["kind"], number].append(question)
    return list(found.values())


def part(questions: list[dict[str, Any]]) -> None:
    """Set every question's ``half``: each group to the half that has fewer of its kind so far."""
    chance = random.Random(_SEED)  # noqa: S311 - a sample, not a secret
    count: dict[tuple[str, str], int] = defaultdict(int)
    shuffled = groups(questions)
    chance.shuffle(shuffled)
    for group in sorted(shuffled, key=len, reverse=True):
        kind = "answerable" if group[0]["answerable"] else group[0]["kind"]
        _, _, half = min((count[name, kind], at, name) for at, name in enumerate(HALVES))
        count[half, kind] += len(group)
        for question in group:
            question["half"] = half


def main() -> None:
    """Read, part, write in place."""
    path = Path(sys.argv[1])
    questions = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    part(questions)
    lines = (json.dumps(question, ensure_ascii=False) for question in questions)
    path.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
