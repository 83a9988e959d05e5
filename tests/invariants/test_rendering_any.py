"""Rendering opens no address, whatever a page of the web has smuggled into a digest."""

import socket
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.render import layout

HERE = Path(__file__).resolve().as_posix()
SCHEMES = ("http", "https", "ftp", "file", "FILE", "jar:file", "blob", "javascript", "smb", "gopher", "", "//")
PLACES = st.sampled_from(
    (HERE, "/etc/passwd", f"localhost{HERE}", "127.0.0.1:1/", "[::1]:1/", "n.example/", "../" * 9 + "etc/passwd")
)
ADDRESSES = st.builds("{}:{}{}".format, st.sampled_from(SCHEMES), st.sampled_from(("", "//", "///", "\\\\")), PLACES)


@pytest.fixture(scope="module", autouse=True)
def no_door():
    """Whatever opens a connection or this very file meanwhile is noticed; an audit hook can't be taken away again."""
    opened, watched = [], [True]

    def hook(event, arguments):
        if watched and (
            event in ("socket.connect", "socket.getaddrinfo") or (event == "open" and str(arguments[0]) == HERE)
        ):
            opened.append((event, arguments))

    sys.addaudithook(hook)
    yield opened
    watched.clear()


@given(st.one_of(ADDRESSES, st.text(max_size=60)))
def test_whatever_the_address_nothing_is_opened(no_door, address):
    no_door.clear()
    if not address.lower().startswith("data:"):
        with pytest.raises(Exception):  # noqa: B017 # whichever it is, WeasyPrint goes on without the picture
            layout._fetcher({}).fetch(address)
    assert no_door == []


def test_the_hook_would_notice(no_door):
    no_door.clear()
    Path(HERE).read_bytes()
    with socket.socket() as one, pytest.raises(OSError):
        one.connect(("127.0.0.1", 1))
    assert [event for event, _ in no_door] == ["open", "socket.connect"]
    no_door.clear()
