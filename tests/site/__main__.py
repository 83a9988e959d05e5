"""Serve the sample site for people who want to look: `python -m tests.site`."""

from __future__ import annotations

import threading

from tests.site.server import serve
from tests.site.sites import SITES


def main() -> None:
    with serve() as running:
        for site in SITES:
            state = "" if site.skin else "   (down: nobody listens)"
            print(f"{site.name:38} {running.base(site.id)}{site.entry}{state}")
        print("Ctrl-C stops it.", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
