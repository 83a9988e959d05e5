"""The editor's desk as an editor meets it: a real terminal, a script, a spreadsheet."""

import csv
import io
import os
import pty
import re
import select
import subprocess
import sys

import pytest

from cuttings.edges.store import judged, labelling
from cuttings.model import Verdict
from cuttings.rulings import article as about_article
from flows.terminal import Ended, Keys
from tests.commands.making import HELD, keep
from tests.commands.making import command as run
from tests.edges_store.made import article, comment


def outcome(store, one):
    return judged.find(store, [one.key])[one.key].verdict.outcome


def order_of(said):
    return re.findall(r"^▸ (\d+) ", said, re.M)


# ---------------------------------------------------------------- comments


def test_one_key_decides_and_the_most_consequential_come_first(house):
    environ, store, voices, _ = house
    done = run(environ, "review", "--by", "Ed Itor", keys="g\ns\n")
    assert done.returncode == 0, done.stderr
    # Local and in the coming issue first, the less suspect of them in front; then the old article's.
    assert order_of(done.stdout)[:2] == ["3", "4"]
    assert outcome(store, voices["doubtful"]) == "genuine"
    assert outcome(store, voices["bold"]) == "spam"
    assert outcome(store, voices["copy"]) == "spam", "a copy on another page follows"
    assert outcome(store, voices["stale"]) == "review"
    assert [r.by for _, r in judged.every_ruling(store)] == ["Ed Itor", "Ed Itor"]


def test_a_copy_that_was_settled_is_not_shown_again(house):
    environ, _, _, _ = house
    done = run(environ, "review", "--by", "Ed", keys="g\ns\ns\n")
    assert len(order_of(done.stdout)) == 3
    assert "1 settled by a copy" in done.stdout


def test_undo_goes_back_across_a_skip(house):
    environ, store, voices, _ = house
    done = run(environ, "review", "--by", "Ed", keys="s\nk\nu\nu\nq\n")
    assert order_of(done.stdout) == ["3", "4", "1", "4", "3"]
    assert outcome(store, voices["doubtful"]) == "review"
    assert judged.every_ruling(store) == ()
    assert len(judged.records(store)) == 1, "what was taken back stays on record"


def test_nothing_to_undo_is_said_and_harms_nothing(house):
    environ, _, _, _ = house
    assert "nothing to take back" in run(environ, "review", "--by", "Ed", keys="u\nq\n").stdout


def test_the_comment_stands_in_its_thread_with_the_reasons(house):
    environ, _, _, _ = house
    said = run(environ, "review", "--by", "Ed", keys="q\n").stdout
    assert "What fell-end taught us" in said
    assert "answered by it" in said
    assert "I was there when it opened" in said
    assert "+ one link" in said
    assert "- posted within a day" in said
    assert "local: Fell End" in said
    assert "next issue: managers" in said


def test_a_neighbours_name_is_not_shown(house):
    said = run(house[0], "review", "--by", "Ed", keys="q\n").stdout
    assert "Kitchen Fitters Leeds" in said
    assert "Jo Brack" not in said
    assert "Hana Vell" not in said


def test_everything_fits_eighty_columns(house):
    done = run(house[0], "review", "--by", "Ed", keys="?\nk\nk\nk\nk\n")
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_a_period_narrows_the_queue(house):
    environ = house[0]
    assert order_of(run(environ, "review", "--by", "Ed", "--period", "2026-06", keys="k\nk\n").stdout) == ["1", "2"]
    assert "No comment is held" in run(environ, "review", "--by", "Ed", "--period", "2025-06").stdout
    wrong = run(environ, "review", "--by", "Ed", "--period", "June")
    assert wrong.returncode == 1
    assert "is no period" in wrong.stderr


def test_a_decision_without_a_name_is_refused(house):
    done = run(house[0], "review", keys="g\n")
    assert done.returncode == 2
    assert "--by" in done.stderr
    assert judged.records(house[1]) == ()


HOSTILE = "\x1b[2J\x1b]0;owned\x07Nice\u202edaeb\u2066 post\x9b31m\x00" + "a" * 300 + "\u0301" * 50 + "\r\nmoney"


