"""What can be reached: mail server, inbox, Prefect's server, and every source, all within a minute."""

from __future__ import annotations

import os
import smtplib
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from zoneinfo import ZoneInfo

from cuttings.settings import Settings, Source
from flows.doctor.finding import Finding, count, fault, look, ok

if TYPE_CHECKING:
    from cuttings.edges.fetch import Fetcher

SECONDS = 10.0  # for one answer
TOTAL = 60.0  # for all the sources together
AT_ONCE = 8
LONG_GONE = timedelta(days=7)


def findings(settings: Settings, now: datetime, environ: Mapping[str, str]) -> Iterator[Finding]:
    if settings.delivery.channel == "smtp":
        yield _smtp(settings, environ)
    if settings.delivery.inbox is not None:
        yield _inbox(settings, environ)
    yield from _prefect(settings, now, environ)
    yield from _sources(settings, now, environ)


def _smtp(settings: Settings, environ: Mapping[str, str]) -> Finding:
    """Greeted, encrypted and logged in as for a message, and then quit."""
    from cuttings.edges.mail import secured
    from flows.passwords import PASSWORD, PASSWORD_FILE, password

    delivery = settings.delivery
    name = f"{delivery.host}:{delivery.port}"
    try:
        secret = password(PASSWORD, PASSWORD_FILE, environ)
        if delivery.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                delivery.host, delivery.port, timeout=SECONDS, context=secured.context(delivery.ca_file)
            )
        else:
            connection = smtplib.SMTP(delivery.host, delivery.port, timeout=SECONDS)
        with connection:
            connection.ehlo()
            if delivery.security == "starttls":
                connection.starttls(context=secured.context(delivery.ca_file))
                connection.ehlo()
            if delivery.username:
                connection.login(delivery.username, secret or "")
    except smtplib.SMTPAuthenticationError as error:
        return fault(
            "mail",
            f"{name} refused the user name or password ({error.smtp_code}).",
            "Put the right one into config/local/smtp-password.",
        )
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return fault(
            "mail",
            f"{name} can't be used: {secured.in_words(error) or _said(error)}.",
            "Check [delivery] host, port and security in council.toml.",
        )
    except Exception as error:  # a password file that too many may read
        return fault("mail", str(error), "Until then nothing is sent.")
    login = " and takes our log-in" if delivery.username else ""
    return ok("mail", f"{name} answers{login}")


def _inbox(settings: Settings, environ: Mapping[str, str]) -> Finding:
    from cuttings.edges.mail import InboxError, inbox_at
    from cuttings.settings import BadConfiguration
    from flows.passwords import INBOX_PASSWORD, INBOX_PASSWORD_FILE, password

    address = settings.delivery.inbox or ""
    if address.startswith("maildir:"):
        folder = Path(address.removeprefix("maildir:"))
        if (folder / "new").is_dir() and os.access(folder / "new", os.R_OK):
            return ok("inbox", f"{folder} can be read")
        return fault("inbox", f"{folder} is no maildir that we can read.", "Check [delivery] inbox in council.toml.")
    try:
        secret = password(INBOX_PASSWORD, INBOX_PASSWORD_FILE, environ)
        inbox_at(address, password=secret, ca_file=settings.delivery.ca_file).take(lambda _: False, 0)
    except (InboxError, BadConfiguration) as error:
        return fault("inbox", str(error), "Check [delivery] inbox and its password.")
    return ok("inbox", "It can be opened and read")


def _prefect(settings: Settings, now: datetime, environ: Mapping[str, str]) -> Iterator[Finding]:
    from flows import prefect_home

    path = prefect_home.auth_file(environ)
    url = prefect_home.api_url(settings)
    auth = path.read_text().strip() if path.exists() else None
    if not prefect_home.answers(url, auth):
        yield look(
            "serve",
            "It is not running: nothing happens by itself.",
            "./run serve  # or, as a service: systemctl start cuttings",
        )
        return
    page = settings.server.ui_url or url.removesuffix("/api")
    yield ok("serve", f"Cuttings is running at {page}")
    off = _switched_off(url, auth)
    if off is None:
        yield look("schedule", "Whether a schedule is switched off could not be asked.", "./run doctor  # once more")
    for name in off or ():
        yield fault(
            "schedule",
            f"{name} is switched off: it does not run by itself.",
            f"Switch it on again: {page.rstrip('/')}/deployments, its name, the switch beside its schedule.",
        )
    if settings.schedule.work_pool:
        yield from _workers(url, auth, settings, now)


