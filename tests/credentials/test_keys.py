"""Keys: their written forms, their DIDs, their documents and their files."""

import base64
import datetime as dt
import json
import pickle
import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from openmcx.credentials import KeyMaterialError
from openmcx.credentials.keys import Ed25519Signer, PublicKey, did_key, did_web, generate_ed25519, key_file
from openmcx.credentials.keys.multikey import (
    decode_public_key,
    decode_secret,
    encode_public_key,
    encode_secret,
)
from openmcx.credentials.multibase import encode_base58btc
from tests.credentials.examples import DID, OTHER_PUBLIC, PUBLIC, SECRET, SIGNER

WEB = "did:web:uni.example:credentials"


def nist(curve: ec.EllipticCurve) -> bytes:
    return ec.generate_private_key(curve).public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


class TestSigner:
    def test_a_signer_shows_and_pickles_no_secret(self) -> None:
        assert SECRET.hex() not in repr(SIGNER)
        assert encode_secret("Ed25519", SECRET) not in repr(SIGNER)
        with pytest.raises(TypeError, match="holds a secret"):
            pickle.dumps(SIGNER)

    # RFC 8032, section 7.1, test 1.
    def test_the_signature_is_that_of_rfc_8032(self) -> None:
        secret = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
        signer = Ed25519Signer(secret, "did:example:x#y")
        assert signer.public_key.value.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        assert signer.sign(b"").hex() == (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b"
        )

    @pytest.mark.parametrize("size", [0, 31, 33, 64])
    def test_a_secret_of_the_wrong_length_is_refused(self, size: int) -> None:
        with pytest.raises(KeyMaterialError):
            Ed25519Signer(bytes(size), "x")

    def test_new_secrets_differ(self) -> None:
        assert len({generate_ed25519() for _ in range(20)}) == 20


class TestMultikey:
    @pytest.mark.parametrize(
        ("key", "start"),
        [
            (PUBLIC, "z6Mk"),
            (PublicKey("P-256", nist(ec.SECP256R1())), "zDna"),
            (PublicKey("P-384", nist(ec.SECP384R1())), "z82L"),
        ],
    )
    def test_public_keys_come_back(self, key: PublicKey, start: str) -> None:
        assert encode_public_key(key).startswith(start)
        assert decode_public_key(encode_public_key(key)) == key

    @given(st.binary(min_size=32, max_size=32))
    def test_any_secret_comes_back(self, secret: bytes) -> None:
        assert decode_secret(encode_secret("Ed25519", secret)) == ("Ed25519", secret)

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"\xed\x01" + bytes(31), "key-wrong-size"),
            (b"\xed\x01" + bytes(33), "key-wrong-size"),
            (b"\xec\x01" + bytes(32), "key-type-unsupported"),
            (b"\xe7\x01" + bytes(33), "key-type-unsupported"),
            (b"", "key-type-unsupported"),
            (b"\x80\x24\x02" + b"\xff" * 32, "key-not-on-curve"),
            (b"\x80\x24\x04" + bytes(32), "key-not-on-curve"),
        ],
    )
    def test_other_keys_are_refused(self, data: bytes, code: str) -> None:
        with pytest.raises(KeyMaterialError) as caught:
            decode_public_key(encode_base58btc(data))
        assert caught.value.code == code

    def test_a_public_key_is_no_secret(self) -> None:
        with pytest.raises(KeyMaterialError):
            decode_secret(encode_public_key(PUBLIC))


class TestDidKey:
    # The example of the did:key method.
    EXAMPLE = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"

    def test_the_example_of_the_method_is_read(self) -> None:
        key = did_key.public_key(f"did:key:{self.EXAMPLE}")
        assert key.algorithm == "Ed25519"
        assert did_key.did_key(key) == f"did:key:{self.EXAMPLE}"
        assert did_key.verification_method(key) == f"did:key:{self.EXAMPLE}#{self.EXAMPLE}"

    def test_the_document_lists_the_key_for_signing(self) -> None:
        found = did_web.find_key(did_key.document(DID), did_key.verification_method(PUBLIC))
        assert found.key == PUBLIC

    @pytest.mark.parametrize("did", ["did:web:x", "did:key:", f"did:key:{EXAMPLE}#key-1", "did:key:uAAA", ""])
    def test_others_are_refused(self, did: str) -> None:
        with pytest.raises(KeyMaterialError):
            did_key.public_key(did)


