"""Token Status List: the bits, the token, and what a credential's claim leads to."""

import datetime as dt
import zlib

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmcx.credentials import base64url
from openmcx.credentials.errors import ProofError
from openmcx.credentials.keys.resolve import KeyResolver
from openmcx.credentials.report import Outcome
from openmcx.credentials.status import bitstring
from openmcx.credentials.status import token as lists
from tests.credentials.token_cases import DID, NOW, OTHER, SIGNER, issuers, parts, refused, token

ADDRESS = "https://uni.example/status/1"
HEADER = {"alg": "ES256", "typ": "statuslist+jwt", "kid": SIGNER.verification_method}
CLAIMS = {
    "sub": ADDRESS,
    "iat": int(NOW.timestamp()),
    "status_list": {"bits": 1, "lst": base64url.encode(zlib.compress(b"\xb9\xa3"))},
}
OURS = lists.new_list(bits=2)
lists.put(OURS, 5, lists.INVALID, bits=2)
lists.put(OURS, 6, lists.SUSPENDED, bits=2)
lists.put(OURS, 7, 3, bits=2)


def signed(write=lists.sign, data=OURS, **options):
    return write(data, **{"address": ADDRESS, "signer": SIGNER, "issued_at": NOW, "bits": 2, **options})


def verify(text, **options):
    return lists.verify(text, **{"address": ADDRESS, "public_key_for": issuers, **options})


def check(status, data, *, at=NOW, public_key_for=issuers):
    fetch = None if data is None else lambda address: {ADDRESS: data}[address]
    return lists.check(status, issuer=DID, at=at, fetch=fetch, public_key_for=public_key_for)


# --- bits -------------------------------------------------------------------------------------------------------------


def test_index_0_is_the_least_significant_bit():
    """The examples of the specification: 16 states of one bit, 12 states of two."""
    one, two = bytes.fromhex("b9a3"), bytes.fromhex("c944f9")
    assert [lists.status_at(one, index) for index in range(16)] == [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]
    assert [lists.status_at(two, index, bits=2) for index in range(12)] == [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]
    assert lists.pack(one).hex() == "78dadbb918000217015d"
    assert lists.unpack(bytes.fromhex("78dadbb918000217015d")) == one
    # The Bitstring Status List counts from the other end: one must never be read as the other.
    assert [bitstring.get(one, index) for index in range(4)] == [True, False, True, True]


