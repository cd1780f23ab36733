"""Securing credentials as they stand, and deriving from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from openmcx.credentials import jsonld
from openmcx.credentials.formats import vc
from openmcx.credentials.proofs import data_integrity
from openmcx.credentials.proofs.data_integrity.suites import SUITES

if TYPE_CHECKING:
    from openmcx.credentials.keys.signer import Signer
    from openmcx.credentials.proofs.data_integrity import Cryptosuite


def issue(
    credential: Mapping[str, Any],
    *,
    signer: Signer,
    created: dt.datetime,
    cryptosuite: Cryptosuite = "eddsa-rdfc-2022",
    mandatory_pointers: Sequence[str] = (),
    limits: jsonld.Limits = jsonld.DEFAULT,
) -> dict[str, Any]:
    """This will secure a credential of any kind, of version 1.1 or 2.0, as it stands.

    The issuer that it names is not compared with the key. When its contexts do not define Data Integrity (those of
    version 1.1), that context is added. `mandatory_pointers` are for selective disclosure alone: JSON pointers to what
    every derived credential reveals.

    Raises: FormatError, ContextError, DataLossError, DocumentError, WorkLimitError, ProofError.
    Source: VC Data Integrity 1.0, section 4.2; Verifiable Credentials Data Model 2.0, section 4.
    """
    vc.check_credential(credential)
    vc.check_status_entries(credential)
    document = data_integrity.sign(
        credential,
        signer=signer,
        created=created,
        cryptosuite=cryptosuite,
        mandatory_pointers=mandatory_pointers,
        limits=limits,
    )
    if SUITES[cryptosuite].form == "jcs":
        # A signature over the JSON covers terms that mean nothing; they are refused all the same.
        jsonld.to_nquads({name: value for name, value in document.items() if name != "proof"}, limits=limits)
    return document


def derive(
    document: Mapping[str, Any], *, selective_pointers: Sequence[str], limits: jsonld.Limits = jsonld.DEFAULT
) -> dict[str, Any]:
    """This will derive a credential that reveals what it must and what the JSON pointers name.

    Raises: FormatError, ContextError, DataLossError, DocumentError, WorkLimitError, ProofError.
    Source: Data Integrity ECDSA Cryptosuites 1.0, section 3.4.6.
    """
    vc.check_credential(document)
    return data_integrity.derive(document, selective_pointers=selective_pointers, limits=limits)


def envelop(credential: Mapping[str, Any], *, signer: Signer, limits: jsonld.Limits = jsonld.DEFAULT) -> dict[str, Any]:
    """This will secure a credential of version 2.0 as a ``vc+jwt`` and put that into an envelope.

    Raises: as `issue`.
    Source: Securing Verifiable Credentials using JOSE and COSE, section 3.1; data model 2.0, section 4.13.1.
    """
    from openmcx.credentials.proofs import envelopes, jose

    vc.check_credential(credential)
    vc.check_status_entries(credential)
    jsonld.to_nquads(credential, limits=limits)
    return envelopes.wrap(jose.sign(credential, signer=signer), "vc+jwt")
