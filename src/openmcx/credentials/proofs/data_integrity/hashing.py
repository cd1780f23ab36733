"""What a Data Integrity proof signs: the hash of the proof's own members, then that of the document.

Source: Data Integrity EdDSA Cryptosuites 1.0, sections 3.2.3 to 3.2.5 and 3.3.3 to 3.3.5; Data Integrity ECDSA
Cryptosuites 1.0, sections 3.2.3 to 3.2.5 and 3.3.3 to 3.3.5.
"""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from openmcx.credentials.errors import ContextError, DataLossError
from openmcx.credentials.jsonld import BUNDLED, DEFAULT, Limits, canonical_nquads, jcs
from openmcx.credentials.jsonld import Algorithm as Hash
from openmcx.credentials.jsonld.limits import Meter
from openmcx.credentials.jsonld.template import Template
from openmcx.credentials.proofs.data_integrity.suites import Form, find

_HOLES = ("created", "verificationMethod")
_USUAL_MEMBERS = {"@context", "type", "cryptosuite", "proofPurpose", *_HOLES}


def hash_data(
    document: Mapping[str, Any],
    proof_config: Mapping[str, Any],
    cryptosuite: str,
    *,
    algorithm: Hash = "sha256",
    limits: Limits = DEFAULT,
) -> bytes:
    """This will give the bytes that are signed: the hash of the proof's members, then that of the document.

    ``document`` stands without proofs (in a chain: with those that the proof follows), ``proof_config`` is the proof
    without ``proofValue``. ``algorithm`` is that of the key (``hash_for``).

    Raises: ProofError for an unknown cryptosuite, and as ``canonical_nquads`` and ``jcs``.
    """
    form = find(cryptosuite).form
    _, digest = canonical_form(document, form, algorithm, Meter(limits))
    return proof_hash(document, proof_config, form, algorithm, limits) + digest


def canonical_form(document: Mapping[str, Any], form: Form, algorithm: Hash, meter: Meter) -> tuple[str, bytes]:
    """This will give the canonical N-Quads, if it is they that are signed, and the hash of the canonical form."""
    if form == "jcs":
        return "", hashlib.new(algorithm, jcs(dict(document))).digest()
    statements = canonical_nquads(document, limits=meter.limits, algorithm=algorithm, meter=meter)
    return statements, hashlib.new(algorithm, statements.encode()).digest()


def proof_hash(
    document: Mapping[str, Any], proof_config: Mapping[str, Any], form: Form, algorithm: Hash, limits: Limits
) -> bytes:
    """This will give the hash of a proof's own members.

    Raises: as ``canonical_nquads`` and ``jcs``.
    """
    if form == "jcs":
        return hashlib.new(algorithm, jcs(dict(proof_config))).digest()
    if not document.get("@context"):
        raise ContextError("context-missing")
    # The document's contexts give the proof's terms their meaning; for canonicalisation only.
    config = {**proof_config, "@context": document["@context"]}
    try:
        text = _by_template(config) or canonical_nquads(config, limits=limits, algorithm=algorithm)
    except DataLossError as error:
        error.where = f"/proof{error.where or ''}"
        raise
    return hashlib.new(algorithm, text.encode()).digest()


def _by_template(config: Mapping[str, Any]) -> str | None:
    """This will write a proof that has the usual members, and bundled contexts, without walking it.

    It has one blank node at most, so its canonical form is the same with any hash.
    """
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
