"""Rulings as files: out and in again, exactly, whatever a spreadsheet did to them."""

import csv
import io
import tomllib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings import rulings_file, spreadsheet
from cuttings.edges.store import judged
from cuttings.model import Ruling
from cuttings.rulings import Recorded
from tests.commands.making import NOW, environment, furnish, opened
from tests.commands.making import command as run


def rule(store, subject, decision, value=None, *, by="Ed Itor", at=NOW, reason=None):
    return judged.rule(store, [Ruling(subject, decision, value, by, at, reason)])[0]


def some(store, voices, held):
    rule(store, f"comment:{voices['bold'].key}", "spam", reason='=HYPERLINK("x"), "quoted";\nand a new line')
    rule(store, f"article:{held['here'].key}", "theme", "carers", by="Zoë Ó Briain")
    rule(store, "item:managers-2026-10-26-2026-11-01/0123456789abcdef", "strike", by="@anna")
    gone = rule(store, f"comment:{voices['stale'].key}", "release", at=NOW + timedelta(seconds=1))
    judged.undo(store, gone, now=NOW + timedelta(seconds=2))
    return [(r.ruling, r.undone) for r in judged.records(store)]


@pytest.mark.parametrize("kind", ["csv", "toml"])
def test_out_and_in_again_is_exact(house, tmp_path, kind):
    environ, store, voices, held = house
    before = some(store, voices, held)
    done = run(environ, "rulings", "export", tmp_path / f"r.{kind}")
    assert "4 rulings" in done.stdout
    assert "1 of them taken back" in done.stdout
    text = (tmp_path / f"r.{kind}").read_text(encoding="utf-8")
    assert not [v.text for v in voices.values() if v.text in text]
    other = tmp_path / "other"
    other.mkdir()
    environ = environment(other)
    done = run(environ, "rulings", "import", tmp_path / f"r.{kind}")
    assert done.returncode == 0, done.stderr
    assert "4 new, 0 known already." in done.stdout
    assert "4 of the new ones wait for what is not read here yet: 1 article, 2 comments, 1 item." in done.stdout
    second = opened(other)
    assert [(r.ruling, r.undone) for r in judged.records(second)] == before
    furnish(second)  # and now what they waited for is read
    assert judged.find(second, [voices["bold"].key])[voices["bold"].key].verdict.outcome == "spam"
    assert judged.find(second, [voices["copy"].key])[voices["copy"].key].verdict.outcome == "spam"
    second.close()
    assert "0 new, 4 known already." in run(environ, "rulings", "import", tmp_path / f"r.{kind}").stdout


@pytest.mark.parametrize(
    ("delimiter", "encoding", "end"), [(";", "utf-8-sig", "\r\n"), ("\t", "utf-16", "\r\n"), (",", "cp1252", "\n")]
)
def test_a_spreadsheet_in_between_changes_nothing(house, tmp_path, delimiter, encoding, end):
    environ, store, voices, held = house
    some(store, voices, held)
    run(environ, "rulings", "export", tmp_path / "r.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "r.csv").read_text(encoding="utf-8-sig"), newline="")))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows([*rows, [""] * len(rows[0])])
    (tmp_path / "r.csv").write_bytes(out.getvalue().encode(encoding))
    assert "0 new, 4 known already." in run(environ, "rulings", "import", tmp_path / "r.csv").stdout


def test_what_is_wrong_is_refused_with_its_line_and_the_rest_holds(house, tmp_path):
    environ, _store, voices, _ = house
    lines = [
        "subject,decision,by,at",
        f"comment:{voices['bold'].key},spam,Ed,2026-04-06T07:00:00Z",
        f"comment:{voices['stale'].key},perhaps,Ed,2026-04-06T07:00:00Z",
        f"comment:{voices['stale'].key},spam,,2026-04-06T07:00:00Z",
        f"comment:{voices['stale'].key},spam,Ed,06/04/2026 07:00",
        "1.2E+15,spam,Ed,2026-04-06T07:00:00Z",
        "article:0123456789abcdef,theme,Ed,2026-04-06T07:00:00Z",
    ]
    (tmp_path / "r.csv").write_text("\n".join(lines))
    done = run(environ, "rulings", "import", tmp_path / "r.csv")
    assert done.returncode == 1
    assert "1 new, 0 known already, 5 refused." in done.stdout
    for part in ("line 3: ‘perhaps’", "line 4: nobody", "line 5: ‘06/04/2026", "line 6: ‘1.2E+15’", "line 7: ‘theme’"):
        assert part in done.stderr


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("r.csv", b"", "it is empty"),
        ("r.csv", b"a,b\n1,2\n", "does not name subject"),
        ("r.csv", b"PK\x03\x04\x00\x00\xff\xfe\x81", "no text"),
        ("r.toml", b"[[ruling]\n", "not valid TOML"),
        ("r.toml", b"x = 1\n", "[[ruling]] blocks"),
        ("r.xlsx", b"", "ends in .csv or .toml"),
    ],
)
def test_a_file_that_is_none_says_so(house, tmp_path, name, data, why):
    (tmp_path / name).write_bytes(data)
    done = run(house[0], "rulings", "import", tmp_path / name)
    assert done.returncode in (1, 2)
    assert why in done.stderr
    assert run(house[0], "rulings", "import", tmp_path / "missing.csv").returncode == 1


def test_an_unknown_theme_is_kept_and_named(house, tmp_path):
    environ, store, _, held = house
    text = f"subject,decision,value,by,at\narticle:{held['here'].key},theme,gardens,Ed,2026-04-06\n"
    (tmp_path / "r.csv").write_text(text)
    done = run(environ, "rulings", "import", tmp_path / "r.csv")
    assert "no theme of that name is configured here: gardens" in done.stdout
    assert len(judged.records(store)) == 1


# ---------------------------------------------------------------- the files, by themselves

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)
FILLED = TEXT.filter(lambda t: t.strip())
MOMENT = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
RULINGS = st.builds(
    Ruling,
    subject=st.sampled_from(["comment:0123456789abcdef", "article:fedcba9876543210", "item:managers-1/0123456789ab"]),
    decision=st.just("theme"),
    value=FILLED,
    by=FILLED,
    at=MOMENT,
    reason=st.none() | FILLED,
)
RECORDS = st.lists(st.builds(Recorded, st.just(1), RULINGS, st.none() | MOMENT), max_size=4)


@given(RECORDS)
def test_any_ruling_comes_back_as_it_went(given):
    for out, back in ((rulings_file.as_toml, rulings_file.from_toml), (rulings_file.as_csv, rulings_file.from_csv)):
        read = back(out(given).encode())
        assert not read.refused
        assert [(r.ruling, r.undone) for r in read.rulings] == [(r.ruling, r.undone) for r in given]
    tomllib.loads(rulings_file.as_toml(given))


@given(TEXT)
def test_a_cell_is_never_a_formula_and_comes_back(text):
    assert not spreadsheet.cell(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert spreadsheet.value(spreadsheet.cell(text)) == text
    assert not spreadsheet.shown(text).startswith(("=", "+", "-", "@"))
