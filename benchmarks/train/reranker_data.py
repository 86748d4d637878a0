"""The labelled development data as sentences and questions. See ``shared/eval/README.md``.

Nothing of a held-out article is trained on, and nothing of a `Part.CHOOSE` one either: there
the weight of the sum and the calibration are fitted.
"""

from __future__ import annotations

import csv
import json
import random
import re
import sys
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from corpus.sentences import units

if TYPE_CHECKING:
    from collections.abc import Iterator

HELD_SQUAD: Final = frozenset({"Normans", "1973_oil_crisis", "Scottish_Parliament"})
CHOOSE_SQUAD: Final = "Warsaw"
# Reviews and comments say "it" of things that nothing names: a third of them is enough.
_INFORMAL_SHARE: Final = 3
# QAMR has some twenty questions a sentence, many alike.
_QAMR_EACH: Final = 4
_DETOKENISED: Final = (
    (re.compile(r"-LRB- ?"), "("),
    (re.compile(r" ?-RRB-"), ")"),
    (re.compile(r"`` ?"), "“"),
    (re.compile(r" ?''"), "”"),
    (re.compile(r" ([,.;:?!%])"), r"\1"),
    (re.compile(r" (n't|'s|'re|'ve|'ll|'d|'m|')\b"), r"\1"),
    (re.compile(r"([$£€]) (?=\d)"), r"\1"),
)


class Part(StrEnum):
    """What a question may be used for."""

    TRAIN = "train"
    CHOOSE = "choose"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its neighbours' texts; ``passage`` and ``article`` are numbers."""

    text: str
    before: str
    after: str
    passage: int
    article: int

    @property
    def triple(self) -> tuple[str, str, str]:
        """What the reranker reads."""
        return self.before, self.text, self.after


@dataclass(frozen=True, slots=True)
class Question:
    """A question; ``gold`` are rows of sentences that answer it, none if nothing does."""

    text: str
    passage: int
    gold: tuple[int, ...]
    part: Part


@dataclass(slots=True)
class Corpus:
    """Sentences that are searched together, and questions about them."""

    name: str
    sentences: list[Sentence] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    rows_of_passage: list[range] = field(default_factory=list)
    rows_of_article: dict[int, list[int]] = field(default_factory=dict)

    def add(self, texts: list[str], article: int) -> range:
        """Add the sentences of one passage; their rows."""
        first, passage = len(self.sentences), len(self.rows_of_passage)
        padded = ["", *texts, ""]
        for at, text in enumerate(texts, 1):
            around = padded[at - 1], padded[at + 1]
            self.sentences.append(Sentence(text, *around, passage, article))
        rows = range(first, len(self.sentences))
        self.rows_of_passage.append(rows)
        self.rows_of_article.setdefault(article, []).extend(rows)
        return rows

    def of(self, part: Part, *, answerable: bool = True) -> list[Question]:
        """The questions of one part, those that are answered or those that are not."""
        return [q for q in self.questions if q.part is part and bool(q.gold) is answerable]


def corpora(folder: Path, seed: int) -> list[Corpus]:
    """Every corpus: squad, new_wiki, reddit, amazon, wikinews."""
    squad = _squad_like(folder / "squad", "squad.develop", "squad")
    shifts = folder / "squadshifts"
    found = [squad, *(_squad_like(shifts, name, name) for name in ("new_wiki", "reddit", "amazon"))]
    return [*found, _qamr(folder / "qamr", random.Random(seed))]  # noqa: S311 - no secret


