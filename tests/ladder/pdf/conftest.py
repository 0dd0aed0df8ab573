import copy
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from django.test import override_settings

from ladder.pdf.child import Child, child, typeset

from .faces import make_face
from .variants import variant_of

HERE = Path(__file__).parent
PASSWORD = "a password of the tests"
VARIANTS = ("committee", "candidate", "masked", "archive")


@pytest.fixture(scope="session", autouse=True)
def a_face_for_the_names(tmp_path_factory):
    """The bundled faces have no Han: a small one lies where an installation would put its own."""
    folder = tmp_path_factory.mktemp("data") / "fonts"
    make_face(folder / "han.ttf")
    with override_settings(FONT_DIR=folder):
        yield folder


@pytest.fixture(scope="session")
def example():
    return json.loads((HERE / "snapshot.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def whole():
    """The archive copy of a packet of the second format, with endorsements, two panels and an appeal."""
    return json.loads((HERE / "archive.json").read_text(encoding="utf-8"))


@pytest.fixture
def snapshot(example):
    """A packet of fifteen competencies, four stories and 24 pieces of evidence; yours to change."""
    return copy.deepcopy(example)


@pytest.fixture
def archive(whole):
    """The archive copy; yours to change."""
    return copy.deepcopy(whole)


@pytest.fixture(scope="session")
def printed(example, tmp_path_factory, a_face_for_the_names):
    """The example, typeset once: where it lies and what it took."""
    path = tmp_path_factory.mktemp("packet") / "packet.pdf"
    return path, typeset(example, to=path)


@pytest.fixture(scope="session")
def copies(whole, tmp_path_factory, a_face_for_the_names):
    """Each copy of the packet, typeset once: `copies(variant)` is its content, its path and what it took."""
    folder, made = tmp_path_factory.mktemp("copies"), {}

    def copy_of(variant):
        if variant not in made:
            content, path = variant_of(whole, variant), folder / f"{variant}.pdf"
            made[variant] = content, path, typeset(content, to=path)
        return made[variant]

    return copy_of


@pytest.fixture
def document(printed):
    with pikepdf.open(printed[0]) as pdf:
        yield pdf


@pytest.fixture
def printer():
    """A child of the test's own, ended with it."""
    own = Child()
    yield own
    own.stop()


@pytest.fixture(scope="session", autouse=True)
def end_the_shared_child():
    yield
    child.stop()


@pytest.fixture(scope="session")
def key(tmp_path_factory):
    """A key and its own certificate, as a company without an authority makes them: path and certificate."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kestrel Freight")])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(True, True, *[False] * 7)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=9))
        .add_extension(usage, critical=True)
        .sign(private, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("key") / "seal.p12"
    sealed_by = BestAvailableEncryption(PASSWORD.encode())
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"seal", private, certificate, None, sealed_by))
    return path, certificate