class TestDidWeb:
    @pytest.mark.parametrize(
        ("base", "path", "did", "url"),
        [
            ("https://uni.example", "", "did:web:uni.example", "https://uni.example/.well-known/did.json"),
            ("https://uni.example/", "/a/b/", "did:web:uni.example:a:b", "https://uni.example/a/b/did.json"),
            (
                "https://uni.example:8443/x",
                "y",
                "did:web:uni.example%3A8443:x:y",
                "https://uni.example:8443/x/y/did.json",
            ),
            (
                "http://localhost:8000",
                "institutions/ä",
                "did:web:localhost%3A8000:institutions:%C3%A4",
                "https://localhost:8000/institutions/%C3%A4/did.json",
            ),
        ],
    )
    def test_addresses_become_dids_and_dids_addresses(self, base: str, path: str, did: str, url: str) -> None:
        assert did_web.did_web(base, path) == did
        assert did_web.document_url(did) == did_web.document_url(f"{did}#key-1") == url

    @pytest.mark.parametrize(
        "did",
        [
            "did:web:",
            "did:web::a",
            "did:web:uni.example:",
            "did:web:uni.example/../x",
            "did:web:uni.example:..",
            "did:web:uni.example:%2e%2E",
            "did:web:uni.example:a%2Fb",
            "did:web:user@uni.example",
            "did:web:uni.example%3A",
            "did:web:uni.example%3A99999",
            "did:web:uni.example%3A80%3A80",
            "did:web:192.168.1.1",
            "did:web:169.254.169.254",
            "did:web:-uni.example",
            "did:web:uni..example",
            "did:web:uni.example?x",
            "did:web:uni example",
            "did:web:" + "a" * 2000,
            "did:key:z",
        ],
    )
    def test_dids_that_lead_elsewhere_are_refused(self, did: str) -> None:
        with pytest.raises(KeyMaterialError):
            did_web.document_url(did)

    @pytest.mark.parametrize(
        "base", ["ftp://x.example", "https://", "https://a:b@x.example", "https://x.example?q", "x"]
    )
    def test_addresses_that_are_none_are_refused(self, base: str) -> None:
        with pytest.raises(KeyMaterialError):
            did_web.did_web(base)

    def test_a_document_lists_its_keys(self) -> None:
        at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        document = did_web.did_document(
            WEB,
            keys=[("old", PUBLIC), ("new", OTHER_PUBLIC)],
            expired={"old": at},
            also_known_as=["https://uni.example/"],
        )
        old, new = (did_web.find_key(document, f"{WEB}#{name}") for name in ("old", "new"))
        assert (old.key, old.expires_at, old.revoked_at) == (PUBLIC, at, None)
        assert (new.key, new.expires_at) == (OTHER_PUBLIC, None)

    def test_a_revoked_key_says_since_when(self) -> None:
        at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        document = did_web.did_document(WEB, keys=[("k", PUBLIC)], revoked={"k": at})
        assert did_web.find_key(document, f"{WEB}#k").revoked_at == at

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"id": "did:web:other.example"}, "did-document-invalid"),
            ({"id": None}, "did-document-invalid"),
            ({"assertionMethod": []}, "key-not-in-document"),
            ({"assertionMethod": [f"{WEB}#other"]}, "key-not-in-document"),
            ({"verificationMethod": []}, "key-not-in-document"),
            ({"verificationMethod": "x"}, "key-not-in-document"),
            ({"verificationMethod": [None, 7, "x"] * 100}, "did-document-invalid"),
        ],
    )
    def test_documents_that_do_not_vouch_for_the_key_are_refused(self, change: dict[str, Any], code: str) -> None:
        document = {**did_web.did_document(WEB, keys=[("k", PUBLIC)]), **change}
        with pytest.raises(KeyMaterialError) as caught:
            did_web.find_key(document, f"{WEB}#k")
        assert caught.value.code == code

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"controller": "did:web:mallory.example"}, "did-document-invalid"),
            ({"type": "JsonWebKey"}, "key-type-unsupported"),
            ({"type": None}, "key-type-missing"),
            ({"publicKeyMultibase": None}, "key-type-unsupported"),
            ({"publicKeyMultibase": "z!"}, "multibase-not-base58btc"),
            ({"revoked": "yes"}, "did-document-invalid"),
            ({"type": "Ed25519VerificationKey2020", "publicKeyMultibase": None}, "key-type-unsupported"),
        ],
    )
    def test_entries_that_are_not_the_dids_own_are_refused(self, change: dict[str, Any], code: str) -> None:
        document: dict[str, Any] = did_web.did_document(WEB, keys=[("k", PUBLIC)])
        document["verificationMethod"][0].update(change)
        with pytest.raises(KeyMaterialError) as caught:
            did_web.find_key(document, f"{WEB}#k")
        assert caught.value.code == code

    def test_a_key_listed_twice_is_refused(self) -> None:
        document = did_web.did_document(WEB, keys=[("k", PUBLIC), ("k", OTHER_PUBLIC)])
        with pytest.raises(KeyMaterialError, match="twice"):
            did_web.find_key(document, f"{WEB}#k")

    def test_relative_and_embedded_entries_are_understood(self) -> None:
        document: dict[str, Any] = did_web.did_document(WEB, keys=[("k", PUBLIC)])
        method = document.pop("verificationMethod")[0]
        method["id"] = "#k"
        document["assertionMethod"] = [method]
        assert did_web.find_key(document, f"{WEB}#k").key == PUBLIC


