"""`./run audit` counts what was looked up: 'no known vulnerabilities' of nothing is no answer."""

import json
import sys

import pytest

from tests.audit import main

SKIPPED = {"name": "typer", "skip_reason": "Dependency not found on PyPI and could not be audited: typer (0.15.1)"}
SOUND = {"name": "rich", "version": "13.9", "vulns": []}
FAULTY = {"name": "lxml", "version": "5.3", "vulns": [{"id": "PYSEC-1", "fix_versions": ["5.4", "6.0"]}]}


@pytest.fixture
def pip_audit(tmp_path):
    def made(*dependencies, says=None):
        script = tmp_path / "pip_audit.py"
        answer = json.dumps({"dependencies": dependencies, "fixes": []}) if says is None else says
        script.write_text(f"import sys\nsys.stdout.write({answer!r})\nsys.stderr.write('went wrong')\n")
        return sys.executable, str(script)

    return made


@pytest.mark.parametrize(
    ("dependencies", "code", "says"),
    [
        ([SOUND], 0, "requirements.lock: 1 of 1 packages were looked up, 0 known faults."),
        ([SOUND, FAULTY], 1, "lxml 5.3: PYSEC-1, mended in 5.4, 6.0"),
        ([SOUND, SKIPPED], 2, "1 of 2 packages were looked up"),
        ([SKIPPED, SKIPPED], 2, "Nothing was checked"),
        ([SKIPPED, FAULTY], 1, "1 not looked up: Dependency not found on PyPI and could not be audited"),
        ([], 2, "Nothing was checked"),
    ],
)
def test_it_counts(pip_audit, capsys, dependencies, code, says):
    assert main([], pip_audit(*dependencies)) == code
    assert says in capsys.readouterr().out


@pytest.mark.parametrize("says", ["", "[]", "no JSON"])
def test_without_an_answer_nothing_was_looked_up(pip_audit, capsys, says):
    assert main([], pip_audit(says=says)) == 2
    assert "0 packages were looked up" in capsys.readouterr().out


def test_one_faulty_lock_is_enough(pip_audit, capsys):
    assert main(["requirements.lock", "requirements-test.lock"], pip_audit(FAULTY)) == 1
    assert capsys.readouterr().out.count("PYSEC-1") == 2


def test_a_lock_that_is_not_there_is_told_and_the_others_are_looked_up(pip_audit, capsys):
    assert main(["nowhere.lock", "requirements.lock"], pip_audit(SOUND)) == 2
    said = capsys.readouterr().out
    assert "nowhere.lock: 0 packages were looked up. There is no such file." in said
    assert "requirements.lock: 1 of 1 packages were looked up" in said


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ([], ["--vulnerability-service", "pypi"]),
        (["--service", "osv"], ["--vulnerability-service", "osv"]),
        (["--url", "http://127.0.0.1:1/"], ["--vulnerability-service", "osv", "--osv-url", "http://127.0.0.1:1/"]),
    ],
)
def test_whose_list_is_asked(tmp_path, capsys, words, asked):
    script = tmp_path / "pip_audit.py"
    script.write_text(
        "import json, sys\n"
        "word = ' '.join(sys.argv[sys.argv.index('off') + 1:])\n"
        "json.dump({'dependencies': [{'name': 'x', 'version': word, 'vulns': [{'id': 'A-1'}]}]}, sys.stdout)\n"
    )
    assert main(words, (sys.executable, str(script))) == 1
    assert f"x {' '.join(asked)}: A-1, mended in no version yet" in capsys.readouterr().out


def test_an_address_goes_with_osv_alone(pip_audit, capsys):
    with pytest.raises(SystemExit) as end:
        main(["--service", "pypi", "--url", "http://127.0.0.1:1/"], pip_audit(SOUND))
    assert end.value.code == 2
    assert "answers as OSV's does" in capsys.readouterr().err
