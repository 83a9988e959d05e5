"""An issue's files: aside until the store took them, then in their places; of a run that was killed nothing stays."""

from datetime import UTC, date, datetime

import pytest

from cuttings.edges.store.issues import Issue, IssueFile
from flows import making
from flows.making import File, NotFitToSend
from tests.digest.corpus import MEMBERS, digest, stories

NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "managers" / "managers-2026-10-26-2026-11-01"


def files(folder, words="Words."):
    return (File("pdf", folder / "a.pdf", b"%PDF " + words.encode()), File("html", folder / "a.html", words.encode()))


def issue(kept):
    described = tuple(IssueFile(f.kind, str(f.path), f.sha256, len(f.data)) for f in kept)
    days = date(2026, 10, 26), date(2026, 11, 1)
    return Issue("managers-2026-10-26-2026-11-01", "managers", *days, 1, 1, "composed", NOW, NOW, files=described)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_until_the_store_took_them_nobody_sees_them(folder):
    kept = files(folder)
    making.put_aside(kept)
    assert all(name.startswith(".") and name.endswith(".part") for name in names(folder))
    assert making.put_in_place(issue(kept))
    assert names(folder) == ["a.html", "a.pdf"]
    assert making.put_in_place(issue(kept))  # as often as somebody asks


def test_what_a_killed_run_left_aside_goes_with_the_next_one(folder):
    making.put_aside(files(folder, "Of a run that was killed."))
    (folder / ".x7f3.part").write_text("half a fi")
    kept = files(folder)
    making.put_aside(kept)
    making.put_in_place(issue(kept))
    assert names(folder) == ["a.html", "a.pdf"]


def test_a_run_killed_between_the_store_and_the_last_file_is_taken_up(folder):
    kept = files(folder)
    making.put_aside(kept)
    making._aside(kept[0].path, kept[0].sha256).replace(kept[0].path)  # and here it was killed
    assert making.put_in_place(issue(kept))
    assert names(folder) == ["a.html", "a.pdf"]


def test_where_one_can_t_be_written_none_is_left_aside(folder, monkeypatch):
    kept = files(folder)
    whole = making.write_whole

    def full(path, data):
        if "html" in path.name:
            raise OSError(28, "No space left on device")
        whole(path, data)

    monkeypatch.setattr(making, "write_whole", full)
    with pytest.raises(NotFitToSend, match="No space left on device"):
        making.put_aside(kept)
    assert names(folder) == []


def test_a_folder_that_became_read_only_in_between_is_told_in_a_sentence(folder, monkeypatch):
    kept = files(folder)
    making.put_aside(kept)

    def refuse(*_):
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patched:
        patched.setattr("pathlib.Path.replace", refuse)
        with pytest.raises(NotFitToSend, match="Read-only file system"):
            making.put_in_place(issue(kept))
    assert making.put_in_place(issue(kept))


def test_files_that_are_lost_or_damaged_are_not_passed_over(folder):
    kept = files(folder)
    assert not making.put_in_place(issue(kept))
    making.put_aside(kept)
    making.put_in_place(issue(kept))
    kept[0].path.write_bytes(b"%PDF of somebody else")
    assert not making.put_in_place(issue(kept))


def test_the_data_file_tells_of_the_issue_s_own_stories_alone():
    """What was struck, or left out before an election, had its title and its readers' number in there."""
    every = stories()
    shown = digest(MEMBERS, every)
    told = making._printed(shown, every)
    assert {one["story"] for one in told} == {item.story for item in shown.items}
    assert len(told) < len(every)
    assert shown.left_out
