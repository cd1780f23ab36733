"""base58btc as multibase."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmcx.credentials import KeyMaterialError
from openmcx.credentials.multibase import decode_base58btc, encode_base58btc

# From draft-msporny-base58-03, section 5, with the multibase prefix.
KNOWN = [
    (b"Hello World!", "z2NEpo7TZRRrLZSi2U"),
    (b"The quick brown fox jumps over the lazy dog.", "zUSm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z"),
    (bytes.fromhex("0000287fb4cd"), "z11233QC4"),
    (b"", "z"),
    (b"\0", "z1"),
]


@pytest.mark.parametrize(("data", "text"), KNOWN)
def test_known_values(data, text):
    assert encode_base58btc(data) == text
    assert decode_base58btc(text) == data


@given(st.binary(max_size=200), st.integers(0, 4))
def test_what_is_written_is_read_again(data, zeros):
    data = bytes(zeros) + data
    text = encode_base58btc(data)
    assert decode_base58btc(text, size=len(data)) == data


@given(st.text("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", max_size=300))
def test_no_two_texts_are_read_alike(digits):
    assert encode_base58btc(decode_base58btc("z" + digits)) == "z" + digits


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2NEpo7TZRRrLZSi2U",
        "Z2NEpo7",
        "m2NEpo7",
        "z0",
        "zO",
        "zI",
        "zl",
        "z+",
        "z 2",
        "z2\n",
        "zé",
        "zzzz\0",
        "z" * 1025,
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(KeyMaterialError) as refusal:
        decode_base58btc(text)
    assert refusal.value.code == "multibase-not-base58btc"


def test_another_size_is_refused():
    with pytest.raises(KeyMaterialError) as refusal:
        decode_base58btc(encode_base58btc(bytes(63)), size=64)
    assert (refusal.value.code, refusal.value.params) == ("multibase-wrong-size", {"found": 63, "expected": 64})