class TestKeyFile:
    def test_a_key_comes_back_and_only_its_owner_reads_it(self, tmp_path: Path) -> None:
        path = tmp_path / "key.json"
        key_file.write_key_file(path, SECRET, SIGNER.verification_method)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        signer = key_file.read_key_file(path.read_bytes())
        assert (signer.public_key, signer.verification_method) == (PUBLIC, SIGNER.verification_method)

    def test_a_key_is_never_overwritten(self, tmp_path: Path) -> None:
        path = tmp_path / "key.json"
        path.write_text("precious")
        with pytest.raises(KeyMaterialError, match="never overwritten"):
            key_file.write_key_file(path, SECRET, "x")
        assert path.read_text() == "precious"

    def test_a_passphrase_locks_it(self, tmp_path: Path) -> None:
        path = tmp_path / "key.json"
        key_file.write_key_file(path, SECRET, "did:example:x#y", passphrase="correct horse")
        data = path.read_bytes()
        assert key_file.is_locked(data)
        assert encode_secret("Ed25519", SECRET).encode() not in data
        assert base64.b64encode(SECRET) not in data
        assert key_file.read_key_file(data, passphrase="correct horse").public_key == PUBLIC
        for passphrase, code in (("", "key-file-locked"), ("wrong", "key-file-passphrase-wrong")):
            with pytest.raises(KeyMaterialError) as caught:
                key_file.read_key_file(data, passphrase=passphrase)
            assert caught.value.code == code
        moved = data.replace(b"did:example:x#y", b"did:example:z#y")
        with pytest.raises(KeyMaterialError):
            key_file.read_key_file(moved, passphrase="correct horse")

    @pytest.mark.parametrize(
        "change",
        [
            {"format": "openmcx-key/2"},
            {"verificationMethod": 7},
            {"secretKeyMultibase": None},
            {"secretKeyMultibase": "z6Mk"},
            {"publicKeyMultibase": encode_public_key(OTHER_PUBLIC)},
            {"encryptedSecret": {}},
            {"encryptedSecret": {"kdf": "scrypt", "n": 2**30, "r": 8, "p": 1}},
            {"encryptedSecret": 7},
        ],
    )
    def test_files_that_are_wrong_are_refused_without_their_secret(
        self, tmp_path: Path, change: dict[str, Any]
    ) -> None:
        path = tmp_path / "key.json"
        key_file.write_key_file(path, SECRET, "did:example:x#y")
        data = json.dumps({**json.loads(path.read_bytes()), **change}).encode()
        with pytest.raises(KeyMaterialError) as caught:
            key_file.read_key_file(data, passphrase="x")
        assert encode_secret("Ed25519", SECRET) not in str(caught.value)

    @pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b"{" * 100, b"x" * 20000])
    def test_what_is_no_key_file_is_refused(self, data: bytes) -> None:
        with pytest.raises(KeyMaterialError):
            key_file.read_key_file(data)