@pytest.mark.parametrize("bits", lists.BITS)
@given(st.data())
def test_a_state_touches_no_other(bits, data):
    states = data.draw(st.lists(st.integers(0, 2**bits - 1), min_size=16, max_size=16))
    packed = bytearray(16 * bits // 8)
    for index in data.draw(st.permutations(range(16))):
        lists.put(packed, index, states[index], bits=bits)
    assert [lists.status_at(packed, index, bits=bits) for index in range(16)] == states


def test_lists_of_ours_are_long_enough_to_hide_in():
    assert len(lists.new_list()) == 131_072 // 8
    assert len(lists.new_list(200_000, bits=4)) == 100_000
    refused("status-list-too-short", lists.new_list, 131_071)
    refused("status-list-too-short", signed, data=bytearray(131_072 // 8))  # at two bits, half as many
    refused("status-list-too-short", signed, lists.sign_cwt, data=bytearray(10))
    refused("status-list-too-large", lists.new_list, 2**24 + 8)
    for bits in (0, 3, 16):
        refused("status-bits-invalid", lists.new_list, bits=bits)


def test_nothing_outside_of_the_list_is_read_or_written():
    for index in (-1, 16, 10**30):
        refused("status-index-out-of-range", lists.status_at, b"ab", index)
        refused("status-index-out-of-range", lists.put, bytearray(b"ab"), index, 1)
    for status in (-1, 2):
        refused("status-value-out-of-range", lists.put, bytearray(2), 0, status)


def test_unpacking_is_bounded():
    bomb = zlib.compress(bytes(50_000_000), 9)
    refused("status-list-too-large", lists.unpack, bomb)
    refused("status-list-too-large", lists.unpack, zlib.compress(bytes(11)), max_bytes=10)
    whole = zlib.compress(b"abc")
    for wrong in (whole[:-1], whole + b"x", b"", b"x", zlib.compress(b"abc")[2:-4]):
        refused("status-list-encoding", lists.unpack, wrong)


# --- token ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("write", [lists.sign, lists.sign_cwt])
def test_what_is_signed_is_verified(write):
    ends = NOW + dt.timedelta(days=7)
    listed = verify(signed(write, expires_at=ends, ttl_seconds=43_200))
    assert (listed.address, listed.bits, listed.data) == (ADDRESS, 2, bytes(OURS))
    assert (listed.issued_at, listed.expires_at, listed.ttl_seconds) == (NOW, ends, 43_200)
    assert [listed.status(index) for index in range(4, 8)] == [0, 1, 2, 3]


def test_whitespace_belongs_to_what_is_binary_and_not_to_text():
    moments = (NOW + dt.timedelta(seconds=seconds) for seconds in range(2000))
    data = next(
        found for moment in moments if (found := signed(lists.sign_cwt, issued_at=moment)).endswith((b" ", b"\n"))
    )
    assert check(lists.reference(ADDRESS, 4), data, at=NOW + dt.timedelta(hours=1)).finding.code == "status-good"
    assert check(lists.reference(ADDRESS, 4), f"\n{signed()}\n".encode()).finding.code == "status-good"


def test_the_token_is_as_the_specification_has_it():
    header, claims = parts(signed(ttl_seconds=60))
    assert header == {"alg": "ES256", "typ": "statuslist+jwt", "kid": SIGNER.verification_method}
    assert claims.keys() == {"sub", "iat", "ttl", "status_list"}
    assert claims["status_list"].keys() == {"bits", "lst"}
    protected, _, payload, _ = cbor2.loads(signed(lists.sign_cwt, ttl_seconds=60)).value
    assert cbor2.loads(protected)[16] == "application/statuslist+cwt"
    assert dict(cbor2.loads(payload)).keys() == {2, 6, 65533, 65534}
    assert lists.reference(ADDRESS, 5) == {"status_list": {"idx": 5, "uri": ADDRESS}}


def changed(**claims):
    return token(HEADER, {name: value for name, value in {**CLAIMS, **claims}.items() if value is not ...})


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"sub": "https://other.example/status/1"}, "jwt-claim-differs"),
        ({"sub": ...}, "jwt-claim-differs"),
        ({"iat": ...}, "jwt-claim-missing"),
        ({"iat": "now"}, "jwt-claim-invalid"),
        ({"exp": "later"}, "jwt-claim-invalid"),
        ({"ttl": 0}, "jwt-claim-invalid"),
        ({"ttl": "60"}, "jwt-claim-invalid"),
        ({"ttl": True}, "jwt-claim-invalid"),
        ({"status_list": ...}, "jwt-claim-missing"),
        ({"status_list": []}, "jwt-claim-invalid"),
        ({"status_list": {"bits": 3, "lst": "eNrbuRgAAhcBXQ"}}, "status-bits-invalid"),
        ({"status_list": {"bits": "1", "lst": "eNrbuRgAAhcBXQ"}}, "jwt-claim-invalid"),
        ({"status_list": {"bits": True, "lst": "eNrbuRgAAhcBXQ"}}, "jwt-claim-invalid"),
        ({"status_list": {"bits": 1}}, "jwt-claim-invalid"),
        ({"status_list": {"bits": 1, "lst": "eNrbuRgAAhcBXQ=="}}, "status-list-encoding"),
        ({"status_list": {"bits": 1, "lst": "uH4sIAAAA"}}, "status-list-encoding"),
    ],
)
def test_a_token_that_is_not_as_it_must_be_is_refused(claims, code):
    assert verify(changed()).data == b"\xb9\xa3"
    refused(code, verify, changed(**claims))


