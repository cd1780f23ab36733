"""How the core puts what it says into words, so that it can be said in other languages too.

A sentence belongs to a code and names parameters. These are data – numbers, names, addresses, what a document says –
and stand in the sentence as they are, but for three: `kind`, `reason` and `element` hold codes, whose words stand in
KINDS, REASONS and ELEMENTS. Whoever translates gives `say` the means to do so.
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
    # --- what is wrong with a member of a credential or presentation, as the W3C's data model has them ---
    "before-issuance": _("it lies before issuanceDate"),
    "digest-differs": _("“{id}” has another digest"),
    "digest-malformed": _("it is no digest of SHA-256, SHA-384 or SHA-512 as the data model writes it"),
    "id-of-the-list": _("it is the address of the list, of which the entry is only a part"),
    "no-credential-object": _("an entry is no object, so no credential"),
    "no-language-text": _("it is neither a text nor an object of “@value”, “@language” and “@direction” alone"),
    "no-object": _("an entry is no object"),
    "no-positive-number": _("it is no whole number above 0"),
    "no-presentation-type": _("it names no VerifiablePresentation"),
    "resource-twice": _("it lists “{id}” twice"),
    "resource-without-digest": _("an entry has neither “digestSRI” nor “digestMultibase”"),
    "subject-says-nothing": _("it is no object that says something, and no list of such objects"),
    "too-many-entries": _("it has more than {limit} entries"),
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
    # --- what is wrong with a JSON Web Key or a set of them ---
    "did-jwk-fragment-wrong": _("the part after “#” is not “0”"),
    "jwk-algorithm-differs": _("its “alg” is for another kind of key"),
    "jwk-holds-secret": _("it holds a secret, which must never be shown; take it for stolen and make a new one"),
    "jwk-key-missing": _("it does not hold the key that is named"),
    "jwk-key-twice": _("it holds several keys of the same name"),
    "jwk-kind-unsupported": _("keys of its kind are not supported"),
    "jwk-member-malformed": _("“{member}” is missing or malformed"),
    "jwk-not-for-signatures": _("it is not for verifying signatures"),
    # --- what is wrong with a certificate, a seal or a time-stamp ---
    "certificate-key-unusable": _("its key is malformed"),
    "certificate-list-malformed": _("the list of certificates is empty or no list of texts"),
    "certificate-malformed": _("it is malformed"),
    "certificate-no-base64": _("it is not base64"),
    "certificate-period-impossible": _("it would end before it begins, or a time has no time zone"),
    "certificate-too-large": _("it has more than {limit} bytes"),
    "no-certificate": _("there is none"),
    "too-many-certificates": _("there are more than {limit} of them"),
    "seal-header-malformed": _("its protected header is not base64url of a JSON object"),
    "seal-header-unprotected": _("a header that matters is not covered by the signature"),
    "seal-header-wrong": _("its header “{member}” is malformed"),
    "seal-critical-wrong": _("the list of headers that must be understood is malformed or names an absent one"),
    "seal-critical-unknown": _("it must not be accepted by who does not know the header “{member}”, which is so here"),
    "seal-certificate-differs": _("the digest of the certificate is not that of the one given"),
    "seal-no-certificate": _("it brings no certificate"),
    "seal-not-a-jws": _("it is no JSON with “payload” as text and a signature"),
    "seal-payload-malformed": _("what was sealed is not base64url"),
    "seal-two-times": _("it states two times of sealing"),
    "seal-detached": _("what was sealed lies elsewhere"),
    "seal-too-many": _("there are more than {limit}"),
    "seal-unsigned-malformed": _("what was added after sealing is malformed"),
    "seal-of-another": _("it is the certificate of another key"),
    "timestamp-malformed": _("it is malformed"),
    "timestamp-too-large": _("it has more than {limit} bytes"),
    "timestamp-of-something-else": _("it was made for something else"),
    "timestamp-digest-weak": _("it uses a digest that is not safe"),
    "timestamp-signature-wrong": _("its signature does not match"),
    "timestamp-certificate-missing": _("it names no certificate that it brings along"),
    "timestamp-refused": _("the authority refused it"),
    "timestamp-format-unknown": _("it is of a kind that is not supported"),
    # --- what is wrong with a COSE message or an envelope ---
    "base64-malformed": _("its base64 is malformed"),
    "cbor-beyond-limits": _("its CBOR is too large, too deep or holds too much"),
    "cbor-key-twice": _("a key stands twice in a map"),
    "cbor-malformed": _("its CBOR is malformed, not in the shortest form or of a kind that is not used here"),
    "cose-algorithm-missing": _("it names no algorithm among its protected parameters"),
    "cose-label-twice": _("a parameter stands both among the protected and the unprotected ones"),
    "cose-not-sign1": _("it is no list of headers, content and signature"),
    "no-data-address": _("it holds no data: address with a media type of a secured credential"),
    "no-envelope": _("it is none"),
    # --- why a status list cannot be unpacked ---
    "bits-cut-off": _("the packed bits are cut off or followed by something else"),
    "no-gzip": _("it is not base64url of gzip"),
    "no-zlib": _("it is not base64url of zlib"),
    "no-multibase": _("it does not begin with “u”"),
}

# What the parts of an award are called, by their place in the model. A part without a word of its own is called after
# the whole that it is a part of.
ELEMENTS: dict[str, str] = {
    "id": _("the credential's own identifier"),
    "awarded_on": _("the date of the award"),
    "valid_from": _("the time from which it is valid"),
    "valid_until": _("the time until which it is valid"),
    "evidence_url": _("the link to evidence"),
    "status": _("where it is kept whether it was revoked"),
    # --- learner, result ---
    "learner": _("the learner's data"),
    "learner.id": _("the learner's own identifier (DID)"),
    "learner.given_name": _("the learner's given name"),
    "learner.family_name": _("the learner's family name"),
    "learner.date_of_birth": _("the learner's date of birth"),
    "learner.email": _("the learner's e-mail address"),
    "learner.identifiers": _("the learner's numbers, such as the student number"),
    "result": _("the result"),
    "result.grade": _("the grade"),
    "result.scheme": _("the explanation of the grade"),
    "result.percent": _("the result in percent"),
    "result.ects_grade": _("the ECTS grade"),
    # --- issuer, awarding body ---
    "issuer": _("the issuer's data"),
    "issuer.id": _("the issuer's identifier"),
    "issuer.name": _("the issuer's name"),
    "issuer.country": _("the issuer's country"),
    "issuer.region": _("the issuer's region"),
    "issuer.address": _("the issuer's postal address"),
    "issuer.url": _("the issuer's website"),
    "issuer.email": _("the issuer's e-mail address"),
    "issuer.image_url": _("the issuer's logo"),
    "issuer.identifiers": _("the issuer's identifiers in registers"),
    "issuer.quality_assurance": _("the issuer's accreditation"),
    "achievement": _("the micro-credential's description"),
    "achievement.awarding_body": _("the awarding body's data"),
    "achievement.awarding_body.name": _("the awarding body's name"),
    "achievement.awarding_body.country": _("the awarding body's country"),
    "achievement.awarding_body.region": _("the awarding body's region"),
    "achievement.awarding_body.identifiers": _("the awarding body's identifiers in registers"),
    "achievement.awarding_body.quality_assurance": _("the awarding body's accreditation"),
    # --- achievement ---
    "achievement.id": _("the micro-credential's identifier"),
    "achievement.title": _("the title"),
    "achievement.description": _("the description"),
    "achievement.criteria": _("the criteria for the award"),
    "achievement.version": _("the version of the micro-credential"),
    "achievement.outcomes": _("the learning outcomes"),
    "achievement.outcomes.descriptor": _("the Dublin descriptors of the learning outcomes"),
    "achievement.outcomes.skills": _("the skills of the learning outcomes"),
    "achievement.outcomes.skills.code": _("the codes of the skills"),
    "achievement.outcomes.skills.framework": _("the names of the skills' frameworks"),
    "achievement.workload_ects": _("the workload in ECTS credits"),
    "achievement.workload_hours": _("the workload in hours"),
    "achievement.contact_hours": _("the hours of attendance"),
    "achievement.eqf_level": _("the EQF level"),
    "achievement.nqf_levels": _("the levels of national frameworks"),
    "achievement.cycle": _("the cycle of higher education"),
    "achievement.isced_level": _("the ISCED level"),
    "achievement.fields_of_study": _("the fields of study (ISCED-F)"),
    "achievement.assessments": _("the assessment"),
    "achievement.assessments.kind": _("the types of assessment"),
    "achievement.assessments.title": _("the titles of the assessments"),
    "achievement.assessments.description": _("the descriptions of the assessments"),
    "achievement.assessments.requirements": _("the requirements of the assessments"),
    "achievement.assessments.criteria": _("the criteria of the assessments"),
    "achievement.assessments.weight_percent": _("the weights of the assessments"),
    "achievement.supervision": _("the supervision of the assessment and the check of identity"),
    "achievement.grading_scheme": _("the grading scheme"),
    "achievement.participation": _("the form of participation"),
    "achievement.modality_note": _("the note on the form of participation"),
    "achievement.learning_type": _("whether the learning was formal"),
    "achievement.languages": _("the languages of instruction"),
    "achievement.quality_assurance": _("the quality assurance"),
    "achievement.prerequisites": _("the prerequisites"),
    "achievement.target_groups": _("the target groups"),
    "achievement.target_group_note": _("the note on the target groups"),
    "achievement.admission": _("the admission"),
    "achievement.stackable": _("whether it can be combined with others"),
    "achievement.stackability": _("how it can be combined with others"),
    "achievement.relations": _("the relations to other offers and qualifications"),
    "achievement.identifiers": _("the micro-credential's further identifiers"),
    "achievement.need": _("the need that it answers"),
    "achievement.need_evidence": _("the evidence of the need"),
    "achievement.standards": _("the standards that it follows"),
    "achievement.competences": _("the competences"),
    "achievement.further_information": _("the further information"),
    "achievement.monitoring": _("the monitoring"),
    "achievement.cost_students": _("the costs for students"),
    "achievement.cost_lifelong": _("the costs for lifelong learners"),
    "achievement.homepage": _("the micro-credential's website"),
    "achievement.image_url": _("the micro-credential's picture"),
    "achievement.validity_months": _("how long credentials are valid"),
}

WORDS: Words = {"kind": KINDS, "reason": REASONS, "element": ELEMENTS}


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
