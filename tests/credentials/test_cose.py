"""Credentials as COSE_Sign1, and the CBOR that it is read from."""

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openmcx.credentials import cbor
from openmcx.credentials.errors import ProofError
from openmcx.credentials.keys.resolve import KeyResolver
from openmcx.credentials.proofs import cose, jose
from tests.credentials.token_cases import CREDENTIAL, DID, OTHER, SIGNER, VC_V2, issuers, refused, signer

HEADER = {1: -7, 3: "application/vc", 4: SIGNER.verification_method.encode(), 16: "application/vc+cose"}
PAYLOAD = cose.sign(CREDENTIAL, signer=SIGNER)


def verify(data, **options):
    return cose.verify(data, **{"public_key_for": issuers, **options})


def message(header=HEADER, payload=None, *, unprotected=None, protected=None, by=SIGNER, tag=18):
    """A COSE_Sign1 with exactly these headers and this content, signed all the same."""
    content = cbor2.loads(PAYLOAD).value[2] if payload is None else payload
    protected = cbor2.dumps(header) if protected is None else protected
    signature = by.sign(cbor2.dumps(["Signature1", protected, b"", content]))
    return cbor2.dumps(cbor2.CBORTag(tag, [protected, unprotected or {}, content, signature]))


@pytest.mark.parametrize("algorithm", ["Ed25519", "P-256", "P-384"])
def test_what_is_signed_is_verified_and_says_how(algorithm):
    by = signer(algorithm)
    document = {**CREDENTIAL, "issuer": by.verification_method.partition("#")[0]}
    data = cose.sign(document, signer=by)
    tagged = cbor2.loads(data)
    protected, unprotected, _, _ = tagged.value
    number = {"Ed25519": -8, "P-256": -7, "P-384": -35}[algorithm]
    assert (tagged.tag, dict(unprotected)) == (18, {})
    assert dict(cbor2.loads(protected)) == {**HEADER, 1: number, 4: by.verification_method.encode()}
    verified = verify(data, public_key_for=jose.public_key_for(KeyResolver(None).public_key))
    assert verified.document == document
    assert verified.key == jose.KeyReference(kid=by.verification_method, issuer=document["issuer"])
    assert verified.header == {
        "alg": {"Ed25519": "EdDSA", "P-256": "ES256", "P-384": "ES384"}[algorithm],
        "kid": by.verification_method,
        "typ": "vc+cose",
        "cty": "vc",
    }


def test_p521_is_known_in_cose():
    by = signer("P-521")
    data = cose.sign({**CREDENTIAL, "issuer": "https://uni.example/issuer"}, signer=by)
    assert cbor2.loads(cbor2.loads(data).value[0])[1] == -36
    assert verify(data, public_key_for=lambda _: by.public_key).algorithm == "ES512"
    refused("jws-key-unfit", verify, data)


def test_a_message_made_by_others_is_read_the_same():
    assert verify(message()).document == CREDENTIAL
    assert verify(message({1: -7, 3: "application/vc"}, unprotected={4: b"k"})).key.kid == "k"
    untagged = cbor2.dumps(cbor2.loads(message()).value)
    assert verify(untagged).document == CREDENTIAL
    for number in (-9, -7):  # ES256 by its old and its new number
        assert verify(message({**HEADER, 1: number})).algorithm == "ES256"


def test_a_presentation_is_another_type():
    shown = {"@context": [VC_V2], "type": "VerifiablePresentation", "holder": DID, "verifiableCredential": []}
    data = cose.sign(shown, signer=SIGNER, kind="vp")
    assert verify(data, kind="vp").document == shown
    refused("cose-type-mismatch", verify, data)
    refused("cose-type-mismatch", verify, PAYLOAD, kind="vp")


@pytest.mark.parametrize(
    "header",
    [
        {**HEADER, 16: "application/vp+cose"},
        {**HEADER, 16: "application/vc+jwt"},
        {**HEADER, 16: 61},
        {**HEADER, 3: "application/vp"},
        {**HEADER, 3: 50},
        {1: -7},
        {1: -7, 16: ""},
    ],
)
def test_a_message_of_another_type_is_refused(header):
    refused("cose-type-mismatch", verify, message(header))


def test_the_type_must_be_signed():
    refused("cose-type-mismatch", verify, message({1: -7}, unprotected={16: "application/vc+cose"}))


@pytest.mark.parametrize("algorithm", [5, -47, "ES256", None, True, -7.0, b"", [1]])
def test_no_other_algorithm_is_accepted(algorithm):
    code = "cose-malformed" if isinstance(algorithm, float) else "jws-algorithm-refused"
    refused(code, verify, message({**HEADER, 1: algorithm}))


def test_an_algorithm_stands_among_what_is_signed_and_fits_the_key():
    without = {label: value for label, value in HEADER.items() if label != 1}
    refused("cose-malformed", verify, message(without, unprotected={1: -7}))
    refused("cose-malformed", verify, message(protected=b""))
    refused("jws-key-unfit", verify, message({**HEADER, 1: -8}))
    refused("jws-algorithm-refused", verify, message(), algorithms={"EdDSA"})


