"""Signatures of all kinds under one rule: what verifies, and above all what does not."""

from functools import cache

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from openmcx.credentials import KeyMaterialError, base64url
from openmcx.credentials.keys import EcSigner, PublicKey, generate, signer_for
from openmcx.credentials.keys.jwk import read_jwk
from openmcx.credentials.keys.signer import CURVE_ORDERS, SECRET_BYTES
from openmcx.credentials.proofs import signatures
from tests.credentials.signers import ED25519, OTHER_P256, P256, P384

DATA = b"what is signed"
SIGNERS = {"Ed25519": ED25519, "P-256": P256, "P-384": P384}
every_kind = pytest.mark.parametrize("signer", SIGNERS.values(), ids=SIGNERS)

# RFC 6979, sections A.2.5 and A.2.6: message “sample”.
RFC_6979 = {
    "P-256": (
        "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
        "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
        "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
    ),
    "P-384": (
        "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5",
        "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46"
        "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC8",
    ),
}


@cache
def rsa_key(bits: int = 2048, exponent: int = 65537) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(exponent, bits)


def public_rsa(key: rsa.RSAPrivateKey) -> PublicKey:
    return PublicKey("RSA", key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


class TestEcSigner:
    @pytest.mark.parametrize("curve", RFC_6979)
    def test_the_signature_is_that_of_rfc_6979(self, curve) -> None:
        secret, signature = map(bytes.fromhex, RFC_6979[curve])
        assert EcSigner(curve, secret, "did:example:x#y").sign(b"sample") == signature

    # RFC 7515, section A.3.
    def test_the_example_of_es256_verifies(self) -> None:
        key = read_jwk(
            {
                "kty": "EC",
                "crv": "P-256",
                "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
            }
        )
        signed = (
            b"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQog"
            b"Imh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        )
        signature = base64url.decode(
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
        )
        assert signatures.verify(key, signature, signed, jws_algorithm="ES256")
        assert not signatures.verify(key, signature, signed + b"x", jws_algorithm="ES256")

    @pytest.mark.parametrize("curve", ["P-256", "P-384"])
    def test_secrets_that_are_no_scalars_are_refused(self, curve) -> None:
        size, order = SECRET_BYTES[curve], CURVE_ORDERS[curve]
        for secret in (bytes(size), order.to_bytes(size), b"\xff" * size):
            with pytest.raises(KeyMaterialError) as caught:
                EcSigner(curve, secret, "x")
            assert caught.value.code == "secret-out-of-range"
        for secret in (b"", bytes(size - 1), bytes(size + 1)):
            with pytest.raises(KeyMaterialError) as caught:
                EcSigner(curve, secret, "x")
            assert caught.value.code == "key-wrong-size"
        assert EcSigner(curve, (order - 1).to_bytes(size), "x").public_key != EcSigner(curve, (1).to_bytes(size), "x")

    @pytest.mark.parametrize("algorithm", ["Ed25519", "RSA", "secp256k1"])
    def test_other_kinds_are_refused(self, algorithm) -> None:
        with pytest.raises(KeyMaterialError) as caught:
            EcSigner(algorithm, bytes(range(32)), "x")
        assert caught.value.code == "key-type-unsupported"

    @pytest.mark.parametrize("algorithm", ["Ed25519", "P-256", "P-384", "P-521"])
    def test_new_secrets_make_signers_and_differ(self, algorithm) -> None:
        secrets = {generate(algorithm) for _ in range(10)}
        assert len(secrets) == 10
        for secret in secrets:
            assert signer_for(algorithm, secret, "x").algorithm == algorithm

    def test_no_rsa_secret_is_made(self) -> None:
        with pytest.raises(KeyMaterialError):
            generate("RSA")


class TestVerifying:
    @every_kind
    def test_a_signature_verifies_and_a_changed_one_does_not(self, signer) -> None:
        signature = signer.sign(DATA)
        assert len(signature) == signatures.SIGNATURE_BYTES[signer.algorithm]
        assert signatures.verify(signer.public_key, signature, DATA)
        assert not signatures.verify(signer.public_key, signature, DATA + b"x")
        for place in range(0, len(signature), 7):
            changed = bytearray(signature)
            changed[place] ^= 1
            assert not signatures.verify(signer.public_key, bytes(changed), DATA)

    @every_kind
    @pytest.mark.parametrize("size", [0, 1, 63, 65, 95, 97, 128])
    def test_signatures_of_the_wrong_length_do_not_verify(self, signer, size) -> None:
        assert not signatures.verify(signer.public_key, bytes(size), DATA)

    @pytest.mark.parametrize("signer", [P256, P384])
    def test_der_is_no_signature(self, signer) -> None:
        key = signer._key.sign(DATA, ec.ECDSA(hashes.SHA256() if signer is P256 else hashes.SHA384()))
        assert decode_dss_signature(key)
        assert not signatures.verify(signer.public_key, key, DATA)

    @pytest.mark.parametrize("signer", [P256, P384])
    def test_the_hash_is_the_curves(self, signer) -> None:
        other = hashes.SHA384() if signer is P256 else hashes.SHA256()
        r, s = decode_dss_signature(signer._key.sign(DATA, ec.ECDSA(other)))
        size = SECRET_BYTES[signer.algorithm]
        assert not signatures.verify(signer.public_key, r.to_bytes(size) + s.to_bytes(size), DATA)

    @pytest.mark.parametrize("signer", [P256, P384])
    def test_numbers_beyond_the_curves_order_do_not_verify(self, signer) -> None:
        # s + n stands for the same number; with P-256 it rarely fits its bytes, with P-384 hardly ever.
        size, order = SECRET_BYTES[signer.algorithm], CURVE_ORDERS[signer.algorithm]
        for r, s in ((0, 1), (1, 0), (order, 1), (1, order), (order + 1, 1)):
            assert not signatures.verify(signer.public_key, r.to_bytes(size) + s.to_bytes(size), DATA)

    def test_points_off_the_curve_are_refused(self) -> None:
        for key in (
            PublicKey("P-256", b"\x02" + b"\xff" * 32),
            PublicKey("P-256", b"\x04" + bytes(32)),
            PublicKey("P-256", bytes(33)),
            PublicKey("P-384", b"\x05" + bytes(48)),
        ):
            for refused in (
                lambda key=key: signatures.verify(key, bytes(64), DATA),
                lambda key=key: signatures.check_public_key(key),
            ):
                with pytest.raises(KeyMaterialError) as caught:
                    refused()
                assert caught.value.code == "key-not-on-curve"

    def test_unsafe_ed25519_keys_are_refused(self) -> None:
        for refused in (
            lambda: signatures.verify(PublicKey("Ed25519", bytes(32)), bytes(64), DATA),
            lambda: signatures.check_public_key(PublicKey("Ed25519", b"\x01" + bytes(31))),
        ):
            with pytest.raises(KeyMaterialError) as caught:
                refused()
            assert caught.value.code == "ed25519-key-unsafe"


class TestJwsAlgorithms:
    @every_kind
    def test_what_signs_says_the_algorithm_that_verifies(self, signer) -> None:
        name = signatures.jws_algorithm(signer.algorithm)
        assert signatures.JWS_ALGORITHMS[name] == signer.algorithm
        assert signatures.verify(signer.public_key, signer.sign(DATA), DATA, jws_algorithm=name)

    def test_ed25519_has_two_names(self) -> None:
        for name in ("EdDSA", "Ed25519"):
            assert signatures.verify(ED25519.public_key, ED25519.sign(DATA), DATA, jws_algorithm=name)

    def test_nothing_is_signed_with_rsa(self) -> None:
        with pytest.raises(KeyMaterialError):
            signatures.jws_algorithm("RSA")

    @pytest.mark.parametrize("name", ["none", "None", "NONE", "HS256", "HS384", "HS512", "RS1", "ES256K", "es256", "x"])
    def test_algorithms_that_prove_nothing_or_are_unknown_are_refused(self, name) -> None:
        for key in (ED25519.public_key, P256.public_key, public_rsa(rsa_key())):
            with pytest.raises(KeyMaterialError) as caught:
                signatures.verify(key, bytes(64), DATA, jws_algorithm=name)
            assert caught.value.code == "signature-algorithm-unsupported"

    @pytest.mark.parametrize("name", signatures.JWS_ALGORITHMS)
    def test_an_algorithm_for_another_kind_of_key_is_refused(self, name) -> None:
        for key in (ED25519.public_key, P256.public_key, P384.public_key, public_rsa(rsa_key())):
            if signatures.JWS_ALGORITHMS[name] == key.algorithm:
                continue
            with pytest.raises(KeyMaterialError) as caught:
                signatures.verify(key, bytes(64), DATA, jws_algorithm=name)
            assert caught.value.code == "signature-algorithm-mismatch"

    def test_the_table_cannot_be_changed(self) -> None:
        with pytest.raises(TypeError):
            signatures.JWS_ALGORITHMS["none"] = "Ed25519"  # type: ignore[index]


class TestRsa:
    @pytest.mark.parametrize("name", ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"])
    def test_each_algorithm_verifies_its_own_signatures_alone(self, name) -> None:
        digest = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}[name[2:]]
        pss = padding.PSS(padding.MGF1(digest), digest.digest_size)
        signature = rsa_key().sign(DATA, pss if name[0] == "P" else padding.PKCS1v15(), digest)
        key = public_rsa(rsa_key())
        for other in ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"):
            assert signatures.verify(key, signature, DATA, jws_algorithm=other) == (other == name)
        assert not signatures.verify(key, signature, DATA + b"x", jws_algorithm=name)
        assert not signatures.verify(key, signature[:-1], DATA, jws_algorithm=name)
        assert not signatures.verify(key, b"", DATA, jws_algorithm=name)

    def test_a_salt_of_another_length_does_not_verify(self) -> None:
        digest = hashes.SHA256()
        signature = rsa_key().sign(DATA, padding.PSS(padding.MGF1(digest), 20), digest)
        assert not signatures.verify(public_rsa(rsa_key()), signature, DATA, jws_algorithm="PS256")

    def test_the_algorithm_has_to_be_named(self) -> None:
        with pytest.raises(KeyMaterialError) as caught:
            signatures.verify(public_rsa(rsa_key()), bytes(256), DATA)
        assert caught.value.code == "signature-algorithm-unsupported"

    def test_short_keys_are_refused(self) -> None:
        with pytest.raises(KeyMaterialError) as caught:
            public_rsa(rsa_key(1024))
        assert caught.value.code == "rsa-key-unusable"

    def test_long_exponents_and_keys_are_refused(self) -> None:
        modulus = rsa_key().public_key().public_numbers().n
        for numbers in (
            rsa.RSAPublicNumbers(2**33 + 1, modulus),
            rsa.RSAPublicNumbers(65537, 2**8200 + 1),
            rsa.RSAPublicNumbers(65537, 2**2046 + 1),
        ):
            value = numbers.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            with pytest.raises(KeyMaterialError) as caught:
                signatures.check_public_key(PublicKey("RSA", value))
            assert caught.value.code == "rsa-key-unusable"

    def test_bytes_of_another_kind_are_no_rsa_key(self) -> None:
        for value in (bytes(300), b"\x30\x82" + bytes(298)):
            with pytest.raises(KeyMaterialError) as caught:
                signatures.check_public_key(PublicKey("RSA", value))
            assert caught.value.code == "rsa-key-unusable"


def test_a_key_of_somebody_else_does_not_verify() -> None:
    assert not signatures.verify(OTHER_P256.public_key, P256.sign(DATA), DATA)
