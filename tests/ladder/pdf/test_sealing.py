"""The company's own seal: whoever changes a sealed packet breaks it, and without a key nothing is sealed."""

import hashlib
from contextlib import contextmanager

import pytest
from django.test import override_settings

from ladder.pdf import sealing
from ladder.pdf.child import TypesettingFailed, typeset

from .conftest import PASSWORD
from .variants import shortened

pytest.importorskip("pyhanko")


@pytest.fixture
def sealing_on(key):
    with under_the_seal(key):
        yield


@pytest.fixture(scope="module")
def sealed(key, example, tmp_path_factory):
    """A small packet, typeset under the seal: where it lies and what it took."""
    path = tmp_path_factory.mktemp("sealed") / "sealed.pdf"
    with under_the_seal(key):
        return path, typeset(shortened(example), to=path)


@contextmanager
def under_the_seal(key):
    """Have what is typeset meanwhile sealed by `key`."""
    sealing._signer.cache_clear()
    with override_settings(SEAL_KEY=key[0], SEAL_PASSWORD=PASSWORD):
        yield
    sealing._signer.cache_clear()


def status(body, certificate):
    """Return what a reader makes of the seal; None when it finds none that holds."""
    from io import BytesIO

    from asn1crypto import x509 as asn1
    from cryptography.hazmat.primitives.serialization import Encoding
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    trusted = asn1.Certificate.load(certificate.public_bytes(Encoding.DER))
    try:
        signature = PdfFileReader(BytesIO(body)).embedded_signatures[0]
        return validate_pdf_signature(signature, ValidationContext(trust_roots=[trusted]))
    except Exception:
        return None


def test_a_packet_is_sealed_whole_and_allows_no_change(sealed, key):
    body = sealed[0].read_bytes()
    said = status(body, key[1])
    assert said.intact
    assert said.valid
    assert said.trusted
    assert str(said.coverage).endswith("ENTIRE_FILE")
    assert said.docmdp_ok


def test_what_is_hashed_is_what_was_sealed(sealed):
    path, result = sealed
    assert result.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert result.bytes == path.stat().st_size


def test_the_seal_is_in_the_name_of_the_company(sealed, snapshot):
    import pikepdf

    with pikepdf.open(sealed[0]) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        assert field.V.Name == snapshot["organisation"]["name"]
        assert field.V.SubFilter == "/ETSI.CAdES.detached"
        assert pdf.Root.Perms.DocMDP.objgen == field.V.objgen


def test_the_seal_on_a_masked_copy_tells_the_day_alone(sealing_on, short, tmp_path, key):
    import pikepdf

    path = tmp_path / "masked.pdf"
    short["packet"] |= {"variant": "masked", "frozen_at": "2026-11-29T00:00:00Z"}
    typeset(short, to=path)

    with pikepdf.open(path) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        told = str(field.V.M)
    assert told.startswith("D:20261129000000")
    assert status(path.read_bytes(), key[1]).valid


def test_a_flipped_bit_breaks_it(sealed, key):
    body = sealed[0].read_bytes()
    for place in range(20, len(body), max(len(body) // 25, 1)):
        changed = bytearray(body)
        changed[place] ^= 1
        said = status(bytes(changed), key[1])
        assert said is None or not (said.intact and said.valid and said.trusted), place


def test_a_change_added_at_the_end_breaks_it(sealed, key):
    from io import BytesIO

    from pyhanko.pdf_utils.generic import NumberObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(sealed[0].read_bytes()))
    page, _resources = writer.find_page_for_modification(0)
    page.get_object()["/Rotate"] = NumberObject(90)
    writer.mark_update(page)
    changed = BytesIO()
    writer.write(changed)
    said = status(changed.getvalue(), key[1])
    assert said is None or not said.bottom_line


def test_a_wrong_password_is_told_and_leaves_nothing(sealing_on, settings, short, tmp_path):
    settings.SEAL_PASSWORD = "wrong"
    with pytest.raises(TypesettingFailed, match="LADDER_SEAL_PASSWORD"):
        typeset(short, to=tmp_path / "x.pdf")
    assert not list(tmp_path.iterdir())


def test_without_the_library_the_remedy_is_named(sealing_on, short, tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "pyhanko.sign.signers", None)
    with pytest.raises(TypesettingFailed, match="pip install pyHanko"):
        typeset(short, to=tmp_path / "x.pdf")


def test_without_a_key_nothing_is_sealed(document):
    assert "/AcroForm" not in document.Root
