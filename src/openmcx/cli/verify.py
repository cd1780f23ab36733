"""``mcx verify``: is it genuine, who issued it, is it still valid?"""

from __future__ import annotations

import datetime as dt
import re
import sys

import click

from openmcx.cli import common
from openmcx.cli.common import fetcher, json_option, print_json, read_file
from openmcx.credentials import KnownIssuer, Outcome, Report, Verdict
from openmcx.credentials import verify as verify_credential
from openmcx.credentials.model import LangText

_EXIT = {
    Verdict.VERIFIED: 0,
    Verdict.NOT_VERIFIED: common.EXIT_NOT_VERIFIED,
    Verdict.UNREADABLE: common.EXIT_UNUSABLE,
    Verdict.CAUTION: common.EXIT_CAUTION,
}
# Of several files the worst decides.
_WORST_FIRST = (Verdict.NOT_VERIFIED, Verdict.UNREADABLE, Verdict.CAUTION, Verdict.VERIFIED)
_SIGNS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.NOT_CHECKABLE: "?", Outcome.CAUTION: "!"}
_COLOURS = {Outcome.PASSED: "green", Outcome.FAILED: "red", Outcome.NOT_CHECKABLE: "yellow", Outcome.CAUTION: "yellow"}


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option(
    "--trust", multiple=True, metavar="DID[=NAME]", help="An issuer that you know; may be given several times."
)
@click.option("--allow", multiple=True, metavar="HOST:PORT", help="A local server that may be asked, over plain http.")
@click.option("--offline", is_flag=True, help="Fetch nothing: what lies elsewhere is not checked.")
@click.option("--at", type=common.Instant(), help="Verify as of this date instead of now.")
@json_option
def verify(
    files: tuple[str, ...],
    trust: tuple[str, ...],
    allow: tuple[str, ...],
    offline: bool,
    at: dt.datetime | None,
    as_json: bool,
) -> None:
    """Verify credentials; FILE may be - for standard input.

    Ends with 0 when all are verified, 1 when one is not, 2 when one cannot be read, 3 when one is to be taken with
    caution (its issuer is unknown, or it could not be found out whether it was revoked).
    """
    known = dict(_read_trust(entry) for entry in trust)
    fetch = None if offline else fetcher(allow)
    moment = at or common.now()
    reports: list[tuple[str, Report]] = []
    for file in files:
        data = read_file(file, as_json=as_json)
        report = verify_credential(data, at=moment, fetch=fetch, issuer_directory=known.get if known else None)
        reports.append((file, report))
        if not as_json:
            _show(file, report)
    if as_json:
        print_json({"files": [{"file": file, **report.as_dict()} for file, report in reports]})
    worst = min((report.verdict for _, report in reports), key=_WORST_FIRST.index)
    sys.exit(_EXIT[worst])


def _read_trust(entry: str) -> tuple[str, KnownIssuer]:
    did, _, name = (part.strip() for part in entry.partition("="))
    if not re.fullmatch(r"did:[a-z0-9]+:[^\s#?]+", did):
        raise click.BadParameter(f"“{did}” is no DID such as did:web:uni.example. Write DID or DID=NAME.")
    return did, KnownIssuer(name=LangText(name))


def _show(file: str, report: Report) -> None:
    click.echo(f"{file}: {report.verdict}")
    click.echo(f"  {report.headline.sentence}")
    if report.credential is not None:
        learner = report.credential.learner
        name = f"{learner.given_name} {learner.family_name}".strip()
        click.echo(f"  It says: “{report.credential.achievement.title.best()}”, awarded to {name}")
    for check in report.checks:
        if check.code != "check-not-reached":
            sign = click.style(_SIGNS[check.outcome], fg=_COLOURS[check.outcome])
            click.echo(f"  {sign} {check.name}: {check.sentence}")
