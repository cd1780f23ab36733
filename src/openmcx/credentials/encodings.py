"""One award, every encoding: the forms in which a credential is issued, and what each of them cannot hold.

files = {name: encoding.issue(credential, signer=signer, created=now) for name, encoding in ENCODINGS.items()}
for loss in lost(credential, "sd-jwt-vc"):
    print(loss.finding("sd-jwt-vc").sentence)
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from openmcx.credentials import losses
from openmcx.credentials.formats import open_badges
from openmcx.credentials.issue import check_signer, issue
from openmcx.credentials.keys.signer import Signer
from openmcx.credentials.losses import Loss
from openmcx.credentials.model import Credential

type Issue = Callable[[Credential, Signer, dt.datetime, str], bytes]


@dataclass(frozen=True, slots=True)
class Encoding:
    """A form of a credential: its kind (a code of `wording.KINDS`), what files of it are, and how it is made.

    `write` makes the bytes of a signed credential from an award, a signer, the time of signing and the language for
    texts that have room for one only. `keeps` gives an award as the form gives it back.
    """

    kind: str
    suffix: str
    media_type: str
    write: Issue
    keeps: Callable[[Credential], Credential]

    def issue(self, credential: Credential, *, signer: Signer, created: dt.datetime, language: str = "") -> bytes:
        """This will sign an award in this form.

        Raises: FormatError when the form cannot express it or the key is not the issuer's; DataLossError when something
        would not be covered by the signature.
        """
        check_signer(credential.issuer.id, signer)
        return self.write(credential, signer, created, language)


def lost(credential: Credential, target: str) -> tuple[Loss, ...]:
    """This will tell what an award loses in the form `target`, a kind in KEEPS.

    Raises: FormatError when the form cannot express it at all; KeyError when there is no such form.
    """
    return losses.compare(credential, KEEPS[target](credential))


def lost_between(credential: Credential, source: str, target: str) -> tuple[Loss, ...]:
    """This will tell what of that which the form `source` holds of an award is lost on the way into `target`.

    Raises: as `lost`.
    """
    return lost(KEEPS[source](credential), target)


# --- Open Badges 3.0, in each way of securing it ----------------------------------------------------------------------


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def _open_badge(credential: Credential, signer: Signer, created: dt.datetime, language: str) -> bytes:
    return _json(issue(credential, signer=signer, created=created, language=language))


def _plain_open_badge(credential: Credential, signer: Signer, created: dt.datetime, language: str) -> bytes:
    return _json(issue(credential, signer=signer, created=created, language=language, plain=True))


def _checked(credential: Credential, language: str) -> dict[str, Any]:
    # What a token signs must be as good as what is signed as JSON-LD.
    from openmcx.credentials import jsonld

    document = open_badges.write(credential, language=language)
    open_badges.check_shape(document)
    jsonld.to_nquads(document)
    return document


def _open_badge_jwt(credential: Credential, signer: Signer, created: dt.datetime, language: str) -> bytes:
    from openmcx.credentials.proofs import jose

    return jose.sign_open_badge(_checked(credential, language), signer=signer).encode()


def _vc_jwt(credential: Credential, signer: Signer, created: dt.datetime, language: str) -> bytes:
    from openmcx.credentials.proofs import jose

    claims = {"iat": int(created.timestamp())}
    return jose.sign(_checked(credential, language), signer=signer, claims=claims).encode()


def _vc_sd_jwt(credential: Credential, signer: Signer, created: dt.datetime, language: str) -> bytes:
    from openmcx.credentials.proofs import sd_jwt

    # The learner may keep to themselves who they are and how well they did; never what it is, from whom or till when.
    document = _checked(credential, language)
    subject = document["credentialSubject"]
    names = [name for name in subject if name in _OWN or name.startswith("http")]
    paths = [("credentialSubject", name) for name in names]
    claims = {"iat": int(created.timestamp())}
    return sd_jwt.sign(document, disclosable=paths, signer=signer, claims=claims).encode()


_OWN = ("id", "identifier", "result")


def _vc_cose(credential: Credential, signer: Signer, created: dt.datetime, language: str) -> bytes:
    from openmcx.credentials.proofs import cose

    return cose.sign(_checked(credential, language), signer=signer)


def _as_open_badge(credential: Credential) -> Credential:
    return open_badges.read(open_badges.write(credential))


def _as_plain_open_badge(credential: Credential) -> Credential:
    return open_badges.read(open_badges.write(credential, plain=True))


# --- wallets, paper ---------------------------------------------------------------------------------------------------


def _wallet(credential: Credential, signer: Signer, created: dt.datetime, language: str) -> bytes:
    from openmcx.credentials.formats import sd_jwt_vc

    return sd_jwt_vc.issue(credential, signer=signer, issued_at=created, language=language).encode()


def _as_wallet(credential: Credential) -> Credential:
    from openmcx.credentials.formats import sd_jwt_vc

    return sd_jwt_vc.read(sd_jwt_vc.write(credential))


def _printed(credential: Credential, signer: Signer, created: dt.datetime, language: str) -> bytes:
    from openmcx.credentials.formats import pdf

    signed = _open_badge(credential, signer, created, language)
    return pdf.write(pdf.sheet(credential), signed, created=created)


def _as_european(credential: Credential) -> Credential:
    from openmcx.credentials.formats import elm

    return elm.keeps(credential)


ENCODINGS: Mapping[str, Encoding] = {
    encoding.kind: encoding
    for encoding in (
        Encoding("open-badge-3", "json", "application/vc+ld+json", _open_badge, _as_open_badge),
        Encoding("open-badge-3-plain", "json", "application/vc+ld+json", _plain_open_badge, _as_plain_open_badge),
        Encoding("open-badge-3-jwt", "jwt", "text/plain", _open_badge_jwt, _as_open_badge),
        Encoding("credential-jwt", "jwt", "application/vc+jwt", _vc_jwt, _as_open_badge),
        Encoding("credential-sd-jwt", "sdjwt", "application/vc+sd-jwt", _vc_sd_jwt, _as_open_badge),
        Encoding("credential-cose", "cose", "application/vc+cose", _vc_cose, _as_open_badge),
        Encoding("sd-jwt-vc", "sdjwt", "application/dc+sd-jwt", _wallet, _as_wallet),
        Encoding("pdf", "pdf", "application/pdf", _printed, _as_open_badge),
    )
}
"""The forms that a key alone can sign, by their kind. A European Digital Credential needs a certificate as well."""

KEEPS: Mapping[str, Callable[[Credential], Credential]] = {
    **{kind: encoding.keeps for kind, encoding in ENCODINGS.items()},
    "european-digital-credential": _as_european,
}
"""How each form gives an award back, by its kind; for every pair of them `lost_between` says what goes."""
