"""Issuing: from an award to a signed credential."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from openmcx.credentials.errors import FormatError
from openmcx.credentials.formats import open_badges
from openmcx.credentials.keys.signer import Signer
from openmcx.credentials.model import Credential
from openmcx.credentials.proofs import data_integrity

if TYPE_CHECKING:
    from openmcx.credentials.proofs.data_integrity import Cryptosuite


def issue(
    credential: Credential,
    *,
    signer: Signer,
    created: dt.datetime,
    cryptosuite: "Cryptosuite | None" = None,
    language: str = "",
    plain: bool = False,
) -> dict[str, Any]:
    """This will write an award as an Open Badges 3.0 credential and sign it.

    `created` is the time of signing (aware); `language` is the language of the texts for which Open Badges has room
    for one only; `plain` leaves out all that it has no room for (see `open_badges.write`). The cryptosuite is that of
    the signer's key unless another is named.

    Raises: FormatError when the award cannot be expressed, its validity ends before it begins or the signer's key is
    not the issuer's; DataLossError when something would not be covered by the signature.
    Source: Open Badges 3.0, section 8.2 (Data Integrity); VC Data Integrity 1.0, section 4.2.
    """
    check_signer(credential.issuer.id, signer)
    document = open_badges.write(credential, language=language, plain=plain)
    open_badges.check_shape(document)
    return data_integrity.sign(document, signer=signer, created=created, cryptosuite=cryptosuite or usual_suite(signer))


def issue_status_list(
    document: dict[str, object],
    *,
    signer: Signer,
    created: dt.datetime,
    cryptosuite: "Cryptosuite | None" = None,
) -> dict[str, Any]:
    """This will sign a status list credential that `status_list_credential` wrote.

    Raises: FormatError when the signer's key is not the issuer's.
    """
    check_signer(str(document.get("issuer", "")), signer)
    open_badges.check_shape(document)
    return data_integrity.sign(document, signer=signer, created=created, cryptosuite=cryptosuite or usual_suite(signer))


def usual_suite(signer: Signer) -> "Cryptosuite":
    """This will name the cryptosuite that signs what a document says, rather than its text, with the signer's key."""
    return "eddsa-rdfc-2022" if signer.algorithm == "Ed25519" else "ecdsa-rdfc-2019"


def check_signer(issuer: str, signer: Signer) -> None:
    """This will refuse to sign in somebody else's name.

    Raises: FormatError when the signer's verification method does not belong to the issuer's DID.
    """
    if signer.verification_method.partition("#")[0] != issuer:
        found = signer.verification_method.partition("#")[0]
        raise FormatError("signer-not-the-issuers", found=found, issuer=issuer)
