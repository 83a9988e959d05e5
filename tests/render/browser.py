"""Documents as a browser shows them: each in a frame of its own width, looked at by axe-core, in one run of Chromium.

axe.min.js stands in axe/ (Deque Systems, MPL-2.0, unchanged), so nothing is fetched and no node is needed.
"""

import html
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote

import pytest

AXE = Path(__file__).parent / "axe" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND",
    "--window-size=1400,900", "--virtual-time-budget=60000", "--dump-dom",
)  # fmt: skip

_IN_FRAME = """
<script>%s</script>
<script>
onload = async () => {
  const root = document.documentElement, seen = {
    width: innerWidth, content: root.scrollWidth, dark: matchMedia("(prefers-color-scheme: dark)").matches,
    wide: [...document.querySelectorAll("body *")].filter(e => !e.closest(".scroll") && !e.closest(".skip")
      && e.getBoundingClientRect().right > root.clientWidth + 1).map(e => e.outerHTML.slice(0, 120)),
  };
  const found = await axe.run(document, {runOnly: %s, resultTypes: ["violations", "passes"]});
  seen.violations = found.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.html.slice(0, 200)));
  seen.passed = found.passes.map(p => p.id);
  parent.postMessage([frameElement.id, seen], "*");
};
</script>
"""
_AROUND = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head><body>
<script>
const seen = {};
onmessage = e => {
  seen[e.data[0]] = e.data[1];
  if (Object.keys(seen).length === %d) {
    document.body.innerHTML = "<pre>" + encodeURIComponent(JSON.stringify(seen)) + "</pre>";
  }
};
</script>
%s
</body></html>"""


@dataclass(frozen=True)
class Seen:
    """`width` and `content` in CSS pixels: what the window shows and what the document needs."""

    width: int
    content: int
    dark: bool
    wide: list[str]
    violations: list[str]
    passed: list[str]


def not_checked(what: str) -> NoReturn:
    """The test is skipped, saying what was not checked; where CUTTINGS_TEST_ALL is set it fails instead."""
    if os.environ.get("CUTTINGS_TEST_ALL") == "1":
        pytest.fail(f"Not checked: {what}", pytrace=False)
    pytest.skip(f"Not checked: {what}")


@cache
def chromium() -> str:
    """The browser's path; the test that asks is skipped where there is none."""
    for name in (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"):
        if name and shutil.which(name):
            return name
    not_checked("no page was looked at in a browser: apt-get install chromium, or name one in CHROMIUM")


def look_at(documents: Mapping[str, tuple[str, int]], folder: Path, *, dark: bool = False) -> dict[str, Seen]:
    """What axe and the layout say of each document, by name; `documents` holds (HTML, width in CSS pixels)."""
    script = _IN_FRAME % (AXE.read_text(encoding="utf-8"), json.dumps(RULES))
    frames = "\n".join(
        f'<iframe id="{name}" title="{name}" style="border:0;width:{width}px;height:640px" '
        f'srcdoc="{html.escape(document.replace("</body>", script + "</body>"))}"></iframe>'
        for name, (document, width) in documents.items()
    )
    page = folder / "frames.html"
    page.write_text(_AROUND % (len(documents), frames), encoding="utf-8")
    scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
    done = subprocess.run(
        [chromium(), *FLAGS, scheme, f"--user-data-dir={folder / 'profile'}", page.as_uri()],
        capture_output=True, text=True, check=True, timeout=180,
    )  # fmt: skip
    answer = re.search(r"<pre>([^<]+)</pre>", done.stdout)
    assert answer, f"the browser came to no end: {done.stderr[-2000:]}"
    return {name: Seen(**seen) for name, seen in json.loads(unquote(answer[1])).items()}


def print_out(document: str, folder: Path) -> bytes:
    """The PDF that the browser's own print makes of an HTML file: the print medium, real pages, links kept."""
    page, out = folder / "page.html", folder / "page.pdf"
    page.write_text(document, encoding="utf-8")
    flags = [flag for flag in FLAGS if flag != "--dump-dom"]
    subprocess.run(
        [chromium(), *flags, "--no-pdf-header-footer", f"--print-to-pdf={out}",
         f"--user-data-dir={folder / 'profile'}", page.as_uri()],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return out.read_bytes()
