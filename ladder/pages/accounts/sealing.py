"""Secrets of second factors, sealed before they reach the database."""

from ladder.web.encryption import Seal

_SEAL = Seal(b"ladder second factors")
seal, unseal = _SEAL.seal, _SEAL.unseal
