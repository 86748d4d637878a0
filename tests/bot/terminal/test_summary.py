"""``metquote summary`` and ``metquote eval --summaries``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.messages.markdown import block_quotes
from tests.bot.conftest import add_document
from tests.bot.test_terminal_screen import assert_fits, seen

if TYPE_CHECKING:
    from corpus.document import Document
    from tests.bot.conftest import Terminal
    from tests.conftest import TinyData

LABELLED = Path(__file__).parents[2] / "data" / "summaries.jsonl"
TOPIC = "officers injured at the Brixton street party"

WRONG = {
    "format": (["zebra", "--format", "xml"], "--format must be one of text, md, json, not 'xml'"),
    "no topic": ([], "Missing argument"),
    "an empty topic": ([" "], "empty"),
    "since": (["zebra", "--since", "last week"], "--since: 'last week' is not a date such as"),
    "reversed": (["zebra", "--since", "2021", "--until", "2020"], "--since is later than --until"),
    "too few": (["zebra", "--sentences", "0"], "--sentences"),
    "too many": (["zebra", "--sentences", "21"], "--sentences"),
}


@pytest.mark.parametrize(("arguments", "complaint"), WRONG.values(), ids=WRONG.keys())
def test_wrong_input_is_one_sentence_and_2(
    tiny_terminal: Terminal, arguments: list[str], complaint: str
) -> None:
    ended = tiny_terminal("summary", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert complaint in ended.err
    assert ended.err.count("\n") == 1


def test_json_is_exact_and_both_sides_are_there(
    starter_terminal: Terminal, starter_documents: dict[str, Document]
) -> None:
    ended = starter_terminal("summary", TOPIC, "--format", "json", "--since", "2020-06")
    assert (ended.status, ended.err) == (0, "")
    value = json.loads(ended.out)
    for one in value["sentences"]:
        source = starter_documents[one["document"]]
        assert source.text[one["start"] : one["end"]] == one["text"]
        assert source.sha256 == one["sha256"]
    (found,) = value["disagreements"]
    sides = [value["sentences"][found[side]]["text"] for side in ("first", "second")]
    assert "more than 20 officers" in sides[0]
    assert "nearly 30 officers" in sides[1]
    assert (value["since"], value["undated_left_out"]) == ("2020-06-01", 1)


def test_markdown_quotes_each_sentence(
    starter_terminal: Terminal, starter_documents: dict[str, Document]
) -> None:
    ended = starter_terminal("summary", "stop and search", "--format", "md", "--sentences", "3")
    quoted = block_quotes(ended.out)
    assert 1 <= len(quoted) <= 3
    everything = "\n".join(one.text for one in starter_documents.values())
    assert all(text in everything for text in quoted)


def test_not_in_the_corpus_is_0_and_says_so(starter_terminal: Terminal) -> None:
    ended = starter_terminal("summary", "sourdough bread")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("Not in the corpus: sourdough bread\n")


@pytest.mark.parametrize("topic", [TOPIC, "Mark Rowley", "sourdough bread"])
def test_a_screen_of_80_columns_holds_it(starter_terminal: Terminal, topic: str) -> None:
    status, shown = seen(starter_terminal, "summary", topic)
    assert status == 0
    assert_fits(shown)


def test_control_characters_do_not_reach_a_screen(tiny_terminal: Terminal, tiny: TinyData) -> None:
    add_document(tiny.documents, "bell", "The zebra rang the \x1b[31m bell all night long.")
    tiny.build()
    status, shown = seen(tiny_terminal, "summary", "zebra \x07 bell", "--sentences", "1")
    assert status == 0
    assert_fits(shown)


def test_eval_compares_four_ways(starter_terminal: Terminal) -> None:
    ended = starter_terminal("eval", "--summaries", str(LABELLED), "--json")
    assert (ended.status, ended.err) == (0, "")
    values = json.loads(ended.out)
    rows = {(row["half"], row["method"]): row for row in values["methods"]}
    assert len(rows) == 8
    assert values["exact"] == 1.0
    for half in ("tuning", "held out"):
        assert rows[half, "summary"]["coverage"] > rows[half, "lexrank"]["coverage"]
        assert rows[half, "summary"]["coverage"] > rows[half, "lead"]["coverage"]
    assert rows["tuning", "summary"]["both sides"] == 1.0
    assert values["disagreements marked"] == values["of them labelled"]


def test_eval_prints_a_table(starter_terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "topics.jsonl"
    path.write_text(LABELLED.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    ended = starter_terminal("eval", "--summaries", str(path))
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.split("\n")[0].split() == [
        "half", "method", "coverage", "precision", "redundancy", "both", "sides",
    ]  # fmt: skip
    assert "best passages" in ended.out


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b'{"id": 1}', "line 1: not a labelled topic"), (b"\xff", "is not UTF-8"), (None, "read")],
)
def test_a_bad_file_of_topics_is_named(
    starter_terminal: Terminal, tmp_path: Path, content: bytes | None, complaint: str
) -> None:
    path = tmp_path / "topics.jsonl"
    if content is not None:
        path.write_bytes(content)
    ended = starter_terminal("eval", "--summaries", str(path))
    assert (ended.status, ended.out) == (2, "")
    assert complaint in ended.err
