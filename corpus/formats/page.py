"""What a web page states of itself, in its tags, its structured data and its datelines.

trafilatura finds title and author; what it makes up (a name out of the address, capitals, dates
from anywhere) is held against what the page says, and left out if it does not say so.
"""

from __future__ import annotations

import json
import re
from collections import deque
from itertools import takewhile
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from trafilatura.metadata import extract_metadata

from corpus.dates import find_dateline, stated_date
from corpus.document import Metadata, PartialDate
from corpus.formats.blocks import BLOCKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml import etree

_URL = re.compile(r"https?://[^\s<>]+")
_PUBLISHERS = ("og:site_name", "dc.publisher", "dcterms.publisher", "dc:publisher", "publisher",
               "citation_publisher")  # fmt: skip
_RIGHTS = ("dcterms.rights", "dc.rights", "dcterms.license", "copyright")
_PUBLISHED = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished",
    "dcterms.issued", "dc.date.issued", "dcterms.date", "dc.date", "dcterms.created",
    "citation_publication_date", "parsely-pub-date", "sailthru.date", "pubdate", "publishdate",
    "publish-date", "publication_date", "date",
)  # fmt: skip
_ARTICLES = frozenset({"article", "newsarticle", "reportagenewsarticle", "blogposting", "report",
                       "pressrelease", "opinionnewsarticle"})  # fmt: skip
_OTHER_DATES = re.compile(r"modif|updat|edit|event|expire", re.IGNORECASE)
_ASIDE = frozenset({"aside", "nav", "footer"})
# A block with a <time> is a dateline if it has hardly any other words.
_DATELINE = 80
# Nobody's structured data is larger; nesting is bounded by Python's own parser.
_MOST_NODES = 20_000


def stated_by_page(
    tree: etree._Element, shown: Sequence[str], source: str
) -> tuple[Metadata, tuple[str, ...]]:
    """The metadata of a page, and notes on it.

    ``shown`` are its blocks, ``source`` is where it came from: an address counts as the page's
    own if it gives no other.
    """
    tags = _tags(tree)
    data = list(_objects(tree))
    found = extract_metadata(
        tree, date_config={"extensive_search": False, "max_date": "2100-01-01"}, extensive=False
    )
    said = [
        *tags.values(),
        *_names(data, "headline", "name", "author", "creator"),
        *shown,
        *(tree.xpath("//head//title/text()")),
    ]
    publisher = _first(
        [*(tags.get(key) for key in _PUBLISHERS), *(_name(one.get("publisher")) for one in data)]
    )
    published, notes = _published(tree, tags, data, shown)
    return Metadata(
        kind="other",
        title=_without_site(_as_said(found.title, said), publisher),
        published=published,
        publisher=publisher,
        author=_authors(found.author, said) or _first(_names(data, "author", "creator")),
        url=_address(tree, tags, source),
        rights=_first([*(tags.get(key) for key in _RIGHTS), _as_said(found.license, said)]),
    ), notes


def _tags(tree: etree._Element) -> dict[str, str]:
    """The page's <meta> tags; of several of one name the first that says something."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        key = element.get("property") or element.get("name") or element.get("itemprop") or ""
        value = " ".join((element.get("content") or "").split())
        if key and value:
            found.setdefault(key.strip().lower(), value)
    return found


def _objects(tree: etree._Element) -> Iterator[dict[str, Any]]:
    """The objects of the page's JSON-LD that are articles, then those with date or publisher."""
    nodes = [node for script in tree.iter("script") for node in _nodes(script)]
    articles = [node for node in nodes if _ARTICLES.intersection(_kinds(node))]
    yield from articles
    for node in nodes:
        if ("datePublished" in node or "publisher" in node) and node not in articles:
            yield node


def _nodes(script: etree._Element) -> Iterator[dict[str, Any]]:
    """Every object in a <script> of JSON-LD, the outer before the inner."""
    if "ld+json" not in (script.get("type") or "").lower() or not script.text:
        return
    try:
        waiting = deque([json.loads(script.text, strict=False)])
    except (ValueError, RecursionError):
        return
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node = waiting.popleft()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            yield node
            waiting.extend(one for one in node.values() if isinstance(one, (dict, list)))


def _kinds(node: dict[str, Any]) -> set[str]:
    kinds = node.get("@type")
    return {str(kind).lower() for kind in (kinds if isinstance(kinds, list) else [kinds])}


def _names(data: Iterable[dict[str, Any]], *keys: str) -> Iterator[str]:
    for one in data:
        for key in keys:
            value = one.get(key)
            for item in value if isinstance(value, list) else [value]:
                if name := _name(item):
                    yield name


