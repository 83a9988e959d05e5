"""The archive: raw responses by their digest. The one thing that can't be computed again."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import re
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_NAME = re.compile(r"[0-9a-f]{64}")
_GZIP = b"\x1f\x8b"


class ArchiveError(Exception):
    """Something can't be kept or found, or is not what it was: which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Archive:
    """A folder of compressed files, each named by the SHA-256 of what it holds, spread over 256 folders.

    Files are of mode 600 and appear whole or not at all; the same body is kept once, however often it is put.
    """

    folder: Path

    def put(self, body: bytes) -> str:
        """Keep a body; its SHA-256 as hex. Raises ArchiveError where the disk is full or can't be written to."""
        sha256 = hashlib.sha256(body).hexdigest()
        path = self._path(sha256)
        if path.exists() and self._sound(path, sha256):
            return sha256
        try:
            _write(path, _packed(body))
        except OSError as error:
            raise ArchiveError(f"{path}: can't be kept: {_why(error)}") from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """The body with this digest. Raises ArchiveError where it is not there or was damaged."""
        path = self._path(sha256)
        try:
            packed = path.read_bytes()
        except FileNotFoundError as error:
            raise ArchiveError(f"{sha256} is not in the archive {self.folder}.") from error
        except OSError as error:
            raise ArchiveError(f"{path}: can't be read: {_why(error)}") from error
        body = _unpacked(packed)
        if body is None or hashlib.sha256(body).hexdigest() != sha256:
            raise ArchiveError(f"{path}: is damaged: its contents are not what was kept. Restore it from a backup.")
        return body

    def has(self, sha256: str) -> bool:
        return self._path(sha256).exists()

    def kept_since(self, sha256: str) -> float:
        """When the file of a body was written, in seconds since 1970. Raises ArchiveError where it is not there."""
        try:
            return self._path(sha256).stat().st_mtime
        except OSError as error:
            raise ArchiveError(f"{sha256} is not in the archive {self.folder}.") from error

    def delete(self, sha256: str) -> bool:
        """Remove a body for good; False where it was not there. Raises ArchiveError where it can't be removed."""
        path = self._path(sha256)
        try:
            path.unlink()
            _sync_folder(path.parent)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise ArchiveError(f"{path}: can't be removed: {_why(error)}") from error
        return True

    def digests(self) -> Iterator[str]:
        """Every digest that is kept, in order."""
        for shard in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            for path in sorted(shard.glob("*.gz")):
                if _NAME.fullmatch(path.stem):
                    yield path.stem

    def size(self) -> tuple[int, int]:
        """(how many bodies, bytes on disk)."""
        sizes = [self._path(sha256).stat().st_size for sha256 in self.digests()]
        return len(sizes), sum(sizes)

    def _path(self, sha256: str) -> Path:
        # A digest comes out of the database, but "../../etc" must not become a path whoever wrote it.
        if not _NAME.fullmatch(sha256):
            raise ArchiveError(f"{sha256[:80]!r} is no SHA-256.")
        return self.folder / sha256[:2] / f"{sha256}.gz"

    def _sound(self, path: Path, sha256: str) -> bool:
        """A damaged file is written anew when its page comes by again."""
        try:
            body = _unpacked(path.read_bytes())
        except OSError:
            return False
        return body is not None and hashlib.sha256(body).hexdigest() == sha256


def _packed(body: bytes) -> bytes:
    # Without a time in it: the same body gives the same file, so backups see no change.
    packed = gzip.compress(body, compresslevel=6, mtime=0)
    return packed if len(packed) < len(body) or body.startswith(_GZIP) or not body else b"=" + body


def _unpacked(packed: bytes) -> bytes | None:
    if packed.startswith(b"="):  # what compressing would make longer: a JPEG, a PDF
        return packed[1:]
    try:
        return gzip.decompress(packed)
    except (OSError, EOFError, zlib.error):
        return None


def write_whole(path: Path, data: bytes) -> None:
    """Write a file of mode 600 so that it is there whole or not at all, even after a power cut. Raises OSError."""
    _write(path, data)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)  # noqa: PTH105 - the name is mkstemp's string
    except BaseException:
        with suppress(OSError):
            os.unlink(name)  # noqa: PTH108
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


_WHY = {
    errno.ENOSPC: "the disk is full. Make room and run again.",
    errno.EDQUOT: "the disk quota is used up. Make room and run again.",
    errno.EROFS: "the disk is read-only.",
    errno.EACCES: "it can't be written to. Check who owns the folder.",
    errno.EPERM: "it can't be written to. Check who owns the folder.",
    errno.ENOTDIR: "a file stands where a folder should be.",
}


def _why(error: OSError) -> str:
    return _WHY.get(error.errno or 0, f"{error.strerror or error}.")
