"""`cuttings serve`: Prefect's server, the schedules from the configuration, and the worker that runs them.

One process watches over two: the server and the runner. When either ends the other is stopped and this process ends
too, with an error, so that systemd (or a person) starts all of it again. Stopping it leaves the schedules as they are.
Prefect's database can be thrown away while it is stopped: the deployments are written anew at every start.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import get_args

from cuttings.settings import Settings
from flows import catching_up, children, names, prefect_home, sharing
from flows.house import open_house
from flows.logs import Journal
from flows.place import output_folder
from flows.place import settings as load_settings

AT_ONCE = 3  # runs; each is a process of some 200 MB
START_SECONDS = 180.0  # an empty Prefect home on a busy machine takes most of a minute


class CannotServe(Exception):
    """The server can't be started here; the message says what to do."""


def deployments(settings: Settings) -> list[object]:
    """Every schedule as a Prefect deployment, and every form: one publish for each edition."""
    from prefect.schedules import Cron, Schedule
    from prefect.types.entrypoint import EntrypointType

    from flows import deadlines, forms
    from flows.collect import collect
    from flows.decide import Decision, decide
    from flows.deliver import deliver
    from flows.health import health
    from flows.people import retention
    from flows.publish import correct, publish
    from flows.reread import reread

    # No concurrency limit: Prefect never gives the slot of a killed run back, and every later run would wait for it.
    # One run at a time is the store's business, and a late run finds the work of the one before it done.
    def at(cron: str) -> Schedule:
        return Cron(cron, timezone=settings.council.timezone)

    apart = settings.schedule.apart
    made: list[object] = [
        # A file entry point would load the module a second time and can hide an ImportError.
        collect.to_deployment(
            names.COLLECT,
            schedule=None if apart else at(settings.schedule.collect),
            entrypoint_type=EntrypointType.MODULE_PATH,
            description="Reads every source: new articles, new comments. Safe to run at any time.",
        ),
        *(
            collect.to_deployment(
                source.id,
                schedule=at(settings.schedule.collect),
                parameters={"sources": [source.id]},
                entrypoint_type=EntrypointType.MODULE_PATH,
                description=f"Reads {source.name} alone, so that several machines share the sources.",
            )
            for source in settings.sources
            if apart
        ),
        deliver.to_deployment(
            names.DELIVER,
            schedule=at(settings.schedule.deliver),
            entrypoint_type=EntrypointType.MODULE_PATH,
            description="Sends what waits in the outbox. Never sends one issue to one person twice.",
        ),
        retention.to_deployment(
            names.RETENTION,
            schedule=at(settings.schedule.retention),
            entrypoint_type=EntrypointType.MODULE_PATH,
            description="Deletes names, raw pages and records whose time is over. Counts stay.",
        ),
        health.to_deployment(
            names.HEALTH,
            schedule=at(settings.schedule.health),
            entrypoint_type=EntrypointType.MODULE_PATH,
            description="Mails the contact officer how the week went, and what needs a person.",
        ),
    ]
    made += [
        forms.with_choices(
            publish.to_deployment(
                edition.id,
                schedule=at(edition.cron),
                parameters={"edition": edition.id},
                entrypoint_type=EntrypointType.MODULE_PATH,
                description=forms.about(edition),
                enforce_parameter_schema=False,  # a period that is not among the choices may be typed
            ),
            forms.choices(settings, edition),
        )
        for edition in settings.editions
    ]
    made += [
        forms.with_choices(
            decide.to_deployment(
                names.ANSWER,
                parameters={"issue": ""},
                entrypoint_type=EntrypointType.MODULE_PATH,
                description="Your answer to a proof: approve, hold, strike, write, pin, do not send.",
            ),
            {"decision": [one for one in get_args(Decision) if one != deadlines.DECISION]},
        ),
        forms.with_choices(
            decide.to_deployment(
                names.REMIND,
                schedule=at(settings.schedule.remind),
                parameters={"issue": "", "decision": deadlines.DECISION, "by": deadlines.BY},
                entrypoint_type=EntrypointType.MODULE_PATH,
                description="Reminds of what waits for an approval, and closes what had none in time: it is not sent.",
            ),
            {"decision": [deadlines.DECISION]},
        ),
        correct.to_deployment(
            names.CORRECT,
            entrypoint_type=EntrypointType.MODULE_PATH,
            description="A corrected issue to exactly those who had the first one.",
        ),
        reread.to_deployment(
            names.REREAD,
            entrypoint_type=EntrypointType.MODULE_PATH,
            description="Reads the archive again, as after an upgrade or with new themes. Rulings and issues stay.",
        ),
    ]
    return [forms.in_words(one, [source.id for source in settings.sources]) for one in made]


