"""Showing an SD-JWT: the holder chooses what to disclose, and signs for whom.

Source: RFC 9901, sections 4.3 (key binding JWT) and 7.2 (processing by the holder).
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from openmcx.credentials import jsonld
from openmcx.credentials.errors import ProofError, pointer
from openmcx.credentials.keys.signer import Signer
from openmcx.credentials.proofs.jose import claims as jwt
from openmcx.credentials.proofs.jose import sign_compact
from openmcx.credentials.proofs.jose.compact import read_payload
from openmcx.credentials.proofs.jose.credentials import written
from openmcx.credentials.proofs.sd_jwt.issuing import Path
from openmcx.credentials.proofs.sd_jwt.parts import Parts, digest, split
from openmcx.credentials.proofs.sd_jwt.verifying import Revealing, hash_of, reveal


@dataclass(frozen=True, slots=True)
class Binding:
    """How a holder proves to have the key: who signs, for which verifier, in answer to which nonce, and when."""

    holder: Signer
    audience: str
    nonce: str
    issued_at: dt.datetime


def disclosable_paths(sd_jwt: str, *, limits: jsonld.Limits = jsonld.DEFAULT) -> tuple[Path, ...]:
    """This will name all that the holder of an SD-JWT can disclose; nothing is verified.

    Raises: as `present`.
    """
    return tuple(_revealed(sd_jwt, limits)[1].texts)


def present(
    sd_jwt: str,
    *,
    disclose: Collection[Path] | None = None,
    binding: Binding | None = None,
    limits: jsonld.Limits = jsonld.DEFAULT,
) -> str:
    """This will give an SD-JWT that discloses what stands at the paths, and what they stand in; None discloses all.

    Raises: ProofError when it is no SD-JWT, or a path is none that can be disclosed.
    """
    parts, revealed = _revealed(sd_jwt, limits)
    chosen = set(revealed.texts if disclose is None else disclose)
    for path in chosen - revealed.texts.keys():
        raise ProofError("sd-jwt-path-wrong", path=pointer(path))
    # What stands inside of something concealed can only be shown with it.
    needed = {
        revealed.texts[path[:end]] for path in chosen for end in range(1, len(path) + 1) if path[:end] in revealed.texts
    }
    shown = Parts(parts.jws, tuple(text for text in parts.disclosures if text in needed), "")
    if binding is None:
        return shown.bound
    claims = read_payload(parts.jws, limits=limits)
    bound = {
        "iat": jwt.numeric_date(binding.issued_at),
        "aud": binding.audience,
        "nonce": binding.nonce,
        "sd_hash": digest(shown.bound, hash_of(claims)),
    }
    # The verifier takes the key from what the issuer signed; naming it again would only help to follow the holder.
    header = {"typ": "kb+jwt", "kid": None}
    return shown.bound + sign_compact(written(bound), signer=binding.holder, header=header)


def _revealed(sd_jwt: str, limits: jsonld.Limits) -> tuple[Parts, Revealing]:
    parts = split(sd_jwt, limits=limits)
    claims = read_payload(parts.jws, limits=limits)
    return parts, reveal(claims, parts, hash_of(claims), limits)
