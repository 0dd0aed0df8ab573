"""The company's own seal on a document, where it gave a key: PAdES, certifying that nothing may change.

The key stays with this process: the child that reads people's text never sees it. The seal is set last,
because whatever is written after it breaks it.
"""

from functools import lru_cache
from io import BytesIO

from django.conf import settings
from django.utils.translation import gettext as _

from .refusal import TypesettingFailed

FIELD = "Seal"


def seal(name, *, at=None):
    """Return the function that seals the file at a path in the `name` of the company, with its key.

    `at` is the instant that the seal tells; that of the sealing when None.

    Refuses with `TypesettingFailed` when the key or the library is not there.
    """
    signer = _signer(str(settings.SEAL_KEY), settings.SEAL_PASSWORD)

    def set_on(path):
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import signers
        from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter

        meta = signers.PdfSignatureMetadata(
            field_name=FIELD,
            name=name,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            subfilter=SigSeedSubFilter.PADES,
            md_algorithm="sha256",
        )

        class Signer(signers.PdfSigner):
            def init_signing_session(self, *args, **options):
                session = super().init_signing_session(*args, **options)
                session.system_time = at or session.system_time
                return session

        sealed = BytesIO()
        Signer(meta, signer=signer).sign_pdf(
            IncrementalPdfFileWriter(BytesIO(path.read_bytes())), output=sealed
        )
        path.write_bytes(sealed.getvalue())

    return set_on


@lru_cache(maxsize=1)
def _signer(path, password):
    try:
        from pyhanko.sign.signers import SimpleSigner
    except ImportError:
        raise TypesettingFailed(
            _("LADDER_SEAL_KEY is set, and pyHanko is not installed: pip install pyHanko")
        ) from None
    signer = SimpleSigner.load_pkcs12(path, passphrase=password.encode() or None)
    if signer is None:
        raise TypesettingFailed(_("The key of the seal cannot be read: is LADDER_SEAL_PASSWORD right?"))
    return signer
