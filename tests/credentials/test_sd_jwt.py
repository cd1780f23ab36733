"""SD-JWT: what is concealed, what is disclosed, and who shows it."""

import base64
import datetime as dt
import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openmcx.credentials import base64url, jsonld
from openmcx.credentials.formats import sd_jwt_vc
from openmcx.credentials.keys.jwk import write_jwk
from openmcx.credentials.proofs import jose, sd_jwt
from tests.credentials.token_cases import (
    CREDENTIAL,
    DID,
    HOLDER,
    NOW,
    OTHER,
    SIGNER,
    VC_V2,
    issuers,
    parts,
    refused,
    token,
)

TYPE = "example+sd-jwt"
HEADER = {"alg": "ES256", "typ": TYPE}
CLAIMS = {
    "iss": DID,
    "given_name": "Aino",
    "address": {"street": "Yliopistonkatu 1", "city": "Lappeenranta"},
    "nationalities": ["FI", "SE", {"code": "DE"}],
    "exp": 2_000_000_000,
}
PATHS = (("given_name",), ("address",), ("address", "street"), ("nationalities", 1), ("nationalities", 2, "code"))
BOUND = {**CLAIMS, "cnf": {"jwk": write_jwk(HOLDER.public_key)}}


def issue(claims=CLAIMS, paths=PATHS, **options):
    return sd_jwt.issue(claims, disclosable=paths, signer=SIGNER, header={"typ": TYPE}, **options)


def verify(text, **options):
    return sd_jwt.verify(text, **{"public_key_for": issuers, "types": {TYPE}, **options})


def disclosure(*entry):
    return base64url.encode(json.dumps(entry).encode())


def digest(text, hash_=hashlib.sha256):
    return base64url.encode(hash_(text.encode()).digest())


def made(payload, *disclosures, header=None):
    """An SD-JWT with exactly this payload and these disclosures."""
    return "~".join((token(header or HEADER, payload), *disclosures, ""))


def binding(**changed):
    given = {"holder": HOLDER, "audience": "https://v.example", "nonce": "n-1", "issued_at": NOW, **changed}
    return sd_jwt.Binding(**given)


# --- issuing and showing ----------------------------------------------------------------------------------------------


def test_what_is_disclosed_is_what_was_issued():
    issued = issue()
    header, payload = parts(issued)
    assert header == {"alg": "ES256", "typ": TYPE, "kid": SIGNER.verification_method}
    assert payload.keys() == {"iss", "exp", "nationalities", "_sd", "_sd_alg"}
    assert (payload["_sd_alg"], len(payload["_sd"])) == ("sha-256", 2)
    assert payload["_sd"] == sorted(payload["_sd"])
    assert [list(entry) if isinstance(entry, dict) else entry for entry in payload["nationalities"]] == [
        "FI",
        ["..."],
        ["_sd"],
    ]
    verified = verify(issued)
    assert verified.document == CLAIMS
    assert set(verified.disclosed) == set(PATHS)
    assert (verified.hidden, verified.binding, verified.media_type) == (0, None, TYPE)
    assert verified.expires_at == dt.datetime.fromtimestamp(2_000_000_000, dt.UTC)
    assert set(sd_jwt.disclosable_paths(issued)) == set(PATHS)


@pytest.mark.parametrize(
    ("chosen", "document", "hidden"),
    [
        ((), {"nationalities": ["FI", {}]}, 4),
        ((("given_name",),), {"given_name": "Aino", "nationalities": ["FI", {}]}, 3),
        ((("address",),), {"address": {"city": "Lappeenranta"}, "nationalities": ["FI", {}]}, 4),
        ((("address", "street"),), {"address": CLAIMS["address"], "nationalities": ["FI", {}]}, 3),
        ((("nationalities", 1),), {"nationalities": ["FI", "SE", {}]}, 3),
        ((("nationalities", 2, "code"),), {"nationalities": ["FI", {"code": "DE"}]}, 3),
    ],
)
def test_the_holder_chooses_what_to_show(chosen, document, hidden):
    verified = verify(sd_jwt.present(issue(), disclose=chosen))
    assert verified.document == {"iss": DID, "exp": 2_000_000_000, **document}
    assert verified.hidden == hidden


