"""What the doctor finds out by asking: a real mail server, a maildir and sources on loopback, each well and broken."""

import json
import socket
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from flows import place
from flows.doctor import reachable
from tests.mail.conftest import PASSWORD, Inbox, _controller, authority, logged_in

assert authority  # a fixture

NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)
FEED = b'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title></channel></rss>'


@pytest.fixture
def mail_server(authority):
    ca, context = authority
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = _controller(
        Inbox(), tls_context=context, require_starttls=True, authenticator=logged_in, auth_require_tls=True
    )
    controller.port = port
    controller.start()
    yield port, ca
    controller.stop()


def smtp(home, port, ca, **more):
    told = {"channel": "smtp", "host": "localhost", "port": port, "ca_file": str(ca), "username": "cuttings"} | more
    council = (home.config / "council.toml").read_text().partition("[delivery]")[0]
    lines = "".join(f"{key} = {value!r}\n" for key, value in told.items())
    home.write(council=f'{council}[delivery]\nsender = "c@fellshire.example"\n{lines}')
    return reachable._smtp(place.settings(), home.env)


def test_a_mail_server_that_takes_our_log_in(home, mail_server):
    port, ca = mail_server
    (home.config / "smtp-password").write_text(PASSWORD)
    (home.config / "smtp-password").chmod(0o600)
    found = smtp(home, port, ca)
    assert (found.mark, "takes our log-in" in found.says) == ("ok", True)
    (home.config / "smtp-password").write_text("wrong")
    found = smtp(home, port, ca)
    assert (found.mark, "535" in found.says) == ("fault", True)
    (home.config / "smtp-password").chmod(0o644)
    assert "chmod 600" in smtp(home, port, ca).says
    assert smtp(home, port, "/nowhere.pem").mark == "fault"


def test_a_mail_server_that_is_not_there(home):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    found = smtp(home, port, "/nowhere.pem", security="none")
    assert (found.mark, "refused" in found.says.lower()) == ("fault", True)


def test_the_inbox(home):
    council = (home.config / "council.toml").read_text()
    folder = home.folder / "mail"
    home.write(council=f'{council}inbox = "maildir:{folder}"\n')
    assert reachable._inbox(place.settings(), home.env).mark == "fault"
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    assert reachable._inbox(place.settings(), home.env).mark == "ok"


def test_nothing_serves_here(home):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        council = (home.config / "council.toml").read_text()
        home.write(council=f"{council}[server]\nport = {probe.getsockname()[1]}\n")
        (found,) = reachable._prefect(place.settings(), NOW, home.env)
    assert (found.mark, "./run serve" in found.todo) == ("look", True)


SCHEDULES = {"read every source": [True], "write the weekly mail": [False], "answer a proof": []}


