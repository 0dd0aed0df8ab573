"""What is kept of a file and of what it changed: JSON, compressed."""

import json
import zlib


def pack(value):
    return zlib.compress(json.dumps(value, separators=(",", ":")).encode(), 6)


def unpack(packed):
    return json.loads(zlib.decompress(packed))
