"""Credentials as JWT: ``vc+jwt`` and ``vp+jwt`` of VC-JOSE-COSE, and the JWT of Open Badges 3.0."""

import base64
import datetime as dt
import hashlib
import hmac
import json

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from openmcx.credentials import base64url
from openmcx.credentials.keys.jwk import write_jwk
from openmcx.credentials.keys.resolve import KeyResolver
from openmcx.credentials.proofs import envelopes, jose
from openmcx.credentials.proofs.jose import claims as jwt
from tests.credentials.token_cases import (
    CREDENTIAL,
    DID,
    NOW,
    OTHER,
    SIGNER,
    VC_V2,
    issuers,
    parts,
    refused,
    signer,
    token,
)

HEADER = {"alg": "ES256", "typ": "vc+jwt", "cty": "vc", "kid": SIGNER.verification_method}


def verify(text, **options):
    return jose.verify(text, **{"public_key_for": issuers, **options})


def with_claims(**claims):
    return token(HEADER, {**CREDENTIAL, **claims})


@pytest.mark.parametrize("algorithm", ["Ed25519", "P-256", "P-384"])
def test_what_is_signed_is_verified_and_says_how(algorithm):
    by = signer(algorithm)
    document = {**CREDENTIAL, "issuer": by.verification_method.partition("#")[0]}
    signed = jose.sign(document, signer=by, claims={"exp": 2_000_000_000, "iat": 1_780_000_000})
    header, payload = parts(signed)
    alg = {"Ed25519": "EdDSA", "P-256": "ES256", "P-384": "ES384"}[algorithm]
    assert header == {"alg": alg, "typ": "vc+jwt", "cty": "vc", "kid": by.verification_method}
    assert payload == {**document, "exp": 2_000_000_000, "iat": 1_780_000_000}
    # The key is found by the verification method, as every other key.
    verified = verify(signed, public_key_for=jose.public_key_for(KeyResolver(None).public_key))
    assert verified.document == document
    assert verified.claims == payload
    assert verified.header == header
    assert (verified.media_type, verified.algorithm, verified.public_key) == ("vc+jwt", alg, by.public_key)
    assert verified.key == jose.KeyReference(kid=by.verification_method, issuer=document["issuer"])
    assert verified.expires_at == dt.datetime.fromtimestamp(2_000_000_000, dt.UTC)
    assert verified.issued_at == dt.datetime.fromtimestamp(1_780_000_000, dt.UTC)
    assert verified.not_before is None


def test_p521_is_known_in_jose():
    by = signer("P-521")
    document = {**CREDENTIAL, "issuer": "https://uni.example/issuer"}
    signed = jose.sign(document, signer=by)
    assert parts(signed)[0]["alg"] == "ES512"
    assert verify(signed, public_key_for=lambda _: by.public_key).document == document
    refused("signature-wrong", verify, signed, public_key_for=lambda _: signer("P-521", 2).public_key)
    refused("jws-key-unfit", verify, signed)


@pytest.mark.parametrize("algorithm", ["none", "None", "", "HS256", "ES256K", "ES521", 1, None, ["ES256"]])
def test_no_other_algorithm_is_accepted(algorithm):
    refused("jws-algorithm-refused", verify, token({**HEADER, "alg": algorithm}, CREDENTIAL))


def test_the_public_key_is_no_shared_secret():
    """The classic confusion: HS256 with the public key as secret."""
    head, body = (base64url.encode(json.dumps(part).encode()) for part in ({**HEADER, "alg": "HS256"}, CREDENTIAL))
    mac = hmac.new(SIGNER.public_key.value, f"{head}.{body}".encode(), hashlib.sha256).digest()
    refused("jws-algorithm-refused", verify, f"{head}.{body}.{base64url.encode(mac)}")


def test_an_algorithm_must_fit_the_key_and_be_among_those_asked_for():
    refusal = refused("jws-key-unfit", verify, token({**HEADER, "alg": "EdDSA"}, CREDENTIAL))
    assert refusal.because.code == "signature-algorithm-mismatch"
    refused("jws-algorithm-refused", verify, with_claims(), algorithms={"EdDSA"})


@pytest.mark.parametrize("member", ["crit", "b64"])
def test_what_changes_how_a_token_is_read_is_refused(member):
    refused("jws-header-refused", verify, token({**HEADER, member: ["exp"]}, CREDENTIAL))


