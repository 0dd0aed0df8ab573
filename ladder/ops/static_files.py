"""The static files of a real installation, collected and compressed once for each state that they have."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise import compress
from whitenoise.storage import CompressedManifestStaticFilesStorage

from ladder.ops.bundles import BUNDLES, sources

LARGE = 200 << 10  # bytes of a file that no page loads but the reader of the API's documentation
NOT_SERVED = (
    "redoc*",
    "swagger-ui-es*",
    "*.js.map",
    "rest_framework",  # its pages for a browser are off
    "htmax*",
    "htmx-4*",
    "ext",  # extensions of htmx
    *(source for bundle in BUNDLES for source in sources(bundle)),
)


class QuickCompressor(compress.Compressor):
    """Leaves a tenth of what is large to be saved: the highest level takes ten times as long."""

    @staticmethod
    def compress_brotli(data):
        return compress.brotli.compress(data, quality=9 if len(data) > LARGE else 11)


class Storage(CompressedManifestStaticFilesStorage):
    """Files by the digests in their names, each beside its compressed forms."""

    def create_compressor(self, **options):
        return QuickCompressor(**options)


def collect():
    """Bring the files to `STATIC_ROOT`; return False where just these were brought there before."""
    mark, of_these = Path(settings.STATIC_ROOT or "", "collected"), digest()
    if mark.exists() and mark.read_text() == of_these:
        return False
    mark.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=list(NOT_SERVED))
    mark.write_text(of_these)
    return True


def digest():
    """Return one digest of the name and the bytes of every file that is served, and of how it is kept."""
    content_hash = hashlib.sha256(repr((NOT_SERVED, settings.STORAGES["staticfiles"])).encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list(NOT_SERVED), key=lambda file: file[0]):
            content_hash.update(name.encode())
            with storage.open(name) as file:
                content_hash.update(hashlib.file_digest(file, "sha256").digest())
    return content_hash.hexdigest()
