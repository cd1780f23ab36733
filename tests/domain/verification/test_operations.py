"""Judging documents: what is found, what is established about the issuer, what is remembered."""

import datetime as dt
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import orjson
import pytest

from openmcx.credentials.formats import elm, open_badges
from openmcx.credentials.keys import x509
from openmcx.credentials.model import LangText, Organisation
from openmcx.credentials.proofs import data_integrity, jades
from openmcx.credentials.report import Report
from openmcx.institutions import operations as institution_operations
from openmcx.institutions import queries as institution_queries
from openmcx.institutions.models import Institution
from openmcx.kernel.actors import Actor
from openmcx.kernel.errors import Refusal
from openmcx.verification import adapters, operations, queries, rules
from openmcx.verification.models import Channel, Check
from tests.credentials import pki
from tests.credentials.examples import CREDENTIAL
from tests.factories import institutions
from tests.factories.verification import CREATED, NOW, credential, signed, signed_by_stranger

pytestmark = pytest.mark.django_db
VERA = Actor.anonymous()


@pytest.fixture
def lakeside(db: None) -> Institution:
    return institutions.institution(accreditation_note=LangText({"en": "Audited."}))


def check(document: operations.Document, at: dt.datetime = NOW) -> Report:
    return operations.check(by=VERA, document=document, channel=Channel.TEXT, at=at)


def test_a_genuine_credential_of_an_institution_here_is_verified_without_http(lakeside: Institution) -> None:
    report = check(signed(lakeside))
    assert (report.verdict, report.headline.code) == ("verified", "headline-verified")
    assert {each.outcome for each in report.checks} == {"passed"}
    assert report.issuer is not None
    assert report.issuer.known == queries.known_issuer(lakeside.did)
    assert report.issuer.name == "University of Lakeside"


def test_one_changed_character_is_not_verified(lakeside: Institution) -> None:
    document = signed(lakeside)
    report = check(document.replace(b"Robotics", b"Robotica", 1))
    assert (report.verdict, report.headline.code) == ("not-verified", "headline-signature-wrong")


def test_an_expired_credential_is_said_to_have_expired(lakeside: Institution) -> None:
    report = check(signed(lakeside, valid_until=CREATED + dt.timedelta(days=7)))
    assert (report.verdict, report.headline.code) == ("not-verified", "headline-expired")


def test_the_same_credential_was_verified_before_it_expired(lakeside: Institution) -> None:
    report = check(signed(lakeside, valid_until=CREATED + dt.timedelta(days=7)), CREATED + dt.timedelta(days=1))
    assert report.verdict == "verified"


def test_an_unknown_issuer_is_a_caution_even_when_it_bears_the_name_of_a_known_one(lakeside: Institution) -> None:
    report = check(signed_by_stranger())
    assert (report.verdict, report.headline.code) == ("caution", "headline-issuer-unknown")
    assert report.issuer is not None
    assert report.issuer.known is None
    assert "Lakeside" not in report.issuer.name


def test_what_was_issued_under_a_former_name_stays_verified(lakeside: Institution) -> None:
    document = signed(lakeside)
    institution_operations.change_profile(
        by=Actor.system(), at=NOW, institution_id=lakeside.pk, profile=institutions.profile("Lakeside Technical")
    )
    report = check(document)
    assert (report.verdict, report.headline.code) == ("verified", "headline-verified")
    assert report.issuer is not None
    assert report.issuer.name == "Lakeside Technical"


def test_a_name_that_is_not_the_established_one_is_pointed_out(lakeside: Institution) -> None:
    claimed = Organisation(id=lakeside.did, name=LangText({"en": "University of Oxford"}))
    report = check(signed(lakeside, issuer=claimed))
    assert (report.verdict, report.headline.code) == ("caution", "headline-issuer-named-otherwise")
    assert report.issuer is not None
    assert report.issuer.name == "University of Lakeside"


