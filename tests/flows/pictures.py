"""Pictures of Prefect's pages as a person sees them: `python -m tests.flows.pictures [FOLDER [NAME…]]`.

A house is made in a temporary folder, `cuttings serve` started in it, and its pages opened in headless Chromium: the
forms, and a run with its artifacts. Each picture is kept only when the words stand on the page that it is to show.
"""

from __future__ import annotations

import base64
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests
from PIL import Image
from websockets.sync.client import ClientConnection, connect

from flows import names
from tests.flows.conftest import AS_AT, COUNCIL, EDITIONS, HOME
from tests.flows.test_serve import free_port
from tests.render.browser import chromium
from tests.site.server import serve, sources_toml

KEPT = HOME / "output" / "sample" / "screens"
NEVER = "0 5 29 2 *"
PATIENCE = 600.0  # seconds; a busy machine needs minutes for Prefect's start
COLOURS = 64  # a page has few: a quarter of the bytes, and nobody sees the difference
WIDTH = 1360  # CSS pixels


@dataclass(frozen=True, slots=True)
class Picture:
    """`says`: what must stand on the page, so that no picture shows a page that did not load."""

    name: str
    path: str
    says: Sequence[str]
    height: int
    tab: str = ""  # to open first
    chosen: Sequence[str] = ()  # of lists on the page, what a person would choose there


# ---------------------------------------------------------------- a house that is served


class Served:
    """Prefect's server of a house of its own, asked as any program would."""

    def __init__(self, folder: Path, sources: str) -> None:
        self.port, config = free_port(), folder / "config"
        config.mkdir()
        schedule = "".join(f'{n} = "{NEVER}"\n' for n in ("collect", "deliver", "remind", "retention", "health"))
        server = f"\n[server]\nport = {self.port}\n[schedule]\n{schedule}"
        editions = EDITIONS.replace("[[edition]]", f'[[edition]]\ncron = "{NEVER}"')
        web = 'public_url = "https://www.fellshire.example/cuttings"\n'
        (config / "council.toml").write_text(COUNCIL + web + server)
        (config / "editions.toml").write_text(editions.replace('id = "managers"', 'id = "managers"\napproval = true'))
        (config / "sources.toml").write_text(sources)
        (config / "themes.toml").write_text((HOME / "config" / "default" / "themes.toml").read_text())
        outside = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "CUTTINGS_"))}
        house = {"CUTTINGS_CONFIG": config, "CUTTINGS_OUTPUT": folder / "output", "CUTTINGS_AS_AT": AS_AT}
        self.log, self._auth = folder / "serve.log", config / "prefect-auth"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "flows.commands.main", "serve"], cwd=HOME, stdout=log, stderr=log,
                env=outside | {name: str(value) for name, value in house.items()},
            )  # fmt: skip
        self.session = requests.Session()
        self.session.trust_env = False

    def post(self, path: str, **body: Any) -> Any:
        self.session.auth = tuple(self.words.split(":", 1))  # type: ignore[assignment]
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = self.session.post(f"http://127.0.0.1:{self.port}/api/{path}", json=body, timeout=120)
            if answer.status_code != 503 or time.monotonic() > deadline:  # its database is busy
                break
            time.sleep(2)
        answer.raise_for_status()
        return answer.json()

    @property
    def words(self) -> str:
        """What logs a person in."""
        return self._auth.read_text().strip()

    def deployments(self) -> dict[str, str]:
        try:
            flows = {f["id"]: f["name"] for f in self.post("flows/filter")}
            return {f"{flows[d['flow_id']]}/{d['name']}": d["id"] for d in self.post("deployments/filter")}
        except (requests.RequestException, OSError, KeyError):
            return {}  # not up yet

    def run(self, name: str, **parameters: Any) -> str:
        """A run by hand, waited for; its id."""
        made = self.post(
            f"deployments/{self.deployments()[name]}/create_flow_run",
            state={"type": "SCHEDULED"}, parameters=parameters,
        )  # fmt: skip
        ended = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")

        def state() -> str:
            (found,) = self.post("flow_runs/filter", flow_runs={"id": {"any_": [made["id"]]}})
            return found["state_type"] if found["state_type"] in ended else ""

        assert self.until(state, name) == "COMPLETED", self.log.read_text()[-3000:]
        return str(made["id"])

    def until(self, found: Callable[[], Any], what: str) -> Any:
        deadline = time.monotonic() + PATIENCE
        while not (answer := found()):
            assert self._process.poll() is None, self.log.read_text()[-3000:]
            assert time.monotonic() < deadline, f"{what}: not within {PATIENCE:.0f} seconds"
            time.sleep(1)
        return answer

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(90)


# ---------------------------------------------------------------- a browser


