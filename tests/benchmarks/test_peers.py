"""What the comparison with peers makes of answers; the peers themselves are not run here."""

from __future__ import annotations

import math
import os
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging import place, quality
from processes import Talk, on_disk, seconds
from report import table
from systems import DOCUMENTS, SYSTEMS

from corpus.document import Document, Metadata, Span
from corpus.library import Library
from index.evaluate import Gold, Question

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "Officers were hurt.  Two of them\nwent to hospital.\n\nNo arrests were made."
STORED = [one.text for one in Library(DOCUMENTS).read().documents]
DOCUMENT = Document.of("one", Metadata("news"), TEXT)


def said(*texts: str, sure: float = 0.5, **more: Any) -> dict[str, Any]:
    excerpts = [{"document": "one", "text": text, "score": 1.0} | more for text in texts]
    return {"confidence": sure, "excerpts": excerpts}


@given(st.data())
def test_a_slice_is_placed_at_its_own_words_and_is_exact(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(STORED))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    anywhere = place(text[start:end], text)
    assert anywhere.exact
    assert text[anywhere.span.start : anywhere.span.end] == text[start:end]
    assert place(text[start:end], text, start).span == Span(start, end)


def test_words_that_are_not_at_the_place_named_are_not_exact() -> None:
    assert not place("Two of them", TEXT, 20).exact
    assert place("Two of them", TEXT, 21).exact


def test_tidied_white_space_is_no_exact_slice_and_is_found_all_the_same() -> None:
    found = place("Officers were hurt. Two of them went to hospital.", TEXT)
    assert not found.exact
    assert found.span == Span(0, TEXT.index("\n\n"))


def test_changed_words_are_placed_where_they_are_likest() -> None:
    found = place("No arrests have been made.", TEXT)
    assert not found.exact
    assert found.span.end > TEXT.index("No arrests")


def test_measures_are_those_of_the_evaluation() -> None:
    start = TEXT.index("No arrests")
    gold = ((Gold("one", Span(start, len(TEXT))),),)
    questions = [
        Question("a", "Was anybody arrested?", "plain", gold),
        Question("b", "Was somebody held?", "plain", gold),
        Question("c", "Who was arrested?", "near-miss", ()),
    ]
    answers = {
        "a": said("No arrests were made.", "Officers were hurt.", sure=0.9),
        "b": said("Officers were hurt.", "No  arrests were made.", sure=0.2),
        "c": said(sure=0.5),
    }
    found = quality(questions, answers, {"one": DOCUMENT})
    assert (found["hit@1"], found["hit@3"]) == (0.5, 1.0)
    assert found["ndcg@10"] == pytest.approx((1 + 1 / math.log2(3)) / 2)
    assert found["auroc near-miss"] == 0.5
    assert found["exact"] == 0.75
    assert found["characters"] == 20


def test_the_table_fits_and_names_what_was_not_measured() -> None:
    quality_of = {
        "hit@1": 0.5, "hit@3": 0.75, "ndcg@10": 0.6, "auroc near-miss": 0.5,
        "auroc out-of-domain": 0.9, "exact": 1.0, "characters": 300,
    }  # fmt: skip
    measured = {
        one.name: {
            "versions": dict.fromkeys(one.versions, "12.34.56"),
            "quality": {"own": quality_of | {"hit@1": number / 10}},
        }
        for number, one in enumerate(SYSTEMS)
    }
    measured["txtai"]["speed"] = {"warm": [0.01, 0.02, 0.03]}
    lines = table(SYSTEMS, measured).splitlines()
    assert max(map(len, lines)) <= 100
    hits = next(line.split() for line in lines if "hit@1" in line)
    assert hits[1:] == ["0.000", "0.500*", "0.400", "0.300", "0.200", "0.100"]
    warm = next(line.split() for line in lines if "p50" in line)
    assert warm[-6:] == ["-", "-", "-", "-", "20.0*", "-"]


def test_a_child_is_asked_and_weighed_with_its_own_children(tmp_path: Path) -> None:
    child = textwrap.dedent("""
        import json, subprocess, sys
        held = bytearray(64 << 20)
        other = subprocess.Popen(
            [sys.executable, "-c", "held = bytearray(64 << 20); print(flush=True); input()"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        other.stdout.readline()
        for line in sys.stdin:
            print(json.dumps({"id": json.loads(line)["id"], "excerpts": []}), flush=True)
        other.communicate(b"\\n")
    """)
    command = [sys.executable, "-c", child]
    with Talk(command, os.environ, tmp_path, tmp_path / "log") as talk:
        assert talk.ask("1", "Who?") == {"id": "1", "excerpts": []}
        peak, now = talk.memory()
    assert peak >= now > 128


def test_a_child_that_fails_says_where_to_look(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no such thing')"]
    with pytest.raises(RuntimeError, match="log"):
        seconds(command, os.environ, tmp_path, tmp_path / "log")
    assert "no such thing" in (tmp_path / "log").read_text("utf-8")


def test_a_file_with_two_names_takes_its_place_once(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 100_000)
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    assert 100_000 <= on_disk(tmp_path) < 200_000
