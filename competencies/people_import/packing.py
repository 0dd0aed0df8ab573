"""What is kept of a file and of what it changed: JSON, compressed."""

from __future__ import annotations

import json
import zlib
from typing import Any


def pack(value: object) -> bytes:
    return zlib.compress(json.dumps(value, separators=(",", ":")).encode(), 6)


def unpack(packed: bytes | memoryview) -> Any:
    return json.loads(zlib.decompress(packed))
