"""The guard: which addresses a runner may give, and that the address connected to is the address checked."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from itertools import count

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.addresses import GuardedTransport, Refused, check_url, is_public
from tests.integrations.channels.servers import HttpReceiver, Servers, Tls


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "https://example.org/hook?token=abc#part",
        "https://EXAMPLE.org:8443/hook",
        "https://example.org./hook",
        "https://läufer.example/hook",
        "https://sub_domain.example.org/",
        "https://8.8.8.8/hook",
        "https://[2606:4700::1111]/hook",
    ],
)
def test_a_public_https_address_is_taken_as_it_is(url: str) -> None:
    assert check_url(f" {url}\n") == url


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1.",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "017700000001",
        "0",
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.168.178.1",
        "198.18.0.1",
        "203.0.113.7",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "[::]",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::10.0.0.1]",
        "[64:ff9b:1::1]",
        "[2002:7f00:1::]",
        "[2001:0:1::1]",
        "[2001:db8::1]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "[fec0::1]",
        "[ff02::1]",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "app.localhost",
        "nas",
        "nas.local",
        "metadata.google.internal",
        "box.home.arpa",
    ],
)
def test_an_address_at_home_or_of_the_machine_is_refused_with_the_way_out(host: str) -> None:
    with pytest.raises(Refused, match=r"AFTERRUN_LOCAL_TARGETS=.+:8443") as raised:
        check_url(f"https://{host}:8443/hook")
    assert raised.value.reason == "private"


@pytest.mark.parametrize("url", ["http://example.org/hook", "HTTP://example.org:8080"])
def test_an_address_without_https_is_refused_with_the_way_out(url: str) -> None:
    with pytest.raises(Refused, match=r"https://.*AFTERRUN_LOCAL_TARGETS=example\.org:80") as raised:
        check_url(url)
    assert raised.value.reason == "http"


@pytest.mark.parametrize(
    "url", ["https://user:sesame@example.org", "https://sesame@example.org", "https://example.com\\@127.0.0.1/"]
)
def test_an_address_with_a_login_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(Refused, match="user name and password") as raised:
        check_url(url, {"example.org", "127.0.0.1"})
    assert raised.value.reason == "login"
    assert "sesame" not in str(raised.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org/hook",
        "//example.org",
        "https://",
        "https:///hook",
        "https:example.org",
        "ftp://example.org",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://exa mple.org",
        "https://exam\nple.org",
        "https://%6c%6f%63alhost",
        "https://１２７.０.０.１",
        "https://ⓛocalhost",
        "https://0177.0.0.1",
        "https://999.1.1.1",
        "https://example.org\\.evil.example",
        "https://example.org:0",
        "https://example.org:99999",
        "https://example.org:port",
        "https://[::1",
        "https://[fe80::1%25eth0]/",
        "https://xn--/",
        "https://-",
        "https://.",
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        check_url(url)


@settings(deadline=None, derandomize=True)
@given(st.text())
def test_any_text_is_taken_or_refused_and_nothing_else(text: str) -> None:
    for url in (text, f"https://{text}"):
        with contextlib.suppress(Refused):
            assert check_url(url) == url.strip()


@pytest.mark.parametrize("url", ["http://nas.local:8080/x", "https://nas.local:8080", "http://NAS.local:8080"])
def test_a_target_the_operator_allows_may_be_private_and_plain(url: str) -> None:
    assert check_url(url, {"nas.local:8080"}) == url
    assert check_url(url, {"NAS.local"}) == url


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://nas.local/x", "nas.local:80"),
        ("https://nas.local/x", "nas.local:443"),
        ("http://[::1]:8080", "::1"),
        ("http://[::1]:8080", "[::1]"),
        ("http://[::1]:8080", "[::1]:8080"),
        ("http://127.0.0.1:8080", "127.0.0.1:8080"),
    ],
)
def test_an_allowed_target_is_named_as_in_its_address(url: str, target: str) -> None:
    assert check_url(url, {target}) == url


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://nas.local:8081", "nas.local:8080"),
        ("http://box.nas.local:8080", "nas.local"),
        ("http://2130706433:8080", "127.0.0.1:8080"),
        ("http://127.0.0.2", "127.0.0.1"),
        ("http://nas.local.example.org", "nas.local"),
    ],
)
def test_an_allowed_target_allows_no_other(url: str, target: str) -> None:
    with pytest.raises(Refused):
        check_url(url, {target})


@settings(derandomize=True)
@given(st.ip_addresses())
def test_no_address_python_calls_special_is_public(ip: IPv4Address | IPv6Address) -> None:
    if ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_reserved or ip.is_unspecified:
        inner = isinstance(ip, IPv6Address) and (ip.ipv4_mapped or (int(ip) >> 32) == 0x64FF9B << 64)
        assert inner or not is_public(ip)


@settings(derandomize=True)
@given(st.ip_addresses(v=4))
def test_an_ipv4_address_inside_an_ipv6_one_is_judged_by_itself(ip: IPv4Address) -> None:
    assert is_public(f"::ffff:{ip}") == is_public(f"64:ff9b::{ip}") == is_public(ip)


class Names:
    """A resolver that gives one answer after another, and counts how often it was asked."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = answers
        self.asked = 0

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked += 1
        return self.answers[min(self.asked, len(self.answers)) - 1]


