"""Pages and feeds of a publisher on loopback: what becomes of them at the terminal."""

from __future__ import annotations

import gzip
import json
import threading
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from bot.curation.fetching import lists_pages
from corpus.library import Library
from tests.bot.test_terminal_screen import assert_fits, seen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.bot.conftest import Terminal
    from tests.conftest import TinyData

_PARAGRAPHS = (
    (
        "Officers are appealing for witnesses after {what} was seen in {place} on Thursday night, "
        "when many people were on their way home from the market there."
    ),
    (
        "Chief Inspector Ann Smith said: “Nobody was hurt, and {what} is safe and well. I thank "
        "all those who helped my officers in {place} that night.”"
    ),
    (
        "Anyone who saw it, or who has film of it, is asked to call 101 with the number of the "
        "case, "
        "or Crimestoppers, who take every call without asking for a name."
    ),
)


def page(what: str, place: str, more: str = "") -> str:
    body = "".join(f"<p>{one.format(what=what, place=place)}</p>" for one in _PARAGRAPHS)
    return (
        f"<!doctype html><html lang=en><head><title>Appeal after {what} was seen in {place}</title>"
        f"<meta charset=utf-8></head><body><main><article><h1>Appeal after {what} was seen in "
        f"{place}</h1>{body}{more}</article></main></body></html>"
    )


class Publisher:
    """Pages by path, and which were asked for."""

    def __init__(self, port: int) -> None:
        self.at = f"http://127.0.0.1:{port}"
        self.pages: dict[str, tuple[str, str]] = {}
        self.asked: list[str] = []

    def put(self, path: str, content: str, media_type: str = "text/html; charset=utf-8") -> str:
        self.pages[path] = (content, media_type)
        return f"{self.at}{path}"

    def feed(self, path: str, *items: str, date: str = "Fri, 26 Jun 2020 22:30:00 GMT") -> str:
        listed = "".join(
            f"<item><title>T</title><link>{one}</link><guid>{one}</guid><pubDate>{date}</pubDate>"
            "</item>"
            for one in items
        )
        content = f'<?xml version="1.0"?><rss version="2.0"><channel>{listed}</channel></rss>'
        return self.put(path, content, "application/rss+xml")


