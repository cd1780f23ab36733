"""``mcx verify``: is it genuine, who issued it, is it still valid?"""

from __future__ import annotations

import datetime as dt
import re
import sys
from typing import Any

import click

from openmcx.cli import common
from openmcx.cli.common import UnreadableFile, bytes_of, fail, fetcher, json_option, print_json, read_file, say
from openmcx.credentials import CredentialError, Finding, KnownIssuer, Outcome, Report, Verdict
from openmcx.credentials import verify as verify_credential
from openmcx.credentials.keys import x509
from openmcx.credentials.model import Credential, LangText
from openmcx.kernel import terminal

_EXIT = {
    Verdict.VERIFIED: 0,
    Verdict.NOT_VERIFIED: common.EXIT_NOT_VERIFIED,
    Verdict.UNSUPPORTED: common.EXIT_UNUSABLE,
    Verdict.UNREADABLE: common.EXIT_UNUSABLE,
    Verdict.CAUTION: common.EXIT_CAUTION,
}
# Of several files the worst decides.
_WORST_FIRST = (Verdict.NOT_VERIFIED, Verdict.UNREADABLE, Verdict.UNSUPPORTED, Verdict.CAUTION, Verdict.VERIFIED)
_SIGNS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.NOT_CHECKABLE: "?", Outcome.CAUTION: "!"}
_COLOURS = {Outcome.PASSED: "green", Outcome.FAILED: "red", Outcome.NOT_CHECKABLE: "yellow", Outcome.CAUTION: "yellow"}


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option(
    "--trust", multiple=True, metavar="DID[=NAME]", help="An issuer that you know; may be given several times."
)
@click.option("--allow", multiple=True, metavar="HOST:PORT", help="A local server that may be asked, over plain http.")
@click.option("--offline", is_flag=True, help="Fetch nothing: what lies elsewhere is not checked.")
@click.option(
    "--certificates", metavar="FILE", help="The authorities (PEM) that you trust to say whose an electronic seal is."
)
@click.option("--at", type=common.Instant(), help="Verify as of this date instead of now.")
@json_option
def verify(
    files: tuple[str, ...],
    trust: tuple[str, ...],
    allow: tuple[str, ...],
    offline: bool,
    certificates: str | None,
    at: dt.datetime | None,
    as_json: bool,
) -> None:
    """Verify credentials; FILE may be - for standard input.

    Ends with 0 when all are verified, 1 when one is not, 2 when one cannot be read or is of a kind that cannot be
    judged yet, 3 when one is to be taken with caution (its issuer is unknown, or it could not be found out whether it
    was revoked).
    """
    known = dict(_read_trust(entry) for entry in trust)
    fetch = None if offline else fetcher(allow)
    anchors = _read_anchors(certificates, as_json=as_json) if certificates else None
    moment = at or common.now()
    answers: list[dict[str, Any]] = []
    verdicts: list[Verdict] = []
    for file in files:
        try:
            data = bytes_of(file)
        except UnreadableFile as error:
            # One file that is missing must not keep the others from being judged.
            verdicts.append(Verdict.UNREADABLE)
            answers.append({"file": file, **_not_opened(str(error), moment)})
            if not as_json:
                say(f"{file}: {Verdict.UNREADABLE}")
                say(f"  {error}")
            continue
        directory = known.get if known else None
        report = verify_credential(data, at=moment, fetch=fetch, issuer_directory=directory, anchors=anchors)
        verdicts.append(report.verdict)
        answers.append({"file": file, **report.as_dict()})
        if not as_json:
            _show(file, report)
    if as_json:
        print_json({"files": answers})
    worst = min(verdicts, key=_WORST_FIRST.index)
    sys.exit(_EXIT[worst])


def _read_anchors(path: str, *, as_json: bool) -> x509.Anchors:
    try:
        return x509.Anchors(x509.read_pem(read_file(path, as_json=as_json), limit=x509.MAX_ANCHORS))
    except CredentialError as error:
        fail(f"{path}: {error}", as_json=as_json)


def _read_trust(entry: str) -> tuple[str, KnownIssuer]:
    did, _, name = (part.strip() for part in entry.partition("="))
    if not re.fullmatch(r"did:[a-z0-9]+:[^\s#?]+", did):
        raise click.BadParameter(f"“{did}” is no DID such as did:web:uni.example. Write DID or DID=NAME.")
    return did, KnownIssuer(name=LangText(name))


def _not_opened(error: str, at: dt.datetime) -> dict[str, Any]:
    """This will give a report on a file of which not even the first check could be made."""
    report = Report(verdict=Verdict.UNREADABLE, headline=Finding("headline-unreadable"), checks=(), at=at)
    headline = {"code": "headline-not-opened", "params": {}, "sentence": error}
    return {"error": error, **report.as_dict(), "headline": headline}


def _show(file: str, report: Report) -> None:
    say(f"{file}: {report.verdict}")
    say(f"  {report.headline.sentence}")
    if report.credential is not None:
        for line in _claims(report.credential):
            say(f"  {line}")
    for check in report.checks:
        sign = click.style(_SIGNS[check.outcome], fg=_COLOURS[check.outcome])
        click.echo(f"  {sign} {terminal.one_line(f'{check.name}: {check.sentence}')}")


def _claims(credential: Credential) -> list[str]:
    """What the document says; indented, so that no claim looks like a check."""
    achievement, learner, result = credential.achievement, credential.learner, credential.result
    name = f"{learner.given_name} {learner.family_name}".strip()
    lines = [f"It says: “{achievement.title.best()}”" + (f", awarded to {name}" if name else "")]
    if achievement.workload_ects is not None:
        lines.append(f"  ECTS credits: {achievement.workload_ects}")
    levels = [f"EQF {achievement.eqf_level}"] if achievement.eqf_level is not None else []
    levels += [level.label.best() or level.iri for level in achievement.nqf_levels]
    if levels:
        lines.append(f"  Level: {', '.join(levels)}")
    if result is not None:
        grade = result.grade + (f" ({result.scheme})" if result.grade and result.scheme else "")
        percent = f"{result.percent} %" if result.percent is not None else ""
        ects_grade = f"ECTS grade {result.ects_grade}" if result.ects_grade else ""
        lines.append(f"  Grade: {', '.join(filter(None, (grade, percent, ects_grade)))}")
    lines += [f"  Learning outcome: {outcome.text.best()}" for outcome in achievement.outcomes]
    return lines
