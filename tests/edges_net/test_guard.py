"""Which addresses may be dialled; and that none of the others ever is, whatever leads there."""

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.edges.fetch import FetchFailed, Outgoing
from cuttings.edges.fetch.guard import refusal
from tests.edges_net.servers import fetcher, pages, public, reply, says

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"]
PRIVATE = [
    "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.5.5", "172.31.255.255", "192.168.1.1", "100.64.0.1",
    "192.0.0.8", "198.18.0.1", "192.0.2.5", "198.51.100.7", "203.0.113.9", "::1", "fc00::1", "fd12:3456::1", "fec0::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::7f00:1", "::ffff:7f00:1", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1",
    "64:ff9b:1::1", "2002:7f00:1::", "2002:c0a8:101::1", "2001:db8::1", "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "100::1",
]  # fmt: skip
NEVER = ["0.0.0.0", "::", "169.254.169.254", "fe80::1", "fe80::1%eth0", "224.0.0.1", "239.1.1.1", "ff02::1",
         "255.255.255.255", "240.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_the_web_may_be_dialled(address):
    assert refusal(address) is None


@pytest.mark.parametrize("address", [*PRIVATE, *NEVER, "localhost", "", "1.2.3", "999.1.1.1"])
def test_nothing_else_may(address):
    assert refusal(address)


@pytest.mark.parametrize("address", NEVER)
def test_some_not_even_with_permission(address):
    assert refusal(address, allow_private=True)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "192.168.0.7", "::1", "fd00::5", "::ffff:127.0.0.1"])
def test_an_intranet_may_be_allowed(address):
    assert refusal(address, allow_private=True) is None


@given(st.ip_addresses(v=4).map(str))
def test_an_ipv4_address_is_judged_alike_in_every_clothing(address):
    number = int(ipaddress.IPv4Address(address))
    clothed = [f"::ffff:{address}", f"64:ff9b::{address}", str(ipaddress.IPv6Address((0x2002 << 112) | (number << 80)))]
    if number > 1:
        clothed.append(str(ipaddress.IPv6Address(number)))
    assert {bool(refusal(other)) for other in clothed} == {bool(refusal(address))}


# ---------------------------------------------------------------- real requests, and a canary that counts

SPELLINGS = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "0x7f.0.0.0x1",
    "127.0.0.1.", "localhost", "LOCALHOST", "localhost.", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]", "127.127.127.127", "0", "0.0.0.0", "[::]", "%31%32%37.0.0.1", "１２７.0.0.1",
    "①②⑦.0.0.1", "127。0。0。1",
]  # fmt: skip


@pytest.fixture(scope="module")
def canary():
    with says(reply(b"<p>the inner page</p>"), robots=None) as server:
        yield server


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_reaches_loopback(canary, host):
    with fetcher() as made, pytest.raises(FetchFailed) as caught:
        made.get(f"http://{host}:{canary.port}/", pace_seconds=0)
    assert caught.value.kind in {"refused-address", "bad-address", "dns"}
    assert canary.connections == 0


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_redirect_reaches_loopback(canary, host):
    """The first host is public as far as the guard can see: its address is dialled through a back door of the test."""
    landing = reply(b"", "302 Found", Location=f"http://{host}:{canary.port}/")
    with says(landing) as site, public() as made, pytest.raises(FetchFailed) as caught:
        made.get(f"http://news.example:{site.port}/", pace_seconds=0)
    assert caught.value.kind in {"refused-address", "redirect", "dns"}
    assert canary.connections == 0


def test_the_back_door_works():
    with says(reply()) as site, public() as made:
        assert made.get(f"http://news.example:{site.port}/", pace_seconds=0).page.body == b"<p>words</p>"


def test_permission_is_for_the_host_that_was_asked_for(canary):
    with (
        says(reply(b"", "301 Moved", Location=f"http://127.0.0.1:{canary.port}/")) as site,
        fetcher() as made,
        pytest.raises(FetchFailed) as caught,
    ):
        made.get(site.base, allow_private=True, pace_seconds=0)
    assert caught.value.kind == "refused-address"
    assert "redirects" in caught.value.detail
    assert canary.connections == 0


def test_a_name_that_changes_its_address_is_caught(canary):
    """Rebinding: the name server says 'public' to the first question and loopback to every later one."""
    answers = [["93.184.216.34"]]
    turncoat = {"turncoat.example": lambda: answers.pop() if answers else ["127.0.0.1"]}
    with (
        says(reply()) as site,
        public(turncoat) as made,
        pytest.raises(FetchFailed) as caught,
    ):
        made.get(f"http://turncoat.example:{site.port}/", pace_seconds=0)
    assert caught.value.kind == "refused-address"
    assert [path for path, _ in site.seen] == ["/robots.txt"]
    assert canary.connections == 0


def test_of_a_mixed_answer_only_the_public_half_is_dialled(canary):
    with (
        says(reply()) as site,
        public({"mixed.example": lambda: ["127.0.0.1", "10.0.0.1", "93.184.216.34"]}) as made,
    ):
        made.get(f"http://mixed.example:{site.port}/", pace_seconds=0)
    assert canary.connections == 0


def test_a_pooled_private_connection_serves_nobody_else():
    with says(reply(Connection="keep-alive")) as site, fetcher() as made:
        made.get(site.base, allow_private=True, pace_seconds=0)
        with pytest.raises(FetchFailed) as caught:
            made.get(site.base, pace_seconds=0)
    assert caught.value.kind == "refused-address"