@contextmanager
def serving() -> Iterator[Publisher]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            content, media_type = found.pages.get(self.path, ("", ""))
            body = content.encode()
            self.send_response(200 if content else 404)
            self.send_header("Content-Type", media_type or "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found = Publisher(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with serving() as found:
        yield found


@pytest.fixture
def web_terminal(tiny_terminal: Terminal) -> Terminal:
    """``metquote`` that may fetch from this machine, without pauses."""
    tiny_terminal.monkeypatch.setenv("METQUOTE_FETCH_LOOPBACK", "true")
    tiny_terminal.monkeypatch.setenv("METQUOTE_FETCH_PAUSE_SECONDS", "0")
    return tiny_terminal


def configured(folder: Path, *feeds: str) -> str:
    """A settings file with these feeds."""
    file = folder / "own.toml"
    file.write_text(
        "".join(
            f'[[feeds]]\nurl = "{url}"\nname = "Feed {number}"\npublisher = "The Met"\n'
            'kind = "news"\n'
            for number, url in enumerate(feeds, 1)
        )
    )
    return str(file)


def test_a_page_becomes_a_document_with_its_address(
    web_terminal: Terminal, publisher: Publisher, tiny: TinyData
) -> None:
    url = publisher.put("/zebra", page("a zebra", "Brixton"))
    ended = web_terminal("corpus", "add", url, "--yes", "--no-index")
    assert ended.status == 0, ended.err
    library = Library(tiny.documents)
    document = library.get("appeal-after-a-zebra-was-seen-in-brixton")
    assert document.metadata.url == url
    assert document.metadata.published is None
    assert document.metadata.retrieved is not None
    assert "“Nobody was hurt, and a zebra is safe and well." in document.text
    assert library.journal.entries()[-1].source == url
    again = web_terminal("corpus", "add", url, "--yes", "--no-index")
    assert (again.status, "in the corpus already" in again.out) == (0, True)
    publisher.put("/zebra", page("a zebra", "Brixton", "<p>Update: it has a name now, Zoe.</p>"))
    updated = web_terminal("corpus", "add", url, "--yes", "--no-index")
    assert "added as the newest version of appeal-after-a-zebra-was-seen-in-brixton" in updated.out
    missing = web_terminal("corpus", "add", f"{publisher.at}/none", "--yes", "--no-index")
    assert (missing.status, "404" in missing.err) == (2, True)


def test_this_machine_is_not_fetched_from_unless_a_test_says_so(
    tiny_terminal: Terminal, publisher: Publisher
) -> None:
    url = publisher.put("/zebra", page("a zebra", "Brixton"))
    ended = tiny_terminal("corpus", "add", url, "--yes")
    assert (ended.status, "is not on the public internet" in ended.err) == (2, True)
    assert publisher.asked == []


def test_a_sync_brings_what_is_new_and_a_feed_that_breaks_does_not_stop_the_others(
    web_terminal: Terminal, publisher: Publisher, tiny: TinyData, tmp_path: Path
) -> None:
    zebra = publisher.put("/zebra", page("a zebra", "Brixton"))
    horse = publisher.put("/horse", page("a white horse", "Ealing"))
    empty = publisher.put("/empty", "<html><body></body></html>")
    feed = publisher.feed("/feed", zebra, horse, empty, f"{publisher.at}/none")
    file = configured(tmp_path, f"{publisher.at}/broken", feed)
    ended = web_terminal("--config", file, "corpus", "sync", "--yes")
    assert ended.status == 0, ended.err
    table = [line.split("\t") for line in ended.out.splitlines() if "\t" in line]
    assert table == [
        ["feed", "new", "updated", "same", "refused", "failed", "later"],
        ["Feed 1", "-", "-", "-", "-", "failed", "-"],
        ["Feed 2", "2", "0", "0", "1", "1", "0"],
    ]
    assert f"{publisher.at}/broken" in ended.err
    library = Library(tiny.documents)
    document = library.get("appeal-after-a-zebra-was-seen-in-brixton")
    assert (document.metadata.publisher, document.metadata.kind) == ("The Met", "news")
    assert str(document.metadata.published) == "2020-06-26"
    asked = json.loads(web_terminal("--config", file, "ask", "zebra", "--json").out)
    assert document.id in {one["document"] for one in asked["excerpts"]}
    publisher.asked.clear()
    again = web_terminal("--config", file, "corpus", "sync", "--yes")
    assert again.status == 0
    assert not {"/zebra", "/horse"} & set(publisher.asked)
    status, screen = seen(web_terminal, "--config", file, "corpus", "sync", "--yes")
    assert status == 0
    assert_fits(screen)


def test_a_date_that_may_be_of_the_next_day_in_london_stays_unknown(
    web_terminal: Terminal, publisher: Publisher, tiny: TinyData, tmp_path: Path
) -> None:
    zebra = publisher.put("/zebra", page("a zebra", "Brixton"))
    feed = publisher.feed("/feed", zebra, date="Fri, 26 Jun 2020 23:30:00 GMT")
    web_terminal("--config", configured(tmp_path, feed), "corpus", "sync", "--yes", "--no-index")
    document = Library(tiny.documents).get("appeal-after-a-zebra-was-seen-in-brixton")
    assert document.metadata.published is None


def test_only_where_every_feed_failed_a_sync_ends_with_1(
    web_terminal: Terminal, publisher: Publisher, tmp_path: Path
) -> None:
    file = configured(tmp_path, f"{publisher.at}/a", f"{publisher.at}/b")
    ended = web_terminal("--config", file, "corpus", "sync", "--yes")
    assert ended.status == 1
    assert ended.err.count("\n") == 2
    none = web_terminal("corpus", "sync", "--yes")
    assert (none.status, "[[feeds]]" in none.err) == (2, True)
    unasked = web_terminal("--config", file, "corpus", "sync")
    assert (unasked.status, "give --yes" in unasked.err) == (2, True)


def test_a_feed_that_is_added_brings_its_items(
    web_terminal: Terminal, publisher: Publisher, tiny: TinyData
) -> None:
    zebra = publisher.put("/zebra", page("a zebra", "Brixton"))
    horse = publisher.put("/horse", page("a white horse", "Ealing"))
    feed = publisher.feed("/feed", zebra, horse)
    ended = web_terminal(
        "corpus", "add", feed, "--yes", "--no-index", "--publisher", "The Met", "--kind", "letter"
    )
    assert ended.status == 0, ended.err
    added = [one for one in Library(tiny.documents).read().documents if one.metadata.url]
    assert {one.metadata.url for one in added} == {zebra, horse}
    assert {(one.metadata.publisher, one.metadata.kind) for one in added} == {("The Met", "letter")}


def test_what_was_erased_does_not_come_back_with_its_feed(
    web_terminal: Terminal, publisher: Publisher, tiny: TinyData, tmp_path: Path
) -> None:
    zebra = publisher.put("/zebra", page("a zebra", "Brixton"))
    file = configured(tmp_path, publisher.feed("/feed", zebra))
    web_terminal("--config", file, "corpus", "sync", "--yes", "--no-index")
    name = "appeal-after-a-zebra-was-seen-in-brixton"
    web_terminal("--config", file, "corpus", "erase", name, "--reason", "order", "--yes")
    publisher.put("/zebra", page("a zebra", "Brixton", "<p>Updated a minute ago.</p>"))
    for left in tiny.data.glob("feeds.sqlite*"):
        left.unlink()
    ended = web_terminal("--config", file, "corpus", "sync", "--yes", "--no-index")
    assert ended.status == 0
    assert f"{name}, erased on" in ended.err
    assert not [one for one in Library(tiny.documents).read().documents if one.metadata.url]


def test_a_page_that_changed_keeps_what_only_its_feed_stated(
    web_terminal: Terminal, publisher: Publisher, tiny: TinyData, tmp_path: Path
) -> None:
    zebra = publisher.put("/zebra", page("a zebra", "Brixton"))
    file = configured(tmp_path, publisher.feed("/feed", zebra))
    web_terminal("--config", file, "corpus", "sync", "--yes", "--no-index")
    library = Library(tiny.documents)
    (before,) = (one for one in library.read().documents if one.metadata.url)
    assert (before.metadata.publisher, before.metadata.kind) == ("The Met", "news")
    publisher.put("/zebra", page("a zebra", "Brixton", "<p>Updated a minute ago.</p>"))
    ended = web_terminal("corpus", "add", zebra, "--yes", "--no-index")
    assert f"added as the newest version of {before.id}" in ended.out
    after = library.get(before.id)
    assert "a minute ago" in after.text
    assert replace(after.metadata, retrieved=None) == replace(before.metadata, retrieved=None)


def test_what_a_feed_lists_beyond_what_is_read_is_said(
    web_terminal: Terminal, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.feeds.MAX_FEED_ITEMS", 1)
    pages = [publisher.put(f"/{name}", page(name, "Brixton")) for name in ("horse", "zebra")]
    feed = publisher.feed("/feed", *pages)
    ended = web_terminal("corpus", "add", feed, "--yes", "--no-index")
    assert ended.status == 0
    assert f"{feed} lists 1 more than is read of one feed" in ended.err


def test_a_gzip_file_is_read_as_a_sitemap() -> None:
    assert lists_pages(gzip.compress(b"<urlset/>"))
    assert not lists_pages(b"<html><rss")