def test_what_was_shown_in_part_can_be_shown_in_part_again():
    once = sd_jwt.present(issue(), disclose=[("given_name",), ("address", "street")])
    assert "given_name" not in verify(sd_jwt.present(once, disclose=[("address",)])).document
    refused("sd-jwt-path-wrong", sd_jwt.present, once, disclose=[("nationalities", 1)])


def test_decoys_hide_how_much_is_hidden():
    issued = issue(decoys=3)
    _, payload = parts(issued)
    assert len(payload["_sd"]) == 2 + 3
    assert len(payload["nationalities"]) == 3 + 3
    verified = verify(issued)
    assert verified.document == CLAIMS
    assert verified.hidden == 4 * 3  # at the top, in the address, in the list and in its last element


def test_salts_are_long_and_never_the_same():
    salts = [json.loads(base64url.decode(text))[0] for _ in range(3) for text in issue().split("~")[1:-1]]
    assert len(set(salts)) == 15
    assert {len(base64url.decode(salt)) for salt in salts} == {18}


def test_without_anything_to_conceal_it_is_a_plain_sd_jwt():
    issued = issue(paths=())
    assert issued.endswith("~")
    assert "_sd_alg" not in parts(issued)[1]
    assert verify(issued).document == CLAIMS


@pytest.mark.parametrize(
    "path",
    [(), ("nobody",), ("address", "nobody"), ("nationalities", 3), ("nationalities", -1), ("nationalities", "1"),
     ("given_name", "x"), (0,)],
)  # fmt: skip
def test_a_path_that_leads_nowhere_is_refused(path):
    refused("sd-jwt-path-wrong", issue, paths=(path,))


def test_a_path_that_stands_twice_is_refused():
    refused("sd-jwt-path-wrong", issue, paths=(("given_name",), ("given_name",)))


@pytest.mark.parametrize("name", ["_sd", "...", "_sd_alg"])
def test_names_that_mean_something_are_not_issued(name):
    refused("sd-jwt-name-reserved", issue, {"deep": [{name: 1}]}, ())
    assert verify(issue({"said": name}, ())).document == {"said": name}


TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


def every_path(value, path=()):
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in entries:
        yield (*path, key)
        yield from every_path(member, (*path, key))


@settings(max_examples=40)
@given(st.dictionaries(st.text(max_size=3), TREES, max_size=4), st.data())
def test_any_claims_come_back_with_any_of_them_concealed(claims, data):
    if any(name in json.dumps(claims) for name in ('"_sd"', '"..."', '"_sd_alg"')) or {"exp", "nbf"} & claims.keys():
        return
    paths = tuple(every_path(claims))
    concealed = tuple(data.draw(st.sets(st.sampled_from(paths)))) if paths else ()
    issued = issue(claims, concealed, decoys=data.draw(st.integers(0, 2)))
    verified = verify(issued)
    assert verified.document == claims
    assert set(verified.disclosed) == set(concealed)
    shown = set(data.draw(st.sets(st.sampled_from(concealed)))) if concealed else set()
    with_outer = {path[:end] for path in shown for end in range(1, len(path) + 1)} & set(concealed)
    assert len(verify(sd_jwt.present(issued, disclose=shown)).disclosed) == len(with_outer)


# --- verifying --------------------------------------------------------------------------------------------------------


def test_the_signature_and_the_type_are_the_issuers():
    refused("signature-wrong", verify, issue(), public_key_for=lambda _: OTHER.public_key)
    refused("jws-type-mismatch", verify, issue(), types={"dc+sd-jwt"})
    refused("jws-algorithm-refused", verify, made(CLAIMS, header={"alg": "none", "typ": TYPE}))


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda text: text.split("~")[0], "sd-jwt-malformed"),
        (lambda text: text.replace("~", "~~", 1), "sd-jwt-malformed"),
        (lambda text: text + "~", "sd-jwt-malformed"),
        (lambda text: "~" + text, "jws-malformed"),
        (lambda text: "é" + text, "sd-jwt-malformed"),
        # Without its end, a disclosure is taken for the holder's signature.
        (lambda text: text[:-1], "key-binding-key-missing"),
    ],
)
def test_what_is_no_sd_jwt_is_refused(spoil, code):
    refused(code, verify, spoil(issue(paths=(("given_name",),))))