def test_robots_that_redirect_inside_are_not_followed(canary):
    moved = reply(b"", "301 Moved", Location=f"http://127.0.0.1:{canary.port}/robots.txt")
    with pages({"/": reply()}, robots=moved) as site, public() as made, pytest.raises(FetchFailed) as caught:
        made.get(f"http://news.example:{site.port}/", pace_seconds=0)
    assert caught.value.kind == "refused-address"
    assert canary.connections == 0
    assert site.paths() == []


# ---------------------------------------------------------------- behind a proxy


def proxied(proxy, resolver=None, **options):
    out = Outgoing(http=proxy.base, https=proxy.base)
    return fetcher(outgoing=out, **({"resolver": resolver} if resolver else {}), **options)


def unknown(host, _port):
    raise socket.gaierror(-2, f"{host} is not known here")


def test_a_page_comes_through_the_proxy_in_absolute_form():
    with says(reply(b"<p>by proxy</p>"), robots=None) as proxy, proxied(proxy, unknown) as made:
        page = made.get("http://news.example/a?b=1", pace_seconds=0).page
    assert page.body == b"<p>by proxy</p>"
    assert [path for path, _ in proxy.seen] == ["http://news.example/robots.txt", "http://news.example/a?b=1"]


@pytest.mark.parametrize(
    "host",
    ["10.1.2.3", "169.254.169.254", "192.168.1.1", "[fd00::1]", "0xa.1", "167772161", "intranet", "printer.local"],
)
def test_the_proxy_is_not_asked_for_the_inside(host):
    with says(reply(), robots=None) as proxy, proxied(proxy, unknown) as made, pytest.raises(FetchFailed) as caught:
        made.get(f"http://{host}/", pace_seconds=0)
    assert caught.value.kind == "refused-address"
    assert proxy.connections == 0


def test_a_name_that_leads_inside_is_seen_before_the_proxy_is_asked():
    with (
        says(reply(), robots=None) as proxy,
        proxied(proxy, lambda _host, _port: ["10.0.0.7"]) as made,
        pytest.raises(FetchFailed) as caught,
    ):
        made.get("http://wiki.example/", pace_seconds=0)
    assert caught.value.kind == "refused-address"
    assert proxy.connections == 0


def test_loopback_goes_past_the_proxy(canary):
    with says(reply(), robots=None) as proxy, says(reply(b"<p>here</p>")) as site, proxied(proxy) as made:
        assert made.get(site.base, allow_private=True, pace_seconds=0).page.body == b"<p>here</p>"
        with pytest.raises(FetchFailed):
            made.get(site.base, pace_seconds=0)
    assert proxy.connections == 0
    assert canary.connections == 0


def test_a_proxy_that_refuses_is_named():
    with (
        says(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", robots=None) as proxy,
        proxied(proxy, unknown) as made,
        pytest.raises(FetchFailed) as caught,
    ):
        made.get("https://news.example/", pace_seconds=0)
    assert caught.value.kind == "connect"
    assert "proxy" in caught.value.detail


def test_the_proxys_password_goes_to_the_proxy_alone():
    with says(reply(), robots=None) as proxy:
        out = Outgoing(http=f"http://council:pa55@127.0.0.1:{proxy.port}")
        with fetcher(outgoing=out, resolver=unknown) as made:
            made.get("http://news.example/", pace_seconds=0)
    assert all("Proxy-Authorization: Basic Y291bmNpbDpwYTU1" in head for _, head in proxy.seen)


@pytest.mark.parametrize(
    ("environment", "url", "proxy"),
    [
        ({"HTTPS_PROXY": "http://p:3128"}, "https://n.example/", "http://p:3128"),
        ({"HTTPS_PROXY": "http://p:3128"}, "http://n.example/", "http://p:3128"),
        ({"https_proxy": "p:3128"}, "https://n.example/", "http://p:3128"),
        ({"HTTP_PROXY": "http://h:1", "HTTPS_PROXY": "http://s:1"}, "http://n.example/", "http://h:1"),
        ({"ALL_PROXY": "http://p:3128"}, "https://n.example/", "http://p:3128"),
        ({}, "https://n.example/", None),
        ({"HTTPS_PROXY": " "}, "https://n.example/", None),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "n.example"}, "https://n.example/", None),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": ".n.example"}, "https://a.n.example/", None),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "*.n.example, x"}, "https://a.n.example/", None),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "n.example"}, "https://in.example/", "http://p"),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "10.0.0.0/8"}, "https://10.3.2.1/", None),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "10.0.0.0/8"}, "https://11.3.2.1/", "http://p"),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "*"}, "https://n.example/", None),
        ({"HTTPS_PROXY": "http://p"}, "http://127.0.0.1:8001/", None),
        ({"HTTPS_PROXY": "http://p"}, "http://localhost/", None),
    ],
)
def test_the_way_out_is_read_from_the_environment(environment, url, proxy):
    assert Outgoing.from_environment(environment).proxy_for(url) == proxy


def test_the_certificates_are_read_from_the_environment():
    assert Outgoing.from_environment({"REQUESTS_CA_BUNDLE": "/etc/ca.pem"}).ca_bundle == "/etc/ca.pem"
    assert Outgoing.from_environment({"SSL_CERT_FILE": "/etc/ca.pem"}).ca_bundle == "/etc/ca.pem"
    assert Outgoing.from_environment({}).ca_bundle is None
