"""Static files under names that carry their hash, so that browsers keep them for good."""

from __future__ import annotations

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class GzipOnly(Compressor):
    """Brotli at its best setting made the first start 20 seconds longer, to save 15 %."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "use_brotli": False})


class Storage(CompressedManifestStaticFilesStorage):
    """Hashed names, and a gzip copy of each file beside it."""

    def create_compressor(self, **kwargs: Any) -> Compressor:
        return GzipOnly(**kwargs)
