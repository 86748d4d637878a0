"""Labelled data as corpora of documents and questions with gold spans."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from hashlib import file_digest, sha256
from typing import TYPE_CHECKING, Any

from own import beside, developed, made_up, near_misses, own_files, starter

from corpus.document import Span

if TYPE_CHECKING:
    import random
    from pathlib import Path

# Documents of each corpus whose passages are ranked, and questions asked of it: an hour of
# encoding more gains nothing.
_PASSAGES = {
    "squad": 320, "new_wiki": 300, "reddit": 200, "amazon": 200, "news": 500, "made": 500,
    "developed": 500,
}  # fmt: skip
_QUESTIONS = 900
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
# Passages that make a document where none has a title.
_TOGETHER = 10
# Of our questions on the starter documents all are taught, or all kept.
_KEEPS = {"starter": False, "developed": True}
# One text of four is kept from what is taught, to fit and to measure on.
_HELD_OUT_OF = 4


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

    def keeps(self, document: str) -> bool:
        """Whether nothing is taught from a document: it may be fitted and measured on."""
        return _KEEPS.get(self.name, held_out(document))


def corpora(folder: Path, chance: random.Random, *, untaught: bool = False) -> tuple[Labelled, ...]:
    """A part of every corpus below ``folder``, chosen by ``chance``.

    Only questions on what is kept from the reader, if ``untaught``: of what it was taught on it
    is surer than it will be of anything else.
    """
    return tuple(
        _sample(corpus, chance, untaught=untaught)
        for corpus in everything(folder)
        if corpus.name in _PASSAGES
    )


def everything(folder: Path) -> tuple[Labelled, ...]:
    """Every corpus below ``folder``, and our own."""
    files = {
        "squad": folder / "squad" / "squad.develop",
        **{name: folder / "squadshifts" / name for name in ("new_wiki", "reddit", "amazon")},
    }
    passages = [_passages(name, stem) for name, stem in files.items()]
    sentences = [_sentences(name, folder / "qamr", mark) for name, mark in _SOURCES.items()]
    own = [
        Labelled(name, texts, tuple(LabelledQuestion(*one) for one in questions))
        for name, (texts, questions) in (
            ("made", made_up()), ("beside", beside()), ("starter", starter()),
            ("developed", developed()),
        )
    ]  # fmt: skip
    return (*passages, *sentences, *own)


def held_out(document: str) -> bool:
    """Whether nothing is taught from a document, by its id alone."""
    return sha256(f"kept: {document}".encode()).digest()[0] % _HELD_OUT_OF == 0


def sha256_of(folder: Path) -> dict[str, str]:
    """The hash of every file that was read; of our own one, of all of them in order."""
    found = {}
    for name in _FILES:
        with (folder / name).open("rb") as stream:
            found[name] = file_digest(stream, "sha256").hexdigest()
    own = b"".join(path.read_bytes() for path in own_files())
    return found | {"own": sha256(own).hexdigest()}


def _passages(name: str, stem: Path) -> Labelled:
    """Question-answering passages; those of one title are one document, a paragraph each."""
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = _lines(stem.with_name(stem.name + ".passages.jsonl"))
    untitled = len({row["title"] for row in rows}) == 1
    for number, row in enumerate(rows):
        title = f"{name}-{number // _TOGETHER}" if untitled else row["title"]
        grouped[re.sub(r"\W+", "-", title)].append(row)
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
        document, start = places[row["passage"]]
        spans: tuple[Span, ...] = ()
        if row["answerable"]:
            first = start + row["answer_start"]
            spans = (Span(first, first + len(row["answer"])),)
        questions.append(LabelledQuestion(row["question"], document, spans))
    for text, passage in near_misses(name):
        questions.append(LabelledQuestion(text, places[passage][0], ()))
    return Labelled(name, documents, tuple(questions))


_SOURCES = {"news": ":wikinews:", "sentences": ":wikipedia:"}


def _sentences(name: str, folder: Path, mark: str) -> Labelled:
    """Questions on sentences, the sentences of one text a document, each a paragraph."""
    texts: dict[str, list[tuple[str, list[str]]]] = defaultdict(list)
    for line in (folder / "wiki-sentences.tsv").read_text("utf-8").splitlines():
        identity, sentence = line.split("\t")
        if mark in identity:
            texts["-".join(identity.split(":")[1:3])].append((identity, sentence.split()))
    documents, places = {}, {}
    for document in sorted(texts):
        text = ""
        for identity, tokens in texts[document]:
            places[identity] = (document, len(text), tokens)
            text += _detokenised(tokens) + "\n\n"
        documents[document] = text.rstrip()
    questions = {}
    for file in ("dev.tsv", "test.tsv"):
        for line in (folder / file).read_text("utf-8").splitlines():
            fields = line.split("\t")
            if fields[0] in places:
                document, start, tokens = places[fields[0]]
                span = _answer(tokens, fields[6], start)
                asked = LabelledQuestion(fields[5].strip(), document, (span,))
                questions[asked.text, span.start] = asked
    return Labelled(name, documents, tuple(questions.values()))


def _answer(tokens: list[str], indices: str, start: int) -> Span:
    """The span from the first to the last of the tokens that answer, or the whole sentence."""
    sentence = _detokenised(tokens)
    chosen = [int(index) for index in indices.split()]
    answer = _detokenised(tokens[min(chosen) : max(chosen) + 1])
    about = len(_detokenised(tokens[: min(chosen)]))
    at = sentence.find(answer, max(0, about - 2))
    if at < 0:
        return Span(start, start + len(sentence))
    return Span(start + at, start + at + len(answer))


def _sample(corpus: Labelled, chance: random.Random, *, untaught: bool) -> Labelled:
    """Some of the documents, and at most `_QUESTIONS` of the questions on them."""
    documents, passages = {}, 0
    names = list(corpus.documents)
    if untaught:
        names.sort(key=corpus.keeps, reverse=True)
    for document in names:
        text = corpus.documents[document]
        if passages < _PASSAGES[corpus.name]:
            documents[document] = text
        passages += 1 if corpus.name == "news" else text.count("\n\n") + 1
    questions = [
        one
        for one in corpus.questions
        if one.document in documents and (corpus.keeps(one.document) or not untaught)
    ]
    chance.shuffle(questions)
    return replace(corpus, documents=documents, questions=tuple(questions[:_QUESTIONS]))


def _detokenised(tokens: list[str]) -> str:
    text = " ".join(_TREEBANK.get(token, token) for token in tokens)
    text = re.sub(r"([(\[“]) ", r"\1", text)
    return re.sub(r" ([)\]”.,;:?!%]|n't|'s|'re|'ve|'ll|'d|'m)(?=\W|$)", r"\1", text).strip()


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
