"""How fast web pages are read in the child that reads what comes in, without encoding.

    python benchmarks/importing.py [--pages N] [--rounds N]

Makes pages in the shape of news sites: menus, a cookie notice, an article of a dozen paragraphs,
related links, comments. Prints pages a minute, milliseconds a page, and the child's memory.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from corpus.incoming import Reader

_SEED = 1829
_PARAGRAPHS = 12
_WORDS = (
    "officers police London patrol borough arrest commander witness statement street night weapon "
    "community search vehicle investigation detective charge court inquiry violence operation"
).split()
_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>{title} | The Courier</title><meta property="og:title" content="{title}">
<meta property="og:site_name" content="The Courier"><meta name="author" content="Ann Lee">
<link rel="canonical" href="https://courier.example/{number}">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{title}",
"datePublished": "2020-06-26T10:00:00+01:00", "author": {{"name": "Ann Lee"}}}}</script></head>
<body><div class="cookie-banner"><p>We value your privacy.</p></div><nav><ul>{menu}</ul></nav>
<main><article><h1>{title}</h1><p class="byline">By Ann Lee</p>{body}</article></main>
<aside class="related"><ul>{menu}</ul></aside><section class="comments">{comments}</section>
<footer><ul>{menu}</ul><p>© The Courier</p></footer></body></html>"""


def page(number: int) -> bytes:
    """An article of some 4,000 characters with what stands around one."""
    chance = random.Random(f"{_SEED} {number}")  # noqa: S311 - no secret

    def sentence() -> str:
        return " ".join(chance.choices(_WORDS, k=chance.randint(8, 20))).capitalize() + "."

    def paragraph() -> str:
        said = f"Commander Lee said: “{sentence()}” " if chance.random() < 1 / 3 else ""
        return f"<p>{said}{sentence()} <a href='/x'>{sentence()}</a> {sentence()}</p>"

    return _PAGE.format(
        number=number,
        title=sentence().rstrip("."),
        menu="".join(f"<li><a href='/{word}'>{word}</a></li>" for word in _WORDS),
        body="".join(paragraph() for _ in range(_PARAGRAPHS)),
        comments="".join(f"<p>{sentence()}</p>" for _ in range(5)),
    ).encode()


def seconds(pages: list[bytes]) -> tuple[list[float], float]:
    """Seconds for each page in one new child, its start included; and its MiB at most."""
    found = []
    with Reader() as reader:
        for number, content in enumerate(pages):
            began = time.perf_counter()
            draft = reader.read(f"{number}.html", content)
            found.append(time.perf_counter() - began)
            if draft.text.count("\n\n") < _PARAGRAPHS - 1:
                raise AssertionError(f"page {number} was not read whole")
        return found, held(reader.child or 0)


def held(process: int) -> float:
    """MiB of memory that a process held at most (VmHWM)."""
    for line in Path(f"/proc/{process}/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(process)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    pages = [page(number) for number in range(given.pages)]
    rounds = [seconds(pages) for _ in range(given.rounds)]
    each = [one for found, _ in rounds for one in found]
    minute = [60 * len(found) / sum(found) for found, _ in rounds]
    table = Table("what", "metquote", box=None, padding=(0, 2, 0, 0))
    table.add_row("pages", f"{given.pages}")
    table.add_row("KiB a page", f"{sum(map(len, pages)) / len(pages) / 1024:.1f}")
    table.add_row("pages a minute, median of rounds", f"{statistics.median(minute):,.0f}")
    table.add_row("pages a minute, slowest round", f"{min(minute):,.0f}")
    table.add_row("a page p50, ms", f"{statistics.median(each) * 1e3:.1f}")
    table.add_row("a page p99, ms", f"{statistics.quantiles(each, n=100)[98] * 1e3:.1f}")
    table.add_row("the first page with the child's start, ms", f"{rounds[0][0][0] * 1e3:.0f}")
    table.add_row("memory of the child, MiB", f"{max(memory for _, memory in rounds):.0f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
