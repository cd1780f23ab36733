"""The one way out: HTTP requests to addresses that strangers chose.

A credential names addresses that a verifier then fetches, so whoever writes a credential could make this machine knock
on doors inside its own network. The guard refuses everything but public addresses, and checks the address that is
really connected to, on every redirect. It knows nothing of Django, so that the command line uses it as well.

Source: OWASP, Server-Side Request Forgery Prevention Cheat Sheet; RFC 6890 (special-purpose addresses).
"""

from __future__ import annotations

import concurrent.futures
import ipaddress
import re
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import httpcore
import idna

MESSAGES: dict[str, str] = {
    "url-invalid": "“{url}” is no address that can be fetched.",
    "scheme-not-allowed": "“{url}” does not begin with https://. Only encrypted addresses are fetched.",
    "credentials-in-url": "The address holds a user name or password. Leave it out.",
    "port-not-allowed": "Port {port} of {host} is not among those that are fetched ({allowed}).",
    "name-not-resolved": "The name {host} is not known. Check its spelling, or try again later.",
    "address-not-public": "{host} is not on the public internet, so it is not fetched.",
    "connection-failed": "{host} does not answer. Try again later.",
    "tls-failed": "The encrypted connection to {host} could not be made: {reason}.",
    "too-slow": "{host} did not send everything within {limit} seconds. Try again later.",
    "too-large": "{host} sent more than {limit} bytes, so it was not read further.",
    "too-many-redirects": "The address leads on to other addresses more than {limit} times.",
    "redirect-downgrade": "{host} leads on from https:// to http://, which is not followed.",
    "redirect-invalid": "{host} leads on to an address that cannot be fetched.",
    "encoding-not-supported": "{host} sent its answer in a compression that is not read.",
    "answer-invalid": "{host} sent something that is no valid HTTP answer.",
}

MAX_URL_CHARACTERS = 2_048
MAX_REDIRECTS = 3
_PORTS = frozenset({443, 8443})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?")

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address
type Resolver = Callable[[str, int], Iterable[str]]

