"""Refusals become answers; requests that are too large or too many are stopped; health is told."""

import datetime as dt
import io
import json
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.views.decorators.http import require_POST

from openmcx.kernel import mail as outgoing
from openmcx.kernel import middleware, ratelimit, web
from openmcx.kernel.actors import Actor, require
from openmcx.kernel.errors import Refusal
from openmcx.kernel.models import RateCount

AT = dt.datetime(2026, 3, 1, 12, 0, 5, tzinfo=dt.UTC)
LIMIT = ratelimit.Limit("tests", 3, 60)


def refusing(request: HttpRequest) -> HttpResponse:
    raise Refusal("batch-closed", "The batch “%(name)s” is closed.", name="<b>May</b>")


def forbidding(request: HttpRequest) -> HttpResponse:
    require(condition=False)
    return HttpResponse()


def hurrying(request: HttpRequest) -> HttpResponse:
    raise ratelimit.TooMany(17)


def breaking(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("secret detail")


def taking(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(sum(file.size or 0 for file in request.FILES.values())))


@require_POST
def posting(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def client_address(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.META['REMOTE_ADDR']} {request.scheme}")


urlpatterns = [
    path(f"{prefix}{name}/", view)
    for prefix in ("", "api/")
    for name, view in {
        "refusing": refusing,
        "forbidding": forbidding,
        "hurrying": hurrying,
        "breaking": breaking,
        "taking": taking,
        "posting": posting,
        "client": client_address,
    }.items()
]
handler404 = "openmcx.kernel.web.not_found"
handler500 = "openmcx.kernel.web.server_error"
own_urls = pytest.mark.urls(__name__)

MIDDLEWARE = [
    "openmcx.kernel.middleware.TrustedProxies",
    "openmcx.kernel.middleware.UploadCap",
    "openmcx.kernel.middleware.Refusals",
]


@pytest.fixture
def bare(settings: Any) -> Client:
    """A client of a site with the kernel's middleware only and pages of one line."""
    settings.MIDDLEWARE = MIDDLEWARE
    pages = {f"{status}.html": "{{ detail }}" for status in (400, 403, 404, 405, 409, 413, 429, 500)}
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", pages)]},
        }
    ]
    return Client(raise_request_exception=False)


# --- refusals -----------------------------------------------------------------------------------------------------


@own_urls
@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("refusing", 409, "batch-closed"),
        ("forbidding", 403, "not-permitted"),
        ("hurrying", 429, "too-many-requests"),
        ("breaking", 500, "server-error"),
        ("missing", 404, "not-found"),
        ("posting", 405, "method-not-allowed"),
    ],
)
def test_an_error_is_a_page_or_a_problem(bare: Client, name: str, status: int, code: str) -> None:
    page = bare.get(f"/{name}/")
    assert page.status_code == status
    assert page["Content-Type"].startswith("text/html")
    problem = bare.get(f"/api/{name}/")
    assert problem.status_code == status
    assert problem["Content-Type"] == "application/problem+json"
    body = json.loads(problem.content)
    assert (body["status"], body["code"], body["instance"]) == (status, code, f"/api/{name}/")
    assert body["detail"]
    assert "secret detail" not in page.content.decode() + problem.content.decode()


@own_urls
def test_values_in_a_refusal_are_escaped(bare: Client) -> None:
    assert bare.get("/refusing/").content.decode() == "The batch “&lt;b&gt;May&lt;/b&gt;” is closed."


@own_urls
def test_who_hurries_is_told_when_to_come_back(bare: Client) -> None:
    assert bare.get("/hurrying/")["Retry-After"] == "17"


@own_urls
def test_who_asks_in_the_wrong_way_is_told_the_right_one(bare: Client) -> None:
    for address in ("/posting/", "/api/posting/"):
        answer = bare.get(address)
        assert answer["Allow"] == "POST"
        assert "answers POST only, not GET" in answer.content.decode()


@own_urls
def test_a_client_that_reads_json_only_gets_json(bare: Client) -> None:
    answer = bare.get("/refusing/", headers={"Accept": "application/json"})
    assert answer["Content-Type"] == "application/problem+json"


