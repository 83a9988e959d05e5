"""Small disks of their own, to be filled or to be made read-only; only an administrator may mount one."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FILLER = "filler"  # what makes a disk full


def may_mount() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        if shutil.which("mount") is None:
            return False
        if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True).returncode:
            return False
        subprocess.run(["umount", folder], check=True)
    return True


class Disk:
    """The disk at a folder, while it is mounted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read_only(self) -> None:
        self._remount("ro")

    def full(self) -> None:
        """No room for another byte, but in the last block of a file that is there."""
        self._remount("size=2m")
        with (self.folder / FILLER).open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"x" * 4096)

    def mended(self) -> None:
        self._remount("rw,size=64m")
        (self.folder / FILLER).unlink(missing_ok=True)

    def _remount(self, how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", str(self.folder)], check=True)


@contextmanager
def disk(folder: Path, kib: int | None = None) -> Iterator[Disk]:
    """A disk of `kib` (None: 64 MB) at the folder, which is made if need be; what the folder held is on it."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {p.relative_to(folder): (p.read_bytes(), p.stat().st_mode) for p in folder.rglob("*") if p.is_file()}
    size = f"size={kib}k" if kib else "size=64m"
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"{size},mode=755", "tmpfs", str(folder)], check=True)
    try:
        for name, (data, mode) in kept.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
            (folder / name).chmod(mode)
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def read_only_view(folder: Path, of: Path) -> Iterator[None]:
    """The folder `of` seen read-only at `folder`."""
    folder.mkdir()
    subprocess.run(["mount", "--bind", str(of), str(folder)], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
