"""What a killed run left half-written goes with the retention, and nothing else does."""

import os
import time

from flows import litter


def put(path, days, now):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("half of a page")
    os.utime(path, (now - days * 86400, now - days * 86400))
    return path


def test_old_parts_go_and_all_else_stays(tmp_path):
    now = time.time()
    gone = [
        put(tmp_path / "pages" / "ab" / ".x1.part", 3, now),
        put(tmp_path / "issues" / "managers" / "one" / ".cuttings.pdf.0123.part", 5, now),
        put(tmp_path / "outbox" / ".y.part", 40, now),
        put(tmp_path / "backups" / ".z.part", 3, now),
    ]
    copied = put(tmp_path / "backups" / ".backup-x" / "cuttings.db", 3, now).parent
    os.utime(copied, (now - 3 * 86400,) * 2)
    gone.append(copied)
    kept = [
        put(tmp_path / "pages" / "ab" / ".at-work.part", 0.5, now),
        put(tmp_path / "pages" / "ab" / "abcd.gz", 400, now),
        put(tmp_path / "issues" / "managers" / ".lock", 400, now),
        put(tmp_path / "outbox" / "a.part", 400, now),  # somebody's own: ours begin with a dot
        put(tmp_path / "elsewhere" / ".x.part", 400, now),
    ]
    assert litter.parts(tmp_path) == sorted(gone)
    assert litter.clear(tmp_path) == len(gone)
    assert not any(path.exists() for path in gone)
    assert all(path.exists() for path in kept)
    assert litter.clear(tmp_path) == 0


def test_before_anything_was_written_there_is_nothing_to_clear(tmp_path):
    assert litter.clear(tmp_path / "nowhere") == 0
