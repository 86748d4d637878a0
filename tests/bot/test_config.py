"""Settings: parsed once, misspelt keys refused, the token never told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import config
from corpus.errors import ConfigError
from tests.conftest import ROOT

TOKEN = "MTE.s3cret-t0ken.value"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(here: Path, text: str, name: str = "config.toml") -> Path:
    path = here / name
    path.write_text(text, "utf-8")
    return path


def test_without_a_file_the_defaults_hold(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(here / "share"))
    settings = config.load(environment={})
    assert settings.data == here / "share" / "metquote"
    assert (settings.documents / "letter-to-recovery-operators-on-disorder.md").is_file()
    assert settings.encoder.model == "all-MiniLM-L6-v2"
    assert settings.discord.excerpts_per_page == 3


def test_the_projects_own_file_shows_the_defaults(here: Path) -> None:
    """config.toml promises that a key left out has the value shown."""
    shown = config.load(ROOT / "config.toml", {})
    left_out = config.load(environment={})
    assert (shown.encoder, shown.answer, shown.discord) == (
        left_out.encoder,
        left_out.answer,
        left_out.discord,
    )
    assert shown.documents.samefile(left_out.documents)
    assert shown.data == ROOT / "var" != here


def test_relative_paths_are_counted_from_the_file(here: Path) -> None:
    (here / "below").mkdir()
    file = written(here / "below", '[paths]\ndata = "d"\ndocuments = "../texts"\n', "own.toml")
    settings = config.load(file, {})
    assert settings.data == here / "below" / "d"
    assert settings.documents == here / "below" / ".." / "texts"
    assert config.load(Path("below/own.toml"), {}).data == settings.data


def test_a_home_folder_is_expanded(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(here))
    written(here, '[paths]\ndata = "~/d"\n')
    assert config.load(environment={}).data == here / "d"


def test_the_file_here_is_found_and_another_can_be_named(here: Path) -> None:
    written(here, "[discord]\nkept_days = 5\n")
    other = written(here, "[discord]\nkept_days = 6\n", "other.toml")
    assert config.load(environment={}).discord.kept_days == 5
    assert config.load(environment={"METQUOTE_CONFIG": "other.toml"}).discord.kept_days == 6
    assert config.load(other, {"METQUOTE_CONFIG": "nowhere"}).discord.kept_days == 6


def test_the_environment_wins(here: Path) -> None:
    written(here, "[answer]\nanswered_at = 0.9\n[discord]\ncooldown_seconds = 2\n")
    environment = {
        "METQUOTE_ANSWER_ANSWERED_AT": "0.75",
        "METQUOTE_PATHS_DATA": "elsewhere",
        "METQUOTE_DISCORD_EXCERPTS_PER_PAGE": "5",
        "METQUOTE_ENCODER_MODEL": "a model",
    }
    settings = config.load(environment=environment)
    assert settings.answer.answered_at == 0.75
    assert settings.data == here / "elsewhere"
    assert settings.discord.excerpts_per_page == 5
    assert settings.discord.cooldown_seconds == 2.0
    assert settings.encoder.model == "a model"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[answers]\n", r"unknown section \[answers\]; the sections are paths, encoder, answer"),
        ("answer = 3\n", r"answer must be a section, \[answer\]"),
        ("[answer]\nanswer_at = 1\n", r"unknown key 'answer_at' in \[answer\]; the keys are"),
        ("[answer]\nanswered_at = 'x'\n", "answer.answered_at must be a number, not 'x'"),
        ("[answer]\nanswered_at = true\n", "answer.answered_at must be a number, not True"),
        ("[answer]\nanswered_at = 1.5\n", "answer.answered_at must be between 0 and 1, not 1.5"),
        ("[answer]\nanswered_at = nan\n", "answer.answered_at must be between 0 and 1"),
        ("[answer]\nrelated_at = 0.9\n", "related_at must not be above answer.answered_at"),
        ("[answer]\nexcerpt_characters = 300.0\n", "must be a whole number, not 300.0"),
        ("[answer]\nexcerpt_characters = 79\n", "must be between 80 and 1500, not 79"),
        ("[discord]\nexcerpts_per_page = 6\n", "must be between 1 and 5, not 6"),
        ("[discord]\nsearches_at_once = 0\n", "must be between 1 and 64, not 0"),
        ("[discord]\ncooldown_seconds = -1\n", "must be between 0 and 3600"),
        ("[discord]\nkept_days = 0\n", "must be between 1 and 3650, not 0"),
        ("[paths]\ndata = 3\n", "paths.data must be text, not 3"),
        ('[paths]\ndata = "a\\u0000b"\n', "paths.data must not hold a NUL character"),
        ("[paths\n", "is not TOML"),
        ("", None),
    ],
)
def test_a_bad_setting_is_named(here: Path, text: str, complaint: str | None) -> None:
    file = written(here, text)
    if complaint is None:
        assert config.load(file, {}) == config.load(environment={})
        return
    with pytest.raises(ConfigError, match=complaint):
        config.load(file, {})


@pytest.mark.parametrize(
    ("variable", "value", "complaint"),
    [
        ("METQUOTE_ANSWER_ANSWERED_AT", "high", "ANSWERED_AT must be a number, not 'high'"),
        ("METQUOTE_DISCORD_KEPT_DAYS", "1.5", "KEPT_DAYS must be a whole number, not '1.5'"),
        ("METQUOTE_DISCORD_KEPT_DAYS", "0", "discord.kept_days must be between"),
        ("METQUOTE_ANSWER_ANSWERED_AT", "inf", "answer.answered_at must be between"),
    ],
)
def test_a_bad_variable_is_named(here: Path, variable: str, value: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        config.load(environment={variable: value})
    assert here.exists()


def test_a_file_that_cannot_be_read_is_named(here: Path) -> None:
    for name in ("nowhere.toml", "."):
        with pytest.raises(ConfigError, match="cannot be read"):
            config.load(here / name, {})
    (here / "latin.toml").write_bytes(b"# \xa3")
    with pytest.raises(ConfigError, match="is not TOML"):
        config.load(here / "latin.toml", {})


def test_a_home_folder_of_nobody_is_told(here: Path) -> None:
    written(here, '[paths]\ndata = "~nobody-of-this-name/d"\n')
    with pytest.raises(ConfigError, match="has a home folder here"):
        _ = config.load(environment={}).data


def test_the_token_comes_from_the_environment_before_the_file(here: Path) -> None:
    written(here, f"{TOKEN}\n", "token")
    settings = config.load(written(here, '[discord]\ntoken_file = "token"\n'), {})
    assert config.token(settings, {}) == TOKEN
    assert config.token(settings, {"METQUOTE_DISCORD_TOKEN": " other "}) == "other"
    assert config.token(settings, {"METQUOTE_DISCORD_TOKEN": " "}) == TOKEN


def test_without_a_token_it_is_told_how_to_get_one(here: Path) -> None:
    settings = config.load(environment={})
    with pytest.raises(ConfigError, match=r"https://discord\.com/developers/applications"):
        config.token(settings, {})
    written(here, "\n", "token")
    settings = config.load(written(here, '[discord]\ntoken_file = "token"\n'), {})
    with pytest.raises(ConfigError, match="no Discord token"):
        config.token(settings, {})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (TOKEN, None),  # the token itself, put where its file's name belongs
        ("token", f"{TOKEN}\n{TOKEN}".encode()),
        ("token", TOKEN.encode("utf-16")),
        ("token", f"Bot {TOKEN}".encode()),
    ],
)
def test_a_token_is_in_no_message(here: Path, name: str, content: bytes | None) -> None:
    if content is not None:
        (here / name).write_bytes(content)
    settings = config.load(written(here, f'[discord]\ntoken_file = "{name}"\n'), {})
    with pytest.raises(ConfigError) as raised:
        config.token(settings, {})
    assert TOKEN not in str(raised.value)
    assert TOKEN not in repr(settings.paths)
