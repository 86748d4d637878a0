"""Word documents: paragraphs in order, as they are shown."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from corpus.document import Metadata, PartialDate
from corpus.errors import DocumentError
from corpus.formats import docx as reader
from corpus.formats.received import Received
from tests.corpus.samples import word

LETTER = (
    "Professional Recovery Operators Federation",
    "9 August 2024",
    "Dear colleagues,",
    "Officers will “act robustly” – and at once.",
    "",
    "Yours,\nTerry Hunt",
)


def text_of(content: bytes) -> str:
    return reader.read(Received("letter.docx", content)).text


def test_a_letter_is_its_paragraphs_and_its_table_and_what_it_states() -> None:
    content = word(
        LETTER,
        title="Met Comms – latest",
        author="Terry Hunt",
        rows=[["Borough", "Officers"], ["Lambeth", "20"]],
    )
    draft = reader.read(Received("letter.docx", content, source="folder/letter.docx"))
    assert draft.text == (
        "Professional Recovery Operators Federation\n\n9 August 2024\n\nDear colleagues,\n\n"
        "Officers will “act robustly” – and at once.\n\nYours,\nTerry Hunt\n\n"
        "Borough\n\nOfficers\n\nLambeth\n\n20"
    )
    assert draft.metadata == Metadata(
        kind="other",
        title="Met Comms – latest",
        author="Terry Hunt",
        published=PartialDate(2024, 8, 9),
    )
    assert draft.source == "folder/letter.docx"
    assert draft.notes == ()


def test_the_day_a_file_was_made_is_no_date_and_its_maker_no_author() -> None:
    saved = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Words.")
    document.save(saved)
    assert reader.read(Received("a.docx", saved.getvalue())).metadata == Metadata(kind="other")


def test_tracked_changes_are_read_as_accepted_and_noted() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("They will ")
    for change, text, element in (("ins", "now", "t"), ("del", "not", "delText")):
        paragraph._p.append(
            parse_xml(
                f"<w:{change} {nsdecls('w')} w:id='1' w:author='a'><w:r><w:{element}>{text}"
                f"</w:{element}></w:r></w:{change}>"
            )
        )
    paragraph.add_run(" go.")
    saved = io.BytesIO()
    document.save(saved)
    draft = reader.read(Received("a.docx", saved.getvalue()))
    assert draft.text == "They will now go."
    assert draft.notes == ("has tracked changes, which were read as accepted",)


def test_a_text_box_is_a_paragraph_once() -> None:
    document = docx.Document()
    document.add_paragraph("Before.")._p.append(
        parse_xml(
            f"<w:r {nsdecls('w')} xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/"
            "2006'><mc:AlternateContent><mc:Choice Requires='wps'><w:txbxContent><w:p><w:r><w:t>"
            "Boxed.</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p>"
            "<w:r><w:t>Boxed.</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent>"
            "</w:r>"
        )
    )
    saved = io.BytesIO()
    document.save(saved)
    assert text_of(saved.getvalue()) == "Before.\n\nBoxed."


def zipped(content: bytes, **parts: bytes) -> bytes:
    """The archive with some parts replaced or added."""
    saved = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return saved.getvalue()


def test_a_zip_bomb_is_refused_by_what_it_says() -> None:
    bomb = zipped(word(LETTER), **{"word/media/a.png": bytes(101_000_000)})
    assert len(bomb) < 1_000_000
    with pytest.raises(DocumentError, match="unpacks to far more than a document holds"):
        text_of(bomb)


def test_a_zip_bomb_is_refused_by_what_it_is() -> None:
    bomb = bytearray(zipped(word(LETTER), **{"word/document.xml": b" " * 26_000_000}))
    entry = bomb.rindex(b"PK\x01\x02", 0, bomb.rindex(b"word/document.xml"))
    bomb[entry + 24 : entry + 28] = (1000).to_bytes(4, "little")
    with pytest.raises(DocumentError, match=r"unpacks to far more|is a damaged Word document"):
        text_of(bytes(bomb))


def test_an_archive_of_very_many_parts_is_refused() -> None:
    many = {f"word/{number}.xml": b"" for number in range(2_001)}
    with pytest.raises(DocumentError, match="unpacks to far more than a document holds"):
        text_of(zipped(word(LETTER), **many))


def test_entities_are_not_expanded() -> None:
    laughs = "".join(
        f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" if n else "<!ENTITY l0 'ha'>" for n in range(9)
    )
    xml = (
        f"<?xml version='1.0'?><!DOCTYPE d [{laughs}]><w:document {nsdecls('w')}><w:body><w:p><w:r>"
        "<w:t>Words &l8;</w:t></w:r></w:p></w:body></w:document>"
    )
    with pytest.raises(DocumentError, match="is a damaged Word document"):
        text_of(zipped(word(LETTER), **{"word/document.xml": xml.encode()}))


@pytest.mark.parametrize("keep", [0, 10, 1_000, 10_000])
def test_a_file_that_is_cut_short_is_refused(keep: int) -> None:
    with pytest.raises(DocumentError, match=r"letter\.docx is a damaged Word document; save it"):
        text_of(word(LETTER)[:keep])


def test_an_empty_document_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"letter\.docx holds no text"):
        text_of(word([]))


def test_a_text_beyond_what_is_kept_is_refused_rather_than_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("corpus.formats.docx.MAX_CHARACTERS", 100)
    with pytest.raises(DocumentError, match="holds more than 2,000,000 characters; split it"):
        text_of(word(["x" * 60, "y" * 60]))