def test_a_changed_disclosure_belongs_to_nothing():
    text = disclosure("salt", "given_name", "Aino")
    other = disclosure("salt", "given_name", "Mallory")
    payload = {"_sd": [digest(text)]}
    assert verify(made(payload, text)).document == {"given_name": "Aino"}
    refused("sd-jwt-disclosure-unreferenced", verify, made(payload, other))
    refused("sd-jwt-disclosure-unreferenced", verify, made(payload, text, other))
    refused("sd-jwt-disclosure-twice", verify, made(payload, text, text))


def test_the_digest_is_of_the_text_and_not_of_what_it_says():
    text = base64url.encode(b'[ "salt", "given_name", "A\\u0069no" ]')
    assert verify(made({"_sd": [digest(text)]}, text)).document == {"given_name": "Aino"}
    refused(
        "sd-jwt-disclosure-unreferenced",
        verify,
        made({"_sd": [digest(text)]}, disclosure("salt", "given_name", "Aino")),
    )


def test_a_digest_stands_in_one_place_only():
    text = disclosure("salt", "a", 1)
    found = digest(text)
    inner, element = disclosure("salt", "b", {"_sd": [found]}), disclosure("salt", 1)
    for payload, shown in (
        ({"_sd": [found, found]}, [text]),
        ({"_sd": [found], "x": {"_sd": [found]}}, [text]),
        ({"x": [{"...": digest(element)}, {"...": digest(element)}]}, [element]),
        ({"x": [{"...": found}], "_sd": [found]}, []),
        ({"_sd": [found, found]}, []),
        ({"_sd": [found, digest(inner)]}, [text, inner]),
    ):
        refused("sd-jwt-digest-twice", verify, made(payload, *shown))


def test_a_disclosure_replaces_nothing():
    text = disclosure("salt", "exp", 9_999_999_999)
    refused("sd-jwt-name-taken", verify, made({"exp": 1, "_sd": [digest(text)]}, text))
    again = disclosure("other", "exp", 5)
    refused("sd-jwt-name-taken", verify, made({"_sd": [digest(text), digest(again)]}, text, again))
    refused("sd-jwt-name-taken", verify, made({"exp": {}, "_sd": [digest(text)]}, text))


@pytest.mark.parametrize("name", ["_sd", "..."])
def test_a_disclosure_has_no_reserved_name(name):
    text = disclosure("salt", name, [])
    refused("sd-jwt-name-reserved", verify, made({"_sd": [digest(text)]}, text))


def test_a_disclosure_fits_its_place():
    member, element = disclosure("salt", "a", 1), disclosure("salt", 1)
    refused("sd-jwt-disclosure-invalid", verify, made({"_sd": [digest(element)]}, element))
    refused("sd-jwt-disclosure-invalid", verify, made({"x": [{"...": digest(member)}]}, member))
    assert verify(made({"x": [{"...": digest(element)}, {"...": digest("gone")}]}, element)).document == {"x": [1]}


@pytest.mark.parametrize(
    "text",
    [
        disclosure(),
        disclosure("salt"),
        disclosure("salt", "a", 1, 2),
        disclosure(1, "a", 1),
        disclosure("salt", 1, 1),
        disclosure(None, 1),
        base64url.encode(b'{"salt": 1}'),
        base64url.encode(b"nothing"),
        base64url.encode(b"\xff\xfe"),
        "a=",
    ],
)
def test_a_malformed_disclosure_is_refused(text):
    refused("sd-jwt-disclosure-invalid", verify, made({"_sd": [digest(text)]}, text))


