"""The test vectors of Data Integrity EdDSA Cryptosuites, step by step."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from openmcx.credentials.jsonld import canonical_nquads, jcs
from openmcx.credentials.keys import Ed25519Signer, PublicKey
from openmcx.credentials.multibase import decode_base58btc
from openmcx.credentials.proofs import data_integrity

SUITE = Path(__file__).parents[1] / "credentials" / "vectors" / "vc-di-eddsa" / "TestVectors"
KEYS = json.loads((SUITE / "keyPair.json").read_bytes())
PUBLIC_KEY = PublicKey("Ed25519", decode_base58btc(KEYS["publicKeyMultibase"], size=34)[2:])
METHOD = f"did:key:{KEYS['publicKeyMultibase']}#{KEYS['publicKeyMultibase']}"
SIGNER = Ed25519Signer(decode_base58btc(KEYS["privateKeyMultibase"], size=34)[2:], METHOD)
UNSIGNED = json.loads((SUITE / "unsigned.json").read_bytes())
CREATED = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)
SUITES = [("eddsa-rdfc-2022", "DataInt"), ("eddsa-jcs-2022", "JCS")]


def vector(cryptosuite, name, ending):
    return (SUITE / cryptosuite / f"{name}{ending}").read_bytes()


def canonical(document, cryptosuite):
    return jcs(document) if cryptosuite == "eddsa-jcs-2022" else canonical_nquads(document).encode()


def signed_statements(cryptosuite, name):
    return vector(cryptosuite, f"canonDoc{name}", ".txt").decode() if cryptosuite == "eddsa-rdfc-2022" else ""


@pytest.mark.parametrize(("cryptosuite", "name"), SUITES)
class TestVectors:
    def test_document_is_canonicalised_and_hashed(self, cryptosuite, name):
        form = canonical(UNSIGNED, cryptosuite)
        assert form == vector(cryptosuite, f"canonDoc{name}", ".txt")
        assert hashlib.sha256(form).hexdigest() == vector(cryptosuite, f"docHash{name}", ".txt").decode()

    def test_proof_is_canonicalised_and_hashed(self, cryptosuite, name):
        config = json.loads(vector(cryptosuite, f"proofConfig{name}", ".json"))
        form = canonical(config, cryptosuite)
        assert form == vector(cryptosuite, f"proofCanon{name}", ".txt")
        assert hashlib.sha256(form).hexdigest() == vector(cryptosuite, f"proofHash{name}", ".txt").decode()

    def test_hash_data_is_proof_then_document(self, cryptosuite, name):
        config = json.loads(vector(cryptosuite, f"proofConfig{name}", ".json"))
        data = data_integrity.hash_data(UNSIGNED, config, cryptosuite)
        assert data.hex() == vector(cryptosuite, f"combinedHash{name}", ".txt").decode()
        assert SIGNER.sign(data).hex() == vector(cryptosuite, f"sigHex{name}", ".txt").decode()

    def test_signing_gives_the_signed_document(self, cryptosuite, name):
        signed = data_integrity.sign(UNSIGNED, signer=SIGNER, created=CREATED, cryptosuite=cryptosuite)
        assert signed == json.loads(vector(cryptosuite, f"signed{name}", ".json"))
        assert signed["proof"]["proofValue"] == vector(cryptosuite, f"sigBTC58{name}", ".txt").decode()

    def test_the_signed_document_verifies(self, cryptosuite, name):
        asked = []
        proof = data_integrity.verify(
            json.loads(vector(cryptosuite, f"signed{name}", ".json")),
            public_key_for=lambda method: asked.append(method) or PUBLIC_KEY,
            allowed_cryptosuites={cryptosuite},
        )
        assert asked == [METHOD]
        assert proof == data_integrity.VerifiedProof(
            verification_method=METHOD,
            cryptosuite=cryptosuite,
            proof_purpose="assertionMethod",
            document=UNSIGNED,
            created=CREATED,
            statements=signed_statements(cryptosuite, name),
        )