@pytest.mark.parametrize("typ", ["jwt", "JWT", "vc+sd-jwt", "dc+sd-jwt", "vp+jwt", "vc", None, 7, ""])
def test_a_token_of_another_type_is_refused(typ):
    refused("jws-type-mismatch", verify, token({**HEADER, "typ": typ}, CREDENTIAL))


def test_a_type_may_be_written_whole_and_in_capitals():
    assert (
        verify(token({**HEADER, "typ": "application/VC+JWT", "cty": "application/vc"}, CREDENTIAL)).media_type
        == "vc+jwt"
    )


def test_a_token_without_type_or_with_other_content_is_refused():
    refused("jws-type-mismatch", verify, token({"alg": "ES256"}, CREDENTIAL))
    refused("jws-type-mismatch", verify, token({**HEADER, "cty": "vp"}, CREDENTIAL))


def test_a_changed_token_or_another_key_is_refused():
    signed = jose.sign(CREDENTIAL, signer=SIGNER)
    head, body, signature = signed.split(".")
    changed = base64url.encode(json.dumps({**CREDENTIAL, "id": "urn:uuid:0"}).encode())
    refused("signature-wrong", verify, f"{head}.{changed}.{signature}")
    refused("signature-wrong", verify, signed, public_key_for=lambda _: OTHER.public_key)
    der = base64url.encode(b"\x30" + base64url.decode(signature))
    refused("signature-wrong", verify, f"{head}.{body}.{der}")
    refused("signature-wrong", verify, f"{head}.{body}.{base64url.encode(bytes(64))}")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t + "=",
        lambda t: t + ".",
        lambda t: t.rpartition(".")[0] + ".",
        lambda t: "." + t,
        lambda t: t.replace(".", "..", 1),
        lambda t: t + "\n",
        lambda t: t[:-1] + "+",
        lambda t: t[:-1] + "é",
        lambda t: "",
        lambda t: "{}",
    ],
)
def test_what_is_no_compact_jws_is_refused(spoil):
    refused("jws-malformed", verify, spoil(jose.sign(CREDENTIAL, signer=SIGNER)))


def test_base64url_has_one_text_for_one_value():
    signed = jose.sign(CREDENTIAL, signer=SIGNER)
    # 64 bytes of a signature leave four bits of its last character without meaning.
    last = {"A": "B", "Q": "R", "g": "h", "w": "x"}[signed[-1]]
    refused("jws-malformed", verify, signed[:-1] + last)


def test_what_stands_twice_is_refused_in_header_and_payload():
    double = b'{"alg":"ES256","typ":"vc+jwt","alg":"none"}'
    assert refused("jws-header-unreadable", verify, token(double, CREDENTIAL)).because.code == "duplicate-key"
    refused("duplicate-key", verify, token(HEADER, json.dumps(CREDENTIAL)[:-1].encode() + b',"issuer":"did:x:y"}'))
    refused("document-not-an-object", verify, token(HEADER, []))
    refused("jws-header-unreadable", verify, token([], CREDENTIAL))


def test_a_token_beyond_the_limits_is_refused():
    refused("document-too-large", verify, with_claims(name="x" * 2_000_000))
    refused("jws-header-unreadable", verify, token({**HEADER, "x": "y" * 70_000}, CREDENTIAL))


@pytest.mark.parametrize("member", ["vc", "vp"])
def test_wrappers_of_version_1_are_refused(member):
    refused("jwt-claim-refused", verify, with_claims(**{member: {}}))
    refused("jwt-claim-refused", jose.sign, {**CREDENTIAL, member: {}}, signer=SIGNER)


def test_claims_that_say_what_the_credential_says_must_agree():
    assert verify(with_claims(iss=DID, jti=CREDENTIAL["id"], sub="did:example:subject")).document == CREDENTIAL
    for claims in ({"iss": "did:key:zOther"}, {"jti": "urn:uuid:0"}, {"sub": "did:example:other"}):
        refused("jwt-claim-differs", verify, with_claims(**claims))
        refused("jwt-claim-differs", jose.sign, CREDENTIAL, signer=SIGNER, claims=claims)
    embedded = {**CREDENTIAL, "issuer": {"id": DID, "name": "Saimaa"}}
    assert verify(token(HEADER, {**embedded, "iss": DID})).document == embedded
    refused("jwt-claim-differs", verify, token(HEADER, {**embedded, "iss": "did:example:x"}))


@pytest.mark.parametrize("value", ["2010-01-01T19:23:24Z", True, -1, 1e30, [1], {}, None])
def test_a_time_that_is_none_is_refused_where_it_decides(value):
    for name in ("exp", "nbf"):
        refused("jwt-claim-invalid", verify, with_claims(**{name: value}))
    # The test suite of the W3C has such times in sound credentials. Nothing is decided by it.
    assert verify(with_claims(iat=value)).issued_at is None


