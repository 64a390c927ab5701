"""What went wrong on the way to an answer, in words. Pure."""

from __future__ import annotations

import ssl
from http.client import HTTPException

from feedgen_kusama.web.answers import Failure, Kind
from feedgen_kusama.web.coding import CodingError, TooLargeError
from feedgen_kusama.web.resolve import PrivateError, UnknownHostError

FAULTS = {
    9: "is not valid yet",
    10: "has expired",
    18: "is signed by itself",
    19: "is signed by an authority that no reader knows",
    20: "comes without the one that signed it, or from an authority that no reader knows",
    21: "comes without the one that signed it",
    62: "is made out to another name",
    64: "is made out to another address",
}
"""What is wrong with a certificate, by OpenSSL's number."""
Errors = tuple[type[Exception], ...]
KINDS: tuple[tuple[Errors, Kind, str], ...] = (
    ((PrivateError,), "private", "lies in a private network"),
    ((TimeoutError,), "time", "more than {patience:g} seconds"),
    ((TooLargeError,), "size", "more than {largest:,} bytes"),
    ((CodingError,), "coding", "{error}"),
    ((UnknownHostError,), "name", "cannot be fetched: no host of this name"),
    ((ssl.SSLCertVerificationError,), "certificate", "its certificate {error}"),
    ((OSError, HTTPException), "connection", "cannot be fetched: {error}"),
    ((ValueError,), "address", "cannot be fetched: {error}"),
)
"""The kind of a failure and how it is told, by the exception; the first that fits."""
EXPECTED: Errors = tuple(error for errors, *_ in KINDS for error in errors)


def certificate_fault(error: ssl.SSLCertVerificationError) -> str:
    """What is wrong with a certificate."""
    return FAULTS.get(error.verify_code, f"cannot be verified ({error.verify_message})")


def failure_of(error: Exception, address: str, *, patience: float, largest: int) -> Failure:
    """One of the expected exceptions as a value."""
    kind, form = next((kind, form) for errors, kind, form in KINDS if isinstance(error, errors))
    return Failure(address=address, kind=kind, reason=form.format(error=_text(error), patience=patience, largest=largest))


def _text(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return certificate_fault(error)
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
