"""A backup is whole, comes back checked, and brings nobody back who was forgotten since."""

import json
import signal
import sqlite3
import subprocess
import sys
import tarfile
import threading
from datetime import timedelta

import pytest

from cuttings.edges import backup, restoring
from cuttings.edges.archive import Archive
from cuttings.edges.store import articles, erased, open_store, people, stats
from flows import erasing
from flows.place import HOME
from tests.edges_store.made import article, comment, save
from tests.people.conftest import KEY, KINDS, NOW, URL, Readers, take_in
from tests.people.test_forgetting import CANARY, everything, forget
from tests.people.test_redacted import PAGE


def made(house, tmp_path, name="a.tar", **options):
    config = tmp_path / "config"
    target = tmp_path / "elsewhere" / name
    backup.make(house.store, house.archive, house.output / "issues", config, target, now=NOW, **options)
    return target


def restore(house, tmp_path, file, **options):
    house.store.close()
    return restoring.restore(
        file,
        house.address,
        house.archive,
        house.output / "issues",
        tmp_path / "config",
        hash_key=options.pop("hash_key", KEY),
        prepare=lambda store: erasing.bring_under(store, NOW),
        now=options.pop("now", NOW),
        **options,
    )


def test_what_went_in_comes_out(read_house, tmp_path):
    (tmp_path / "config" / "council.toml").write_text("[council]\n")
    (read_house.output / "issues").mkdir()
    (read_house.output / "issues" / "a.html").write_text("an issue")
    before = stats.rows(read_house.store), set(read_house.archive.digests())
    file = made(read_house, tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600
    read_house.emptied()
    for path in read_house.archive.folder.rglob("*.gz"):
        path.unlink()
    (read_house.output / "issues" / "a.html").unlink()
    (tmp_path / "config" / "council.toml").unlink()
    done = restore(read_house, tmp_path, file)
    assert (done.pages, done.files, done.kept) == (2, 1, ())
    after = stats.rows(read_house.store), set(read_house.archive.digests())
    assert after[1] == before[1]
    assert {k: v for k, v in after[0].items() if k != "marks"} == {k: v for k, v in before[0].items() if k != "marks"}
    assert (tmp_path / "config" / "council.toml").exists()
    assert not list(read_house.output.glob(".restore-*"))


def test_secrets_stay_out_unless_they_are_asked_for(read_house, tmp_path):
    for name in ("hash-key", "prefect-auth", "forgotten"):
        (tmp_path / "config" / name).write_text("{}")
    with tarfile.open(made(read_house, tmp_path)) as tar:
        assert not [n for n in tar.getnames() if n.startswith("config/")]
    with tarfile.open(made(read_house, tmp_path, "b.tar", secrets=True)) as tar:
        names = [n for n in tar.getnames() if n.startswith("config/")]
    assert names == ["config/hash-key", "config/prefect-auth"]


def test_who_was_forgotten_after_the_backup_stays_forgotten(read_house, tmp_path):
    file = made(read_house, tmp_path)
    forget(read_house)
    done = restore(read_house, tmp_path, file, replace=True)
    assert done.forgotten == 2
    erasing.settle(read_house, Readers(), now=NOW)
    read_house.store.close()
    assert CANARY not in everything(read_house)
    take_in(read_house, URL, PAGE.encode(), now=NOW + timedelta(days=1))
    assert CANARY not in b"".join(read_house.archive.get(d) for d in read_house.archive.digests())


def test_a_withdrawn_article_stays_withdrawn(read_house, tmp_path):
    file = made(read_house, tmp_path)
    key = erased.at_address(read_house.store, URL)
    erasing.remember("article", [key], "", NOW)
    people.withdraw_article(read_house.store, key, by="Editor", now=NOW)
    restore(read_house, tmp_path, file, replace=True)
    erasing.settle(read_house, Readers(), now=NOW)
    assert articles.find(read_house.store, [key]) == {}
    assert len(list(read_house.archive.digests())) == 1


def test_never_over_a_store_without_being_told(read_house, tmp_path):
    file = made(read_house, tmp_path)
    with pytest.raises(backup.BackupError, match="--replace"):
        restore(read_house, tmp_path, file)


def test_a_store_that_is_still_empty_is_in_nobodys_way(read_house, tmp_path):
    file = made(read_house, tmp_path)
    read_house.emptied()
    open_store(read_house.address).close()
    assert restore(read_house, tmp_path, file).manifest.counts["articles"] == 2


def test_another_hash_key_is_refused(read_house, tmp_path):
    file = made(read_house, tmp_path)
    with pytest.raises(backup.BackupError, match="another key"):
        restore(read_house, tmp_path, file, replace=True, hash_key=b"another")


@pytest.mark.parametrize("harm", ["cut", "byte", "noise", "path", "member", "missing"])
def test_a_damaged_backup_changes_nothing(read_house, tmp_path, harm):
    file = made(read_house, tmp_path)
    data = bytearray(file.read_bytes())
    if harm == "cut":
        data = data[: len(data) // 2]
    elif harm == "byte":
        at = data.index(b"SQLite format 3") + 4096 + 50
        data[at] ^= 0xFF
    elif harm == "noise":
        data = bytearray(b"no backup" * 1000)
    if harm in ("path", "member"):
        manifest = backup.read_manifest(file)
        name = "../escaped" if harm == "path" else "pages/ab/none.gz"
        with tarfile.open(file, "w") as tar:
            backup._add(tar, "../escaped", b"x")
            values = {n: getattr(manifest, n) for n in manifest.__dataclass_fields__} | {"files": {name: "0" * 64}}
            backup._add(tar, backup.MANIFEST, json.dumps(values).encode())
    elif harm == "missing":
        file.unlink()
    else:
        file.write_bytes(data)
    before = stats.rows(read_house.store)
    with pytest.raises(backup.BackupError):
        restore(read_house, tmp_path, file, replace=True)
    assert stats.rows(read_house.store) == before
    assert not (tmp_path / "escaped").exists()
    assert not list(read_house.output.glob(".restore-*"))


def test_somebody_at_work_in_the_store_is_not_overrun(read_house, tmp_path):
    file = made(read_house, tmp_path)
    before = stats.rows(read_house.store)
    other = open_store(read_house.address)
    with other.reading() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM articles")
        with pytest.raises(backup.BackupError, match="Stop"):
            restore(read_house, tmp_path, file, replace=True)
    other.close()
    assert stats.rows(read_house.store) == before


def test_a_backup_made_while_a_collect_writes_is_consistent(read_house, tmp_path):
    stop, failed = threading.Event(), []

    def write():
        store, n = open_store(read_house.address, hash_key=KEY), 0
        try:
            while not stop.is_set():
                a = article(f"piece-{n}")
                save(store, a, [comment(a, k, f"Voice {n} {k}") for k in range(1, 6)])
                n += 1
        except Exception as error:
            failed.append(error)
        finally:
            store.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(3):
            file = made(read_house, tmp_path, f"{n}.tar")
            folder = tmp_path / f"unpacked-{n}"
            manifest = backup.unpack(file, folder)
            # One save is one transaction: an article never comes without its five comments.
            own = manifest.counts["articles"] - 2
            assert manifest.counts["comments"] - 6 == own * 5
    finally:
        stop.set()
        writer.join(60)
    assert failed == []


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
sys.path.insert(0, {home!r})
from cuttings.edges import restoring
from cuttings.edges.archive import Archive
where, output = {where!r}, Path({output!r})
calls = 0
def die(name):
    real = getattr(restoring, name)
    def wrapped(*a, **k):
        if where == name + ":before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*a, **k)
        if where == name + ":after":
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    setattr(restoring, name, wrapped)
for name in ("unpack", "_made_ready", "_bring", "_close_journal", "_switch", "_load", "copy_rows", "sums"):
    die(name)
if where.startswith("replace"):
    real = os.replace
    def replace(a, b):
        if str(b).endswith("cuttings.db") and where == "replace:before":
            os.kill(os.getpid(), signal.SIGKILL)
        real(a, b)
        if str(b).endswith("cuttings.db"):
            os.kill(os.getpid(), signal.SIGKILL)
    os.replace = replace
restoring.restore(Path({file!r}), {address!r}, Archive(output / "pages"), output / "issues",
               Path({config!r}), hash_key={key!r}, prepare=lambda store: 0, now=datetime.now(UTC), replace=True)
"""

MOMENTS = {
    "sqlite": [
        *(f"{name}:{when}" for name in ("unpack", "_made_ready", "_bring", "_close_journal", "_switch")
          for when in ("before", "after")),
        "replace:before", "replace:after",
    ],
    "postgresql": [
        *(f"{name}:{when}" for name in ("unpack", "_made_ready", "_load", "copy_rows") for when in ("before", "after")),
        "sums:after",
    ],
}  # fmt: skip
NEW = ("replace:after", "_switch:after", "_load:after")


@pytest.mark.parametrize(("house", "where"), [(on, where) for on in KINDS for where in MOMENTS[on]], indirect=["house"])
def test_killed_in_the_middle_of_a_restore_the_old_store_stands_or_the_new_one(read_house, tmp_path, where):
    file = made(read_house, tmp_path)
    take_in(read_house, "https://moor.example/later/", PAGE.replace("Night care", "Day care").encode())
    new, old = 2, 3
    code = KILLED.format(
        home=str(HOME), where=where, output=str(read_house.output), file=str(file),
        config=str(tmp_path / "config"), key=KEY, address=str(read_house.address),
    )  # fmt: skip
    read_house.store.close()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    if not read_house.on_a_server:
        connection = sqlite3.connect(read_house.address)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
    assert stats.stats(read_house.store).articles == (new if where in NEW else old)
    # The next restore clears up and succeeds.
    restore(read_house, tmp_path, file, replace=True)
    assert stats.stats(read_house.store).articles == new
    assert not list(read_house.output.glob(".restore-*"))


@pytest.mark.parametrize("house", KINDS[1:], indirect=True)
def test_from_a_file_to_a_server_and_back(read_house, tmp_path):
    """How somebody moves to PostgreSQL: a backup of one is a backup of the other."""
    file = made(read_house, tmp_path)
    here = tmp_path / "moved" / "cuttings.db"
    archive = Archive(here.parent / "pages")
    config, issues = tmp_path / "config", here.parent / "issues"
    restoring.restore(
        file, here, archive, issues, config, hash_key=KEY, prepare=lambda _: 0, now=NOW, nothing_sent=True
    )
    moved = open_store(here, hash_key=KEY)
    with moved.reading() as one, read_house.store.reading() as other:
        assert backup.sums(one) == backup.sums(other)
    again = tmp_path / "again.tar"
    backup.make(moved, archive, issues, config, again, now=NOW)
    moved.close()
    before = stats.rows(read_house.store)
    restore(read_house, tmp_path, again, replace=True, nothing_sent=True)
    assert stats.rows(read_house.store) == before
    take_in(read_house, "https://moor.example/later/", PAGE.replace("Night care", "Day care").encode())  # numbers go on


@pytest.mark.parametrize("house", KINDS[1:], indirect=True)
def test_a_server_that_took_something_else_keeps_the_old_store(read_house, tmp_path, monkeypatch):
    file = made(read_house, tmp_path)
    take_in(read_house, "https://moor.example/later/", PAGE.replace("Night care", "Day care").encode())
    before = stats.rows(read_house.store)
    monkeypatch.setattr(restoring, "sums", lambda _: {})
    with pytest.raises(backup.BackupError, match="The old store stands"):
        restore(read_house, tmp_path, file, replace=True)
    assert stats.rows(read_house.store) == before
