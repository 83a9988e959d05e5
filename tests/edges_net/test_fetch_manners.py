"""What a request is like when all goes well: redirects, conditional requests, robots, politeness, who we say we are."""

import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from cuttings.edges.fetch import Fetched, Fetcher, FetchFailed, NotModified, Outgoing, user_agent
from cuttings.edges.fetch.politeness import FALLBACK, LONGEST_AWAY, retry_after
from cuttings.edges.fetch.robots import parsed
from cuttings.settings import Source
from tests.edges_net.servers import Clock, Raw, Secure, failure, fetcher, get, pages, public, reply, says


def to(location, status="302 Found", **headers):
    return reply(b"", status, Location=location, **headers)


def headers_of(site, path="/"):
    return next(head for seen, head in site.seen if seen == path)


# ---------------------------------------------------------------- a plain page


def test_a_page_arrives_with_what_is_known_of_it():
    clock = Clock()
    answer = reply(
        "<p>café</p>".encode("cp1252"),
        Content_Type="text/html; charset=windows-1252",
        ETag='"v1"',
        Last_Modified="Mon, 02 Mar 2026 08:00:00 GMT",
    )
    with says(answer) as site:
        result = get(f"{site.base}/a?utm_source=x#top", clock, family="umbraco")
    assert isinstance(result, Fetched)
    assert result.final_url == result.page.url == f"{site.base}/a?utm_source=x"
    assert result.page.body == "<p>café</p>".encode("cp1252")
    assert result.page.media_type == "text/html; charset=windows-1252"
    assert (result.page.family, result.page.status, result.page.fetched_at) == ("umbraco", 200, clock.started)
    assert (result.etag, result.last_modified) == ('"v1"', "Mon, 02 Mar 2026 08:00:00 GMT")
    assert result.redirects == ()


def test_we_say_who_we_are_and_what_we_can_read():
    with says(reply()) as site:
        get(site.base)
        head = headers_of(site)
    assert "User-Agent: Cuttings/" in head
    assert "mailto:policy@council.example" in head
    assert "Accept-Encoding: gzip, deflate, br\r\n" in head
    assert "Cookie" not in head
    assert "Authorization" not in head


@pytest.mark.parametrize("contact", ["a@b.example\r\nX-Evil: 1", "ä@b.example", "a\x00@b.example"])
def test_a_contact_that_fits_no_header_is_refused(contact):
    with pytest.raises(ValueError, match="contact"):
        user_agent(contact)


def test_the_environment_is_not_looked_at(monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login jo password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with says(reply()) as site:
        assert isinstance(get(site.base), Fetched)
        assert "Authorization" not in headers_of(site)


@pytest.mark.parametrize(
    "url", ["ftp://n.example/", "file:///etc/passwd", "", "n.example", "http://", "http://n.example/" + "a" * 5000]
)
def test_what_is_no_address_is_not_asked_for(url):
    assert failure(url).kind == "bad-address"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("400 Bad", "status-4xx"), ("401 Login", "status-4xx"), ("403 No", "status-4xx"), ("404 Gone", "missing"),
        ("410 Gone", "missing"), ("451 Law", "status-4xx"), ("500 Fault", "status-5xx"), ("502 Bad", "status-5xx"),
        ("504 Late", "status-5xx"), ("300 Many", "status-3xx"), ("305 Proxy", "status-3xx"), ("999 Odd", "status-odd"),
        ("201 Made", "bad-content"),
    ],
)  # fmt: skip
def test_statuses(status, kind):
    with says(reply(b"<p>words</p>", status)) as site:
        failed = failure(site.base)
    assert failed.kind == kind
    assert failed.status == int(status[:3])
    assert failed.detail.endswith(".")


# ---------------------------------------------------------------- redirects


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
def test_redirects_are_followed(status):
    with pages({"/old": to("/new?x=1", status), "/new?x=1": reply(b"<p>new</p>")}) as site:
        result = get(f"{site.base}/old")
    assert isinstance(result, Fetched)
    assert result.page.body == b"<p>new</p>"
    assert result.page.url == f"{site.base}/new?x=1"
    assert result.redirects == (f"{site.base}/new?x=1",)


def test_the_whole_way_is_told():
    with pages({"/a": to("b"), "/b": to("./c"), "/c": reply()}) as site:
        result = get(f"{site.base}/a")
    assert result.redirects == (f"{site.base}/b", f"{site.base}/c")