@own_urls
def test_the_last_resort_is_plain_text(bare: Client, settings: Any) -> None:
    settings.TEMPLATES[0]["OPTIONS"]["loaders"] = [("django.template.loaders.locmem.Loader", {})]
    request = RequestFactory().get("/breaking/")
    answer = web.server_error(request)
    assert (answer.status_code, answer["Content-Type"]) == (500, "text/plain; charset=utf-8")


# --- uploads ------------------------------------------------------------------------------------------------------


@own_urls
def test_an_upload_within_the_limit_is_taken(bare: Client, settings: Any) -> None:
    settings.OPENMCX_MAX_UPLOAD_BYTES = 10_000
    file = SimpleUploadedFile("list.csv", b"x" * 5_000)
    assert bare.post("/taking/", {"file": file}).content == b"5000"


@own_urls
def test_an_upload_that_says_it_is_too_large_is_not_read(bare: Client, settings: Any) -> None:
    settings.OPENMCX_MAX_UPLOAD_BYTES = 10_000
    answer = bare.post("/api/taking/", {"file": SimpleUploadedFile("list.csv", b"x" * 50_000)})
    assert answer.status_code == 413
    assert "larger than 0.01 MB" in json.loads(answer.content)["detail"]


class Lying(io.BytesIO):
    """A body whose reading is counted."""

    read_bytes = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.read_bytes += len(data)
        return data


@own_urls
def test_an_upload_that_lies_about_its_length_is_stopped(settings: Any) -> None:
    settings.OPENMCX_MAX_UPLOAD_BYTES = 100_000
    body = (
        b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n' + bytes(2_000_000) + b"\r\n--b--\r\n"
    )
    stream = Lying(body)
    request = RequestFactory().generic("POST", "/taking/", b"x", content_type="multipart/form-data; boundary=b")
    request.META["CONTENT_LENGTH"] = str(len(body))
    request._stream = stream  # type: ignore[attr-defined]
    from django.core.exceptions import RequestDataTooBig

    with pytest.raises(RequestDataTooBig):
        _ = request.FILES
    assert stream.read_bytes < 500_000
    answer = middleware.Refusals(taking).process_exception(request, RequestDataTooBig())
    assert answer is not None
    assert answer.status_code == 413


@own_urls
@pytest.mark.parametrize("length", ["x", "-5", "", "1e9"])
def test_a_length_that_is_no_number_is_harmless(bare: Client, length: str) -> None:
    assert bare.get("/client/", CONTENT_LENGTH=length).status_code == 200


# --- proxies ------------------------------------------------------------------------------------------------------


@own_urls
@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "proto", "seen"),
    [
        ((), "203.0.113.9", "198.51.100.1", "https", "203.0.113.9 http"),
        (("10.0.0.0/8",), "203.0.113.9", "198.51.100.1", "https", "203.0.113.9 http"),
        (("10.0.0.0/8",), "10.0.0.1", "198.51.100.1", "https", "198.51.100.1 https"),
        (("10.0.0.0/8",), "10.0.0.1", "6.6.6.6, 198.51.100.1", "http", "198.51.100.1 http"),
        (("10.0.0.0/8",), "10.0.0.1", "198.51.100.1, 10.0.0.2", "", "198.51.100.1 http"),
        (("10.0.0.0/8",), "10.0.0.1", "nonsense", "https", "10.0.0.1 https"),
        (("10.0.0.0/8",), "10.0.0.1", "", "", "10.0.0.1 http"),
        (("10.0.0.1", "::1"), "::1", "2001:db8::7", "https", "2001:db8::7 https"),
        (("10.0.0.0/8",), "", "198.51.100.1", "", " http"),
    ],
)
def test_only_named_proxies_may_say_who_the_client_is(
    bare: Client, settings: Any, proxies: tuple[str, ...], remote: str, forwarded: str, proto: str, seen: str
) -> None:
    settings.OPENMCX_TRUSTED_PROXIES = proxies
    answer = bare.get(
        "/client/", REMOTE_ADDR=remote, headers={"X-Forwarded-For": forwarded, "X-Forwarded-Proto": proto}
    )
    assert answer.content.decode() == seen