def data_hashes(folder: Path) -> dict[str, str]:
    """The sha256 of every file that is read, by its path in ``folder``."""
    paths = [
        *folder.glob("squad/*.jsonl"), *folder.glob("squadshifts/*.jsonl"),
        *folder.glob("qamr/*.tsv"),
    ]  # fmt: skip
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(paths)
    }


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def _squad_like(folder: Path, stem: str, name: str) -> Corpus:
    corpus = Corpus(name)
    articles: dict[str, int] = {}
    informal = name in ("reddit", "amazon")
    spans: dict[str, tuple[int, range, list[tuple[int, int]], Part]] = {}
    for number, line in enumerate(_lines(folder / f"{stem}.passages.jsonl")):
        if informal and number % _INFORMAL_SHARE:
            continue
        # A review's title is all reviews'; each is an article of its own.
        title = line["id"] if informal else line["title"]
        article = articles.setdefault(title, len(articles))
        found = [(unit.span.start, unit.span.end) for unit in units(line["text"])]
        rows = corpus.add([line["text"][start:end] for start, end in found], article)
        part = _part(name, title, article)
        spans[line["id"]] = (len(corpus.rows_of_passage) - 1, rows, found, part)
    for line in _lines(folder / f"{stem}.questions.jsonl"):
        if line["passage"] not in spans:
            continue
        passage, rows, found, part = spans[line["passage"]]
        gold: tuple[int, ...] = ()
        if line["answerable"]:
            start = line["answer_start"]
            end = start + len(line["answer"])
            pairs = zip(rows, found, strict=True)
            gold = tuple(row for row, (s, e) in pairs if s < end and e > start)
            if not gold:
                continue
        corpus.questions.append(Question(line["question"].strip(), passage, gold, part))
    return corpus


def _part(name: str, title: str, article: int) -> Part:
    if name == "squad":
        if title in HELD_SQUAD:
            return Part.HELD
        return Part.CHOOSE if title == CHOOSE_SQUAD else Part.TRAIN
    if name == "new_wiki":
        return Part.HELD if article % 5 == 0 else Part.TRAIN
    return Part.TRAIN


def held_alone(corpus: Corpus) -> Corpus:
    """The passages that held-out questions are about, and those questions."""
    alone = Corpus(corpus.name)
    moved: dict[int, int] = {}
    passages: dict[int, int] = {}
    for passage in sorted({q.passage for q in corpus.questions if q.part is Part.HELD}):
        rows = corpus.rows_of_passage[passage]
        members = [corpus.sentences[row] for row in rows]
        new = alone.add([member.text for member in members], members[0].article)
        passages[passage] = len(alone.rows_of_passage) - 1
        moved |= zip(rows, new, strict=True)
    for question in corpus.questions:
        if question.part is Part.HELD:
            gold = tuple(moved[row] for row in question.gold)
            alone.questions.append(
                Question(question.text, passages[question.passage], gold, question.part)
            )
    return alone


def _qamr(folder: Path, chance: random.Random) -> Corpus:
    """The half that is Wikinews; sentences that follow one another are a passage."""
    texts = {}
    with (folder / "wiki-sentences.tsv").open(encoding="utf-8") as stream:
        for line in stream:
            key, _, words = line.rstrip("\n").partition("\t")
            if ":wikinews:" in key:
                texts[key] = _detokenised(words)
    corpus = Corpus("wikinews")
    parts: dict[str, tuple[int, int, Part]] = {}
    articles: dict[str, int] = {}
    passages: dict[tuple[str, int], list[tuple[int, str]]] = {}
    for key in texts:
        _, _, text, paragraph, sentence = key.split(":")
        passages.setdefault((text, int(paragraph)), []).append((int(sentence), key))
    for (text, _), members in sorted(passages.items()):
        article = articles.setdefault(text, len(articles))
        keys = [key for _, key in sorted(members)]
        rows = corpus.add([texts[key] for key in keys], article)
        part = Part.HELD if article % 4 == 0 else Part.TRAIN
        for row, key in zip(rows, keys, strict=True):
            parts[key] = (row, len(corpus.rows_of_passage) - 1, part)
    for key, asked in _qamr_questions(folder).items():
        if key in parts:
            row, passage, part = parts[key]
            for text in chance.sample(asked, min(_QAMR_EACH, len(asked))):
                corpus.questions.append(Question(text, passage, (row,), part))
    return corpus


def _qamr_questions(folder: Path) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {}
    for name in ("dev.tsv", "test.tsv"):
        with (folder / name).open(encoding="utf-8", newline="") as stream:
            for row in csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
                if len(row) > 5 and len(row[5].split()) > 3:  # noqa: PLR2004 - "Who died?" asks of any
                    found.setdefault(row[0], {})[_detokenised(row[5])] = None
    return {key: list(texts) for key, texts in found.items()}


def _detokenised(text: str) -> str:
    for pattern, put in _DETOKENISED:
        text = pattern.sub(put, text)
    return text.strip()
