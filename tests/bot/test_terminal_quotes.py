"""``metquote quotes`` and ``metquote verify``: piped, on a screen, in every format."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import subprocess
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from tests.bot.conftest import PROGRAM, Terminal, add_document
from tests.bot.discord_syntax import HOSTILE
from tests.bot.test_exports import RECORD, rows
from tests.bot.test_terminal_screen import _STYLE, assert_fits, seen

if TYPE_CHECKING:
    from tests.conftest import TinyData

BRIXTON = "extra-officers-after-brixton-street-party"
ACCEPT = (
    "We cannot accept the levels of violence that were directed towards our officers last night"
)
BURGLARY = (
    "Commissioner Ada Brook said: “Burglary fell by 12% this year, and it must not rise.”\n\n"
    "“They were few,” Ms Brook said, “and the nights were long.”"
)


@pytest.fixture
def ready(tiny_terminal: Terminal, tiny: TinyData) -> Terminal:
    """The program over the starter documents and one more."""
    add_document(tiny.documents, "burglary", BURGLARY, "kind: news\npublished: 2018-11")
    tiny.build()
    return tiny_terminal


def looked_up(terminal: Terminal, *arguments: str) -> list[dict[str, Any]]:
    ended = terminal("quotes", "--format", "json", *arguments)
    assert (ended.status, ended.err) == (0, "")
    values: list[dict[str, Any]] = json.loads(ended.out)
    return values


WRONG = {
    "format": (["--format", "xml"], "--format must be one of table, csv, json, jsonl, md, not"),
    "format in capitals": (["--format", "CSV"], "--format must be one of"),
    "since": (["--since", "last week"], "--since: 'last week' is not a date such as"),
    "until": (["--until", "2020-02-30"], "--until: day is out of range for month"),
    "reversed": (["--since", "2021", "--until", "2020"], "--since is later than --until"),
    "limit too low": (["--limit", "0"], "--limit"),
    "limit too high": (["--limit", "1001"], "--limit"),
    "about nothing": (["--about", " "], "empty"),
    "about too much": (["--about", "x" * 5_000], "5,000"),
    "unknown option": (["--colour"], "No such option: --colour"),
    "an argument": (["Khan"], "unexpected extra argument"),
}


@pytest.mark.parametrize(("arguments", "complaint"), WRONG.values(), ids=WRONG.keys())
def test_wrong_input_is_one_sentence_and_2(
    tiny_terminal: Terminal, arguments: list[str], complaint: str
) -> None:
    ended = tiny_terminal("quotes", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith("metquote: ")
    assert complaint in ended.err
    assert ended.err.count("\n") == 1


def test_every_quotation_is_a_slice(ready: Terminal, tiny: TinyData) -> None:
    snapshot = tiny.open()
    values = looked_up(ready, "--limit", "1000")
    dates = [value["published"] for value in values]
    dated = [date for date in dates if date]
    assert dates == [*sorted(dated, reverse=True), *[None] * (len(dates) - len(dated))]
    assert {value["document"] for value in values} == set(snapshot.catalogue.document_ids())
    for value in values:
        jsonschema.validate(value, RECORD)
        text = snapshot.document(value["document"]).text
        assert "\n\n".join(text[start:end] for start, end in value["spans"]) == value["text"]
        start, end = value["context_span"]
        assert value["context"] == text[start:end]
    snapshot.close()


def test_options_narrow_the_look_up(ready: Terminal) -> None:
    brook = looked_up(ready, "--speaker", "Ms Brook")
    assert [value["text"] for value in brook] == [
        "Burglary fell by 12% this year, and it must not rise.",
        "They were few,\n\nand the nights were long.",
    ]
    assert looked_up(ready, "--speaker", "Brook", "--since", "2018-11", "--until", "2018") == brook
    assert looked_up(ready, "--speaker", "Brook", "--limit", "1") == brook[:1]
    assert looked_up(ready, "--speaker", "Brook", "--since", "2018-12") == []
    assert looked_up(ready, "--speaker", "Brook", "--about", "burglary this year")[0] == brook[0]
    khan = looked_up(ready, "--speaker", "the mayor")
    assert {value["speaker"] for value in khan} == {"Sadiq Khan"}


def test_every_format_has_the_same_words(ready: Terminal) -> None:
    values = looked_up(ready, "--limit", "1000")
    lines = ready("quotes", "--format", "jsonl", "--limit", "1000").out.splitlines()
    assert [json.loads(line) for line in lines] == values
    sheet = ready("quotes", "--format", "csv", "--limit", "1000").out
    assert [row["quote"].removeprefix("'") for row in rows(sheet)] == [v["text"] for v in values]
    assert list(csv.reader(io.StringIO(sheet.removeprefix("\ufeff"))))
    for kind in ("md", "table"):
        shown = ready("quotes", "--format", kind, "--limit", "1000").out
        plain = shown.replace("\n>\n> ", "\n\n").replace("\n> ", "\n")
        assert all(value["text"] in plain for value in values)
        assert "\x1b" not in shown


def test_a_piped_table_is_exact_and_says_where(ready: Terminal) -> None:
    ended = ready("quotes", "--speaker", "Ada Brook")
    start = BURGLARY.index("Burglary")
    assert ended.err == ""
    assert ended.out.startswith(
        "[1]\nBurglary fell by 12% this year, and it must not rise.\n— Ada Brook, Commissioner\n"
    )
    assert f"\nburglary {start}–{start + 53}\n" in ended.out
    assert " · November 2018\n" in ended.out
    assert "\n[2]\nThey were few,\n\nand the nights were long.\n" in ended.out


@pytest.mark.parametrize(
    "arguments",
    [
        (), ("--speaker", "Ada Brook"), ("--about", "violence"), ("--limit", "1000"),
        ("--speaker", "nobody"), ("--help",),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_screen_of_80_columns_is_wide_enough(ready: Terminal, arguments: tuple[str, ...]) -> None:
    status, shown = seen(ready, "quotes", *arguments)
    assert status == 0
    assert_fits(shown)


def test_a_screen_shows_the_sentence_with_the_words_in_bold(ready: Terminal) -> None:
    _, shown = seen(ready, "quotes", "--speaker", "Ada Brook")
    plain = " ".join(_STYLE.sub("", shown).split())
    assert "Commissioner Ada Brook said: “Burglary fell by 12% this year, and it must" in plain
    assert "“They were few,” Ms Brook said, “and the nights were long.”" in plain
    assert "\x1b[1mThey were few,\x1b[0m" in shown


@pytest.mark.parametrize("kind", ["table", "csv", "json", "jsonl", "md"])
def test_nothing_found_is_0(tiny_terminal: Terminal, kind: str) -> None:
    ended = tiny_terminal("quotes", "--speaker", "Nobody Known", "--format", kind)
    assert (ended.status, ended.err) == (0, "")
    if kind == "table":
        assert ended.out == "No such quotation in the corpus.\n"


def test_words_cannot_drive_the_screen_or_a_spreadsheet(
    tiny_terminal: Terminal, tiny: TinyData
) -> None:
    words = "=1+1 \x1b[2J\x07[red]it[/nope] ran :smile:."
    front = 'kind: news\ntitle: "=cmd \\e[2J[/x]"\npublisher: "@SUM(1)"'
    add_document(tiny.documents, "zebra", f"Inspector Eve Hall said: “{words}”", front)
    status, shown = seen(tiny_terminal, "quotes", "--speaker", "Eve Hall")
    assert status == 0
    assert_fits(shown)
    assert "␛[2J" in shown
    assert f"[1]\n{words}\n" in tiny_terminal("quotes", "--speaker", "Eve Hall").out
    (row,) = rows(tiny_terminal("quotes", "--speaker", "Eve Hall", "--format", "csv").out)
    assert row["quote"] == "'" + words
    assert (row["title"][:2], row["publisher"]) == ("'=", "'@SUM(1)")
    (value,) = looked_up(tiny_terminal, "--speaker", "Eve Hall")
    assert value["text"] == words


def test_half_a_character_in_a_title_is_refused_and_the_rest_serves(
    tiny_terminal: Terminal, tiny: TinyData
) -> None:
    """No file can be written of it: UTF-8 has no such bytes."""
    add_document(tiny.documents, "half", "Ann Lee said: “We ran.”", 'kind: news\ntitle: "\\ud83d"')
    for kind in ("csv", "json", "md"):
        ended = tiny_terminal("quotes", "--format", kind)
        assert ended.status == 0
        assert "We ran." not in ended.out
    assert "title holds half a character" in tiny_terminal("corpus", "check").err


@pytest.mark.parametrize("text", HOSTILE.values())
def test_odd_options_are_answered_honestly(tiny_terminal: Terminal, text: str) -> None:
    ended = tiny_terminal("quotes", f"--speaker={text}", f"--about={text}", "--format", "jsonl")
    assert (ended.status, ended.err) == (0, "")


VERDICTS = {
    "verbatim": [ACCEPT, "--speaker", "Bas Javid"],
    "altered": [ACCEPT.replace("cannot", "can")],
    "misattributed": [ACCEPT, "--speaker", "Sadiq Khan"],
    "stitched": [ACCEPT + ". Burglary fell by 12% this year, and it must not rise."],
    "absent": ["Purple bananas juggle marmalade every single Thursday."],
}


@pytest.mark.parametrize(("verdict", "arguments"), VERDICTS.items(), ids=VERDICTS.keys())
def test_each_verdict_is_said_piped_on_a_screen_and_in_json(
    ready: Terminal, tiny: TinyData, verdict: str, arguments: list[str]
) -> None:
    ended = ready("verify", *arguments)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith(verdict.capitalize())
    assert "\x1b" not in ended.out
    status, shown = seen(ready, "verify", *arguments)
    assert status == 0
    assert_fits(shown)
    assert _STYLE.sub("", shown).startswith(verdict.capitalize())
    value = json.loads(ready("verify", "--json", *arguments).out)
    assert value["verdict"] == verdict
    snapshot = tiny.open()
    for one in value["places"]:
        text = snapshot.document(one["document"]).text
        assert [text[start:end] for start, end in one["spans"]] == one["texts"]
    assert "".join(step[1] for step in value["diff"]) == arguments[0]
    snapshot.close()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "give one quotation, or --batch FILE"),
        (["x", "--batch", "y"], "give one quotation, or --batch FILE"),
        (["?!"], "there are no words to verify"),
        ([""], "there are no words to verify"),
        (["--batch", "/nowhere/at/all"], "/nowhere/at/all cannot be read"),
        (["word", "--speaker", "x" * 5_000], "the speaker's name is longer than"),
        (["x", "y"], "unexpected extra argument"),
    ],
)
def test_a_wrong_verify_is_one_sentence_and_2(
    tiny_terminal: Terminal, arguments: list[str], complaint: str
) -> None:
    ended = tiny_terminal("verify", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert complaint in ended.err
    assert ended.err.count("\n") == 1


def test_a_real_terminal_of_80_columns(ready: Terminal, tiny_environment: dict[str, str]) -> None:
    del ready  # its index is what the process opens
    ours, its = pty.openpty()
    environment = os.environ | tiny_environment | {"COLUMNS": "80", "TERM": "xterm-256color"}
    command = [*PROGRAM, "quotes", "--speaker", "Ada Brook"]
    with subprocess.Popen(command, stdin=its, stdout=its, stderr=its, env=environment) as process:
        os.close(its)
        with open(ours, "rb", buffering=0) as stream:  # noqa: PTH123 - a descriptor
            shown = b""
            # A pseudo-terminal whose other end is closed answers with an error.
            try:
                while part := stream.read(4_096):
                    shown += part
            except OSError:
                pass
    assert process.returncode == 0
    text = shown.decode("utf-8").replace("\r\n", "\n")
    assert "Traceback" not in text
    assert_fits(text)
    assert "they were few" in text.lower()
