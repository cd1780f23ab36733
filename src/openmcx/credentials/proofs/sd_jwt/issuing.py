"""Issuing an SD-JWT: members and elements are taken out of the claims, and a digest of each is left behind.

Source: RFC 9901, sections 4.1 (claims set), 4.2 (disclosures, decoy digests) and 9.3 (salts).
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any

import orjson

from openmcx.credentials import base64url
from openmcx.credentials.errors import DocumentError, ProofError, pointer
from openmcx.credentials.keys.signer import Signer
from openmcx.credentials.proofs.jose import sign_compact
from openmcx.credentials.proofs.jose.credentials import written
from openmcx.credentials.proofs.sd_jwt.parts import ALGORITHM, DIGESTS, ELEMENT, digest

type Path = tuple[str | int, ...]
"""Where something stands in the claims: names of members, and indices of elements."""

# 144 bits: whole groups of base64, so that all salts are written at once and cut up.
_SALT_BYTES, _SALT_CHARACTERS = 18, 24
_MAX_DEPTH = 64
_RESERVED = (b'"_sd"', b'"..."', b'"_sd_alg"')


@dataclass(slots=True)
class _Plan:
    """What to conceal at one place and below it."""

    concealed: bool = False
    below: dict[str | int, _Plan] = field(default_factory=dict)


def issue(
    claims: Mapping[str, Any],
    *,
    disclosable: Collection[Path],
    signer: Signer,
    header: Mapping[str, Any],
    decoys: int = 0,
) -> str:
    """This will issue an SD-JWT in which each of the paths can be disclosed alone.

    A path below another one that is disclosable, too, is disclosed inside it (recursive disclosures). `decoys` are
    added to every object and array that conceals something, so that nobody can count what is not shown. `header` holds
    ``typ`` and may hold a reference to the key other than ``kid``.

    Raises: ProofError when a path leads nowhere or a name is reserved; DocumentError when something is no JSON.
    """
    whole = written(claims)
    if any(name in whole for name in _RESERVED):
        _refuse_reserved(claims)
    plan = _plan(tuple(disclosable))
    issuing = _Issuing(os.urandom(_SALT_BYTES * len(disclosable)), decoys)
    concealed = issuing.object(claims, plan, ())
    if disclosable:
        concealed[ALGORITHM] = "sha-256"
    jws = sign_compact(written(concealed), signer=signer, header=header)
    return "~".join((jws, *issuing.disclosures, ""))


@lru_cache(maxsize=64)
def _plan(paths: tuple[Path, ...]) -> _Plan:
    root = _Plan()
    for path in paths:
        place = root
        for part in path:
            place = place.below.setdefault(part, _Plan())
        if place is root or place.concealed:
            raise ProofError("sd-jwt-path-wrong", path=pointer(path))
        place.concealed = True
    return root


class _Issuing:
    """Conceals one set of claims. The salts are drawn at once, as asking the system for each would cost more."""

    def __init__(self, salts: bytes, decoys: int) -> None:
        self._salts = _each_salt(salts)
        self._decoys = decoys
        self.disclosures: list[str] = []

    def object(self, members: Mapping[str, Any], plan: _Plan, path: Path) -> dict[str, Any]:
        """This will give an object with digests in place of what is to be concealed."""
        left = dict(members)
        digests: list[str] = []
        for name, below in plan.below.items():
            if not isinstance(name, str) or name not in left:
                raise ProofError("sd-jwt-path-wrong", path=pointer((*path, name)))
            value = self._value(left[name], below, (*path, name)) if below.below else left[name]
            if below.concealed:
                del left[name]
                digests.append(self._disclose([next(self._salts), name, value]))
            else:
                left[name] = value
        if digests:
            digests += [_decoy() for _ in range(self._decoys)]
            digests.sort()  # their order must not tell which is which
            left[DIGESTS] = digests
        return left

    def array(self, elements: list[Any], plan: _Plan, path: Path) -> list[Any]:
        """This will give an array with digests in place of the elements to be concealed."""
        left = list(elements)
        concealed = False
        for index, below in plan.below.items():
            if not isinstance(index, int) or not 0 <= index < len(elements):
                raise ProofError("sd-jwt-path-wrong", path=pointer((*path, index)))
            value = self._value(elements[index], below, (*path, index)) if below.below else elements[index]
            if below.concealed:
                concealed = True
                value = {ELEMENT: self._disclose([next(self._salts), value])}
            left[index] = value
        if concealed:
            for _ in range(self._decoys):
                left.insert(secrets.randbelow(len(left) + 1), {ELEMENT: _decoy()})
        return left

    def _value(self, value: Any, plan: _Plan, path: Path) -> Any:
        if len(path) > _MAX_DEPTH:
            raise DocumentError("document-too-deep", limit=_MAX_DEPTH)
        if isinstance(value, Mapping):
            return self.object(value, plan, path)
        if isinstance(value, list):
            return self.array(value, plan, path)
        raise ProofError("sd-jwt-path-wrong", path=pointer((*path, next(iter(plan.below)))))

    def _disclose(self, disclosure: list[Any]) -> str:
        text = base64url.encode(orjson.dumps(disclosure))
        self.disclosures.append(text)
        return base64url.encode(sha256(text.encode("ascii")).digest())


def _each_salt(salts: bytes) -> Iterator[str]:
    """This will cut random bytes into salts, each in base64url."""
    text = base64url.encode(salts)
    return iter([text[at : at + _SALT_CHARACTERS] for at in range(0, len(text), _SALT_CHARACTERS)])


def _decoy() -> str:
    return digest(secrets.token_urlsafe(_SALT_BYTES))


def _refuse_reserved(claims: Mapping[str, Any]) -> None:
    """This will refuse names that mean something in an SD-JWT, wherever they stand; as values they are harmless."""
    containers: list[Any] = [claims]
    for container in containers:  # grows while it is gone through
        if isinstance(container, Mapping):
            for name in (DIGESTS, ELEMENT, ALGORITHM):
                if name in container:
                    raise ProofError("sd-jwt-name-reserved", member=name)
            containers.extend(value for value in container.values() if isinstance(value, Mapping | list))
        else:
            containers.extend(value for value in container if isinstance(value, Mapping | list))