def test_what_stands_twice_in_a_disclosure_is_refused():
    # In the second, quotation marks that are written otherwise make up for those of the member that is lost.
    for value in (b'{"b": 1, "b": 2}', rb'{"b": 1, "b": "\u0022\u0022"}'):
        text = base64url.encode(b'["salt", "a", %s]' % value)
        refused("duplicate-key", verify, made({"_sd": [digest(text)]}, text))


def test_disclosures_are_each_read_alone():
    """Joined, these two would be read as two other ones."""
    first = base64url.encode(b'["s","a",1],["s","b",[[1]')
    second = base64url.encode(b"[2]]]")
    refused("sd-jwt-disclosure-invalid", verify, made({"_sd": [digest(first), digest(second)]}, first, second))


@pytest.mark.parametrize(
    "payload",
    [{"_sd": "x"}, {"_sd": [1]}, {"_sd": {}}, {"_sd": None}, {"x": [{"...": 1}]}, {"x": [{"...": "d", "y": 1}]}],
)
def test_digests_that_are_none_are_refused(payload):
    refused("sd-jwt-digests-invalid", verify, made(payload))


def test_the_name_of_elements_is_no_member():
    refused("sd-jwt-name-reserved", verify, made({"...": "x"}))
    refused("sd-jwt-name-reserved", verify, made({"x": {"...": "x"}}))


@pytest.mark.parametrize("name", ["md5", "sha-1", "SHA-256", "", 1, None])
def test_a_weak_or_unknown_hash_is_refused(name):
    refused("sd-jwt-hash-unsupported", verify, made({"_sd_alg": name}))


@pytest.mark.parametrize(("name", "hash_"), [("sha-384", hashlib.sha384), ("sha-512", hashlib.sha512)])
def test_stronger_hashes_are_read(name, hash_):
    text = disclosure("salt", "a", 1)
    assert verify(made({"_sd_alg": name, "_sd": [digest(text, hash_)]}, text)).document == {"a": 1}


def test_work_is_bounded():
    refused("sd-jwt-too-many-disclosures", verify, made({}, *["x"] * 1001))
    refused("document-too-large", verify, made({}, "x" * 2_100_000))
    # Disclosures inside of disclosures, each of which is shallow.
    text, shown = disclosure("salt", "a", 1), []
    for _ in range(100):
        shown.append(text)
        text = disclosure("salt", "a", {"_sd": [digest(text)]})
    refused("document-too-deep", verify, made({"_sd": [digest(text)]}, *shown, text))
    refused("document-too-deep", verify, issue(), limits=jsonld.Limits(max_depth=1))


# --- key binding ------------------------------------------------------------------------------------------------------


def test_the_holder_shows_it_to_one_verifier_in_answer_to_one_nonce():
    shown = sd_jwt.present(issue(BOUND), disclose=[("given_name",)], binding=binding())
    header, claims = parts(shown.rpartition("~")[2])
    assert header == {"alg": "ES256", "typ": "kb+jwt"}
    assert claims == {
        "iat": int(NOW.timestamp()),
        "aud": "https://v.example",
        "nonce": "n-1",
        "sd_hash": digest(shown.rpartition("~")[0] + "~"),
    }
    verified = verify(shown, audience="https://v.example", nonce="n-1")
    assert verified.binding == sd_jwt.KeyBinding("https://v.example", "n-1", NOW, HOLDER.public_key)
    refused("proof-domain-mismatch", verify, shown, audience="https://other.example", nonce="n-1")
    refused("proof-challenge-mismatch", verify, shown, audience="https://v.example", nonce="n-2")


def test_a_binding_that_is_needed_must_be_there():
    shown = sd_jwt.present(issue(BOUND), disclose=[])
    assert verify(shown).binding is None
    for options in ({"require_binding": True}, {"audience": "a"}, {"nonce": "n"}):
        refused("key-binding-missing", verify, shown, **options)


