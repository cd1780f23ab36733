"""``mcx issue``: credentials for a class list."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import shutil
import sys
import tempfile
import unicodedata
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from openmcx.cli import common
from openmcx.cli.common import fail, json_option, open_key, print_json, read_file, say
from openmcx.credentials import CredentialError, Finding, Signer, issue_status_list
from openmcx.credentials.class_list import ClassList, ClassListRow, read_class_list
from openmcx.credentials.encodings import ENCODINGS, lost
from openmcx.credentials.formats import elm, specification
from openmcx.credentials.jsonld import load
from openmcx.credentials.losses import Loss, findings
from openmcx.credentials.model import (
    Achievement,
    Credential,
    Identifier,
    LangText,
    Learner,
    Organisation,
    Result,
    StatusEntry,
)
from openmcx.credentials.status import bitstring
from openmcx.kernel.terminal import counted

_REQUIRED = frozenset({"given_name", "family_name"})
# Letters that are no other letter with an accent, as they are written where there are only plain ones.
_PLAIN = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ŧ": "t",
    "ŋ": "n", "ə": "e",
}  # fmt: skip
_MAX_NAME = 60  # four bytes each at most, so that the whole name stays below 255
_WALLET = "sd-jwt-vc"


@click.command()
@click.option("--spec", required=True, metavar="FILE", help="The specification: our JSON or ELM JSON-LD.")
@click.option("--awards", required=True, metavar="FILE", help="The class list: CSV, XLSX or ODS.")
@click.option("--key", required=True, metavar="FILE", help="The issuer's key, made by `mcx keys new`.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="The folder to write into."
)
@click.option("--issuer", metavar="NAME", help="The issuer's name; takes the place of the one specified.")
@click.option("--awarded-on", type=common.Instant(), help="The date of award for rows without one; default today.")
@click.option("--valid-until", type=common.Instant(), help="When the credentials expire; default as specified.")
@click.option("--status-list", metavar="ADDRESS", help="Where the list of revoked credentials will be published.")
@click.option("--include-email", is_flag=True, help="Write the learners' e-mail addresses into the credentials.")
@click.option("--language", default="", help="The language of texts that have room for one only.")
@click.option(
    "--as",
    "kind",
    type=click.Choice(list(ENCODINGS)),
    default="open-badge-3",
    show_default=True,
    help="The form of the credentials.",
)
@json_option
def issue(
    spec: str,
    awards: str,
    key: str,
    out: Path,
    issuer: str | None,
    awarded_on: dt.datetime | None,
    valid_until: dt.datetime | None,
    status_list: str | None,
    include_email: bool,
    language: str,
    kind: str,
    as_json: bool,
) -> None:
    """Issue a signed credential to each learner of a class list.

    The list is checked whole first: while anything in it is wrong, nothing is written.
    """
    at = common.now()
    signer = open_key(key, as_json=as_json)
    achievement, notes = _read_specification(spec, as_json=as_json)
    if not as_json:
        _tell_before(achievement, notes, issuer)
    organisation = _issuer(achievement, signer, issuer, as_json=as_json)
    achievement = dataclasses.replace(achievement, awarding_body=organisation)
    listed = read_class_list(read_file(awards, as_json=as_json), awards, required=_REQUIRED, today=at.date())
    _refuse_faults(listed, as_json=as_json)
    indices = bitstring.random_free_indices(len(listed.rows), ()) if status_list else []
    encoding = ENCODINGS[kind]
    status_file = "status-list.jwt" if kind == _WALLET else "status-list.json"
    names = [_file_name(row, encoding.suffix) for row in listed.rows]
    credentials = [
        _credential(
            row,
            achievement,
            at=at,
            awarded_on=(awarded_on or at).date(),
            valid_until=valid_until,
            status=StatusEntry(list_url=status_list, index=indices[place]) if status_list else None,
            include_email=include_email,
        )
        for place, row in enumerate(listed.rows)
    ]
    try:
        losses = _losses(credentials, kind)
        if not as_json:
            _tell_losses(losses, kind)
        taken = [name for name in [*names, *([status_file] if status_list else [])] if (out / name).exists()]
        if taken:
            fail(f"“{out / taken[0]}” exists already. Nothing was written; choose another folder.", as_json=as_json)
        with _staged(out) as folder:
            with click.progressbar(
                list(zip(names, credentials, strict=True)),
                label="Issuing",
                file=sys.stderr,
                hidden=as_json or not sys.stderr.isatty(),
            ) as awards_to_sign:
                for name, credential in awards_to_sign:
                    signed = encoding.issue(credential, signer=signer, created=at, language=language)
                    (folder / name).write_bytes(signed)
            if status_list:
                (folder / status_file).write_bytes(_status_list(kind, status_list, signer, at))
    except CredentialError as error:
        fail(f"Nothing was written. {error}", as_json=as_json)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        fail(f"“{out}” cannot be written: {reason}. Nothing was written; choose another folder.", as_json=as_json)
    missing = specification.completeness(achievement)
    if as_json:
        files = [{"row": row.number, "file": str(out / name)} for row, name in zip(listed.rows, names, strict=True)]
        print_json(
            {
                "issued": len(files),
                "issuer": organisation.id,
                "issuer_name": organisation.name.as_dict(),
                "files": files,
                "form": kind,
                "losses": [loss.as_dict(kind) for loss in losses],
                "missing": [finding.as_dict() for finding in missing],
                "not_taken_over": [{**note.as_dict(), "pointer": note.pointer} for note in notes],
            }
        )
        return
    issued = counted(len(names), "credential", "credentials")
    say(f"{issued} of “{achievement.title.best(language)}” written to {out}")
    if status_list:
        say(f"Publish {out / status_file} at {status_list}")
    if missing:
        say("The specification lacks what the European standard asks for:", err=True)
        for finding in missing:
            say(f"  {finding.sentence}", err=True)


def _tell_before(achievement: Achievement, notes: list[Finding], issuer: str | None) -> None:
    """This will name, before anything is signed, what the credentials will not say as the specification does."""
    if notes:
        say("Not taken over from the specification:", err=True)
        for note in notes:
            say(f"  {note.pointer}: {note.sentence}" if note.pointer else f"  {note.sentence}", err=True)
    specified = achievement.awarding_body.name
    if issuer and specified and issuer not in specified.as_dict().values():
        say(f"The specification names “{specified.best()}”; “{issuer}” takes its place.", err=True)


def _losses(credentials: list[Credential], kind: str) -> list[Loss]:
    """This will tell what goes of any of the awards, each element once: they differ in what the list says of each."""
    # Of those about whom the same things are said, one tells what goes.
    different = {
        (
            *(bool(value) for value in dataclasses.astuple(credential.learner)),
            *(value not in (None, "") for value in dataclasses.astuple(credential.result or Result(grade=""))),
            bool(credential.evidence_url),
        ): credential
        for credential in credentials
    }
    found: dict[tuple[str, str], Loss] = {}
    for credential in different.values():
        for loss in lost(credential, kind):
            found.setdefault((loss.element, loss.way), loss)
    return list(found.values())


def _tell_losses(losses: list[Loss], kind: str) -> None:
    if losses:
        say("What the credentials will not say:", err=True)
        for finding in findings(losses, kind):
            say(f"  {finding.sentence}", err=True)


def _read_specification(path: str, *, as_json: bool) -> tuple[Achievement, list[Finding]]:
    data = read_file(path, as_json=as_json)
    try:
        document = load(data)
        findings: list[Finding] = []
        if "format" in document:
            achievement = specification.read(document)
        else:
            achievement, findings = elm.read_specification(document)
    except specification.SpecificationError as error:
        faults: list[dict[str, Any]] = [
            {"where": finding.pointer, "sentence": finding.sentence} for finding in error.findings
        ]
        fail(
            f"{path} has {counted(len(faults), 'fault', 'faults')}:",
            as_json=as_json,
            details=[f"{finding.pointer or '/'}: {finding.sentence}" for finding in error.findings],
            faults=faults,
        )
    except CredentialError as error:
        fail(f"{path}: {error}", as_json=as_json)
    if not achievement.title:
        fail(f"{path}: the title is missing.", as_json=as_json)
    if not achievement.id:
        # The same specification gets the same id each time it is used.
        written = json.dumps(specification.write(achievement), sort_keys=True)
        achievement = dataclasses.replace(achievement, id=f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, written)}")
    return achievement, findings


def _issuer(achievement: Achievement, signer: Signer, name: str | None, *, as_json: bool) -> Organisation:
    """This will give the awarding body under the DID of the key that signs."""
    did = signer.verification_method.partition("#")[0]
    names = LangText(name) if name else achievement.awarding_body.name
    if not names:
        fail("The specification does not name the awarding body. Name it with --issuer.", as_json=as_json)
    return dataclasses.replace(achievement.awarding_body, id=did, name=names)


def _refuse_faults(listed: ClassList, *, as_json: bool) -> None:
    if not listed.faults and not listed.rows:
        fail("The class list has no rows.", as_json=as_json)
    if not listed.faults:
        return
    if as_json:
        faults = [
            {"row": fault.row, "column": fault.column, "code": fault.code, "sentence": fault.sentence}
            for fault in listed.faults
        ]
        print_json({"error": "The class list has faults. Nothing was written.", "faults": faults})
    else:
        for fault in listed.faults:
            say(str(fault), err=True)
        faulty = counted(len(listed.faults), "fault", "faults")
        say(f"{faulty} in the class list. Nothing was written.", err=True)
    sys.exit(common.EXIT_UNUSABLE)


def _credential(
    row: ClassListRow,
    achievement: Achievement,
    *,
    at: dt.datetime,
    awarded_on: dt.date,
    valid_until: dt.datetime | None,
    status: StatusEntry | None,
    include_email: bool,
) -> Credential:
    result = None
    if row.grade or row.percent is not None or row.ects_grade:
        scheme = achievement.grading_scheme.best()
        result = Result(grade=row.grade, scheme=scheme, percent=row.percent, ects_grade=row.ects_grade)
    if valid_until is None and achievement.validity_months is not None:
        valid_until = add_months(at, achievement.validity_months)
    return Credential(
        id=f"urn:uuid:{uuid.uuid4()}",
        issuer=achievement.awarding_body,
        achievement=achievement,
        learner=Learner(
            given_name=row.given_name,
            family_name=row.family_name,
            date_of_birth=row.date_of_birth,
            email=row.email if include_email else "",
            identifiers=(Identifier(scheme="", value=row.learner_number),) if row.learner_number else (),
        ),
        awarded_on=row.awarded_on or awarded_on,
        valid_from=at,
        valid_until=valid_until,
        result=result,
        status=(status,) if status else (),
        evidence_url=row.evidence_url,
    )


def add_months(moment: dt.datetime, months: int) -> dt.datetime:
    """This will give the same day some months later, or the last day of that month."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    for day in range(moment.day, 27, -1):
        with contextlib.suppress(ValueError):
            return moment.replace(year=year, month=month + 1, day=day)
    return moment.replace(year=year, month=month + 1)


