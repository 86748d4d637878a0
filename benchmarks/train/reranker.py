"""Train ``index/weights/reranker`` and print what it is worth on data held out.

    nice -n 10 python benchmarks/train/reranker.py FOLDER --work SCRATCH

Begins from the first layers of the packaged MiniLM. ``--quick`` is a run of minutes that proves
the pipeline and leaves the packaged files alone. No text of the data reaches the weights. See
``reranker_data`` for what is held out, ``reranker_groups`` for the negatives,
``reranker_report`` for the figures.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn.functional import binary_cross_entropy_with_logits, log_softmax

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from reranker_base import Baseline, Vectors
from reranker_data import corpora, data_hashes, held_alone
from reranker_groups import Group, groups, mined
from reranker_net import LAYERS, CrossEncoder, begun, export
from reranker_report import report

from index import model
from index.reranker import PACKAGED, RERANKER_FILES, Read, pair, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch import Tensor

SEED: Final = 7
STEP_GROUPS: Final = 12
# Pairs of like length go through together: little is spent on padding.
CHUNK: Final = 24
RATE: Final = 2.5e-4
NEW_RATE: Final = 1e-3
WARM_UP: Final = 0.03
# How much the logit's meaning across questions counts beside the order within one.
BINARY: Final = 1.0
SAVE_EVERY: Final = 200

Pair = tuple[list[int], list[int]]


class Reader:
    """Texts to token ids and kinds; what was read once is kept."""

    def __init__(self, tokenizer: Any) -> None:  # noqa: ANN401 - ships no types
        self._tokenizer, self._known = tokenizer, dict[str, Read]()

    def pairs(self, group: Group) -> list[Pair]:
        """What the model reads for each passage of ``group``."""
        texts = [group.question, *(text for triple in group.passages for text in triple)]
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known |= zip(new, read(self._tokenizer, new), strict=True)
        question = self._known[group.question]
        return [pair(question, *(self._known[text] for text in t)) for t in group.passages]


def chunks(pairs: Sequence[Pair]) -> Iterator[tuple[list[int], Tensor, Tensor]]:
    """Places in ``pairs`` with their padded ids and kinds, the shortest first."""
    order = sorted(range(len(pairs)), key=lambda at: len(pairs[at][0]))
    for start in range(0, len(order), CHUNK):
        places = order[start : start + CHUNK]
        longest = len(pairs[places[-1]][0])
        both = np.zeros((2, len(places), longest), dtype=np.int64)
        for row, at in enumerate(places):
            for side, values in enumerate(pairs[at]):
                both[side, row, : len(values)] = values
        yield places, torch.from_numpy(both[0]), torch.from_numpy(both[1])


def logits_of(net: CrossEncoder, pairs: Sequence[Pair]) -> Tensor:
    """Shape (pairs,), in their order."""
    places: list[int] = []
    found = []
    for some, ids, kinds in chunks(pairs):
        places += some
        found.append(net(ids, kinds))
    return torch.cat(found)[torch.tensor(np.argsort(places))]


def loss_of(logits: Tensor, step: Sequence[Group]) -> tuple[Tensor, Tensor]:
    """The loss of choosing within each group and that of yes or no for each pair."""
    sizes = [len(group.passages) for group in step]
    parts = torch.split(logits, sizes)
    chosen = [
        -log_softmax(part, 0)[0] for part, g in zip(parts, step, strict=True) if g.is_answered
    ]
    right = torch.zeros_like(logits)
    starts = np.cumsum([0, *sizes[:-1]])
    right[[int(s) for s, group in zip(starts, step, strict=True) if group.is_answered]] = 1.0
    listwise = torch.stack(chosen).mean() if chosen else logits.sum() * 0
    return listwise, binary_cross_entropy_with_logits(logits, right)


def train(
    net: CrossEncoder, everything: list[Group], reader: Reader, work: Path, minutes: float
) -> int:
    """One pass over ``everything``, cut short after ``minutes``; the number of groups learnt.

    The rate falls to nothing by whichever ends first. Saves ``net.pt`` in ``work``.
    """
    steps = [everything[at : at + STEP_GROUPS] for at in range(0, len(everything), STEP_GROUPS)]
    optimiser = torch.optim.AdamW(net.groups(RATE, NEW_RATE), weight_decay=0.01)
    warm = max(1, int(WARM_UP * len(steps)))
    rates = [one["lr"] for one in optimiser.param_groups]
    net.train()
    begun_at, done, sums = time.perf_counter(), 0, np.zeros(2)
    for number, step in enumerate(steps, 1):
        spent = time.perf_counter() - begun_at
        if spent > minutes * 60:
            break
        left = 1 - max((number - 1) / len(steps), spent / 60 / minutes)
        for one, rate in zip(optimiser.param_groups, rates, strict=True):
            one["lr"] = rate * min(number / warm, left)
        pairs = [one for group in step for one in reader.pairs(group)]
        listwise, binary = loss_of(logits_of(net, pairs), step)
        optimiser.zero_grad(set_to_none=True)
        (listwise + BINARY * binary).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        done += len(pairs)
        sums = 0.98 * sums + 0.02 * np.array([float(listwise.detach()), float(binary.detach())])
        if number % 25 == 0:
            shown = sums / (1 - 0.98**number)
            print(
                f"step {number}/{len(steps)}  choice {shown[0]:.4f}  yes/no {shown[1]:.4f}  "
                f"{done / spent:.0f} pairs/s  {spent / 60:.1f} min",
                flush=True,
            )
        if number % SAVE_EVERY == 0:
            torch.save(net.state_dict(), work / "net.pt")
    torch.save(net.state_dict(), work / "net.pt")
    return min(number * STEP_GROUPS, len(everything))


def write(folder: Path, work: Path, data: Path, figures: dict[str, Any]) -> None:
    """Write ``provenance.json`` beside the files in ``folder``."""
    base = model.locate(model.DEFAULT_MODEL) / "model.safetensors"
    content = {
        # Cut short by --minutes, a run learns a prefix of the groups; the rate then fell by the
        # clock, so that the same groups give like weights, not the same ones.
        "made_by": f"python benchmarks/train/reranker.py shared/eval --groups {figures['groups']}",
        "base": {"name": model.DEFAULT_MODEL, "layers": LAYERS, "sha256": _sha256(base)},
        "data": data_hashes(data),
        "seed": SEED,
        "versions": {
            name: version(name) for name in ("torch", "onnxruntime", "onnx", "tokenizers", "numpy")
        },
        "figures": figures,
        "files": {name: _sha256(folder / name) for name in RERANKER_FILES},
    }
    (folder / "provenance.json").write_text(json.dumps(content, indent=1) + "\n", "utf-8")
    print(f"{folder}: {', '.join(f'{p.name} {p.stat().st_size:,}' for p in folder.iterdir())}")
    print(f"intermediate files are in {work}")


def main() -> None:
    """Encode, mine, train, export, measure, write."""
    options = _options()
    options.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(2)
    torch.manual_seed(SEED)
    everything = {corpus.name: corpus for corpus in corpora(options.data, SEED)}
    vectors = Vectors(options.work)
    # Encoding everything takes longer than training: elsewhere words alone find hard negatives.
    squad = Baseline(everything["squad"], vectors)
    source = model.locate(model.DEFAULT_MODEL)
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    folder = options.work / "package" if options.quick else PACKAGED
    folder.mkdir(parents=True, exist_ok=True)
    net, learnt = begun(source), 0
    if options.trained:
        net.load_state_dict(torch.load(options.work / "net.pt"))
        learnt = int((options.work / "learnt").read_text())
    else:
        sources = [
            mined(corpus, squad if name == "squad" else Baseline(corpus, None))
            for name, corpus in everything.items()
        ]
        made = groups(sources, SEED, 300 if options.quick else options.groups)
        print(f"{len(made)} groups, {sum(len(group.passages) for group in made)} pairs", flush=True)
        learnt = train(net, made, Reader(tokenizer), options.work, options.minutes)
        (options.work / "learnt").write_text(str(learnt))
    export(net, options.work / "full.onnx", folder / "model.onnx")
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    write(folder, options.work, options.data, {"groups": learnt})
    held = {name: held_alone(everything[name]) for name in ("new_wiki", "wikinews")}
    found = {name: (corpus, Baseline(corpus, vectors)) for name, corpus in held.items()}
    found["squad"] = everything["squad"], squad
    figures = report(found, folder, options.work / "full.onnx", quick=options.quick)
    write(folder, options.work, options.data, {"groups": learnt} | figures)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--work", type=Path, default=Path("/tmp/reranker"))  # noqa: S108 - big, regrown
    parser.add_argument("--groups", type=int, help="groups to learn from, at most")
    parser.add_argument("--minutes", type=float, default=180.0, help="of training, at most")
    parser.add_argument("--quick", action="store_true", help="minutes; into --work only")
    parser.add_argument("--trained", action="store_true", help="measure the net.pt in --work")
    return parser.parse_args()


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


if __name__ == "__main__":
    main()
