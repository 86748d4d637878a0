"""A stored document: YAML front matter between two ``---`` lines, then the text.

The text is everything after the front matter without the white space around it; inside it
nothing is changed, not even line endings, since offsets count from its first character.
"""

from __future__ import annotations

import re
from math import inf
from typing import Any, get_args

import yaml

from corpus.document import Document, Kind, Metadata, PartialDate
from corpus.errors import DocumentError

_FRONT_MATTER = re.compile(r"\ufeff?---[^\S\n]*\r?\n(.*?\n)?---[^\S\n]*(?:\r?\n|\Z)", re.DOTALL)
_TEXT_KEYS = ("title", "publisher", "author", "url", "rights")
_DATE_KEYS = ("published", "retrieved")
KEYS = ("kind", *_TEXT_KEYS, *_DATE_KEYS, "trimmed")
# What YAML makes of "\ud800", and UTF-8 has no bytes for.
_HALF = re.compile("[\ud800-\udfff]")
# As much of a bad value as a message shows.
_SHOWN = 60
_KINDS: tuple[str, ...] = get_args(Kind)


class _Loader(yaml.BaseLoader):
    """Makes text, lists and mappings alone, and takes no key twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping whose keys all differ.

        Raises:
            yaml.constructor.ConstructorError: one does not.
        """
        found = super().construct_mapping(node, deep=deep)
        if len(found) < len(node.value):
            raise yaml.constructor.ConstructorError(problem="a key stands there twice")
        return found


class _Dumper(yaml.SafeDumper):
    """Writes what `_Loader` reads: text, unquoted wherever YAML lets it stand so."""

    def represent_str(self, data: str) -> yaml.ScalarNode:
        """A line end or what cannot be printed is escaped: only quoted so is it read back."""
        return self.represent_scalar(
            "tag:yaml.org,2002:str", data, style=None if data.isprintable() else '"'
        )


_Dumper.add_representer(str, _Dumper.represent_str)
# Nothing is read back as a number or a date, so that nothing needs quotes for that.
_Dumper.yaml_implicit_resolvers = {}


def dump(metadata: Metadata, text: str) -> bytes:
    """The file of a document, from which `parse` reads the same metadata and text.

    ``text`` has no white space around it, as `parse` leaves it.

    Raises:
        ValueError: the two could not be read back as they are.
    """
    values: dict[str, Any] = {"kind": metadata.kind}
    for key in ("title", "published", "publisher", "author", "url", "rights", "retrieved"):
        value = getattr(metadata, key)
        if value is not None:
            values[key] = str(value)
    if metadata.trimmed:
        values["trimmed"] = list(metadata.trimmed)
    written = yaml.dump(values, Dumper=_Dumper, allow_unicode=True, width=inf, sort_keys=False)
    content = f"---\n{written}---\n\n{text}\n".encode("utf-8", "surrogatepass")
    try:
        read = parse("the document", content)
    except DocumentError as error:
        raise ValueError(str(error)) from error
    if (read.metadata, read.text) != (metadata, text):
        raise ValueError("the document would not be read back as it is")
    return content


def parse(name: str, content: bytes) -> Document:
    """Read one stored document; ``name`` is its id and names it in errors.

    Raises:
        DocumentError: not UTF-8, no front matter, an unknown key, a bad value, or no text.
    """
    try:
        whole = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"{name}: byte {error.start} is not UTF-8; save the file as UTF-8"
        ) from error
    found = split(whole)
    if found is None:
        raise DocumentError(f"{name}: no front matter; begin the file with '---', keys, '---'")
    front_matter, text = found
    if not text:
        raise DocumentError(f"{name}: no text follows the front matter")
    return Document.of(name, _metadata(name, front_matter), text)


def split(whole: str) -> tuple[str, str] | None:
    """The front matter and the text after it, stripped; ``None`` without front matter."""
    found = _FRONT_MATTER.match(whole)
    return (found.group(1) or "", whole[found.end() :].strip()) if found else None


def _metadata(name: str, front_matter: str) -> Metadata:
    values = values_of(name, front_matter)
    for key in values:
        if key not in KEYS:
            raise DocumentError(
                f"{name}: unknown key {_shown(key)}; the keys are {', '.join(KEYS)}"
            )
    kind = values.get("kind")
    if kind not in _KINDS:
        raise DocumentError(f"{name}: kind must be one of {', '.join(_KINDS)}, not {_shown(kind)}")
    texts = {key: _text(name, key, values.get(key)) for key in _TEXT_KEYS}
    url = texts["url"]
    if url is not None and not re.match(r"https?://[^\s<>]+\Z", url):
        raise DocumentError(f"{name}: url must begin with http:// or https://, not {_shown(url)}")
    dates = {key: _date(name, key, values.get(key)) for key in _DATE_KEYS}
    return Metadata(kind=kind, **texts, **dates, trimmed=_trimmed(name, values))  # type: ignore[arg-type]


def values_of(name: str, front_matter: str) -> dict[str, Any]:
    """The keys of some front matter and their values: texts, lists and mappings of texts.

    Raises:
        DocumentError: it is no YAML, or no mapping.
    """
    try:
        values = yaml.load(front_matter, Loader=_Loader)  # noqa: S506 - makes str, list, dict
    except (yaml.YAMLError, RecursionError) as error:
        problem = " ".join(_problem(error).split())
        raise DocumentError(f"{name}: the front matter is not YAML ({problem})") from error
    if not isinstance(values, dict):
        raise DocumentError(f"{name}: the front matter is not a list of 'key: value' lines")
    return values


def _problem(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return str(getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable")


def _shown(value: object) -> str:
    """A value of the front matter, short: aliases can make a list that nobody has room for."""
    if not isinstance(value, str):
        return {"NoneType": "nothing", "dict": "a mapping"}.get(type(value).__name__, "a list")
    return repr(value if len(value) <= _SHOWN else value[:_SHOWN] + "…")


def _text(name: str, key: str, value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise DocumentError(f"{name}: {key} must be text; leave the key out if it is unknown")
    if _HALF.search(value):
        raise DocumentError(f"{name}: {key} holds half a character; write it as itself")
    return value.strip()


def _date(name: str, key: str, value: object) -> PartialDate | None:
    if value is None:
        return None
    try:
        return PartialDate.parse(value if isinstance(value, str) else "")
    except ValueError as error:
        raise DocumentError(
            f"{name}: {key} must be a date such as 2020-06-26, 2020-06 or 2020, not {_shown(value)}"
        ) from error


def _trimmed(name: str, values: dict[str, Any]) -> tuple[str, ...]:
    trimmed = values.get("trimmed", [])
    if not isinstance(trimmed, list) or not all(isinstance(line, str) for line in trimmed):
        raise DocumentError(f"{name}: trimmed must be a list of what was left out")
    return tuple(trimmed)
