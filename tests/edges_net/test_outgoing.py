"""The deployer's way out: which variable counts, and what is reached without the proxy."""

import pytest

from cuttings.edges.fetch import Outgoing
from cuttings.edges.fetch.outgoing import numeric

PROXY = "http://proxy.council.example:8080"


def test_without_variables_there_is_no_proxy():
    assert Outgoing.from_environment({}) == Outgoing()


@pytest.mark.parametrize("name", ["ALL_PROXY", "all_proxy"])
def test_one_proxy_for_everything(name):
    assert Outgoing.from_environment({name: PROXY}) == Outgoing(http=PROXY, https=PROXY)


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy"])
def test_the_secure_one_serves_plain_addresses_too(name):
    assert Outgoing.from_environment({name: PROXY}) == Outgoing(http=PROXY, https=PROXY)


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy"])
def test_the_plain_one_serves_plain_addresses_alone(name):
    assert Outgoing.from_environment({name: PROXY}) == Outgoing(http=PROXY)


def test_the_nearer_name_wins_and_small_letters_before_capitals():
    found = Outgoing.from_environment({"HTTP_PROXY": "a", "http_proxy": " b ", "ALL_PROXY": "c", "https_proxy": " "})
    assert found == Outgoing(http="b", https="c")


def test_everything_for_all_where_plain_has_none():
    assert Outgoing.from_environment({"ALL_PROXY": "c", "HTTPS_PROXY": "d"}) == Outgoing(http="c", https="d")


def test_hosts_without_a_proxy_are_a_list_with_commas():
    found = Outgoing.from_environment({"NO_PROXY": " intranet , ,10.0.0.0/8,"})
    assert found == Outgoing(no_proxy=("intranet", "10.0.0.0/8"))


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "ssl_cert_file"])
def test_certificates_have_three_names(name):
    assert Outgoing.from_environment({name: "/etc/ca.pem"}) == Outgoing(ca_bundle="/etc/ca.pem")


def test_of_the_three_the_nearest_to_requests_wins():
    names = ("SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE")
    for n in range(1, 4):
        assert Outgoing.from_environment({name: name for name in names[:n]}).ca_bundle == names[n - 1]


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("[fe80::1%eth0]", "fe80::1"),
        ("[fe80::1%25eth0]", "fe80::1"),
        ("0x7f.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("10.1", "10.0.0.1"),
        ("news.example", None),
        ("intranet", None),
        ("", None),
    ],
)
def test_an_address_in_figures(host, address):
    assert numeric(host) == address


@pytest.mark.parametrize(
    ("entry", "address"),
    [
        ("*", "https://news.example/"),
        ("news.example", "https://news.example/"),
        ("NEWS.example", "https://news.example/"),
        ("example", "https://news.example/"),
        (".example", "https://news.example/"),
        ("*.example", "https://news.example/"),
        ("news.example:443", "https://news.example/"),
        ("10.0.0.0/8", "https://10.1.2.3/"),
        ("10.0.0.5/8", "https://10.1.2.3/"),  # as people write it: an address of that network
        ("10.1.2.3", "https://0xa010203/"),
        ("fd00::/8", "https://[fd00::5]/"),
    ],
)
def test_what_is_reached_without_the_proxy(entry, address):
    assert Outgoing(https=PROXY, no_proxy=("other.example", entry)).proxy_for(address) is None


@pytest.mark.parametrize(
    ("entry", "address"),
    [
        ("", "https://news.example/"),
        ("*.", "https://news.example/"),
        ("ews.example", "https://news.example/"),
        ("news.example.org", "https://news.example/"),
        ("XX", "https://news.example/"),
        ("intranet", "https://10.1.2.3/"),
        ("10.0.0.0/8", "https://11.1.2.3/"),
        ("10.0.0.0/8", "https://news.example/"),
        ("10.0.0.0/8", "https://[fd00::5]/"),
    ],
)
def test_what_is_not(entry, address):
    assert Outgoing(https=PROXY, no_proxy=(entry,)).proxy_for(address) == PROXY


@pytest.mark.parametrize("address", ["http://localhost:4200/", "http://127.0.0.1/", "http://[::1]/", "http://127.1/"])
def test_this_machine_is_never_asked_of_the_proxy(address):
    assert Outgoing(http=PROXY, https=PROXY).proxy_for(address) is None


def test_each_scheme_its_own():
    out = Outgoing(http="http://plain.example:1", https="http://secure.example:2")
    assert out.proxy_for("http://news.example/") == "http://plain.example:1"
    assert out.proxy_for("https://news.example/") == "http://secure.example:2"
    assert Outgoing(http=PROXY).proxy_for("https://news.example/") is None


def test_a_proxy_without_a_scheme_is_http():
    assert Outgoing(http="proxy.council.example:8080").proxy_for("http://news.example/") == PROXY