def test_a_location_in_utf8_is_read():
    with pages({"/": to("/café"), "/caf%C3%A9": reply()}) as site:
        assert get(f"{site.base}/").final_url == f"{site.base}/caf%C3%A9"


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd", "ftp://n.example/", "javascript:alert(1)", "data:text/html,x", "http://[::1", "http://",
        "http://n.example:99999/", "", " ", None, "gopher://n.example/", "http:///x", "/" + "a" * 5000,
    ],
)  # fmt: skip
def test_redirects_to_nowhere(location):
    with says(to(location)) as site:
        assert failure(site.base).kind == "redirect"


def test_a_circle():
    with pages({"/a": to("/b"), "/b": to("/a")}) as site:
        assert failure(f"{site.base}/a").detail == "The site redirects in a circle."
        assert site.paths() == ["/a", "/b"]


def test_five_redirects_and_no_more():
    table = {f"/{n}": to(f"/{n + 1}") for n in range(10)}
    with pages({**table, "/5": reply()}) as site:
        assert get(f"{site.base}/0").final_url == f"{site.base}/5"
    with pages({**table, "/6": reply()}) as site:
        failed = failure(f"{site.base}/0")
        assert failed.kind == "redirect"
        assert len(site.paths()) == 6


def test_a_redirects_body_is_not_read():
    def answer(path, connection, _head):
        if path == "/":
            connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /new\r\n\r\n")
            while True:
                connection.sendall(b"x" * 65536)
        connection.sendall(reply())

    with Raw(answer) as site:
        assert get(site.base, options={"deadline": 1.0}).page.body == b"<p>words</p>"


def test_a_site_may_ask_for_its_cookie_back():
    def answer(_path, connection, head):
        asked = b"Cookie: seen=1" in head
        connection.sendall(reply() if asked else to("/", Set_Cookie="seen=1; Path=/"))

    with Raw(answer) as site, fetcher() as made:
        for _ in range(2):  # and it is forgotten between two requests
            assert isinstance(made.get(site.base, allow_private=True, pace_seconds=0), Fetched)
        assert [("Cookie: seen=1" in head) for path, head in site.seen if path == "/"] == [False, True] * 2


def test_a_cookie_goes_to_nobody_else():
    with says(reply()) as other:
        other_url = f"http://localhost:{other.port}/"
        with says(to(other_url, Set_Cookie="seen=1; Domain=localhost")) as site:
            failed = failure(site.base)
    assert failed.kind == "refused-address"
    with says(reply()) as second:
        with says(to(f"{second.base}/", Set_Cookie="seen=1")) as site:
            assert failure(site.base).kind == "refused-address"  # another port of a private host is another service
        assert second.connections == 0


# ---------------------------------------------------------------- credentials


BASIC = "Authorization: Basic am86c2VjcmV0"  # jo:secret


def test_credentials_of_an_address_are_sent_and_never_shown():
    with says(reply()) as site:
        result = get(f"http://jo:secret@127.0.0.1:{site.port}/")
        assert BASIC in headers_of(site)
        assert "secret" not in f"{result}"
    with says(reply(b"", "500 Fault")) as site:
        failed = failure(f"http://jo:secret@127.0.0.1:{site.port}/")
        assert "secret" not in f"{failed} {failed.url} {failed.detail}"


def test_credentials_follow_on_the_same_origin_alone():
    with pages({"/": to("/in"), "/in": reply()}) as site:
        get(f"{site.base}/", auth=("jo", "secret"))
        assert BASIC in headers_of(site, "/in")


@pytest.mark.parametrize(
    "elsewhere", ["http://other.example:{}/", "http://news.example:80/", "https://news.example:{}/"]
)
def test_credentials_stay_behind_at_every_change(elsewhere):
    with says(reply()) as other:
        target = elsewhere.format(other.port)
        with says(to(target)) as site, public(connect_seconds=0.3) as made:
            with suppress(FetchFailed):  # where the redirect leads does not matter, what is sent there does
                made.get(f"http://jo:secret@news.example:{site.port}/", pace_seconds=0)
            heads = [head for path, head in site.seen if path == "/"]
        assert BASIC in heads[0]
        assert not any(BASIC in head for head in heads[1:])
        assert not any("Authorization" in head for _, head in other.seen)


