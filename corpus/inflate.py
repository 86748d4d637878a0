"""gzip and deflate to bytes, a piece at a time, never more of them than is wanted."""

from __future__ import annotations

import zlib

from corpus.errors import FetchError

GZIP_MAGIC = b"\x1f\x8b"

_GZIP = 16 + zlib.MAX_WBITS
# A gzip file may be several, one after the other; each costs time before it holds a byte.
_MAX_MEMBERS = 1_000
_ZLIB_METHOD = 8


class Inflater:
    """One compressed body, fed as it comes."""

    def __init__(self, encoding: str, max_bytes: int) -> None:
        """Begin a body.

        Args:
            encoding: "gzip", "x-gzip" or "deflate".
            max_bytes: how long the inflated body may be.
        """
        self._gzip = encoding != "deflate"
        self._left = max_bytes
        self._members = 0
        self._stream: zlib._Decompress | None = None

    def feed(self, piece: bytes) -> bytes:
        """What ``piece`` inflates to.

        Raises:
            FetchError: it is damaged, or the body is longer than was allowed.
        """
        inflated = bytearray()
        while piece:
            stream = self._stream or self._begin(piece)
            try:
                # One byte beyond what is allowed tells a body that is too long.
                part = stream.decompress(piece, self._left + 1)
            except zlib.error as error:
                raise FetchError("its compressed content is damaged; try again later") from error
            self._left -= len(part)
            if self._left < 0:
                raise FetchError("it inflates to more than is read of one page")
            inflated += part
            piece = stream.unused_data if stream.eof else stream.unconsumed_tail
            self._stream = None if stream.eof else stream
        return bytes(inflated)

    def finish(self) -> None:
        """Say that the body is over.

        Raises:
            FetchError: it was cut short.
        """
        if self._stream is not None:
            raise FetchError("its compressed content is cut short; try again later")

    def _begin(self, piece: bytes) -> zlib._Decompress:
        self._members += 1
        if self._members > (_MAX_MEMBERS if self._gzip else 1):
            raise FetchError("its compressed content does not end where it should")
        if self._gzip:
            return zlib.decompressobj(_GZIP)
        # "deflate" is the zlib format; some servers send it without its header all the same.
        with_header = piece[0] & 0x0F == _ZLIB_METHOD
        return zlib.decompressobj(zlib.MAX_WBITS if with_header else -zlib.MAX_WBITS)


def inflated(content: bytes, max_bytes: int) -> bytes:
    """A gzip file's content, for files that are gzip themselves.

    Raises:
        FetchError: it is damaged, cut short, or holds more than ``max_bytes``.
    """
    inflater = Inflater("gzip", max_bytes)
    whole = inflater.feed(content)
    inflater.finish()
    return whole
