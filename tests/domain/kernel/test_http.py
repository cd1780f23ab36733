"""The way out is guarded: no address of ours or of our neighbours can be reached through it."""

import datetime as dt
import gzip
import http.server
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from openmcx.kernel import http as http_module
from openmcx.kernel.http import MAX_REDIRECTS, MESSAGES, Answer, Outbound, OutboundRefused, is_public

LOCAL = ["127.0.0.1"]


class Pages(http.server.BaseHTTPRequestHandler):
    """Answers by path; what it was asked for is kept."""

    protocol_version = "HTTP/1.1"
    asked: list[tuple[str, dict[str, str]]]
    elsewhere: str

    def do_GET(self) -> None:
        self.asked.append((self.path, dict(self.headers)))
        name, _, rest = self.path.strip("/").partition("/")
        getattr(self, f"page_{name.split('?')[0]}", self.page_missing)(rest)

    def log_message(self, *args: Any) -> None:
        pass

    def answer(self, body: bytes, *headers: tuple[str, str], status: int = 200) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def page_missing(self, rest: str) -> None:
        self.answer(b"no", status=404)

    def page_hello(self, rest: str) -> None:
        self.answer(b"hello", ("Content-Type", "Application/JSON; charset=utf-8"))

    def page_again(self, rest: str) -> None:
        left = int(rest)
        target = f"/again/{left - 1}" if left else "/hello"
        self.answer(b"", ("Location", target), status=302)

    def page_to(self, rest: str) -> None:
        self.answer(b"", ("Location", self.elsewhere), status=307)

    def page_nowhere(self, rest: str) -> None:
        self.answer(b"see nowhere", status=302)

    def page_zip(self, rest: str) -> None:
        self.answer(gzip.compress(b"packed"), ("Content-Encoding", "gzip"))

    def page_bomb(self, rest: str) -> None:
        self.answer(gzip.compress(bytes(50_000_000)), ("Content-Encoding", "gzip"))

    def page_brotli(self, rest: str) -> None:
        self.answer(b"x", ("Content-Encoding", "br"))

    def page_cut(self, rest: str) -> None:
        self.answer(gzip.compress(b"packed" * 100)[:-9], ("Content-Encoding", "gzip"))

    def page_endless(self, rest: str) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(bytes(65536))
        except OSError:
            self.close_connection = True

    def page_drip(self, rest: str) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.1)
        except OSError:
            pass
        self.close_connection = True

    def page_garbage(self, rest: str) -> None:
        self.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
        self.close_connection = True


class Server:
    """A server on loopback, with or without TLS."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.handler = type("Handler", (Pages,), {"asked": [], "elsewhere": ""})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler)
        self.server.daemon_threads = True
        self.scheme = "http"
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            self.scheme = "https"
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def client(self, *hosts: str, **options: Any) -> Outbound:
        return Outbound({f"{host}:{self.port}" for host in hosts or ("127.0.0.1",)}, **options)

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server()
    yield one
    one.stop()


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[Server, ssl.SSLContext]:
    """A server with a certificate for “node.example”, and a context that trusts it."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "node.example")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("node.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return Server(context), ssl.create_default_context(cafile=str(folder / "cert.pem"))


def refusal(client: Outbound, url: str, **options: Any) -> str:
    with pytest.raises(OutboundRefused) as caught:
        client.get(url, **options)
    assert str(caught.value)
    assert caught.value.code in MESSAGES
    return caught.value.code