def test_credentials_in_a_location_are_dropped():
    with pages({"/new": reply()}) as site:
        with pages({"/": to(f"http://eve:x@127.0.0.1:{site.port}/new")}) as first:
            failed = failure(f"{first.base}/")
        assert failed.kind == "refused-address"
    table = {}
    with pages(table) as site:
        table["/"] = to(f"http://eve:x@127.0.0.1:{site.port}/new")
        table["/new"] = reply()
        assert get(f"{site.base}/").final_url == f"{site.base}/new"
        assert "Authorization" not in headers_of(site, "/new")


# ---------------------------------------------------------------- conditional requests


def test_nothing_new():
    with says(b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\n\r\n') as site:
        result = get(site.base, etag='"v1"', last_modified="Mon, 02 Mar 2026 08:00:00 GMT")
        head = headers_of(site)
    assert isinstance(result, NotModified)
    assert result.etag == '"v1"'
    assert 'If-None-Match: "v1"' in head
    assert "If-Modified-Since: Mon, 02 Mar 2026 08:00:00 GMT" in head


def test_nothing_new_without_having_asked_is_a_failure():
    with says(b"HTTP/1.1 304 Not Modified\r\n\r\n") as site:
        assert failure(site.base).kind == "bad-content"


def test_a_validator_can_smuggle_no_header():
    with says(reply()) as site:
        get(site.base, etag='"a"\r\nX-Evil: 1', last_modified="x\ny")
        assert "Evil" not in headers_of(site)
        assert "If-" not in headers_of(site)


# ---------------------------------------------------------------- robots


def robots(text, status="200 OK"):
    return reply(text.encode(), status, Content_Type="text/plain")


def test_what_robots_forbid_is_not_asked_for():
    with pages({"/a": reply(), "/no/a": reply()}, robots=robots("User-agent: *\nDisallow: /no")) as site:
        assert isinstance(get(f"{site.base}/a"), Fetched)
        assert failure(f"{site.base}/no/a").kind == "robots"
        assert site.paths() == ["/a"]


def test_robots_that_name_us_count():
    text = "User-agent: *\nDisallow:\n\nUser-agent: Cuttings\nDisallow: /a"
    with pages({"/a": reply()}, robots=robots(text)) as site:
        assert failure(f"{site.base}/a").kind == "robots"


def test_robots_count_for_a_redirects_goal():
    with pages({"/a": to("/no"), "/no": reply()}, robots=robots("User-agent: *\nDisallow: /no")) as site:
        assert failure(f"{site.base}/a").kind == "robots"
        assert site.paths() == ["/a"]


@pytest.mark.parametrize(
    "answer",
    [
        reply(b"", "404 Not Found"), reply(b"", "403 Forbidden"), reply(b"", "410 Gone"), reply(b"", "400 Bad"),
        robots(""), robots("\ufeffUser-agent: *\nAllow: /"), robots("<html>a page, not rules</html>"),
        robots("User-agent: *\nDisallow: /*/*/*/*/*/*/*/*/*/*/x"), to("/robots.txt"), to("file:///x"), to(None),
        robots("\x00\xff" * 50),
    ],
)  # fmt: skip
def test_robots_that_are_not_there_allow_everything(answer):
    with says(reply(), robots=answer) as site:
        assert isinstance(get(site.base), Fetched)


@pytest.mark.parametrize(
    "answer", [reply(b"", "500 Fault"), reply(b"", "502 Bad"), b"", reply(b"x", Content_Length="99")]
)
def test_robots_that_fail_forbid_everything(answer):
    with says(reply(), robots=answer) as site:
        failed = failure(site.base)
        assert site.paths() == []
    assert failed.kind == "robots"
    assert "robots.txt can't be read" in failed.detail


def test_robots_that_never_end_forbid_everything():
    def answer(_path, connection, _head):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"Disallow: /x\n" * 5000)

    with Raw(answer, robots=None) as site:
        assert failure(site.base).kind == "robots"


def test_robots_are_asked_for_once_a_day():
    clock = Clock()
    with says(reply(), robots=robots("User-agent: *\nDisallow: /no")) as site, fetcher(clock) as made:
        for wait in (0, 3600, 80_000, 10_000):
            clock.sleep(wait)
            made.get(site.base, allow_private=True, pace_seconds=0)
        assert [path for path, _ in site.seen].count("/robots.txt") == 2