def _name(value: object) -> str | None:
    if isinstance(value, dict):
        value = value.get("name")
    return " ".join(value.split()) if isinstance(value, str) else None


def _first(values: Iterable[str | None]) -> str | None:
    """The first that is a name: no address, no handle."""
    return next((one for one in values if one and not re.match(r"https?:|//|@", one)), None)


def _as_said(value: str | None, said: Iterable[str]) -> str | None:
    """``value`` as the page spells it; ``None`` if it does not say it."""
    words = (value or "").split()
    if not words:
        return None
    pattern = re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)
    for one in said:
        if match := pattern.search(one):
            return " ".join(match[0].split())
    return None


def _authors(found: str | None, said: Sequence[str]) -> str | None:
    names = [_as_said(one, said) for one in (found or "").split(";")]
    return "; ".join(dict.fromkeys(name for name in names if name)) or None


def _without_site(title: str | None, publisher: str | None) -> str | None:
    """A title without the site's name behind it."""
    if title is None or publisher is None:
        return title
    return re.sub(rf"\s+[|–—·-]\s+{re.escape(publisher)}$", "", title, flags=re.IGNORECASE) or title


def _address(tree: etree._Element, tags: dict[str, str], source: str) -> str | None:
    links = tree.xpath(
        "//link[contains(concat(' ', normalize-space(@rel), ' '), ' canonical ')]/@href"
    )
    base = source if _URL.fullmatch(source) else tags.get("og:url", "")
    for link in (*links, tags.get("og:url"), source):
        try:
            address = urljoin(base, (link or "").strip())
            if _URL.fullmatch(address) and urlsplit(address).hostname:
                return str(address)
        except ValueError:
            continue  # Half an IPv6 address is none.
    return None


def _published(
    tree: etree._Element, tags: dict[str, str], data: list[dict[str, Any]], shown: Sequence[str]
) -> tuple[PartialDate | None, tuple[str, ...]]:
    """The first date that is stated, of: tags, structured data, <time>, a dateline."""
    lines = [line for block in shown[_heading(tree, shown) :] for line in block.split("\n")]
    visible, notes = find_dateline(lines)
    stated = [
        *(tags.get(key) for key in _PUBLISHED),
        *(one["datePublished"] for one in data if isinstance(one.get("datePublished"), str)),
        *_times(tree),
    ]
    dates = [date for one in stated if one and (date := stated_date(one))]
    if not dates:
        return visible, notes
    if (
        visible is not None
        and str(visible) not in str(dates[0])
        and str(dates[0]) not in str(visible)
    ):
        return dates[0], (
            f"states {dates[0].spoken} in its tags and shows {visible.spoken}; the first was taken",
        )
    return dates[0], ()


def _heading(tree: etree._Element, shown: Sequence[str]) -> int:
    """The number of the block with the only <h1>; 0 without one."""
    headings = list(tree.iter("h1"))
    if len(headings) != 1:
        return 0
    title = " ".join("".join(headings[0].itertext()).split())
    return next((number for number, block in enumerate(shown) if block == title), 0)


def _times(tree: etree._Element) -> Iterator[str]:
    """What <time> elements say: those marked as publication, then the first in a dateline."""
    first = None
    for element in tree.iter("time"):
        value = element.get("datetime") or "".join(element.itertext())
        marks = " ".join(filter(None, (element.get("itemprop"), element.get("class"))))
        if element.get("itemprop") == "datePublished" or element.get("pubdate") is not None:
            yield value
        elif first is None and not _OTHER_DATES.search(marks) and _in_dateline(element):
            first = value
    if first is not None:
        yield first


def _in_dateline(element: etree._Element) -> bool:
    """Whether hardly anything but the date stands in the element's block, in the main part."""
    if any(above.tag in _ASIDE for above in element.iterancestors()):
        return False
    inside = element
    while (parent := inside.getparent()) is not None and parent.tag not in BLOCKS:
        inside = parent
    before = takewhile(_is_inline, inside.itersiblings(preceding=True))
    after = takewhile(_is_inline, inside.itersiblings())
    around = [inside, *before, *after]
    words = "".join(one for part in around for one in (*part.itertext(), part.tail or ""))
    if parent is not None and inside.getprevious() is None:
        words = (parent.text or "") + words
    return len(words.strip()) <= _DATELINE and not _OTHER_DATES.search(words)


def _is_inline(element: etree._Element) -> bool:
    return element.tag not in BLOCKS
