"""Metquote beside its peers: the same questions, corpus, model and machine, in one run.

    python benchmarks/peers/run.py FOLDER [--rounds N] [--only NAME…] [--part PART…]

FOLDER keeps a virtual environment for each system, made at the first run, the indexes, and what
was measured, so that the parts can be run apart: ``install``, ``quality`` (the answers to
``tests/data/questions.jsonl``, judged by ``index.evaluate``), ``speed`` (builds, cold starts,
warm answers and memory, each round taking the systems in turn; 0 rounds only print). Prints the
table and writes it to ``benchmarks/results/peers-COMMIT.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from judging import quality
from processes import Talk, on_disk, seconds
from report import table
from systems import DOCUMENTS, ROOT, SYSTEMS, System, install

from corpus.library import Library
from index.evaluate import read_questions
from index.model import DEFAULT_MODEL, locate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.evaluate import Question

_QUESTIONS = ROOT / "tests" / "data" / "questions.jsonl"
_RESULTS = ROOT / "benchmarks" / "results"
_FIRST = "What did the Met say about armed patrols?"
_SETTLES = 1.0  # seconds after the last answer until memory counts as settled
_PARTS = ("install", "quality", "speed")


def main() -> None:
    """Measure what is asked for and print the table of all that was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    names = [one.name for one in SYSTEMS]
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="NAME")
    parser.add_argument("--part", nargs="+", choices=_PARTS, default=_PARTS)
    given = parser.parse_args()
    folder = given.folder.resolve()
    systems = [one for one in SYSTEMS if one.name in given.only]
    with _QUESTIONS.open(encoding="utf-8") as lines:
        questions = read_questions(lines, _QUESTIONS.name)
    prepare(folder)
    if "install" in given.part:
        for system in systems:
            tell(f"installing {system.name}")
            install(system, folder)
            keep(system, folder, "versions", versions(system, folder))
    if "quality" in given.part:
        for system in systems:
            tell(f"asking {system.name}")
            keep(system, folder, "quality", qualities(system, folder, questions))
    if "speed" in given.part:
        found: dict[str, dict[str, list[float]]] = {one.name: {} for one in systems}
        for number in range(given.rounds):
            # Another begins each round, so that none always has the machine as it starts.
            turn = number % len(systems)
            for system in systems[turn:] + systems[:turn]:
                tell(f"round {number + 1}: {system.name}")
                for key, values in timed(system, folder, questions).items():
                    found[system.name].setdefault(key, []).extend(values)
                keep(system, folder, "speed", found[system.name])
    write(folder)


