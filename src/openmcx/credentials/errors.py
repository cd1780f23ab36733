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

Each error carries a stable ``code`` (translated by the node), the ``params`` its sentence names, ``where``, a JSON
pointer (RFC 6901) into the document, and ``because``, the error behind it where there is one. Neither document bodies
nor key material are ever put into a message: ``params`` hold names, sizes and addresses, cut to a length that fits a
sentence, and codes (see `wording`).
"""

from collections.abc import Iterable

from openmcx.credentials.wording import gettext_noop as _
from openmcx.credentials.wording import say

MESSAGES: dict[str, str] = {
    # --- DocumentError --------------------------------------------------------------------------------------------
    "document-too-large": _("The document has {size} bytes; at most {limit} are read. Leave out embedded files."),
    "document-too-deep": _("The document nests deeper than {limit} levels. Flatten it."),
    "document-has-byte-order-mark": _(
        "The document begins with a byte order mark (bytes {mark}). Save it as UTF-8 without a byte order mark."
    ),
    "document-not-utf8": _("The document is not UTF-8: byte {position} cannot be read. Save it as UTF-8."),
    "document-not-json": _(
        "The document is not JSON: it cannot be read on from line {line}, column {column}. Mend it there."
    ),
    "document-empty": _("The document is empty. Choose the file that holds it."),
    "document-not-an-object": _("The document must be a JSON object, but is {kind}."),
    "duplicate-key": _("The key “{key}” stands more than once in the same object. Keep one of them."),
    "not-a-finite-number": _("NaN and infinities are no JSON numbers. Give a finite number or leave the value out."),
    "number-out-of-range": _("A number is too large to be held exactly. Write it as a string."),
    "lone-surrogate": _("A text holds half of a UTF-16 surrogate pair, which is no character. Remove it."),
    "not-json-data": _("A value of type {found} is no JSON value."),
    "key-not-text": _("A key of an object is no text, but of type {found}. Make it a text."),
    "data-not-json": _("What was given as a document holds something that is no JSON. Give JSON values only."),
    "json-ld-invalid": _("The JSON-LD is not valid (“{error}”)."),
    "nquads-invalid": _("Line {line} of the N-Quads is no statement."),
    "nquads-iri-invalid": _("Line {line} of the N-Quads holds no absolute IRI."),
    # the requests of the VC-API
    "request-member-invalid": _(
        "The request's “{member}” is missing or of the wrong kind. Send it as the VC-API says."
    ),
    # --- DataLossError --------------------------------------------------------------------------------------------
    "undefined-term": _(
        "The term “{term}” is not defined by the document's contexts, so a signature would not cover it. "
        "Remove it, or use a term that the contexts define, or an absolute IRI."
    ),
    "undefined-type": _(
        "The type “{term}” is not defined by the document's contexts, so a signature would not cover it. "
        "Remove it, or use a type that the contexts define, or an absolute IRI."
    ),
    "relative-iri": _("“{value}” is no absolute IRI, so a signature would not cover it. Write the whole address."),
    "invalid-iri": _("“{value}” holds characters that an IRI may not hold. Percent-encode them."),
    "invalid-language-tag": _("“{value}” is no language tag of BCP 47. Write one such as “en” or “pt-BR”."),
    "invalid-blank-node": _(
        "“{value}” is no valid blank node label. Use letters, digits, “_”, “-” and “.” after “_:”."
    ),
    "keyword-like-term": _(
        "“{term}” looks like a JSON-LD keyword but is none, so a signature would not cover it. Remove or rename it."
    ),
    "value-says-nothing": _(
        "This value says nothing, so a signature would not cover it. Remove it, or give it a value and a property."
    ),
    "node-says-nothing": _(
        "An address stands where an object must say something itself, so a signature would not cover what is meant. "
        "Embed the object."
    ),
    "document-says-nothing": _("The document says nothing that a signature could cover. Add what it is to say."),
    "index-not-covered": _("A signature would not cover the key of an index. Leave out the index."),
    "blank-node-property": _("A property is a blank node, so a signature would not cover it. Use an IRI."),
    "language-missing": _(
        "A value of the type rdf:langString has no language. Give it a language instead of the type."
    ),
    "not-a-double": _(
        "“{value}” is no xsd:double, so it would be read differently by others. Write it as a JSON number."
    ),
    # --- ContextError ---------------------------------------------------------------------------------------------
    "context-missing": _("The document has no @context. Add the contexts its terms come from."),
    "unknown-context": _(
        "The context “{url}” is not among the contexts that are bundled, and none is ever fetched. Use a bundled one."
    ),
    "context-invalid": _("A context is not valid JSON-LD (“{error}”)."),
    "context-not-an-object": _("A context is neither an address nor an object. Make it one of them."),
    "context-not-json": _("A context holds something that is no JSON. Give JSON values only."),
    "context-term-not-text": _("A term of a context is no text. Make it one."),
    "context-keyword-not-allowed": _("A context in the document uses {keyword}, which is refused there. Leave it out."),
    "context-keyword-unknown": _(
        "A context in the document uses {keyword}, which is no keyword of JSON-LD. Rename it."
    ),
    "context-vocabulary-invalid": _(
        "A context in the document gives an @vocab that is no absolute IRI. Write it whole."
    ),
    "context-language-invalid": _("A context in the document gives a language that is no tag of BCP 47. Correct it."),
    "context-nests-too-deeply": _("A context in the document nests deeper than {limit} levels. Flatten it."),
    "context-address-inside": _(
        "A context in the document names another context for one of its terms, which is refused there. Leave it out."
    ),
    "context-tampered": _(
        "The bundled file of the context “{url}” was changed: its digest is wrong. Reinstall OpenMCX."
    ),
    # --- WorkLimitError -------------------------------------------------------------------------------------------
    "too-many-statements": _("The document makes more than {limit} statements. Divide it."),
    "too-many-nodes": _("The document holds more than {limit} objects without an id. Give them ids or divide it."),
    "too-many-look-alikes": _(
        "Telling objects without an id apart would take more than {limit} steps. Give an id to those that look alike."
    ),
    "look-alikes-too-far": _(
        "More than {limit} objects without an id look alike and point at one another. Give ids to them."
    ),
    "contexts-too-large": _(
        "The contexts of the document define more than {limit} terms. Use bundled contexts, each of them once."
    ),
    "too-many-values": _(
        "The document uses rare features of JSON-LD and holds more than {limit} values. Leave out one or the other."
    ),
    # --- ProofError -----------------------------------------------------------------------------------------------
    "proof-missing": _("The document has no proof, so nothing can be verified. Ask its issuer for the signed version."),
    "proof-present": _("The document already has a proof. Remove it before signing."),
    "proof-not-an-object": _("A proof must be a JSON object."),
    "proof-member-not-text": _("The proof's “{member}” must be a text and not empty."),
    "proof-member-not-time": _("The proof's “{member}” must be a time such as 2026-01-31T12:00:00Z."),
    "proof-value-malformed": _("The proof's “proofValue” must be a signature of {expected} bytes in base58btc (“z…”)."),
    "proof-member-missing": _("The proof has no “{member}”."),
    "too-many-proofs": _("The document has {count} proofs; at most {limit} are checked."),
    "proof-chain-unsupported": _("A proof of “{cryptosuite}” cannot follow on from another proof. Leave out either."),
    "previous-proof-missing": _("The proof follows on from a proof that is not in the document."),
    "previous-proof-twice": _("The proof follows on from a proof of which there are two. Give each an id of its own."),
    "unsupported-proof-type": _("A proof of type “{type}” is not supported; “DataIntegrityProof” is."),
    "unsupported-cryptosuite": _("The cryptosuite “{cryptosuite}” is not supported."),
    "cryptosuite-not-allowed": _("The cryptosuite “{cryptosuite}” is not among those allowed here ({allowed})."),
    "proof-purpose-mismatch": _("The proof was made for “{found}”, not for “{expected}”."),
    "proof-domain-mismatch": _("The proof was made for another domain than “{expected}”."),
    "proof-challenge-mismatch": _("The proof does not answer the challenge that was set."),
    "proof-context-mismatch": _("The document's @context does not start with the proof's @context."),
    "proof-key-mismatch": _("The key given for the proof is of kind {found}; “{cryptosuite}” needs {expected}."),
    # presentations
    "presentation-holder-differs": _("The presentation names {claimed} as its holder, but {found} signed it."),
    "presentation-key-unproven": _(
        "The holder's key stands in the address {address} itself, for which nobody vouches. Present it with a DID."
    ),
    "presentation-key-over": _("The key that signed the presentation was retired or revoked on {date}."),
    "presentation-out-of-time": _("The presentation's proof has expired, or was made in the future ({date})."),
    "presentation-too-many": _("The presentation holds {count} credentials; at most {limit} are looked at."),
    "presentation-mixed": _(
        "Credentials of version 1.1 and 2.0 of the data model cannot stand in one presentation. Present them apart."
    ),
    # selective disclosure
    "selective-base-missing": _("There must be exactly one proof of “{cryptosuite}” from which to derive another."),
    "selective-base-shown": _(
        "The proof is the one from which the holder derives others; it is not for showing. Derive a proof from it."
    ),
    "selective-base-differs": _(
        "The proof has not as many signatures as the document has statements: it is another's."
    ),
    "selective-nothing-shown": _("Nothing would be shown. Name at least one part of the document."),
    "selective-not-possible": _(
        "The document cannot be divided into parts: it holds an ordered list, an object that only its context makes, "
        "or a list of one whose parts are named. Sign it with another cryptosuite."
    ),
    "selective-pointer-wrong": _("“{path}” leads nowhere in the document. Write it like /credentialSubject/name."),
    "selective-suite-needed": _("With “{cryptosuite}” no part of the document can be shown by itself."),
    "selective-too-many": _("The document makes {count} statements; at most {limit} can be signed one by one."),
    "selective-value-malformed": _("The proof's “proofValue” is none of ecdsa-sd-2023: base64url (“u…”) of CBOR."),
    "signature-wrong": _(
        "The signature does not match: the document or the proof was changed, or another key signed it."
    ),
    # JOSE, SD-JWT and COSE
    "jws-malformed": _("This is no JWS in compact form: three parts of base64url with dots between them."),
    "jws-header-unreadable": _("The header of the JWS cannot be read."),
    "jws-header-invalid": _("The header of the JWS has a “{member}” that is malformed."),
    "jws-header-refused": _("The header of the JWS has a “{member}”, which is not accepted here."),
    "jws-algorithm-refused": _("The algorithm “{algorithm}” is not accepted; {allowed} are. Sign with one of them."),
    "jws-type-mismatch": _("The token calls itself “{found}”, but must be {expected}."),
    "jws-key-missing": _("The token does not say which key signed it. Ask its issuer for one that does."),
    "jws-key-not-issuers": _("The key that the token names belongs to {found}, not to its issuer {issuer}."),
    "jws-key-unfit": _("The signature cannot be verified with the key that the token names."),
    "jwt-claim-missing": _("The token has no claim “{member}”, which it must have."),
    "jwt-claim-invalid": _("The claim “{member}” is malformed."),
    "jwt-claim-differs": _("The claim “{member}” says something else than the credential's “{expected}”."),
    "jwt-claim-refused": _("“{member}” may not stand among the claims. Leave it out."),
    "sd-jwt-malformed": _("This is no SD-JWT: a signed JWS, then disclosures, each with “~” before it and at the end."),
    "sd-jwt-too-many-disclosures": _("The SD-JWT has {count} disclosures; at most {limit} are read."),
    "sd-jwt-disclosure-invalid": _("A disclosure is malformed: it must be a list of salt, name and value."),
    "sd-jwt-disclosure-twice": _("A disclosure stands in the SD-JWT more than once."),
    "sd-jwt-disclosure-unreferenced": _("Disclosures that belong to nothing that was signed: {count}. Leave them out."),
    "sd-jwt-digests-invalid": _("What stands in place of something concealed is no digest."),
    "sd-jwt-digest-twice": _("The same digest stands in the SD-JWT more than once."),
    "sd-jwt-hash-unsupported": _("The hash “{algorithm}” is not supported; {allowed} are."),
    "sd-jwt-name-reserved": _("The name “{member}” has a meaning of its own in an SD-JWT. Use another one."),
    "sd-jwt-name-taken": _("A disclosure would replace “{member}”, which is there already."),
    "sd-jwt-path-wrong": _("There is nothing at “{path}” that can be disclosed alone."),
    "sd-jwt-never-concealed": _("“{path}” must always be shown: whoever could hide it could deceive. Leave it open."),
    "key-binding-missing": _("Its holder has not signed it, which is needed here. Ask them to show it anew."),
    "key-binding-key-missing": _("It names no key of its holder, so the holder's signature cannot be verified."),
    "key-binding-other-token": _("The holder's signature is for something else than what is shown."),
    "cose-malformed": _("This is no COSE_Sign1 message: {reason}."),
    "cose-header-refused": _("The header of the COSE message has a parameter {found}, which is not accepted here."),
    "cose-type-mismatch": _("The COSE message calls itself “{found}”, but must be {expected}."),
    "envelope-invalid": _("The envelope around the credential is not valid: {reason}."),
    # --- KeyMaterialError -----------------------------------------------------------------------------------------
    "multibase-not-base58btc": _(
        "The value is no multibase value in base58btc: “z” and then the digits of base 58, up to {limit} characters."
    ),
    "multibase-wrong-size": _("The length of the value in bytes is {found}; it must be {expected}."),
    "ed25519-key-unsafe": _(
        "The Ed25519 key is of small order or not written canonically: with it a signature would prove nothing. "
        "Use another key."
    ),
    "key-wrong-size": _("The length of the key in bytes is {found}; it must be {expected}."),
    # keys, DIDs and key files
    "key-type-unsupported": _("A key of the kind “{found}” is not supported."),
    "key-type-missing": _("It is not said of what kind the key is."),
    "secret-type-unsupported": _("The secret is of a kind that is not supported; Ed25519, P-256 and P-384 are."),
    "key-not-on-curve": _("The {algorithm} key is no point of its curve. Ask its owner for the right key."),
    "did-invalid": _("“{did}” is no valid DID of the method {method}: {reason}."),
    "did-method-unsupported": _(
        "The DID “{did}” is of a method that is not supported; did:key, did:jwk and did:web are."
    ),
    "did-document-invalid": _("The DID document of “{did}” is not valid: {reason}."),
    "did-document-unreadable": _("The DID document of “{did}” cannot be read."),
    "key-not-in-document": _("The DID document of “{did}” does not list the key “{method}” for signing credentials."),
    "key-file-invalid": _("The key file is not valid: {reason}."),
    "key-file-exists": _("“{path}” exists already; a key is never overwritten. Choose another name."),
    "key-file-locked": _("The key file is protected by a passphrase. Give it."),
    "key-file-passphrase-wrong": _("The passphrase does not open the key file."),
    # kinds of keys, JSON Web Keys, algorithms of signatures
    "secret-out-of-range": _("The secret is no number that {algorithm} allows. Make a new key."),
    "rsa-key-unusable": _(
        "The RSA key is not usable. Use one of {lowest} to {highest} bits with an odd exponent of at most 33 bits."
    ),
    "signature-algorithm-unsupported": _("The algorithm “{algorithm}” is not supported; {allowed} are."),
    "signature-algorithm-mismatch": _("“{algorithm}” needs a key of kind {expected}, but the key is of kind {found}."),
    "jwk-invalid": _("The JSON Web Key is not valid: {reason}."),
    "device-unusable": _("The device with the key cannot be used: {reason}."),
    "device-support-missing": _("Support for devices is not installed. Install “openmcx[pkcs11]”."),
    "service-unusable": _("The service with the key cannot be used: {reason}."),
    "signer-signature-wrong": _(
        "What {method} is said to sign with made a signature that does not match its public key. Nothing was signed; "
        "check which key it uses."
    ),
    "jwk-set-invalid": _("What lies at {address} is no usable set of JSON Web Keys: {reason}."),
    # --- FormatError ----------------------------------------------------------------------------------------------
    "format-member-missing": _("The credential has no “{member}”."),
    "format-member-invalid": _("The credential's “{member}” is wrong: {reason}."),
    "format-not-an-achievement": _("The document is no award of an achievement as in Open Badges 3.0."),
    "format-cannot-write": _("The credential cannot be written: {reason}."),
    "signer-not-the-issuers": _(
        "The key belongs to {found}, not to the issuer {issuer}. Sign with a key of the issuer."
    ),
    "node-described-twice": _(
        "“{id}” is described in more than one place, so a reader could miss a part. Keep one description."
    ),
    "signed-term-hidden": _(
        "“{term}” is written in a way that readers do not look at, although the signature would still match. "
        "Use the term that the contexts define."
    ),
    "own-context": _("The document defines terms of its own, which no signature covers. Use bundled contexts only."),
    # --- pictures, PDF files and older formats (DocumentError, FormatError, ProofError) ----------------------------
    "picture-too-large": _("The picture has {size} bytes; at most {limit} are read. Save it smaller."),
    "picture-kind-unknown": _("The file is no PNG and no SVG. Badges are baked into these two kinds of pictures."),
    "png-damaged": _("The PNG is damaged: a part is cut off or its checksum is wrong. Get the picture again."),
    "png-too-many-parts": _("The PNG has more than {limit} parts. Save it anew in a picture editor."),
    "svg-unreadable": _("The SVG is no well-formed XML: it cannot be read on from line {line}. Mend it there."),
    "svg-is-other-xml": _("The file is XML, but no SVG: its outermost element is not “svg” of SVG's namespace."),
    "svg-defines-entities": _(
        "The SVG's document type defines entities or attributes, which is refused. Save it without a document type."
    ),
    "svg-not-utf8": _("The SVG says that it is written in {found}. Save it as UTF-8."),
    "svg-too-many-parts": _(
        "The SVG has more than {limit} elements or nests them deeper than {highest} levels. Save a simpler drawing."
    ),
    "baked-twice": _(
        "The picture carries more than one credential, so different readers would find different ones. "
        "Ask the issuer for a picture with one."
    ),
    "baked-compressed": _(
        "The credential in the picture is compressed, which Open Badges 3.0 forbids. Ask the issuer to bake it anew."
    ),
    "baked-too-large": _(
        "The credential in the picture has more than {limit} bytes. Ask the issuer for a smaller one."
    ),
    "baked-empty": _("The picture has a place for a credential, but nothing in it. Ask the issuer to bake it anew."),
    # --- certificates, seals and time-stamps (KeyMaterialError, ProofError) ----------------------------------------
    "certificate-invalid": _("A certificate cannot be used: {reason}."),
    "certificate-not-trusted": _(
        "The certificate of {subject} comes from {issuer}, and leads to no authority that is trusted here. "
        "Add the authority to those trusted, or ask the issuer for a seal of a trusted one."
    ),
    "certificate-not-valid-then": _(
        "The certificate of {subject} was valid from {begins} until {ends}, and is needed for {date}. "
        "Ask the issuer for a new seal."
    ),
    "certificate-for-something-else": _(
        "The certificate of {subject} was made for another use. Use one for that purpose."
    ),
    "certificate-path-invalid": _(
        "The path from the certificate of {subject} to the trusted one is not valid (“{detail}”)."
    ),
    "seal-invalid": _("The seal is not valid: {reason}."),
    "timestamp-invalid": _("A time-stamp is not valid: {reason}."),
    "pdf-too-long": _("The texts of the sheet have more than {limit} characters together. Shorten them."),
    "pdf-code-not-square": _("The QR code must be a square of at most {limit} rows. Give the modules of one code."),
    "pdf-logo-unusable": _("The logo must be a PNG or JPEG of at most {limit} bytes. Save it so."),
    "pdf-not-laid-out": _("The sheet cannot be laid out. Check its pictures and fonts."),
    "pdf-too-large": _("The PDF file has {size} bytes; at most {limit} are read. Leave out pictures and attachments."),
    "pdf-damaged": _("The file is no sound PDF: a part of its structure is missing or wrong. Get the file again."),
    "pdf-encrypted": _("The PDF file is encrypted. Save it without a password."),
    "pdf-too-complicated": _(
        "The PDF file is built in a way that takes too much work to read, or that is not supported. Save it anew."
    ),
    "pdf-several-credentials": _(
        "The credentials attached to the PDF file are {count}, so it is not clear which one is meant. "
        "Save the right attachment and hand in that."
    ),
    "badge-not-reachable": _("A part of the badge lies at {address}, which could not be fetched ({reason})."),
    "badge-part-unreadable": _("What lies at {address} is no part of a badge."),
    "badge-part-is-another": _("What lies at {address} says that it belongs at {found}. Ask the issuer to mend that."),
    "badge-not-what-is-hosted": _(
        "What lies at {address} is another badge than the one handed in: this one was changed, or that one was."
    ),
    "badge-out-of-scope": _(
        "The badge lies at {address}, which its issuer {issuer} does not name as a place for its badges."
    ),
    "badge-address-not-https": _("“{address}” is no https address, so nobody can be known by it."),
    "badge-signature-missing": _(
        "The badge says that it is signed, but here it stands without its signature. Hand in the signed form."
    ),
    "badge-verification-unknown": _("The badge says to verify it as “{type}”, which is not supported."),
    "badge-key-missing": _("The badge does not say with which key it was signed."),
    "badge-key-not-issuers": _("The key at {address} is not one that the issuer {issuer} lists as its own."),
    "badge-key-malformed": _("The key of the badge is no public key that is supported (RSA, P-256, P-384, Ed25519)."),
    "pdf-sealed-already": _("The PDF file is sealed already, and a second seal would break the first. Seal it before."),
    "pdf-changed-after-sealing": _(
        "The seal does not cover the whole PDF file: something was changed or added after sealing. "
        "Get the file again from where it was issued."
    ),
    "pdf-seal-kind-unsupported": _("The PDF file is signed in a form that is not supported (“{type}”)."),
    "pdf-seal-malformed": _("The seal of the PDF file cannot be read."),
    "pdf-seal-weak": _(
        "The seal of the PDF file was made in a way that is not accepted any more. Have it sealed anew."
    ),
    "pdf-stamp-from-the-future": _("The seal's time-stamp says that it was made at a time that has not come yet."),
    "pkcs12-unusable": _(
        "The file with key and certificate (PKCS #12) cannot be opened: it is malformed or incomplete, or the "
        "passphrase is not the right one."
    ),
    "clr-incomplete": _("The learner record has no name or no award. Give it both."),
    "clr-too-many": _("The learner record holds more than {limit} awards or associations. Divide it."),
    "clr-award-twice": _("The award “{id}” is in the learner record twice. Keep it once."),
    "clr-association-dangling": _(
        "An association names the achievement “{id}”, which is not in the learner record. Add it or leave it out."
    ),
    "clr-not-a-record": _("The document is no Comprehensive Learner Record 2.0."),
    # --- StatusError ----------------------------------------------------------------------------------------------
    "status-list-encoding": _("The status list cannot be unpacked: {reason}."),
    "status-list-too-large": _("The status list unpacks to more than {limit} bytes."),
    "status-list-too-short": _("The status list has {found} entries; at least {expected} are required."),
    "status-index-out-of-range": _("The index {index} is outside the status list, which has {size} entries."),
    "status-list-full": _("The status list has no free index left. Begin another list."),
    "status-bits-invalid": _("A status takes 1, 2, 4 or 8 bits, not {found}."),
    "status-value-out-of-range": _("The status {value} does not fit into the bits that a status takes in the list."),
}

# What is quoted from a hostile document stays short and on one line.
_QUOTED_CHARACTERS = 120


class CredentialError(Exception):
    """Anything the credential core refuses."""

    def __init__(
        self, code: str, *, where: str | None = None, because: "CredentialError | None" = None, **params: object
    ) -> None:
        """This will keep code, place, cause and parameters; the sentence is made when it is asked for."""
        self.code = code
        self.where = where
        self.because = because
        self.params: dict[str, object] = {name: quotable(value) for name, value in params.items()}
        super().__init__(code)

    def __str__(self) -> str:
        """This will give the English sentence, with the place in the document when it is known."""
        sentence = say(MESSAGES[self.code], self.params)
        if self.because is not None:
            sentence = f"{sentence} {self.because}"
        return f"{sentence} (at {self.where})" if self.where else sentence

    def __reduce__(self) -> tuple[object, ...]:
        """This will let the error cross process borders (workers) with code, place and parameters."""
        return _rebuild, (type(self), self.code, self.where, self.because, self.params)


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


def _rebuild(
    kind: type[CredentialError],
    code: str,
    where: str | None,
    because: CredentialError | None,
    params: dict[str, object],
) -> CredentialError:
    return kind(code, where=where, because=because, **params)
