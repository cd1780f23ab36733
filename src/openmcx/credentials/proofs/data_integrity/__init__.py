"""Verifiable Credential Data Integrity 1.0 with the EdDSA cryptosuites.

    signed = sign(document, signer=signer, created=at)
    proof = verify(signed, public_key_for=keys, allowed_cryptosuites={"eddsa-rdfc-2022"})

``eddsa-rdfc-2022`` signs what the JSON-LD says, ``eddsa-jcs-2022`` signs the JSON itself. Either signs the hash of the
proof's own members followed by the hash of the document without its proofs.

Source: VC Data Integrity 1.0, sections 4.2 to 4.4; Data Integrity EdDSA Cryptosuites 1.0, sections 3.2 and 3.3.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, get_args

from openmcx.credentials.errors import ContextError, DataLossError, KeyMaterialError, ProofError
from openmcx.credentials.jsonld import BUNDLED, DEFAULT, Limits, canonical_nquads, jcs, to_nquads
from openmcx.credentials.jsonld.contexts import DATA_INTEGRITY_V1, DATA_INTEGRITY_V2, VC_V2
from openmcx.credentials.jsonld.limits import Meter
from openmcx.credentials.jsonld.template import Template
from openmcx.credentials.multibase import decode_base58btc, encode_base58btc
from openmcx.credentials.proofs import ed25519

if TYPE_CHECKING:
    from openmcx.credentials.keys.signer import PublicKey, Signer

type Cryptosuite = Literal["eddsa-rdfc-2022", "eddsa-jcs-2022"]

CRYPTOSUITES: frozenset[str] = frozenset(get_args(Cryptosuite.__value__))
"""All that can be signed and verified here. A caller of ``verify`` names which of them it accepts."""

PROOF_TYPE = "DataIntegrityProof"

_RDFC: Cryptosuite = "eddsa-rdfc-2022"
_JCS: Cryptosuite = "eddsa-jcs-2022"
_DEFINES_DATA_INTEGRITY = (VC_V2, DATA_INTEGRITY_V2, DATA_INTEGRITY_V1)
_HOLES = ("created", "verificationMethod")
_USUAL_MEMBERS = {"@context", "type", "cryptosuite", "proofPurpose", *_HOLES}
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)


@dataclass(frozen=True, slots=True)
class VerifiedProof:
    """What one verified proof says.

    ``document`` is what the signature covers: the document without its proofs and, with ``eddsa-jcs-2022``, without
    contexts that were added behind the signed ones. Read from it, not from what was handed in. ``statements`` are the
    canonical N-Quads that were signed; ``eddsa-jcs-2022`` signs no statements, and there are none with it. ``created``
    and ``expires`` are for the caller to judge; a time without an offset is read as UTC. ``others`` are the further
    proofs of the set, all verified too.
    """

    verification_method: str
    cryptosuite: str
    proof_purpose: str
    document: dict[str, Any] = field(repr=False)
    statements: str = field(default="", repr=False)
    created: datetime | None = None
    expires: datetime | None = None
    domain: tuple[str, ...] = ()
    challenge: str | None = None
    others: tuple[VerifiedProof, ...] = ()


def sign(
    document: Mapping[str, Any],
    *,
    signer: Signer,
    created: datetime,
    cryptosuite: Cryptosuite = _RDFC,
    proof_purpose: str = "assertionMethod",
    domain: str | None = None,
    challenge: str | None = None,
    limits: Limits = DEFAULT,
) -> dict[str, Any]:
    """This will give a new document with a proof, the one handed in staying as it is.

    When the document's contexts do not define Data Integrity (credentials of version 1.1), its context is added.

    Raises: ProofError when there is a proof already or the signer's key does not fit; DataLossError, ContextError,
    DocumentError, WorkLimitError when the document cannot be signed whole.
    Source: VC Data Integrity 1.0, section 4.2 (Add Proof).
    """
    if "proof" in document:
        raise ProofError("proof-present", where="/proof")
    _check_suite(cryptosuite)
    if signer.algorithm != "Ed25519":
        raise ProofError("proof-key-mismatch", found=signer.algorithm, cryptosuite=cryptosuite, expected="Ed25519")
    if created.tzinfo is None:
        raise ValueError("`created` must be an aware time")
    signed = dict(document)
    signed["@context"] = _with_data_integrity(document)
    proof: dict[str, Any] = {
        "type": PROOF_TYPE,
        "cryptosuite": cryptosuite,
        "created": created.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z",
        "verificationMethod": signer.verification_method,
        "proofPurpose": proof_purpose,
    }
    if domain is not None:
        proof["domain"] = domain
    if challenge is not None:
        proof["challenge"] = challenge
    if cryptosuite == _JCS:
        proof["@context"] = signed["@context"]
    proof["proofValue"] = encode_base58btc(signer.sign(hash_data(signed, proof, cryptosuite, limits=limits)))
    signed["proof"] = proof
    return signed


def hash_data(
    document: Mapping[str, Any], proof_config: Mapping[str, Any], cryptosuite: str, *, limits: Limits = DEFAULT
) -> bytes:
    """This will give the 64 bytes that are signed: the hash of the proof's members, then that of the document.

    ``document`` stands without proofs, ``proof_config`` is the proof without ``proofValue``.

    Raises: ProofError for an unknown cryptosuite, and as ``canonical_nquads`` and ``jcs``.
    Source: Data Integrity EdDSA Cryptosuites 1.0, sections 3.2.4 and 3.3.4 (Hashing).
    """
    _check_suite(cryptosuite)
    _, digest = _canonical(document, cryptosuite, limits)
    return _proof_digest(document, proof_config, cryptosuite, limits) + digest


def verify(
    document: Mapping[str, Any],
    *,
    public_key_for: Callable[[str], PublicKey],
    allowed_cryptosuites: Collection[str],
    expected_purpose: str = "assertionMethod",
    domain: str | None = None,
    challenge: str | None = None,
    limits: Limits = DEFAULT,
) -> VerifiedProof:
    """This will verify every proof of a document, or raise.

    ``public_key_for`` gives the public key for a verification method and decides whether that method may be used for
    ``expected_purpose``; whose it is (the issuer's?) is for the caller to check. ``domain`` and ``challenge`` must
    match when they are given. Of several proofs, the first one's content is returned with the others in it.

    Raises: ProofError, KeyMaterialError, and whatever ``hash_data`` and ``public_key_for`` raise.
    Source: VC Data Integrity 1.0, sections 4.4 (Verify Proof) and 4.5 (Verify Proof Sets and Chains).
    """
    proofs = _proofs(document, limits)
    unsecured = {key: value for key, value in document.items() if key != "proof"}
    forms: dict[str, tuple[str, bytes]] = {}
    verified: tuple[VerifiedProof, ...] = ()
    for where, proof in reversed(proofs):
        content = _read(proof, where, unsecured, allowed_cryptosuites, expected_purpose, verified)
        _check_binding(content, domain, challenge, where)
        signature = _signature(proof, where)
        public_key = public_key_for(content.verification_method)
        if public_key.algorithm != "Ed25519":
            raise ProofError(
                "proof-key-mismatch",
                where=where,
                found=public_key.algorithm,
                cryptosuite=content.cryptosuite,
                expected="Ed25519",
            )
        ed25519.check_public_key(public_key.value)
        config = {key: value for key, value in proof.items() if key != "proofValue"}
        data = _proof_digest(unsecured, config, content.cryptosuite, limits)
        # The document's form is the same for all proofs of a suite, unless a JCS proof covers fewer contexts.
        shared = content.cryptosuite if content.document is unsecured else ""
        statements, digest = forms.get(shared) or _canonical(content.document, content.cryptosuite, limits)
        if shared:
            forms[shared] = statements, digest
        if not ed25519.verify(public_key.value, signature, data + digest):
            raise ProofError("signature-wrong", where=where)
        verified = (replace(content, statements=statements), *verified)
    return verified[0]


def statements(proof: VerifiedProof, *, limits: Limits = DEFAULT) -> list[str]:
    """This will give all that the proof's document states, as lines of N-Quads.

    They are the lines that were signed. A signature over the JSON covers what the JSON says, so they are made from it.

    Raises: as ``to_nquads``.
    """
    if proof.statements:
        return proof.statements.split("\n")[:-1]  # a line may hold other line separators within a text
    return to_nquads(proof.document, limits=limits)


def _check_suite(cryptosuite: str) -> None:
    if cryptosuite not in CRYPTOSUITES:
        raise ProofError("unsupported-cryptosuite", cryptosuite=cryptosuite)


def _canonical(document: Mapping[str, Any], cryptosuite: str, limits: Limits) -> tuple[str, bytes]:
    """This will give the canonical N-Quads, if it is they that are signed, and the hash of the canonical form."""
    if cryptosuite == _JCS:
        return "", hashlib.sha256(jcs(dict(document))).digest()
    statements = canonical_nquads(document, limits=limits)
    return statements, hashlib.sha256(statements.encode()).digest()


def _proof_digest(
    document: Mapping[str, Any], proof_config: Mapping[str, Any], cryptosuite: str, limits: Limits
) -> bytes:
    if cryptosuite == _JCS:
        return hashlib.sha256(jcs(dict(proof_config))).digest()
    if not document.get("@context"):
        raise ContextError("context-missing")
    # The document's contexts give the proof's terms their meaning; for canonicalisation only.
    config = {**proof_config, "@context": document["@context"]}
    try:
        text = _by_template(config) or canonical_nquads(config, limits=limits)
    except DataLossError as error:
        error.where = f"/proof{error.where or ''}"
        raise
    return hashlib.sha256(text.encode()).digest()


def _by_template(config: Mapping[str, Any]) -> str | None:
    """This will write a proof that has the usual members, and bundled contexts, without walking it."""
    if config.keys() != _USUAL_MEMBERS:
        return None
    context, created, method = config["@context"], config["created"], config["verificationMethod"]
    if type(created) is not str or type(method) is not str or type(context) is not list:
        return None
    try:
        template = _template(tuple(context), config["type"], config["cryptosuite"], config["proofPurpose"])
    except TypeError:  # something is not hashable, so no text: the general way says what is wrong
        return None
    return None if template is None else template.fill((created, method))


@lru_cache(maxsize=256)
def _template(context: tuple[str, ...], type_: str, cryptosuite: str, proof_purpose: str) -> Template | None:
    if not all(url in BUNDLED for url in context):
        return None
    fixed = {"@context": list(context), "type": type_, "cryptosuite": cryptosuite, "proofPurpose": proof_purpose}
    return Template.of(fixed, _HOLES, Meter())


def _with_data_integrity(document: Mapping[str, Any]) -> Any:
    context = document.get("@context")
    if not context:
        raise ContextError("context-missing")
    listed = context if isinstance(context, list) else [context]
    if any(url in listed for url in _DEFINES_DATA_INTEGRITY):
        return context
    return [*listed, DATA_INTEGRITY_V2]


def _proofs(document: Mapping[str, Any], limits: Limits) -> list[tuple[str, Mapping[str, Any]]]:
    found = document.get("proof")
    if not found:
        raise ProofError("proof-missing")
    proofs = [("/proof", found)] if not isinstance(found, list) else [(f"/proof/{i}", p) for i, p in enumerate(found)]
    if len(proofs) > limits.max_proofs:
        raise ProofError("too-many-proofs", where="/proof", count=len(proofs), limit=limits.max_proofs)
    for where, proof in proofs:
        if not isinstance(proof, Mapping):
            raise ProofError("proof-not-an-object", where=where)
    return proofs


def _read(
    proof: Mapping[str, Any],
    where: str,
    unsecured: dict[str, Any],
    allowed_cryptosuites: Collection[str],
    expected_purpose: str,
    others: tuple[VerifiedProof, ...],
) -> VerifiedProof:
    """This will read a proof's members and compare them with what is allowed; nothing is verified yet."""
    type_ = _text(proof, "type", where)
    if type_ != PROOF_TYPE:
        raise ProofError("unsupported-proof-type", where=f"{where}/type", type=type_)
    cryptosuite = _text(proof, "cryptosuite", where)
    if cryptosuite not in CRYPTOSUITES:
        raise ProofError("unsupported-cryptosuite", where=f"{where}/cryptosuite", cryptosuite=cryptosuite)
    if cryptosuite not in allowed_cryptosuites:
        raise ProofError(
            "cryptosuite-not-allowed",
            where=f"{where}/cryptosuite",
            cryptosuite=cryptosuite,
            allowed=", ".join(sorted(allowed_cryptosuites)),
        )
    if "previousProof" in proof:
        raise ProofError("proof-chain-unsupported", where=f"{where}/previousProof")
    purpose = _text(proof, "proofPurpose", where)
    if purpose != expected_purpose:
        raise ProofError(
            "proof-purpose-mismatch", where=f"{where}/proofPurpose", found=purpose, expected=expected_purpose
        )
    return VerifiedProof(
        verification_method=_text(proof, "verificationMethod", where),
        cryptosuite=cryptosuite,
        proof_purpose=purpose,
        document=_covered(unsecured, proof, cryptosuite, where),
        created=_time(proof, "created", where),
        expires=_time(proof, "expires", where),
        domain=_domain(proof, where),
        challenge=_text(proof, "challenge", where) if "challenge" in proof else None,
        others=others,
    )


def _text(proof: Mapping[str, Any], member: str, where: str) -> str:
    if member not in proof:
        raise ProofError("proof-member-missing", where=where, member=member)
    value = proof[member]
    if not isinstance(value, str) or not value:
        raise ProofError("proof-member-not-text", where=f"{where}/{member}", member=member)
    return value


def _time(proof: Mapping[str, Any], member: str, where: str) -> datetime | None:
    if member not in proof:
        return None
    text = _text(proof, member, where)
    try:
        if not _TIME.fullmatch(text):
            raise ValueError(text)
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise ProofError("proof-member-not-time", where=f"{where}/{member}", member=member) from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _domain(proof: Mapping[str, Any], where: str) -> tuple[str, ...]:
    value = proof.get("domain", [])
    domains = value if isinstance(value, list) else [value]
    if not all(isinstance(domain, str) and domain for domain in domains):
        raise ProofError("proof-member-not-text", where=f"{where}/domain", member="domain")
    return tuple(domains)


def _check_binding(content: VerifiedProof, domain: str | None, challenge: str | None, where: str) -> None:
    if domain is not None and domain not in content.domain:
        raise ProofError("proof-domain-mismatch", where=where, expected=domain)
    if challenge is not None and challenge != content.challenge:
        raise ProofError("proof-challenge-mismatch", where=where)


def _signature(proof: Mapping[str, Any], where: str) -> bytes:
    try:
        return decode_base58btc(_text(proof, "proofValue", where), size=ed25519.SIGNATURE_BYTES)
    except KeyMaterialError as error:
        raise ProofError(
            "proof-value-malformed", where=f"{where}/proofValue", expected=ed25519.SIGNATURE_BYTES
        ) from error


def _covered(unsecured: dict[str, Any], proof: Mapping[str, Any], cryptosuite: str, where: str) -> dict[str, Any]:
    """This will give the part of the document that the proof covers.

    Source: Data Integrity EdDSA Cryptosuites 1.0, section 3.3.2, step 4: the document's contexts must begin with the
    proof's, and those are the ones signed. With eddsa-rdfc-2022 the document's contexts count; a proof that brings
    others would be read differently by processors that prefer them.
    """
    if "@context" not in proof:
        return unsecured
    signed, present = proof["@context"], unsecured.get("@context")
    if signed == present:
        return unsecured
    signed_list = signed if isinstance(signed, list) else [signed]
    present_list = present if isinstance(present, list) else [present]
    if cryptosuite != _JCS or not signed or present_list[: len(signed_list)] != signed_list:
        raise ProofError("proof-context-mismatch", where=f"{where}/@context")
    return {**unsecured, "@context": signed}
