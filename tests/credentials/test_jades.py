"""Seals in JAdES: made, kept byte for byte, and refused when anything about them is wrong."""

import base64
import copy
import datetime as dt
import hashlib
import json
from typing import Any

import orjson
import pytest

from openmcx.credentials import CredentialError, DocumentError, Ed25519Signer, KeyMaterialError, ProofError, base64url
from openmcx.credentials.keys import authority
from openmcx.credentials.keys.signer import EcSigner
from openmcx.credentials.keys.x509 import Anchors
from openmcx.credentials.proofs import jades
from tests.credentials import pki
from tests.credentials.pki import ANCHORS, CHAIN, LATER, NOW, SEAL, SEAL_SIGNER, SEALED_AT

# Written as no JSON writer of ours would write it: it must come back as it is.
PAYLOAD = '{ "b":1.0,"a" : "\\u00e4 ä \\/ 😀",\n\t"list":[ ]}'


def sealed(payload: str = PAYLOAD, **options: Any) -> dict[str, Any]:
    given = {"signer": SEAL_SIGNER, "chain": CHAIN, "sealed_at": SEALED_AT, **options}
    return json.loads(json.dumps(jades.sign(payload, **given)))


def stamped(**options: Any) -> dict[str, Any]:
    return sealed(timestamp=pki.stamp, **options)


def verified(document: dict[str, Any], *, at: dt.datetime = NOW, anchors: Anchors = ANCHORS, **options: Any):
    return jades.verify(document, at=at, anchors=anchors, **options)


def refusal_of(document: dict[str, Any], **options: Any) -> CredentialError:
    with pytest.raises(CredentialError) as refusal:
        verified(document, **options)
    return refusal.value


def header_of(document: dict[str, Any]) -> dict[str, Any]:
    return json.loads(base64url.decode(document["signatures"][0]["protected"]))


def with_header(document: dict[str, Any], *, signer: Any = SEAL_SIGNER, **members: Any) -> dict[str, Any]:
    """The document sealed anew with members of its header replaced (``...`` takes one away)."""
    header = {name: value for name, value in {**header_of(document), **members}.items() if value is not ...}
    protected = base64url.encode(orjson.dumps(header))
    signature = base64url.encode(signer.sign(f"{protected}.{document['payload']}".encode()))
    return {"payload": document["payload"], "signatures": [{"protected": protected, "signature": signature}]}


def with_added(document: dict[str, Any], *added: Any, first: bool = False) -> dict[str, Any]:
    """The document with more added after sealing."""
    changed = copy.deepcopy(document)
    entries = changed["signatures"][0].setdefault("header", {}).setdefault("etsiU", [])
    new = [entry if isinstance(entry, str) else base64url.encode(orjson.dumps(entry)) for entry in added]
    entries[:] = [*new, *entries] if first else [*entries, *new]
    return changed


def archived(document: dict[str, Any], at: dt.datetime, **options: Any) -> dict[str, Any]:
    """The document with a time-stamp for the archive over all it holds."""
    entry = document["signatures"][0]
    parts = [document["payload"], entry["protected"], entry["signature"], "".join(entry["header"]["etsiU"])]
    token = pki.stamp(hashlib.sha256(".".join(parts).encode()).digest(), at=at, **options)
    return with_added(document, {"arcTst": {"tstTokens": [{"val": base64.b64encode(token).decode()}]}})


