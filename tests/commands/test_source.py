"""`cuttings source`, as a person types it, against real servers on loopback."""

import json
import os
import sys
import tomllib
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from cuttings.edges.limited import Limited
from flows.commands import main, source_asking
from flows.place import HOME
from tests.edges_net.servers import Raw, reply
from tests.edges_net.test_sources_by_block import BODY, article, wordpress


@pytest.fixture(scope="module")
def worker():
    """One for all of these tests: to start another for each takes longer than all they do with it."""
    with Limited(cpu_seconds=10, memory_mb=600, wall_seconds=60, preload=("parsers",)) as limited:
        yield limited


@pytest.fixture
def cuttings(tmp_path, monkeypatch, capfdbinary, worker):
    """A command in a house of its own, in this process: `cuttings("source", "list")` -> what a finished process has."""

    @contextmanager
    def reader(*_preload):
        yield worker.run

    monkeypatch.setattr(source_asking, "reader", reader)
    folders = (str(HOME / "config" / "default"), str(tmp_path / "config"))
    monkeypatch.setenv("CUTTINGS_CONFIG", os.pathsep.join(folders))
    monkeypatch.setenv("CUTTINGS_OUTPUT", str(tmp_path / "output"))
    monkeypatch.chdir(tmp_path)

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["cuttings", *words])
        with pytest.raises(SystemExit) as ended:
            main.main()
        out, err = capfdbinary.readouterr()
        return SimpleNamespace(returncode=ended.value.code or 0, stdout=out, stderr=err)

    return run


@pytest.fixture
def site():
    """A site of one's own: `site(pages)` serves them by path, 404 for the others."""
    servers = []

    def serve(make):
        server = Raw(None)
        pages = make(server.base)

        def answer(path, connection, _head):
            body = pages.get(path, pages.get(path.partition("?")[0]))
            connection.sendall(reply(b"", "404 Not Found") if body is None else reply(body))

        server.answer = answer
        server.pages = pages
        servers.append(server)
        return server

    yield serve
    for server in servers:
        server.close()


def lines(done):
    text = done.stdout.decode()
    assert max(map(len, text.splitlines()), default=0) <= 80 or "[[source]]" in text
    return text


def configured(tmp_path, *blocks):
    folder = tmp_path / "config"
    folder.mkdir(exist_ok=True)
    ours = ("community-care-adults", "guardian-social-care", "gov-uk-social-care")
    off = "".join(f'[[source]]\nid = "{name}"\nenabled = false\n' for name in ours)
    (folder / "sources.toml").write_text(off + "\n".join(blocks), encoding="utf-8")


def block(name="made-up", **values):
    values = {"id": name, "name": "Made up", "allow_private": True, "pace_seconds": 0} | values
    return "[[source]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items())


def test_try_shows_an_article_and_proposes_a_block(cuttings, site):
    server = site(wordpress)
    done = cuttings("source", "try", "--private", f"{server.base}/2026/03/01/day-centres/")
    text = lines(done)
    assert done.returncode == 0, done.stderr.decode()
    assert "Title        Day centres stay open" in text
    assert "4 paragraphs" in text
    assert "Comments     1\n             Ann Lister, 2026-03-01" in text
    assert "Set aside" in text
    (proposed,) = tomllib.loads(text.partition("sources.toml:\n")[2])["source"]
    assert (proposed["method"], proposed["url"], proposed["family"]) == ("wordpress", f"{server.base}/", "wordpress")
    assert "licence" not in proposed
    assert "# licence = " in text


def test_try_shows_what_a_feed_lists_and_reads_the_first(cuttings, site):
    def make(base):
        items = (
            f"<item><title>Buses</title><link>{base}/buses</link></item><item><link>mailto:a@b.example</link></item>"
        )
        return {
            "/rss": f"<rss><channel>{items}</channel></rss>".encode(),
            "/buses": article("Buses", f"<article><h1>Buses and more buses</h1>{BODY}</article>"),
        }

    server = site(make)
    done = cuttings("source", "try", "--private", f"{server.base}/rss")
    text = lines(done)
    assert done.returncode == 0, done.stderr.decode()
    assert "Method 'feed': it is a feed, with 2 entries." in text
    assert "a link of the kind mailto:" in text
    assert "Title        Buses and more buses" in text


def test_try_of_nothing_says_so(cuttings, site):
    server = site(lambda _base: {})
    done = cuttings("source", "try", "--private", f"{server.base}/gone")
    assert done.returncode == 1
    assert done.stderr.decode() == "cuttings: The page is not there (404).\n"
    assert b"must start with http" in cuttings("source", "try", "ftp://n.example/").stderr
    assert b"loopback" in cuttings("source", "try", f"{server.base}/gone").stderr


