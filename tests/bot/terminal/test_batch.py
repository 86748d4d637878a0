"""Questions in JSON Lines: an answer or an error for each, in its place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from bot.pages import json_line
from bot.terminal.batch import answer_lines
from index.types import Query
from tests.bot.test_pages import ANSWER_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.service import Service

_GOOD = '{"id": "good", "question": "Who was injured in Brixton?"}'
_BAD = {
    "{": "not JSON",
    "[1]": "not an object",
    "3": "not an object",
    "null": "not an object",
    '{"id": 1}': '"question" must be text',
    '{"id": 1, "question": 3}': '"question" must be text',
    '{"id": 1, "question": null}': '"question" must be text',
    '{"id": 1, "question": ""}': "the question is empty",
    '{"id": 1, "question": " \\n "}': "the question is empty",
    '{"id": 1, "question": "\\ud800"}': "the question is empty",
    '{"id": 1, "question": "' + "x" * 10_000 + '"}': "the most is 4,000",
    '{"id": 1, "question": "x", "since": "tomorrow"}': '"since": ',
    '{"id": 1, "question": "x", "until": 20}': '"until": ',
    '{"id": 1, "question": "x", "since": "2021", "until": "2020"}': "later than",
    '{"id": 1, "question": "\udcff"}': "not UTF-8",
    "[" * 100_000: "not JSON",
    '{"id": ' + "9" * 5_000 + "}": "not JSON",
}


def answered(service: Service, *lines: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    answer_lines(lines, Query(""), service, found.append)
    return [json.loads(json_line(value)) for value in found]


def test_bad_lines_are_told_in_their_places(service_of: Callable[[], Service]) -> None:
    lines = [line for bad in _BAD for line in (bad, _GOOD)]
    found = answered(service_of(), *lines)
    assert len(found) == len(lines)
    for number, (value, complaint) in enumerate(zip(found[::2], _BAD.values(), strict=True)):
        assert complaint in value["error"], lines[2 * number]
        assert value["error"].startswith(f"line {2 * number + 1}: ")
        assert value["schema"] == 1
        assert [*value] == ["schema", "id", "error"]
    for value in found[1::2]:
        jsonschema.validate(value, ANSWER_SCHEMA)
        assert value["id"] == "good"


@pytest.mark.parametrize("identity", [1, "a", None, [1, {"b": 2}], 1.5, "half \ud800"])
def test_an_id_comes_back_as_it_was(service_of: Callable[[], Service], identity: object) -> None:
    line = json.dumps({"id": identity, "question": "Who?"})
    (value,) = answered(service_of(), line)
    assert value["id"] == identity


def test_blank_lines_are_no_questions(service_of: Callable[[], Service]) -> None:
    assert len(answered(service_of(), "\n", _GOOD + "\n", "  \n")) == 1


def test_a_line_may_filter(service_of: Callable[[], Service]) -> None:
    service = service_of()
    plain, dated, published = answered(
        service,
        '{"question": "Who was injured?"}',
        '{"question": "Who was injured?", "since": "2020", "until": "2020-12"}',
        '{"question": "Who was injured?", "publisher": "Metropolitan Police Service"}',
    )
    assert {e["document"] for e in plain["excerpts"]} > {e["document"] for e in dated["excerpts"]}
    assert {e["published"] for e in dated["excerpts"]} == {"2020-06-26"}
    assert dated["undated_left_out"] == 1
    assert {e["publisher"] for e in published["excerpts"]} == {"Metropolitan Police Service"}
