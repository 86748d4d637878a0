"""How fast quotations are found: a table of megabytes a second on one core.

    python benchmarks/extract.py [--megabytes 5]

The realistic text is the starter documents repeated, each time with other names and numbers, so
that no two copies are alike; the others are shapes of text that must not cost more than their
length: one long line, marks only, and a text without any.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from pathlib import Path
from typing import Final

from corpus.quotations.extract import extract

DOCUMENTS: Final = Path(__file__).resolve().parents[1] / "corpus" / "documents"
SEED: Final = 7
NAMES: Final = (
    "Javid",
    "Dick",
    "Khan",
    "Marsh",
    "Rowley",
    "Valentine",
    "Simmons",
    "Duvall",
    "House",
)
ENDINGS: Final = ("", "son", "ley", "wick", "ton", "field", "shaw", "worth", "by", "combe")


def starter_texts() -> list[str]:
    """The starter documents' words, without their front matter."""
    texts = [path.read_text("utf-8") for path in sorted(DOCUMENTS.glob("*-*.md"))]
    return [text.split("\n---\n", 1)[1].strip() for text in texts]


def realistic(size: int) -> str:
    """At least ``size`` code points of announcements, no two alike."""
    rng = random.Random(SEED)  # noqa: S311 - not for secrets
    texts, parts, length = starter_texts(), [], 0
    name = re.compile(rf"\b(?:{'|'.join(NAMES)})\b")
    while length < size:
        ending, extra = rng.choice(ENDINGS), str(rng.randrange(1000))
        part = name.sub(rf"\g<0>{ending}", rng.choice(texts))
        part = re.sub(r"\d+", extra, part)
        parts.append(part)
        length += len(part) + 2
    return "\n\n".join(parts)


def main() -> None:
    """Time every text once and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=5.0)
    size = int(parser.parse_args().megabytes * 1e6)
    text = realistic(size)
    cases = {
        "one announcement (warm-up)": starter_texts()[0],
        "announcements": text,
        "a fifth of them": text[: size // 5],
        "the same on one line": text.replace("\n", " "),
        "no quotation marks": re.sub("[\"“”'‘’]", "", text),
        "100,000 straight marks": '"' * 100_000,
        "100,000 straight marks and words": '"word ' * 100_000,
        "100,000 single marks and words": "'word " * 100_000,
    }
    print(f"{'text':34}{'MB':>8}{'quotations':>12}{'seconds':>10}{'MB/s':>8}")
    for label, case in cases.items():
        started = time.process_time()
        found = extract(case)
        spent = time.process_time() - started
        megabytes = len(case.encode()) / 1e6
        print(f"{label:34}{megabytes:8.2f}{len(found):12,}{spent:10.2f}{megabytes / spent:8.2f}")


if __name__ == "__main__":
    main()