def test_a_member_that_would_be_taken_for_a_claim_is_not_signed():
    refused("jwt-claim-refused", jose.sign, {**CREDENTIAL, "cnf": {}}, signer=SIGNER)
    with pytest.raises(ValueError, match="registered"):
        jose.sign(CREDENTIAL, signer=SIGNER, claims={"name": "x"})


def test_only_credentials_of_version_2_are_secured_this_way():
    old = {**CREDENTIAL, "@context": ["https://www.w3.org/2018/credentials/v1"]}
    refused("format-member-invalid", verify, token(HEADER, old))
    refused("format-member-invalid", verify, token(HEADER, {**CREDENTIAL, "type": "VerifiablePresentation"}))
    refused("format-member-invalid", jose.sign, CREDENTIAL, signer=SIGNER, kind="vp")
    refused("data-not-json", jose.sign, {**CREDENTIAL, "name": object()}, signer=SIGNER)


def test_a_key_is_named_by_the_token_and_an_embedded_one_only_where_allowed():
    find = jose.public_key_for(KeyResolver(None).public_key)
    refused("jws-key-missing", verify, token({"alg": "ES256", "typ": "vc+jwt"}, CREDENTIAL), public_key_for=find)
    own = token({"alg": "ES256", "typ": "vc+jwt", "jwk": write_jwk(OTHER.public_key)}, CREDENTIAL, by=OTHER)
    refused("jws-key-missing", verify, own, public_key_for=find)
    embedded = jose.public_key_for(KeyResolver(None).public_key, embedded=True)
    assert verify(own, public_key_for=embedded).key.kid == ""
    secret = token({"alg": "ES256", "typ": "vc+jwt", "jwk": {**write_jwk(OTHER.public_key), "d": "AA"}}, CREDENTIAL)
    refused("jwk-invalid", verify, secret, public_key_for=embedded)


def test_what_a_caller_does_with_a_header_touches_no_other():
    own = token({"alg": "ES256", "typ": "vc+jwt", "jwk": write_jwk(SIGNER.public_key)}, CREDENTIAL)
    verify(own).key.jwk.clear()
    verify(own).header["kid"] = "changed"
    assert verify(own).key == jose.KeyReference(jwk=write_jwk(SIGNER.public_key), issuer=DID)


def test_a_key_may_be_named_within_the_issuers_did():
    relative = token({**HEADER, "kid": "#" + SIGNER.verification_method.partition("#")[2]}, CREDENTIAL)
    assert verify(relative, public_key_for=jose.public_key_for(KeyResolver(None).public_key)).document == CREDENTIAL
    assert jose.KeyReference(kid="#a", issuer="https://x.example").method == "#a"


@pytest.mark.parametrize(
    ("member", "value"),
    [("kid", 1), ("jwk", "x"), ("x5c", "x"), ("x5c", [1]), ("x5c", ["*"]), ("x5c", ["AAAA"] * 11)],
)
def test_a_malformed_reference_to_a_key_is_refused(member, value):
    refused("jws-header-invalid", verify, token({**HEADER, member: value}, CREDENTIAL))


def test_certificates_in_the_header_are_handed_on():
    chain = [base64.b64encode(b"first").decode(), base64.b64encode(b"second").decode()]
    seen = []
    verify(token({**HEADER, "x5c": chain}, CREDENTIAL), public_key_for=lambda r: seen.append(r) or SIGNER.public_key)
    assert seen[0].x5c == (b"first", b"second")


def test_a_presentation_carries_secured_credentials_only():
    inside = envelopes.wrap(jose.sign(CREDENTIAL, signer=SIGNER), "vc+jwt")
    shown = {"@context": [VC_V2], "type": "VerifiablePresentation", "holder": DID, "verifiableCredential": [inside]}
    signed = jose.sign(shown, signer=SIGNER, kind="vp", claims={"aud": "https://v.example", "nonce": "n"})
    verified = verify(signed, kind="vp")
    assert verified.document == shown
    assert (verified.media_type, verified.claims["nonce"]) == ("vp+jwt", "n")
    assert verify(envelopes.unwrap(verified.document["verifiableCredential"][0]).content).document == CREDENTIAL
    refused("jws-type-mismatch", verify, signed)
    for bare in (
        CREDENTIAL,
        "text",
        {"type": "EnvelopedVerifiableCredential", "id": "urn:uuid:0"},
        {**CREDENTIAL, "proof": []},
    ):
        naked = {**shown, "verifiableCredential": [inside, bare]}
        refusal = refused("envelope-invalid", jose.sign, naked, signer=SIGNER, kind="vp")
        assert refusal.where == "/verifiableCredential/1"
    refused("jwt-claim-differs", jose.sign, shown, signer=SIGNER, kind="vp", claims={"iss": "did:example:x"})
    unnamed = {name: value for name, value in shown.items() if name != "holder"}
    by_claim = verify(jose.sign(unnamed, signer=SIGNER, kind="vp", claims={"iss": DID}), kind="vp")
    assert (by_claim.document, by_claim.key.issuer) == (unnamed, DID)


