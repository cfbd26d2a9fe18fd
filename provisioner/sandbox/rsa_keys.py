"""RSA keys for the vendors' certificates and clients; made sparingly, because making one takes about 0.1 s."""

from __future__ import annotations

import functools
import itertools

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

_POOL = 6
"""So many keys a process makes, and deals them out in turn."""
_turn = itertools.count()


def deal() -> rsa.RSAPrivateKey:
    """A 2048-bit key, which is another one than the last few."""
    return _key(next(_turn) % _POOL)


@functools.cache
def _key(_slot: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def private_pem(key: rsa.RSAPrivateKey) -> str:
    """The private key in PKCS #8 PEM, not encrypted."""
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return pem.decode()
