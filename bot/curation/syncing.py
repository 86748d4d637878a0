"""``metquote corpus sync``: what is new in the feeds becomes documents."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from bot.curation.backup import MEMORY
from bot.curation.bringing import SKETCHES, page_draft
from bot.curation.curator import curator
from bot.curation.fetching import fetcher
from bot.curation.indexing import is_behind, update_index
from bot.curation.intake import Intake, Outcome, Overrides, must_ask
from bot.terminal.console import console, print_plainly, visible
from corpus.document import PartialDate
from corpus.errors import ConfigError, InputError
from corpus.feed_memory import FeedMemory
from corpus.incoming import Reader
from corpus.politeness import Pace
from corpus.sketches import Sketches
from corpus.sync import Feed, Taken, sync

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from bot.config import Settings
    from corpus.document import Kind
    from corpus.draft import Draft
    from corpus.feeds import Item
    from corpus.fetch import Fetched
    from corpus.sync import FeedReport

# Moments in UTC are of the same day in London before this hour, in summer too.
_SAME_DAY_BEFORE_HOUR = 23
_HEADINGS = ("feed", "new", "updated", "same", "refused", "failed", "later")


def sync_feeds(settings: Settings, *, yes: bool, by: str | None, index: bool) -> bool:
    """Bring in what is new in the configured feeds; whether one of them at least could be had.

    Raises:
        ConfigError: there are none.
        InputError: nobody can be asked.
        StorageError: the corpus or the data folder cannot be written, or a sync is going on.
    """
    if not settings.feeds:
        raise ConfigError("there is no feed in config.toml; name one in a section [[feeds]]")
    must_ask(yes=yes)
    out = console()
    intake = Intake(
        curator(settings, by), Sketches(settings.data / SKETCHES), out, yes=yes, brief=yes
    )
    feeds = [
        Feed(feed.url, feed.name or None, feed.publisher or None, feed.kind)
        for feed in settings.feeds
    ]
    with Reader() as reader:
        reports = _synced(settings, feeds, Overrides(), reader, intake)
    print_reports(out, reports)
    if index and (intake.changes or is_behind(settings)):
        update_index(settings)
    return any(report.error is None for report in reports)


def add_items(
    settings: Settings, url: str, overrides: Overrides, reader: Reader, intake: Intake
) -> int:
    """Bring in the items of one feed that was named instead of a page; how much did not come.

    Raises:
        StorageError: the corpus or the data folder cannot be written, or a sync is going on.
    """
    (report,) = _synced(settings, [Feed(url)], overrides, reader, intake)
    print_reports(intake.out, [report])
    whole = (report.error, report.skipped)
    return len(report.refused) + len(report.failed) + sum(one is not None for one in whole)


def print_reports(out: Console, reports: Sequence[FeedReport]) -> None:
    """What came of each feed: a table, and on standard error why something did not come."""
    for report in reports:
        whole = (report.error, report.skipped)
        left_out = _left_out(report)
        for sentence in (*filter(None, whole), *left_out, *report.refused, *report.failed):
            print(f"metquote: {sentence}", file=sys.stderr)  # noqa: T201 - the terminal
    rows = [(report.feed.name or report.feed.url, *_counts(report)) for report in reports]
    if not out.is_terminal:
        for row in (_HEADINGS, *rows):
            print_plainly(out, "\t".join(row))
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in _HEADINGS:
        table.add_column(heading, overflow="fold", justify="left" if heading == "feed" else "right")
    for name, *counts in rows:
        table.add_row(Text(visible(name)), *counts)
    out.print(table)


def _left_out(report: FeedReport) -> tuple[str, ...]:
    if not report.left_out:
        return ()
    name = report.feed.name or report.feed.url
    sentence = (
        f"{name} lists {report.left_out:,} more than is read of one feed; add those that are "
        "wanted with 'metquote corpus add' and their address"
    )
    return (sentence,)


def _counts(report: FeedReport) -> tuple[str, ...]:
    if report.error is not None:
        return ("-", "-", "-", "-", "failed", "-")
    counted = (
        report.new, report.updated, report.same, len(report.refused), len(report.failed),
        report.waiting,
    )  # fmt: skip
    return tuple(f"{count:,}" for count in counted)


def _synced(
    settings: Settings, feeds: Sequence[Feed], overrides: Overrides, reader: Reader, intake: Intake
) -> tuple[FeedReport, ...]:
    def take(page: Fetched, feed: Feed, item: Item) -> Taken:
        draft = overrides.applied(_with_feed(page_draft(reader, page), feed, item))
        outcome = intake.take(draft)
        if outcome is Outcome.LEFT_OUT:
            raise InputError(f"{draft.source}: left out, as you said")
        return Taken(outcome.value)

    async def run() -> tuple[FeedReport, ...]:
        with FeedMemory(settings.data / MEMORY) as memory:
            for note in memory.notes:
                print(f"metquote: {note}", file=sys.stderr)  # noqa: T201 - the terminal
            async with fetcher(settings) as fetch:
                try:
                    pace = Pace(settings.fetch.pause_seconds)
                    return await sync(feeds, fetch, memory, take, pace=pace)
                finally:
                    intake.stopped.set()

    intake.stopped.clear()
    return asyncio.run(run())


def _with_feed(draft: Draft, feed: Feed, item: Item) -> Draft:
    """``draft`` with what its page does not state and its feed does."""
    stated = draft.metadata
    kind: Kind = stated.kind
    if kind == "other" and feed.kind is not None:
        kind = feed.kind  # type: ignore[assignment]  # checked in the settings
    notes = list(draft.notes)
    title, published = stated.title, stated.published
    if title is None and item.title:
        title = item.title
        notes.append("The title is the feed's; the page states none.")
    when = item.published
    if published is None and when is not None and when.hour < _SAME_DAY_BEFORE_HOUR:
        published = PartialDate(when.year, when.month, when.day)
        notes.append("The date is the feed's; the page states none.")
    metadata = replace(
        stated, kind=kind, title=title, published=published,
        publisher=stated.publisher or feed.publisher,
    )  # fmt: skip
    return replace(draft, metadata=metadata, notes=tuple(notes))