# --- addresses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "193.166.3.2", "2606:4700::1111", "2a00:1450:4001::8a"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1",
        "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
        "255.255.255.255", "168.63.129.16",
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
        "::ffff:0:127.0.0.1",
        "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::",
        "2002:a00:1::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "3fff::1",
        "2a00::5efe:10.0.0.1", "2a00::200:5efe:10.0.0.1", "5f00::1", "not an address", "", "1.2.3", "0177.0.0.1",
    ],
)  # fmt: skip
def test_other_addresses_are_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://node.example/", "scheme-not-allowed"),
        ("ftp://node.example/", "scheme-not-allowed"),
        ("file:///etc/passwd", "scheme-not-allowed"),
        ("gopher://node.example/", "scheme-not-allowed"),
        ("javascript:alert(1)", "scheme-not-allowed"),
        ("//node.example/", "scheme-not-allowed"),
        ("", "scheme-not-allowed"),
        ("https://user@node.example/", "credentials-in-url"),
        ("https://user:word@node.example/", "credentials-in-url"),
        ("https://@node.example/", "credentials-in-url"),
        ("https://node.example:22/", "port-not-allowed"),
        ("https://node.example:6379/", "port-not-allowed"),
        ("https://node.example:0/", "url-invalid"),
        ("https://node.example:99999/", "url-invalid"),
        ("https://node.example:x/", "url-invalid"),
        ("https:///path", "url-invalid"),
        ("https://", "url-invalid"),
        ("https://no de.example/", "url-invalid"),
        ("https://node.example/a b", "url-invalid"),
        ("https://node.example\\@127.0.0.1/", "url-invalid"),
        ("https://node.example/\r\nX-Evil: 1", "url-invalid"),
        ("https://node.example/\x00", "url-invalid"),
        ("https://[fe80::1%25eth0]/", "url-invalid"),
        ("https://[::1", "url-invalid"),
        ("https://-node.example/", "url-invalid"),
        ("https://node..example/", "url-invalid"),
        ("https://node.example/" + "a" * 2050, "url-invalid"),
    ],
)
def test_addresses_that_are_never_asked(url: str, code: str) -> None:
    def resolver(host: str, port: int) -> list[str]:
        raise AssertionError("nothing may be resolved")

    assert refusal(Outbound(resolver=resolver), url) == code


@pytest.mark.parametrize(
    "found",
    [["127.0.0.1"], ["10.0.0.7"], ["169.254.169.254"], ["::1"], ["::ffff:192.168.0.1"], ["8.8.8.8", "127.0.0.1"]],
)
def test_a_name_that_points_inside_is_refused(found: list[str]) -> None:
    assert refusal(Outbound(resolver=lambda host, port: found), "https://node.example/") == "address-not-public"


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "2130706433", "0x7f.1"])
def test_ways_to_write_this_machine_are_refused(host: str) -> None:
    assert refusal(Outbound(), f"https://{host}/") in {"address-not-public", "name-not-resolved"}


class Recorder(httpcore.NetworkBackend):
    """Connects to nothing and remembers to what it should."""

    def __init__(self) -> None:
        self.addresses: list[str] = []

    def connect_tcp(self, host: str, port: int, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        self.addresses.append(host)
        raise httpcore.ConnectError("not here")


def test_the_address_that_was_checked_is_the_one_connected_to() -> None:
    answers = iter([["8.8.8.8", "1.1.1.1"], LOCAL])
    target = http_module._Target("https", "node.example", 443, "/", is_named=False)
    backend = http_module._GuardedBackend(target, lambda host, port: next(answers), http_module._Deadline(5))
    backend._inner = recorder = Recorder()
    with pytest.raises(httpcore.ConnectError):
        backend.connect_tcp("node.example", 443)
    assert recorder.addresses == ["8.8.8.8", "1.1.1.1"]
    assert next(answers) == LOCAL  # the second answer, which points inside, was never asked for


def test_a_socket_of_this_machine_is_refused() -> None:
    target = http_module._Target("https", "node.example", 443, "/", is_named=True)
    backend = http_module._GuardedBackend(target, lambda host, port: LOCAL, http_module._Deadline(5))
    with pytest.raises(OutboundRefused):
        backend.connect_unix_socket("/run/docker.sock")


def test_names_that_do_not_resolve() -> None:
    def failing(host: str, port: int) -> list[str]:
        raise socket.gaierror("no such name")

    assert refusal(Outbound(resolver=failing), "https://node.example/") == "name-not-resolved"
    assert refusal(Outbound(resolver=lambda host, port: []), "https://node.example/") == "name-not-resolved"


def test_a_resolver_that_hangs_is_not_waited_for() -> None:
    release = threading.Event()

    def hanging(host: str, port: int) -> list[str]:
        release.wait(5)
        return LOCAL

    began = time.monotonic()
    assert refusal(Outbound(resolver=hanging), "https://node.example/", timeout_seconds=0.3) == "too-slow"
    assert time.monotonic() - began < 2
    release.set()


def test_a_name_outside_ascii_is_asked_for_as_the_dns_knows_it() -> None:
    asked = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return LOCAL

    assert refusal(Outbound(resolver=resolver), "https://hochschule-küste.example/") == "address-not-public"
    assert asked == ["xn--hochschule-kste-bwb.example"]


# --- what comes back ----------------------------------------------------------------------------------------------


def test_a_named_local_host_is_asked(server: Server) -> None:
    answer = server.client().get(server.url("/hello?a=1#part"), accept="application/json")
    assert answer == Answer(200, "application/json", b"hello", server.url("/hello?a=1"))
    path, headers = server.handler.asked[0]
    assert path == "/hello?a=1"
    assert headers["Host"] == f"127.0.0.1:{server.port}"
    assert headers["Accept"] == "application/json"
    assert "Cookie" not in headers
    assert "Authorization" not in headers


def test_naming_one_port_opens_no_other(server: Server) -> None:
    other = Outbound({f"127.0.0.1:{server.port + 1}"})
    assert refusal(other, server.url("/hello")) == "scheme-not-allowed"


def test_an_answer_other_than_200_is_given_back(server: Server) -> None:
    assert server.client().get(server.url("/nothing")).status == 404


def test_redirects_are_followed_a_few_times(server: Server) -> None:
    assert server.client().get(server.url(f"/again/{MAX_REDIRECTS - 1}")).body == b"hello"
    assert refusal(server.client(), server.url(f"/again/{MAX_REDIRECTS}")) == "too-many-redirects"


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("http://127.0.0.1:1/", "scheme-not-allowed"),
        ("https://127.0.0.1/", "address-not-public"),
        ("https://[::1]/", "address-not-public"),
        ("https://169.254.169.254/latest/meta-data/", "address-not-public"),
        ("file:///etc/passwd", "scheme-not-allowed"),
        ("https://user:word@node.example/", "credentials-in-url"),
        ("https://[broken", "redirect-invalid"),
    ],
)
def test_a_redirect_is_held_to_the_same_rules(server: Server, target: str, code: str) -> None:
    server.handler.elsewhere = target
    assert refusal(server.client(), server.url("/to")) == code


