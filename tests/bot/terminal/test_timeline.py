"""``metquote timeline`` as it is typed."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import jsonschema
import pytest

from tests.bot.conftest import environment_of
from tests.bot.test_terminal_screen import assert_fits, seen
from tests.bot.test_timeline import SCHEMA
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.document import Document
    from tests.bot.conftest import Terminal

_WITHOUT_PICTURES = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"matplotlib", "PIL"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocker())
sys.argv[0] = "metquote"
from bot.cli import main
main()
"""
EFFORTS = "met-intensifies-efforts-to-tackle-violence"
BRIXTON = "extra-officers-after-brixton-street-party"


def test_a_list_in_order_of_date(
    starter_terminal: Terminal, starter_documents: dict[str, Document]
) -> None:
    ended = starter_terminal("timeline", "stop and search")
    assert (ended.status, ended.err) == (0, "")
    first, *entries = ended.out.split("\n\n")
    assert first == "stop and search: 2 documents"
    assert [entry.split(" · ")[0] for entry in entries] == ["22 January 2020", "26 June 2020"]
    for entry, name in zip(entries, (EFFORTS, BRIXTON), strict=True):
        words = entry.split("\n")[1]
        assert words in starter_documents[name].text
        assert "stop and search" in words


def test_a_date_filter_says_how_many_undated_it_left_out(starter_terminal: Terminal) -> None:
    out = starter_terminal("timeline", "violence", "--since", "2020-02", "--until", "2020").out
    assert out.startswith("violence: 1 document; 1 undated left out by the date filter\n\n26 June")


def test_json(starter_terminal: Terminal, starter_documents: dict[str, Document]) -> None:
    value = json.loads(starter_terminal("timeline", "violence", "--json").out)
    jsonschema.validate(value, SCHEMA)
    assert value["entries"][-1]["published"] is None
    for entry in value["entries"]:
        text = starter_documents[entry["document"]].text
        assert text[entry["start"] : entry["end"]] == entry["text"]


def test_a_picture_is_written(starter_terminal: Terminal, tmp_path: Path) -> None:
    ended = starter_terminal("timeline", "violence", "--picture", str(tmp_path / "a.png"))
    assert (ended.status, ended.err) == (0, "")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_nothing_on_the_topic_is_an_honest_answer(starter_terminal: Terminal) -> None:
    ended = starter_terminal("timeline", "the boiling point of mercury")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out == "the boiling point of mercury: No document\n"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((" ",), "empty"),
        (("violence", "--since", "2021", "--until", "2020"), "--since is later than --until"),
        (("violence", "--since", "last week"), "--since: 'last week' is not a date"),
        (("mercury", "--picture", "a.png"), "so there is nothing to draw"),
        (("violence", "--picture", "/nowhere/a.png"), "/nowhere/a.png cannot be written"),
        (("violence", "--limit", "41"), "--limit"),
        ((), "Missing argument 'TOPIC'"),
    ],
)
def test_wrong_input_is_one_sentence_and_2(
    starter_terminal: Terminal, arguments: tuple[str, ...], complaint: str
) -> None:
    ended = starter_terminal("timeline", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert complaint in ended.err
    assert ended.err.count("\n") == 1


def test_a_screen_shows_it_whole(starter_terminal: Terminal) -> None:
    status, shown = seen(starter_terminal, "timeline", "violence")
    assert status == 0
    assert_fits(shown)


def test_help_shows_an_example(starter_terminal: Terminal) -> None:
    assert "Example: metquote timeline" in starter_terminal("timeline", "--help").out


@pytest.mark.parametrize("command", ["ask", "timeline"])
def test_words_need_neither_matplotlib_nor_pillow(
    starter_data: Path, tmp_path: Path, command: str
) -> None:
    ended = subprocess.run(
        (sys.executable, "-c", _WITHOUT_PICTURES, command, "violence"),
        env=environment_of(starter_data, PYTHONPATH=str(ROOT)),
        cwd=tmp_path,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert b"violence" in ended.stdout