def test_after_a_failure_robots_are_asked_for_sooner():
    clock = Clock()
    with says(reply(), robots=reply(b"", "500 Fault")) as site, fetcher(clock) as made:
        for wait in (0, 60, 700):
            clock.sleep(wait)
            with pytest.raises(FetchFailed):
                made.get(site.base, allow_private=True, pace_seconds=0)
        assert [path for path, _ in site.seen].count("/robots.txt") == 2


def test_a_hostile_rule_takes_no_time():
    rules = parsed(b"User-agent: *\n" + b"Disallow: /" + b"a*" * 8 + b"$\n" + b"Disallow: /x*y*z\n" * 200)
    assert rules.can_fetch("https://n.example/" + "a" * 200, "Cuttings") in {True, False}


# ---------------------------------------------------------------- politeness


def test_a_gap_between_two_requests_to_a_host():
    clock = Clock()
    with pages({"/a": reply(), "/b": reply()}) as site, fetcher(clock) as made:
        made.get(f"{site.base}/a", allow_private=True, pace_seconds=2.5)
        made.get(f"{site.base}/b", allow_private=True, pace_seconds=2.5)
    assert clock.slept == [2.5, 2.5]  # robots, then a, then b


def test_a_redirect_waits_as_well():
    clock = Clock()
    with pages({"/a": to("/b"), "/b": reply()}) as site:
        get(f"{site.base}/a", clock, pace_seconds=1)
    assert clock.slept == [1, 1]


@pytest.mark.parametrize(
    ("delay", "pace", "gap"), [("7", 2, 7), ("1", 2, 2), ("0.5", 0, 0.5), ("x", 2, 2), ("-9", 2, 2)]
)
def test_a_crawl_delay_counts_when_it_is_longer(delay, pace, gap):
    clock = Clock()
    with pages({"/a": reply()}, robots=robots(f"User-agent: *\nCrawl-delay: {delay}")) as site:
        get(f"{site.base}/a", clock, pace_seconds=pace)
    assert clock.slept == [gap]


def test_a_delay_of_a_day_is_not_waited_for():
    clock = Clock()
    with pages({"/a": reply()}, robots=robots("User-agent: *\nCrawl-delay: 86400")) as site:
        failed = failure(f"{site.base}/a", clock)
    assert failed.kind == "busy"
    assert failed.retry_after == clock.started + timedelta(seconds=86400)
    assert clock.slept == []


def test_time_that_passes_by_itself_counts():
    clock = Clock()
    with pages({"/a": reply()}) as site, fetcher(clock) as made:
        made.get(f"{site.base}/a", allow_private=True, pace_seconds=2)
        clock.seconds += 1.5
        made.get(f"{site.base}/a", allow_private=True, pace_seconds=2)
    assert clock.slept == [2, 0.5]


def test_hosts_do_not_wait_for_each_other():
    clock = Clock()
    with pages({"/a": reply()}) as one, pages({"/a": reply()}) as other, fetcher(clock) as made:
        for site in (one, other):
            made.get(f"{site.base}/a", allow_private=True, pace_seconds=2)
    assert clock.slept == [2, 2]


def test_one_connection_a_host_at_a_time():
    at_once, most, lock = [0], [0], threading.Lock()

    def answer(_path, connection, _head):
        with lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        connection.sendall(reply()[:-3])
        with lock:
            at_once[0] -= 1
        connection.sendall(reply()[-3:])

    with Raw(answer) as site, fetcher() as made:
        threads = [
            threading.Thread(
                target=made.get, args=(f"{site.base}/{n}",), kwargs={"allow_private": True, "pace_seconds": 0}
            )
            for n in range(30)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(site.paths()) == 30
        assert [path for path, _ in site.seen].count("/robots.txt") == 1
    assert most[0] == 1


# ---------------------------------------------------------------- busy hosts

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "after"),
    [
        ("120", timedelta(seconds=120)),
        (" 120 ", timedelta(seconds=120)),
        ("1.5", timedelta(seconds=1.5)),
        ("Mon, 02 Mar 2026 09:30:00 GMT", timedelta(minutes=30)),
        ("Mon, 02 Mar 2026 10:30:00 +0100", timedelta(minutes=30)),
        ("Mon, 02 Mar 2026 09:30:00", timedelta(minutes=30)),
        (None, FALLBACK),
        ("", FALLBACK),
        ("0", FALLBACK),
        ("-5", FALLBACK),
        ("soon", FALLBACK),
        ("Mon, 02 Mar 2015 09:30:00 GMT", FALLBACK),
        ("Mon, 99 Mar 2026 09:30:00 GMT", FALLBACK),
        ("1e9", FALLBACK),
        ("315360000", LONGEST_AWAY),
        ("9" * 500, FALLBACK),
        ("999999999999", LONGEST_AWAY),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_AWAY),
    ],
)
def test_when_a_busy_host_may_be_asked_again(header, after):
    assert retry_after(header, NOW) == NOW + after