def test_hostile_text_does_nothing_to_the_terminal(house):
    environ, store, _, _ = house
    page = article("hostile", published="2026-10-30", title="Bad\x1b[31m title\u202e", paragraphs=("Fell End.",))
    voice = comment(page, 1, HOSTILE, author="\x1b[1mA\u202eB", links=("http://x.example/\x1b[0m",))
    verdict = Verdict("review", False, 0.2, HELD.because)
    keep(store, page, [voice], verdicts={voice.key: verdict})
    said = run(environ, "review", "--by", "Ed", keys="m\nq\n").stdout
    assert "money" in said
    shown = said.replace("\n", "")
    assert not [c for c in shown if ord(c) < 32 or 127 <= ord(c) < 160]
    assert not set(shown) & set("\u202e\u2066\u200b")
    assert "\u0301" * 4 not in shown
    assert max(map(len, said.splitlines())) <= 83  # three marks stand on letters, in no column of their own


# ---------------------------------------------------------------- a real terminal


def on_a_terminal(environ, words, typed):
    """Type one key at a time, each after the prompt it answers; everything the terminal was sent."""
    main, end = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.commands.main", *words],
        stdin=end, stdout=end, stderr=end, env=os.environ | environ, close_fds=True,
    )  # fmt: skip
    os.close(end)
    said = b""
    waiting = list(typed)
    try:
        while True:
            if not select.select([main], [], [], 60)[0]:
                raise AssertionError(f"nothing came for a minute after {said[-200:]!r}")
            try:
                more = os.read(main, 65536)
            except OSError:
                break
            if not more:
                break
            said += more
            if waiting and said.rstrip().endswith(waiting[0][0]):
                os.write(main, waiting.pop(0)[1])
        process.wait(30)
    finally:
        process.kill()
        process.wait()
        os.close(main)
    assert not waiting, (waiting, said[-500:])
    return process.returncode, said.decode()


def test_on_a_real_terminal_a_key_needs_no_enter_and_is_not_echoed(house):
    environ, store, voices, _ = house
    asked = b"? help"
    code, said = on_a_terminal(environ, ["review"], [(b"Your name:", b"Ed Itor\n"), (asked, b"s"), (asked, b"q")])
    assert code == 0, said
    assert outcome(store, voices["doubtful"]) == "spam"
    assert "→ spam" in said
    assert "1 spam" in said
    assert "\r\ns\r\n" not in said, "the key itself is not printed"


def test_an_arrow_is_one_key_that_means_nothing(monkeypatch):
    main, end = pty.openpty()
    with os.fdopen(end, "r") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        keys = Keys()
        assert keys.terminal
        with keys.listening():
            # The arrow to the left ends in D: read letter by letter it would call a comment a duplicate.
            for typed, meant in ((b"\x1b[D", ""), (b"G", "g"), ("é".encode(), ""), (b" ", " ")):
                os.write(main, typed)
                assert keys.key() == meant
            os.write(main, b"12\x7f4\n")
            assert keys.number() == 14
            os.write(main, b"\x04")
            with pytest.raises(Ended):
                keys.key()
    os.close(main)


# ---------------------------------------------------------------- themes


def standing(store, one):
    subject = about_article(one.key)
    labels = labelling.of_subjects(store, [subject])[subject][1]
    return labels.primary, {label.theme for label in labels.labels}


def test_themes_are_confirmed_with_one_key(house):
    environ, store, _, held = house
    done = run(environ, "review", "--themes", "--by", "Ed", keys="c\n")
    assert "Workforce and training" in done.stdout
    assert "[team]" in done.stdout
    assert standing(store, held["here"]) == ("workforce", {"workforce", "carers"})
    assert {(r.decision, r.value) for _, r in judged.every_ruling(store)} == {
        ("theme", "workforce"),
        ("theme", "carers"),
    }
    assert "No article waits" in run(environ, "review", "--themes", "--by", "Ed").stdout


def test_a_wrong_theme_is_taken_away_and_another_added_and_put_first(house):
    environ, store, _, held = house
    # Wrong: number 1 (workforce). Add number 1 of the rest (personalisation), put number 2 first, confirm.
    done = run(environ, "review", "--themes", "--by", "Ed", keys="w1\na1\np2\nc\n")
    assert done.returncode == 0, done.stderr
    first, themes = standing(store, held["here"])
    assert themes == {"carers", "personalisation"}
    assert first in themes
    assert "3 themes changed" in done.stdout


def test_no_theme_at_all_and_its_undoing(house):
    environ, store, _, held = house
    run(environ, "review", "--themes", "--by", "Ed", keys="n\n")
    assert standing(store, held["here"]) == (None, set())
    run(environ, "review", "--themes", "--by", "Ed", "--period", "2026-10", keys="n\nu\nq\n")
    assert standing(store, held["here"]) == (None, set()), "only what was done in this sitting is undone"


