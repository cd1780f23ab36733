"""Everything the credential core can say no with.

    CredentialError
    ├── DocumentError        the bytes or the JSON cannot be read as a credential
    ├── DataLossError        something in the document would not be covered by a signature
    ├── ContextError         a JSON-LD context is unknown, hostile or wrong
    ├── WorkLimitError       reading it would cost more work than we are willing to spend
    ├── ProofError           the proof is missing, malformed, not allowed or wrong
    ├── KeyMaterialError     a key, a multibase value or a verification method is unusable
    ├── FormatError          the JSON is sound, but is no credential of the format
    └── StatusError          a status list is unusable

Each error carries a stable ``code`` (translated by the node), the ``params`` its sentence names and ``where``, a JSON
pointer (RFC 6901) into the document. Neither document bodies nor key material are ever put into a message: ``params``
hold names, sizes and addresses, cut to a length that fits a sentence.
"""

from collections.abc import Iterable

MESSAGES: dict[str, str] = {
    # --- DocumentError --------------------------------------------------------------------------------------------
    "document-too-large": "The document has {size} bytes; at most {limit} are read. Leave out embedded files.",
    "document-too-deep": "The document nests deeper than {limit} levels. Flatten it.",
    "document-has-byte-order-mark": (
        "The document begins with a byte order mark (bytes {mark}). Save it as UTF-8 without a byte order mark."
    ),
    "document-not-utf8": "The document is not UTF-8: byte {position} cannot be read. Save it as UTF-8.",
    "document-not-json": "The document is not JSON: {reason} (line {line}, column {column}).",
    "document-not-an-object": "The document must be a JSON object, but is {found}.",
    "duplicate-key": "The key “{key}” stands more than once in the same object. Keep one of them.",
    "not-a-finite-number": "{found} is no JSON number. Give a finite number or leave the value out.",
    "number-out-of-range": "A number is too large to be held exactly. Write it as a string.",
    "lone-surrogate": "A text holds half of a UTF-16 surrogate pair, which is no character. Remove it.",
    "not-json-data": "A value of type {found} is no JSON value.",
    "json-ld-invalid": "The JSON-LD is not valid ({reason}).",
    # --- DataLossError --------------------------------------------------------------------------------------------
    "undefined-term": (
        "The term “{term}” is not defined by the document's contexts, so a signature would not cover it. "
        "Remove it, or use a term that the contexts define, or an absolute IRI."
    ),
    "undefined-type": (
        "The type “{term}” is not defined by the document's contexts, so a signature would not cover it. "
        "Remove it, or use a type that the contexts define, or an absolute IRI."
    ),
    "relative-iri": "“{value}” is no absolute IRI, so a signature would not cover it. Write the whole address.",
    "invalid-iri": "“{value}” holds characters that an IRI may not hold. Percent-encode them.",
    "invalid-language-tag": "“{value}” is no language tag of BCP 47. Write one such as “en” or “pt-BR”.",
    "invalid-blank-node": "“{value}” is no valid blank node label. Use letters, digits, “_”, “-” and “.” after “_:”.",
    "keyword-like-term": (
        "“{term}” looks like a JSON-LD keyword but is none, so a signature would not cover it. Remove or rename it."
    ),
    "value-says-nothing": (
        "This value says nothing, so a signature would not cover it. Remove it, or give it a value and a property."
    ),
    "node-says-nothing": (
        "An address stands where an object must say something itself, so a signature would not cover what is meant. "
        "Embed the object."
    ),
    "document-says-nothing": "The document says nothing that a signature could cover. Add what it is to say.",
    "index-not-covered": "A signature would not cover the key of an index. Leave out the index.",
    "blank-node-property": "A property is a blank node, so a signature would not cover it. Use an IRI.",
    "language-missing": "A value of the type rdf:langString has no language. Give it a language instead of the type.",
    "not-a-double": "“{value}” is no xsd:double, so it would be read differently by others. Write it as a JSON number.",
    # --- ContextError ---------------------------------------------------------------------------------------------
    "context-missing": "The document has no @context. Add the contexts its terms come from.",
    "unknown-context": (
        "The context “{url}” is not among the contexts that are bundled, and none is ever fetched. Use a bundled one."
    ),
    "context-invalid": "A context is not valid JSON-LD ({reason}).",
    "context-keyword-not-allowed": "A context in the document uses {keyword}, which is refused there. Leave it out.",
    "context-keyword-unknown": "A context in the document uses {keyword}, which is no keyword of JSON-LD. Rename it.",
    "context-vocabulary-invalid": "A context in the document gives an @vocab that is no absolute IRI. Write it whole.",
    "context-language-invalid": "A context in the document gives a language that is no tag of BCP 47. Correct it.",
    "context-nests-too-deeply": "A context in the document nests deeper than {limit} levels. Flatten it.",
    "context-address-inside": (
        "A context in the document names another context for one of its terms, which is refused there. Leave it out."
    ),
    "context-tampered": "The bundled file of the context “{url}” was changed: its digest is wrong. Reinstall OpenMCX.",
    # --- WorkLimitError -------------------------------------------------------------------------------------------
    "too-many-statements": "The document makes more than {limit} statements. Divide it.",
    "too-many-nodes": "The document holds more than {limit} objects without an id. Give them ids or divide it.",
    "too-many-look-alikes": (
        "Telling objects without an id apart would take more than {limit} steps. Give an id to those that look alike."
    ),
    "look-alikes-too-far": (
        "More than {limit} objects without an id look alike and point at one another. Give ids to them."
    ),
    "contexts-too-large": (
        "The contexts of the document define more than {limit} terms. Use bundled contexts, each of them once."
    ),
    "too-many-values": (
        "The document uses rare features of JSON-LD and holds more than {limit} values. Leave out one or the other."
    ),
    # --- ProofError -----------------------------------------------------------------------------------------------
    "proof-missing": "The document has no proof, so nothing can be verified. Ask its issuer for the signed version.",
    "proof-present": "The document already has a proof. Remove it before signing.",
    "proof-not-an-object": "A proof must be a JSON object.",
    "proof-member-not-text": "The proof's “{member}” must be a text and not empty.",
    "proof-member-not-time": "The proof's “{member}” must be a time such as 2026-01-31T12:00:00Z.",
    "proof-value-malformed": "The proof's “proofValue” must be a signature of {expected} bytes in base58btc (“z…”).",
    "proof-member-missing": "The proof has no “{member}”.",
    "too-many-proofs": "The document has {count} proofs; at most {limit} are checked.",
    "proof-chain-unsupported": "The proof refers to a previous proof; chains of proofs are not supported.",
    "unsupported-proof-type": "A proof of type “{type}” is not supported; “DataIntegrityProof” is.",
    "unsupported-cryptosuite": "The cryptosuite “{cryptosuite}” is not supported.",
    "cryptosuite-not-allowed": "The cryptosuite “{cryptosuite}” is not among those allowed here ({allowed}).",
    "proof-purpose-mismatch": "The proof was made for “{found}”, not for “{expected}”.",
    "proof-domain-mismatch": "The proof was made for another domain than “{expected}”.",
    "proof-challenge-mismatch": "The proof does not answer the challenge that was set.",
    "proof-context-mismatch": "The document's @context does not start with the proof's @context.",
    "proof-key-mismatch": "The key given for the proof is of kind {found}; “{cryptosuite}” needs {expected}.",
    "signature-wrong": "The signature does not match: the document or the proof was changed, or another key signed it.",
    # --- KeyMaterialError -----------------------------------------------------------------------------------------
    "multibase-not-base58btc": (
        "The value is no multibase value in base58btc: “z” and then the digits of base 58, up to {limit} characters."
    ),
    "multibase-wrong-size": "The value holds {found} bytes; {expected} are expected.",
    "ed25519-key-unsafe": (
        "The Ed25519 key is of small order or not written canonically: with it a signature would prove nothing. "
        "Use another key."
    ),
    "key-wrong-size": "The key has {found} bytes; {expected} are expected.",
    # keys, DIDs and key files
    "key-type-unsupported": "A key of the kind “{found}” is not supported.",
    "key-not-on-curve": "The {algorithm} key is no point of its curve. Ask its owner for the right key.",
    "did-invalid": "“{did}” is no valid DID of the method {method}: {reason}.",
    "did-method-unsupported": "The DID “{did}” is of a method that is not supported; did:key and did:web are.",
    "did-document-invalid": "The DID document of “{did}” is not valid: {reason}.",
    "key-not-in-document": "The DID document of “{did}” does not list the key “{method}” for signing credentials.",
    "key-file-invalid": "The key file is not valid: {reason}.",
    "key-file-exists": "“{path}” exists already; a key is never overwritten. Choose another name.",
    "key-file-locked": "The key file is protected by a passphrase. Give it.",
    "key-file-passphrase-wrong": "The passphrase does not open the key file.",
    # --- FormatError ----------------------------------------------------------------------------------------------
    "format-member-missing": "The credential has no “{member}”.",
    "format-member-invalid": "The credential's “{member}” is wrong: {reason}.",
    "format-not-an-achievement": "The document is no award of an achievement as in Open Badges 3.0.",
    "format-cannot-write": "The credential cannot be written: {reason}.",
    "node-described-twice": (
        "“{id}” is described in more than one place, so a reader could miss a part. Keep one description."
    ),
    "signed-term-hidden": (
        "“{term}” is written in a way that readers do not look at, although the signature would still match. "
        "Use the term that the contexts define."
    ),
    "own-context": "The document defines terms of its own, which no signature covers. Use bundled contexts only.",
    # --- StatusError ----------------------------------------------------------------------------------------------
    "status-list-encoding": "The status list cannot be unpacked: {reason}.",
    "status-list-too-large": "The status list unpacks to more than {limit} bytes.",
    "status-list-too-short": "The status list has {found} entries; at least {expected} are required.",
    "status-index-out-of-range": "The index {index} is outside the status list, which has {size} entries.",
    "status-list-full": "The status list has no free index left. Begin another list.",
}

