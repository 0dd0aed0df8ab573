"""Secrets of second factors, sealed before they reach the database."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"ladder second factors"


def seal(text):
    """Return `text` so that only the secret key of this installation, or one that followed it, opens it."""
    return _seals().encrypt(text.encode()).decode("ascii")


def unseal(sealed):
    """Return what was sealed under the secret key or a fallback of it; raises `InvalidToken` otherwise."""
    return _seals().decrypt(sealed.encode("ascii")).decode()


def _seals():
    return MultiFernet([_seal_of(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _seal_of(key):
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))
