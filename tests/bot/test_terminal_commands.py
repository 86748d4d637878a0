"""The commands about documents, the index and its quality."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.bot.conftest import add_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bot.conftest import Terminal
    from tests.conftest import TinyData

_QUESTIONS = Path(__file__).parents[1] / "data" / "questions.jsonl"


def test_without_a_command_there_is_help(terminal: Terminal) -> None:
    for arguments in ((), ("corpus",), ("index",)):
        ended = terminal(*arguments)
        assert ended.status == 2
        assert "Usage: " in ended.out
        assert ended.err == ""


@pytest.mark.parametrize(
    "command",
    ["ask", "corpus list", "corpus show", "corpus check", "corpus add", "corpus correct",
     "corpus retract", "corpus erase", "corpus sync", "backup", "restore", "index build",
     "index status", "index verify", "eval", "serve"],
)  # fmt: skip
def test_help_shows_an_example(terminal: Terminal, command: str) -> None:
    ended = terminal(*command.split(), "--help")
    assert ended.status == 0
    assert "Example:" in ended.out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("answer",), "No such command 'answer'"),
        (("corpus", "burn"), "No such command 'burn'"),
        (("--colour",), "No such option: --colour"),
        (("corpus", "show"), "Missing argument 'DOCUMENT_ID'"),
        (("corpus", "show", "nothing"), "no document 'nothing'"),
        (("corpus", "show", "../../etc/passwd"), "no document '../../etc/passwd'"),
        (("eval",), "Missing argument 'FILE'"),
        (("eval", "/nowhere"), "/nowhere cannot be read (No such file or directory)"),
        (("eval", "/"), "/ cannot be read (Is a directory)"),
        (("--config", "/nowhere", "corpus", "list"), "/nowhere cannot be read"),
        (("--config",), "--config"),
    ],
)
def test_a_wrong_command_is_one_sentence_and_2(
    starter_terminal: Terminal, arguments: tuple[str, ...], complaint: str
) -> None:
    ended = starter_terminal(*arguments)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith("metquote: ")
    assert complaint.lower() in ended.err.lower()
    assert ended.err.count("\n") == 1


def test_a_bad_setting_is_told_by_every_command(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[answer]\nanswred_at = 1\n")
    for command in (("ask", "x"), ("corpus", "list"), ("index", "status"), ("serve",)):
        ended = terminal("--config", str(file), *command)
        assert ended.status == 2
        assert "unknown key 'answred_at'" in ended.err
    ended = terminal("ask", "x", METQUOTE_ANSWER_ANSWERED_AT="surely")
    assert (ended.status, "must be a number" in ended.err) == (2, True)


def test_malformed_documents_are_named_and_the_others_work(
    tiny_terminal: Terminal, tiny: TinyData
) -> None:
    assert tiny_terminal("corpus", "check").status == 0
    (tiny.documents / "bare.md").write_text("no front matter")
    (tiny.documents / "latin.md").write_bytes(b"---\nkind: news\n---\n\xa3")
    add_document(tiny.documents, "dated", "Text.", "kind: news\npublished: yesterday")
    checked = tiny_terminal("corpus", "check")
    assert checked.status == 2
    assert checked.out.endswith(
        "4 documents stand, 0 versions withdrawn, 0 lines of the journal; 3 problems\n"
    )
    for name in ("bare: ", "latin: ", "dated: "):
        assert f"metquote: {name}" in checked.err
    asked = tiny_terminal("ask", "Who was injured?")
    assert asked.status == 0
    assert "left out bare" in asked.err
    assert "[1]" in asked.out
    assert tiny_terminal("corpus", "show", "bare").status == 2


def test_without_documents_nothing_is_built(tiny_terminal: Terminal, tiny: TinyData) -> None:
    for path in tiny.documents.glob("*.md"):
        path.unlink()
    ended = tiny_terminal("index", "build")
    assert ended.status == 2
    assert "no document" in ended.err
    ended = tiny_terminal("ask", "x", METQUOTE_PATHS_DOCUMENTS=str(tiny.documents / "none"))
    assert ended.status == 1
    assert "cannot be read" in ended.err


def test_the_index_tells_its_state(tiny_terminal: Terminal, tiny: TinyData) -> None:
    def state() -> dict[str, Any]:
        ended = tiny_terminal("index", "status", "--json")
        assert ended.status == 0
        value: dict[str, Any] = json.loads(ended.out)
        return value

    assert state()["state"] == "current"
    add_document(tiny.documents, "zebra", "A zebra.")
    assert state()["state"] == "out of date"
    built = tiny_terminal("index", "build")
    assert built.out.startswith("built index ")
    assert tiny_terminal("index", "build").out.startswith("up to date: index ")
    assert (state()["documents"], state()["index"]) == (5, tiny.store.current())
    assert "state      current" in tiny_terminal("index", "status").out
    (tiny.data / "current").unlink()
    assert state()["index"] is None
    assert "there is no index yet" in tiny_terminal("index", "status").out


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0x10
    path.unlink()
    path.write_bytes(content)


def cut(path: Path) -> None:
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[: len(content) // 2])


def foreign(path: Path) -> None:
    manifest = path.parent / "manifest.json"
    text = manifest.read_text("utf-8").replace('"schema": ', '"schema": 9')
    manifest.unlink()
    manifest.write_text(text, "utf-8")


@pytest.mark.parametrize("spoil", [flip, cut, foreign, Path.unlink])
def test_a_spoiled_index_is_told_then_built_again(
    tiny_terminal: Terminal, tiny: TinyData, spoil: Callable[[Path], None]
) -> None:
    good = tiny_terminal("ask", "Who was injured?", "--json").out
    spoil(tiny.snapshot / "catalogue.sqlite")
    verified = tiny_terminal("index", "verify")
    assert verified.status == 1
    assert "run 'metquote index build'" in verified.err
    assert "metquote index build" in tiny_terminal("index", "status").out
    asked = tiny_terminal("ask", "Who was injured?", "--json")
    assert (asked.status, asked.out) == (0, good)
    assert tiny_terminal("index", "verify").out.startswith("index ")


def test_a_missing_index_is_told_by_verify(tiny_terminal: Terminal, tiny: TinyData) -> None:
    (tiny.data / "current").unlink()
    ended = tiny_terminal("index", "verify")
    assert (ended.status, ended.out) == (1, "")
    assert "there is no index yet" in ended.err


def test_a_model_that_is_nowhere_is_told(
    tiny_terminal: Terminal, tmp_path: Path, tiny: TinyData
) -> None:
    tiny_terminal.monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    tiny_terminal.monkeypatch.setenv("METQUOTE_PATHS_DATA", str(tmp_path / "fresh"))
    ended = tiny_terminal("ask", "x", METQUOTE_ENCODER_MODEL="no-such-model-of-ours")
    assert ended.status == 2
    assert "set encoder.model in config.toml" in ended.err
    assert ended.err.count("\n") == 1
    assert tiny.store.current()


@pytest.mark.parametrize("name", ["no-such-model-of-ours", "empty"])
def test_a_cross_encoder_that_is_none_is_one_sentence(
    tiny_terminal: Terminal, tmp_path: Path, tiny: TinyData, name: str
) -> None:
    before = tiny.store.current()
    (tmp_path / "empty").mkdir()
    tiny_terminal.monkeypatch.chdir(tmp_path)
    tiny_terminal.monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    ended = tiny_terminal("index", "build", METQUOTE_ENCODER_RERANKER=name)
    assert (ended.status, ended.out) == (2, "")
    *stages, last = ended.err.splitlines()
    assert "encoder.reranker" in last
    assert not any("encoder.reranker" in stage for stage in stages)
    assert tiny.store.current() == before


def test_an_evaluation_is_a_json_of_measures(starter_terminal: Terminal, tmp_path: Path) -> None:
    lines = _QUESTIONS.read_text("utf-8").splitlines()
    chosen = [*lines[:15], *[line for line in lines if '"answerable": false' in line][-10:]]
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(chosen), "utf-8")
    ended = starter_terminal("eval", str(file), "--json")
    assert (ended.status, ended.err) == (0, "")
    value = json.loads(ended.out)
    assert (value["schema"], value["questions"], value["exact"]) == (1, 25, 1.0)
    for measure in ("hit@1", "hit@3", "hit@5", "mrr", "ndcg@10", "calibration error"):
        assert 0 <= value[measure] <= 1
    plain = starter_terminal("eval", str(file)).out
    assert "\x1b" not in plain
    assert "worst misses" in plain
    assert set(value["halves"]) <= {"all", "develop", "held out"}
    assert sum(row["n"] for row in value["reliability"]) == 25
    assert len(value["reliability"]) == 10
    assert {"answerable", "out-of-domain"} <= {row["questions"] for row in value["outcomes"]}
    assert "ablation" not in value


def test_an_evaluation_tells_what_each_ingredient_is_worth(
    starter_terminal: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(_QUESTIONS.read_text("utf-8").splitlines()[:2]), "utf-8")
    rows = json.loads(starter_terminal("eval", str(file), "--ablate", "--json").out)["ablation"]
    assert rows[0]["name"] == "nothing"
    assert {"dense", "lexical", "spelling", "thesaurus", "dates", "speaker"} <= {
        row["name"] for row in rows
    }
    assert all(0 <= row["first"] <= row["third"] <= 1 for row in rows)
    assert "thesaurus" in starter_terminal("eval", str(file), "--ablate").out


def test_an_evaluation_is_kept_by_the_name_of_the_commit(
    starter_terminal: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(_QUESTIONS.read_text("utf-8").splitlines()[0], "utf-8")
    starter_terminal.monkeypatch.chdir(tmp_path)
    ended = starter_terminal("eval", str(file), "--save")
    assert (ended.status, ended.out) == (2, "")
    assert "leave out --save" in ended.err

    def git(*arguments: str) -> str:
        named = ("-c", "user.name=a", "-c", "user.email=a@b")
        done = subprocess.run(
            ("git", *named, *arguments), cwd=tmp_path, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    git("init", "--quiet")
    git("add", file.name)
    git("commit", "--quiet", "--message", "questions")
    commit = git("rev-parse", "--short=12", "HEAD")
    assert starter_terminal("eval", str(file), "--save").status == 0
    kept = tmp_path / "benchmarks" / "results" / f"{commit}.json"
    assert json.loads(kept.read_text("utf-8"))["questions"] == 1
    file.write_text(file.read_text("utf-8") + "\n", "utf-8")
    assert f"{commit}-changed.json" in starter_terminal("eval", str(file), "--save").out


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"{}", b"not JSON", b"\xff", b'{"id": 1, "question": 3, "gold": 4}']
)
def test_a_file_of_no_questions_is_refused(
    starter_terminal: Terminal, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_bytes(content)
    ended = starter_terminal("eval", str(file))
    assert (ended.status, ended.out) == (2, "")
    assert "questions.jsonl" in ended.err
