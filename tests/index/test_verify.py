"""Planted quotations and what must be said of each, to the character."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.document import Document, Metadata, Span
from corpus.errors import InputError
from corpus.folding import Difference
from corpus.quotations.types import Quotation, QuotationKind
from index.verdict import Attribution, Finding, Flag
from index.verify import MAX_CHARACTERS, Verifier
from tests.index.planted import (
    BRIXTON,
    EFFORTS,
    JAVID,
    LETTER,
    PATROLS,
    PlantedIndex,
    planted_index,
    posted_part,
    speech,
)
from tests.small_index import document

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ACCEPT = (
    "We cannot accept the levels of violence that were directed towards our officers last night"
)


def only_place(index: PlantedIndex, posted: str, finding: Finding) -> tuple[str, list[str]]:
    verdict = index.verify(posted)
    assert verdict.finding is finding
    (place,) = verdict.places
    return place.document_id, index.words(place)


class TestVerbatim:
    def test_where_it_stands_who_said_it_and_what_is_beside_it(
        self, planted_starter: PlantedIndex
    ) -> None:
        verdict = planted_starter.verify(ACCEPT)
        text = planted_starter.documents[BRIXTON].text
        start = text.index(ACCEPT)
        assert verdict.finding is Finding.VERBATIM
        assert verdict.places[0].document_id == BRIXTON
        assert verdict.places[0].spans == (Span(start, start + len(ACCEPT)),)
        assert (verdict.count, verdict.counted_all) == (1, True)
        assert verdict.speaker == JAVID
        assert verdict.same_words
        assert verdict.differences == ()
        assert verdict.flags == ()
        assert verdict.before is not None
        assert verdict.after is not None
        assert text[verdict.before.start : verdict.before.end] == 'He added: "'
        after = ', and the damage caused to public and private property."'
        assert text[verdict.after.start : verdict.after.end] == after
        assert planted_starter.steps(verdict) == [["equal", ACCEPT, ACCEPT]]

    @pytest.mark.parametrize(
        ("posted", "before", "after"),
        [
            ("Nobody", None, "knows it here."),
            ("knows it here.", "Nobody", ".\n\n“We do.”"),
            ("We do.", "Nobody knows it here.\n\n“", ".”\n\nThey do not"),
            ("They do", "“We do.”", "not"),
            ("not", "They do", None),
        ],
    )
    def test_what_is_beside_it_is_of_its_paragraph(
        self, tmp_path: Path, posted: str, before: str | None, after: str | None
    ) -> None:
        one = document("d", "Nobody knows it here.\n\n“We do.”\n\nThey do not.")
        verdict = planted_index(tmp_path, [one]).verify(posted)
        assert [span and one.text_at(span) for span in (verdict.before, verdict.after)] == [
            before,
            after,
        ]

    @pytest.mark.parametrize(
        ("posted", "differences"),
        [
            (ACCEPT.upper(), (Difference.CASE,)),
            (f"“{ACCEPT}”", ()),
            (f'  "{ACCEPT}."  ', ()),
            (f"> {ACCEPT.replace(' that', chr(10) + '> that')}", (Difference.WHITE_SPACE,)),
            (ACCEPT.replace(" ", "\u00a0"), (Difference.WHITE_SPACE,)),
            (f"**{ACCEPT}**", ()),
            (f"…{ACCEPT}…", ()),
            (ACCEPT.replace("officers", "offi\u00adcers"), (Difference.HIDDEN,)),
        ],
    )
    def test_only_typography_differs(
        self, planted_starter: PlantedIndex, posted: str, differences: tuple[Difference, ...]
    ) -> None:
        verdict = planted_starter.verify(posted)
        assert verdict.finding is Finding.VERBATIM
        assert planted_starter.words(verdict.places[0]) == [ACCEPT]
        assert verdict.differences == differences

    @pytest.mark.parametrize(
        ("posted", "name"),
        [
            ("short foot patrol", PATROLS),
            ("They're thugs and they are criminals—They're not patriots", LETTER),
            ("the risk is they legitimise it", LETTER),
            ("38% reduction in", EFFORTS),
            ("(5042 fewer offences than the 13,193 total offences in 2018)", EFFORTS),
            ("'hostile' crowd.", BRIXTON),
            ("as well as the exploitation", EFFORTS),
        ],
    )
    def test_short_ones_are_found(
        self, planted_starter: PlantedIndex, posted: str, name: str
    ) -> None:
        verdict = planted_starter.verify(posted)
        assert verdict.finding is Finding.VERBATIM
        assert verdict.places[0].document_id == name

    def test_function_words_alone_are_found(self, planted_starter: PlantedIndex) -> None:
        assert planted_starter.verify("that this would").finding is Finding.ABSENT
        assert planted_starter.verify("it would only be").finding is Finding.VERBATIM
        assert planted_starter.verify("for all that you are").places[0].document_id == LETTER

    def test_three_paragraphs_with_or_without_the_marks_between(
        self, planted_starter: PlantedIndex
    ) -> None:
        text = planted_starter.documents[EFFORTS].text
        start, end = text.index("Every single"), text.index("But we cannot")
        posted = text[start:end]
        for typed in (posted, posted.replace("“", ""), posted.replace("“", "> “")):
            verdict = planted_starter.verify(typed)
            assert verdict.finding is Finding.VERBATIM
            assert verdict.places[0].spans[0].start == start
            assert verdict.same_words
            assert verdict.speaker is not None
            assert verdict.speaker.name == "Mark Simmons"
        flat = planted_starter.verify(" ".join(posted.replace("“", "").split()))
        assert flat.differences == (Difference.MARKS, Difference.WHITE_SPACE)

    def test_bullets_may_be_left_out(self, planted_starter: PlantedIndex) -> None:
        posted = "recovered by officers. A prolific child abuser"
        assert planted_starter.verify(posted).finding is Finding.VERBATIM

    @pytest.mark.parametrize(
        "posted",
        [
            "affic cones on London",
            "fewer offences than the 13,19",
            "achieved a 38 reduction",
            "3,193 total offences in 2018",
            "police will not tolerat",
        ],
    )
    def test_parts_of_words_and_numbers_are_not_verbatim(
        self, planted_starter: PlantedIndex, posted: str
    ) -> None:
        assert planted_starter.verify(posted).finding is not Finding.VERBATIM

    def test_a_question_is_not_a_statement(self, planted_starter: PlantedIndex) -> None:
        verdict = planted_starter.verify("You will face the full force of the law?")
        assert verdict.finding is Finding.ALTERED
        assert verdict.same_words
        assert planted_starter.verify("You will face the full force of the law.").count == 1

    def test_every_place_is_counted(self, tmp_path: Path) -> None:
        texts = ["We shall see. They said we shall see.", "Nobody knows. We shall see!"]
        index = planted_index(tmp_path, [document(f"d{at}", t) for at, t in enumerate(texts)])
        verdict = index.verify("we shall see")
        assert (verdict.count, verdict.counted_all) == (3, True)
        assert [(p.document_id, index.words(p)) for p in verdict.places] == [
            ("d0", ["We shall see"]),
            ("d0", ["we shall see"]),
            ("d1", ["We shall see"]),
        ]

    def test_counting_stops_at_a_hundred(self, tmp_path: Path) -> None:
        index = planted_index(tmp_path, [document("d", "We shall see it. " * 150)])
        verdict = index.verify("shall see it", "Ann Other")
        assert (verdict.count, verdict.counted_all) == (100, False)
        assert verdict.finding is Finding.VERBATIM
        assert verdict.attribution is Attribution.UNCONFIRMED


class TestMisattributed:
    @pytest.mark.parametrize(
        "posted",
        [
            f"“{ACCEPT}” - Sadiq Khan",
            f'"{ACCEPT}", said Sadiq Khan.',
            f'Sadiq Khan said: "{ACCEPT}"',
            f"{ACCEPT} – Sadiq Khan, 2020",
            f'"{ACCEPT}"\n(Sadiq Khan)',
        ],
    )
    def test_by_an_attribution_typed_beside_it(
        self, planted_starter: PlantedIndex, posted: str
    ) -> None:
        verdict = planted_starter.verify(posted)
        assert verdict.finding is Finding.MISATTRIBUTED
        assert verdict.attributed_to == "Sadiq Khan"
        assert verdict.speaker == JAVID
        assert verdict.posted[verdict.checked.start : verdict.checked.end] == ACCEPT
        assert verdict.flags == ()
        assert planted_starter.words(verdict.places[0]) == [ACCEPT]

    def test_the_given_name_counts_before_a_typed_one(self, planted_starter: PlantedIndex) -> None:
        verdict = planted_starter.verify(f"“{ACCEPT}” - Sadiq Khan", "Bas Javid")
        assert verdict.finding is Finding.VERBATIM
        assert verdict.attribution is Attribution.CONFIRMED

    def test_a_spokesperson_is_not_who_they_speak_for(self, planted_starter: PlantedIndex) -> None:
        posted = "Keeping Londoners safe is the mayor’s number-one priority"
        assert planted_starter.verify(posted, "Sadiq Khan").finding is Finding.MISATTRIBUTED
        assert planted_starter.verify(posted, "the mayor's spokesman").finding is Finding.VERBATIM

    def test_the_writers_own_words_are_no_persons(self, planted_starter: PlantedIndex) -> None:
        posted = "the additional officers have been equipped with enhanced"
        verdict = planted_starter.verify(posted, "Bas Javid")
        assert verdict.finding is Finding.MISATTRIBUTED
        assert verdict.speaker is None

    def test_the_writers_own_words_are_the_writers(self, planted_starter: PlantedIndex) -> None:
        posted = "I wanted to personally thank you for your help"
        assert planted_starter.verify(posted, "Terry Hunt").attribution is Attribution.CONFIRMED
        assert planted_starter.verify(posted, "the Met").attribution is Attribution.CONFIRMED
        verdict = planted_starter.verify(posted, "London Fire Brigade")
        assert verdict.finding is Finding.MISATTRIBUTED

    def test_any_of_several_places_will_do(self, tmp_path: Path) -> None:
        text = 'Ann Lee said: "We did our best." Bo Ray said: "We did our best."'
        one = document("d", text)
        second = text.rindex("We did")
        ann = speech(one, JAVID, "We did our best")
        bo = Quotation(
            (Span(second, second + len("We did our best.")),),
            QuotationKind.DIRECT,
            type(JAVID)("Bo Ray"),
            confidence=0.9,
        )
        index = planted_index(tmp_path, [one], {"d": (ann, bo)})
        verdict = index.verify("We did our best", "Bo Ray")
        assert verdict.finding is Finding.VERBATIM
        assert verdict.places[0].spans == (Span(second, second + len("We did our best")),)
        assert verdict.count == 2
        assert index.verify("We did our best", "Cy Coe").finding is Finding.MISATTRIBUTED

    def test_a_guess_at_the_speaker_contradicts_nobody(self, tmp_path: Path) -> None:
        one = document("d", 'Somebody said: "We did our best."')
        guess = speech(one, JAVID, "We did our best")
        unsure = Quotation(guess.spans, guess.kind, guess.speaker, confidence=0.3)
        index = planted_index(tmp_path, [one], {"d": (unsure,)})
        verdict = index.verify("We did our best", "Ann Lee")
        assert verdict.finding is Finding.VERBATIM
        assert verdict.attribution is Attribution.UNCONFIRMED
        assert verdict.speaker is None
        # Without marks what follows a dash may be the text's own: then it must be confirmed.
        assert index.verify("We did our best - Ann Lee").finding is Finding.ALTERED


class TestAltered:
    @pytest.mark.parametrize(
        ("posted", "steps", "flags"),
        [
            (
                "We can accept the levels of violence",
                [
                    ["equal", "We ", "We "],
                    ["replace", "can", "cannot"],
                    ["equal", " accept the levels of violence", " accept the levels of violence"],
                ],
                (Flag.NEGATION,),
            ),
            (
                "against the police will be tolerated",
                [
                    ["equal", "against the police will ", "against the police will "],
                    ["delete", "", "not "],
                    ["equal", "be tolerated", "be tolerated"],
                ],
                (Flag.NEGATION,),
            ),
            (
                "The public will not see increased police activity",
                [
                    ["equal", "The public will ", "The public will "],
                    ["insert", "not ", ""],
                    ["equal", "see increased police activity", "see increased police activity"],
                ],
                (Flag.NEGATION,),
            ),
            (
                "said that nearly 80 officers were hurt",
                [
                    ["equal", "said that nearly ", "said that nearly "],
                    ["replace", "80", "30"],
                    ["equal", " officers were hurt", " officers were hurt"],
                ],
                (Flag.NUMBER,),
            ),
            (
                "Members of the public should approach Derek if they see him",
                None,
                (Flag.NEGATION, Flag.NAME),
            ),
            (
                "Together we must, and will, tackle violence",
                [
                    ["equal", "Together we ", "Together we "],
                    ["replace", "must", "can"],
                    ["equal", ", and will, tackle violence", ", and will, tackle violence"],
                ],
                (Flag.MODAL,),
            ),
            (
                "Ken Smith, chairman of the Metropolitan Police Federation",
                [
                    ["equal", "Ken ", "Ken "],
                    ["replace", "Smith", "Marsh"],
                    [
                        "equal",
                        ", chairman of the Metropolitan Police Federation",
                        ", chairman of the Metropolitan Police Federation",
                    ],
                ],
                (Flag.NAME,),
            ),
            (
                "these licensed events are illegal",
                [
                    ["equal", "these ", "these "],
                    ["replace", "licensed", "unlicensed"],
                    ["equal", " events are illegal", " events are illegal"],
                ],
                (Flag.NEGATION,),
            ),
            (
                "Our role is to keep our comunities safe",
                [
                    ["equal", "Our role is to keep our ", "Our role is to keep our "],
                    ["replace", "comunities", "communities"],
                    ["equal", " safe", " safe"],
                ],
                (),
            ),
            (
                "it's not nice to have to go somewhere [in London] where someone",
                [
                    ["equal", "it's not nice to have to go somewhere ",
                     "it's not nice to have to go somewhere "],
                    ["insert", "[in London] ", ""],
                    ["equal", "where someone", "where someone"],
                ],
                (Flag.INSERTION,),
            ),
            (
                "We operate independently under the law",
                [
                    ["equal", "We operate independently", "We operate independently"],
                    ["delete", "", ","],
                    ["equal", " under the law", " under the law"],
                ],
                (),
            ),
        ],
    )  # fmt: skip
    def test_what_was_changed_and_whether_it_counts(
        self,
        planted_starter: PlantedIndex,
        posted: str,
        steps: list[list[str]] | None,
        flags: tuple[Flag, ...],
    ) -> None:
        verdict = planted_starter.verify(posted)
        assert verdict.finding is Finding.ALTERED
        assert verdict.flags == flags
        assert verdict.count == 0
        if steps is not None:
            assert planted_starter.steps(verdict) == steps

    def test_the_closest_passage_is_shown(self, planted_starter: PlantedIndex) -> None:
        assert only_place(
            planted_starter, "They remain in a public heath crisis", Finding.ALTERED
        ) == (BRIXTON, ["We remain in a public health crisis"])
        assert only_place(planted_starter, "short feet patrol", Finding.ALTERED) == (
            PATROLS,
            ["short foot patrol"],
        )

    def test_only_punctuation_differs(self, planted_starter: PlantedIndex) -> None:
        verdict = planted_starter.verify("Without fear or favour: and if you've got crazy views")
        assert verdict.finding is Finding.ALTERED
        assert verdict.same_words
        assert verdict.flags == ()

    def test_a_true_sentence_with_a_made_up_one(self, planted_starter: PlantedIndex) -> None:
        posted = f"{ACCEPT}. My grandmother used to bake bread on Sundays before dawn."
        verdict = planted_starter.verify(posted)
        assert verdict.finding is Finding.ALTERED
        assert planted_starter.words(verdict.places[0]) == [ACCEPT]
        assert planted_starter.steps(verdict)[-1][0] == "insert"

    def test_whose_words_they_are_is_told(self, planted_starter: PlantedIndex) -> None:
        verdict = planted_starter.verify(f"“{ACCEPT.replace('cannot', 'can')}” - Priti Patel")
        assert verdict.finding is Finding.ALTERED
        assert verdict.speaker == JAVID
        assert verdict.attribution is Attribution.CONTRADICTED
        assert verdict.attributed_to == "Priti Patel"

    def test_many_slips_in_one_copy(self, planted_starter: PlantedIndex) -> None:
        posted = "We canot acept the levles of violense that wer directd towards our oficers"
        verdict = planted_starter.verify(posted)
        assert verdict.finding is Finding.ALTERED
        assert verdict.flags == ()
        assert planted_starter.words(verdict.places[0]) == [ACCEPT.removesuffix(" last night")]


class TestShortened:
    def test_what_was_left_out_is_shown(self, planted_starter: PlantedIndex) -> None:
        posted = "We remain in a public health crisis … Our role is to keep our communities safe"
        for mark in ("…", "...", "[…]", "[...]", ". . ."):
            verdict = planted_starter.verify(posted.replace("…", mark))
            assert verdict.finding is Finding.VERBATIM
            assert verdict.flags == ()
            (place,) = verdict.places
            assert planted_starter.words(place) == [
                "We remain in a public health crisis",
                "Our role is to keep our communities safe",
            ]
            text = planted_starter.documents[BRIXTON].text
            assert [text[s.start : s.end] for s in place.omitted] == [
                "and these unlicensed events are illegal"
            ]
            assert not verdict.same_words

    def test_fragments_may_meet(self, planted_starter: PlantedIndex) -> None:
        posted = "the violence that the officers … will face on … They are putting them at risk"
        verdict = planted_starter.verify(posted)
        assert verdict.finding is Finding.VERBATIM
        (place,) = verdict.places
        assert [len(place.spans), len(place.omitted)] == [2, 1]
        assert planted_starter.words(place)[0].endswith("officers... will face on")

    def test_fragments_before_the_longest_one(self, planted_starter: PlantedIndex) -> None:
        posted = "I'm in touch … the completely unacceptable events in Brixton overnight"
        assert planted_starter.verify(posted).finding is Finding.VERBATIM

    def test_a_negation_left_out_is_flagged(self, planted_starter: PlantedIndex) -> None:
        posted = "We are rufty-tufty … to have to go somewhere where someone wants to try"
        verdict = planted_starter.verify(posted)
        assert verdict.finding is Finding.VERBATIM
        assert verdict.flags == (Flag.NEGATION, Flag.MODAL)

    def test_a_not_left_out_alone_is_an_alteration(self, planted_starter: PlantedIndex) -> None:
        verdict = planted_starter.verify("We will … tolerate this on our streets")
        assert verdict.finding is Finding.ALTERED
        assert verdict.flags == (Flag.NEGATION,)
        assert verdict.count == 0

    def test_whole_sentences_left_out_are_no_negation(self, planted_starter: PlantedIndex) -> None:
        posted = "many have been injured. … We will use every power, tactic and tool available"
        verdict = planted_starter.verify(posted)
        assert verdict.finding is Finding.VERBATIM
        assert verdict.flags == ()

    @pytest.mark.parametrize(
        "posted",
        [
            # out of order
            "Our role is to keep our communities safe … We remain in a public health crisis",
            # from two documents
            "We remain in a public health crisis … get ahead of the violence",
            # far apart
            "I wanted to personally thank you … Take care and thank you for all",
            # two people's words
            "We are rufty-tufty and can deal with violent disorder … deeply irresponsible and risk",
        ],
    )
    def test_an_ellipsis_does_not_excuse_everything(
        self, planted_starter: PlantedIndex, posted: str
    ) -> None:
        verdict = planted_starter.verify(posted)
        assert verdict.finding is Finding.STITCHED
        assert verdict.count == 0

    def test_an_altered_fragment(self, planted_starter: PlantedIndex) -> None:
        posted = "We remain in a private health crisis … Our role is to keep our communities safe"
        verdict = planted_starter.verify(posted)
        assert verdict.finding is Finding.ALTERED
        assert ["replace", "private", "public"] in planted_starter.steps(verdict)

    def test_fragments_of_two_words_are_not_looked_for(self, planted_starter: PlantedIndex) -> None:
        assert planted_starter.verify("We remain … the").finding is not Finding.VERBATIM


class TestStitched:
    def test_of_two_documents(self, planted_starter: PlantedIndex) -> None:
        one, other = (
            "Violent crime remains the Met’s top priority",
            "these unlicensed events are illegal",
        )
        verdict = planted_starter.verify(f"{one} {other}")
        assert verdict.finding is Finding.STITCHED
        assert [(p.document_id, planted_starter.words(p)) for p in verdict.places] == [
            (EFFORTS, [one]),
            (BRIXTON, [other]),
        ]

    def test_of_one_document_out_of_order(self, planted_starter: PlantedIndex) -> None:
        verdict = planted_starter.verify(
            "Suspects are being arrested daily. Violent crime remains the Met’s top priority"
        )
        assert verdict.finding is Finding.STITCHED
        assert [p.document_id for p in verdict.places] == [EFFORTS, EFFORTS]

    def test_of_three_words_each(self, planted_starter: PlantedIndex) -> None:
        verdict = planted_starter.verify("utterly vile scenes keyboard warriors provoking")
        assert verdict.finding is Finding.STITCHED

    def test_of_function_words(self, planted_starter: PlantedIndex) -> None:
        posted = "arrested more than 110 people in central you for all that you are doing"
        assert planted_starter.verify(posted).finding is Finding.STITCHED

    def test_a_skip_of_a_sentence(self, planted_starter: PlantedIndex) -> None:
        posted = "Members of the public and officers have been attacked. We will use every power"
        assert planted_starter.verify(posted).finding is Finding.STITCHED


class TestAbsent:
    def test_the_nearest_are_only_related(self, planted_starter: PlantedIndex) -> None:
        verdict = planted_starter.verify(
            "Officers arrested the mayor of Birmingham for stealing a bus"
        )
        assert verdict.finding is Finding.ABSENT
        assert verdict.places == ()
        assert verdict.speaker is None
        assert verdict.flags == ()
        assert 1 <= len(verdict.related) <= 3
        assert planted_starter.steps(verdict) == [["insert", verdict.posted, ""]]

    def test_nothing_is_near(self, planted_starter: PlantedIndex) -> None:
        assert planted_starter.verify("xyzzy plugh quux").related == ()

    def test_function_words_that_stand_nowhere(self, planted_starter: PlantedIndex) -> None:
        assert planted_starter.verify("the the the of of it").finding is Finding.ABSENT

    def test_an_empty_corpus_of_words(self, tmp_path: Path) -> None:
        index = planted_index(tmp_path, [document("d", "— —")])
        assert index.verify("Anything at all").finding is Finding.ABSENT


class TestRefused:
    @pytest.mark.parametrize(
        ("posted", "name", "message"),
        [
            ("", None, "no words"),
            (" \n“…” — ", None, "no words"),
            ("a " * MAX_CHARACTERS, None, "characters"),
            ("We remain", "x" * 400, "name"),
        ],
    )
    def test_in_one_sentence(
        self, planted_starter: PlantedIndex, posted: str, name: str | None, message: str
    ) -> None:
        with pytest.raises(InputError, match=message) as refused:
            planted_starter.verify(posted, name)
        assert "\n" not in str(refused.value)

    def test_a_blank_name_is_none(self, planted_starter: PlantedIndex) -> None:
        assert planted_starter.verify(ACCEPT, "  ").attributed_to is None


def test_a_verifier_can_be_prepared(planted_starter: PlantedIndex) -> None:
    verifier = Verifier(planted_starter.catalogue, planted_starter.lexical)
    assert verifier.prepare() is verifier.prepare()


def test_a_heading_glued_to_a_paragraph(tmp_path: Path) -> None:
    one = Document.of(
        "d", Metadata(kind="news"), "Well Prepared\nThe plan was good.\r\n\r\nIt held."
    )
    index = planted_index(tmp_path, [one])
    assert index.verify("well prepared the plan was good. It held.").finding is Finding.VERBATIM


@pytest.mark.parametrize(
    "change",
    [str.upper, str.title, lambda text: text.replace(" ", "\n\n"), lambda text: f"‘{text}’"],
)
def test_the_posted_text_is_never_lost(
    planted_starter: PlantedIndex, change: Callable[[str], str]
) -> None:
    posted = change("We will tolerate this. Suspects are arrested, daily and the violence [sic]")
    verdict = planted_starter.verify(posted)
    assert "".join(posted_part(verdict, one) for one in verdict.changes) == posted