def test_another_institution_s_key_does_not_speak_for_the_issuer(lakeside: Institution) -> None:
    hillside = institutions.institution("hillside", "Hillside")
    document = open_badges.write(credential(institution_queries.organisation(lakeside)))
    report = check(data_integrity.sign(document, signer=institution_queries.signer(hillside.pk), created=CREATED))
    assert (report.verdict, report.headline.code) == ("not-verified", "headline-key-not-issuers")


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b"", "document-empty"),
        (b"hello", "document-not-json"),
        (b"{\x80}", "document-not-utf8"),
        (b"[1]", "document-not-an-object"),
        (b'{"a": 1, "a": 2}', "duplicate-key"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "document-too-deep"),
        (b'{"a": "' + b"x" * (1024 * 1024) + b'"}', "document-too-large"),
        (b"{}", "format-unknown"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_credential_is_unreadable_and_said_why(document: bytes, code: str) -> None:
    report = check(document)
    assert report.verdict == "unreadable"
    assert code in {each.code for each in report.checks}


@pytest.mark.parametrize("document", [b"<?xml version='1.0'?><europassCredential/>", b"eyJhbGciOiJF.eyJpc3MiOiJk.c2ln"])
def test_what_is_recognised_but_not_supported_is_not_called_unreadable(document: bytes) -> None:
    report = check(document)
    assert (report.verdict, report.check("proof").code) == ("unsupported", "format-unsupported")
    assert Check.objects.get().verdict == "unsupported"


def test_what_is_remembered_tells_neither_document_nor_person(lakeside: Institution) -> None:
    document = signed(lakeside)
    check(document)
    check(document)
    check(document + b" ")
    first, second, third = Check.objects.order_by("id")
    assert {field.name for field in Check._meta.get_fields()} == {
        "id", "digest", "verdict", "codes", "channel", "checked_at",
    }  # fmt: skip
    assert bytes(first.digest) == bytes(second.digest) != bytes(third.digest)
    assert (first.verdict, first.channel, first.codes[0]) == ("verified", "text", "headline-verified")
    assert "Leon" not in orjson.dumps(first.codes).decode()


def test_statistics_are_forgotten_when_their_time_is_over() -> None:
    check(b"{}", NOW - rules.KEEP_STATISTICS - dt.timedelta(seconds=1))
    check(b"{}", NOW - rules.KEEP_STATISTICS)
    assert operations.forget_old_checks(at=NOW) == 1
    assert list(Check.objects.values_list("verdict", "checked_at")) == [("unreadable", NOW - rules.KEEP_STATISTICS)]


@pytest.mark.parametrize(
    "link",
    [
        "http://127.0.0.1:9/x",
        "https://localhost/x",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/x",
        "file:///etc/passwd",
        "https://user:pass@example.org/",
    ],
)
def test_links_into_this_machine_or_its_network_are_refused(link: str) -> None:
    with pytest.raises(Refusal) as refused:
        operations.check_link(by=VERA, link=link, at=NOW)
    assert refused.value.code == "link-not-readable"
    assert Check.objects.count() == 0


def test_a_document_of_this_node_is_read_without_http(lakeside: Institution) -> None:
    report = operations.check_link(by=VERA, link="http://testserver/institutions/lakeside/did.json", at=NOW)
    assert (report.verdict, Check.objects.get().channel) == ("unreadable", "link")


def test_one_verification_may_fetch_a_few_things_only() -> None:
    fetch = adapters.Fetcher()
    codes = []
    for number in range(rules.MAX_FETCHES + 2):
        with pytest.raises(Exception) as refused:
            fetch(f"https://127.0.0.1/{number}")
        codes.append(refused.value.code)  # type: ignore[attr-defined]
    assert codes == ["address-not-public"] * rules.MAX_FETCHES + ["budget-used-up"] * 2


class _Elsewhere(BaseHTTPRequestHandler):
    """Another server: a credential, a page, nothing."""

    documents: ClassVar[dict[str, tuple[str, bytes]]] = {}

    def do_GET(self) -> None:
        media_type, body = self.documents.get(self.path, ("", b""))
        if media_type == "redirect":
            self.send_response(302)
            self.send_header("Location", body.decode())
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200 if media_type else 404)
        self.send_header("Content-Type", media_type or "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        return


@pytest.fixture
def elsewhere(settings: Any) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere) as server:
        settings.OPENMCX_HTTP_ALLOW = frozenset({f"127.0.0.1:{server.server_port}"})
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_a_credential_on_another_server_is_read_and_judged(lakeside: Institution, elsewhere: str) -> None:
    _Elsewhere.documents = {"/credential": ("application/vc+ld+json", signed(lakeside))}
    assert operations.check_link(by=VERA, link=f"{elsewhere}/credential", at=NOW).verdict == "verified"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/page", "it leads to a web page; open it and download the credential there"),
        ("/missing", "the server refuses or does not have it"),
        ("/huge", "the server sends too much"),
    ],
)
def test_a_link_to_something_else_is_refused_with_its_reason(elsewhere: str, path: str, words: str) -> None:
    _Elsewhere.documents = {
        "/page": ("text/html", b"<!doctype html><p>Your credential"),
        "/huge": ("application/json", b" " * (rules.MAX_DOCUMENT_BYTES + 1)),
    }
    with pytest.raises(Refusal) as refused:
        operations.check_link(by=VERA, link=elsewhere + path, at=NOW)
    assert words in str(refused.value)
    assert "This says nothing about the credential itself." in str(refused.value)