@pytest.mark.parametrize("status", ["429 Slow down", "503 Busy"])
def test_a_busy_host_is_left_alone_until_its_time(status):
    clock = Clock()
    table = {"/a": reply(b"", status, Retry_After="3600"), "/b": reply()}
    with pages(table) as site, fetcher(clock) as made:

        def ask(path):
            return made.get(f"{site.base}{path}", allow_private=True, pace_seconds=0)

        with pytest.raises(FetchFailed) as caught:
            ask("/a")
        assert (caught.value.kind, caught.value.status) == ("busy", int(status[:3]))
        assert caught.value.retry_after == clock.started + timedelta(hours=1)
        with pytest.raises(FetchFailed) as again:
            ask("/b")
        assert again.value.kind == "busy"
        assert again.value.retry_after == clock.started + timedelta(hours=1)
        assert site.paths() == ["/a"]
        clock.seconds += 3601
        assert isinstance(ask("/b"), Fetched)
        assert clock.slept == []


def test_a_short_pause_is_waited_for():
    clock = Clock()
    with pages({"/a": reply(b"", "429 Slow", Retry_After="3"), "/b": reply()}) as site, fetcher(clock) as made:
        with pytest.raises(FetchFailed):
            made.get(f"{site.base}/a", allow_private=True, pace_seconds=0)
        made.get(f"{site.base}/b", allow_private=True, pace_seconds=0)
    assert clock.slept == [3]


# ---------------------------------------------------------------- bound to a source, TLS


def test_a_sources_settings_are_used():
    clock = Clock()
    with says(reply()) as site, fetcher(clock) as made:
        source = Source(
            id="s", name="S", url=site.base, method="feed", allow_private=True, pace_seconds=4, family="drupal"
        )
        result = made.bound_to(source)(site.base, expects="data")
    assert result.page.family == "drupal"
    assert clock.slept == [4]


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    trustme = pytest.importorskip("trustme")
    authority = trustme.CA()
    bundle = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    return authority, str(bundle)


def test_a_certificate_of_the_deployers_own_authority(tls):
    authority, bundle = tls
    answer = reply(b"<p>safe</p>")
    with Secure(authority, lambda _p, connection, _h: connection.sendall(answer)) as site:
        assert failure(site.base).kind == "tls"
        out = {"outgoing": Outgoing(ca_bundle=bundle)}
        assert get(site.base, options=out).page.body == b"<p>safe</p>"
        assert failure(f"https://localhost:{site.port}/", options=out).kind == "tls"


def test_a_slow_answer_over_tls_ends_at_the_deadline(tls):
    authority, bundle = tls

    def answer(_path, connection, _head):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(100):
            connection.sendall(b"x")
            threading.Event().wait(0.03)

    with Secure(authority, answer) as site:
        options = {"outgoing": Outgoing(ca_bundle=bundle), "deadline": 0.5}
        assert failure(site.base, options=options).kind == "timeout"


def test_a_handshake_that_never_ends():
    class Mute(Raw):
        def _talk(self, connection):
            threading.Event().wait(1)
            connection.close()

    with Mute(None) as site:
        failed = failure(site.base.replace("http:", "https:"), options={"deadline": 0.4, "connect_seconds": 0.4})
    assert failed.kind in {"tls", "connect", "timeout", "robots"}


def test_a_fetcher_can_be_shared_and_closed_twice():
    made = Fetcher("policy@council.example")
    made.close()
    made.close()
