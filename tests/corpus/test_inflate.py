"""Compressed pages: inflated, damaged, or bombs."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import FetchError
from corpus.inflate import Inflater, inflated
from tests.publisher import Publisher, Reply
from tests.publisher.reader import get, refused


def zipped(content: bytes, window: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, window)
    return packer.compress(content) + packer.flush()


TEXT = b"The Met said: we will act. " * 5_000
GZIP, ZLIB, RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", zipped(TEXT, GZIP)),
        ("X-GZip", zipped(TEXT, GZIP)),
        ("gzip", zipped(TEXT[:7], GZIP) + zipped(TEXT[7:], GZIP)),
        ("deflate", zipped(TEXT, ZLIB)),
        ("deflate", zipped(TEXT, RAW)),
        ("identity", TEXT),
    ],
)
async def test_what_was_asked_for_is_inflated(
    publisher: Publisher, encoding: str, body: bytes
) -> None:
    publisher.routes["/page"] = Reply(body, headers={"Content-Encoding": encoding})
    assert (await get(publisher.url("/page"))).content == TEXT


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress", "nonsense"])
async def test_what_was_not_asked_for_is_refused(publisher: Publisher, encoding: str) -> None:
    publisher.routes["/page"] = Reply(TEXT, headers={"Content-Encoding": encoding})
    assert f"in the encoding '{encoding}'" in await refused(publisher.url("/page"))


@pytest.mark.parametrize(
    ("encoding", "body", "sentence"),
    [
        ("gzip", TEXT, "is damaged"),
        ("gzip", zipped(TEXT, GZIP)[:-9], "is cut short"),
        ("gzip", zipped(TEXT, GZIP) + b"and more", "is damaged"),
        ("gzip", zipped(TEXT, GZIP)[:-8] + bytes(8), "is damaged"),
        ("gzip", zipped(b"", GZIP) * 1_001, "does not end where it should"),
        ("deflate", b"\xff" + TEXT, "is damaged"),
        ("deflate", zipped(TEXT, ZLIB) * 2, "does not end where it should"),
    ],
)
async def test_damaged_compression_is_refused(
    publisher: Publisher, encoding: str, body: bytes, sentence: str
) -> None:
    publisher.routes["/page"] = Reply(body, headers={"Content-Encoding": encoding})
    assert sentence in await refused(publisher.url("/page"))


@pytest.mark.parametrize(("encoding", "window"), [("gzip", GZIP), ("deflate", RAW)])
async def test_a_bomb_is_left_as_soon_as_it_is_too_large(
    publisher: Publisher, encoding: str, window: int
) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, window)
    head = packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(10_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    bomb = head + 40 * block
    publisher.routes["/page"] = Reply(bomb, headers={"Content-Encoding": encoding})
    assert len(bomb) < 500_000
    tracemalloc.start()
    try:
        assert "inflates to more than is read" in await refused(publisher.url("/page"))
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()


@given(st.binary(max_size=3_000), st.lists(st.integers(1, 400), max_size=20), st.booleans())
def test_pieces_of_any_size_inflate_to_the_same(
    content: bytes, sizes: list[int], packed: bool
) -> None:
    body = zipped(content, GZIP if packed else ZLIB)
    inflater, found = Inflater("gzip" if packed else "deflate", 3_000), b""
    for size in sizes:
        found += inflater.feed(body[:size])
        body = body[size:]
    found += inflater.feed(body)
    inflater.finish()
    assert found == content


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate"]))
def test_any_bytes_inflate_or_are_refused(content: bytes, encoding: str) -> None:
    for body in (content, gzip.compress(content)[:-1] + content):
        inflater = Inflater(encoding, 1_000)
        try:
            assert len(inflater.feed(body)) <= 1_000
            inflater.finish()
        except FetchError:
            pass


def test_a_gzip_file_is_read_up_to_what_is_allowed() -> None:
    assert inflated(gzip.compress(b"abc"), 3) == b"abc"
    with pytest.raises(FetchError, match="inflates to more"):
        inflated(gzip.compress(b"abcd"), 3)
    with pytest.raises(FetchError, match="cut short"):
        inflated(gzip.compress(b"abc")[:-1], 3)