# Carry an IPv4 address inside an IPv6 one, or are local in ways that `is_global` does not know in every Python.
_GLOBAL_6 = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_NEVER_6 = tuple(ipaddress.IPv6Network(one) for one in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
_NEVER_4 = tuple(
    ipaddress.IPv4Network(one)
    for one in ("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
                "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
                "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32")
)  # fmt: skip


class OutboundRefused(Exception):
    """The address is not fetched, or what came back is not taken."""

    def __init__(self, code: str, **params: object) -> None:
        """This will keep the code and what its sentence names."""
        super().__init__(code)
        self.code = code
        self.params = {name: str(value)[:200] for name, value in params.items()}

    def __str__(self) -> str:
        """This will give the English sentence."""
        return MESSAGES[self.code].format(**self.params)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `url` is where it came from after redirects."""

    status: int
    media_type: str
    body: bytes
    url: str


def is_public(address: str) -> bool:
    """This will tell whether an IP address belongs to the public internet and to nothing else.

    Source: IANA special-purpose address registries (RFC 6890); RFC 6052 (NAT64); RFC 5214 (ISATAP).
    """
    try:
        found: Address = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if found in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
        # ISATAP: the interface part is 0000:5efe or 0200:5efe followed by an IPv4 address.
        if (int(found) >> 32) & 0xFDFFFFFF == 0x00005EFE:
            return False
        return found in _GLOBAL_6 and found.is_global and not any(found in network for network in _NEVER_6)
    return found.is_global and not any(found in network for network in _NEVER_4)


def system_resolver(host: str, port: int) -> list[str]:
    """This will ask the operating system for the addresses of a name."""
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class _Target:
    scheme: str
    host: str
    port: int
    path: str
    is_named: bool

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port == (443 if self.scheme == "https" else 80)
        return f"{self.scheme}://{host}{'' if usual else f':{self.port}'}{self.path}"


class Outbound:
    """A guarded HTTP client. One may be kept and used by several threads; it holds no connection open."""

    def __init__(
        self,
        allow: Collection[str] = frozenset(),
        *,
        resolver: Resolver = system_resolver,
        ssl_context: ssl.SSLContext | None = None,
        user_agent: str = "OpenMCX",
    ) -> None:
        """This will prepare a client.

        `allow` holds ``host:port`` of hosts that may be called although they are local, also over plain http.
        """
        self._allow = frozenset(one.lower() for one in allow)
        self._resolver = resolver
        self._ssl_context = ssl_context
        self._user_agent = user_agent

    def get(
        self, url: str, *, accept: str = "*/*", max_bytes: int = 1_000_000, timeout_seconds: float = 10.0
    ) -> Answer:
        """This will fetch the address, following a few redirects, within the time for everything together.

        Units: `max_bytes` counts the bytes after decompression.
        Raises: OutboundRefused.
        """
        deadline = _Deadline(timeout_seconds)
        target = self._target(url)
        for _ in range(MAX_REDIRECTS + 1):
            status, headers, body = self._once(target, accept, max_bytes, deadline)
            location = headers.get("location")
            if status not in _REDIRECTS or location is None:
                media_type = headers.get("content-type", "").split(";")[0].strip().lower()
                return Answer(status, media_type, body, target.url)
            target = self._follow(target, location)
        raise OutboundRefused("too-many-redirects", limit=MAX_REDIRECTS)

    def _follow(self, before: _Target, location: str) -> _Target:
        try:
            target = self._target(urljoin(before.url, location))
        except ValueError:
            raise OutboundRefused("redirect-invalid", host=before.host) from None
        if before.scheme == "https" and target.scheme == "http":
            raise OutboundRefused("redirect-downgrade", host=before.host)
        return target

    def _target(self, url: str) -> _Target:
        shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in url)
        if len(url) > MAX_URL_CHARACTERS or shown != url or "\\" in url or " " in url:
            raise OutboundRefused("url-invalid", url=shown)
        try:
            parts = urlsplit(url)
            host, given_port = (parts.hostname or "").lower(), parts.port
        except ValueError:
            raise OutboundRefused("url-invalid", url=shown) from None
        if parts.scheme not in {"http", "https"}:
            raise OutboundRefused("scheme-not-allowed", url=shown)
        if parts.username is not None or parts.password is not None:
            raise OutboundRefused("credentials-in-url")
        host = _ascii_host(host)
        if not host or given_port == 0:
            raise OutboundRefused("url-invalid", url=shown)
        port = given_port or (443 if parts.scheme == "https" else 80)
        is_named = (f"[{host}]:{port}" if ":" in host else f"{host}:{port}") in self._allow
        if not is_named:
            if parts.scheme != "https":
                raise OutboundRefused("scheme-not-allowed", url=shown)
            if port not in _PORTS:
                allowed = ", ".join(str(one) for one in sorted(_PORTS))
                raise OutboundRefused("port-not-allowed", host=host, port=port, allowed=allowed)
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        if parts.query:
            path += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
        return _Target(parts.scheme, host, port, path, is_named)

    def _once(
        self, target: _Target, accept: str, max_bytes: int, deadline: _Deadline
    ) -> tuple[int, dict[str, str], bytes]:
        backend = _GuardedBackend(target, self._resolver, deadline)
        host = f"[{target.host}]" if ":" in target.host else target.host
        usual = target.port == (443 if target.scheme == "https" else 80)
        headers = [
            (b"Host", (host if usual else f"{host}:{target.port}").encode()),
            (b"Accept", accept.encode()),
            (b"Accept-Encoding", b"gzip"),
            (b"User-Agent", self._user_agent.encode()),
            (b"Connection", b"close"),
        ]
        context = self._ssl_context or (ssl.create_default_context() if target.scheme == "https" else None)
        url = httpcore.URL(
            scheme=target.scheme.encode(), host=target.host.encode(), port=target.port, target=target.path.encode()
        )
        try:
            with (
                httpcore.ConnectionPool(ssl_context=context, network_backend=backend, retries=0) as pool,
                pool.stream("GET", url, headers=headers) as response,
            ):
                found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
                if response.status in _REDIRECTS and "location" in found:
                    return response.status, found, b""
                body = _read(response.iter_stream(), found.get("content-encoding", ""), max_bytes, target.host)
                return response.status, found, body
        except OutboundRefused:
            raise
        except httpcore.TimeoutException:
            raise OutboundRefused("too-slow", host=target.host, limit=f"{deadline.seconds:g}") from None
        except httpcore.ConnectError as error:
            cause = error.__cause__ or error.__context__
            if isinstance(cause, ssl.SSLError) or "certificate" in str(error).lower() or "ssl" in str(error).lower():
                reason = getattr(cause, "verify_message", "") or getattr(cause, "reason", "") or "it is not valid"
                raise OutboundRefused("tls-failed", host=target.host, reason=reason) from None
            raise OutboundRefused("connection-failed", host=target.host) from None
        except (httpcore.ProtocolError, ValueError, zlib.error):
            raise OutboundRefused("answer-invalid", host=target.host) from None
        except (httpcore.NetworkError, OSError):
            raise OutboundRefused("connection-failed", host=target.host) from None


def _ascii_host(host: str) -> str:
    """Give the host as it is asked for in the DNS, or "" when it is no host."""
    if ":" in host:
        try:
            return "" if "%" in host else str(ipaddress.IPv6Address(host))
        except ValueError:
            return ""
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode()
        except idna.IDNAError:
            return ""
    return host if len(host) <= 253 and _HOST.fullmatch(host) else ""


def _read(chunks: Iterable[bytes], encoding: str, max_bytes: int, host: str) -> bytes:
    """Read no more than allowed, before and after decompression."""
    encoding = encoding.strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        raise OutboundRefused("encoding-not-supported", host=host)
    too_large = OutboundRefused("too-large", host=host, limit=max_bytes)
    unpacker = zlib.decompressobj(wbits=31) if encoding.endswith("gzip") else None
    body = bytearray()
    for chunk in chunks:
        data = chunk
        if unpacker is not None:
            if unpacker.eof:
                raise OutboundRefused("answer-invalid", host=host)
            data = unpacker.decompress(chunk, max_bytes - len(body) + 1)
        body += data
        if len(body) > max_bytes:
            raise too_large
    if unpacker is not None and not unpacker.eof:
        raise OutboundRefused("answer-invalid", host=host)
    return bytes(body)


class _Deadline:
    """One time for everything: resolving, connecting, the handshake, and each byte."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time is over")
        return left


