"""Short texts that only this installation can read again, though others keep or carry them."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Seal:
    """Seals texts for one purpose: what was sealed for another does not open."""

    def __init__(self, purpose: bytes) -> None:
        self.purpose = purpose

    def seal(self, text: str) -> str:
        """Return `text` so that only the secret key of this installation, or a later one, opens it."""
        return self._keys().encrypt(text.encode()).decode("ascii")

    def unseal(self, sealed: str, within: int | None = None) -> str:
        """Return what was sealed, at most `within` seconds ago; raises `InvalidToken` otherwise."""
        return self._keys().decrypt(sealed.encode("ascii", "replace"), ttl=within).decode()

    def _keys(self) -> MultiFernet:
        return MultiFernet([self._of(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])

    def _of(self, key: str) -> Fernet:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=self.purpose).derive(key.encode())
        return Fernet(urlsafe_b64encode(derived))
