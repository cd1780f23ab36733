"""Badges of version 2.0 and 1.x: genuine at their issuer's address or with its signature, else refused."""

import copy
import datetime as dt
import hashlib
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from openmcx.credentials.errors import CredentialError
from openmcx.credentials.formats.open_badges_2 import Recipient, VerifiedBadge, read, verify
from openmcx.credentials.formats.open_badges_2.verifying import read_pem_key
from openmcx.credentials.keys.resolve import Unreachable
from openmcx.credentials.keys.signer import EcSigner, Ed25519Signer
from openmcx.credentials.model import Identifier
from openmcx.credentials.proofs.jose.compact import sign_compact

NOW = dt.datetime(2026, 8, 1, tzinfo=dt.UTC)
CONTEXT = "https://w3id.org/openbadges/v2"
HOST = "https://uni.example"
ASSERTION, BADGE, ISSUER, KEY, REVOKED = (f"{HOST}/{name}" for name in ("a/1", "b/1", "issuer", "key", "revoked"))
SIGNER = EcSigner("P-256", (7).to_bytes(32), KEY)
OTHER = EcSigner("P-256", (8).to_bytes(32), KEY)


def pem(signer: EcSigner) -> str:
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), signer.public_key.value)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


class Web:
    """What lies at which address; remembers what was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.pages: dict[str, Any] = {
            ASSERTION: {
                "@context": CONTEXT,
                "type": "Assertion",
                "id": ASSERTION,
                "recipient": {"type": "email", "hashed": False, "identity": "leon@mail.example"},
                "issuedOn": "2026-01-31T12:00:00Z",
                "badge": BADGE,
                "verification": {"type": "hosted"},
            },
            BADGE: {
                "@context": CONTEXT,
                "type": "BadgeClass",
                "id": BADGE,
                "@language": "fi",
                "name": "Robotiikka",
                "description": "Robotteja.",
                "image": f"{HOST}/badge.png",
                "criteria": {"id": f"{HOST}/criteria", "narrative": "Tee robotti."},
                "issuer": ISSUER,
                "alignment": [{"targetName": "Robots", "targetUrl": "https://esco.example/1", "targetCode": "R1"}],
            },
            ISSUER: {
                "@context": CONTEXT,
                "type": "Issuer",
                "id": ISSUER,
                "name": "Saimaa University",
                "url": HOST,
                "email": "badges@uni.example",
                "publicKey": KEY,
            },
            KEY: {"type": "CryptographicKey", "id": KEY, "owner": ISSUER, "publicKeyPem": pem(SIGNER)},
        }

    def __getitem__(self, address: str) -> Any:
        return self.pages[address]

    def fetch(self, address: str) -> bytes:
        self.asked.append(address)
        if address not in self.pages:
            raise OSError("nothing there")
        page = self.pages[address]
        return page if isinstance(page, bytes) else json.dumps(page).encode()

    def signed(self, signer: EcSigner | Ed25519Signer = SIGNER, **changes: Any) -> str:
        """The assertion with a signature instead of an address."""
        assertion = {**self.pages[ASSERTION], "id": "urn:uuid:1", "verification": {"type": "signed", "creator": KEY}}
        payload = json.dumps({**assertion, **changes}).encode()
        return sign_compact(payload, signer=signer, header={"kid": None, "typ": "JWT"})


@pytest.fixture
def web() -> Web:
    return Web()


def check(web: Web, document: Any, at: dt.datetime = NOW) -> VerifiedBadge:
    return verify(document, fetch=web.fetch, at=at)


def refused(web: Web, document: Any) -> str:
    with pytest.raises(CredentialError) as caught:
        check(web, document)
    return caught.value.code


class TestHosted:
    @pytest.mark.parametrize("form", ["json", "text", "bytes", "address"])
    def test_a_badge_at_its_issuers_address_is_genuine(self, web: Web, form: str) -> None:
        document = copy.deepcopy(web[ASSERTION])
        forms = {"json": document, "text": json.dumps(document), "bytes": json.dumps(document).encode()}
        badge = check(web, forms.get(form, ASSERTION))
        assert (badge.method, badge.issuer_address, badge.domain) == ("hosted", ISSUER, "uni.example")
        assert (badge.problems, badge.unknown) == ((), ())
        assert {"assertion-at-its-address", "address-is-the-issuers", "validity"} <= set(badge.checked)
        assert web.asked == [ASSERTION, BADGE, ISSUER]

    def test_it_is_read_into_the_model(self, web: Web) -> None:
        credential = check(web, ASSERTION).credential
        assert (credential.id, credential.issuer.id, credential.issuer.name.best()) == (
            ASSERTION,
            ISSUER,
            "Saimaa University",
        )
        assert credential.achievement.title == {"fi": "Robotiikka"}
        assert credential.achievement.criteria == {"fi": "Tee robotti."}
        assert credential.achievement.homepage == f"{HOST}/criteria"
        assert credential.achievement.outcomes[0].skills[0].code == "R1"
        assert (credential.learner.email, credential.awarded_on) == ("leon@mail.example", dt.date(2026, 1, 31))

    def test_it_is_read_without_verifying_too(self, web: Web) -> None:
        assert read(web[ASSERTION], web[BADGE], web[ISSUER]) == check(web, ASSERTION).credential

    @pytest.mark.parametrize(
        ("place", "change", "code"),
        [
            (ASSERTION, {"issuedOn": "2025-01-31T12:00:00Z"}, "badge-not-what-is-hosted"),
            (ASSERTION, {"id": f"{HOST}/a/2"}, "badge-part-is-another"),
            (BADGE, {"id": f"{HOST}/b/2"}, "badge-part-is-another"),
            (ISSUER, {"id": f"{HOST}/other"}, "badge-part-is-another"),
            (BADGE, {"issuer": "https://other.example/issuer"}, "badge-not-reachable"),
            (BADGE, {"issuer": "http://uni.example/issuer"}, "badge-address-not-https"),
            (BADGE, {"issuer": None}, "format-member-missing"),
            (BADGE, {"name": ""}, "format-member-missing"),
            (ISSUER, {"verification": {"allowedOrigins": "badges.example"}}, "badge-out-of-scope"),
            (ISSUER, {"verification": {"allowedOrigins": ["x.uni.example", "example"]}}, "badge-out-of-scope"),
            (ISSUER, {"verification": {"startsWith": f"{HOST}/b/"}}, "badge-out-of-scope"),
            (ISSUER, {"verification": {"startsWith": "https://"}}, "badge-out-of-scope"),
            (ISSUER, {"verification": {"startsWith": "https://uni"}}, "badge-out-of-scope"),
        ],
    )
    def test_what_does_not_fit_together_is_refused(
        self, web: Web, place: str, change: dict[str, Any], code: str
    ) -> None:
        handed_in = copy.deepcopy(web[ASSERTION])
        web.pages[place] = {**web[place], **change}
        assert refused(web, handed_in) == code

    @pytest.mark.parametrize(
        "scope",
        [
            {"allowedOrigins": "uni.example"},
            {"allowedOrigins": ["other.example", HOST]},
            {"startsWith": f"{HOST}/a/"},
            {"startsWith": [f"{HOST}/x/", f"{HOST}/a"], "allowedOrigins": "uni.example"},
        ],
    )
    def test_an_issuer_may_say_where_its_badges_lie(self, web: Web, scope: dict[str, Any]) -> None:
        web[ISSUER]["verification"] = scope
        assert check(web, ASSERTION).problems == ()

    def test_a_badge_elsewhere_needs_the_issuers_word(self, web: Web) -> None:
        moved = "https://evil.example/a/1"
        web.pages[moved] = {**web[ASSERTION], "id": moved}
        assert refused(web, web[moved]) == "badge-out-of-scope"
        web[ISSUER]["verification"] = {"allowedOrigins": ["evil.example"]}
        assert check(web, moved).issuer_address == ISSUER

    def test_nobody_describes_another_issuer_inside_a_badge(self, web: Web) -> None:
        moved = "https://evil.example/a/1"
        allowing = {**web[ISSUER], "verification": {"allowedOrigins": ["evil.example"]}}
        web.pages[moved] = {
            **web[ASSERTION],
            "id": moved,
            "badge": {**web[BADGE], "id": "https://evil.example/b", "issuer": allowing},
        }
        assert refused(web, moved) == "badge-out-of-scope"
        assert ISSUER in web.asked

    def test_parts_may_be_embedded_where_they_are_at_home(self, web: Web) -> None:
        web[ASSERTION]["badge"] = {**web[BADGE], "issuer": web[ISSUER]}
        assert check(web, ASSERTION).issuer_address == ISSUER
        assert web.asked == [ASSERTION]

    @pytest.mark.parametrize(
        "address",
        ["http://uni.example/a/1", "https://uni.example@evil.example/a", "https://evil.example\\@uni.example/", "urn:x",
         "https://uni.example:x/", "https://[uni.example/"],
    )  # fmt: skip
    def test_only_https_addresses_stand_for_anybody(self, web: Web, address: str) -> None:
        web.pages[address] = {**web[ASSERTION], "id": address}
        assert refused(web, web[address]) == "badge-address-not-https"

    def test_what_cannot_be_fetched_is_neither_good_nor_bad(self, web: Web) -> None:
        del web.pages[BADGE]
        with pytest.raises(Unreachable) as caught:
            check(web, ASSERTION)
        assert caught.value.params["address"] == BADGE
        assert str(caught.value)
        with pytest.raises(Unreachable):
            verify(ASSERTION, fetch=None, at=NOW)

    def test_no_json_at_the_address(self, web: Web) -> None:
        web.pages[ASSERTION] = b"<html>"
        assert refused(web, ASSERTION) == "badge-part-unreadable"

    @pytest.mark.parametrize("left", [{}, {"revocationReason": "error"}])
    def test_a_revoked_badge_is_told(self, web: Web, left: dict[str, Any]) -> None:
        handed_in = copy.deepcopy(web[ASSERTION])
        web.pages[ASSERTION] = {"@context": CONTEXT, "id": ASSERTION, "revoked": True, **left}
        assert [one.code for one in check(web, handed_in).problems] == ["revoked"]

    def test_times(self, web: Web) -> None:
        web[ASSERTION]["expires"] = "2026-07-01"
        assert [one.code for one in check(web, ASSERTION).problems] == ["expired"]
        early = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        assert [one.code for one in check(web, ASSERTION, early).problems] == ["not-yet-valid"]
        web[ASSERTION]["expires"] = "soon"
        assert refused(web, ASSERTION) == "format-member-invalid"
        with pytest.raises(ValueError, match="aware"):
            check(web, ASSERTION, dt.datetime(2026, 1, 1))  # noqa: DTZ001 - what is refused

    def test_a_signed_badge_without_its_signature_is_refused(self, web: Web) -> None:
        assert refused(web, {**web[ASSERTION], "verification": {"type": "signed"}}) == "badge-signature-missing"
        assert refused(web, {key: value for key, value in web[ASSERTION].items() if key != "verification"}) == (
            "badge-signature-missing"
        )

    def test_a_badge_of_version_1_is_genuine_at_its_address(self, web: Web) -> None:
        web.pages[ASSERTION] = {
            "uid": "abc",
            "recipient": {"type": "email", "hashed": True, "salt": "x", "identity": "sha256$00"},
            "badge": BADGE,
            "verify": {"type": "hosted", "url": ASSERTION},
            "issuedOn": 1359217910,
        }
        web.pages[BADGE] = {
            "name": "R",
            "description": "x",
            "image": "data:image/png;base64,xx",
            "criteria": f"{HOST}/c",
            "issuer": ISSUER,
        }
        web.pages[ISSUER] = {"name": "Uni", "url": HOST}
        badge = check(web, copy.deepcopy(web[ASSERTION]))
        assert (badge.credential.id, badge.credential.awarded_on) == ("abc", dt.date(2013, 1, 26))
        assert (badge.credential.achievement.homepage, badge.credential.achievement.image_url) == (f"{HOST}/c", "")
        assert badge.credential.learner.identifiers == (Identifier(scheme="email (hashed)", value="sha256$00"),)


class TestSigned:
    def test_a_badge_with_its_issuers_signature_is_genuine(self, web: Web) -> None:
        badge = check(web, web.signed())
        assert (badge.method, badge.issuer_address, badge.key_address, badge.algorithm) == (
            "signed",
            ISSUER,
            KEY,
            "ES256",
        )
        assert badge.problems == ()
        assert web.asked == [BADGE, ISSUER, KEY]

    def test_keys_may_be_embedded_in_the_issuer(self, web: Web) -> None:
        web[ISSUER]["publicKey"] = [web.pages.pop(KEY)]
        assert check(web, web.signed()).key_address == KEY
        unnamed = web.signed(verification={"type": "SignedBadge"})
        assert check(web, unnamed.encode()).key_address == KEY

    def test_a_badge_class_inside_is_covered_by_the_signature(self, web: Web) -> None:
        inside = {key: value for key, value in web[BADGE].items() if key != "id"}
        assert check(web, web.signed(badge=inside)).credential.achievement.title.best() == "Robotiikka"
        assert web.asked == [ISSUER, KEY]

    def test_another_key_or_another_text_is_refused(self, web: Web) -> None:
        assert refused(web, web.signed(OTHER)) == "signature-wrong"
        head, body, signature = web.signed().split(".")
        other = web.signed(issuedOn="2020-01-01T00:00:00Z").split(".")[1]
        assert refused(web, f"{head}.{other}.{signature}") == "signature-wrong"
        assert refused(web, f"{head}.{body}.") == "jws-malformed"

    @pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256"}, {"alg": "ES256", "crit": ["x"]}])
    def test_algorithms_are_not_chosen_by_the_header(self, web: Web, header: dict[str, Any]) -> None:
        from openmcx.credentials import base64url

        _, body, signature = web.signed().split(".")
        forged = f"{base64url.encode(json.dumps(header).encode())}.{body}.{signature}"
        assert refused(web, forged) in ("jws-algorithm-refused", "jws-header-refused")

    def test_the_key_must_be_the_issuers(self, web: Web) -> None:
        evil = "https://evil.example/key"
        web.pages[evil] = {**web[KEY], "id": evil, "publicKeyPem": pem(OTHER)}
        forged = web.signed(OTHER, verification={"type": "signed", "creator": evil})
        assert refused(web, forged) == "badge-key-not-issuers"
        del web[ISSUER]["publicKey"]
        assert refused(web, forged) == "badge-key-not-issuers"
        web[ISSUER]["publicKey"] = evil
        web[evil]["owner"] = "https://evil.example/issuer"
        assert refused(web, forged) == "badge-key-not-issuers"

    def test_an_issuer_described_in_the_badge_counts_for_nothing(self, web: Web) -> None:
        own = {**web[ISSUER], "publicKey": {**web[KEY], "publicKeyPem": pem(OTHER)}}
        inside = {**{key: value for key, value in web[BADGE].items() if key != "id"}, "issuer": own}
        assert refused(web, web.signed(OTHER, badge=inside)) == "signature-wrong"
        del own["id"]
        assert refused(web, web.signed(OTHER, badge=inside)) == "format-member-missing"

    def test_a_key_of_version_1_lies_bare_where_the_issuer_lies(self, web: Web) -> None:
        del web[ISSUER]["publicKey"]
        web.pages[KEY] = pem(SIGNER).encode()
        token = web.signed(verification=None, verify={"type": "signed", "url": KEY})
        assert refused(web, token) == "badge-verification-unknown"  # what version 2 says counts before version 1
        payload = {key: value for key, value in web[ASSERTION].items() if key != "verification"}
        payload |= {"id": "urn:1", "verify": {"type": "signed", "url": KEY}}
        token = sign_compact(json.dumps(payload).encode(), signer=SIGNER, header={"kid": None})
        assert check(web, token).key_address == KEY

    @pytest.mark.parametrize(
        ("listed", "revoked"),
        [
            ({"revokedAssertions": ["urn:uuid:2"]}, False),
            ({"revokedAssertions": ["urn:uuid:1"]}, True),
            ({"revokedAssertions": [{"id": "urn:uuid:1", "revocationReason": "x"}]}, True),
            ({"revokedAssertions": [{"uid": "u-1"}], "issuer": ISSUER}, True),
            ({"u-1": "fraud"}, True),
            ({"u-2": "fraud"}, False),
            ({"revokedAssertions": {"id": "urn:uuid:1"}}, True),
        ],
    )
    def test_the_list_of_revoked_badges_is_looked_at(self, web: Web, listed: dict[str, Any], revoked: bool) -> None:
        web[ISSUER]["revocationList"] = REVOKED
        web.pages[REVOKED] = listed
        badge = check(web, web.signed(uid="u-1"))
        assert [one.code for one in badge.problems] == (["revoked"] if revoked else [])
        assert "revocation-list" in badge.checked

    @pytest.mark.parametrize(
        ("listed", "code"),
        [
            (None, "status-not-reachable"),
            (b"<html>", "status-list-wrong"),
            ({"issuer": "https://evil.example/", "revokedAssertions": []}, "status-list-other-issuer"),
        ],
    )
    def test_a_list_that_cannot_be_read_leaves_it_open(self, web: Web, listed: Any, code: str) -> None:
        web[ISSUER]["revocationList"] = REVOKED
        if listed is not None:
            web.pages[REVOKED] = listed
        badge = check(web, web.signed())
        assert [one.code for one in badge.unknown] == [code]
        assert all(one.sentence for one in badge.unknown)

    def test_other_ways_to_verify_are_refused(self, web: Web) -> None:
        assert refused(web, web.signed(verification={"type": "telephone"})) == "badge-verification-unknown"
        web[ISSUER].pop("publicKey")
        assert refused(web, web.signed(verification={"type": "signed"})) == "badge-key-missing"

    def test_kinds_of_keys(self) -> None:
        def written(key: Any) -> bytes:
            public: bytes = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            return public

        assert read_pem_key(written(ed25519.Ed25519PrivateKey.generate())).algorithm == "Ed25519"
        assert read_pem_key(written(ec.generate_private_key(ec.SECP384R1()))).algorithm == "P-384"
        assert read_pem_key(written(rsa.generate_private_key(65537, 2048))).algorithm == "RSA"
        for bad in (written(ec.generate_private_key(ec.SECP521R1())), b"-----BEGIN", b"x" * 20_000):
            with pytest.raises(CredentialError):
                read_pem_key(bad)


class TestRecipients:
    def test_a_digest_fits_the_address_it_was_made_of(self) -> None:
        digest = hashlib.sha256(b"leon@mail.examplesalt").hexdigest()
        recipient = Recipient("email", f"sha256${digest.upper()}", hashed=True, salt="salt")
        assert recipient.is_(" Leon@Mail.example ")
        assert not recipient.is_("mallory@mail.example")
        assert Recipient("email", f"md5${hashlib.md5(b'Leon@x').hexdigest()}", hashed=True).is_("Leon@x")

    @pytest.mark.parametrize("identity", ["sha256", "sha1$00", "sha256$é", "", "$"])
    def test_what_is_no_digest_fits_nobody(self, identity: str) -> None:
        assert not Recipient("email", identity, hashed=True).is_("leon@mail.example")

    def test_a_plain_address_fits_itself(self) -> None:
        assert Recipient("email", "Leon@mail.example").is_("leon@MAIL.example")
        assert not Recipient("email", "leon@mail.example").is_("leo@mail.example")

    @pytest.mark.parametrize("value", [None, {}, {"identity": 1}, ""])
    def test_a_badge_without_a_recipient_is_refused(self, web: Web, value: object) -> None:
        web[ASSERTION]["recipient"] = value
        assert refused(web, ASSERTION) == "format-member-missing"

    def test_the_name_that_many_issuers_add_is_read(self, web: Web) -> None:
        web[ASSERTION]["extensions:recipientProfile"] = {"name": "Leon Läärner"}
        assert check(web, ASSERTION).credential.learner.family_name == "Leon Läärner"
