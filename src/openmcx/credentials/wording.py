"""How the core puts what it says into words, so that it can be said in other languages too.

A sentence belongs to a code and names parameters. These are data – numbers, names, addresses, what a document says –
and stand in the sentence as they are, but for two: `kind` and `reason` hold codes, whose words stand in KINDS and
REASONS. Whoever translates gives `say` the means to do so.
"""

from collections.abc import Callable, Mapping

type Words = Mapping[str, Mapping[str, str]]
"""For each parameter that holds a code, the words by that code."""


def gettext_noop(text: str) -> str:
    """This will return `text` as it is; the name lets translators' tools find it."""
    return text


_ = gettext_noop

# What a file or a value is.
KINDS: dict[str, str] = {
    # values of JSON
    "json-array": _("a list"),
    "json-boolean": _("true or false"),
    "json-null": _("null"),
    "json-number": _("a number"),
    "json-object": _("an object"),
    "json-string": _("a text"),
    # documents
    "bitstring-status-list": _("a Bitstring Status List credential"),
    "comprehensive-learner-record": _("a Comprehensive Learner Record"),
    "enveloped-credential": _("an enveloped verifiable credential"),
    "european-digital-credential": _("a European Digital Credential"),
    "european-digital-credential-sealed": _("a sealed European Digital Credential"),
    "european-digital-credential-unsealed": _("a European Digital Credential without a seal"),
    "jws-json": _("a JWS in JSON form"),
    "jwt": _("a JWT"),
    "open-badge-2": _("an Open Badges 2.0 badge"),
    "open-badge-3": _("an Open Badges 3.0 credential"),
    "pdf": _("a PDF file"),
    "picture": _("a picture"),
    "png": _("a PNG image"),
    "png-with-badge": _("a PNG image with a baked badge"),
    "sd-jwt": _("an SD-JWT"),
    "svg": _("an SVG image"),
    "svg-with-badge": _("an SVG image with a baked badge"),
    "verifiable-credential": _("a W3C verifiable credential"),
    "verifiable-presentation": _("a verifiable presentation"),
    "web-page": _("a web page"),
    "wrapped-credential": _("a credential in a wrapper"),
    "wrapped-credential-unsigned": _("an unsigned credential in a wrapper"),
    "xml": _("an XML document"),
    "zip": _("a ZIP archive or office document"),
}

REASONS: dict[str, str] = {
    # --- why something could not be fetched: the codes of the transport ---------------------------------------------
    "address-not-public": _("it is not on the public internet"),
    "answer-invalid": _("the answer is no valid HTTP"),
    "answer-is-a-page": _("it leads to a web page; open it and download the credential there"),
    "answer-refused": _("the server refuses or does not have it"),
    "budget-used-up": _("too much would have to be fetched for one credential"),
    "connection-failed": _("the server does not answer"),
    "credentials-in-url": _("the address holds a user name or password"),
    "encoding-not-supported": _("the answer is compressed in a way that is not read"),
    "fetch-failed": _("“{detail}”"),  # a transport that has no such codes
    "name-not-resolved": _("the name of the server is not known"),
    "nothing-is-fetched": _("nothing is fetched here"),
    "port-not-allowed": _("the port is not one that is fetched"),
    "redirect-downgrade": _("it leads on to an address that is not encrypted"),
    "redirect-invalid": _("it leads on to an address that cannot be fetched"),
    "scheme-not-allowed": _("only encrypted addresses are fetched"),
    "tls-failed": _("the encrypted connection could not be made"),
    "too-large": _("the server sends too much"),
    "too-many-redirects": _("it leads on to other addresses too often"),
    "too-slow": _("the server is too slow"),
    "url-invalid": _("it is no address that can be fetched"),
    # --- what is wrong with a member of a credential ---
    "before-valid-from": _("it lies before validFrom"),
    "entry-not-an-object": _("an entry is no object or has no type"),
    "index-not-text": _("it is no whole number written as text"),
    "list-for-something-else": _("it is a list for something else"),
    "no-absolute-iri": _("it is no absolute IRI"),
    "no-credential-type": _("it names no VerifiableCredential"),
    "no-instant": _("it is no date and time such as 2026-01-31T12:00:00Z"),
    "no-status-list": _("it is no status list"),
    "no-such-instant": _("there is no such date and time"),
    "no-text": _("it is no text"),
    "not-one-learner": _("there must be exactly one learner"),
    "too-many-lists": _("it names {count} lists, and at most {limit} are asked"),
    "wrong-first-context": _("it does not begin with the context of Verifiable Credentials"),
    # --- why a credential cannot be written ---
    "achievement-incomplete": _("the achievement has no id or no title"),
    "awarding-body-differs": _("the awarding body has the issuer's id but is described differently"),
    "credential-without-id": _("the credential has no id"),
    "duration-negative": _("a duration is negative"),
    "eqf-level-unknown": _("there is no EQF level {value}"),
    "institution-without-id": _("an institution has no id (a DID or a web address)"),
    "isced-level-unknown": _("there is no ISCED level {value}"),
    "number-unusable": _("a number is not finite or too long"),
    "specification-incomplete": _("the specification has no id or no title"),
    "time-without-zone": _("a time has no time zone"),
    "validity-impossible": _("{value} months are no period of validity"),
    # --- what is wrong with a DID, its document or a key file ---
    "another-controller": _("somebody else controls the key"),
    "another-did": _("it is the document of another DID"),
    "did-host-invalid": _("the host is no domain name"),
    "did-host-is-ip": _("the host is an IP address"),
    "did-key-fragment-differs": _("the part after “#” is not the key of the DID"),
    "did-key-fragment-missing": _("it names no key after “#”"),
    "did-part-invalid": _("a part is empty or holds a character that must be percent-encoded"),
    "did-path-outside": _("the path steps outside of itself"),
    "did-port-invalid": _("the port is no number"),
    "did-prefix-missing": _("it does not begin with {method}: or is too long"),
    "key-kind-differs": _("a key is not of the kind it is said to be"),
    "key-listed-twice": _("it lists the key twice"),
    "key-time-invalid": _("“{member}” is no date and time"),
    "no-plain-web-address": _("it is not made from a plain web address"),
    "too-many-keys": _("it lists more than {limit} keys"),
    "encryption-unsupported": _("its encryption is not supported"),
    "file-too-large": _("it is too large"),
    "no-json-object": _("it is no JSON object"),
    "no-secret": _("it holds no secret"),
    "part-malformed": _("its encrypted part is malformed"),
    "public-key-differs": _("the public key is not that of the secret"),
    "wrong-format": _("its format is not {expected}"),
    # --- why a status list cannot be unpacked ---
    "bits-cut-off": _("the packed bits are cut off or followed by something else"),
    "no-gzip": _("it is not base64url of gzip"),
    "no-multibase": _("it does not begin with “u”"),
}

WORDS: Words = {"kind": KINDS, "reason": REASONS}


def say(
    sentence: str,
    params: Mapping[str, object],
    *,
    words: Words = WORDS,
    translate: Callable[[str], str] = gettext_noop,
) -> str:
    """This will put the parameters into a sentence, in the language of `translate`; without it, in English.

    A code that has no words stands as it is.
    """
    shown = dict(params)
    for name in words.keys() & params.keys():
        text = words[name].get(str(params[name]))
        if text is not None:
            shown[name] = translate(text).format(**params)
    return translate(sentence).format(**shown)
