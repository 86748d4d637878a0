"""Settings: parsed once, misspelt keys refused, the token never told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import config
from bot.settings import FeedSettings
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


def test_the_projects_own_file_shows_the_defaults(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """config.toml promises that a key left out has the value shown."""
    monkeypatch.setenv("XDG_DATA_HOME", str(here / "share"))
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
        ("[fetch]\nallowed_hosts = 'a'\n", "fetch.allowed_hosts must be a list of texts, not 'a'"),
        ("[fetch]\nallowed_hosts = ['a', 3]\n", "fetch.allowed_hosts must be a list of texts"),
        ("[fetch]\nloopback = 1\n", "fetch.loopback must be true or false, not 1"),
        ("[fetch]\nsync_minutes = -1\n", "fetch.sync_minutes must be between 0 and 10080"),
        ("[fetch]\nagent = 'x'\n", r"unknown key 'agent' in \[fetch\]"),
        ("[feeds]\nurl = 'https://a.example'\n", r"feeds must be sections, each \[\[feeds\]\]"),
        ("[[feeds]]\nname = 'a'\n", "feed 1: url must begin with http:// or https://"),
        ("[[feeds]]\nurl = 'ftp://a.example'\n", "feed 1: url must begin with http"),
        ("[[feeds]]\nurl = 3\n", "feeds.url must be text, not 3"),
        ("[[feeds]]\nurl = 'https://a.example'\nkind = 'poem'\n", "feed 1: kind must be one of"),
        ("[[feeds]]\nurl = 'https://a.example'\nlink = 'x'\n", r"unknown key 'link' in \[feeds\]"),
        ("[[feeds]]\nurl = 'https://a.example'\n" * 2, "feed 2: https://a.example stands there tw"),
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
        ("METQUOTE_FETCH_LOOPBACK", "perhaps", "FETCH_LOOPBACK must be true or false"),
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


def test_feeds_are_as_many_as_there_are_sections(here: Path) -> None:
    file = written(
        here,
        '[[feeds]]\nurl = "https://a.example/rss"\nname = "A"\npublisher = "P"\nkind = "news"\n'
        '[[feeds]]\nurl = "https://b.example/sitemap.xml"\n'
        '[fetch]\nallowed_hosts = ["met.police.uk", "gov.uk"]\nloopback = true\n',
    )
    settings = config.load(file, {"METQUOTE_FEEDS_URL": "no variable"})
    assert settings.feeds == (
        FeedSettings("https://a.example/rss", "A", "P", "news"),
        FeedSettings("https://b.example/sitemap.xml"),
    )
    assert settings.fetch.allowed_hosts == ("met.police.uk", "gov.uk")
    assert settings.fetch.loopback
    environment = {
        "METQUOTE_FETCH_ALLOWED_HOSTS": "a.example, b.example",
        "METQUOTE_FETCH_LOOPBACK": "0",
    }
    settings = config.load(file, environment)
    assert settings.fetch.allowed_hosts == ("a.example", "b.example")
    assert not settings.fetch.loopback


def test_documents_of_ones_own_are_used_once_they_are_there(here: Path) -> None:
    settings = config.load(environment={"METQUOTE_PATHS_DATA": str(here)})
    assert settings.documents == settings.packaged_documents
    settings.own_documents.mkdir(parents=True)
    assert settings.documents == here / "corpus" / "documents"
    environment = {"METQUOTE_PATHS_DATA": str(here), "METQUOTE_PATHS_DOCUMENTS": "/elsewhere"}
    assert config.load(environment=environment).documents == Path("/elsewhere")


def test_ids_are_lists_of_whole_numbers(here: Path) -> None:
    path = written(here, "[discord]\ncorpus_users = [1, 123456789012345678]\n")
    assert config.load(path, {}).discord.corpus_users == (1, 123456789012345678)
    found = config.load(path, {"METQUOTE_DISCORD_CORPUS_ROLES": " 7, 8 ,"})
    assert found.discord.corpus_roles == (7, 8)
    with pytest.raises(ConfigError, match=r"corpus_users must be a list of whole numbers"):
        config.load(written(here, '[discord]\ncorpus_users = ["1"]\n'), {})
    with pytest.raises(ConfigError, match=r"corpus_users must be a list of whole numbers"):
        config.load(written(here, "[discord]\ncorpus_users = [true]\n"), {})
    with pytest.raises(ConfigError, match=r"CORPUS_ROLES must be a list of whole numbers"):
        config.load(written(here, ""), {"METQUOTE_DISCORD_CORPUS_ROLES": "me"})


def test_the_file_that_was_read_is_known(here: Path) -> None:
    path = written(here, "[discord]\nkept_days = 3\n")
    assert config.load(path, {}).file == path
    path.unlink()
    assert config.load(environment={}).file is None
