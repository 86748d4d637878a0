"""``metquote extract``: the quotations of any text, by the contract of the design's section 6."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.terminal.extraction import extract_lines, extracted
from tests.bot.discord_syntax import HOSTILE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.conftest import Terminal

_TEXT = {"type": "string"}
_MAYBE_TEXT = {"type": ["string", "null"]}
_PLACE = {"type": "integer", "minimum": 0}
_MAYBE_PLACE = {"type": ["integer", "null"], "minimum": 0}
QUOTE = {
    "start": _PLACE,
    "end": _PLACE,
    "text": _TEXT | {"minLength": 1},
    "kind": {"enum": ["direct", "partial", "term"]},
    "group": {"type": ["integer", "null"], "minimum": 1},
    "speaker": _MAYBE_TEXT,
    "role": _MAYBE_TEXT,
    "organisation": _MAYBE_TEXT,
    "speaker_mention": _MAYBE_TEXT,
    "speaker_start": _MAYBE_PLACE,
    "speaker_end": _MAYBE_PLACE,
    "cue": _MAYBE_TEXT,
    "confidence": {"type": "number", "minimum": 0, "maximum": 1},
}
LINE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["schema", "id", "quotes"],
    "properties": {
        "schema": {"const": 1},
        "id": {},
        "quotes": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": list(QUOTE),
                "properties": QUOTE,
            },
        },
    },
}
PARAGRAPHS = (
    "Cressida Dick, the Commissioner, said: “It began early.\n\n“It ended late.”\n\n"
    "“We thank everybody,” Ms Dick said, “and we mean it.”\n\nShe called it “a hard night”."
)


def checked(text: str, identity: object = None) -> list[dict[str, Any]]:
    """The quotes of a text, held against the contract."""
    value = json.loads(json.dumps(extracted(text, identity)))
    jsonschema.validate(value, LINE)
    assert value["id"] == identity
    for quote in value["quotes"]:
        assert quote["text"] == text[quote["start"] : quote["end"]]
        if quote["speaker_mention"] is None:
            assert quote["speaker_start"] is quote["speaker_end"] is None
        else:
            mention = text[quote["speaker_start"] : quote["speaker_end"]]
            assert quote["speaker_mention"] == mention
        assert quote["cue"] is None or quote["cue"] in text
    quotes: list[dict[str, Any]] = value["quotes"]
    return quotes


def test_a_quotation_says_everything_of_the_contract() -> None:
    text = "Commander Bas Javid said: “We saw it.”"
    (quote,) = checked(text, {"any": ["id"]})
    confidence = quote.pop("confidence")
    assert confidence > 0.5
    assert quote == {
        "start": 27, "end": 37, "text": "We saw it.", "kind": "direct", "group": None,
        "speaker": "Bas Javid", "role": "Commander", "organisation": None,
        "speaker_mention": text[:19], "speaker_start": 0, "speaker_end": 19, "cue": "said",
    }  # fmt: skip


def test_spans_of_one_utterance_share_a_group() -> None:
    quotes = checked(PARAGRAPHS)
    assert [(quote["group"], quote["text"]) for quote in quotes] == [
        (1, "It began early."),
        (1, "It ended late."),
        (2, "We thank everybody,"),
        (2, "and we mean it."),
        (None, "a hard night"),
    ]
    assert {quote["speaker"] for quote in quotes} == {"Cressida Dick"}


def test_groups_begin_anew_in_every_text() -> None:
    lines: list[dict[str, Any]] = []
    given_ = [json.dumps({"id": at, "text": PARAGRAPHS}) for at in range(2)]
    extract_lines(given_, lines.append)
    assert [[quote["group"] for quote in line["quotes"]] for line in lines] == [
        [1, 1, 2, 2, None]
    ] * 2


def test_offsets_count_every_character_of_windows_line_ends() -> None:
    text = PARAGRAPHS.replace("\n", "\r\n")
    same = [(q["group"], q["text"], q["speaker"], q["kind"]) for q in checked(PARAGRAPHS)]
    assert [(q["group"], q["text"], q["speaker"], q["kind"]) for q in checked(text)] == same


@pytest.mark.parametrize("text", ["", "\n", "“", "”" * 9, "No words of anybody.", "\ud800“x y z”"])
def test_a_text_of_no_words_has_none_and_breaks_nothing(text: str) -> None:
    value = extracted(text, None)
    jsonschema.validate(value, LINE)


@pytest.mark.parametrize("text", HOSTILE.values())
def test_hostile_words_are_words(text: str) -> None:
    quotes = checked(f"Sir Mark Rowley said: “{text} Indeed so.”")
    assert any("Indeed so." in quote["text"] for quote in quotes)


@given(
    st.lists(
        st.sampled_from(
            [*"“”\"'‘’ \n\r", "\n\n", "\r\n", "Ms Dick said: ", "He added. ", "the 🚔 ran"]
        )
        | st.text(max_size=8),
        max_size=30,
    ).map("".join)
)
def test_every_span_slices_to_its_text(text: str) -> None:
    quotes = checked(text)
    starts = [quote["start"] for quote in quotes]
    assert len(set(starts)) == len(starts)
    groups = [quote["group"] for quote in quotes if quote["group"]]
    assert sorted(set(groups)) == list(range(1, len(set(groups)) + 1))
    assert all(groups.count(group) > 1 for group in groups)


_LINES = (
    b'\xef\xbb\xbf{"id": 1, "text": "Ms Dick said: \\"It is so.\\""}\r\n'
    b"{not json\n"
    b"\n"
    b"[1]\n"
    b'{"id": "two"}\n'
    b'{"id": 3, "text": 7}\n'
    b'{"id": 4, "text": "\xff"}\n'
    b'{"text": "Nobody spoke."}\n'
    b'{"id": [5], "text": "\\ud800 Ms Dick said: \\"Half.\\"", "more": true}'
)


@pytest.mark.parametrize("named", [True, False])
def test_a_batch_answers_every_line_in_its_place(
    terminal: Terminal, tmp_path: Path, *, named: bool
) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_bytes(_LINES)
    if named:
        ended = terminal("extract", "--batch", str(file))
    else:
        with file.open(encoding="utf-8") as stream:
            terminal.monkeypatch.setattr("sys.stdin", stream)
            ended = terminal("extract", "--batch", "-")
    assert (ended.status, ended.err) == (0, "")
    lines = [json.loads(line) for line in ended.out.splitlines()]
    assert [line["id"] for line in lines] == [1, None, None, "two", 3, None, None, [5]]
    errors = [line.get("error") for line in lines]
    assert errors[1] == "line 2: not JSON"
    assert str(errors[2]).startswith("line 4: not an object such as")
    assert errors[3:6] == [
        'line 5: "text" must be text', 'line 6: "text" must be text', "line 7: not UTF-8"
    ]  # fmt: skip
    for at in (0, 6, 7):
        jsonschema.validate(lines[at], LINE)
    assert [quote["text"] for quote in lines[0]["quotes"]] == ["It is so."]
    assert [quote["text"] for quote in lines[7]["quotes"]] == ["Half."]
    assert {*lines[1]} == {"schema", "id", "error"}


def test_an_empty_batch_is_no_line(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "none").write_bytes(b"")
    ended = terminal("extract", "--batch", str(tmp_path / "none"))
    assert (ended.status, ended.out, ended.err) == (0, "", "")


def test_files_get_a_line_each_with_their_names(terminal: Terminal, tmp_path: Path) -> None:
    texts = {"plain.txt": PARAGRAPHS, "windows.txt": PARAGRAPHS.replace("\n", "\r\n"), "empty": ""}
    for name, text in texts.items():
        (tmp_path / name).write_bytes(text.encode("utf-8"))
    names = [str(tmp_path / name) for name in texts]
    ended = terminal("extract", *names)
    assert (ended.status, ended.err) == (0, "")
    lines = [json.loads(line) for line in ended.out.splitlines()]
    assert [line["id"] for line in lines] == names
    for line, text in zip(lines, texts.values(), strict=True):
        jsonschema.validate(line, LINE)
        assert line["quotes"] == checked(text)


def test_standard_input_is_a_text(terminal: Terminal) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(PARAGRAPHS.encode("utf-8")), encoding="ascii")
    terminal.monkeypatch.setattr("sys.stdin", stdin)
    ended = terminal("extract", "-")
    assert ended.status == 0
    value = json.loads(ended.out)
    assert (value["id"], value["quotes"]) == ("-", checked(PARAGRAPHS))


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "give files of text, or --batch FILE"),
        (["a", "--batch", "b"], "give files of text, or --batch FILE"),
        (["/nowhere/at/all"], "/nowhere/at/all cannot be read (No such file or directory)"),
        (["/"], "/ cannot be read (Is a directory)"),
        (["--batch", "/nowhere/at/all"], "--batch: /nowhere/at/all cannot be read"),
        (["--colour"], "No such option: --colour"),
    ],
)
def test_wrong_input_is_one_sentence_and_2(
    terminal: Terminal, arguments: list[str], complaint: str
) -> None:
    ended = terminal("extract", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith("metquote: ")
    assert complaint in ended.err
    assert ended.err.count("\n") == 1


def test_a_file_that_is_no_utf8_names_the_byte(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes("Caf\xe9".encode("latin-1"))
    ended = terminal("extract", str(tmp_path / "latin.txt"))
    assert (ended.status, ended.out) == (2, "")
    assert "latin.txt: byte 3 is not UTF-8; save it as UTF-8" in ended.err


def test_megabytes_are_read_without_trouble(terminal: Terminal, tmp_path: Path) -> None:
    """No extractor that is quadratic in anything ends before the timeout of the tests."""
    prose = "It rained over the river, and nobody came that way before noon. " * 40
    one = f"Ms Dick said: “We saw 7 of them.” {prose}\n\n"
    text = one * (5_000_000 // len(one.encode("utf-8")))
    file = tmp_path / "large.txt"
    file.write_text(text, "utf-8")
    ended = terminal("extract", str(file))
    assert (ended.status, ended.err) == (0, "")
    quotes = json.loads(ended.out)["quotes"]
    assert len(quotes) == text.count("“")
    assert {text[quote["start"] : quote["end"]] for quote in quotes} == {"We saw 7 of them."}