def test_check_tells_what_is_well_and_what_is_not(cuttings, site, tmp_path):
    server = site(wordpress)
    configured(
        tmp_path,
        block(method="wordpress", url=f"{server.base}/", family="wordpress", since_days=3650),
        block("moved", method="list", url=f"{server.base}/2026/03/01/day-centres/", selector="ul.old a"),
    )
    done = cuttings("source", "check", "made-up")
    assert done.returncode == 0, done.stdout.decode()
    text = lines(done)
    assert "Lists        1 page" in text
    assert "Reads        Day centres stay open" in text
    assert "1 of 1 source well." in text
    done = cuttings("source", "check", "--all")
    assert done.returncode == 1
    assert "Has the site been redesigned?" in " ".join(lines(done).split())
    assert "1 of 2 sources well; not: moved" in lines(done)
    assert cuttings("source", "check", "nowhere").returncode == 2


OWN = "<html><title>Valley</title><div class=t>Buses and more buses</div><div class=b>" + BODY + "</div></html>"


def test_try_shows_what_selectors_of_its_own_pick(cuttings, site):
    server = site(lambda _base: {"/buses": OWN.encode()})
    page = f"{server.base}/buses"
    done = cuttings("source", "try", "--private", page, "--select", "title=.t", "--select", "body=div.b")
    text = lines(done)
    assert "Title        Buses and more buses" in text
    assert "4 paragraphs" in text
    if "[[source]]" in text:
        (proposed,) = tomllib.loads(text.partition("sources.toml:\n")[2])["source"]
        assert proposed["page"] == [{"title": ".t", "body": "div.b"}]
    wrong = cuttings("source", "try", "--private", page, "--select", "body=div..b")
    assert wrong.stderr.startswith(b"cuttings: --select body: 'div..b' is not a CSS selector")
    assert b"no part 'copy'; it has: body, title" in cuttings("source", "try", page, "--select", "copy=.b").stderr


def test_check_says_that_none_of_a_sources_own_selectors_fits_any_more(cuttings, site, tmp_path):
    server = site(lambda _base: {"/buses": OWN.encode()})

    def own(selector):
        values = {"method": "pages", "url": server.base, "pages": [f"{server.base}/buses"]}
        return f"{block(**values)}[[source.page]]\nbody = {json.dumps(selector)}\n"

    configured(tmp_path, own(".old"))
    done = cuttings("source", "check")
    assert done.returncode == 1
    assert "Have they been redesigned?" in " ".join(lines(done).split())
    configured(tmp_path, own(".b"))
    assert cuttings("source", "check").returncode == 0


def test_list_shows_every_source(cuttings, site, tmp_path):
    server = site(wordpress)
    configured(tmp_path, block(method="wordpress", url=f"{server.base}/"))
    assert lines(cuttings("source", "list")) == f"{'made-up':<29}{'wordpress':<12}never asked\n"
    assert not (tmp_path / "output").exists()


OPML = """<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body><outline text="Sector">
<outline text="The Care Ledger" type="rss" xmlUrl="https://ledger.example/feed/" htmlUrl="https://ledger.example/"/>
<outline text="Again" xmlUrl="http://www.ledger.example/feed"/><outline text="Bad" xmlUrl="javascript:alert(1)"/>
<outline text="A &quot;quoted&quot; name&#10;[[source]]" xmlUrl="feed:https://n.example/rss"/></outline></body></opml>"""


def test_import_proposes_and_then_writes_and_overwrites_nothing(cuttings, tmp_path):
    (tmp_path / "feeds.opml").write_text(OPML, encoding="utf-8")
    mine = '# mine\n[[source]]\nid = "own"\nname = "Own"\nurl = "https://own.example/feed/"'
    configured(tmp_path, mine)
    target = tmp_path / "config" / "sources.toml"
    before = target.read_bytes()
    done = cuttings("source", "import", "feeds.opml")
    proposed = tomllib.loads(done.stdout.decode())["source"]
    assert [(b["id"], b["url"]) for b in proposed] == [
        ("care-ledger", "https://ledger.example/feed/"),
        ("a-quoted-name-source", "https://n.example/rss"),
    ]
    assert b"4 in the file: 2 new, 2 left out." in done.stderr
    assert target.read_bytes() == before
    done = cuttings("source", "import", "feeds.opml", "--write")
    assert done.returncode == 0, done.stderr.decode()
    assert target.read_bytes().startswith(before)
    assert [b["id"] for b in tomllib.loads(target.read_text(encoding="utf-8"))["source"]][-3:] == [
        "own",
        "care-ledger",
        "a-quoted-name-source",
    ]
    again = cuttings("source", "import", "feeds.opml", "--write")
    assert b"0 new, 4 left out" in again.stderr
    assert [p.name for p in target.parent.iterdir() if p.name.startswith(".import")] == []


@pytest.mark.parametrize("content", ["<html></html>", "<" * 100_000])
def test_import_of_something_else_says_so(cuttings, tmp_path, content):
    (tmp_path / "feeds.opml").write_text(content)
    done = cuttings("source", "import", "feeds.opml")
    assert done.returncode == 1
    assert b"not an OPML file" in done.stderr
