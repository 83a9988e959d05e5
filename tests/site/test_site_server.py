"""The sample site over HTTP: conditional requests, compression, REST, robots, a source that is down."""

import gzip
import json
import socket
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest

from tests.site import truth
from tests.site.server import serve, sources_toml
from tests.site.sites import SITES, site
from tests.site.skins.common import text


@pytest.fixture(scope="module")
def running():
    with serve() as site:
        yield site


def get(url, headers=None, method="GET"):
    request = urllib.request.Request(url, headers=headers or {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


def test_every_article_is_served_over_http(running):
    for article in truth.articles():
        status, headers, body = get(running.url(article))
        assert status == 200, article.id
        assert headers["Content-Type"].startswith("text/html")
        assert len(body) == int(headers["Content-Length"])


def test_a_known_page_is_not_sent_again(running):
    url = running.url("care-ledger/vacancy-rate-falls-churn-persists")
    _, headers, body = get(url)
    assert get(url, {"If-None-Match": headers["ETag"]})[::2] == (304, b"")
    assert get(url, {"If-None-Match": f'W/"other", {headers["ETag"]}'})[0] == 304
    assert get(url, {"If-Modified-Since": headers["Last-Modified"]})[0] == 304
    assert get(url, {"If-Modified-Since": "Thu, 01 Jan 2026 00:00:00 GMT"})[::2] == (200, body)
    # A tag that differs wins over a date that would do.
    both = {"If-None-Match": '"stale"', "If-Modified-Since": headers["Last-Modified"]}
    assert get(url, both)[0] == 200


def test_gzip_is_sent_to_those_who_ask(running):
    url = running.url("fieldwork/we-turned-curiosity-into-a-form")
    plain, packed = get(url), get(url, {"Accept-Encoding": "gzip, deflate"})
    assert packed[1]["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed[2]) == plain[2]
    assert "Content-Encoding" not in plain[1]


def test_head_has_the_headers_and_no_body(running):
    status, headers, body = get(running.url("care-ombudsman/26-004-117"), method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 1000


def test_what_is_not_there_is_404_and_stands_in_the_log(running):
    url = running.base("support-evidence") + "/research/nothing"
    assert get(url)[0] == 404
    assert running.requests("support-evidence")[-1] == ("support-evidence", "GET", "/research/nothing", 404)
    assert get(running.base("open-lives") + "/robots.txt")[0] == 404


def test_the_source_that_is_down_refuses_connections(running):
    port = urlsplit(running.base("county-provider-news")).port
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def test_rest_gives_posts_and_their_comments(running):
    root = running.base("fieldwork") + "/wp-json/wp/v2"
    _, headers, body = get(f"{root}/posts?per_page=2&page=1")
    first = json.loads(body)
    assert len(first) == 2
    assert headers["X-WP-TotalPages"] == "3"
    newest = truth.of("fieldwork")[0]
    assert first[0]["link"] == running.url(newest)
    thread = json.loads(get(f"{root}/comments?post={first[0]['id']}&per_page=100&order=asc")[2])
    assert len(thread) == len(newest.comments)
    assert {c["parent"] for c in thread} <= {0} | {c["id"] for c in thread}
    assert get(f"{root}/posts?page=9")[0] == 400
    since = json.loads(get(f"{root}/posts?after=2026-10-20T00:00:00")[2])
    assert [p["slug"] for p in since] == [a.slug for a in truth.of("fieldwork") if a.published > "2026-10-20"]
    assert set(json.loads(get(f"{root}/posts?_fields=id,link")[2])[0]) == {"id", "link"}


def test_sources_toml_is_a_configuration_that_loads(running, tmp_path):
    from cuttings.settings import load

    (tmp_path / "sources.toml").write_text(sources_toml(running), encoding="utf-8")
    sources = load([tmp_path]).sources
    assert [s.id for s in sources] == [s.id for s in SITES]
    assert {s.licence.mode for s in sources} == {"link", "excerpt", "full"}
    assert all(s.allow_private and s.pace_seconds == 0 and s.since_days == 60 for s in sources)
    for source in sources:
        if site(source.id).skin is not None:
            assert get(source.url)[0] == 200


def test_a_page_may_change_while_the_site_runs(running):
    url = running.base("care-ombudsman") + "/robots.txt"
    before = get(url)[1]["ETag"]
    running.put("care-ombudsman", "/robots.txt", text("User-agent: *\nDisallow: /\n"))
    assert get(url, {"If-None-Match": before})[::2] == (200, b"User-agent: *\nDisallow: /\n")


def test_stop_may_be_called_twice():
    one = serve()
    url = one.base("care-ledger") + "/feed/"
    assert get(url)[0] == 200
    one.stop()
    one.stop()
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(url, timeout=5)