class TestRedirects:
    """Keys and hosted badges are the word of the host that is asked, not of one that it leads on to."""

    def test_on_the_same_host_they_are_followed(self, elsewhere: str) -> None:
        _Elsewhere.documents = {
            "/from": ("redirect", f"{elsewhere}/to".encode()),
            "/to": ("application/json", b'{"a": 1}'),
        }
        assert adapters.Fetcher()(f"{elsewhere}/from") == b'{"a": 1}'

    def test_to_another_they_are_not(self, elsewhere: str, settings: Any) -> None:
        with ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere) as other:
            there = f"127.0.0.1:{other.server_port}"
            settings.OPENMCX_HTTP_ALLOW = settings.OPENMCX_HTTP_ALLOW | {there}
            thread = threading.Thread(target=other.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            _Elsewhere.documents = {
                "/from": ("redirect", f"http://{there}/to".encode()),
                "/to": ("application/json", b'{"a": 1}'),
            }
            try:
                with pytest.raises(adapters.NotFetched) as refused:
                    adapters.Fetcher()(f"{elsewhere}/from")
            finally:
                other.shutdown()
                thread.join()
        assert refused.value.code == "led-elsewhere"


class TestSeals:
    """Whose a seal is depends on the authorities that the operator trusts."""

    def sealed(self) -> bytes:
        document = elm.write_credential(replace(CREDENTIAL, status=()), issued=pki.SEALED_AT, sealer=pki.SEALER)
        seal = jades.sign(json.dumps(document), signer=pki.SEAL_SIGNER, chain=pki.CHAIN, sealed_at=pki.SEALED_AT)
        return json.dumps(seal).encode()

    def headline(self) -> str:
        return operations.check(
            by=Actor.anonymous(), document=self.sealed(), channel=Channel.FILE, at=pki.NOW
        ).headline.code

    def test_without_any_it_is_nobodys(self) -> None:
        assert self.headline() == "headline-certificate-unknown"

    def test_one_that_is_trusted_vouches_for_it(self, settings: Any, tmp_path: Path) -> None:
        settings.OPENMCX_TRUSTED_CERTIFICATES = tmp_path / "trusted.pem"
        settings.OPENMCX_TRUSTED_CERTIFICATES.write_bytes(x509.write_pem([pki.ROOT]))
        assert self.headline() == "headline-issuer-certified"

    def test_a_file_that_has_gone_is_trusted_no_more(self, settings: Any, tmp_path: Path) -> None:
        settings.OPENMCX_TRUSTED_CERTIFICATES = tmp_path / "gone.pem"
        assert self.headline() == "headline-certificate-unknown"
