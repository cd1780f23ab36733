"""Bitstring status lists: bits, their packed form, random indices."""

import base64
import datetime as dt
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmcx.credentials import StatusError
from openmcx.credentials.status import bitstring

# Bitstring Status List v1.0: the packed form of the empty default list.
EMPTY = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"


def packed(data: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def test_the_empty_list_is_that_of_the_standard() -> None:
    assert bitstring.encode(bitstring.new_bits()) == EMPTY
    assert bitstring.decode(EMPTY) == bytes(16384)


def test_index_zero_is_the_left_most_bit() -> None:
    bits = bitstring.new_bits()
    bitstring.put(bits, 0, True)
    bitstring.put(bits, 9, True)
    assert (bits[0], bits[1]) == (0b10000000, 0b01000000)
    assert [index for index in range(16) if bitstring.get(bits, index)] == [0, 9]


@given(st.sets(st.integers(0, bitstring.MINIMUM_ENTRIES - 1), max_size=50), st.integers(0, 49))
def test_any_bits_come_back_and_can_be_cleared(indices: set[int], place: int) -> None:
    bits = bitstring.new_bits()
    for index in indices:
        bitstring.put(bits, index, True)
    read = bytearray(bitstring.decode(bitstring.encode(bits)))
    assert read == bits
    for index in sorted(indices)[:place]:
        bitstring.put(read, index, False)
    left = set(sorted(indices)[place:])
    assert {index for index in indices if bitstring.get(read, index)} == left


@pytest.mark.parametrize("index", [-1, bitstring.MINIMUM_ENTRIES, 10**18])
def test_an_index_outside_the_list_is_refused(index: int) -> None:
    bits = bitstring.new_bits()
    with pytest.raises(StatusError):
        bitstring.get(bits, index)
    with pytest.raises(StatusError):
        bitstring.put(bits, index, True)


@pytest.mark.parametrize(
    ("encoded", "code"),
    [
        (None, "status-list-encoding"),
        ("", "status-list-encoding"),
        (EMPTY[1:], "status-list-encoding"),
        ("u!!!!", "status-list-encoding"),
        ("uä", "status-list-encoding"),
        (packed(b"no gzip"), "status-list-encoding"),
        (EMPTY[:-8], "status-list-encoding"),
        (packed(gzip.compress(bytes(16384), mtime=0) + b"more"), "status-list-encoding"),
        (packed(gzip.compress(bytes(16383), mtime=0)), "status-list-too-short"),
        (packed(gzip.compress(bytes(bitstring.MAXIMUM_BYTES + 1), mtime=0)), "status-list-too-large"),
        ("u" + "A" * (2 * bitstring.MAXIMUM_BYTES + 1), "status-list-too-large"),
    ],
)
def test_what_is_no_list_is_refused(encoded: object, code: str) -> None:
    with pytest.raises(StatusError) as caught:
        bitstring.decode(encoded)
    assert caught.value.code == code


def test_a_gzip_bomb_is_not_unpacked() -> None:
    bomb = packed(gzip.compress(bytes(64 * 1024 * 1024), mtime=0))
    assert len(bomb) < 100_000
    with pytest.raises(StatusError, match="more than"):
        bitstring.decode(bomb)


class TestRandomIndices:
    def test_indices_are_different_free_and_in_range(self) -> None:
        taken = set(range(0, 1000, 2))
        drawn = bitstring.random_free_indices(300, taken, size=1000)
        assert len(set(drawn)) == 300
        assert not taken.intersection(drawn)
        assert set(drawn) <= set(range(1000))

    def test_indices_tell_nothing_about_their_order(self) -> None:
        drawn = bitstring.random_free_indices(50, ())
        assert drawn != sorted(drawn)

    def test_a_full_list_says_so(self) -> None:
        with pytest.raises(StatusError, match="no free index"):
            bitstring.random_free_indices(1, range(10), size=10)
        with pytest.raises(StatusError, match="no free index"):
            bitstring.random_free_indices(11, (), size=10)


def test_the_list_credential_says_what_the_standard_asks_for() -> None:
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    document = bitstring.status_list_credential(
        id="https://uni.example/status/1",
        issuer="did:web:uni.example",
        bits=bitstring.new_bits(),
        valid_from=at,
        valid_until=at + dt.timedelta(days=1),
        ttl_seconds=300,
    )
    assert document == {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "https://uni.example/status/1",
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": "did:web:uni.example",
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2026-01-02T00:00:00Z",
        "credentialSubject": {
            "id": "https://uni.example/status/1#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": EMPTY,
            "ttl": 300_000,
        },
    }


def test_a_list_that_is_too_short_is_not_published() -> None:
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    with pytest.raises(StatusError):
        bitstring.status_list_credential(id="https://x.example/", issuer="did:web:x.example", bits=b"\0", valid_from=at)
    with pytest.raises(StatusError):
        bitstring.new_bits(100)
