"""Signers that hold no secret: a hardware security module, and a remote service."""

import base64
import datetime as dt
import hashlib
import pickle
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from openmcx.credentials import KeyMaterialError
from openmcx.credentials.keys import Algorithm, PublicKey, did_key, generate, signatures, signer_for
from openmcx.credentials.keys.pkcs11 import Pkcs11Signer, Token, open_token
from openmcx.credentials.keys.remote import RemoteSigner
from openmcx.credentials.keys.resolve import KeyResolver
from openmcx.credentials.proofs import data_integrity
from tests import softhsm
from tests.credentials.examples import SIGNED_AT
from tests.credentials.test_data_integrity import DOCUMENT

KINDS: list[Algorithm] = ["Ed25519", "P-256", "P-384"]
TOKEN = "registrar"
SUITES: dict[Algorithm, data_integrity.Cryptosuite] = {
    "Ed25519": "eddsa-rdfc-2022",
    "P-256": "ecdsa-rdfc-2019",
    "P-384": "ecdsa-jcs-2019",
}


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The library of a device with a token that holds a key of each kind, one RSA key, and one name for two keys."""
    library = softhsm.library()
    if library is None:
        pytest.fail("SoftHSM is missing: install softhsm2.")
    softhsm.make_token(tmp_path_factory.mktemp("softhsm"), TOKEN)
    import pkcs11
    from pkcs11.util.ec import encode_named_curve_parameters

    pkcs11.lib(library).reinitialize()  # another test file may have looked at the tokens there were before
    with pkcs11.lib(library).get_token(token_label=TOKEN).open(user_pin=softhsm.PIN, rw=True) as session:

        def make(label: str, kind: Any, curve: str, mechanism: Any) -> None:
            parameters = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters(curve)}
            domain = session.create_domain_parameters(kind, parameters, local=True)
            domain.generate_keypair(mechanism=mechanism, store=True, label=label)

        ec = (pkcs11.KeyType.EC, pkcs11.Mechanism.EC_KEY_PAIR_GEN)
        edwards = (pkcs11.KeyType.EC_EDWARDS, pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN)
        make("P-256", ec[0], "secp256r1", ec[1])
        make("P-384", ec[0], "secp384r1", ec[1])
        make("P-521", ec[0], "secp521r1", ec[1])
        make("Ed25519", edwards[0], "1.3.101.112", edwards[1])
        for _ in range(2):
            make("twice", ec[0], "secp256r1", ec[1])
        session.generate_keypair(pkcs11.KeyType.RSA, 2048, store=True, label="RSA")
    return library


@pytest.fixture
def token(device: str) -> Iterator[Token]:
    with open_token(device, label=TOKEN, pin=softhsm.PIN) as opened:
        yield opened


def named(token: Token, kind: str) -> Pkcs11Signer:
    """The signer of a kind, with the did:key of its public key."""
    public_key = token.signer(kind, verification_method="did:example:x#y").public_key
    return token.signer(kind, verification_method=did_key.verification_method(public_key))


@pytest.mark.device
class TestPkcs11:
    @pytest.mark.parametrize("kind", KINDS)
    def test_a_document_signed_by_a_device_verifies(self, token: Token, kind: Algorithm) -> None:
        signer = named(token, kind)
        assert signer.algorithm == signer.public_key.algorithm == kind
        suite = SUITES[kind]
        document = data_integrity.sign(DOCUMENT, signer=signer, created=SIGNED_AT, cryptosuite=suite)
        proof = data_integrity.verify(
            document, public_key_for=KeyResolver(None).public_key, allowed_cryptosuites={suite}
        )
        assert (proof.verification_method, proof.document) == (signer.verification_method, DOCUMENT)

    def test_several_keys_of_a_token_are_used_side_by_side(self, token: Token) -> None:
        signers = [named(token, kind) for kind in KINDS]
        for signer in signers + signers:
            assert signatures.verify(signer.public_key, signer.sign(b"data"), b"data")

    @pytest.mark.parametrize(
        ("label", "reason"),
        [
            ("nobody", "device-key-missing"),
            ("twice", "device-key-twice"),
            ("P-521", "device-kind-unsupported"),
            ("RSA", "device-kind-unsupported"),
        ],
    )
    def test_keys_that_cannot_be_used_are_refused(self, token: Token, label: str, reason: str) -> None:
        with pytest.raises(KeyMaterialError) as caught:
            token.signer(label, verification_method="did:example:x#y")
        assert (caught.value.code, caught.value.params) == ("device-unusable", {"reason": reason})

    def test_a_token_is_opened_once(self, token: Token, device: str) -> None:
        with pytest.raises(KeyMaterialError) as caught:
            open_token(device, label=TOKEN, pin=softhsm.PIN)
        assert caught.value.params == {"reason": "device-open-already"}
        assert named(token, "P-256").sign(b"data")

    def test_a_token_that_is_not_there_is_refused(self, device: str) -> None:
        with pytest.raises(KeyMaterialError) as caught:
            open_token(device, label="another", pin=softhsm.PIN)
        assert caught.value.params == {"reason": "device-token-missing"}

    def test_the_pin_shows_nowhere(self, device: str, token: Token) -> None:
        token.close()
        wrong = "a-wrong-pin-0815"
        with pytest.raises(KeyMaterialError) as caught:
            open_token(device, label=TOKEN, pin=wrong)
        assert caught.value.params == {"reason": "device-pin-wrong"}
        assert wrong not in f"{caught.value} {caught.value!r} {caught.value.params} {caught.value.__cause__}"
        with open_token(device, label=TOKEN, pin=softhsm.PIN) as opened:
            signer = named(opened, "P-256")
            assert softhsm.PIN not in f"{signer!r} {opened!r} {vars(opened)}"
            with pytest.raises(TypeError, match="holds a secret"):
                pickle.dumps(signer)

    def test_a_closed_token_signs_nothing(self, device: str) -> None:
        with open_token(device, label=TOKEN, pin=softhsm.PIN) as opened:
            signer = named(opened, "P-256")
        with pytest.raises(KeyMaterialError) as caught:
            signer.sign(b"data")
        assert caught.value.code == "device-unusable"


class TestDevicesThatLie:
    class Key:
        """A key of a device that signs with another key than the one it shows."""

        def __init__(self, sign: Callable[[bytes], bytes]) -> None:
            self._sign = sign

        def sign(self, content: bytes, mechanism: Any) -> bytes:
            return self._sign(content)

    @pytest.mark.parametrize("answer", [bytes(64), b"", bytes(range(64)), b"\xff" * 96])
    def test_a_signature_that_does_not_match_is_not_handed_on(self, answer: bytes) -> None:
        pytest.importorskip("pkcs11")
        import threading

        public_key = signer_for("P-256", generate("P-256"), "").public_key
        signer = Pkcs11Signer(self.Key(lambda content: answer), threading.Lock(), public_key, "did:example:x#y")
        with pytest.raises(KeyMaterialError) as caught:
            signer.sign(b"data")
        assert caught.value.code == "signer-signature-wrong"

    def test_without_the_extra_it_says_what_to_install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "pkcs11", None)
        with pytest.raises(KeyMaterialError) as caught:
            open_token("/usr/lib/x.so", label="a", pin="b")
        assert caught.value.code == "device-support-missing"

    def test_a_library_that_cannot_be_loaded_is_said(self) -> None:
        pytest.importorskip("pkcs11")
        with pytest.raises(KeyMaterialError) as caught:
            open_token("/nowhere/no-such-library.so", label="a", pin="b")
        assert caught.value.params == {"reason": "device-library-unusable"}


class Service:
    """A remote service as its documentation says, with what it was asked."""

    def __init__(self, algorithm: Algorithm, *, der: bool = False) -> None:
        self.signer = signer_for(algorithm, generate(algorithm), "")
        self.public_key: PublicKey = self.signer.public_key
        self.der = der
        self.asked: list[Mapping[str, Any]] = []

    def __call__(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        self.asked.append(request)
        content = base64.b64decode(request["hashes"][0], validate=True)
        assert request["credentialID"] == "seal-2026"
        if self.signer.algorithm == "Ed25519":
            assert (request["signAlgo"], request.get("hashAlgorithmOID")) == ("1.3.101.112", None)
            signature = self.signer.sign(content)
        else:
            signature = self._signed_hash(content, request)
        if self.der:
            half = len(signature) // 2
            r, s = int.from_bytes(signature[:half]), int.from_bytes(signature[half:])
            signature = encode_dss_signature(r, s)
        return {"signatures": [base64.b64encode(signature).decode("ascii")]}

    def _signed_hash(self, digest: bytes, request: Mapping[str, Any]) -> bytes:
        """A hash that is signed as it is, which our own signers never do."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, utils

        sha: hashes.HashAlgorithm = hashes.SHA256() if self.signer.algorithm == "P-256" else hashes.SHA384()
        assert len(digest) == sha.digest_size
        assert request["hashAlgorithmOID"] == f"2.16.840.1.101.3.4.2.{1 if sha.digest_size == 32 else 2}"
        assert request["signAlgo"] == f"1.2.840.10045.4.3.{2 if sha.digest_size == 32 else 3}"
        key: ec.EllipticCurvePrivateKey = self.signer._key  # type: ignore[union-attr]
        r, s = utils.decode_dss_signature(key.sign(digest, ec.ECDSA(utils.Prehashed(sha))))
        return r.to_bytes(sha.digest_size) + s.to_bytes(sha.digest_size)