def post(url: str, transport: httpx.BaseTransport) -> httpx.Response:
    with httpx.Client(transport=transport, trust_env=False) as client:
        return client.post(url, content=b"{}")


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::ffff:192.168.1.1"], ["fe80::1%eth0"]]
)
def test_a_public_name_that_leads_home_is_not_connected_to(receiver: HttpReceiver, addresses: list[str]) -> None:
    with pytest.raises(Refused, match=r"AFTERRUN_LOCAL_TARGETS=hooks\.example\.org"):
        post(f"https://hooks.example.org:{receiver.port}", GuardedTransport(resolver=Names(addresses)))
    assert receiver.requests == []


def test_a_name_that_changes_its_mind_is_asked_once_and_held_to_its_word(servers: Servers, tls: Tls) -> None:
    names = Names(["198.51.100.1"], ["127.0.0.1"])
    with pytest.raises(Refused):
        post("https://hooks.example.org", GuardedTransport(resolver=names, tls=tls.client))
    assert names.asked == 1


def test_the_name_is_kept_for_the_certificate_and_the_host_header(servers: Servers, tls: Tls) -> None:
    receiver = servers.http(tls.server)
    where = f"hooks.example.org:{receiver.port}"
    answer = post(f"https://{where}/x", GuardedTransport({where}, resolver=Names(["127.0.0.1"]), tls=tls.client))
    assert answer.status_code == 200
    assert receiver.requests[0][1]["host"] == where


def test_a_certificate_for_another_name_is_not_accepted(servers: Servers, tls: Tls) -> None:
    receiver = servers.http(tls.server)
    where = f"other.example.org:{receiver.port}"
    with pytest.raises(httpx.ConnectError, match="certificate"):
        post(f"https://{where}", GuardedTransport({where}, resolver=Names(["127.0.0.1"]), tls=tls.client))
    assert receiver.requests == []


def test_the_next_address_of_a_name_is_tried_when_the_first_is_down(receiver: HttpReceiver) -> None:
    where = f"hooks.example.org:{receiver.port}"
    transport = GuardedTransport({where}, resolver=Names(["::1", "127.0.0.1"]))
    assert post(f"http://{where}", transport).status_code == 200


def test_a_redirect_home_is_refused_like_any_address(receiver: HttpReceiver) -> None:
    receiver.status, receiver.headers = 307, {"location": "http://169.254.169.254/latest"}
    where = f"127.0.0.1:{receiver.port}"
    with (
        httpx.Client(transport=GuardedTransport({where}), follow_redirects=True) as client,
        pytest.raises(Refused),
    ):
        client.post(f"http://{where}")


def test_a_proxy_of_the_environment_is_not_used(receiver: HttpReceiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    where = f"127.0.0.1:{receiver.port}"
    assert post(f"http://{where}", GuardedTransport({where})).status_code == 200


@pytest.mark.parametrize("failure", [socket.gaierror(-2, "Name or service not known"), UnicodeError("label too long")])
def test_a_name_without_an_address_is_a_failed_connection(failure: Exception) -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise failure

    with pytest.raises(httpx.ConnectError, match="has no address"):
        post("https://hooks.example.org", GuardedTransport(resolver=unknown))


def test_a_name_with_an_empty_answer_is_a_failed_connection() -> None:
    with pytest.raises(httpx.ConnectError, match="has no address"):
        post("https://hooks.example.org", GuardedTransport(resolver=Names([])))


def seconds() -> Iterator[float]:
    """A clock on which a second passes whenever it is looked at."""
    return map(float, count())


def test_a_receiver_that_drips_its_answer_is_left_when_the_time_is_over(servers: Servers) -> None:
    def drip(peer: socket.socket) -> None:
        peer.recv(4096)
        for byte in b"HTTP/1.1 200 OK\r\nx: " + b"y" * 1000:
            peer.sendall(bytes([byte]))
        peer.recv(1)

    where = f"127.0.0.1:{servers.tcp(drip)}"
    clock = seconds()
    transport = GuardedTransport({where}, limit_s=4, monotonic=lambda: next(clock))
    with pytest.raises(httpx.TimeoutException):
        post(f"http://{where}", transport)


def test_the_time_runs_on_under_tls(servers: Servers, tls: Tls) -> None:
    where = f"127.0.0.1:{servers.http(tls.server).port}"
    clock = seconds()
    transport = GuardedTransport({where}, tls=tls.client, limit_s=3, monotonic=lambda: next(clock))
    with pytest.raises(httpx.TimeoutException):
        post(f"https://{where}", transport)


def test_a_plain_http_address_is_not_even_looked_up() -> None:
    names = Names(["8.8.8.8"])
    with pytest.raises(Refused, match="https://"):
        post("http://hooks.example.org", GuardedTransport(resolver=names))
    assert names.asked == 0