def test_only_the_key_that_the_issuer_named_binds():
    refused("signature-wrong", verify, sd_jwt.present(issue(BOUND), binding=binding(holder=OTHER)))
    refused("key-binding-key-missing", verify, sd_jwt.present(issue(), binding=binding()))
    refused(
        "key-binding-key-missing", verify, sd_jwt.present(issue({**CLAIMS, "cnf": {"kid": "x"}}), binding=binding())
    )
    # A key that the holder brings along counts for nothing.
    shown = sd_jwt.present(issue(BOUND), disclose=[])
    claims = {"iat": 1, "aud": "a", "nonce": "n", "sd_hash": digest(shown)}
    own = token({"alg": "ES256", "typ": "kb+jwt", "jwk": write_jwk(OTHER.public_key)}, claims, by=OTHER)
    refused("signature-wrong", verify, shown + own)


def test_a_binding_is_for_exactly_what_is_shown():
    issued = issue(BOUND)
    bound = sd_jwt.present(issued, disclose=[("given_name",)], binding=binding()).rpartition("~")[2]
    for other in ([], [("address",)], [("given_name",), ("address",)]):
        refused("key-binding-other-token", verify, sd_jwt.present(issued, disclose=other) + bound)
    refused("key-binding-other-token", verify, sd_jwt.present(issue(BOUND), disclose=[("given_name",)]) + bound)


@pytest.mark.parametrize("name", ["iat", "aud", "nonce"])
def test_a_binding_says_for_whom_when_and_in_answer_to_what(name):
    shown = sd_jwt.present(issue(BOUND), disclose=[])
    claims = {"iat": 1, "aud": "a", "nonce": "n", "sd_hash": digest(shown)}
    header = {"alg": "ES256", "typ": "kb+jwt"}
    assert verify(shown + token(header, claims, by=HOLDER)).binding.nonce == "n"
    short = {key: value for key, value in claims.items() if key != name}
    refused("jwt-claim-missing", verify, shown + token(header, short, by=HOLDER))
    refused("jwt-claim-invalid", verify, shown + token(header, {**claims, name: ["x"]}, by=HOLDER))


def test_a_binding_is_of_its_own_type():
    shown = sd_jwt.present(issue(BOUND), disclose=[])
    claims = {"iat": 1, "aud": "a", "nonce": "n", "sd_hash": digest(shown)}
    for typ in ("JWT", TYPE, "vc+jwt"):
        refused("jws-type-mismatch", verify, shown + token({"alg": "ES256", "typ": typ}, claims, by=HOLDER))
    refused("jws-algorithm-refused", verify, shown + token({"alg": "none", "typ": "kb+jwt"}, claims, by=HOLDER))


# --- JSON serialization -----------------------------------------------------------------------------------------------


def as_json(text, *, general=False):
    jws, *disclosures, bound = text.split("~")
    protected, payload, signature = jws.split(".")
    header = {"disclosures": disclosures, **({"kb_jwt": bound} if bound else {})}
    if general:
        return {"payload": payload, "signatures": [{"protected": protected, "signature": signature, "header": header}]}
    return {"payload": payload, "protected": protected, "signature": signature, "header": header}


@pytest.mark.parametrize("general", [False, True])
def test_the_json_serialization_is_read(general):
    shown = sd_jwt.present(issue(BOUND), binding=binding())
    assert sd_jwt.from_json(as_json(shown, general=general)) == shown


@pytest.mark.parametrize(
    "changed",
    [
        {"signatures": []},
        {"payload": 1},
        {"protected": None},
        {"signature": ""},
        {"protected": "a.b"},
        {"header": {"disclosures": "x"}},
        {"header": {"disclosures": ["a~b"]}},
        {"header": {"disclosures": [1]}},
        {"header": {"kb_jwt": 1}},
        {"header": {"kb_jwt": "a~b"}},
        {"header": []},
    ],
)
def test_another_json_serialization_is_refused(changed):
    refused("sd-jwt-malformed", sd_jwt.from_json, {**as_json(issue()), **changed})


def test_several_signatures_are_refused():
    general = as_json(issue(), general=True)
    refused("sd-jwt-malformed", sd_jwt.from_json, {**general, "signatures": general["signatures"] * 2})
    refused("sd-jwt-malformed", sd_jwt.from_json, {**general, "signatures": ["x"]})