class Browser:
    """A page of headless Chromium, driven by its own protocol."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._asked = socket, 0

    def do(self, method: str, **given: Any) -> dict[str, Any]:
        self._asked += 1
        self._socket.send(json.dumps({"id": self._asked, "method": method, "params": given}))
        while (answer := json.loads(self._socket.recv(60))).get("id") != self._asked:
            pass
        assert "error" not in answer, answer
        return dict(answer["result"])

    def ask(self, script: str) -> Any:
        return self.do("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def until(self, script: str, what: str) -> None:
        deadline = time.monotonic() + 120
        while not self.ask(script):
            assert time.monotonic() < deadline, f"{what}: {self.ask('document.body.innerText')!r:.3000}"
            time.sleep(0.3)

    def take(self, picture: Picture, address: str) -> bytes:
        self.do("Emulation.setDeviceMetricsOverride", width=WIDTH, height=picture.height, deviceScaleFactor=1,
                mobile=False)  # fmt: skip
        self.do("Page.navigate", url=f"{address}{picture.path}")
        if picture.tab:
            named = f"e => e.innerText?.trim() === {json.dumps(picture.tab)}"
            tab = f"[...document.querySelectorAll('*')].filter({named}).at(-1)"
            self.until(f"!!{tab}", f"{picture.name}: the tab {picture.tab}")
            self.ask(f"{tab}.click()")
        for said in picture.says:
            # What a person typed or was given stands in a field's value, not in the page's text.
            shown = "document.body.innerText + [...document.querySelectorAll('input,textarea')].map(e => e.value)"
            self.until(f"({shown}).includes({json.dumps(said)})", f"{picture.name}: {said!r}")
        for choice in picture.chosen:
            option = f"[...document.querySelectorAll('option')].find(o => o.text.trim() === {json.dumps(choice)})"
            self.until(f"!!{option}", f"{picture.name}: the choice {choice!r}")
            change = "new Event('change', {bubbles: true})"
            self.ask(f"(o => {{ o.selected = true; o.closest('select').dispatchEvent({change}) }})({option})")
        time.sleep(1.5)  # what slides or fades comes to rest
        return base64.b64decode(self.do("Page.captureScreenshot", format="png")["data"])


@contextmanager
def browser(words: str) -> Iterator[Browser]:
    """Logged in with these words, as the page keeps them once a person has typed them."""
    # What Chromium still writes as it ends is in nobody's way.
    with tempfile.TemporaryDirectory(prefix="cuttings-browser-", ignore_cleanup_errors=True) as folder:
        port = Path(folder) / "DevToolsActivePort"
        flags = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                 "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
                 "--remote-debugging-port=0", "--lang=en-GB", f"--user-data-dir={folder}")  # fmt: skip
        process = subprocess.Popen([chromium(), *flags, "about:blank"], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)  # fmt: skip
        try:
            deadline = time.monotonic() + 60
            while not port.exists() or not port.read_text().strip():
                assert time.monotonic() < deadline, "Chromium did not start"
                time.sleep(0.2)
            with requests.Session() as session:
                session.trust_env = False
                pages = session.get(f"http://127.0.0.1:{port.read_text().split()[0]}/json", timeout=30).json()
            address = next(page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page")
            with connect(address, max_size=None, proxy=None) as socket:
                opened = Browser(socket)
                opened.do("Page.enable")
                key = json.dumps(base64.b64encode(words.encode()).decode())
                script = f"localStorage.setItem('prefect-password', {key})"
                opened.do("Page.addScriptToEvaluateOnNewDocument", source=script)
                yield opened
        finally:
            process.terminate()
            process.wait(30)


# ---------------------------------------------------------------- the pictures


def forms(served: Served) -> Iterator[Picture]:
    """What a person meets who wants to start something."""
    last = f"reread/{names.REREAD}"  # they are written one after the other
    served.until(lambda: last in served.deployments(), "the deployments")
    made = served.deployments()
    form = "/deployments/deployment/{}/run"
    yield Picture("deployments", "/deployments", sorted({n.partition("/")[2] for n in made}), 1000)
    says = ("Edition", "Dry run")
    yield Picture(
        "publish-form", form.format(made["publish/managers"]), says, 1180, chosen=("managers", "the one before")
    )
    says = ("Your decision", "Reason", "Number of the proof")
    yield Picture("decide-form", form.format(made[f"decide/{names.ANSWER}"]), says, 1700, chosen=("approve",))


def after_a_run(served: Served) -> Iterator[Picture]:
    """A publish, with what it leaves on its page."""
    served.run(f"collect/{names.COLLECT}")
    published = served.run("publish/managers", period="2026-W44")
    shown = {"counts": ("sources read", 900), "issue": ("awaiting approval", 1250), "failed": ("why", 620)}
    for artifact in served.post("artifacts/filter", artifacts={"flow_run_id": {"any_": [published]}}):
        if artifact["key"] in shown:
            says, height = shown[artifact["key"]]
            address = f"/artifacts/artifact/{quote(artifact['id'])}"
            yield Picture(f"run-{artifact['key']}", address, (says,), height)
    says = ("publish managers 2026-W44", "Completed", "what it was made of")
    yield Picture("run", f"/runs/flow-run/{published}", says, 1150, "Artifacts")


def small(png: bytes) -> bytes:
    out = io.BytesIO()
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def main(folder: Path, wanted: Sequence[str]) -> None:
    """All pictures, or those `wanted` by name; without one of a run none is run."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="cuttings-pictures-") as house, serve() as site:
        served = Served(Path(house), sources_toml(site))
        try:
            served.until(served.deployments, "the server")
            with browser(served.words) as opened:
                kinds = [forms, *([after_a_run] if not wanted or any(n.startswith("run") for n in wanted) else [])]
                for picture in (one for kind in kinds for one in kind(served)):
                    if wanted and picture.name not in wanted:
                        continue
                    data = small(opened.take(picture, f"http://127.0.0.1:{served.port}"))
                    (folder / f"{picture.name}.png").write_bytes(data)
                    print(f"{picture.name}.png: {len(data):,} bytes", flush=True)
        finally:
            served.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else KEPT, sys.argv[2:])
