"""Feeds and sitemaps to the pages that they list.

The XML is read by lxml first, with nothing fetched and no entity replaced. feedparser then sees
what names, dates and addresses the items have and none of their content: it is that content which
makes reading a feed slow, and the pages are fetched anyway.
"""

from __future__ import annotations

import calendar
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urljoin

import feedparser
import lxml.html
from lxml import etree

from corpus.errors import FetchError
from corpus.guard import shown
from corpus.inflate import GZIP_MAGIC, inflated

if TYPE_CHECKING:
    from collections.abc import Iterable

# A feed's newest; the protocol's own bound for a sitemap, and a fraction of it for their index.
MAX_FEED_ITEMS = 5_000
MAX_SITEMAP_ITEMS = 50_000
MAX_SITEMAPS = 500

# A sitemap of 50,000 pages has a quarter of this; beyond it a tree no longer fits in memory.
_MAX_MARKS = 2_000_000
_MAX_INFLATED = 20_000_000
_MAX_TEXT = 2_000
_BEGINNING = 1_000

# What is wrong with these, a reader can see past: the items stand there all the same.
_HARMLESS = {"ERR_UNDECLARED_ENTITY", "ERR_INVALID_ENCODING"}
_KEPT = {
    *("title", "link", "guid", "id", "pubDate", "published", "updated", "modified", "issued"),
    *("date", "created"),
}
_ITEMS = {"item", "entry"}
_ATTRIBUTES = (
    *("href", "rel", "type", "isPermaLink", "version"),
    "{http://www.w3.org/XML/1998/namespace}base",
)


class ListingKind(StrEnum):
    """What lists pages. The items of an index are sitemaps, not pages."""

    FEED = "feed"
    SITEMAP = "sitemap"
    INDEX = "index"


@dataclass(frozen=True, slots=True)
class Item:
    """One page that a feed lists, as the feed states it.

    ``url`` is absolute and has no fragment; it is whatever the feed says and has been judged by
    nobody. Moments are in UTC; of a date alone they are its midnight. What is not stated or not
    understood is ``None``.
    """

    url: str
    title: str | None = None
    published: datetime | None = None
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed lists, in its order, each address once. ``left_out`` counts those beyond."""

    kind: ListingKind
    items: tuple[Item, ...]
    left_out: int = 0


def listing(content: bytes, url: str) -> Listing:
    """Read RSS, Atom, a sitemap or an index of sitemaps; each may be a gzip file.

    ``url`` is where it came from, which relative addresses are relative to. An item that names no
    page has nothing to fetch, and is passed over.

    Raises:
        FetchError: it is none of these, is not well formed, or declares entities.
    """
    if content.startswith(GZIP_MAGIC):
        try:
            content = inflated(content, _MAX_INFLATED)
        except FetchError as error:
            raise FetchError(f"{shown(url)}: {error}") from error
    root = _tree(content, url)
    match _name(root):
        case "urlset":
            return _listing(ListingKind.SITEMAP, _sitemap(root, "url", url), MAX_SITEMAP_ITEMS)
        case "sitemapindex":
            return _listing(ListingKind.INDEX, _sitemap(root, "sitemap", url), MAX_SITEMAPS)
        case "rss" | "RDF" | "feed":
            left_out = _prune(root)
            found = _listing(ListingKind.FEED, _feed(root, url), MAX_FEED_ITEMS)
            return Listing(found.kind, found.items, left_out)
        case name:
            raise _no_feed(content, url, f"its outermost element is {name[:40]!a}")


def _no_feed(content: bytes, url: str, reason: str) -> FetchError:
    if b"<html" in content[:_BEGINNING].lower():
        return FetchError(
            f"{shown(url)} is a web page and no feed; "
            "give the address of its RSS or Atom feed or sitemap"
        )
    return FetchError(
        f"{shown(url)} is no feed that can be read ({reason}); "
        "give the address of an RSS or Atom feed or a sitemap"
    )


def _tree(content: bytes, url: str) -> Any:  # noqa: ANN401 - lxml ships no types
    if content.count(b"<") + content.count(b"=") > _MAX_MARKS:
        raise FetchError(f"{shown(url)} holds more than a feed or sitemap may; give a smaller one")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        root = etree.fromstring(content.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _no_feed(content, url, "it is empty or no XML") from error
    if root is None:
        raise _no_feed(content, url, "it is no XML")
    internal = root.getroottree().docinfo.internalDTD
    if internal is not None and any(True for _ in internal.iterentities()):
        raise FetchError(
            f"{shown(url)} declares entities, which a feed has no use for; it is not read"
        )
    for entry in parser.error_log:
        if entry.level == etree.ErrorLevels.FATAL and entry.type_name not in _HARMLESS:
            raise _no_feed(content, url, f"its XML is broken in line {entry.line}")
    return root


def _name(element: Any) -> str:  # noqa: ANN401
    """An element's name without its namespace; a comment has none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _listing(kind: ListingKind, found: Iterable[Item], most: int) -> Listing:
    """Each address once, the first that names it counting."""
    unique: dict[str, Item] = {}
    for item in found:
        unique.setdefault(item.url, item)
    items = tuple(unique.values())
    return Listing(kind, items[:most], max(len(items) - most, 0))


