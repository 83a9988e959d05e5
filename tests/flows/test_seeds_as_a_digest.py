"""The five real texts, served over HTTP, read, judged and made into both editions, where they are at hand."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from cuttings.edges.store import periods as stored
from cuttings.model import when
from tests.test_seeds import CASES, SEEDS, expected

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.usefixtures("prefect"),
    pytest.mark.skipif(not SEEDS.is_dir(), reason="the five real texts are not at hand (../shared/seeds)"),
]


@pytest.fixture
def seeds():
    """The texts at the paths of their addresses; gives the root of the site."""
    files = {
        urlsplit(url).path: (SEEDS / name).read_bytes()
        for case in CASES
        for name, url in zip(expected(case)["source_files"], expected(case)["urls"], strict=True)
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = files.get(self.path, b"")
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def source(id_, name, method, addresses):
    return (
        f'[[source]]\nid = "{id_}"\nname = "{name}"\nmethod = "{method}"\nurl = "{addresses[0]}"\n'
        f"pages = {json.dumps(addresses)}\nsince_days = 3000\nallow_private = true\npace_seconds = 0\n"
        'licence = { mode = "excerpt", words = 80 }\n'
    )


def addresses(root, *cases):
    return [root + urlsplit(url).path for case in cases for url in expected(case)["urls"]]


def test_the_seeds_make_both_editions(home, seeds):
    from flows.collect import collect
    from flows.publish import publish

    home.at("2013-10-01T07:00:00+00:00")
    home.write(
        sources="\n".join(
            (
                source("magazine", "The magazine", "page-turner", addresses(seeds, "001_003", "000")),
                source("paper", "The paper", "pages", addresses(seeds, "002")),
                source("blog", "The blog", "pages", addresses(seeds, "004")),
            )
        )
    )
    assert not collect().failed
    audit = stored.audit(home.store, when("2000"), when("2020"))
    assert audit.faults() == ()
    assert (audit.pages_in, audit.articles, audit.pages_joined) == (5, 4, 1)
    assert (audit.comments_in, audit.comments_kept, audit.comments_duplicate, audit.comments_spam) == (6, 3, 1, 2)

    for edition in ("managers", "members"):
        published = publish(edition, "2012-01-01..2013-09-30")
        assert published.state == "published"
        digest = published.digest
        assert len(digest.items) == 4
        headlines = {item.headline.text for item in digest.items}
        assert {expected(case)["title"] for case in ("000", "002", "004")} <= headlines
        # The page of the fourth has no headline; nobody makes one up.
        (untitled,) = headlines - {expected(case)["title"] for case in CASES}
        assert untitled.strip("“”") in expected("001_003")["standfirst"]
        texts = {a["text"] for case in CASES for a in expected(case)["paragraphs"]}
        for item in digest.items:
            for quotation in item.quotations:
                if quotation.field == "text":
                    assert any(quotation.text in text for text in texts)