class Api(BaseHTTPRequestHandler):
    """As much of Prefect's API as is asked; keeps who logged in."""

    def do_GET(self):
        self._say({})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        made = [
            {"name": name, "flow_id": "f", "paused": False, "schedules": [{"active": a} for a in active]}
            for name, active in SCHEDULES.items()
        ]
        self._say([{"id": "f", "name": "health"}] if "flows" in self.path else made)

    def _say(self, value):
        body = json.dumps(value).encode()
        self.send_response(200 if self.headers["Authorization"] else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_a_schedule_that_somebody_switched_off(home):
    (home.config / "prefect-auth").write_text("admin:words")
    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        council = (home.config / "council.toml").read_text()
        home.write(council=f"{council}[server]\nport = {server.server_address[1]}\n")
        well, off = reachable._prefect(place.settings(), NOW, home.env)
        server.shutdown()
    assert (well.mark, off.mark) == ("ok", "fault")
    assert off.says == "health/write the weekly mail is switched off: it does not run by itself."


class Pool(Api):
    """A server with a work pool; `workers` as its API tells them."""

    workers = ()

    def do_POST(self):
        if "work_pools/machines/workers" not in self.path:
            super().do_POST()
            return
        self.rfile.read(int(self.headers["Content-Length"]))
        self._say([{"name": n, "status": s, "last_heartbeat_time": at} for n, s, at in self.workers])


LATELY, LONG_AGO = "2026-11-02T06:30:00.000000Z", "2026-10-01T06:30:00Z"


@pytest.mark.parametrize(
    ("known", "marks", "says"),
    [
        ((), ["fault"], "Nobody takes runs of the work pool 'machines'"),
        ((("first", "ONLINE", LATELY), ("second", "ONLINE", LATELY)), ["ok"], "2 machines take runs of 'machines'"),
        (
            (("first", "ONLINE", LATELY), ("second", "OFFLINE", LATELY), ("old", "OFFLINE", LONG_AGO)),
            ["ok", "look"],
            "second was last seen on 2 November, 06:30.",
        ),
        ((("first", "OFFLINE", LATELY), ("new", "OFFLINE", None)), ["fault", "look"], "first was last seen on"),
    ],
)
def test_the_machines_of_a_work_pool(home, monkeypatch, known, marks, says):
    monkeypatch.setattr(Pool, "workers", known)
    (home.config / "prefect-auth").write_text("admin:words")
    with ThreadingHTTPServer(("127.0.0.1", 0), Pool) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        council = (home.config / "council.toml").read_text()
        port = server.server_address[1]
        home.write(council=f'{council}[server]\nport = {port}\n[schedule]\nwork_pool = "machines"\n')
        found = [f for f in reachable._prefect(place.settings(), NOW, home.env) if f.part == "workers"]
        server.shutdown()
    assert [f.mark for f in found] == marks
    assert any(says in f.says for f in found)
    assert all("./run" in f.todo for f in found if f.mark != "ok")


def test_a_work_pool_that_could_not_be_asked_is_not_called_well(home):
    with ThreadingHTTPServer(("127.0.0.1", 0), Garbled) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        council = (home.config / "council.toml").read_text()
        port = server.server_address[1]
        home.write(council=f'{council}[server]\nport = {port}\n[schedule]\nwork_pool = "machines"\n')
        (found,) = reachable._workers(f"http://127.0.0.1:{port}", "a:b", place.settings(), NOW)
        server.shutdown()
    assert (found.mark, "could not be asked" in found.says) == ("look", True)


class Garbled(Api):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self._say({"detail": "busy"})


def test_schedules_that_could_not_be_asked_are_not_called_well(home):
    (home.config / "prefect-auth").write_text("admin:words")
    with ThreadingHTTPServer(("127.0.0.1", 0), Garbled) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        council = (home.config / "council.toml").read_text()
        home.write(council=f"{council}[server]\nport = {server.server_address[1]}\n")
        well, unasked = reachable._prefect(place.settings(), NOW, home.env)
        server.shutdown()
    assert (well.mark, unasked.mark) == ("ok", "look")
    assert "could not be asked" in unasked.says


@pytest.fixture
def web():
    """A site whose path says how it behaves; gives its root and what it was asked for."""
    asked = []
    hold = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            if self.path == "/hangs":
                hold.wait(20)
            status = 200 if self.path in ("/feed", "/hangs") else 404
            self.send_response(status)
            self.send_header("Content-Type", "application/rss+xml" if status == 200 else "text/plain")
            self.send_header("Content-Length", str(len(FEED)))
            self.end_headers()
            self.wfile.write(FEED)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        hold.set()
        server.shutdown()


def block(root, name, path):
    return (
        f'[[source]]\nid = "{name}"\nname = "{name}"\nurl = "{root}/{path}"\nallow_private = true\npace_seconds = 0\n\n'
    )


def ask(home):
    settings = place.settings()
    return {(f.mark, f.says) for f in reachable._sources(settings, place.now(), home.env)}


def test_every_source_is_asked_once_and_politely(home, web):
    root, asked = web
    home.write(sources=block(root, "good", "feed") + block(root, "gone", "nothing"))
    found = ask(home)
    assert any(mark == "fault" and says.startswith("gone: ") for mark, says in found)
    assert any(mark == "ok" and says.startswith("1 source of 2 answered") for mark, says in found)
    assert sorted(asked) == ["/feed", "/nothing", "/robots.txt"]


def test_a_source_that_hangs_holds_the_others_up_for_no_longer_than_the_limit(home, web, monkeypatch):
    root, _ = web
    monkeypatch.setattr(reachable, "TOTAL", 1.0)
    home.write(sources=block(root, "slow", "hangs"))
    found = ask(home)
    assert ("look", "Not asked within 1 seconds: slow.") in found
