"""What is shown of a text before it becomes a document."""

from __future__ import annotations

import io

from rich.console import Console

from bot.terminal.preview import print_near, print_preview
from corpus.document import Document, Metadata, PartialDate
from corpus.draft import Draft
from corpus.duplicates import Near, Suggestion

_TEXT = (
    "A heading of the text\n\n“We are sorry,” said Chief Inspector Ann Smith.\n\n"
    "Mr Brown said: “I am not.”\n\nOne.\n\nTwo.\n\nThree."
)


def draft(text: str = _TEXT, **stated: object) -> Draft:
    metadata = Metadata(**({"kind": "news"} | stated))  # type: ignore[arg-type]
    return Draft(metadata, text, "a source", ("A note.",))


def in_window(width: int = 80) -> Console:
    return Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)


def shown(out: Console) -> list[str]:
    assert isinstance(out.file, io.StringIO)
    return [line.rstrip() for line in out.file.getvalue().splitlines()]


def test_what_was_understood_is_shown_and_what_is_unknown_is_said() -> None:
    out = in_window()
    print_preview(out, draft(title="A title", published=PartialDate(2020, 6), rights="None"))
    assert shown(out) == [
        "a source",
        "  title      A title",
        "  date       June 2020",
        "  publisher  unknown",
        "  author     unknown",
        "  url        unknown",
        "  kind       news",
        "  rights     None",
        "  passages   6",
        "  quotations 2, of Ann Smith (1), Brown (1)",
        "  note       A note.",
        "  | A heading of the text",
        "  | “We are sorry,” said Chief Inspector Ann Smith.",
        "  | Mr Brown said: “I am not.”",
        "  | One.",
        "  | … and 2 more lines",
    ]


def test_a_text_without_quotations_says_so_and_a_long_line_is_cut_with_a_mark() -> None:
    out = in_window()
    print_preview(out, draft("word " * 200))
    assert "  quotations none" in shown(out)
    assert " ".join(shown(out)).endswith("word […]")


def near_to(text: str, **stated: object) -> Near:
    metadata = Metadata(**({"kind": "news"} | stated))  # type: ignore[arg-type]
    return Near(Document.of("known", metadata, text), 0.75, 1.0, Suggestion.VERSION)


def test_two_texts_stand_side_by_side_where_there_is_room() -> None:
    out = in_window()
    print_near(out, draft(title="New"), near_to(_TEXT.replace("sorry", "glad"), title="Old"))
    lines = shown(out)
    assert lines[0].startswith("  75% the same as known")
    assert any("in the corpus" in line and "new" in line for line in lines)
    assert any(line.split() == ["title", "Old", "New"] for line in lines)
    assert any("“We are glad,” said" in line and "“We are sorry,” said" in line for line in lines)
    assert not any("Three." in line for line in lines)


def test_in_a_narrow_window_they_stand_one_below_the_other() -> None:
    out = in_window(60)
    print_near(out, draft(), near_to(_TEXT.replace("Three.", "Four.")))
    lines = shown(out)
    assert "  text       - Four." in lines
    assert "             + Three." in lines


def test_only_so_many_differences_are_shown_and_the_rest_is_counted() -> None:
    out = in_window()
    old = "\n\n".join(f"Paragraph {n} is old." for n in range(20))
    new = "\n\n".join(f"Paragraph {n} is new." for n in range(20))
    print_near(out, draft(new), near_to(old))
    assert shown(out)[-1] == "  … and 14 more places where they differ"


def test_a_difference_deep_in_a_long_paragraph_is_what_is_shown_of_it() -> None:
    out = in_window(200)
    long = "some words that stay the same " * 40
    print_near(out, draft(f"{long}the new end"), near_to(f"{long}an old end"))
    text = " ".join(shown(out))
    assert "the new end" in text
    assert "an old end" in text
    assert "[…]" in text
