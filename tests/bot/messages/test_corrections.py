"""What has become of posted words, and how a message says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.dates import AMERICAN, BRITISH
from bot.messages.answers import MAX_CONTENT, MAX_DESCRIPTION, MAX_EMBEDS_TOTAL, Embed, size
from bot.messages.corrections import CHANGED, amended, notice, places_of
from bot.messages.excerpts import MAX_EMBEDS
from bot.messages.fates import Became, Fate, fate
from bot.messages.markdown import block_quotes
from bot.messages.posted import PostedExcerpt
from corpus.document import Span
from corpus.library import Library
from tests.bot.discord_syntax import HOSTILE, live_forms
from tests.recorded import RecordedCorpus

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.document import Document
    from corpus.journal import Entry

TEXT = "Nine people were hurt. The street was quiet. Nobody was arrested."
HURT, QUIET = Span(0, 22), Span(23, 44)


@pytest.fixture
def corpus(tmp_path: Path) -> RecordedCorpus:
    recorded = RecordedCorpus(tmp_path)
    recorded.add("letter", TEXT, "title: A letter", "published: 2021-05-01")
    return recorded


def excerpt(corpus: RecordedCorpus, span: Span, name: str = "letter") -> PostedExcerpt:
    return PostedExcerpt(name, corpus.library.get(name).sha256, span)


def became(corpus: RecordedCorpus, *shown: PostedExcerpt) -> tuple[Fate, ...]:
    library = Library(corpus.documents)
    records = library.journal.records()
    return tuple(fate(one, records.get(one.document_id), library.get) for one in shown)


def box(document: Document, *spans: Span) -> Embed:
    """A box that shows words, as every command makes it."""
    places = " ".join((document.id, *(f"{span.start}–{span.end}" for span in spans)))
    blocks = "\n\n".join(f"> {document.text_at(span)}" for span in spans)
    return Embed(f"{blocks}\n*A letter*", places, 1)


def proved(corpus: RecordedCorpus, embeds: tuple[Embed, ...]) -> list[str]:
    """Every quoted block, each found where its box says that it stands now."""
    blocks: list[str] = []
    for embed in embeds:
        found, places = block_quotes(embed.description), list(places_of(embed.footer))
        assert len(found) in (0, len(places))
        for block, (name, span) in zip(found, places, strict=False):
            assert block == corpus.library.get(name).text_at(span)
        blocks += found
    return blocks


def test_words_of_a_current_text_stay(corpus: RecordedCorpus) -> None:
    (one,) = became(corpus, excerpt(corpus, HURT))
    assert one.became is Became.CURRENT
    assert one.note == ""
    before = (box(corpus.library.get("letter"), HURT),)
    page = amended("An answer.", before, [one])
    assert [e.description for e in page.embeds] == [e.description for e in before]
    assert page.embeds[0].shows == (one.excerpt,)


def test_words_that_were_corrected_are_replaced_by_those_in_their_place(
    corpus: RecordedCorpus,
) -> None:
    before = box(corpus.library.get("letter"), HURT)
    shown = excerpt(corpus, HURT)
    corpus.correct("letter", TEXT.replace("Nine", "Ten"), "title: A letter", reason="a *slip*")
    fates = became(corpus, shown)
    page = amended("An answer.", [before], fates)
    assert proved(corpus, page.embeds) == ["Ten people were hurt."]
    (embed,) = page.embeds
    assert embed.description.startswith(
        "**This source was corrected on 2 May 2021 (a \\*slip\\*); the words now read:**\n> Ten"
    )
    assert embed.shows == (excerpt(corpus, Span(0, 21)),)
    assert page.content == f"An answer.\n{CHANGED}"


def test_the_same_words_are_said_to_stand_and_found_where_they_stand_now(
    corpus: RecordedCorpus,
) -> None:
    before, shown = box(corpus.library.get("letter"), QUIET), excerpt(corpus, QUIET)
    corpus.correct("letter", f"It was late. {TEXT}")
    page = amended("An answer.", [before], became(corpus, shown))
    assert proved(corpus, page.embeds) == ["The street was quiet."]
    assert "these words stand in it as they did:" in page.embeds[0].description
    assert page.embeds[0].footer == "letter 36–57"


def test_words_that_are_gone_are_taken_out(corpus: RecordedCorpus) -> None:
    before, shown = box(corpus.library.get("letter"), QUIET), excerpt(corpus, QUIET)
    corpus.correct("letter", "Something else altogether happened in another town.")
    page = amended("An answer.", [before], became(corpus, shown))
    assert proved(corpus, page.embeds) == []
    assert "no longer in it and were taken out" in page.embeds[0].description
    assert page.embeds[0].shows == ()


@pytest.mark.parametrize("action", ["retract", "erase"])
def test_withdrawn_words_are_taken_out_and_why_is_said(corpus: RecordedCorpus, action: str) -> None:
    before, shown = box(corpus.library.get("letter"), HURT), excerpt(corpus, HURT)
    getattr(corpus, action)("letter", "wrong @everyone")
    page = amended("An answer.", [before], became(corpus, shown))
    said = page.embeds[0].description
    assert said == (
        f"**This source was {action.removesuffix('e')}ed on 2 May 2021 (wrong \\@everyone); "
        "its words were taken out.**"
    )
    assert page.embeds[0].shows == ()


def test_of_what_was_corrected_and_then_withdrawn_the_withdrawal_is_told(
    corpus: RecordedCorpus,
) -> None:
    shown = excerpt(corpus, HURT)
    corpus.correct("letter", TEXT.replace("Nine", "Ten"))
    corpus.retract("letter")
    assert [one.became for one in became(corpus, shown)] == [Became.RETRACTED]
    corpus.erase("letter")
    assert [one.became for one in became(corpus, shown)] == [Became.ERASED]
    corpus.add("letter", "Quite another text.")
    assert [one.became for one in became(corpus, shown)] == [Became.REMOVED]


def test_a_document_that_the_journal_does_not_know_may_go_or_change(
    corpus: RecordedCorpus,
) -> None:
    corpus.put("by-hand", TEXT)
    shown = excerpt(corpus, HURT, "by-hand")
    assert became(corpus, shown)[0].became is Became.CURRENT
    corpus.put("by-hand", TEXT + " More.")
    assert became(corpus, shown)[0].became is Became.REMOVED
    (corpus.documents / "by-hand.md").unlink()
    assert became(corpus, shown)[0].note == "**This source was removed; its words were taken out.**"


def test_words_whose_file_was_altered_are_taken_out(corpus: RecordedCorpus) -> None:
    shown = excerpt(corpus, HURT)
    (corpus.documents / "letter.md").write_text("---\nkind: news\n---\n\nNo.\n", "utf-8")
    assert became(corpus, shown)[0].became is Became.REMOVED


def test_doing_it_twice_changes_nothing(corpus: RecordedCorpus) -> None:
    """As by a process that takes over from one that died before it could note what it did."""
    document = corpus.library.get("letter")
    before = [box(document, HURT), box(document, QUIET), Embed("A picture", "no source", 2)]
    shown = [excerpt(corpus, HURT), excerpt(corpus, QUIET)]
    for text in (TEXT.replace("Nine", "Ten"), f"Before. {TEXT}", "Nothing is left of all that."):
        corpus.correct("letter", text)
        once = amended("An answer.", before, became(corpus, *shown))
        twice = amended(once.content, once.embeds, became(corpus, *shown))
        assert [(e.description, e.footer) for e in twice.embeds] == [
            (e.description, e.footer) for e in once.embeds
        ]
        assert twice.content == once.content
        proved(corpus, once.embeds)
    corpus.retract("letter")
    once = amended("An answer.", before, became(corpus, *shown))
    assert len(amended(once.content, once.embeds, became(corpus, *shown)).embeds) == 3


def test_a_second_slip_of_the_same_day_and_length_is_corrected_too(
    corpus: RecordedCorpus,
) -> None:
    before = [box(corpus.library.get("letter"), HURT)]
    for number in ("Five", "Four"):
        shown = excerpt(corpus, HURT)
        corpus._day = 1
        corpus.correct("letter", TEXT.replace("Nine", number))
        before = list(amended("", before, became(corpus, shown)).embeds)
        assert proved(corpus, tuple(before)) == [f"{number} people were hurt."]


def test_a_box_of_several_sources_keeps_those_that_stand(corpus: RecordedCorpus) -> None:
    corpus.add("news", "The parade began at noon.", "title: News")
    letter, news = corpus.library.get("letter"), corpus.library.get("news")
    both = Embed(f"> {letter.text_at(HURT)}\n\n> {news.text}", "letter 0–22 · news 0–25", 1)
    shown = [excerpt(corpus, HURT), excerpt(corpus, Span(0, 25), "news")]
    corpus.retract("letter")
    page = amended("Stitched.", [both], became(corpus, *shown))
    assert proved(corpus, page.embeds) == ["The parade began at noon."]
    assert page.embeds[0].footer == "news 0–25"
    assert "its words were taken out" in page.embeds[0].description
    assert page.embeds[0].shows == (shown[1],)


def test_words_without_a_box_get_one(corpus: RecordedCorpus) -> None:
    """A card is a picture: what became of its words is said below it."""
    shown = excerpt(corpus, HURT)
    corpus.correct("letter", TEXT.replace("Nine", "Ten"))
    page = amended("", [], became(corpus, shown))
    assert page.content == CHANGED
    assert proved(corpus, page.embeds) == ["Ten people were hurt."]
    again = amended(page.content, page.embeds, became(corpus, shown))
    assert len(again.embeds) == 1


def test_words_that_stand_and_have_no_box_stay_known(corpus: RecordedCorpus) -> None:
    corpus.add("news", "The parade began at noon.", "title: News")
    shown = [excerpt(corpus, Span(0, 25), "news"), excerpt(corpus, HURT)]
    before = [box(corpus.library.get("letter"), HURT)]
    corpus.retract("letter")
    page = amended("", before, became(corpus, *shown))
    assert [one for embed in page.embeds for one in embed.shows] == shown[:1]
    assert len(page.embeds) == 1


def test_words_in_the_content_go_with_it(corpus: RecordedCorpus) -> None:
    shown = excerpt(corpus, HURT)
    corpus.retract("letter")
    page = amended(f"A line.\n> {TEXT[:22]}", [], became(corpus, shown))
    assert TEXT[:22] not in page.content
    assert "A source of this message changed" in page.content


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_reason_is_shown_as_it_is_and_does_nothing(corpus: RecordedCorpus, hostile: str) -> None:
    shown = excerpt(corpus, HURT)
    corpus.retract("letter", f"because {hostile}")
    (one,) = became(corpus, shown)
    assert live_forms(one.note.removeprefix("**").removesuffix("**")) == {}
    entry = corpus.library.journal.entries()[-1]
    head = notice(entry, ["https://discord.com/channels/1/2/3"], []).split("\n")[0]
    assert live_forms(head.replace("**", "")) == {}


def test_a_message_keeps_discords_limits(corpus: RecordedCorpus) -> None:
    long = " ".join(f"Sentence {n} of {'many ' * 60}words." for n in range(30))
    corpus.add("long", long, "title: Long")
    spans = [Span(at * 330, at * 330 + 300) for at in range(12)]
    shown = [excerpt(corpus, span, "long") for span in spans]
    before = [box(corpus.library.get("long"), span) for span in spans[:10]]
    corpus.correct("long", long.replace("many", "some"))
    page = amended("x" * 1_995, before, became(corpus, *shown))
    assert len(page.embeds) <= MAX_EMBEDS
    assert size(list(page.embeds)) <= MAX_EMBEDS_TOTAL
    assert all(len(embed.description) <= MAX_DESCRIPTION for embed in page.embeds)
    assert len(page.content) <= MAX_CONTENT
    proved(corpus, page.embeds)


def test_a_notice_links_every_message_until_there_is_no_room(corpus: RecordedCorpus) -> None:
    corpus.correct("letter", TEXT + " More.", reason="a slip")
    entry = corpus.library.journal.entries()[-1]
    links = [f"https://discord.com/channels/{10**18}/{10**18}/{10**18 + n}" for n in range(60)]
    said = notice(entry, links[:2], [(links[2], "I lack a permission there")])
    assert said.split("\n") == [
        "**letter was corrected on 2 May 2021** (a slip).",
        "2 messages of mine now say so:",
        f"<{links[0]}>",
        f"<{links[1]}>",
        "I could not correct these; please see to them:",
        f"<{links[2]}> (I lack a permission there)",
    ]
    crowded = notice(entry, links, [])
    assert len(crowded) <= MAX_CONTENT
    assert "lines more" in crowded.split("\n")[-1]
    assert notice(entry, [], []).endswith("No message of mine shows its words any more.")


def test_a_corrected_date_is_a_change_when_it_comes(corpus: RecordedCorpus) -> None:
    document = corpus.library.get("letter")
    before, shown = [box(document, HURT)], excerpt(corpus, HURT)
    corpus.correct("letter", TEXT, "title: A letter", "published: 2021-05-02", reason="a slip")
    corpus.correct("letter", TEXT, "title: Another", "published: 2021-05-02", reason="again")
    entries = corpus.library.journal.entries()
    record = corpus.library.journal.records()["letter"]

    def now(*changes: Entry, dates: str = BRITISH) -> Fate:
        return fate(shown, record, corpus.library.get, changes=changes, dates=dates)

    assert now().note == ""
    assert now(entries[0]).note == ""
    assert now(*entries).details == ("date", "title")
    assert now(entries[2]).details == ("title",)
    assert now(entries[1]).note == (
        "**This source was corrected on 3 May 2021 (again); its date and title changed, and these "
        "words stand in it as they did:**"
    )
    american = now(entries[2], dates=AMERICAN)
    page = amended("An answer.", before, [american])
    (one,) = page.embeds
    assert one.description.startswith("**This source was corrected on May 3, 2021 (again)")
    assert one.description.endswith("*Another* · May 2, 2021")
    assert proved(corpus, page.embeds) == [TEXT[:22]]
    assert one.shows == (shown,)
    assert amended(page.content, page.embeds, [american]) == page


def test_a_correction_of_what_no_message_shows_changes_none(corpus: RecordedCorpus) -> None:
    shown = excerpt(corpus, HURT)
    front = ("title: A letter", "published: 2021-05-01", "rights: none")
    corpus.correct("letter", TEXT, *front)
    record = corpus.library.journal.records()["letter"]
    entries = corpus.library.journal.entries()
    assert fate(shown, record, corpus.library.get, changes=entries).became is Became.CURRENT
    # Where the version before cannot be read, nobody knows what it was.
    (corpus.documents / "letter.md").unlink()
    unknown = fate(shown, record, corpus.library.get, changes=entries)
    assert unknown.details == ("description",)
