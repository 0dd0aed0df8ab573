import copy
import fcntl
import json
from dataclasses import asdict
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

from ladder.pdf.child import Child, Typeset, child, typeset

from .faces import make_face
from .variants import shortened, variant_of

HERE = Path(__file__).parent
PASSWORD = "a password of the tests"
VARIANTS = ("committee", "candidate", "masked", "archive")


@pytest.fixture(scope="session")
def once(of_the_run):
    """A function that makes a file once for all workers of a run: `once(name, make)` is where it lies."""
    folder = of_the_run / "packets"
    folder.mkdir(exist_ok=True)

    def made_once(name, make):
        path = folder / name
        with (folder / f"{path.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                make(path)
        return path

    return made_once


@pytest.fixture(scope="session", autouse=True)
def a_face_for_the_names(once):
    """The bundled faces have no Han: a small one lies where an installation would put its own."""
    folder = once("fonts/han.ttf", make_face).parent
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


@pytest.fixture
def short(snapshot):
    """The packet with one of each kind, which is quickly typeset; yours to change."""
    return shortened(snapshot)


@pytest.fixture(scope="session")
def typeset_once(once, a_face_for_the_names):
    """A function that typesets a packet once for all workers: where it lies and what it took."""

    def typeset_of(name, content):
        def make(told):
            told.write_text(json.dumps(asdict(typeset(content, to=told.with_suffix(".pdf")))))

        told = once(f"{name}.json", make)
        return told.with_suffix(".pdf"), Typeset(**json.loads(told.read_text()))

    return typeset_of


@pytest.fixture(scope="session")
def printed(example, typeset_once):
    """The example, typeset once: where it lies and what it took."""
    return typeset_once("example", example)


@pytest.fixture(scope="session")
def copies(whole, typeset_once):
    """Each copy of the packet, typeset once: `copies(variant)` is its content, its path and what it took."""

    def copy_of(variant):
        content = variant_of(whole, variant)
        return content, *typeset_once(variant, content)

    return copy_of


@pytest.fixture
def document(printed):
    with pikepdf.open(printed[0]) as pdf:
        yield pdf


@pytest.fixture(scope="module")
def printer():
    """A child of the file's own, which its tests may end: the next begins another."""
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
