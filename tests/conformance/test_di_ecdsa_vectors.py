"""The test vectors of Data Integrity ECDSA Cryptosuites, step by step."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from openmcx.credentials import ProofError
from openmcx.credentials.jsonld import DEFAULT, canonical_nquads, jcs
from openmcx.credentials.keys import EcSigner
from openmcx.credentials.keys.multikey import decode_public_key, decode_secret, encode_public_key
from openmcx.credentials.proofs import data_integrity, selective
from openmcx.credentials.proofs.data_integrity.hashing import proof_hash
from openmcx.credentials.proofs.selective import values
from openmcx.credentials.proofs.selective.statements import Statements, hmac_label

VECTORS = Path(__file__).parents[1] / "credentials" / "vectors" / "vc-di-ecdsa" / "TestVectors"
SD = VECTORS / "ecdsa-sd-2023" / "employ"


def read(*path):
    return json.loads(VECTORS.joinpath(*path).read_bytes())


def signer_of(pair, method):
    algorithm, secret = decode_secret(pair["secretKeyMultibase"])
    signer = EcSigner(algorithm, secret, method)
    assert encode_public_key(signer.public_key) == pair["publicKeyMultibase"]
    return signer


UNSIGNED = read("unsigned.json")
CASES = [
    ("ecdsa-rdfc-2019", "ecdsa-rdfc-2019-p256", "ECDSAP256", "p256KeyPair.json"),
    ("ecdsa-rdfc-2019", "ecdsa-rdfc-2019-p384", "ECDSAP384", "p384KeyPair.json"),
    ("ecdsa-jcs-2019", "ecdsa-jcs-2019-p256", "JCSECDSAP256", "p256KeyPair.json"),
    ("ecdsa-jcs-2019", "ecdsa-jcs-2019-p384", "JCSECDSAP384", "p384KeyPair.json"),
]


@pytest.mark.parametrize(("cryptosuite", "folder", "name", "keys"), CASES, ids=[case[1] for case in CASES])
class TestWholeDocuments:
    def vector(self, folder, name, ending):
        return (VECTORS / folder / f"{name}{ending}").read_bytes()

    def digest(self, folder):
        return "sha384" if folder.endswith("p384") else "sha256"

    def form(self, document, cryptosuite, folder):
        if cryptosuite == "ecdsa-jcs-2019":
            return jcs(document)
        return canonical_nquads(document, algorithm=self.digest(folder)).encode()

    def test_document_is_canonicalised_and_hashed(self, cryptosuite, folder, name, keys):
        form = self.form(UNSIGNED, cryptosuite, folder)
        assert form == self.vector(folder, f"canonDoc{name}", ".txt")
        found = hashlib.new(self.digest(folder), form).hexdigest()
        assert found == self.vector(folder, f"docHash{name}", ".txt").decode()

    def test_proof_is_canonicalised_and_hashed(self, cryptosuite, folder, name, keys):
        config = json.loads(self.vector(folder, f"proofConfig{name}", ".json"))
        form = self.form(config, cryptosuite, folder)
        assert form == self.vector(folder, f"proofCanon{name}", ".txt")
        found = hashlib.new(self.digest(folder), form).hexdigest()
        assert found == self.vector(folder, f"proofHash{name}", ".txt").decode()

    def test_hash_data_is_proof_then_document(self, cryptosuite, folder, name, keys):
        config = json.loads(self.vector(folder, f"proofConfig{name}", ".json"))
        data = data_integrity.hash_data(UNSIGNED, config, cryptosuite, algorithm=self.digest(folder))
        assert data.hex() == self.vector(folder, f"combinedHash{name}", ".txt").decode()
        signature = signer_of(read(keys), "").sign(data)
        assert signature.hex() == self.vector(folder, f"sigHex{name}", ".txt").decode()

    def test_signing_gives_the_signed_document(self, cryptosuite, folder, name, keys):
        expected = json.loads(self.vector(folder, f"signed{name}", ".json"))
        proof = expected["proof"]
        signed = data_integrity.sign(
            UNSIGNED,
            signer=signer_of(read(keys), proof["verificationMethod"]),
            created=datetime.fromisoformat(proof["created"]),
            cryptosuite=cryptosuite,
        )
        assert signed == expected
        assert signed["proof"]["proofValue"] == self.vector(folder, f"sigBTC58{name}", ".txt").decode()

    def test_the_signed_document_verifies(self, cryptosuite, folder, name, keys):
        public_key = decode_public_key(read(keys)["publicKeyMultibase"])
        proof = data_integrity.verify(
            json.loads(self.vector(folder, f"signed{name}", ".json")),
            public_key_for=lambda method: public_key,
            allowed_cryptosuites={cryptosuite},
        )
        assert (proof.cryptosuite, proof.document) == (cryptosuite, UNSIGNED)


class TestSelectiveDisclosure:
    KEYS = read("ecdsa-sd-2023", "SDKeyMaterial.json")
    HMAC_KEY = bytes.fromhex(KEYS["hmacKeyString"])
    DOCUMENT = read("employmentAuth.json")
    MANDATORY = read("employMandatory.json")
    SELECTIVE = read("employSelective.json")
    CONFIG = json.loads((SD / "addProofConfig.json").read_bytes())

    def vector(self, name):
        return json.loads((SD / name).read_bytes())

    def signer(self):
        return signer_of(self.KEYS["baseKeyPair"], self.CONFIG["verificationMethod"])

    def statements(self):
        return Statements(self.DOCUMENT, hmac_label(self.HMAC_KEY), DEFAULT)

    def test_document_is_canonicalised(self):
        assert canonical_nquads(self.DOCUMENT).split("\n")[:-1] == [
            line.rstrip("\n") for line in self.vector("addBaseDocCanon.json")
        ]

    def test_blank_nodes_get_names_from_the_key(self):
        assert self.statements().lines == self.vector("addBaseDocHMACCanon.json")

    def test_pointers_select_what_they_should(self):
        statements = self.statements()
        expected = self.vector("derivedGroupIndexes.json")
        assert sorted(statements.group(self.MANDATORY).indexes) == expected["mandatoryIndexes"]
        assert sorted(statements.group(self.SELECTIVE).indexes) == expected["selectiveIndexes"]
        combined = statements.group([*self.MANDATORY, *self.SELECTIVE]).indexes
        assert sorted(combined) == expected["combinedIndexes"]

    def test_proof_and_mandatory_statements_are_hashed(self):
        config = {key: value for key, value in self.CONFIG.items() if key != "@context"}
        expected = self.vector("addHashData.json")
        assert canonical_nquads(self.CONFIG) == (SD / "addProofConfigCanon.txt").read_text("utf-8")
        assert proof_hash(self.DOCUMENT, config, "selective", "sha256", DEFAULT).hex() == expected["proofHash"]
        statements = self.statements()
        mandatory = sorted(statements.group(self.MANDATORY).indexes)
        text = "".join(statements.lines[number] for number in mandatory)
        assert hashlib.sha256(text.encode()).hexdigest() == expected["mandatoryHash"]
        expected_lines = [line for _, line in self.vector("addBaseTransform.json")["mandatory"]["value"]]
        assert [statements.lines[number] for number in mandatory] == expected_lines

    def test_the_base_proof_is_that_of_the_vector(self):
        _, once = decode_secret(self.KEYS["proofKeyPair"]["secretKeyMultibase"])
        value = selective.base_proof_value(
            self.DOCUMENT,
            proof_hash=bytes.fromhex(self.vector("addHashData.json")["proofHash"]),
            mandatory_pointers=self.MANDATORY,
            signer=self.signer(),
            hmac_key=self.HMAC_KEY,
            statement_secret=once,
        )
        signed = self.vector("addSignedSDBase.json")
        assert value == signed["proof"]["proofValue"]
        raw, base = self.vector("addRawBaseSignatureInfo.json"), values.read_base(value, "/proof")
        assert base.signature.hex() == raw["baseSignature"]
        assert [signature.hex() for signature in base.signatures] == raw["signatures"]
        assert encode_public_key(base.public_key) == raw["publicKey"]

    def test_the_derived_proof_is_that_of_the_vector(self):
        derived = data_integrity.derive(self.vector("addSignedSDBase.json"), selective_pointers=self.SELECTIVE)
        assert derived == self.vector("derivedRevealDocument.json")
        assert {key: value for key, value in derived.items() if key != "proof"} == self.vector(
            "derivedUnsignedReveal.json"
        )
        found, raw = (
            values.read_derived(derived["proof"]["proofValue"], "/proof"),
            self.vector("derivedDisclosureData.json"),
        )
        assert [signature.hex() for signature in found.signatures] == raw["signatures"]
        assert list(found.mandatory_indexes) == raw["mandatoryIndexes"]
        assert [f"c14n{number}" for number in found.labels] == [name for name, _ in raw["labelMap"]["value"]]

    def test_the_derived_document_verifies(self):
        asked = []
        proof = data_integrity.verify(
            self.vector("derivedRevealDocument.json"),
            public_key_for=lambda method: asked.append(method) or self.signer().public_key,
            allowed_cryptosuites={"ecdsa-sd-2023"},
        )
        assert asked == [self.CONFIG["verificationMethod"]]
        assert proof.created == datetime(2023, 8, 15, 23, 36, 38, tzinfo=UTC)
        assert proof.document == self.vector("derivedUnsignedReveal.json")
        assert proof.statements == "".join(self.vector("verifyNQuads.json"))

    def test_the_base_document_does_not_verify_as_it_is(self):
        with pytest.raises(ProofError) as refusal:
            data_integrity.verify(
                self.vector("addSignedSDBase.json"),
                public_key_for=lambda method: self.signer().public_key,
                allowed_cryptosuites={"ecdsa-sd-2023"},
            )
        assert refusal.value.code == "selective-base-shown"