def _absolute(base: str, address: str) -> str:
    """``address`` seen from ``base``; what cannot be joined is left for the guard to refuse."""
    try:
        return urldefrag(urljoin(base, address.strip())).url
    except ValueError:
        return address.strip()


def _sitemap(root: Any, wanted: str, url: str) -> Iterable[Item]:  # noqa: ANN401
    for element in root:
        if _name(element) != wanted:
            continue
        stated = {_name(child): (child.text or "").strip() for child in element}
        if stated.get("loc"):
            yield Item(_absolute(url, stated["loc"]), updated=_w3c(stated.get("lastmod", "")))


def _w3c(text: str) -> datetime | None:
    """A W3C date: a year, a month, a day, or a moment."""
    for whole in (text, f"{text}-01", f"{text}-01-01"):
        try:
            moment = datetime.fromisoformat(whole)
        except ValueError:
            continue
        try:
            return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
        except OverflowError:
            return None
    return None


def _prune(root: Any) -> int:  # noqa: ANN401
    """Take out of a feed all that is not read, and say how many items that are too many were."""
    items = [element for element in root.iter() if _name(element) in _ITEMS]
    holders = {root, *(item.getparent() for item in items)}
    for item in items[MAX_FEED_ITEMS:]:
        item.getparent().remove(item)
    for holder in holders:
        _strip(holder)
        for child in list(holder):
            if _name(child) not in _ITEMS and child not in holders:
                holder.remove(child)
    for item in items[:MAX_FEED_ITEMS]:
        _strip(item)
        for child in list(item):
            _strip(child)
            long = len(child.text or "") > _MAX_TEXT
            if _name(child) not in _KEPT or (long and _name(child) != "title"):
                item.remove(child)
            elif long:
                child.text = child.text[:_MAX_TEXT]
    return max(len(items) - MAX_FEED_ITEMS, 0)


def _strip(element: Any) -> None:  # noqa: ANN401
    kept = {name: element.attrib[name] for name in _ATTRIBUTES if name in element.attrib}
    element.attrib.clear()
    element.attrib.update(kept)


def _feed(root: Any, url: str) -> Iterable[Item]:  # noqa: ANN401
    # A stream, since feedparser takes bytes for the name of a file, and opens it.
    parsed = feedparser.parse(
        io.BytesIO(etree.tostring(root, encoding="utf-8")),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            "content-location": url,
        },
        sanitize_html=False,
    )
    for entry in parsed.entries:
        # feedparser's own look-ups take one field for another, with a warning.
        stated: dict[str, Any] = dict(entry)
        if link := str(stated.get("link") or "").strip():
            yield Item(
                _absolute(url, link),
                _title(str(stated.get("title") or "")),
                _moment(stated.get("published_parsed")),
                _moment(stated.get("updated_parsed")),
            )


def _title(stated: str) -> str | None:
    """A title as words: feeds hold them with and without markup."""
    if "<" in stated or "&" in stated:
        stated = lxml.html.fragment_fromstring(stated, create_parent=True).text_content()
    return " ".join(stated.split()) or None


def _moment(parsed: Any) -> datetime | None:  # noqa: ANN401
    """A moment from feedparser's nine numbers, which are in UTC."""
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (TypeError, ValueError, OverflowError):
        return None