class TestSealing:
    def test_what_was_sealed_comes_back_byte_for_byte(self) -> None:
        document = sealed()
        assert document["payload"] == PAYLOAD
        seal = verified(document)
        assert seal.payload == PAYLOAD
        assert seal.document == json.loads(PAYLOAD)

    def test_the_seal_is_as_the_commission_writes_it(self) -> None:
        document = stamped()
        header = header_of(document)
        assert list(document) == ["payload", "signatures"]
        assert (header["alg"], header["b64"], header["crit"]) == ("ES256", False, ["b64"])
        assert header["iat"] == int(SEALED_AT.timestamp())
        assert "sigT" not in header
        assert header["x5c"] == [base64.b64encode(entry.der).decode() for entry in CHAIN]
        assert header["x5t#S256"] == base64url.encode(hashlib.sha256(SEAL.der).digest())
        (added,) = document["signatures"][0]["header"]["etsiU"]
        assert list(json.loads(base64url.decode(added))) == ["sigTst"]

    def test_it_says_whose_it_is_and_since_when(self) -> None:
        seal = verified(sealed())
        assert (seal.level, seal.algorithm, seal.claimed_at, seal.sealed_at) == ("B-B", "ES256", SEALED_AT, None)
        assert seal.certificate == SEAL
        assert seal.path is not None
        assert seal.path.certificates == (SEAL, pki.ISSUING, pki.ROOT)
        assert [finding.code for finding in seal.unchecked] == ["seal-revocation-not-checked"]

    def test_a_time_stamp_makes_it_b_t(self) -> None:
        seal = verified(stamped())
        assert (seal.level, seal.sealed_at) == ("B-T", SEALED_AT)
        (stamp,) = seal.stamps
        assert (stamp.kind, stamp.authority, stamp.trusted, stamp.fault) == ("signature", pki.STAMP, True, None)

    @pytest.mark.parametrize(
        ("signer", "algorithm"),
        [(EcSigner("P-384", b"\3" * 48, ""), "ES384"), (Ed25519Signer(b"\3" * 32, ""), "EdDSA")],
    )
    def test_every_kind_of_key_seals(self, signer: Any, algorithm: str) -> None:
        certificate = authority.certify(
            pki.SEALER, signer.public_key, signer=signer, serial=1, begins=pki.BEGINS, ends=pki.ENDS
        )
        seal = verified(sealed(signer=signer, chain=[certificate]), anchors=Anchors([certificate]))
        assert seal.algorithm == algorithm
        assert seal.path is not None

    def test_a_key_seals_with_its_own_certificate_alone(self) -> None:
        with pytest.raises(ProofError) as refusal:
            sealed(signer=pki.OTHER_SIGNER)
        assert refusal.value.params["reason"] == "seal-of-another"

    def test_a_certificate_seals_in_its_time_and_for_its_use_alone(self) -> None:
        for code, options in (
            ("certificate-not-valid-then", {"sealed_at": LATER}),
            ("certificate-for-something-else", {"signer": pki.STAMP_SIGNER, "chain": [pki.STAMP]}),
        ):
            with pytest.raises(KeyMaterialError) as refusal:
                sealed(**options)
            assert refusal.value.code == code

    def test_a_time_stamp_for_something_else_is_not_put_in(self) -> None:
        with pytest.raises(ProofError) as refusal:
            sealed(timestamp=lambda digest: pki.stamp(hashlib.sha256(digest).digest()))
        assert refusal.value.code == "timestamp-invalid"

    def test_what_is_no_json_object_is_not_sealed(self) -> None:
        for payload in ("[]", "{", '{"a":1,"a":2}'):
            with pytest.raises(DocumentError):
                sealed(payload)


