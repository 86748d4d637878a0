"""Labelled data as corpora of documents and questions with gold spans."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from hashlib import file_digest
from typing import TYPE_CHECKING, Any

from corpus.document import Span

if TYPE_CHECKING:
    import random
    from pathlib import Path

# Passages of each corpus, and questions asked of it: an hour of encoding more gains nothing.
_PASSAGES = {"squad": 320, "new_wiki": 300, "reddit": 200, "amazon": 200}
_QUESTIONS = 900
_NEWS_TEXTS = 500
_FILES = (
    "squad/squad.develop.passages.jsonl",
    "squad/squad.develop.questions.jsonl",
    *(
        f"squadshifts/{name}.{kind}.jsonl"
        for name in ("new_wiki", "reddit", "amazon")
        for kind in ("passages", "questions")
    ),
    "qamr/dev.tsv",
    "qamr/test.tsv",
    "qamr/wiki-sentences.tsv",
)  # fmt: skip
_TREEBANK = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "``": "“", "''": "”"}


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question of one document; ``spans`` answer it, and none if nothing does."""

    text: str
    document: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A corpus: texts by document id, and questions."""

    name: str
    documents: dict[str, str]
    questions: tuple[LabelledQuestion, ...]


def corpora(folder: Path, chance: random.Random) -> tuple[Labelled, ...]:
    """Every corpus below ``folder``, sampled by ``chance``."""
    files = {
        "squad": folder / "squad" / "squad.develop",
        **{name: folder / "squadshifts" / name for name in ("new_wiki", "reddit", "amazon")},
    }
    passages = [_passages(name, stem, chance) for name, stem in files.items()]
    return (*passages, _news(folder / "qamr", chance))


def sha256_of(folder: Path) -> dict[str, str]:
    """The hash of every file that was read."""
    found = {}
    for name in _FILES:
        with (folder / name).open("rb") as stream:
            found[name] = file_digest(stream, "sha256").hexdigest()
    return found


def _passages(name: str, stem: Path, chance: random.Random) -> Labelled:
    """Question-answering passages; those of one title are one document, a paragraph each."""
    rows = _lines(stem.with_name(stem.name + ".passages.jsonl"))[: _PASSAGES[name]]
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        grouped[re.sub(r"\W+", "-", row["title"]) or "untitled"].append(row)
    documents, places = {}, {}
    for title, members in grouped.items():
        text = ""
        for row in members:
            passage = re.sub(r"\s", " ", row["text"])
            lead = len(passage) - len(passage.lstrip())
            places[row["id"]] = (title, len(text) - lead)
            text += passage.strip() + "\n\n"
        documents[title] = text.rstrip()
    questions = []
    for row in _lines(stem.with_name(stem.name + ".questions.jsonl")):
        if row["passage"] in places:
            document, start = places[row["passage"]]
            spans: tuple[Span, ...] = ()
            if row["answerable"]:
                first = start + row["answer_start"]
                spans = (Span(first, first + len(row["answer"])),)
            questions.append(LabelledQuestion(row["question"], document, spans))
    return Labelled(name, documents, _sample(questions, chance))


def _news(folder: Path, chance: random.Random) -> Labelled:
    """Questions on sentences of news, the sentences of one text a document."""
    texts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in (folder / "wiki-sentences.tsv").read_text("utf-8").splitlines():
        identity, tokens = line.split("\t")
        if ":wikinews:" in identity:
            texts["-".join(identity.split(":")[1:3])].append((identity, _detokenised(tokens)))
    chosen = sorted(texts)[:_NEWS_TEXTS]
    documents, places = {}, {}
    for document in chosen:
        text = ""
        for identity, sentence in texts[document]:
            places[identity] = (document, Span(len(text), len(text) + len(sentence)))
            text += sentence + "\n\n"
        documents[document] = text.rstrip()
    questions = []
    for name in ("dev.tsv", "test.tsv"):
        for line in (folder / name).read_text("utf-8").splitlines():
            fields = line.split("\t")
            if fields[0] in places:
                document, span = places[fields[0]]
                questions.append(LabelledQuestion(fields[5], document, (span,)))
    return Labelled("news", documents, _sample(questions, chance))


def _sample(
    questions: list[LabelledQuestion], chance: random.Random
) -> tuple[LabelledQuestion, ...]:
    """At most `_QUESTIONS` of them."""
    chance.shuffle(questions)
    return tuple(questions[:_QUESTIONS])


def _detokenised(tokens: str) -> str:
    text = " ".join(_TREEBANK.get(token, token) for token in tokens.split())
    text = re.sub(r"([(\[“]) ", r"\1", text)
    return re.sub(r" ([)\]”.,;:?!%]|n't|'s|'re|'ve|'ll|'d|'m)(?=\W|$)", r"\1", text).strip()


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
