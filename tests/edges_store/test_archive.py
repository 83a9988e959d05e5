"""The archive keeps what it was given, whole, and says so when it can't."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.edges import archive as module
from cuttings.edges.archive import Archive, ArchiveError, _packed, _unpacked

BODY = b"<html><p>The night team starts at six.</p></html>" * 20


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "pages")


def the_file(archive):
    (path,) = archive.folder.rglob("*.gz")
    return path


def test_what_is_put_is_got(archive):
    sha256 = archive.put(BODY)
    assert archive.has(sha256)
    assert archive.get(sha256) == BODY
    assert list(archive.digests()) == [sha256]
    count, size = archive.size()
    assert count == 1
    assert 0 < size < len(BODY)


@given(st.one_of(st.binary(max_size=300), st.binary(max_size=50).map(lambda b: b"\x1f\x8b" + b), st.just(b"=" * 9)))
def test_any_bytes_come_back_and_grow_by_little(body):
    packed = _packed(body)
    assert _unpacked(packed) == body
    assert len(packed) <= len(body) + 40


def test_the_same_body_is_kept_once_and_alike(archive):
    archive.put(BODY)
    before = the_file(archive).stat()
    archive.put(BODY)
    after = the_file(archive).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_files_are_their_owners_alone_and_nothing_else_is_left(archive):
    archive.put(BODY)
    assert stat.S_IMODE(the_file(archive).stat().st_mode) == 0o600
    assert [p for p in archive.folder.rglob("*") if p.is_file()] == [the_file(archive)]


@pytest.mark.parametrize("harm", [lambda b: b[:-9], lambda b: b[:20] + b"xx" + b[22:], lambda _: b"", lambda _: b"=no"])
def test_a_damaged_file_is_found_out_and_mended_when_its_page_comes_by(archive, harm):
    sha256 = archive.put(BODY)
    path = the_file(archive)
    path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(ArchiveError, match="is damaged"):
        archive.get(sha256)
    assert archive.put(BODY) == sha256
    assert archive.get(sha256) == BODY


def test_deleted_is_deleted(archive):
    sha256 = archive.put(BODY)
    assert archive.delete(sha256)
    assert not archive.delete(sha256)
    assert not archive.has(sha256)
    with pytest.raises(ArchiveError, match="not in the archive"):
        archive.get(sha256)


@pytest.mark.parametrize("name", ["../../etc/passwd", "a" * 63, "A" * 64, "", "a" * 64 + "/x"])
def test_a_name_that_is_no_digest_opens_no_path(archive, name):
    for question in (archive.get, archive.has, archive.delete):
        with pytest.raises(ArchiveError, match="no SHA-256"):
            question(name)


@pytest.mark.parametrize(
    ("number", "says"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "read-only"), (errno.EACCES, "can't be written to")],
)
@pytest.mark.parametrize("at", ["fsync", "replace"])
def test_a_disk_that_does_not_take_it(archive, monkeypatch, number, says, at):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(module.os, at, refuse)
    with pytest.raises(ArchiveError, match=says):
        archive.put(BODY)
    monkeypatch.undo()
    assert [p for p in archive.folder.rglob("*") if p.is_file()] == []
    assert archive.get(archive.put(BODY)) == BODY


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "pages").write_text("")
    with pytest.raises(ArchiveError, match="can't be kept"):
        Archive(tmp_path / "pages").put(BODY)


WRITER = """
import os, sys
from pathlib import Path
from cuttings.edges.archive import Archive
archive = Archive(Path(sys.argv[1]))
print("up", flush=True)
while True:
    archive.put(os.urandom(300_000))
"""


def test_killed_in_the_middle_what_is_there_is_whole(tmp_path):
    for _ in range(3):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE)
        process.stdout.readline()
        archive = Archive(tmp_path)
        before = set(archive.digests())
        while len(set(archive.digests())) < len(before) + 3:
            assert process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        process.stdout.close()
    for sha256 in archive.digests():
        assert len(archive.get(sha256)) == 300_000