# --- credentials of the W3C -------------------------------------------------------------------------------------------

NAME = ("credentialSubject", "degree", "name")


def test_a_credential_is_shown_in_part():
    signed = sd_jwt.sign(CREDENTIAL, disclosable=[NAME, ("id",)], signer=SIGNER, decoys=1)
    assert parts(signed)[0] == {"alg": "ES256", "typ": "vc+sd-jwt", "cty": "vc", "kid": SIGNER.verification_method}
    verified = sd_jwt.verify_document(signed, public_key_for=issuers)
    assert verified.document == CREDENTIAL
    shown = sd_jwt.verify_document(sd_jwt.present(signed, disclose=[]), public_key_for=issuers).document
    assert shown["credentialSubject"] == {"id": "did:example:subject", "degree": {"type": "BachelorDegree"}}
    assert "id" not in shown


@pytest.mark.parametrize(
    "path",
    [("@context",), ("validFrom",), ("credentialStatus",), ("credentialStatus", "id"), ("exp",), ("cnf",), ("iss",)],
)
def test_what_must_be_seen_is_not_concealed(path):
    document = {**CREDENTIAL, "credentialStatus": {"id": "urn:x:1", "type": "T"}}
    claims = {"exp": 1, "cnf": {}, "iss": DID}
    refused("sd-jwt-never-concealed", sd_jwt.sign, document, disclosable=[path], signer=SIGNER, claims=claims)


def test_a_disclosed_claim_must_agree_with_the_credential_as_well():
    text = disclosure("salt", "iss", "did:example:other")
    payload = {**CREDENTIAL, "_sd": [digest(text)]}
    forged = made(payload, text, header={"alg": "ES256", "typ": "vc+sd-jwt"})
    refused("jwt-claim-differs", sd_jwt.verify_document, forged, public_key_for=issuers)
    text = disclosure("salt", "vc", {})
    payload = {**CREDENTIAL, "_sd": [digest(text)]}
    forged = made(payload, text, header={"alg": "ES256", "typ": "vc+sd-jwt"})
    refused("jwt-claim-refused", sd_jwt.verify_document, forged, public_key_for=issuers)


def test_a_presentation_is_an_sd_jwt_too():
    shown = {"@context": [VC_V2], "type": ["VerifiablePresentation"], "holder": DID}
    signed = sd_jwt.sign(shown, disclosable=[("holder",)], signer=SIGNER, kind="vp")
    assert sd_jwt.verify_document(signed, public_key_for=issuers, kind="vp").document == shown
    refused("jws-type-mismatch", sd_jwt.verify_document, signed, public_key_for=issuers)


def test_the_formats_of_w3c_and_ietf_are_never_mistaken_for_one_another():
    """Their payloads could be the same; only the type tells them apart."""
    payload = {**CREDENTIAL, "iss": DID, "vct": "urn:x:type", "iat": 1}
    theirs = made(payload, header={"alg": "ES256", "typ": "dc+sd-jwt"})
    w3c = made(payload, header={"alg": "ES256", "typ": "vc+sd-jwt"})
    assert sd_jwt_vc.verify(theirs, public_key_for=issuers).claims["vct"] == "urn:x:type"
    assert sd_jwt.verify_document(w3c, public_key_for=issuers).document["id"] == CREDENTIAL["id"]
    refused("jws-type-mismatch", sd_jwt_vc.verify, w3c, public_key_for=issuers)
    refused("jws-type-mismatch", sd_jwt.verify_document, theirs, public_key_for=issuers)
    jwt = token({"alg": "ES256", "typ": "vc+jwt"}, CREDENTIAL)
    refused("jws-type-mismatch", sd_jwt.verify_document, jwt + "~", public_key_for=issuers)
    refused("jws-type-mismatch", jose.verify, w3c.rstrip("~"), public_key_for=issuers)


def test_disclosures_are_written_without_padding():
    for text in issue().split("~")[1:-1]:
        assert base64.urlsafe_b64encode(base64url.decode(text)).rstrip(b"=").decode() == text
