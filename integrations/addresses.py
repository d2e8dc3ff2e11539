"""The guard before every address a runner gives us: https, on the public internet, checked again when connecting."""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Callable, Collection, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Literal

import httpcore
import httpx

#: Turns a host name into the addresses it stands for now. Raises OSError if it stands for none.
Resolver = Callable[[str, int], list[str]]

#: Seconds one exchange may take in all, however slowly the other side drips.
EXCHANGE_LIMIT_S = 15.0

#: A host with several addresses is tried this often; they share the time of one.
TRIED_ADDRESSES = 3

# The special-purpose registries of IANA, written out because Python's own lists differ between patch releases.
NOT_PUBLIC_V4 = tuple(
    ip_network(block)
    for block in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers, and metadata of one cloud
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # metadata of one cloud, though in public space
        "169.254.0.0/16",  # link-local, metadata of most clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments, metadata of one cloud
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
PUBLIC_V6 = ip_network("2000::/3")
NOT_PUBLIC_V6 = tuple(
    ip_network(block)
    for block in (
        "2001::/23",  # protocol assignments, Teredo
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which hides an IPv4 address
        "3fff::/20",  # documentation
    )
)
NAT64 = ip_network("64:ff9b::/96")

LOCAL_NAMES = ("localhost", "local", "internal", "home.arpa")
HOST_NAME = re.compile(r"[a-z0-9_]([a-z0-9._-]{0,251}[a-z0-9_])?\.?")


class Refused(ValueError):
    """An address that is not used. The message says what to do; `reason` tells the cases apart for translation."""

    def __init__(self, reason: Literal["malformed", "login", "http", "private"], message: str) -> None:
        super().__init__(message)
        self.reason = reason


def check_url(url: str, local_targets: Collection[str] = ()) -> str:
    """Return `url` without surrounding space, or raise `Refused`. Looks nothing up: names are judged when connecting.

    `local_targets` holds `host` or `host:port` entries that may be private and plain http.
    """
    parsed = _parse(url.strip())
    host, port = parsed.host.lower(), _port(parsed)
    if parsed.userinfo:
        raise Refused("login", "Leave out the user name and password before the @ sign.")
    if is_local_target(host, port, local_targets):
        return url.strip()
    if parsed.scheme != "https":
        raise Refused("http", f"The address has to start with https://. {_way_out(host, port)}")
    if _is_local_name(host) or not _is_public_literal(host):
        raise Refused("private", _private(host, port))
    return url.strip()


def is_local_target(host: str, port: int, local_targets: Collection[str]) -> bool:
    """Has the operator allowed exactly this host, or this host with this port?"""
    spelt = f"[{host}]" if ":" in host else host
    return not {host, spelt, f"{spelt}:{port}"}.isdisjoint(target.lower() for target in local_targets)


def is_public(address: str | IPv4Address | IPv6Address) -> bool:
    """Does this IP address lie on the public internet? An IPv4 address inside an IPv6 one is judged by itself."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        inner = _ipv4_inside(ip)
        if inner is None:
            return ip in PUBLIC_V6 and not any(ip in block for block in NOT_PUBLIC_V6)
        ip = inner
    return not any(ip in block for block in NOT_PUBLIC_V4)


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host by the system's resolver, in its order, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedTransport(httpx.HTTPTransport):
    """An httpx transport that connects to public addresses only, and only by https; local targets excepted.

    The name is resolved once and the very addresses checked are connected to, so a name that changes its mind
    between check and use gains nothing. Raises `Refused` besides httpx's own errors. Proxies are not used.
    """

    def __init__(
        self,
        local_targets: Collection[str] = (),
        *,
        tls: ssl.SSLContext | None = None,
        resolver: Resolver = resolve,
        limit_s: float = EXCHANGE_LIMIT_S,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        tls = tls or httpx.create_ssl_context()
        super().__init__(verify=tls, trust_env=False)
        self._local_targets = local_targets
        # httpx cannot be given a network backend, so its pool is replaced; closing it first fails aloud should
        # a later httpx keep its pool elsewhere.
        self._pool.close()
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls,
            max_keepalive_connections=0,
            network_backend=_GuardedBackend(local_targets, resolver, limit_s, monotonic),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        check_url(str(request.url), self._local_targets)
        return super().handle_request(request)


class _GuardedBackend(httpcore.NetworkBackend):
    """Opens connections to checked addresses; TLS and the Host header still carry the name."""

    def __init__(
        self, local_targets: Collection[str], resolver: Resolver, limit_s: float, monotonic: Callable[[], float]
    ) -> None:
        self._local_targets = local_targets
        self._resolver = resolver
        self._limit_s = limit_s
        self._monotonic = monotonic
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        deadline = self._monotonic() + self._limit_s
        addresses = self._checked_addresses(host, port)[:TRIED_ADDRESSES]
        share = min(timeout or self._limit_s, self._limit_s) / len(addresses)
        stream = self._connect_first(addresses, port, share)
        return _TimedStream(stream, deadline, self._monotonic)

    def _checked_addresses(self, host: str, port: int) -> list[str]:
        try:
            addresses = self._resolver(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} has no address: {error}") from error
        if not addresses:
            raise httpcore.ConnectError(f"{host} has no address")
        if not is_local_target(host.lower(), port, self._local_targets) and not all(map(is_public, addresses)):
            raise Refused("private", _private(host, port))
        return addresses

    def _connect_first(self, addresses: list[str], port: int, timeout: float) -> httpcore.NetworkStream:
        for address in addresses[:-1]:
            try:
                return self._network.connect_tcp(address, port, timeout)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._network.connect_tcp(addresses[-1], port, timeout)


class _TimedStream(httpcore.NetworkStream):
    """A connection whose reads and writes together end at a deadline: a dripping receiver holds no thread."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float, monotonic: Callable[[], float]) -> None:
        self._stream = stream
        self._deadline = deadline
        self._monotonic = monotonic

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout, httpcore.WriteTimeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._left(timeout, httpcore.ConnectTimeout)
        secured = self._stream.start_tls(ssl_context, server_hostname, left)
        return _TimedStream(secured, self._deadline, self._monotonic)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _left(self, timeout: float | None, expired: type[httpcore.TimeoutException]) -> float:
        left = self._deadline - self._monotonic()
        if left <= 0:
            raise expired("the time for the whole exchange is over")
        return left if timeout is None else min(left, timeout)


def _parse(url: str) -> httpx.URL:
    """Read the address with the parser that will connect, so both see the same host."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        raise _malformed() from None
    if parsed.scheme not in ("http", "https") or not 0 < _port(parsed) <= 65535 or not _is_host(parsed):
        raise _malformed()
    return parsed


def _is_host(url: httpx.URL) -> bool:
    host = url.raw_host.decode("ascii").lower()
    return _literal(host) is not None or HOST_NAME.fullmatch(host) is not None


def _port(url: httpx.URL) -> int:
    if url.port is not None:
        return url.port
    return 443 if url.scheme == "https" else 80


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    """The address a host spells out, also in the forms only old C libraries read (127.1, 0x7f000001, 2130706433)."""
    try:
        return ip_address(host)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host.rstrip(".")))
    except (OSError, UnicodeError):
        return None


def _is_public_literal(host: str) -> bool:
    literal = _literal(host)
    return literal is None or is_public(literal)


def _is_local_name(host: str) -> bool:
    name = host.rstrip(".")
    if _literal(host) is not None:
        return False
    return "." not in name or any(name == local or name.endswith(f".{local}") for local in LOCAL_NAMES)


def _ipv4_inside(ip: IPv6Address) -> IPv4Address | None:
    if ip in NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped


def _malformed() -> Refused:
    return Refused("malformed", "This is not a web address. Write it in full, for example https://example.org/hook.")


def _private(host: str, port: int) -> str:
    return f"{host} does not lie on the public internet, so no message is sent there. {_way_out(host, port)}"


def _way_out(host: str, port: int) -> str:
    spelt = f"[{host}]" if ":" in host else host
    return f"For a target of your own, the operator can allow it: AFTERRUN_LOCAL_TARGETS={spelt}:{port}"