def test_a_token_is_of_its_type_and_signed_by_the_issuer():
    refused("jws-type-mismatch", verify, token({**HEADER, "typ": "JWT"}, CLAIMS))
    refused("jws-algorithm-refused", verify, token({**HEADER, "alg": "none"}, CLAIMS))
    refused("signature-wrong", verify, changed(), public_key_for=lambda _: OTHER.public_key)
    refused("signature-wrong", verify, signed(lists.sign_cwt), public_key_for=lambda _: OTHER.public_key)
    protected, _, payload, signature = cbor2.loads(signed(lists.sign_cwt)).value
    mac = cbor2.dumps(cbor2.CBORTag(17, [protected, {}, payload, signature]))
    refused("cose-malformed", verify, mac)
    refused("status-list-too-large", verify, b"ey" + bytes(5_000_000))
    refused("jws-malformed", verify, "eyé")


# --- what a credential's claim leads to -------------------------------------------------------------------------------


@pytest.mark.parametrize("write", [lists.sign, lists.sign_cwt])
@pytest.mark.parametrize(
    ("index", "outcome", "code"),
    [
        (4, Outcome.PASSED, "status-good"),
        (5, Outcome.FAILED, "revoked"),
        (6, Outcome.FAILED, "suspended"),
        (7, Outcome.NOT_CHECKABLE, "status-kind-unsupported"),
        (131_072, Outcome.FAILED, "status-list-wrong"),
        (-1, Outcome.FAILED, "status-list-wrong"),
        ("5", Outcome.FAILED, "status-list-wrong"),
        (True, Outcome.FAILED, "status-list-wrong"),
    ],
)
def test_the_state_of_a_credential(write, index, outcome, code):
    data = signed(write)
    found = check(lists.reference(ADDRESS, index), data.encode() if isinstance(data, str) else data)
    assert (found.name, found.outcome, found.finding.code) == ("status", outcome, code)
    assert found.finding.sentence


def test_a_credential_without_status_cannot_be_revoked():
    assert check(None, None).finding.code == "status-none"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("x", "status-kind-unsupported"),
        ({}, "status-kind-unsupported"),
        ({"identifier_list": {}}, "status-kind-unsupported"),
        ({"status_list": []}, "status-kind-unsupported"),
        ({"status_list": {"idx": 1}}, "status-list-wrong"),
        ({"status_list": {"idx": 1, "uri": "ftp://x"}}, "status-list-wrong"),
    ],
)
def test_a_claim_that_leads_nowhere_is_never_taken_as_good(status, code):
    found = check(status, b"")
    assert found.outcome is not Outcome.PASSED
    assert found.finding.code == code


def test_a_list_that_cannot_be_had_or_trusted_is_never_taken_as_good():
    reference = lists.reference(ADDRESS, 4)
    found = check(reference, None)
    assert (found.outcome, found.finding.code) == (Outcome.NOT_CHECKABLE, "status-not-reachable")
    stranger = signed(signer=OTHER).encode()
    resolver = KeyResolver(None)

    def issuers_own(given):
        if given.method.partition("#")[0] != given.issuer:
            raise ProofError("jws-key-not-issuers", found=given.method, issuer=given.issuer)
        return resolver.public_key(given.method)

    assert check(reference, signed().encode(), public_key_for=issuers_own).finding.code == "status-good"
    found = check(reference, stranger, public_key_for=issuers_own)
    assert (found.outcome, found.finding.code) == (Outcome.FAILED, "status-list-wrong")
    assert found.finding.because.code == "jws-key-not-issuers"


def test_a_list_is_neither_from_the_future_nor_out_of_date():
    reference = lists.reference(ADDRESS, 4)
    early = signed(issued_at=NOW + dt.timedelta(minutes=6)).encode()
    assert check(reference, early).finding.because.code == "proof-from-the-future"
    soon = signed(issued_at=NOW + dt.timedelta(minutes=4)).encode()
    assert check(reference, soon).finding.code == "status-good"
    old = signed(expires_at=NOW).encode()
    found = check(reference, old)
    assert (found.outcome, found.finding.code) == (Outcome.NOT_CHECKABLE, "status-list-outdated")
    # What is revoked stays revoked.
    assert check(lists.reference(ADDRESS, 5), old).finding.code == "revoked"
