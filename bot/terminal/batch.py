"""JSON Lines in, JSON Lines out, one for one."""

from __future__ import annotations

import json
import re
import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from bot.pages import SCHEMA, answer_json
from corpus.document import PartialDate
from corpus.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

    from bot.service import Service
    from index.types import Query

# What `surrogateescape` makes of a byte that is no UTF-8.
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_TEXT_KEYS = ("speaker", "publisher")


def answer_lines(
    lines: Iterable[str], defaults: Query, service: Service, write: Callable[[dict[str, Any]], None]
) -> None:
    """Answer every line ``{"id", "question"}``; a bad line gets an error object in its place.

    A line may have its own ``since``, ``until``, ``speaker`` and ``publisher``.

    Raises:
        SnapshotError: the index cannot be used: no line could be answered.
    """

    def answered(values: dict[str, Any]) -> dict[str, Any]:
        query = _query(values, defaults)
        with service.snapshot() as snapshot:
            return answer_json(snapshot.answer(query), snapshot.document)

    each_line(lines, answered, write)


def each_line(
    lines: Iterable[str],
    work: Callable[[dict[str, Any]], dict[str, Any]],
    write: Callable[[dict[str, Any]], None],
) -> None:
    """Write what ``work`` makes of each line's object, with the line's ``id``.

    Blank lines are passed over; where ``work`` raises `InputError`, or the line holds no object,
    an error object stands in its place.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        identity: object = None
        try:
            values = line_object(line)
            identity = values.get("id")
            write(work(values) | {"id": identity})
        except InputError as error:
            write({"schema": SCHEMA, "id": identity, "error": f"line {number}: {error}"})


def lines_of(batch: str) -> AbstractContextManager[TextIO]:
    """The lines of a file, or of standard input for ``-``.

    Bytes that are no UTF-8 come as lone surrogates, so that they are told of their own line.

    Raises:
        InputError: the file cannot be read.
    """
    if batch == "-":
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="surrogateescape")  # type: ignore[union-attr]
        return nullcontext(sys.stdin)
    try:
        return Path(batch).open(encoding="utf-8-sig", errors="surrogateescape")
    except OSError as error:
        raise InputError(f"--batch: {batch} cannot be read ({error.strerror})") from error


def line_object(line: str) -> dict[str, Any]:
    """The JSON object of a line.

    Raises:
        InputError: it is none.
    """
    if _NOT_UTF8.search(line):
        raise InputError("not UTF-8")
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError("not JSON") from error
    if not isinstance(values, dict):
        raise InputError('not an object such as {"id": 1, "question": "…"}')
    return values


def _query(values: dict[str, Any], defaults: Query) -> Query:
    question = values.get("question")
    if not isinstance(question, str):
        raise InputError('"question" must be text')
    changes: dict[str, Any] = {"text": question}
    for key in _TEXT_KEYS:
        if values.get(key) is not None:
            changes[key] = str(values[key])
    for key in ("since", "until"):
        if values.get(key) is not None:
            try:
                when = PartialDate.parse(str(values[key]))
            except ValueError as error:
                raise InputError(f'"{key}": {error}') from error
            changes[key] = when.first_day if key == "since" else when.last_day
    query = replace(defaults, **changes)
    if query.since and query.until and query.since > query.until:
        raise InputError('"since" is later than "until"; swap them')
    return query
