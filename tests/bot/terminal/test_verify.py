"""``metquote verify`` as it is typed."""

from __future__ import annotations

import json
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import typer

from bot.terminal import verify as cli_verify
from corpus.errors import InputError
from tests.index.planted import planted_index, starter_quotations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpus.document import Document


ACCEPT = "We cannot accept the levels of violence"


@pytest.fixture
def command(
    tmp_path: Path, starter_documents: dict[str, Document], monkeypatch: pytest.MonkeyPatch
) -> Any:
    """The command over an index with planted quotations."""
    index = planted_index(
        tmp_path, starter_documents.values(), starter_quotations(starter_documents)
    )
    opened = SimpleNamespace(verifier=index.verifier, document=index.documents.__getitem__)

    @contextmanager
    def snapshot() -> Iterator[SimpleNamespace]:
        yield opened

    monkeypatch.setattr(cli_verify, "ready", lambda _: SimpleNamespace(snapshot=snapshot))
    app = typer.Typer()
    cli_verify.register(app)
    return lambda *arguments: app(list(arguments), standalone_mode=False)


def test_a_verdict_in_words(command: Any, capsys: pytest.CaptureFixture[str]) -> None:
    command(ACCEPT)
    assert capsys.readouterr().out.startswith("Verbatim · The source has these words.\n")


def test_a_verdict_as_json(command: Any, capsys: pytest.CaptureFixture[str]) -> None:
    command(ACCEPT, "--speaker", "Priti Patel", "--json")
    found = json.loads(capsys.readouterr().out)
    assert (found["id"], found["verdict"], found["speaker"]) == (None, "misattributed", "Bas Javid")


def test_lines(command: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "posted.jsonl"
    file.write_text(json.dumps({"id": 1, "posted": ACCEPT}) + '\n{"id": 2}\n', encoding="utf-8")
    command("--batch", str(file), "--speaker", "Bas Javid")
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["id"], first["verdict"], first["attribution"]) == (1, "verbatim", "confirmed")
    assert (second["id"], "line 2" in second["error"]) == (2, True)


@pytest.mark.parametrize("arguments", [(), (ACCEPT, "--batch", "-")])
def test_one_or_the_other(command: Any, arguments: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="give one quotation"):
        command(*arguments)


def test_no_words(command: Any) -> None:
    with pytest.raises(InputError, match="no words"):
        command("…")
