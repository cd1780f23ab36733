"""The commands that run a node. ``mcx`` imports this module only when one of them is called.

Nothing heavy is imported at the top: Django starts with the first command that needs it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from openmcx.kernel.terminal import as_json as written_as_json
from openmcx.kernel.terminal import counted, one_line

# The commands by name, so that `mcx --help` can list them without starting anything.
NAMES = (
    "audit",
    "begin",
    "check",
    "demo",
    "export-static",
    "jobs",
    "manage",
    "migrate",
    "new-secret",
    "serve",
    "worker",
)


def start_django() -> None:
    """This will start Django, or stop with the list of what is wrong with the settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openmcx.config.settings")
    import django

    from openmcx.config.env import SettingsError

    try:
        django.setup()
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


@click.group()
def node() -> None:
    """Run a node."""


@node.command()
@click.option("--listen", metavar="HOST:PORT", help="Where to listen; port 0 takes a free one.")
@click.option("--stop-after", type=click.FloatRange(min=0.1), metavar="SECONDS", help="Stop by itself after this time.")
@click.option("--migrate/--no-migrate", default=None, help="Bring the database up to date first (default in the demo).")
def serve(listen: str | None, stop_after: float | None, migrate: bool | None) -> None:
    """Serve the node: web server, background worker and recurring work, until Ctrl-C."""
    _listen_on(listen)
    start_django()
    from django.conf import settings
    from django.db import connections

    if migrate or (migrate is None and settings.OPENMCX_DEMO):
        _migrate()
    else:
        _require_migrated()
    connections.close_all()  # the served processes have their own
    sys.exit(_serve(stop_after))


def _listen_on(listen: str | None) -> None:
    """Settle the address before Django reads it, as links and DIDs in a demo are made of it."""
    from openmcx.config import env, serving

    if listen:
        os.environ["OPENMCX_LISTEN"] = listen
    try:
        host, port = serving.split_address(env.load().LISTEN)
        port = serving.free_address(host, port)
    except (env.SettingsError, serving.ServingError) as error:
        raise click.ClickException(str(error)) from None
    os.environ["OPENMCX_LISTEN"] = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _serve(stop_after: float | None, *lines: str) -> int:
    """Run the processes. Django is not needed for it, as they start it themselves."""
    from openmcx.config import env, serving

    settings = env.load()
    host, port = serving.split_address(os.environ["OPENMCX_LISTEN"])

    def ready() -> None:
        click.echo("\n".join([f"OpenMCX is ready at {settings.base_url}/  (Ctrl-C stops it)", *lines]))
        sys.stdout.flush()

    return serving.serve(
        host=host,
        port=port,
        web_processes=settings.WORKERS,
        background_workers=settings.BACKGROUND_WORKERS,
        stop_after_seconds=stop_after,
        when_ready=ready,
    )


@node.command()
@click.option("--stop-after", type=click.FloatRange(min=0.1), metavar="SECONDS", help="Stop by itself after this time.")
@click.option("--no-ticker", is_flag=True, help="Leave the recurring work to other workers.")
def worker(stop_after: float | None, no_ticker: bool) -> None:
    """Run background work until Ctrl-C; there may be any number of workers."""
    start_django()
    import threading

    from openmcx.config.serving import end_with_parent
    from openmcx.kernel import jobs

    one = jobs.Worker(ticks=not no_ticker)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: one.stop())
    if not sys.stdin.isatty() and os.environ.get("OPENMCX_CHILD") == "1":
        end_with_parent(one.stop)
    if stop_after:
        timer = threading.Timer(stop_after, one.stop)
        timer.daemon = True
        timer.start()
    one.run()


@node.command()
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def migrate(as_json: bool) -> None:
    """Bring the database up to date with this version."""
    start_django()
    applied = _migrate()
    if as_json:
        _print_json({"applied": applied})


def _migrate() -> list[str]:
    from django.core.management import call_command

    missing = _unapplied()
    if missing:
        click.echo("Bringing the database up to date …", err=True)
        call_command("migrate", verbosity=0, interactive=False)
    return missing


