"""What thresholds of the confidence do, on the half of our questions that is for that.

    python benchmarks/train/thresholds.py tests/data/questions.jsonl

The index in use is asked (``metquote index build`` makes it). ``answered_at`` is the highest
confidence from which on `_SAID` of the answerable questions lie, ``related_at`` the highest below
which no more than `_LOST` of them do. The lowest from which on `_RIGHT` of the answers are right
is printed too: more than that can be had only by better answers. Both go into ``config.toml`` and
`AnswerSettings` by hand. Questions that are held out are not asked.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from index.answer import AnswerSettings
from index.evaluate import HALVES, read_questions, run
from index.opened import OpenSnapshot
from index.snapshot import SnapshotStore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.evaluate import Judged

_SAID, _RIGHT = 0.75, 0.9
_LOST = 0.01
_DATA = Path(__file__).parents[2] / "var"


def share_right(judged: Sequence[Judged], threshold: float) -> float:
    """Of those from ``threshold`` on, the share whose first excerpt is a hit; 1 for none."""
    said = [one for one in judged if one.answer.confidence >= threshold]
    return sum(one.hit(1) for one in said) / len(said) if said else 1.0


def share_from(judged: Sequence[Judged], threshold: float) -> float:
    """The share of them whose confidence is ``threshold`` or more."""
    return sum(one.answer.confidence >= threshold for one in judged) / len(judged)


def main() -> None:
    """Ask, and print a table and the thresholds."""
    path = Path(sys.argv[1])
    store = SnapshotStore(Path(sys.argv[2]) if len(sys.argv) > 2 else _DATA)  # noqa: PLR2004
    with path.open(encoding="utf-8") as lines:
        questions = [one for one in read_questions(lines, path.name) if one.half == HALVES[0]]
    # Whatever the confidence, excerpts are wanted.
    settings = AnswerSettings(answered_at=0.0, related_at=0.0)
    snapshot = OpenSnapshot(store, store.current(), settings)
    judged = run(questions, snapshot.answer, lambda _: True, lambda: None)
    snapshot.close()
    answerable = [one for one in judged if one.question.answerable]
    near, out = (
        [one for one in judged if one.question.kind == kind]
        for kind in ("near-miss", "out-of-domain")
    )
    print(f"{len(questions)} questions of the half {HALVES[0]!r}")
    print("from   answerable  near misses  out of domain  right of them")
    for step in range(20):
        at = step / 20
        shares = (share_from(group, at) for group in (answerable, near, out))
        print(f"{at:.2f}", *(f"{share:12.3f}" for share in (*shares, share_right(judged, at))))
    levels = [step / 100 for step in range(100)]
    answered_at, related_at = (
        max(at for at in levels if share_from(answerable, at) >= share)
        for share in (_SAID, 1 - _LOST)
    )
    sure = next(at for at in levels if share_right(judged, at) >= _RIGHT)
    print(f"answered_at = {answered_at}\nrelated_at = {related_at}\nright from {sure} on")


if __name__ == "__main__":
    main()