def test_what_must_be_understood_is_refused():
    refused("cose-header-refused", verify, message({**HEADER, 2: [4]}))
    refused("cose-header-refused", verify, message(unprotected={2: [4]}))


def test_a_parameter_stands_in_one_place():
    refused("cose-malformed", verify, message(unprotected={4: b"other"}))


@pytest.mark.parametrize("header", [{4: "text"}, {4: b"\xff"}, {4: 1}, {33: "x"}, {33: [1]}, {33: [b""] * 11}])
def test_a_malformed_reference_to_a_key_is_refused(header):
    refused("cose-header-refused", verify, message({**HEADER, **header}))


def test_certificates_are_handed_on():
    seen = []
    verify(message({**HEADER, 33: [b"a", b"b"]}), public_key_for=lambda r: seen.append(r.x5c) or SIGNER.public_key)
    verify(message({**HEADER, 33: b"a"}), public_key_for=lambda r: seen.append(r.x5c) or SIGNER.public_key)
    assert seen == [(b"a", b"b"), (b"a",)]


def test_a_changed_message_or_another_key_is_refused():
    refused("signature-wrong", verify, message(by=OTHER))
    tag = cbor2.loads(PAYLOAD)
    protected, _, content, signature = tag.value
    for changed in (
        [protected, {}, content.replace(b"Robotics", b"Medicine"), signature],
        [cbor2.dumps({**HEADER, 4: b"other"}), {}, content, signature],
        [protected, {}, content, bytes(64)],
        [protected, {}, content, signature[:-1]],
    ):
        refused("signature-wrong", verify, cbor2.dumps(cbor2.CBORTag(18, changed)))


@pytest.mark.parametrize(
    "value",
    [
        cbor2.CBORTag(17, [b"", {}, b"", b""]),
        cbor2.CBORTag(18, [b"", {}, b""]),
        cbor2.CBORTag(18, [b"", {}, None, b""]),
        cbor2.CBORTag(18, [{}, {}, b"", b""]),
        cbor2.CBORTag(18, cbor2.CBORTag(18, [b"", {}, b"", b""])),
        cbor2.CBORTag(18, [cbor2.dumps([1]), {}, b"", b""]),
        {},
        1,
    ],
)
def test_what_is_no_sign1_is_refused(value):
    refused("cose-malformed", verify, cbor2.dumps(value))


def test_the_content_is_a_credential():
    refused("jwt-claim-refused", verify, message(payload=b'{"vc":{}}'))
    refused("document-not-json", verify, message(payload=b"{"))
    refused("duplicate-key", verify, message(payload=b'{"id":"a","id":"b"}'))
    refused("cose-malformed", verify, bytes(2_000_000))


# --- CBOR -------------------------------------------------------------------------------------------------------------

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**64), 2**64 - 1) | st.text(max_size=5) | st.binary(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=3) | st.integers(-(2**64), 2**64 - 1), inner, max_size=4)
    ),
    max_leaves=15,
)


@settings(max_examples=60)
@given(VALUES)
def test_cbor_is_what_others_take_it_for(value):
    written = cbor.dumps(value)
    assert written == cbor2.dumps(value)
    assert cbor.loads(written) == value


@settings(max_examples=150)
@given(st.binary(max_size=40))
def test_any_bytes_are_read_as_others_read_them_or_refused(data):
    try:
        found = cbor.loads(data)
    except ProofError:
        return
    if "Tagged" not in repr(found):
        assert cbor2.dumps(found) == data


@pytest.mark.parametrize(
    "data",
    [
        "",  # nothing
        "0102",  # something behind
        "1800",  # 0 in two bytes
        "1817",
        "190017",
        "1a0000ffff",
        "1b00000000ffffffff",
        "5f4101ff",  # indefinite lengths
        "7f6161ff",
        "9f01ff",
        "bf0101ff",
        "ff",
        "1c",  # reserved
        "f93c00",  # floats
        "fb3ff0000000000000",
        "f820",  # simple values
        "f7",
        "e0",
        "62c328",  # no UTF-8
        "42ff",  # cut off
        "9bffffffffffffffff",  # more than there is
        "bbffffffffffffffff",
        "a1f401",  # a key that is no number or text
        "a1410101",
    ],
)
def test_cbor_has_one_form_for_one_value(data):
    assert refused("cose-malformed", cbor.loads, bytes.fromhex(data)).params["reason"] == "cbor-malformed"


def test_no_key_stands_twice():
    assert refused("cose-malformed", cbor.loads, bytes.fromhex("a201020103")).params["reason"] == "cbor-key-twice"


def test_reading_cbor_is_bounded():
    for data in (b"\x81" * 18 + b"\x01", b"\xc1" * 18 + b"\x01", b"\x99\x27\x10" + b"\x01" * 10_000, bytes(10)):
        limit = {"max_bytes": 9} if len(data) == 10 else {}
        assert refused("cose-malformed", cbor.loads, data, **limit).params["reason"] == "cbor-beyond-limits"


def test_what_has_no_place_in_a_header_is_not_written():
    for value in (1.5, {1, 2}, 2**64):
        with pytest.raises(TypeError):
            cbor.dumps(value)
    assert cbor.dumps(cbor.Tagged(18, [b"", None])) == bytes.fromhex("d28240f6")
