"""What the tests of verification share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.index.planted import PlantedIndex, planted_index, starter_quotations

if TYPE_CHECKING:
    from corpus.document import Document


@pytest.fixture(scope="session")
def planted_starter(
    tmp_path_factory: pytest.TempPathFactory, starter_documents: dict[str, Document]
) -> PlantedIndex:
    """The starter documents with who said what as a person reads them."""
    return planted_index(
        tmp_path_factory.mktemp("planted"),
        starter_documents.values(),
        starter_quotations(starter_documents),
    )