# --- rate limits --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_fourth_of_three_is_stopped_until_the_time_is_over() -> None:
    for _ in range(3):
        ratelimit.check(LIMIT, "a", at=AT)
    with pytest.raises(ratelimit.TooMany) as caught:
        ratelimit.check(LIMIT, "a", at=AT)
    assert caught.value.retry_after_seconds == 55
    assert "55" in str(caught.value)
    ratelimit.check(LIMIT, "a", at=AT + dt.timedelta(seconds=55))


@pytest.mark.django_db
def test_each_has_a_count_of_its_own() -> None:
    for who in ("a", "b"):
        for _ in range(3):
            ratelimit.check(LIMIT, who, at=AT)
    ratelimit.check(ratelimit.Limit("other", 3, 60), "a", at=AT)
    assert RateCount.objects.count() == 3


@pytest.mark.django_db
def test_something_heavy_counts_more() -> None:
    ratelimit.check(LIMIT, "a", at=AT, weight=3)
    with pytest.raises(ratelimit.TooMany):
        ratelimit.check(LIMIT, "a", at=AT)


@pytest.mark.django_db
def test_no_address_is_stored_and_past_counts_go() -> None:
    ratelimit.check(LIMIT, "203.0.113.9", at=AT)
    row = RateCount.objects.get()
    assert b"203" not in bytes(row.key)
    assert len(bytes(row.key)) == 32
    assert ratelimit.clear(before=AT) == 0
    assert ratelimit.clear(before=AT + dt.timedelta(minutes=2)) == 1


@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_a_client_is_its_network(address: str, who: str) -> None:
    assert ratelimit.client(RequestFactory().get("/", REMOTE_ADDR=address)) == who


# --- health, headers, e-mail --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_health_tells_of_database_and_workers(client: Client) -> None:
    answer = client.get("/health/")
    body = json.loads(answer.content)
    assert answer.status_code == 200
    assert (body["status"], body["database"], body["workers"], body["tasks_waiting"]) == ("ok", "ok", 0, 0)
    assert "no-store" in answer["Cache-Control"]
    assert "Set-Cookie" not in answer
    assert client.post("/health/").status_code == 405


@pytest.mark.django_db
def test_every_answer_carries_the_security_headers(client: Client) -> None:
    answer = client.get("/health/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_strange_host_is_refused(client: Client) -> None:
    assert client.get("/health/", headers={"Host": "evil.example"}).status_code == 400


def test_e_mail_is_written_in_the_readers_language(settings: Any) -> None:
    texts = {
        "notice.subject.txt": "{% load i18n %}{% translate 'German' %}\n for {{ name }}\n",
        "notice.txt": "{{ name }} {{ base_url }}",
        "notice.html": "<p>{{ name }}</p>",
    }
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", texts)]},
        }
    ]
    for language in ("de", "xx"):
        outgoing.send(template="notice", context={"name": "A<b>"}, to="leon@learners.example", language=language)
    german, other = mail.outbox
    assert german.subject == "Deutsch for A<b>"
    assert other.subject.startswith("German")
    assert german.to == ["leon@learners.example"]
    assert german.from_email == "noreply@testserver"
    assert german.body == "A<b> http://testserver"
    assert german.alternatives[0].content == "<p>A&lt;b&gt;</p>"  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_the_cache_is_shared_between_processes() -> None:
    from django.core.cache import cache
    from django.db import connection

    cache.set("tests", {"a": 1}, 60)
    assert cache.get("tests") == {"a": 1}
    assert "kernel_cache" in connection.introspection.table_names()


def test_who_acts_is_nobody_until_it_is_known() -> None:
    request = RequestFactory().get("/")
    assert web.actor_of(request) == Actor.anonymous()
    web.set_actor(request, Actor.system())
    assert web.actor_of(request) == Actor.system()