@settings(max_examples=25)
@given(st.binary(max_size=60))
def test_any_bytes_are_refused_or_verified_but_never_break_it(data):
    text = data.decode("latin-1")
    for wrong in (text, f"{text}.{text}.{text}", token(HEADER, data)):
        with pytest.raises(Exception) as refusal:
            verify(wrong)
        assert hasattr(refusal.value, "code"), refusal.value


def test_a_numeric_date_is_in_whole_seconds():
    assert jwt.numeric_date(NOW + dt.timedelta(microseconds=999_999)) == int(NOW.timestamp())
    with pytest.raises(ValueError, match="aware"):
        jwt.numeric_date(dt.datetime(2026, 1, 1))  # noqa: DTZ001


# --- Open Badges 3.0 --------------------------------------------------------------------------------------------------

BADGE = {
    "@context": [VC_V2, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
    "id": "https://uni.example/badges/1",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": DID, "type": "Profile", "name": "Saimaa"},
    "validFrom": "2026-07-01T00:00:00.5Z",
    "validUntil": "2027-07-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:subject", "type": "AchievementSubject"},
}
OLD_BADGE = {
    "@context": ["https://www.w3.org/2018/credentials/v1", "https://purl.imsglobal.org/spec/ob/v3p0/context.json"],
    "id": "https://uni.example/badges/1",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": DID, "type": "Profile", "name": "Saimaa"},
    "issuanceDate": "2026-07-01T00:00:00Z",
    "expirationDate": "2027-07-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:subject", "type": "AchievementSubject"},
}
CLAIMS = {
    "iss": DID,
    "jti": "https://uni.example/badges/1",
    "sub": "did:example:subject",
    "nbf": 1_782_864_000,
    "exp": 1_814_400_000,
}


def verify_badge(text, **options):
    return jose.verify_open_badge(text, **{"public_key_for": issuers, **options})


def badge_token(document=BADGE, *, header=None, **claims):
    found = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not ...}
    payload = {**document, **found} if document["@context"][0] == VC_V2 else {"vc": document, **found}
    return token(header or {"alg": "ES256", "typ": "JWT", "kid": SIGNER.verification_method}, payload)


@pytest.mark.parametrize("badge", [BADGE, OLD_BADGE], ids=["version-2", "version-1"])
def test_a_badge_is_signed_and_verified_in_both_conventions(badge):
    signed = jose.sign_open_badge(badge, signer=SIGNER)
    header, payload = parts(signed)
    assert header == {"alg": "ES256", "typ": "JWT", "kid": SIGNER.verification_method}
    assert {name: payload[name] for name in CLAIMS} == CLAIMS
    assert payload.get("vc", badge) == badge
    assert ("vc" in payload) == (badge is OLD_BADGE)
    verified = verify_badge(signed)
    assert verified.document == badge
    assert verified.key.issuer == DID
    assert verified.expires_at == dt.datetime(2027, 7, 1, tzinfo=dt.UTC)
    assert verify_badge(badge_token(badge)).document == badge


def test_the_key_itself_may_stand_in_the_header():
    signed = jose.sign_open_badge(BADGE, signer=SIGNER, embed_key=True)
    assert parts(signed)[0] == {"alg": "ES256", "typ": "JWT", "jwk": write_jwk(SIGNER.public_key)}
    assert verify_badge(signed, public_key_for=jose.public_key_for(issuers, embedded=True)).key.jwk is not None
    refused("jws-key-missing", verify_badge, signed, public_key_for=jose.public_key_for(issuers))


@pytest.mark.parametrize("badge", [BADGE, OLD_BADGE], ids=["version-2", "version-1"])
@pytest.mark.parametrize(
    ("claim", "value"),
    [("iss", "did:example:x"), ("jti", "urn:uuid:0"), ("sub", "did:example:x"), ("nbf", 1_782_864_002), ("exp", 1)],
)
def test_a_claim_that_differs_from_the_badge_is_refused(badge, claim, value):
    refused("jwt-claim-differs", verify_badge, badge_token(badge, **{claim: value}))