def prepare(folder: Path) -> None:
    """Lay out what all systems share: the weights and the texts of the documents."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "model").is_dir():
        shutil.copytree(locate(DEFAULT_MODEL), folder / "model")
    documents = Library(DOCUMENTS).read().documents
    lines = [json.dumps({"id": one.id, "text": one.text}) for one in documents]
    (folder / "documents.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def qualities(
    system: System, folder: Path, questions: Sequence[Question]
) -> dict[str, dict[str, float]]:
    """How good its answers are on pieces of its own making, and on paragraphs."""
    documents = {one.id: one for one in Library(DOCUMENTS).read().documents}
    # Nothing is timed here, and two threads on busy cores wait for each other.
    environment = system.environment(folder) | {"OMP_NUM_THREADS": "1"}
    found = {}
    for paragraphs in (False, True) if system.split and not system.is_ours else (False,):
        fresh(system, folder, paragraphs=paragraphs)
        home = folder / system.home
        build = system.build(folder, paragraphs=paragraphs)
        seconds(build, environment, home, home / "log")
        ask = system.ask(folder, paragraphs=paragraphs)
        with Talk(ask, environment, home, home / "log") as child:
            said = {one.id: child.ask(one.id, one.text) for one in questions}
        held_out = quality([one for one in questions if one.half == "held out"], said, documents)
        found["paragraphs" if paragraphs else "own"] = quality(questions, said, documents) | {
            f"held out {key}": value for key, value in held_out.items()
        }
    return found


def timed(system: System, folder: Path, questions: Sequence[Question]) -> dict[str, list[float]]:
    """One round of a system: its builds, a cold start, every question warm, its memory."""
    fresh(system, folder)
    environment, home = system.environment(folder), folder / system.home
    command, log, index = system.build(folder), home / "log", system.index(folder)
    build = rebuild = seconds(command, environment, home, log)
    if system.rebuilt is not None:
        for name in system.rebuilt:
            target = index / name
            shutil.rmtree(target) if target.is_dir() else target.unlink()
        rebuild = seconds(command, environment, home, log)
    with Talk(system.ask(folder), environment, home, log) as child:
        child.ask("first", _FIRST)
        cold, warm = time.perf_counter() - child.began, []
        for question in questions:
            began = time.perf_counter()
            child.ask(question.id, question.text)
            warm.append(time.perf_counter() - began)
        time.sleep(_SETTLES)
        peak, settled = child.memory()
    weights = () if system.is_ours else (folder / "model",)
    return {
        "build": [build], "rebuild": [rebuild], "cold": [cold], "warm": warm,
        "peak": [peak], "settled": [settled], "index": [on_disk(index)],
        "installed": [on_disk(home / "venv", *weights)],
    }  # fmt: skip


def fresh(system: System, folder: Path, *, paragraphs: bool = False) -> None:
    """Leave nothing of an index."""
    index = system.index(folder, paragraphs=paragraphs)
    shutil.rmtree(index, ignore_errors=True)
    index.mkdir(parents=True)


def versions(system: System, folder: Path) -> dict[str, str]:
    """What of the packages that matter is installed."""
    command = [str(system.binaries(folder) / "python"), "-m", "pip", "list", "--format", "json"]
    listed = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    found = {one["name"].lower(): one["version"] for one in listed}
    return {name: found[name] for name in system.versions}


def keep(system: System, folder: Path, part: str, values: dict[str, Any]) -> None:
    """Keep a part of what was measured of a system, with the commit that it was measured at."""
    path = folder / "measured" / f"{system.name}.json"
    path.parent.mkdir(exist_ok=True)
    kept = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    kept |= {part: values, f"{part} at": commit()}
    path.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


def write(folder: Path) -> None:
    """Print the table of all that is kept and write it beside the other results."""
    measured = {
        path.stem: json.loads(path.read_text("utf-8"))
        for path in sorted((folder / "measured").glob("*.json"))
    }
    shown = table(SYSTEMS, measured)
    sys.stdout.write(shown)
    now = commit()
    others = sorted(
        f"{name}: {part} at {one[f'{part} at']}"
        for name, one in measured.items()
        for part in ("quality", "speed")
        if one.get(f"{part} at", now) != now
    )
    rounds = {name: len(one["speed"]["cold"]) for name, one in measured.items() if "speed" in one}
    said = ", ".join(f"{name} {count}" for name, count in rounds.items())
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    rounds_said = f"Rounds of speed: {said}." if said else "Speed was not measured."
    head = [
        f"# metquote and its peers at {now}",
        "",
        f"`python benchmarks/peers/run.py FOLDER`: {machine}, Python {platform.python_version()}.",
        rounds_said,
        *(f"Measured at another commit: {other}." for other in others),
    ]
    _RESULTS.mkdir(exist_ok=True)
    text = "\n".join([*head, "", "```", shown.rstrip(), "```", ""])
    (_RESULTS / f"peers-{now}.md").write_text(text, "utf-8")


def commit() -> str:
    """The commit of the working tree, ``-dirty`` where it is not quite that."""
    command = ["git", "describe", "--always", "--dirty", "--exclude", "*"]
    found = subprocess.run(command, check=True, capture_output=True, cwd=ROOT, text=True)
    return found.stdout.strip()


def tell(what: str) -> None:
    """Say what is going on."""
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