def _switched_off(url: str, auth: str | None) -> list[str] | None:
    """Deployments whose schedule somebody paused ("publish/managers"); None where the answer can't be read."""
    import requests

    try:
        flows = {f["id"]: f["name"] for f in _ask(f"{url}/flows/filter", auth)}
        made = _ask(f"{url}/deployments/filter", auth)
        off = [d for d in made if d["schedules"] and (d["paused"] or not all(s["active"] for s in d["schedules"]))]
        return sorted(f"{flows.get(d['flow_id'], '?')}/{d['name']}" for d in off)
    except (requests.RequestException, ValueError, KeyError, TypeError, AttributeError):
        return None  # it answered a moment ago: busy, or of another version


def _workers(url: str, auth: str | None, settings: Settings, now: datetime) -> Iterator[Finding]:
    """Who takes runs from the work pool, and who did once."""
    import requests

    pool = settings.schedule.work_pool
    try:
        found = _ask(f"{url}/work_pools/{pool}/workers/filter", auth)
        there = sorted(w["name"] for w in found if w["status"] == "ONLINE")
        gone = sorted((datetime.fromisoformat(w["last_heartbeat_time"]), w["name"])
                      for w in found if w["status"] != "ONLINE" and w["last_heartbeat_time"])  # fmt: skip
    except (requests.RequestException, ValueError, KeyError, TypeError, AttributeError):
        yield look("workers", f"Who takes runs of the work pool '{pool}' could not be asked.", "./run doctor  # again")
        return
    if there:
        yield ok("workers", f"{count(len(there), 'machine')} take runs of '{pool}': {', '.join(there)}")
    else:
        yield fault(
            "workers",
            f"Nobody takes runs of the work pool '{pool}': they wait.",
            "Restart ./run serve, which takes some itself; or on another machine: ./run worker --server URL",
        )
    zone = ZoneInfo(settings.council.timezone)
    for moment, name in gone:
        if there and moment < now - LONG_GONE:
            continue  # a machine that was taken out
        yield look(
            "workers",
            f"{name} was last seen on {moment.astimezone(zone):%-d %B, %H:%M}.",
            "If it is to help, start it there again: ./run worker --server URL",
        )


def _ask(url: str, auth: str | None) -> Any:
    """What Prefect's server answers. Raises requests' errors, one for a refusal too, and ValueError."""
    import requests

    with requests.Session() as session:
        session.trust_env = False  # as in `answers`
        if auth:
            user, _, secret = auth.partition(":")
            session.auth = (user, secret)
        answer = session.post(url, json={}, timeout=SECONDS)
        answer.raise_for_status()
        return answer.json()


# ---------------------------------------------------------------- sources


def _sources(settings: Settings, now: datetime, environ: Mapping[str, str]) -> Iterator[Finding]:
    from cuttings.edges.fetch import Fetcher, Outgoing

    council = settings.council
    contact = council.user_agent_contact or council.contact_email
    fetcher = Fetcher(contact, outgoing=Outgoing.from_environment(environ), deadline=SECONDS * 2)
    pool = ThreadPoolExecutor(AT_ONCE)
    began = time.monotonic()
    try:
        asked: dict[Future[str | None], Source] = {
            pool.submit(_asked, fetcher, source, now): source for source in settings.sources
        }
        done, late = wait(asked, timeout=TOTAL)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    reached = 0
    for future, source in asked.items():
        why = future.result() if future in done else None
        if why is None:
            reached += future in done
            continue
        yield fault("reach", f"{source.id}: {why}", f"./run source check {source.id}")
    if late:
        names = ", ".join(sorted(asked[future].id for future in late))
        yield look("reach", f"Not asked within {TOTAL:.0f} seconds: {names}.", "./run source check")
    if reached:
        took = time.monotonic() - began
        yield ok("reach", f"{count(reached, 'source')} of {len(asked)} answered, within {took:.0f} seconds")
    if not late:
        fetcher.close()


class _Answered(Exception):
    """The source's first answer is here; no more is wanted of it."""


def _asked(fetcher: Fetcher, source: Source, now: datetime) -> str | None:
    """One answer from what names the source's new pages, as robots.txt allows it; why there is none."""
    from cuttings.edges.discover import discover
    from cuttings.edges.fetch import FetchFailed

    get = fetcher.bound_to(source)

    def once(url: str, **how: Any) -> NoReturn:
        get(url, **how)
        raise _Answered

    try:
        discover(source, once, now=now)
        once((source.pages or (source.url,))[0])  # a source whose pages are written down has nothing to discover
    except _Answered:
        return None
    except FetchFailed as error:
        return error.detail
    except Exception as error:
        return f"a fault of ours ({type(error).__name__})"
    return None


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        return f"it answered {error.smtp_code} {said}"[:200].rstrip(".")
    return f"{error.strerror or error}".rstrip(".") if isinstance(error, OSError) else str(error).rstrip(".")