class _GuardedBackend(httpcore.NetworkBackend):
    """Connects to addresses that were checked, and to no other."""

    def __init__(self, target: _Target, resolver: Resolver, deadline: _Deadline) -> None:
        self._target = target
        self._resolver = resolver
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        """This will resolve, check and connect; the name is not resolved a second time."""
        failure: Exception | None = None
        for address in self._addresses(host, port):
            try:
                inner = self._inner.connect_tcp(address, port, timeout=min(self._deadline.left(), 5.0))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            return _Stream(inner, self._deadline)
        raise failure or OutboundRefused("connection-failed", host=host)

    def connect_unix_socket(self, path: str, timeout: float | None = None, socket_options: Any = None) -> Any:
        """This will refuse."""
        raise OutboundRefused("address-not-public", host="a local socket")

    def _addresses(self, host: str, port: int) -> list[str]:
        # In a thread, since the operating system's resolver knows no time-out.
        pool = concurrent.futures.ThreadPoolExecutor(max_workers=1, thread_name_prefix="resolve")
        try:
            found = list(pool.submit(lambda: list(self._resolver(host, port))).result(self._deadline.left()))
        except TimeoutError:
            raise httpcore.ConnectTimeout("the name is resolved too slowly") from None
        except (OSError, UnicodeError):
            raise OutboundRefused("name-not-resolved", host=host) from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        if not found:
            raise OutboundRefused("name-not-resolved", host=host)
        # One address that is not public spoils all: a name that points both ways is a trap.
        if not self._target.is_named and not all(is_public(address) for address in found):
            raise OutboundRefused("address-not-public", host=host)
        return list(dict.fromkeys(found))[:4]


class _Stream(httpcore.NetworkStream):
    """A connection whose every step is held to the one deadline."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, timeout=self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, timeout=self._deadline.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, timeout=self._deadline.left())
        return _Stream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
