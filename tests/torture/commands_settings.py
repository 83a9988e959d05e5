"""Everything a settings file can hold that it should not: wrong types in every key, slips of the pen, broken files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

from pydantic import BaseModel

from cuttings import settings, settings_files
from cuttings.model import BadConfiguration
from tests.torture.commands_paths import INPUTS
from tests.torture.commands_world import Call, World, few, row
from tests.torture.rows import Row

NOW = datetime(2026, 11, 2, tzinfo=UTC)
# As they are written in TOML.
VALUES = (
    "true", "-1", "0", "7", "0.5", "nan", "inf", "-inf", "1e400", "-0.0", str(2**63), f"-{2**63}", "9" * 400, '""',
    '" "', '"x"', '"\\u0000"', '"\\u001b[2J"', '"a\\nb"', '"\\u202ex"', f'"{"x" * 100_000}"', "[]", "[1]", '["x"]',
    '["\\u001b[2J"]', "[[]]", "[true, 2, {}]", "{}", "{x = 1}", "1979-05-27", "1979-05-27T07:32:00Z", "07:32:00",
    '"../../../../etc/passwd"', '"/dev/zero"', '"http://["', '"http://a b"', '"{0.__class__}"', '"{page!r:>999999999}"',
    '"* * * * *"', '"%s%n"', '"99999-01-01..99999-01-02"', '"2026-02-30..2026-03-01"', '"(((((((((("',
    '"' + "(" * 50_000 + '"', '"' + ":not(" * 2000 + '"', '"a@' + "a" * 5000 + '.example"',
)  # fmt: skip
# What a block of a list cannot do without; the key that is tried takes its value's place.
_NEEDED = {
    "source": {"id": '"moor"', "name": '"Moor"', "url": '"https://moor.example/feed"'},
    "edition": {"id": '"m"', "name": '"M"', "audience": '"members"'},
    "theme": {"id": '"t"', "name": '"T"', "description": '"d"', "phrases": '["care"]'},
}
_LISTS = {"source": "sources", "edition": "editions", "theme": "themes"}
TABLES: dict[str, type[BaseModel]] = {
    "council": settings.Council, "delivery": settings.Delivery, "storage": settings.Storage,
    "schedule": settings.Schedule, "server": settings.Server, "retention": settings.Retention,
    "source": settings.Source, "edition": settings.Edition, "theme": settings._ThemeTable,
}  # fmt: skip


def rows(world: World, quick: bool) -> Iterator[Row]:
    folder = world.folder / "tried"
    folder.mkdir()
    for table, model in TABLES.items():
        yield _wrong_types(folder, table, model, 23 if quick else 1)
    yield _misspelt(folder, 9 if quick else 1)
    files = settings_files.FILES[:1] if quick else settings.FILES
    for name, make in few(INPUTS, quick, 6):
        yield row(f"a settings file that is {name}", world, _files(world, files, make))
    for name, data in few(FILES, quick, 6):
        yield row(
            f"a settings file {name}", world, _files(world, files, lambda path, data=data: path.write_bytes(data))
        )
    for variable, values in ENVIRONMENT.items():
        yield row(f"the environment: {variable}", world, _environment(variable, values, quick))


def _document(table: str, key: str, value: str) -> tuple[str, str]:
    if table in _LISTS:
        # The id stays: without one there is no block to name in a sentence.
        lines = _NEEDED[table] | {key: value}
        return _LISTS[table], f"[[{table}]]\n" + "".join(f"{name} = {text}\n" for name, text in lines.items())
    return "council", f"[{table}]\n{key} = {value}\n"


def _keys(model: type[BaseModel]) -> Iterator[str]:
    """Every key, those of tables inside it as 'licence.words'."""
    for name, field in model.model_fields.items():
        yield name
        inner = [one for one in (field.annotation, *get_args(field.annotation)) if isinstance(one, type)]
        for one in inner:
            if issubclass(one, BaseModel):
                yield from (f"{name}.{below}" for below in _keys(one))


def _loaded(folder: Path, name: str, text: str) -> settings.Settings:
    for stale in folder.iterdir():
        stale.unlink()
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return settings.load([folder])


def _wrong_types(folder: Path, table: str, model: type[BaseModel], every: int) -> Row:
    tried, refused, wrong = 0, 0, []
    for key in _keys(model):
        for n, value in enumerate(VALUES):
            if (n + len(key)) % every:
                continue
            tried += 1
            said = ""
            try:
                said = _unusable(_loaded(folder, *_document(table, key, value)))
            except BadConfiguration as error:
                refused += 1
                said = _no_sentence(str(error), table, key)
            except Exception as error:  # whatever it is, it is what we look for
                said = f"{type(error).__name__}: {error}"
            if said:
                wrong.append(f"{key} = {value[:40]}: {said[:160]}")
    detail = "\n      ".join(wrong[:5]) if wrong else f"{refused} refused with file and key, the others can be used"
    return Row(f"[{table}] any value in each of {len(list(_keys(model)))} keys", tried, len(wrong), detail)


def _no_sentence(text: str, table: str, key: str) -> str:
    if len(text) > 2000:
        return f"a sentence of {len(text)} characters"
    if any(ord(c) < 32 and c != "\n" for c in text):
        return f"control characters in {text!r}"
    if ".toml: " not in text or (key.split(".")[0] not in text and table not in text):
        return f"it does not say where: {text}"
    return ""


def _unusable(found: settings.Settings) -> str:
    """What was taken in must do where it is used: a term of infinite days ends in an OverflowError a month later."""
    for model in (found.council, found.delivery, found.schedule, found.retention, *found.sources, *found.editions):
        for name, value in model:
            unit = name.rpartition("_")[2]
            if unit in ("days", "hours", "seconds") and value is not None:
                try:
                    _ = NOW - timedelta(**{unit: value}), NOW + timedelta(**{unit: value})
                except (OverflowError, ValueError) as error:
                    return f"taken in, and then {error}"
            if isinstance(value, float) and not abs(value) < 1e12:
                return f"{name} = {value} is taken in"
    return ""


def _misspelt(folder: Path, every: int) -> Row:
    tried, wrong = 0, []
    for table, model in TABLES.items():
        for n, key in enumerate(model.model_fields):
            if n % every or len(key) < 4:
                continue
            swapped = key[:1] + key[2] + key[1] + key[3:]
            for slip in {key[:-1], key + key[-1], swapped, key.replace("_", "-"), key.upper()} - {key}:
                if slip in model.model_fields:
                    continue
                tried += 1
                try:
                    _loaded(folder, *_document(table, slip, "1"))
                    wrong.append(f"{table}.{slip} is taken in")
                except BadConfiguration as error:
                    if f"Did you mean '{key}'?" not in str(error):
                        wrong.append(f"{table}.{slip}: {str(error)[-120:]}")
    detail = "\n      ".join(wrong[:3]) if wrong else "the right key is named"
    return Row("a key with a slip of the pen in it", tried, len(wrong), detail)


FILES: dict[str, bytes] = {
    "with a byte order mark": b"\xef\xbb\xbf[[source]]\r\n",
    "with CRLF": b"[council]\r\nname = 'X'\r\n",
    "in UTF-16": "[council]\nname = 'X'\n".encode("utf-16"),
    "not UTF-8": b"[council]\nname = '\xff\xfe'\n",
    "with NUL": b"[council]\nname = '\x00'\n",
    "of deep lists": b"[council]\nlocal = " + b"[" * 100_000 + b"]" * 100_000,
    "of deep tables": b"[council]\nx = " + b"{a = " * 20_000 + b"1" + b"}" * 20_000,
    "of a dotted key of 100,000 parts": b"a." * 100_000 + b"a = 1\n",
    "with a number of 10,000 digits": b"[server]\nport = " + b"9" * 10_000,
    "with a day that does not exist": b"[council]\npre_election = 2026-02-30\n",
    "of 60 MB": b"# " + b"x" * 60_000_000,
    "with a key twice": b"[council]\nname = 'X'\nname = 'Y'\n",
    "with a table twice": b"[council]\n[council]\n",
    "of 20,000 blocks": b"".join(b"[[source]]\nid = 's%d'\n" % n for n in range(20_000)),
    "of a block without a name": b"[[]]\n",
    "with escape sequences": b'["\\u001b[2J"]\n',
    "with an unknown table": b"[counsil]\nname = 'X'\n",
    "that is HTML": b"<!DOCTYPE html><title>404</title>",
}


def _files(world: World, names: tuple[str, ...], make: Callable[[Path], object]) -> Iterator[Call]:
    for name in names:
        path = world.local / name
        make(path)
        yield Call(("issues",), about=f"({name})")
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        path.unlink(missing_ok=True)


ENVIRONMENT: dict[str, tuple[str, ...]] = {
    "CUTTINGS_CONFIG": (
        ":::", "/dev/null", "/dev/zero", "/nowhere/at/all", "x" * 5000, "\udcff", "\x1b[2J", "/proc/1/root",
    ),
    "CUTTINGS_OUTPUT": ("/dev/null", "/dev/null/x", "/proc", "/nowhere\n", "x" * 5000, "/sys/x", "\x1b[2J/x"),
    "CUTTINGS_DATABASE": (
        "/", "/dev/null/x.db", "/etc/passwd", "/dev/zero", "nowhere/x.db", "x" * 5000, "postgresql://", "mysql://x/y",
        "postgresql://nobody@127.0.0.1:1/x", "sqlite://", "://", "a@b", "sqlite:////dev/zero",
        "postgresql://u:secret@[/x",
    ),
    "CUTTINGS_AS_AT": (
        "yesterday", "0001-01-01", "9999-12-31T23:59", "2026-13-01", "-1", "9" * 5000, "2026-11-02T07:00+23:59",
        "0001-01-01T00:00+12:00", "9999-12-31T23:00-12:00", "\x1b[2J", "nan",
    ),
}  # fmt: skip


def _environment(variable: str, values: tuple[str, ...], quick: bool) -> Iterator[Call]:
    for value in values[:2] if quick else values:
        for words in (("issues",), ("stats",))[: 1 if quick else 2]:
            yield Call(words, env={variable: value}, about=f"({variable}={ascii(value)[:40]})")