class TestWhatIsWrong:
    @pytest.mark.parametrize("payload", [PAYLOAD + " ", PAYLOAD.replace("1.0", "1"), json.dumps(json.loads(PAYLOAD))])
    def test_another_spelling_of_the_same_is_something_else(self, payload: str) -> None:
        assert refusal_of({**sealed(), "payload": payload}).code == "signature-wrong"

    def test_the_key_of_another_is_found_out(self) -> None:
        assert refusal_of(with_header(sealed(), signer=pki.OTHER_SIGNER)).code == "signature-wrong"

    @pytest.mark.parametrize(
        ("algorithm", "code"),
        [
            ("none", "signature-algorithm-unsupported"),
            ("HS256", "signature-algorithm-unsupported"),
            ("RS256", "signature-algorithm-mismatch"),
            ("ES384", "signature-algorithm-mismatch"),
            (7, "seal-invalid"),
            (..., "seal-invalid"),
        ],
    )
    def test_the_algorithm_must_be_that_of_the_key(self, algorithm: Any, code: str) -> None:
        assert refusal_of(with_header(sealed(), alg=algorithm)).code == code

    @pytest.mark.parametrize(
        ("members", "reason"),
        [
            ({"crit": []}, "seal-critical-wrong"),
            ({"crit": "b64"}, "seal-critical-wrong"),
            ({"crit": ["b64", "b64"]}, "seal-critical-wrong"),
            ({"crit": ["b64", 7]}, "seal-critical-wrong"),
            ({"crit": ["b64", "alg"]}, "seal-critical-wrong"),
            ({"crit": ["b64", "absent"]}, "seal-critical-wrong"),
            ({"crit": ["b64", "sigPId"], "sigPId": {}}, "seal-critical-unknown"),
            ({"crit": ["b64", "exp"], "exp": 0}, "seal-critical-unknown"),
            ({"crit": ...}, "seal-header-wrong"),
            ({"crit": ["iat"]}, "seal-header-wrong"),
            ({"b64": "false"}, "seal-header-wrong"),
            ({"sigD": {}}, "seal-detached"),
            ({"sigT": "2026-07-01T09:00:00Z"}, "seal-two-times"),
            ({"iat": ..., "sigT": "yesterday"}, "seal-header-wrong"),
            ({"iat": True}, "seal-header-wrong"),
            ({"iat": -1}, "seal-header-wrong"),
            ({"iat": 10**12}, "seal-header-wrong"),
            ({"iat": "1"}, "seal-header-wrong"),
            ({"x5c": ...}, "seal-no-certificate"),
            ({"x5t#S256": base64url.encode(pki.ISSUING.sha256)}, "seal-certificate-differs"),
            ({"x5t#S256": 7}, "seal-certificate-differs"),
        ],
    )
    def test_a_header_that_is_wrong_is_refused(self, members: dict[str, Any], reason: str) -> None:
        error = refusal_of(with_header(sealed(), **members))
        assert (error.code, error.params["reason"]) == ("seal-invalid", reason)

    def test_members_that_stand_twice_in_a_header_are_refused(self) -> None:
        document = sealed()
        text = base64url.decode(document["signatures"][0]["protected"]).replace(b"{", b'{"alg":"ES256",', 1)
        protected = base64url.encode(text)
        signature = base64url.encode(SEAL_SIGNER.sign(f"{protected}.{PAYLOAD}".encode()))
        error = refusal_of({"payload": PAYLOAD, "signatures": [{"protected": protected, "signature": signature}]})
        assert error.params["reason"] == "seal-header-malformed"

    @pytest.mark.parametrize(
        "change",
        [
            {"payload": 7},
            {"payload": {"a": 1}},
            {"signatures": []},
            {"signatures": {}},
            {"signatures": [7]},
            {"signatures": [{}]},
            {"signature": "x"},
            {"header": {}},
            {"protected": "x"},
        ],
    )
    def test_what_is_no_jws_is_refused(self, change: dict[str, Any]) -> None:
        assert refusal_of({**sealed(), **change}).code == "seal-invalid"

    def test_one_form_or_the_other(self) -> None:
        document = sealed()
        assert refusal_of({**document, **document["signatures"][0]}).params["reason"] == "seal-not-a-jws"

    def test_a_signature_in_another_spelling_is_refused(self) -> None:
        document = sealed()
        entry = document["signatures"][0]
        for member in ("protected", "signature"):
            for value in (entry[member] + "=", entry[member] + "\n", " " + entry[member]):
                changed = {**document, "signatures": [{**entry, member: value}]}
                assert refusal_of(changed).params["reason"] == "seal-header-malformed"

    @pytest.mark.parametrize(
        "header", [7, {}, {"alg": "none"}, {"etsiU": ["e30"], "x5c": []}, {"etsiU": [], "kid": "x"}]
    )
    def test_nothing_that_matters_stands_outside_of_the_signature(self, header: Any) -> None:
        document = sealed()
        document["signatures"][0]["header"] = header
        assert refusal_of(document).params["reason"] == "seal-header-unprotected"

    @pytest.mark.parametrize(
        "added", [[], "x", [7], ["%"], ["W10"], ["e30"], [{"a": 1, "b": 2}], [{"a": 1}, "e30"], [{"a": 1}] * 40]
    )
    def test_malformed_additions_are_refused(self, added: Any) -> None:
        document = sealed()
        document["signatures"][0]["header"] = {"etsiU": added}
        assert refusal_of(document).params["reason"] == "seal-unsigned-malformed"

    def test_sealed_json_that_says_something_twice_is_refused(self) -> None:
        payload = '{"a":1,"a":2}'
        protected = sealed()["signatures"][0]["protected"]
        signature = base64url.encode(SEAL_SIGNER.sign(f"{protected}.{payload}".encode()))
        entry = {"protected": protected, "signature": signature}
        assert refusal_of({"payload": payload, "signatures": [entry]}).code == "duplicate-key"

    def test_every_seal_must_be_right(self) -> None:
        document = sealed()
        other = sealed(payload='{"a":2}')["signatures"][0]
        good = [document["signatures"][0], stamped()["signatures"][0]]
        both = verified({**document, "signatures": good})
        assert [seal.level for seal in (both, *both.others)] == ["B-B", "B-T"]
        assert refusal_of({**document, "signatures": [*good, other]}).code == "signature-wrong"
        assert refusal_of({**document, "signatures": [*good, *good, *good]}).params["reason"] == "seal-too-many"

    def test_two_seals_never_cover_two_readings_of_one_text(self) -> None:
        # As plain text it is an object; as base64url it would have to be something else.
        document = sealed()
        encoded = with_header(document, b64=..., crit=...)
        both = [document["signatures"][0], encoded["signatures"][0]]
        assert refusal_of({**document, "signatures": both}).params["reason"] == "seal-header-wrong"


