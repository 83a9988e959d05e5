"""What a path can be that is not the file somebody meant; for every command that reads or writes one."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.torture.commands_world import Call, World, few, row, words
from tests.torture.rows import Row

PAGE = b"<html><body><article><h1>Day centre reopens</h1><p>It is open, and has room for thirty.</p></article>"


def _missing(path: Path) -> None: ...


def _loop(path: Path) -> None:
    path.symlink_to(path)


def _pair(path: Path) -> None:
    other = path.with_name("loop-other")
    other.unlink(missing_ok=True)
    other.symlink_to(path)
    path.symlink_to(other)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(path))


def _below_a_file(path: Path) -> None:
    path.write_bytes(PAGE)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(3_000_000_000)


def _binary(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 400)


def _device(name: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(f"/dev/{name}")


INPUTS: dict[str, Callable[[Path], object]] = {
    "missing": _missing,
    "a directory": lambda path: path.mkdir(),
    "a link to itself": _loop,
    "two links to each other": _pair,
    "a link to nothing": lambda path: path.symlink_to("nowhere"),
    "a link to a directory": lambda path: path.symlink_to("/"),
    "a pipe nobody writes to": os.mkfifo,
    "a socket": _socket,
    "/dev/zero, which never ends": _device("zero"),
    "/dev/random, which never ends": _device("urandom"),
    "/dev/null": _device("null"),
    "a terminal that is not there": _device("tty"),
    "empty": lambda path: path.touch(),
    "3 GB of nothing": _sparse,
    "every byte there is": _binary,
    "a file of the kernel's": lambda path: path.symlink_to("/proc/self/mem"),
}
NAMES = {
    "with a line end": "day\ncentre\r\n.html",
    "with escape sequences": "\x1b[2J\x1b]0;owned\x07day.html",
    "not UTF-8": "d\udcffy\udcfe.html",
    "of 5,000 letters": "d" * 5000 + ".html",
    "that looks like an option": "--family=x",
    "empty": "",
    "with a right-to-left mark": "\u202elmth.yad",
    "of dots": "../../../../../../../../nowhere",
}
# (words before the path, the ending its name has, words after it)
Readers = tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...]
READERS: Readers = (
    (("read",), ".html", ()),
    (("judge",), ".html", ()),
    (("label",), ".html", ()),
    (("quote",), ".html", ()),
    (("record",), ".html", ("--into", "cases")),
    (("source", "import"), ".opml", ()),
    (("source", "import"), ".opml", ("--write",)),
    (("recipients", "import", "managers"), ".csv", ()),
    (("rulings", "import"), ".csv", ()),
    (("rulings", "import"), ".toml", ()),
    (("review", "--by", "Ed", "--import"), ".csv", ()),
    (("restore",), ".tar", ("--replace",)),
    (("init", "--name", "X", "--contact-name", "Y", "--contact-email", "y@x.example", "--channel", "outbox",
      "--force", "--crest"), ".png", ()),
)  # fmt: skip
WRITERS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("rulings", "export"), ".csv"),
    (("rulings", "export"), ".toml"),
    (("review", "--export"), ".csv"),
    (("backup",), ".tar"),
    (("governance",), ""),
    (("governance", "--force"), ""),
    (("person", "Nell Harker", "--output"), ".txt"),
)
OUTPUTS = {
    "a directory": INPUTS["a directory"],
    "a link to itself": _loop,
    "a link to nothing": INPUTS["a link to nothing"],
    "a pipe nobody reads": os.mkfifo,
    "/dev/full": _device("full"),
    "a socket": _socket,
    "below a file": _below_a_file,
}


def rows(world: World, quick: bool) -> Iterator[Row]:
    readers = READERS[:1] if quick else READERS
    for name, make in few(INPUTS, quick, 3):
        yield row(f"a file to read: {name}", world, _read(world, readers, make))
    for name, called in few(NAMES, quick, 2):
        yield row(f"a file's name {name}", world, _named(readers, called))
    if os.getuid() == 0:
        yield row("a file that may not be read", world, _unreadable(world, readers))
    for name, make in few(OUTPUTS, quick, 3):
        yield row(f"a file to write: {name}", world, _written(world, WRITERS[:1] if quick else WRITERS, name, make))
    yield row("standard input", world, _stdin(world, quick))


def _fresh(path: Path) -> Path:
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    path.unlink(missing_ok=True)
    return path


def _read(world: World, readers: Readers, make: Callable[[Path], object]) -> Iterator[Call]:
    for before, ending, after in readers:
        path = _fresh(world.files / f"given{ending}")
        make(path)
        yield Call(words(before, str(path), after))
        _fresh(path)


def _named(readers: Readers, name: str) -> Iterator[Call]:
    for before, ending, after in readers:
        # Not as 'x' alone: what begins with '-' is an option to every program.
        yield Call(words(before, name if name.startswith("-") else name and name + ending, after))


def _unreadable(world: World, readers: Readers) -> Iterator[Call]:
    for before, ending, after in readers:
        path = _fresh(world.files / f"given{ending}")
        path.write_bytes(PAGE)
        path.chmod(0)
        yield Call(words(before, str(path), after), as_nobody=True)
        _fresh(path)


def _written(
    world: World, writers: tuple[tuple[tuple[str, ...], str], ...], name: str, make: Callable[[Path], object]
) -> Iterator[Call]:
    for before, ending in writers:
        path = _fresh(world.files / f"made{ending}")
        make(path)
        target = path / f"inner{ending}" if name == "below a file" else path
        yield Call(words(before, str(target)))
        if path.is_dir() and not path.is_symlink():
            for inner in path.iterdir():
                inner.unlink()
        _fresh(path)


def _stdin(world: World, quick: bool) -> Iterator[Call]:
    """A filter whose input is no text, or is not there."""
    zeros = world.files / "zeros"
    with zeros.open("wb") as file:
        file.truncate(2_000_000 if quick else 300_000_000)
    for command in ("label",) if quick else ("read", "judge", "label", "stories", "quote"):
        yield Call((command, "--jsonl"), zeros, answers=1, about="zeros alone")
        yield Call((command,), about="no file and no --jsonl")
    zeros.unlink()
