"""`./run audit [LOCK…]`: known faults of the packages in the locks, and how many packages were really looked up.

pip-audit ends with "No known vulnerabilities found" and 0 where it could look up not a single package: behind a mirror
that serves no advisories, say. Here that is a failure, in a sentence. Ends with 0 where every package was looked up and
none has a known fault, with 1 where one has, with 2 where some could not be looked up.

The advisories come from the package index (pypi) or, with --service osv, from OSV's; --url names another address that
answers as OSV's does, such as a mirror inside your network.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock",)


@dataclass(frozen=True, slots=True)
class Audited:
    """`skipped`: why packages could not be looked up, with how many; `found`: a line a known fault."""

    checked: int
    skipped: Mapping[str, int]
    found: tuple[str, ...]

    @property
    def packages(self) -> int:
        return self.checked + sum(self.skipped.values())

    @property
    def code(self) -> int:
        return 1 if self.found else 2 if self.skipped or not self.checked else 0


def audited(report: Mapping[str, Any]) -> Audited:
    """What pip-audit's JSON really says."""
    checked, skipped, found = 0, Counter[str](), []
    for package in report["dependencies"]:
        if reason := package.get("skip_reason"):
            skipped[reason.replace(package["name"], "it").partition(": it (")[0]] += 1
            continue
        checked += 1
        for fault in package.get("vulns", ()):
            mended = ", ".join(fault.get("fix_versions") or ()) or "no version yet"
            found.append(f"{package['name']} {package['version']}: {fault['id']}, mended in {mended}")
    return Audited(checked, dict(skipped), tuple(found))


def told(lock: str, result: Audited) -> list[str]:
    faults = f"{len(result.found)} known fault{'s' * (len(result.found) != 1)}"
    lines = [f"{lock}: {result.checked} of {result.packages} packages were looked up, {faults}."]
    lines += [f"  {line}" for line in result.found]
    lines += [f"  {count} not looked up: {reason}" for reason, count in result.skipped.items()]
    if not result.checked:
        lines.append("  Nothing was checked: the list of known faults can't be reached from here. Run it where it can,")
        lines.append("  or ask another list:  ./run audit --service osv   (--url ADDRESS: a mirror of that one)")
    return lines


def report(program: Sequence[str], lock: Path, asked: Sequence[str] = ()) -> Mapping[str, Any] | str:
    """pip-audit's answer; a sentence where it gave none. `asked`: its words for whose list it asks."""
    done = subprocess.run(
        [*program, "--requirement", str(lock), "--disable-pip", "--require-hashes", "--format", "json",
         "--progress-spinner", "off", *asked],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        made = json.loads(done.stdout)
    except json.JSONDecodeError:
        return f"pip-audit gave no answer: {(done.stderr.strip().splitlines() or ['it said nothing'])[-1][:200]}"
    return made if isinstance(made, dict) else "pip-audit gave an answer of another kind than this version should."


def main(arguments: Sequence[str] | None = None, program: Sequence[str] = (sys.executable, "-m", "pip_audit")) -> int:
    parser = argparse.ArgumentParser(
        prog="./run audit", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("locks", nargs="*", default=LOCKS, metavar="LOCK", help="left out: requirements.lock")
    parser.add_argument("--service", choices=("pypi", "osv"), help="whose list of known faults; left out: pypi")
    parser.add_argument("--url", metavar="ADDRESS", help="of a server that answers as OSV's does")
    wanted = parser.parse_args(arguments)
    service = wanted.service or ("osv" if wanted.url else "pypi")
    if wanted.url and service != "osv":
        parser.error("--url is the address of a server that answers as OSV's does: leave out --service, or say osv")
    asked = ["--vulnerability-service", service, *(["--osv-url", wanted.url] if wanted.url else [])]
    code = 0
    for lock in wanted.locks:
        if not (HOME / lock).is_file():
            print(f"{lock}: 0 packages were looked up. There is no such file.")
            code = max(code, 2)
            continue
        answer = report(program, HOME / lock, asked)
        if isinstance(answer, str):
            print(f"{lock}: 0 packages were looked up. {answer}")
            code = max(code, 2)
            continue
        result = audited(answer)
        print("\n".join(told(lock, result)))
        code = 1 if 1 in (code, result.code) else max(code, result.code)
    return code


if __name__ == "__main__":
    sys.exit(main())