# ---------------------------------------------------------------- a spreadsheet


def queue_of(environ, path, *words):
    done = run(environ, "review", *words, "--export", path)
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def filled(rows, verdicts, delimiter=",", end="\r\n"):
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter, lineterminator=end)
    writer.writeheader()
    for row in rows:
        writer.writerow(row | {"verdict": verdicts.get(row["key"].removeprefix("comment:"), "")})
    return out.getvalue()


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-16"), (";", "cp1252")]
)
def test_the_queue_goes_out_and_comes_back_through_any_spreadsheet(house, tmp_path, delimiter, encoding):
    environ, store, voices, _ = house
    rows = queue_of(environ, tmp_path / "queue.csv")
    assert next(row["key"].removeprefix("comment:") for row in rows) == voices["doubtful"].key
    assert "Jo Brack" not in str(rows)
    assert "Kitchen Fitters" not in str(rows), "a spreadsheet travels: no names in it"
    back = filled(rows, {voices["doubtful"].key: "Genuine ", voices["stale"].key: "spam"}, delimiter)
    (tmp_path / "back.csv").write_bytes(back.encode(encoding, "replace"))
    done = run(environ, "review", "--import", tmp_path / "back.csv", "--by", "Ed")
    assert done.returncode == 0, done.stderr
    assert "2 decided, 0 were so already, 2 left" in done.stdout
    assert outcome(store, voices["doubtful"]) == "genuine"
    again = run(environ, "review", "--import", tmp_path / "back.csv", "--by", "Ed")
    assert "0 decided, 2 were so already" in again.stdout


def test_a_sheet_that_somebody_can_finish(house, tmp_path):
    environ, _store, voices, _ = house
    assert len(queue_of(environ, tmp_path / "all.csv")) == 4
    (first,) = queue_of(environ, tmp_path / "one.csv", "--most", "1")
    assert first["key"].removeprefix("comment:") == voices["doubtful"].key
    done = run(environ, "review", "--most", "1", "--export", tmp_path / "one.csv")
    assert f"1 rows in {tmp_path / 'one.csv'}; more are waiting." in done.stdout


def test_what_a_spreadsheet_line_says_wrongly_is_refused_by_its_number(house, tmp_path):
    environ, _store, _voices, _ = house
    rows = queue_of(environ, tmp_path / "queue.csv")
    rows[1]["key"] = "comment:1.23E+15"
    keys = [row["key"].removeprefix("comment:") for row in rows]
    text = filled(rows, {keys[0]: "perhaps", keys[1]: "spam", keys[2]: "spam"})
    (tmp_path / "back.csv").write_text(text)
    done = run(environ, "review", "--import", tmp_path / "back.csv", "--by", "Ed")
    assert done.returncode == 1
    assert "line 2: ‘perhaps’ is no verdict" in done.stderr
    assert "line 3: there is no comment" in done.stderr
    assert "1 decided" in done.stdout


def test_no_cell_of_the_queue_runs_as_a_formula(house, tmp_path):
    environ, store, _, _ = house
    page = article("formula", published="2026-10-30", title='=HYPERLINK("http://x.example")', paragraphs=("Fell End.",))
    words = "@SUM(1) and then; =cmd|' /C calc'!A0 and more,\"+1"
    keep(store, page, [comment(page, 1, words, author="=1+1"), comment(page, 2, "-2+3\n=4")])
    raw = (queue_of(environ, tmp_path / "queue.csv"), (tmp_path / "queue.csv").read_text(encoding="utf-8-sig"))[1]
    for delimiter in (",", ";", "\t"):
        cells = [c for row in csv.reader(io.StringIO(raw), delimiter=delimiter) for c in row]
        assert not [c for c in cells if c.lstrip(" \"'" if delimiter != "," else " ").startswith(("=", "@", "+"))
                    and not c.lstrip(' "').startswith("'")]  # fmt: skip


def test_themes_go_out_and_come_back_too(house, tmp_path):
    environ, store, _, held = house
    rows = queue_of(environ, tmp_path / "themes.csv", "--themes")
    assert rows[0]["themes"] == "workforce carers"
    rows[0] |= {"themes": "carers digital", "verdict": "ok"}
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    (tmp_path / "back.csv").write_text(out.getvalue())
    done = run(environ, "review", "--import", tmp_path / "back.csv", "--by", "Ed")
    assert "1 decided" in done.stdout, done.stderr
    assert standing(store, held["here"]) == ("carers", {"carers", "digital"})
