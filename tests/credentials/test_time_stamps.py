"""Time-stamps of RFC 3161: made for these bytes, signed by the certificate they name."""

import hashlib

import pytest
from asn1crypto import cms, tsp
from hypothesis import given, settings
from hypothesis import strategies as st

from openmcx.credentials import CredentialError, ProofError
from openmcx.credentials.proofs import time_stamps
from tests.credentials import pki

DATA = b"what was there"
DIGEST = hashlib.sha256(DATA).digest()
TOKEN = pki.stamp(DIGEST)


def refusal_of(token: bytes, data: bytes = DATA) -> object:
    with pytest.raises(ProofError) as refusal:
        time_stamps.verify(token, data)
    assert refusal.value.code == "timestamp-invalid"
    return refusal.value.params["reason"]


class TestVerifying:
    def test_a_time_stamp_says_when_and_who(self) -> None:
        stamp = time_stamps.verify(TOKEN, DATA)
        assert (stamp.time, stamp.authority, stamp.others) == (pki.SEALED_AT, pki.STAMP, (pki.ISSUING,))

    def test_one_for_other_bytes_is_refused(self) -> None:
        assert refusal_of(TOKEN, DATA + b".") == "timestamp-of-something-else"

    def test_one_whose_content_was_exchanged_is_refused(self) -> None:
        other = cms.ContentInfo.load(pki.stamp(DIGEST, at=pki.LATER))
        content = bytes(other["content"]["encap_content_info"]["content"])
        assert refusal_of(pki.stamp(DIGEST, content=content)) == "timestamp-signature-wrong"

    def test_one_signed_by_another_key_is_refused(self) -> None:
        assert refusal_of(pki.stamp(DIGEST, signer=pki.OTHER_SIGNER)) == "timestamp-signature-wrong"

    def test_the_certificate_that_signed_is_the_one_that_is_named(self) -> None:
        # Another certificate for the same key must not take its place.
        twin = pki.certify(pki.STAMP.subject, pki.STAMP_SIGNER, pki.OTHER_SIGNER, None, purpose="time-stamp")
        assert refusal_of(pki.stamp(DIGEST, certificates=(twin,))) == "timestamp-certificate-missing"
        assert time_stamps.verify(pki.stamp(DIGEST, certificates=(twin, pki.STAMP)), DATA).authority == pki.STAMP
        assert refusal_of(pki.stamp(DIGEST, named=pki.SEAL, certificates=(pki.SEAL,))) == "timestamp-signature-wrong"

    def test_a_digest_that_is_not_safe_is_refused(self) -> None:
        weak = pki.stamp(hashlib.sha1(DATA, usedforsecurity=False).digest(), imprint="sha1")
        assert refusal_of(weak) == "timestamp-digest-weak"

    def test_more_certificates_than_anybody_needs_are_refused(self) -> None:
        assert refusal_of(pki.stamp(DIGEST, certificates=(pki.STAMP,) * 17)) == "too-many-certificates"

    @pytest.mark.parametrize(
        "token",
        [
            b"",
            b"0",
            b"0\x80" * 20_000,  # nests deeper than a recursive reader can go
            b"\xa0\x84\xff\xff\xff\xff",
            TOKEN[:-1],
            TOKEN + b"\0",
            pki.SEAL.der,
            cms.ContentInfo({"content_type": "data", "content": b"x"}).dump(),
        ],
    )
    def test_what_is_no_time_stamp_is_refused(self, token: bytes) -> None:
        assert refusal_of(token) == "timestamp-malformed"

    def test_a_huge_one_is_not_read(self) -> None:
        assert refusal_of(b"0" * 70_000) == "timestamp-too-large"

    @pytest.mark.filterwarnings("ignore:Parsed a serial number which wasn't positive")
    @settings(max_examples=200)
    @given(place=st.integers(0, len(TOKEN) - 1), bit=st.integers(0, 7))
    def test_nothing_of_it_can_be_changed(self, place: int, bit: int) -> None:
        damaged = bytearray(TOKEN)
        damaged[place] ^= 1 << bit
        try:
            stamp = time_stamps.verify(bytes(damaged), DATA)
        except CredentialError:
            return
        # What names the signer a second time, and the certificates of others, are not signed.
        assert (stamp.time, stamp.authority) == (pki.SEALED_AT, pki.STAMP)


class TestAsking:
    def test_a_request_asks_for_the_digest_and_the_certificate(self) -> None:
        request = tsp.TimeStampReq.load(time_stamps.request(DIGEST, nonce=7), strict=True)
        assert request["message_imprint"]["hashed_message"].native == DIGEST
        assert request["message_imprint"]["hash_algorithm"]["algorithm"].native == "sha256"
        assert (request["cert_req"].native, request["nonce"].native) == (True, 7)
        assert tsp.TimeStampReq.load(time_stamps.request(DIGEST))["nonce"].native is None

    def test_the_answer_holds_the_time_stamp(self) -> None:
        assert time_stamps.read_response(pki.response(TOKEN)) == TOKEN

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (pki.response(None, status="rejection"), "timestamp-refused"),
            (pki.response(TOKEN, status="rejection"), "timestamp-refused"),
            (pki.response(None), "timestamp-refused"),
            (b"<html>", "timestamp-malformed"),
            (b"0" * 70_000, "timestamp-too-large"),
        ],
    )
    def test_a_refusal_and_nonsense_are_told_apart(self, data: bytes, reason: str) -> None:
        with pytest.raises(ProofError) as refusal:
            time_stamps.read_response(data)
        assert refusal.value.params["reason"] == reason