def _file_name(row: ClassListRow, suffix: str) -> str:
    """This will name a learner's file: the row makes it unique, the name is for people.

    Latin letters lose their accents, letters of other scripts stay as they are; whatever is neither letter nor digit,
    such as a separator of folders, becomes a hyphen.
    """
    text = unicodedata.normalize("NFKC", f"{row.family_name} {row.given_name}").lower()
    kept = ""
    for char in unicodedata.normalize("NFC", text):
        base = unicodedata.normalize("NFD", char)[0]
        plain = _PLAIN.get(base, base)
        if unicodedata.category(char)[0] not in "LMN":
            kept += "" if kept.endswith("-") else "-"
        elif char.isascii() or not plain.isascii():
            # A mark alone belongs to the letter before it: a plain letter does without.
            kept += "" if unicodedata.category(char)[0] == "M" and (not kept or kept[-1].isascii()) else char
        else:
            kept += plain
    return f"{row.number:05d}-{kept.strip('-')[:_MAX_NAME].strip('-') or 'learner'}.{suffix}"


def _status_list(kind: str, address: str, signer: Signer, at: dt.datetime) -> bytes:
    """This will sign an empty list in the form that verifiers of such credentials read."""
    if kind == _WALLET:
        from openmcx.credentials.status import token  # noqa: PLC0415 - needed for this form alone

        return token.sign(token.new_list(), address=address, signer=signer, issued_at=at).encode()
    issuer = signer.verification_method.partition("#")[0]
    empty = bitstring.status_list_credential(id=address, issuer=issuer, bits=bitstring.new_bits(), valid_from=at)
    signed = issue_status_list(empty, signer=signer, created=at)
    return json.dumps(signed, ensure_ascii=False, indent=2).encode() + b"\n"


@contextlib.contextmanager
def _staged(out: Path) -> Iterator[Path]:
    """This will give a folder whose files all appear in `out` at the end, or none of them."""
    out.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".issuing-", dir=out))
    moved: list[Path] = []
    try:
        yield folder
        for file in sorted(folder.iterdir()):
            target = out / file.name
            # Neither way writes over something that exists, so two runs into one folder cannot harm each other.
            try:
                target.hardlink_to(file)
            except FileExistsError:
                raise
            except OSError:  # a file system without links
                with target.open("xb") as copy:
                    copy.write(file.read_bytes())
            moved.append(target)
    except BaseException:
        for target in moved:
            target.unlink(missing_ok=True)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