@pytest.mark.parametrize("badge", [BADGE, OLD_BADGE], ids=["version-2", "version-1"])
@pytest.mark.parametrize("claim", ["iss", "jti", "sub", "nbf", "exp"])
def test_a_claim_that_is_not_there_is_refused(badge, claim):
    code = "jwt-claim-differs" if claim == "sub" else "jwt-claim-missing"
    refused(code, verify_badge, badge_token(badge, **{claim: ...}))


def test_in_version_1_the_claims_may_stand_for_the_members():
    short = {name: OLD_BADGE[name] for name in ("@context", "type")}
    short["credentialSubject"] = {"type": "AchievementSubject"}
    assert verify_badge(badge_token(short)).document == {
        **short,
        "id": CLAIMS["jti"],
        "issuer": DID,
        "issuanceDate": "2026-07-01T00:00:00Z",
        "expirationDate": "2027-07-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:subject", "type": "AchievementSubject"},
    }
    bare = {name: value for name, value in BADGE.items() if name != "validUntil"}
    refused("jwt-claim-differs", verify_badge, badge_token(bare))


def test_a_subject_without_id_needs_no_claim():
    badge = {**BADGE, "credentialSubject": {"type": "AchievementSubject", "identifier": []}}
    assert verify_badge(badge_token(badge, sub=...)).document == badge
    assert "sub" not in parts(jose.sign_open_badge(badge, signer=SIGNER))[1]
    refused("jwt-claim-differs", verify_badge, badge_token(badge))


def test_each_convention_belongs_to_its_version():
    header = {"alg": "ES256", "kid": "k"}
    assert verify_badge(token(header, {**BADGE, **CLAIMS})).document == BADGE  # no `typ` is needed
    refused("format-member-invalid", verify_badge, token(header, {"vc": BADGE, **CLAIMS}))
    refused("format-member-invalid", verify_badge, token(header, {**OLD_BADGE, **CLAIMS}))
    refused("jwt-claim-refused", verify_badge, token(header, {**BADGE, **CLAIMS, "vp": {}}))
    refused("jwt-claim-invalid", verify_badge, token(header, {"vc": "x", **CLAIMS}))


def test_a_badge_and_a_credential_of_vc_jose_cose_are_not_mixed_up():
    refused("jws-type-mismatch", verify_badge, jose.sign(BADGE, signer=SIGNER))
    refused("jws-type-mismatch", verify, jose.sign_open_badge(BADGE, signer=SIGNER))


@pytest.mark.parametrize("member", ["issuer", "id", "validFrom", "@context"])
def test_a_badge_that_lacks_what_a_claim_repeats_is_not_signed(member):
    short = {name: value for name, value in BADGE.items() if name != member}
    code = "format-member-invalid" if member == "@context" else "format-member-missing"
    refused(code, jose.sign_open_badge, short, signer=SIGNER)


@pytest.fixture(scope="module")
def rsa_key():
    return rsa.generate_private_key(65537, 2048)


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "RS512"])
def test_badges_signed_with_rsa_are_read(rsa_key, algorithm):
    class RsaSigner:
        def sign(self, data):
            hash_ = hashes.SHA512() if algorithm.endswith("512") else hashes.SHA256()
            scheme = padding.PSS(padding.MGF1(hash_), hash_.digest_size) if algorithm[0] == "P" else padding.PKCS1v15()
            return rsa_key.sign(data, scheme, hash_)

    numbers = rsa_key.public_key().public_numbers()
    jwk = {"kty": "RSA", "n": base64url.encode(numbers.n.to_bytes(256)), "e": "AQAB"}
    signed = token({"alg": algorithm, "typ": "JWT", "jwk": jwk}, {**BADGE, **CLAIMS}, by=RsaSigner())
    find = jose.public_key_for(issuers, embedded=True)
    verified = verify_badge(signed, public_key_for=find)
    assert (verified.algorithm, verified.public_key.algorithm) == (algorithm, "RSA")
    other = {"RS256": "PS256", "PS256": "RS256", "RS512": "RS384"}[algorithm]
    swapped = token({"alg": other, "typ": "JWT", "jwk": jwk}, {**BADGE, **CLAIMS}, by=RsaSigner())
    refused("signature-wrong", verify_badge, swapped, public_key_for=find)