# What is quoted from a hostile document stays short and on one line.
_QUOTED_CHARACTERS = 120


class CredentialError(Exception):
    """Anything the credential core refuses."""

    def __init__(self, code: str, *, where: str | None = None, **params: object) -> None:
        """This will keep code, place and parameters; the sentence is made when it is asked for."""
        self.code = code
        self.where = where
        self.params: dict[str, object] = {name: quotable(value) for name, value in params.items()}
        super().__init__(code)

    def __str__(self) -> str:
        """This will give the English sentence, with the place in the document when it is known."""
        sentence = MESSAGES[self.code].format(**self.params)
        return f"{sentence} (at {self.where})" if self.where else sentence

    def __reduce__(self) -> tuple[object, ...]:
        """This will let the error cross process borders (workers) with code, place and parameters."""
        return _rebuild, (type(self), self.code, self.where, self.params)


class DocumentError(CredentialError):
    """The bytes or the JSON cannot be read."""


class DataLossError(CredentialError):
    """A part of the document would not be covered by a signature."""


class ContextError(CredentialError):
    """A JSON-LD context is unknown, hostile or wrong."""


class WorkLimitError(CredentialError):
    """Going on would cost more work than is allowed for one document."""


class ProofError(CredentialError):
    """The proof is missing, malformed, not allowed or wrong."""


class KeyMaterialError(CredentialError):
    """A key, a multibase value or a verification method is unusable."""


class FormatError(CredentialError):
    """The JSON is sound, but is no credential of the format."""


class StatusError(CredentialError):
    """A status list is unusable."""


def pointer(parts: Iterable[str | int]) -> str:
    """This will write a path as a JSON pointer.

    Source: RFC 6901, section 3.
    """
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def quotable(value: object) -> object:
    """This will cut a text from a hostile document to what may stand in a sentence; other values stay as they are."""
    if not isinstance(value, str):
        return value
    shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in value)
    return shown if len(shown) <= _QUOTED_CHARACTERS else shown[: _QUOTED_CHARACTERS - 1] + "…"


def _rebuild(kind: type[CredentialError], code: str, where: str | None, params: dict[str, object]) -> CredentialError:
    return kind(code, where=where, **params)