def remote(ask: Callable[[Mapping[str, Any]], Any], public_key: PublicKey, **more: Any) -> RemoteSigner:
    method = did_key.verification_method(public_key)
    return RemoteSigner(ask, credential_id="seal-2026", public_key=public_key, verification_method=method, **more)


class TestRemote:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("der", [False, True])
    def test_a_document_signed_by_a_service_verifies(self, kind: Algorithm, der: bool) -> None:
        service = Service(kind, der=der and kind != "Ed25519")
        signer = remote(service, service.public_key)
        document = data_integrity.sign(DOCUMENT, signer=signer, created=SIGNED_AT, cryptosuite=SUITES[kind])
        data_integrity.verify(
            document, public_key_for=KeyResolver(None).public_key, allowed_cryptosuites={SUITES[kind]}
        )
        assert len(service.asked) == 1
        assert "SAD" not in service.asked[0]

    def test_what_authorises_is_made_for_the_hash(self) -> None:
        service = Service("P-256")
        hashed: list[str] = []
        signer = remote(service, service.public_key, authorise=lambda hash_: hashed.append(hash_) or f"sad-{hash_}")
        signer.sign(b"data")
        expected = base64.b64encode(hashlib.sha256(b"data").digest()).decode("ascii")
        assert hashed == [expected]
        assert (service.asked[0]["SAD"], service.asked[0]["hashes"]) == (f"sad-{expected}", [expected])

    def test_a_service_that_signs_with_another_key_is_not_trusted(self) -> None:
        other = signer_for("P-256", generate("P-256"), "").public_key
        with pytest.raises(KeyMaterialError) as caught:
            remote(Service("P-256"), other).sign(b"data")
        assert caught.value.code == "signer-signature-wrong"

    def test_each_signature_is_verified_not_only_the_first(self) -> None:
        service = Service("P-256")
        first = service({"credentialID": "seal-2026", **_request(b"data")})
        signer = remote(lambda request: first, service.public_key)
        assert signer.sign(b"data")
        with pytest.raises(KeyMaterialError):
            signer.sign(b"other data")

    @pytest.mark.parametrize(
        "answer",
        [
            None,
            [],
            {},
            {"signatures": []},
            {"signatures": ["AAAA", "AAAA"]},
            {"signatures": [5]},
            {"signatures": ["no base64!"]},
            {"signatures": ["A" * 401]},
            {"signatures": "AAAA"},
        ],
    )
    def test_an_answer_that_is_none_is_refused(self, answer: Any) -> None:
        service = Service("P-256")
        with pytest.raises(KeyMaterialError) as caught:
            remote(lambda request: answer, service.public_key).sign(b"data")
        assert (caught.value.code, caught.value.params["reason"]) == ("service-unusable", "service-answer-invalid")

    @pytest.mark.parametrize("answer", ["", "AAAA", "MAYCAQACAQA=", base64.b64encode(b"\xff" * 72).decode()])
    def test_what_is_no_signature_is_refused(self, answer: str) -> None:
        service = Service("P-256")
        with pytest.raises(KeyMaterialError) as caught:
            remote(lambda request: {"signatures": [answer]}, service.public_key).sign(b"data")
        assert caught.value.code == "signer-signature-wrong"

    def test_what_the_transport_says_is_not_repeated(self) -> None:
        service = Service("P-256")

        def refuse(request: Mapping[str, Any]) -> Mapping[str, Any]:
            raise ConnectionError("401 for Bearer s3cr3t-token")

        with pytest.raises(KeyMaterialError) as caught:
            remote(refuse, service.public_key).sign(b"data")
        assert caught.value.params == {"reason": "device-failed", "error": "ConnectionError"}
        assert "s3cr3t" not in f"{caught.value} {caught.value!r} {caught.value.__cause__}"

    def test_rsa_is_refused(self) -> None:
        with pytest.raises(KeyMaterialError) as caught:
            RemoteSigner(
                lambda request: {},
                credential_id="x",
                public_key=PublicKey("RSA", bytes(300)),
                verification_method="did:example:x#y",
            )
        assert caught.value.code == "key-type-unsupported"


def _request(data: bytes) -> dict[str, Any]:
    return {
        "hashes": [base64.b64encode(hashlib.sha256(data).digest()).decode("ascii")],
        "hashAlgorithmOID": "2.16.840.1.101.3.4.2.1",
        "signAlgo": "1.2.840.10045.4.3.2",
    }


def test_signing_takes_an_aware_time_from_the_caller() -> None:
    service = Service("P-256")
    with pytest.raises(ValueError, match="aware"):
        data_integrity.sign(
            DOCUMENT,
            signer=remote(service, service.public_key),
            created=dt.datetime(2026, 7, 1),  # noqa: DTZ001
            cryptosuite="ecdsa-jcs-2019",
        )
    assert service.asked == []