def _unapplied() -> list[str]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import OperationalError

    try:
        executor = MigrationExecutor(connection)
        return [str(one) for one, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    except OperationalError as error:
        raise click.ClickException(
            f"The database cannot be reached ({str(error).strip().splitlines()[0]}). Check OPENMCX_DATABASE_URL."
        ) from None


def _require_migrated() -> None:
    missing = _unapplied()
    if missing:
        raise click.ClickException(
            f"The database is not up to date: {counted(len(missing), 'migration is', 'migrations are')} missing."
            " Make a backup, then `mcx migrate`."
        )


@node.command(context_settings={"ignore_unknown_options": True, "help_option_names": []}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Pass a command on to Django, for instance `mcx manage shell`."""
    start_django()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["mcx manage", *arguments])


@node.command()
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def check(as_json: bool) -> None:
    """Check settings, database and code before a start; exit status 1 when something is wrong."""
    start_django()
    from django.conf import settings
    from django.core.checks import Error, run_checks

    from openmcx.config import env

    doubts = env.doubts(env.load())
    found = run_checks(include_deployment_checks=not settings.OPENMCX_DEMO)
    if as_json:
        missing = _unapplied()
        in_order = not missing and all(one.level < Error("").level for one in found)
        findings = [
            {"id": one.id, "is_fault": one.level >= Error("").level, "sentence": one.msg, "hint": one.hint or ""}
            for one in found
        ]
        _print_json({"in_order": in_order, "warnings": doubts, "findings": findings, "missing_migrations": missing})
        sys.exit(0 if in_order else 1)
    for doubt in doubts:
        _say(f"Warning: {doubt}", err=True)
    for one in found:
        _say(f"{one.id}: {one.msg}" + (f" {one.hint}" if one.hint else ""), err=True)
    _require_migrated()
    if any(one.level >= Error("").level for one in found):
        sys.exit(1)
    click.echo("Settings, database and code are in order.")


@node.command()
@click.option("--institution", "name", required=True, metavar="NAME", help="The first institution's name.")
@click.option("--slug", required=True, help="Its short name in addresses and in its DID; it can never be changed.")
@click.option("--country", required=True, metavar="CC", help="The code of its country, such as FI.")
@click.option("--email", required=True, metavar="ADDRESS", help="Who administers it and coordinates the network.")
@click.option("--language", metavar="TAG", help="The language of the name and of messages (as OPENMCX_LANGUAGE says).")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def begin(name: str, slug: str, country: str, email: str, language: str | None, as_json: bool) -> None:
    """Add the first institution and the first person of a fresh node."""
    start_django()
    from django.conf import settings
    from django.utils import timezone

    from openmcx.accounts.queries import password_link
    from openmcx.credentials.model import LangText
    from openmcx.institutions import operations
    from openmcx.kernel.actors import Actor
    from openmcx.kernel.errors import Refusal

    _require_migrated()
    language = language or settings.LANGUAGE_CODE
    if language not in dict(settings.LANGUAGES):
        raise click.ClickException(f"“{language}” is none of the languages {', '.join(dict(settings.LANGUAGES))}.")
    profile = operations.Profile(name=LangText({language: name}), country=country.upper())
    try:
        institution, person = operations.begin(
            by=Actor.system(), at=timezone.now(), slug=slug, profile=profile, email=email, language=language
        )
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    address = f"{settings.OPENMCX_BASE_URL}/institutions/{institution.slug}/"
    sign_in = f"{settings.OPENMCX_BASE_URL}/accounts/login/"
    if as_json:
        _print_json(
            {
                "institution": str(institution),
                "address": address,
                "did": institution.did,
                "administrator": person.email,
                "sign_in": sign_in,
                "choose_password": None if person.has_usable_password() else password_link(person),
            }
        )
        return
    _say(f"{institution} is there: {address}")
    _say(f"It signs as {institution.did}")
    _say(f"{person.email} coordinates the network and administers the institution.")
    if person.has_usable_password():
        click.echo(f"They have a password already: {sign_in}")
    else:
        click.echo(f"Choose the password here, within three days: {password_link(person)}")


@node.command("new-secret")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def new_secret(as_json: bool) -> None:
    """Print a fresh OPENMCX_SECRET_KEY and OPENMCX_MASTER_KEY."""
    from openmcx.config import env

    made = {"OPENMCX_SECRET_KEY": env.new_secret_key(), "OPENMCX_MASTER_KEY": env.new_master_key()}
    if as_json:
        _print_json(made)
    else:
        click.echo("\n".join(f"{name}={value}" for name, value in made.items()))
    click.echo("Keep a copy of the master key apart: without it signing keys and personal data are lost.", err=True)


@node.group()
def audit() -> None:
    """Look after the audit trail."""


@audit.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def audit_verify(as_json: bool) -> None:
    """Check the whole trail; exit status 1 when a row was changed, removed, put in or reordered."""
    start_django()
    from openmcx.kernel import audit as trail

    report = trail.verify()
    if as_json:
        _print_json(
            {
                "records": report.records,
                "sealed": report.sealed,
                "unsealed": report.unsealed,
                "faults": [{"code": one.code, "number": one.number, "sentence": one.sentence} for one in report.faults],
                "notes": list(report.notes),
            }
        )
    else:
        rows = counted(report.records, "row", "rows")
        _say(f"{rows}: {report.sealed} sealed, {report.unsealed} waiting for the seal.")
        for note in report.notes:
            _say(f"Note: {note}")
        for fault in report.faults:
            _say(f"FAULT {fault.code}: {fault.sentence}")
        click.echo("The trail has faults." if report.faults else "The trail is whole.")
    sys.exit(1 if report.faults else 0)


@audit.command("seal")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def audit_seal(as_json: bool) -> None:
    """Seal what waits now, as the worker does every few seconds."""
    start_django()
    from django.utils import timezone

    from openmcx.kernel import audit as trail

    sealed = trail.seal_pending(at=timezone.now())
    if as_json:
        _print_json({"sealed": sealed})
    else:
        _say(f"{counted(sealed, 'row', 'rows')} sealed.")


@node.group("jobs")
def jobs_group() -> None:
    """Look after background work."""


@jobs_group.command("status")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def jobs_status(as_json: bool) -> None:
    """Tell what waits, what runs and what was given up; exit status 1 when something was given up."""
    start_django()
    from django.utils import timezone

    from openmcx.kernel import events, jobs

    queue, outbox = jobs.status(at=timezone.now()), events.status()
    given_up = bool(queue.failed or outbox.given_up)
    if as_json:
        _print_json(
            {
                "workers": queue.workers,
                "tasks": {"waiting": queue.waiting, "running": queue.running},
                "tasks_given_up": [
                    {"id": one.id, "task": one.path, "attempts": one.attempts, "fault": one.fault}
                    for one in queue.failed
                ],
                "deliveries": {"waiting": outbox.waiting},
                "deliveries_given_up": [
                    {"id": one.id, "event": one.event, "handler": one.handler, "fault": one.fault}
                    for one in outbox.given_up
                ],
                "recurring_faults": dict(jobs.recurring_faults()),
            }
        )
    else:
        workers, tasks = counted(queue.workers, "worker", "workers"), counted(queue.waiting, "task", "tasks")
        _say(f"{workers}; {tasks} waiting, {queue.running} running.")
        _say(f"{counted(outbox.waiting, 'event delivery', 'event deliveries')} waiting.")
        for task in queue.failed:
            attempts = counted(task.attempts, "attempt", "attempts")
            _say(f"GIVEN UP task {task.path} ({task.id}) after {attempts}: {task.fault}")
        for one in outbox.given_up:
            _say(f"GIVEN UP event {one.event} for {one.handler} ({one.id}): {one.fault}")
        for name, fault in jobs.recurring_faults():
            _say(f"FAULT in recurring {name}: {fault}")
        if given_up:
            click.echo("When the cause is mended: `mcx jobs retry`.")
    sys.exit(1 if given_up else 0)


@jobs_group.command("retry")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def jobs_retry(as_json: bool) -> None:
    """Try everything again that was given up."""
    start_django()
    from django.utils import timezone

    from openmcx.kernel import events, jobs

    now = timezone.now()
    tasks, deliveries = jobs.retry_failed(at=now), events.retry_given_up(at=now)
    if as_json:
        _print_json({"tasks": tasks, "deliveries": deliveries})
    else:
        repeated = counted(tasks, "task", "tasks")
        delivered = counted(deliveries, "event delivery", "event deliveries")
        _say(f"To be tried again: {repeated} and {delivered}.")


@node.command("export-static")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def export_static(folder: Path, as_json: bool) -> None:
    """Write DID and status documents as files that any web server can serve when the node is gone."""
    start_django()
    from django.conf import settings

    from openmcx.config.exporting import export, fault_of_the_address

    if fault := fault_of_the_address():
        raise click.ClickException(fault)
    try:
        written = export(folder)
    except OSError as error:
        raise click.ClickException(
            f"“{error.filename or folder}” cannot be written: {error.strerror}. Files that were there are whole; choose"
            " another folder, or mend this one and repeat the command."
        ) from None
    if as_json:
        _print_json({"documents": written, "folder": str(folder)})
        return
    documents = counted(written, "document", "documents")
    _say(f"{documents} written to {folder}. Serve that folder at {settings.OPENMCX_BASE_URL}, with the media types")
    click.echo("that media-types.json names, and credentials stay verifiable.")


@node.command()
@click.option("--listen", metavar="HOST:PORT", help="Where to listen; port 0 takes a free one.")
@click.option("--stop-after", type=click.FloatRange(min=0.1), metavar="SECONDS", help="Stop by itself after this time.")
@click.option("--build-only", is_flag=True, help="Build the demonstration and stop.")
def demo(listen: str | None, stop_after: float | None, build_only: bool) -> None:
    """Build a network of five fictional universities and serve it on this machine."""
    os.environ["OPENMCX_DEMO"] = "1"
    os.environ.setdefault("OPENMCX_DATA_DIR", str(Path("var") / "demo"))
    os.environ.setdefault("OPENMCX_NETWORK_NAME", "Industry 4.0 Network")
    _listen_on(listen)
    from openmcx.config import env, rebuilding

    settings = env.load()
    address = urlsplit(settings.base_url).netloc
    # A link to a document of this very node may be checked, although the node is on a local address.
    os.environ.setdefault("OPENMCX_HTTP_ALLOW", address)
    ready = settings.DATA_DIR / "demo-ready.json"
    state = {
        "software": rebuilding.fingerprint(),
        "base_url": settings.base_url,
        "database": "another" if settings.DATABASE_URL else "",
    }
    lines = rebuilding.lines_of_last_start(ready, state)
    if lines is None:
        lines = _build_demo(address)
        ready.write_text(json.dumps({**state, "lines": lines}), encoding="utf-8")
    if not build_only:
        sys.exit(_serve(stop_after, *lines))


def _build_demo(address: str) -> list[str]:
    start_django()
    from django.conf import settings
    from django.db import connections
    from django.utils import timezone

    from openmcx.accounts.slots import sign_in_hints
    from openmcx.demo import operations

    _migrate()
    operations.build(at=timezone.now(), say=lambda text: click.echo(text, err=True))
    hints = [hint for answer in sign_in_hints.ask(None) for hint in answer]
    connections.close_all()  # the served processes have their own
    return [
        "",
        "Sign in as:",
        *(f"  {hint.label}: {hint.email} / {hint.password}" for hint in hints),
        "",
        f"Things to try, with files for it: {settings.OPENMCX_BASE_URL}/demo/",
        f"On the command line: mcx verify --allow {address} FILE",
    ]


def _print_json(value: Any) -> None:
    click.echo(written_as_json(value))


def _say(line: str, *, err: bool = False) -> None:
    click.echo(one_line(line), err=err)


if __name__ == "__main__":
    node(prog_name="mcx")
