"""Ed25519 verification where libraries differ: one rule, with libsodium and with OpenSSL beneath it."""

import hashlib
from itertools import count

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st
from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

from openmcx.credentials import KeyMaterialError
from openmcx.credentials.keys import ed25519

# --- the curve, as RFC 8032 (section 5.1) defines it, for making what no library makes --------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
IDENTITY = (0, 1)


def add(one, other):
    (x1, y1), (x2, y2) = one, other
    product = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, P) % P
    return x, (y1 * y2 + x1 * x2) * pow(1 - product, -1, P) % P


def times(scalar, point):
    result = IDENTITY
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def encode(point, *, y=None):
    return ((point[1] if y is None else y) | (point[0] & 1) << 255).to_bytes(32, "little")


def x_of(y):
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    root = pow(square, (P + 3) // 8, P)
    if root * root % P != square:
        root = root * pow(2, (P - 1) // 4, P) % P
    return root if root * root % P == square else None


BASE_Y = 4 * pow(5, -1, P) % P
BASE = (x_of(BASE_Y) if x_of(BASE_Y) % 2 == 0 else P - x_of(BASE_Y), BASE_Y)


def torsion():
    """The eight points of small order: multiples of one of order 8, found by taking any point L times."""
    for y in count(2):
        if (x := x_of(y)) is not None:
            point = times(L, (x, y))
            if times(4, point) != IDENTITY:
                return [times(i, point) for i in range(8)]
    raise AssertionError


TORSION = torsion()
SECRET = 123456789**7 % L
PUBLIC = times(SECRET, BASE)


def challenge(r, key, message):
    return int.from_bytes(hashlib.sha512(r + key + message).digest(), "little") % L


def signature(key, message, *, r_point=None, nonce=987654321**5 % L, r=None):
    """A signature as RFC 8032 makes it, with the nonce or R of our choice."""
    encoded = r or encode(r_point or times(nonce, BASE))
    s = (nonce + challenge(encoded, key, message) * SECRET) % L
    return encoded + s.to_bytes(32, "little")


# --- what the libraries say by themselves, and under the rule ---------------------------------------------------------


def libsodium(key, signed, message):
    try:
        crypto_sign_open(signed + message, key)
    except BadSignatureError:
        return False
    return True


def openssl(key, signed, message):
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signed, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def ours(key, signed, message):
    try:
        return ed25519.verify(key, signed, message)
    except KeyMaterialError:
        return False


def under_the_rule(library, key, signed, message):
    try:
        ed25519.check_public_key(key)
    except KeyMaterialError:
        return False
    return ed25519.is_canonical(signed) and library(key, signed, message)


def assert_all_say(expected, key, signed, message):
    assert under_the_rule(libsodium, key, signed, message) is expected
    assert under_the_rule(openssl, key, signed, message) is expected
    assert ours(key, signed, message) is expected


KEY = encode(PUBLIC)


def test_the_curve_of_this_test_is_the_one_of_the_libraries():
    assert times(L, BASE) == IDENTITY
    assert len(set(TORSION)) == 8
    assert libsodium(KEY, signature(KEY, b"m"), b"m")
    assert openssl(KEY, signature(KEY, b"m"), b"m")


@given(st.binary(max_size=40))
def test_a_sound_signature_is_accepted_and_none_else(message):
    sound = signature(KEY, message)
    assert_all_say(True, KEY, sound, message)
    assert_all_say(False, KEY, sound, message + b"x")
    for position in (0, 31, 32, 63):
        changed = bytearray(sound)
        changed[position] ^= 1
        assert_all_say(False, KEY, bytes(changed), message)


class TestKeys:
    @pytest.mark.parametrize("y", sorted({y + offset for _, y in TORSION for offset in (0, P) if y + offset < 2**255}))
    @pytest.mark.parametrize("sign", [0, 1])
    def test_small_order_is_refused_however_it_is_written(self, y, sign):
        key = (y | sign << 255).to_bytes(32, "little")
        with pytest.raises(KeyMaterialError) as refusal:
            ed25519.check_public_key(key)
        assert refusal.value.code == "ed25519-key-unsafe"

    def test_openssl_by_itself_accepts_one_signature_for_any_message_with_such_a_key(self):
        """Why there is a rule. Should this fail, OpenSSL has become stricter, and nothing is lost."""
        key, forged = encode(IDENTITY), encode(times(5, BASE)) + (5).to_bytes(32, "little")
        assert [openssl(key, forged, message) for message in (b"yes", b"no")] == [True, True]
        assert_all_say(False, key, forged, b"yes")

    @pytest.mark.parametrize("y", range(P, P + 19))
    def test_an_encoding_beyond_the_field_is_refused(self, y):
        for sign in (0, 1):
            with pytest.raises(KeyMaterialError):
                ed25519.check_public_key((y | sign << 255).to_bytes(32, "little"))

    @pytest.mark.parametrize("size", [0, 31, 33, 64])
    def test_another_size_is_refused(self, size):
        with pytest.raises(KeyMaterialError) as refusal:
            ed25519.check_public_key(bytes(range(1, size + 1)))
        assert refusal.value.code == "key-wrong-size"

    def test_what_is_on_no_curve_verifies_nothing(self):
        y = next(y for y in count(2) if x_of(y) is None)
        key = y.to_bytes(32, "little")
        assert_all_say(False, key, signature(key, b"m"), b"m")

    @pytest.mark.parametrize("point", TORSION[1:], ids=range(1, 8))
    def test_a_key_of_mixed_order_is_judged_alike_by_all(self, point):
        """Sound but for a part of small order, it verifies exactly when the challenge takes that part away."""
        key = encode(add(PUBLIC, point))
        verdicts = set()
        for number in range(40):
            message = b"message %d" % number
            signed = signature(key, message)
            expected = times(challenge(signed[:32], key, message), point) == IDENTITY
            assert_all_say(expected, key, signed, message)
            verdicts.add(expected)
        assert verdicts == {True, False}


class TestSignatures:
    def test_a_scalar_beyond_the_order_is_refused(self):
        sound = signature(KEY, b"m")
        s = int.from_bytes(sound[32:], "little")
        for other in (s + L, s + 8 * L, L, 2**256 - 1):
            if other < 2**256:
                assert_all_say(False, KEY, sound[:32] + other.to_bytes(32, "little"), b"m")

    @pytest.mark.parametrize("point", TORSION, ids=range(8))
    def test_an_r_of_small_order_is_refused(self, point):
        for offset in (0, P):
            if point[1] + offset < 2**255:
                r = encode(point, y=point[1] + offset)
                assert_all_say(False, KEY, signature(KEY, b"m", r=r, nonce=0), b"m")

    def test_openssl_by_itself_accepts_the_neutral_r(self):
        assert openssl(KEY, signature(KEY, b"m", r=encode(IDENTITY), nonce=0), b"m")

    @pytest.mark.parametrize("point", TORSION[1:], ids=range(1, 8))
    def test_an_r_of_mixed_order_is_refused(self, point):
        nonce = 42
        signed = signature(KEY, b"m", r_point=add(times(nonce, BASE), point), nonce=nonce)
        assert_all_say(False, KEY, signed, b"m")

    @pytest.mark.parametrize("size", [0, 32, 63, 65, 128])
    def test_another_size_is_refused(self, size):
        assert ours(KEY, bytes(range(1, 129))[:size], b"m") is False

    @given(st.binary(min_size=64, max_size=64), st.binary(min_size=32, max_size=32))
    def test_random_ones_are_judged_alike(self, signed, key):
        expected = ours(key, signed, b"m")
        assert_all_say(expected, key, signed, b"m")