def run_worker() -> None:
    """The runner: polls for runs that are due and starts each in a process of its own. Ends on SIGINT."""
    from prefect import serve

    from flows import pool

    settings = load_settings()
    made, shared = deployments(settings), settings.schedule.work_pool
    off = pool.keep_switched_off(made)
    schedules = catching_up.schedules_of(one for one in made if not getattr(one, "paused", False))
    now, served = datetime.now(UTC), names.brought_over(catching_up.read_served())
    # What another machine took may still be at work there; if it is not, it falls silent and is called so.
    crashed = catching_up.bury_zombies(lambda tags: not (shared and pool.elsewhere(tags, pool.here())))
    # Dropped, as Prefect would start all of them at once; where our own mark is missing they tell what was missed.
    late = [name for name in map(names.today, catching_up.drop_late()) if name not in served]
    if not shared:
        # Killed between the two, nothing would say any more that what had another name was switched off.
        for one in made:
            if f"{one.flow_name}/{one.name}" in off:  # type: ignore[attr-defined]
                one.apply()  # type: ignore[attr-defined]
    pool.clear_away(made, shared)  # after them: a run of what is gone has no name any more
    missed = catching_up.missed(schedules, served, (*map(names.today, crashed), *late), now)
    catching_up.Caretaker(schedules, missed, served).start()
    if shared:
        pool.stand_ready(made, shared)
        pool.work(shared, pool.here(), AT_ONCE)
        return
    serve(*made, pause_on_shutdown=False, limit=AT_ONCE, print_starting_message=False)  # type: ignore[arg-type]


def main(settings: Settings) -> int:
    """Bring everything up and stay until told to stop. Returns the exit code."""
    if settings.schedule.work_pool:
        with open_house() as house:
            sharing.declare(house)
    auth = prefect_home.auth_string()
    os.environ.update(prefect_home.environment(settings))
    os.environ["PREFECT_SERVER_API_AUTH_STRING"] = os.environ["PREFECT_API_AUTH_STRING"] = auth
    own_server = "PREFECT_API_URL" not in os.environ
    url = os.environ.setdefault("PREFECT_API_URL", prefect_home.api_url(settings))
    if own_server and prefect_home.answers(url, auth):
        raise CannotServe(
            f"A Cuttings server answers at {url} already. Stop it first, or set another port:\n"
            "[server]\nport = 4201\nin config/local/council.toml."
        )

    stop, journal = children.StopRequested(), Journal(output_folder(settings) / "logs")
    server = _start_server(settings, url, auth, stop, journal) if own_server else None
    worker = None
    try:
        if stop.asked:
            return 0
        # A process group of its own, so that Ctrl-C reaches it once and in order: runner first, server last.
        worker, said = children.start("runner", ("flows.serve",), journal)
        print(f"Cuttings is running. The UI: {settings.server.ui_url or url.removesuffix('/api')}", flush=True)
        print(f"Log in with the words in {prefect_home.auth_file()}. Stop with Ctrl-C.", flush=True)
        while not stop.asked:
            for name, child in (("server", server), ("runner", worker)):
                if child is not None and child.poll() is not None:
                    print(f"cuttings: the {name} ended (exit code {child.returncode}); stopping.", file=sys.stderr)
                    if child is worker:
                        said.finish()
                        print("\n".join(said.last), file=sys.stderr)
                    print(f"What it said before is in {journal.path}.", file=sys.stderr)
                    return 1
            stop.wait(1.0)
        return 0
    finally:
        children.end(worker, signal.SIGINT)
        children.end(server, signal.SIGTERM)
        journal.close()


def _start_server(
    settings: Settings, url: str, auth: str, stop: children.StopRequested, journal: Journal
) -> subprocess.Popen[bytes]:
    prefect_home.check(settings)
    prefect_home.make_records(settings)
    where = ("--host", settings.server.host, "--port", str(settings.server.port))
    server, said = children.start("server", ("prefect", "server", "start", *where), journal)
    deadline = time.monotonic() + START_SECONDS
    while not stop.asked and not prefect_home.answers(url, auth):
        if server.poll() is not None:
            said.finish()
            last = "\n".join(said.last)
            raise CannotServe(
                f"Prefect's server did not start. Is port {settings.server.port} taken? The last it said:\n{last}"
            )
        if time.monotonic() > deadline:
            children.end(server, signal.SIGTERM)
            raise CannotServe(
                f"Prefect's server did not answer within {START_SECONDS:.0f} seconds. See {journal.path}."
            )
        stop.wait(0.3)
    return server


if __name__ == "__main__":
    run_worker()