def test_a_redirect_without_a_target_is_an_answer(server: Server) -> None:
    assert server.client().get(server.url("/nowhere")).status == 302


def test_a_packed_answer_is_unpacked(server: Server) -> None:
    assert server.client().get(server.url("/zip")).body == b"packed"


@pytest.mark.parametrize("page", ["/endless", "/bomb"])
def test_a_huge_answer_is_not_read_to_its_end(server: Server, page: str) -> None:
    assert refusal(server.client(), server.url(page), max_bytes=100_000) == "too-large"


def test_exactly_the_limit_is_read(server: Server) -> None:
    assert server.client().get(server.url("/hello"), max_bytes=5).body == b"hello"
    assert refusal(server.client(), server.url("/hello"), max_bytes=4) == "too-large"


@pytest.mark.parametrize(
    ("page", "code"),
    [("/brotli", "encoding-not-supported"), ("/cut", "answer-invalid"), ("/garbage", "answer-invalid")],
)
def test_an_answer_that_cannot_be_read(server: Server, page: str, code: str) -> None:
    assert refusal(server.client(), server.url(page)) == code


def test_a_dripping_answer_ends_with_the_time_for_everything(server: Server) -> None:
    began = time.monotonic()
    assert refusal(server.client(), server.url("/drip"), timeout_seconds=0.5) == "too-slow"
    assert time.monotonic() - began < 2


def test_nobody_listens() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert refusal(Outbound({f"127.0.0.1:{port}"}), f"http://127.0.0.1:{port}/") == "connection-failed"


def test_tls_is_checked_against_the_name(tls: tuple[Server, ssl.SSLContext]) -> None:
    server, trusting = tls
    here = {"resolver": lambda host, port: LOCAL}
    client = server.client("node.example", "other.example", ssl_context=trusting, **here)
    assert client.get(server.url("/hello", "node.example")).body == b"hello"
    assert refusal(client, server.url("/hello", "other.example")) == "tls-failed"
    assert refusal(server.client("node.example", **here), server.url("/hello", "node.example")) == "tls-failed"


def test_a_redirect_never_leaves_encryption(server: Server, tls: tuple[Server, ssl.SSLContext]) -> None:
    secure, trusting = tls
    secure.handler.elsewhere = server.url("/hello")
    client = Outbound(
        {f"node.example:{secure.port}", f"127.0.0.1:{server.port}"},
        ssl_context=trusting,
        resolver=lambda host, port: LOCAL,
    )
    assert refusal(client, secure.url("/to", "node.example")) == "redirect-downgrade"
    assert server.handler.asked == []


def test_the_guard_needs_no_django() -> None:
    code = "import sys, openmcx.kernel.http; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path.cwd(), check=False).returncode == 0


def test_proxies_of_the_environment_are_not_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    assert server.client().get(server.url("/hello")).body == b"hello"
