"""The fonts that pictures are set in, and what they can show.

DejaVu comes with matplotlib, so that pictures are the same on every machine.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

import matplotlib as mpl
from matplotlib.ft2font import FT2Font

from corpus.errors import InputError

REGULAR, BOLD, MONO = "DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono.ttf"
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs"})
# Set by the basic layout, which goes from left to right alone.
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


def font_file(name: str) -> Path:
    """The file of one of the fonts."""
    return Path(mpl.get_data_path()) / "fonts" / "ttf" / name


def check_drawable(text: str, what: str) -> None:
    """Refuse what the fonts would leave out, replace, or set in another order; line ends pass.

    ``what`` names the text, in the plural.

    Raises:
        InputError: there is such a character.
    """
    for character in text:
        if character == "\n":
            continue
        name = unicodedata.name(character, "").lower()
        shown = f"U+{ord(character):04X}" + (f" ({name})" if name else "")
        if unicodedata.category(character) in _UNSEEN:
            problem = "cannot be seen"
        elif unicodedata.bidirectional(character) in _RIGHT_TO_LEFT:
            problem = "is read from right to left"
        elif character not in _glyphs():
            problem = "the fonts have no sign for"
        else:
            continue
        raise InputError(
            f"{what} hold {shown}, which {problem}, so no picture can show them as they are; "
            "use them as text"
        )


@lru_cache(maxsize=1)
def _glyphs() -> frozenset[str]:
    """The characters that both fonts of text have."""
    fonts = (set(FT2Font(str(font_file(name))).get_charmap()) for name in (REGULAR, BOLD))
    return frozenset(map(chr, set.intersection(*fonts)))