class TestOtherForms:
    def test_what_was_sealed_may_be_base64url(self) -> None:
        encoded = {**sealed(), "payload": base64url.encode(PAYLOAD.encode())}
        seal = verified(with_header(encoded, b64=..., crit=...))
        assert (seal.payload, seal.document) == (PAYLOAD, json.loads(PAYLOAD))

    @pytest.mark.parametrize("payload", ["e30=", "e30\n", "%", "_w"])
    def test_then_it_is_read_strictly(self, payload: str) -> None:
        error = refusal_of(with_header({**sealed(), "payload": payload}, b64=..., crit=...))
        assert error.params["reason"] == "seal-payload-malformed"

    def test_the_flattened_form_is_read(self) -> None:
        document = stamped()
        assert verified({"payload": PAYLOAD, **document["signatures"][0]}).level == "B-T"

    def test_the_older_time_of_sealing_is_read(self) -> None:
        seal = verified(with_header(sealed(), iat=..., sigT="2026-07-01T11:00:05+02:00", crit=["b64", "sigT"]))
        assert seal.claimed_at == SEALED_AT

    def test_no_time_of_sealing_is_no_fault_of_the_signature(self) -> None:
        assert verified(with_header(sealed(), iat=...)).claimed_at is None


class TestTrust:
    def test_whose_nobody_vouches_for_proves_no_sealer(self) -> None:
        seal = verified(sealed(), anchors=Anchors())
        assert seal.path is None
        assert seal.path_fault is not None
        assert seal.path_fault.code == "certificate-not-trusted"

    def test_without_a_time_stamp_the_certificate_must_be_valid_now(self) -> None:
        fault = verified(sealed(), at=LATER).path_fault
        assert fault is not None
        assert fault.code == "certificate-not-valid-then"

    def test_a_time_stamp_keeps_a_seal_valid_after_its_certificate_has_ended(self) -> None:
        seal = verified(stamped(), at=LATER)
        assert (seal.path is not None, seal.sealed_at) == (True, SEALED_AT)

    def test_a_time_stamp_of_somebody_who_is_not_trusted_does_not(self) -> None:
        seal = verified(stamped(), at=LATER, time_stamp_anchors=Anchors())
        assert (seal.path, seal.sealed_at) == (None, None)
        assert [stamp.trusted for stamp in seal.stamps] == [False]

    def test_a_time_stamp_by_a_certificate_for_seals_does_not(self) -> None:
        def ask(digest: bytes) -> bytes:
            return pki.stamp(digest, signer=SEAL_SIGNER, certificate=SEAL, certificates=CHAIN)

        seal = verified(sealed(timestamp=ask), at=LATER)
        assert seal.path is None
        assert seal.stamps[0].fault is not None
        assert seal.stamps[0].fault.code == "certificate-for-something-else"

    def test_a_time_stamp_of_another_seal_does_not(self) -> None:
        added = stamped()["signatures"][0]["header"]["etsiU"][0]
        seal = verified(with_added(sealed(payload='{"a":2}'), added), at=LATER)
        assert (seal.level, seal.path, seal.sealed_at) == ("B-B", None, None)
        assert seal.stamps[0].fault is not None
        assert seal.stamps[0].fault.params == {"reason": "timestamp-of-something-else"}

    def test_a_time_stamp_from_the_future_does_not(self) -> None:
        seal = verified(sealed(timestamp=lambda digest: pki.stamp(digest, at=NOW + dt.timedelta(days=1))))
        assert seal.sealed_at is None
        assert seal.stamps[0].fault is not None
        assert seal.stamps[0].fault.code == "seal-stamp-from-the-future"

    def test_a_time_stamp_made_after_the_end_of_the_certificate_does_not(self) -> None:
        seal = verified(sealed(timestamp=lambda digest: pki.stamp(digest, at=LATER)), at=LATER)
        assert (seal.path, seal.sealed_at) == (None, LATER)

    def test_a_time_stamp_for_the_archive_outlives_the_authority_of_the_first(self) -> None:
        much_later = dt.datetime(2035, 1, 1, tzinfo=dt.UTC)  # when the certificate for time-stamps has ended too
        document = stamped()
        assert verified(document, at=much_later).path is None
        newer = pki.certify(
            pki.STAMP.subject,
            pki.OTHER_SIGNER,
            pki.ROOT_SIGNER,
            pki.ROOT,
            purpose="time-stamp",
            begins=dt.datetime(2033, 1, 1, tzinfo=dt.UTC),
            ends=dt.datetime(2038, 1, 1, tzinfo=dt.UTC),
        )
        by_newer = {"signer": pki.OTHER_SIGNER, "certificate": newer, "certificates": (newer,)}
        document = archived(document, dt.datetime(2033, 6, 1, tzinfo=dt.UTC), **by_newer)
        seal = verified(document, at=much_later)
        assert [(stamp.kind, stamp.trusted) for stamp in seal.stamps] == [("archive", True), ("signature", True)]
        assert (seal.path is not None, seal.sealed_at) == (True, SEALED_AT)

    def test_a_time_stamp_for_the_archive_covers_what_was_added_before(self) -> None:
        document = archived(stamped(), SEALED_AT)
        assert [stamp.trusted for stamp in verified(document).stamps] == [True, True]
        moved = with_added(document, {"xVals": []}, first=True)
        assert [(stamp.kind, stamp.trusted) for stamp in verified(moved).stamps] == [
            ("archive", False),
            ("signature", True),
        ]

    def test_a_time_stamp_on_the_content_says_nothing_about_the_seal(self) -> None:
        token = base64.b64encode(pki.stamp(hashlib.sha256(PAYLOAD.encode()).digest())).decode()
        document = with_header(sealed(), adoTst={"tstTokens": [{"val": token}]}, crit=["b64", "adoTst"])
        seal = verified(document)
        assert [(stamp.kind, stamp.trusted) for stamp in seal.stamps] == [("content", True)]
        assert (seal.level, seal.sealed_at) == ("B-B", None)
        assert verified(document, at=LATER).path is None

    @pytest.mark.parametrize(
        "content",
        [
            {},
            7,
            {"tstTokens": []},
            {"tstTokens": [7]},
            {"tstTokens": [{"val": 7}]},
            {"tstTokens": [{"val": "%"}]},
            {"tstTokens": [{"val": "AAAA", "type": "other"}]},
            {"tstTokens": [{"val": "A" * 200_000}]},
            {"tstTokens": [{"val": "AAAA"}] * 9},
            {"tstTokens": [{"val": "AAAA"}], "canonAlg": "x"},
        ],
    )
    def test_a_malformed_time_stamp_counts_for_nothing(self, content: Any) -> None:
        seal = verified(with_added(sealed(), {"sigTst": content}))
        assert (seal.level, seal.sealed_at) == ("B-B", None)
        assert seal.stamps
        assert all(stamp.fault is not None and not stamp.trusted for stamp in seal.stamps)
        assert all(stamp.fault.sentence for stamp in seal.stamps if stamp.fault)

    @pytest.mark.parametrize("change", [{"canonAlg": "x"}, {"type": "other"}, {"encoding": "other"}, {}])
    def test_a_time_stamp_of_another_kind_is_not_read_as_one_of_rfc_3161(self, change: dict[str, str]) -> None:
        document = stamped()
        entries = document["signatures"][0]["header"]["etsiU"]
        content = json.loads(base64url.decode(entries.pop()))["sigTst"]
        (content if "canonAlg" in change else content["tstTokens"][0]).update(change)
        seal = verified(with_added(document, {"sigTst": content}))
        assert [stamp.trusted for stamp in seal.stamps] == [not change]

    def test_a_time_stamp_from_before_its_authority_began_counts_for_nothing(self) -> None:
        early = pki.BEGINS - dt.timedelta(days=1)
        seal = verified(sealed(timestamp=lambda digest: pki.stamp(digest, at=early)))
        assert (seal.sealed_at, seal.stamps[0].trusted) == (None, False)
        assert seal.path is not None

    def test_certificates_may_be_added_after_sealing(self) -> None:
        document = sealed(chain=[SEAL])
        assert verified(document).path is None
        value = {"x509Cert": {"val": base64.b64encode(pki.ISSUING.der).decode()}}
        odd = [7, {}, {"x509Cert": 7}, {"x509Cert": {"val": "%"}}, {"x509Cert": {"val": "AAAA"}}]
        assert verified(with_added(document, {"xVals": [*odd, value]})).path is not None
        assert verified(with_added(document, {"xVals": 7})).path is None

    def test_what_was_not_read_is_named(self) -> None:
        seal = verified(with_added(sealed(), {"rVals": {"crlVals": []}}, {"sigPSt": {}}))
        assert [finding.code for finding in seal.unchecked] == [
            "seal-revocation-not-checked",
            "seal-revocation-data-not-read",
            "seal-addition-not-read",
        ]
        assert all(finding.sentence for finding in seal.unchecked)


def test_a_time_without_zone_is_a_bug() -> None:
    with pytest.raises(ValueError):
        verified(sealed(), at=NOW.replace(tzinfo=None))
    with pytest.raises(ValueError):
        sealed(sealed_at=SEALED_AT.replace(tzinfo=None))
