"""Memory that is freed goes back to the system."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

# Large blocks, a small one after each so that the heap cannot shrink from its end, freed again.
_PROGRAM = """
import ctypes, pathlib, sys
from bot.memory import keep_steady
if sys.argv[1] == "steady":
    keep_steady()
library = ctypes.CDLL(None)
library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
library.free.argtypes = [ctypes.c_void_p]

def resident():
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * 4096

before = resident()
library.free(library.malloc(24 << 20))
blocks = []
for _ in range(10):
    blocks.append(library.malloc(4 << 20))
    ctypes.memset(blocks[-1], 1, 4 << 20)
    library.malloc(1000)
for block in blocks:
    library.free(block)
print(resident() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="of the GNU C library alone")
def test_freed_blocks_go_back_to_the_system() -> None:
    kept = {
        how: int(
            subprocess.run(
                [sys.executable, "-c", _PROGRAM, how], check=True, capture_output=True, text=True
            ).stdout
        )
        for how in ("as it is", "steady")
    }
    assert kept["as it is"] > 30 << 20
    assert kept["steady"] < 4 << 20
