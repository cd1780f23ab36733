"""JSON Web Keys, did:jwk, and where keys are found."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openmcx.credentials import CredentialError, KeyMaterialError, base64url
from openmcx.credentials.keys import Algorithm, PublicKey, did_jwk, did_key, did_web, generate, key_file, signer_for
from openmcx.credentials.keys.jwk import read_jwk, thumbprint, write_jwk
from openmcx.credentials.keys.multikey import decode_secret, encode_public_key, encode_secret
from openmcx.credentials.keys.resolve import KeyResolver, Unreachable
from openmcx.credentials.multibase import encode_base58btc
from tests.credentials.signers import ED25519, OTHER_P256, P256, P384
from tests.credentials.test_signatures import public_rsa, rsa_key

KEYS = {"Ed25519": ED25519.public_key, "P-256": P256.public_key, "P-384": P384.public_key}
JWK = write_jwk(P256.public_key)
every_kind = pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
KINDS: list[Algorithm] = ["Ed25519", "P-256", "P-384"]


def code_of(call: Any) -> str:
    with pytest.raises(CredentialError) as caught:
        call()
    assert str(caught.value)
    return caught.value.code


class TestJwk:
    @every_kind
    def test_keys_come_back(self, key: PublicKey) -> None:
        assert read_jwk(write_jwk(key)) == key

    def test_rsa_comes_back(self) -> None:
        key = public_rsa(rsa_key())
        assert read_jwk(write_jwk(key)) == key
        assert write_jwk(key)["e"] == "AQAB"

    @settings(max_examples=15)
    @given(st.binary(min_size=32, max_size=32))
    def test_any_point_comes_back(self, secret: bytes) -> None:
        key = signer_for("P-256", secret if any(secret) and secret < b"\xff\xff\xff\xff" else b"\1" * 32, "").public_key
        jwk = write_jwk(key)
        assert {len(jwk["x"]), len(jwk["y"])} == {43}
        assert read_jwk(jwk) == key

    # RFC 7638, section 3.1; RFC 8037, section A.3.
    @pytest.mark.parametrize(
        ("jwk", "expected"),
        [
            (
                {
                    "kty": "RSA",
                    "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECP"
                    "ebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQM"
                    "icAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3"
                    "XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
                    "e": "AQAB",
                    "alg": "RS256",
                    "kid": "2011-04-29",
                },
                "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
            ),
            (
                {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
                "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
            ),
        ],
        ids=["RSA", "Ed25519"],
    )
    def test_thumbprints_are_those_of_the_standards(self, jwk: dict[str, str], expected: str) -> None:
        assert thumbprint(read_jwk(jwk)) == expected

    @pytest.mark.parametrize("member", ["d", "p", "q", "dp", "dq", "qi", "oth", "k"])
    def test_a_key_that_shows_its_secret_is_refused_without_repeating_it(self, member: str) -> None:
        with pytest.raises(KeyMaterialError) as caught:
            read_jwk({**JWK, member: "c2VjcmV0"})
        assert (caught.value.code, caught.value.params) == ("jwk-invalid", {"reason": "jwk-holds-secret"})
        assert "c2VjcmV0" not in str(caught.value)

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"use": "enc"}, "jwk-not-for-signatures"),
            ({"use": ["sig"]}, "jwk-not-for-signatures"),
            ({"key_ops": ["sign"]}, "jwk-not-for-signatures"),
            ({"key_ops": []}, "jwk-not-for-signatures"),
            ({"key_ops": "verify"}, "jwk-not-for-signatures"),
            ({"alg": "ES384"}, "jwk-algorithm-differs"),
            ({"alg": "HS256"}, "jwk-algorithm-differs"),
            ({"alg": ["ES256"]}, "jwk-algorithm-differs"),
            ({"alg": None}, "jwk-algorithm-differs"),
            ({"kty": "oct"}, "jwk-kind-unsupported"),
            ({"kty": "OKP"}, "jwk-kind-unsupported"),
            ({"kty": ["EC"]}, "jwk-kind-unsupported"),
            ({"kty": None}, "jwk-kind-unsupported"),
            ({"crv": "P-224"}, "jwk-kind-unsupported"),
            ({"crv": "secp256k1"}, "jwk-kind-unsupported"),
            ({"crv": ["P-256"]}, "jwk-kind-unsupported"),
            ({"crv": "Ed25519", "kty": "EC"}, "jwk-kind-unsupported"),
            ({"x": None}, "jwk-member-malformed"),
            ({"x": 5}, "jwk-member-malformed"),
            ({"x": ""}, "jwk-member-malformed"),
            ({"x": JWK["x"] + "="}, "jwk-member-malformed"),
            ({"x": JWK["x"][:-1]}, "jwk-member-malformed"),
            ({"x": JWK["x"] + "AA"}, "jwk-member-malformed"),
            ({"x": "A" + JWK["x"]}, "jwk-member-malformed"),
            ({"x": JWK["x"][:-1] + "\n"}, "jwk-member-malformed"),
            ({"y": "+" * 43}, "jwk-member-malformed"),
            ({"y": "A" * 10_000}, "jwk-member-malformed"),
        ],
    )
    def test_keys_that_are_wrong_are_refused(self, change: dict[str, Any], reason: str) -> None:
        with pytest.raises(KeyMaterialError) as caught:
            read_jwk({**JWK, **change})
        assert (caught.value.code, caught.value.params["reason"]) == ("jwk-invalid", reason)

    def test_what_is_said_besides_is_passed_over(self) -> None:
        assert read_jwk({**JWK, "use": "sig", "key_ops": ["verify"], "alg": "ES256", "kid": "a"}) == P256.public_key

    def test_bits_that_do_not_count_are_refused(self) -> None:
        # The last digit holds four bits that are not the key's: sixteen texts would stand for one key.
        digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        last = digits.index(JWK["x"][-1])
        for bits in (1, 2, 3):
            assert (
                code_of(lambda bits=bits: read_jwk({**JWK, "x": JWK["x"][:-1] + digits[last ^ bits]})) == "jwk-invalid"
            )

    def test_points_off_the_curve_are_refused(self) -> None:
        for y in (write_jwk(OTHER_P256.public_key)["y"], base64url.encode(bytes(32)), base64url.encode(b"\xff" * 32)):
            assert code_of(lambda y=y: read_jwk({**JWK, "y": y})) == "key-not-on-curve"

    @pytest.mark.parametrize(
        "change", [{"n": "AA"}, {"e": ""}, {"e": "AAEAAQ"}, {"n": "AQ"}, {"e": "Ag"}, {"e": "AQ"}, {"n": "A" * 3000}]
    )
    def test_rsa_keys_that_are_none_are_refused(self, change: dict[str, str]) -> None:
        jwk = {**write_jwk(public_rsa(rsa_key())), **change}
        assert code_of(lambda: read_jwk(jwk)) in ("jwk-invalid", "rsa-key-unusable")


class TestDidJwk:
    # The example of the method.
    EXAMPLE = (
        "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5"
        "IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9"
    )

    def test_the_example_of_the_method_is_read(self) -> None:
        key = did_jwk.public_key(self.EXAMPLE)
        assert write_jwk(key) == {
            "crv": "P-256",
            "kty": "EC",
            "x": "acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0",
            "y": "_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE",
        }
        assert did_jwk.did_jwk(key) == self.EXAMPLE

    @every_kind
    def test_keys_come_back_and_are_listed(self, key: PublicKey) -> None:
        did, method = did_jwk.did_jwk(key), did_jwk.verification_method(key)
        assert did_jwk.public_key(did) == did_jwk.public_key(method) == key
        document = did_jwk.document(did)
        for purpose in ("assertionMethod", "authentication"):
            assert did_web.find_key(document, method, purpose=purpose).key == key

    @pytest.mark.parametrize(
        "did",
        [
            "did:jwk:",
            "did:jwk:e30=",
            "did:jwk:bm8",
            "did:jwk:W10",
            f"{EXAMPLE}#1",
            f"{EXAMPLE}#",
            EXAMPLE + "A",
            "did:jwk:" + "A" * 5000,
            did_jwk.PREFIX + base64url.encode(b'{"kty":"EC","kty":"EC"}'),
            did_jwk.PREFIX + base64url.encode(b"[" * 100),
            did_jwk.PREFIX + base64url.encode(json.dumps({**JWK, "d": "AAAA"}).encode()),
            "did:key:z6Mk",
        ],
    )
    def test_others_are_refused(self, did: str) -> None:
        for reader in (did_jwk.public_key, did_jwk.document):
            assert code_of(lambda reader=reader: reader(did)) in ("did-invalid", "jwk-invalid")


class TestDidWebDocuments:
    WEB = "did:web:uni.example"

    def document(self, **method: Any) -> dict[str, Any]:
        document: dict[str, Any] = did_web.did_document(self.WEB, keys=[("k", P256.public_key)])
        document["verificationMethod"][0].update(method)
        return {**document, "verificationMethod": [{k: v for k, v in document["verificationMethod"][0].items() if v}]}

    def find(self, **method: Any) -> PublicKey:
        return did_web.find_key(self.document(**method), f"{self.WEB}#k").key

    @pytest.mark.parametrize("kind", ["JsonWebKey", "JsonWebKey2020"])
    @every_kind
    def test_keys_in_jwk_are_read(self, key: PublicKey, kind: str) -> None:
        assert self.find(type=kind, publicKeyMultibase=None, publicKeyJwk=write_jwk(key)) == key

    def test_an_ed25519_key_of_2020_is_read(self) -> None:
        multibase = encode_public_key(ED25519.public_key)
        assert self.find(type="Ed25519VerificationKey2020", publicKeyMultibase=multibase) == ED25519.public_key

    @pytest.mark.parametrize(
        ("method", "code"),
        [
            ({"publicKeyJwk": JWK}, "did-document-invalid"),
            ({"type": "JsonWebKey", "publicKeyJwk": JWK}, "did-document-invalid"),
            ({"type": "JsonWebKey"}, "key-type-unsupported"),
            ({"type": "Multikey", "publicKeyMultibase": None, "publicKeyJwk": JWK}, "key-type-unsupported"),
            ({"type": "JsonWebKey", "publicKeyMultibase": None, "publicKeyJwk": "x"}, "key-type-unsupported"),
            ({"type": "JsonWebKey", "publicKeyMultibase": None, "publicKeyJwk": {**JWK, "d": "AA"}}, "jwk-invalid"),
            ({"type": "Ed25519VerificationKey2020"}, "did-document-invalid"),
            ({"type": "Ed25519VerificationKey2018"}, "key-type-unsupported"),
        ],
    )
    def test_keys_that_are_unclear_are_refused(self, method: dict[str, Any], code: str) -> None:
        assert code_of(lambda: self.find(**method)) == code


class TestResolving:
    SET = {"keys": [{**JWK, "kid": "one"}, {**write_jwk(ED25519.public_key), "kid": "https://x.example/jwks#two"}]}

    def resolver(self, document: Any) -> KeyResolver:
        self.asked: list[str] = []

        def fetch(address: str) -> bytes:
            self.asked.append(address)
            return document if isinstance(document, bytes) else json.dumps(document).encode()

        return KeyResolver(fetch)

    def test_a_did_jwk_is_its_own_document(self) -> None:
        resolver, method = KeyResolver(None), did_jwk.verification_method(P384.public_key)
        assert resolver.public_key(method) == P384.public_key
        found = resolver.found[method]
        assert (found.controller, found.source) == (did_jwk.did_jwk(P384.public_key), "did:jwk")
        assert code_of(lambda: resolver.public_key(found.controller)) == "did-invalid"

    def test_a_key_of_a_set_is_found_by_its_name(self) -> None:
        resolver = self.resolver(self.SET)
        assert resolver.public_key("https://x.example/jwks#one") == P256.public_key
        assert resolver.public_key("https://x.example/jwks#two") == ED25519.public_key
        found = resolver.found["https://x.example/jwks#one"]
        assert (found.controller, found.source) == ("https://x.example/jwks", "jwks")
        assert self.asked == ["https://x.example/jwks"]

    @pytest.mark.parametrize("document", [JWK, {**JWK, "kid": "https://x.example/key"}, {"keys": [JWK]}])
    def test_a_lone_key_is_found_at_its_address(self, document: Any) -> None:
        assert self.resolver(document).public_key("https://x.example/key") == P256.public_key

    @pytest.mark.parametrize(
        ("document", "method", "code"),
        [
            (SET, "https://x.example/jwks#three", "jwk-set-invalid"),
            (SET, "https://x.example/jwks", "jwk-set-invalid"),
            ({"keys": []}, "https://x.example/jwks", "jwk-set-invalid"),
            ({"keys": [JWK]}, "https://x.example/jwks#one", "jwk-set-invalid"),
            ({"keys": [{**JWK, "kid": "a"}] * 2}, "https://x.example/jwks#a", "jwk-set-invalid"),
            ({"keys": [JWK] * 201}, "https://x.example/jwks#a", "jwk-set-invalid"),
            ({"keys": "x"}, "https://x.example/jwks#a", "jwk-set-invalid"),
            ({"keys": [None, 5]}, "https://x.example/jwks#a", "jwk-set-invalid"),
            ({**JWK, "kid": "https://y.example/key"}, "https://x.example/key", "jwk-set-invalid"),
            ({}, "https://x.example/key", "jwk-invalid"),
            (b"<html>", "https://x.example/key", "did-document-unreadable"),
            (b'{"keys":[],"keys":[]}', "https://x.example/key", "did-document-unreadable"),
            (b'{"a":"' + b"x" * 300_000 + b'"}', "https://x.example/key", "did-document-unreadable"),
        ],
    )
    def test_sets_that_do_not_hold_the_key_are_refused(self, document: Any, method: str, code: str) -> None:
        assert code_of(lambda: self.resolver(document).public_key(method)) == code

    def test_a_set_is_not_fetched_unencrypted(self) -> None:
        resolver = self.resolver(self.SET)
        assert code_of(lambda: resolver.public_key("http://x.example/jwks#one")) == "did-method-unsupported"
        assert self.asked == []

    def test_a_key_in_an_address_proves_nothing_about_it(self) -> None:
        method = f"https://x.example/issuer#{encode_public_key(P256.public_key)}"
        resolver = self.resolver(self.SET)
        assert resolver.public_key(method) == P256.public_key
        assert (resolver.found[method].source, self.asked) == ("address", [])

    def test_what_cannot_be_fetched_is_said(self) -> None:
        with pytest.raises(Unreachable) as caught:
            KeyResolver(None).public_key("https://x.example/jwks#one")
        assert "https://x.example/jwks" in str(caught.value)

    def test_a_key_allowed_for_one_purpose_is_not_for_another(self) -> None:
        document = did_web.did_document("did:web:uni.example", keys=[("k", P256.public_key)])
        resolver, method = self.resolver(document), "did:web:uni.example#k"
        assert resolver.public_key(method) == P256.public_key
        assert code_of(lambda: resolver.public_key(method, purpose="authentication")) == "key-not-in-document"
        assert len(self.asked) == 1


class TestSecrets:
    @pytest.mark.parametrize(
        ("kind", "prefix"), [("Ed25519", b"\x80\x26"), ("P-256", b"\x86\x26"), ("P-384", b"\x87\x26")]
    )
    def test_secrets_come_back(self, kind: Algorithm, prefix: bytes) -> None:
        secret = generate(kind)
        assert encode_secret(kind, secret) == encode_base58btc(prefix + secret)
        assert decode_secret(encode_secret(kind, secret)) == (kind, secret)

    @pytest.mark.parametrize("data", [b"", b"\x80\x26", b"\x86\x26" + bytes(48), b"\x87\x26" + bytes(32), b"\x81\x26x"])
    def test_others_are_refused(self, data: bytes) -> None:
        assert code_of(lambda: decode_secret(encode_base58btc(data))) in ("secret-type-unsupported", "key-wrong-size")

    def test_rsa_has_no_multikey(self) -> None:
        assert code_of(lambda: encode_secret("RSA", bytes(32))) == "secret-type-unsupported"
        assert code_of(lambda: encode_public_key(public_rsa(rsa_key()))) == "key-type-unsupported"

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("passphrase", ["", "correct horse"])
    def test_key_files_hold_all_kinds(self, tmp_path: Any, kind: Algorithm, passphrase: str) -> None:
        path, secret = tmp_path / "key.json", generate(kind)
        key_file.write_key_file(path, secret, "did:example:x#y", passphrase=passphrase, algorithm=kind)
        signer = key_file.read_key_file(path.read_bytes(), passphrase=passphrase)
        assert (signer.algorithm, signer.public_key) == (kind, signer_for(kind, secret, "").public_key)
        assert json.loads(path.read_bytes())["algorithm"] == kind

    def test_a_key_file_of_two_kinds_is_refused(self, tmp_path: Any) -> None:
        path = tmp_path / "key.json"
        key_file.write_key_file(path, generate("P-256"), "did:example:x#y", algorithm="P-256")
        content = json.loads(path.read_bytes())
        for change in (
            {"algorithm": "P-384"},
            {"secretKeyMultibase": encode_secret("Ed25519", generate("Ed25519"))},
            {"publicKeyMultibase": encode_public_key(ED25519.public_key)},
        ):
            data = json.dumps({**content, **change}).encode()
            assert code_of(lambda data=data: key_file.read_key_file(data)) == "key-file-invalid"

    def test_a_did_key_of_each_kind_lists_its_key(self) -> None:
        for signer, start in ((ED25519, "z6Mk"), (P256, "zDna"), (P384, "z82L")):
            did = did_key.did_key(signer.public_key)
            assert did.startswith(f"did:key:{start}")
            assert did_web.find_key(did_key.document(did), signer.verification_method).key == signer.public_key


class TestBase64url:
    @given(st.binary(max_size=40))
    def test_bytes_come_back(self, data: bytes) -> None:
        assert base64url.decode(base64url.encode(data)) == data

    @pytest.mark.parametrize("text", ["A", "AA=", "AA==", "AB", "AAB", "A+", "A/", " AA", "AA\n", "ÄÄ", "AAAAA"])
    def test_other_texts_are_refused(self, text: str) -> None:
        with pytest.raises(ValueError):
            base64url.decode(text)
