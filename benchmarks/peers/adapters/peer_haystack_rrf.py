"""Haystack as in ``peer_haystack``, joined by reciprocal rank fusion, which it offers as well."""

from __future__ import annotations

from functools import partial

from peer_haystack import build, split  # type: ignore[import-not-found]
from peer_haystack import opened as _opened

__all__ = ["build", "opened", "split"]
opened = partial(_opened, join_mode="reciprocal_rank_fusion")
