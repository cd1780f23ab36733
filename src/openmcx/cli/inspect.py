"""``mcx inspect``: what is in this file?"""

from __future__ import annotations

from typing import Any

import click

from openmcx.cli.common import fail, json_option, print_json, read_file, say
from openmcx.credentials import CredentialError
from openmcx.credentials.formats import elm, open_badges, specification
from openmcx.credentials.formats.recognise import OPEN_BADGE, STATUS_LIST, recognise_bytes, recognise_json
from openmcx.credentials.jsonld import load
from openmcx.credentials.keys import key_file
from openmcx.credentials.model import Achievement, Credential
from openmcx.credentials.status import bitstring
from openmcx.credentials.wording import KINDS

_KINDS = {
    **KINDS,
    "elm-specification": "a specification in the European Learning Model",
    "json": "JSON of an unknown kind",
    "key-file": "a key file",
    "specification": "a specification in our JSON",
}


@click.command()
@click.argument("file")
@json_option
def inspect(file: str, as_json: bool) -> None:
    """Show what a file holds, without verifying it; FILE may be - for standard input."""
    data = read_file(file, as_json=as_json)
    if (recognised := recognise_bytes(data)) is not None:
        _print({"kind": recognised[0], "content": None}, as_json)
        return
    try:
        _print(_describe(load(data)), as_json)
    except CredentialError as error:
        fail(f"{file}: {error}", as_json=as_json)


def _describe(document: dict[str, Any]) -> dict[str, Any]:
    kind, _ = recognise_json(document)
    if kind == OPEN_BADGE:
        return {"kind": kind, "content": _credential(open_badges.read(document)), "proofs": _proofs(document)}
    if kind == STATUS_LIST:
        return {"kind": kind, "content": _status_list(document), "proofs": _proofs(document)}
    if document.get("format") == specification.FORMAT:
        return {"kind": "specification", "content": _achievement(specification.read(document))}
    if document.get("format") == key_file.FORMAT:
        shown = {name: document.get(name) for name in ("verificationMethod", "publicKeyMultibase")}
        return {"kind": "key-file", "content": {**shown, "locked": "encryptedSecret" in document}}
    try:
        achievement, findings = elm.read_specification(document)
    except CredentialError:
        return {"kind": kind or "json", "content": {"members": sorted(document)[:50]}}
    not_taken = [finding.as_dict() for finding in findings]
    kind = kind or "elm-specification"
    return {"kind": kind, "content": _achievement(achievement), "not_taken_over": not_taken}


def _credential(credential: Credential) -> dict[str, Any]:
    learner, result = credential.learner, credential.result
    return {
        "issuer": credential.issuer.name.best(),
        "issuer_id": credential.issuer.id,
        "learner": f"{learner.given_name} {learner.family_name}".strip(),
        "date_of_birth": learner.date_of_birth.isoformat() if learner.date_of_birth else None,
        "awarded_on": credential.awarded_on.isoformat(),
        "valid_from": credential.valid_from.isoformat(),
        "valid_until": credential.valid_until.isoformat() if credential.valid_until else None,
        "grade": result.grade if result else None,
        "status_lists": [f"{entry.list_url} ({entry.purpose})" for entry in credential.status],
        **_achievement(credential.achievement),
    }


def _achievement(achievement: Achievement) -> dict[str, Any]:
    return {
        "title": achievement.title.best(),
        "awarding_body": achievement.awarding_body.name.best(),
        "ects": str(achievement.workload_ects) if achievement.workload_ects is not None else None,
        "hours": str(achievement.workload_hours) if achievement.workload_hours is not None else None,
        "eqf_level": achievement.eqf_level,
        "languages": ", ".join(achievement.languages),
        "learning_outcomes": [outcome.text.best() for outcome in achievement.outcomes],
        "skills": [skill.label.best() for outcome in achievement.outcomes for skill in outcome.skills],
        "assessment": [part.kind.label.best() or part.title.best() for part in achievement.assessments],
        "participation": achievement.participation,
        "quality_assurance": [entry.title.best() or entry.kind for entry in achievement.quality_assurance],
        "missing": [finding.sentence for finding in specification.completeness(achievement)],
    }


def _status_list(document: dict[str, Any]) -> dict[str, Any]:
    subject = document.get("credentialSubject")
    if not isinstance(subject, dict):
        raise CredentialError("format-member-missing", member="credentialSubject")
    bits = bitstring.decode(subject.get("encodedList"))
    return {
        "address": document.get("id"),
        "purpose": subject.get("statusPurpose"),
        "entries": len(bits) * 8,
        "set": int.from_bytes(bits).bit_count(),
    }


def _proofs(document: dict[str, Any]) -> list[dict[str, Any]]:
    proofs = document.get("proof", [])
    shown = ("cryptosuite", "verificationMethod", "created", "proofPurpose")
    return [
        {name: proof.get(name) for name in shown}
        for proof in (proofs if isinstance(proofs, list) else [proofs])
        if isinstance(proof, dict)
    ]


def _print(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    say(f"This is {_KINDS[found['kind']]}. It was not verified.")
    for section in ("content", "proofs", "not_taken_over"):
        for name, value in _lines(found.get(section), section):
            say(f"  {name}: {value}")


def _lines(value: Any, section: str) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        entries = [(name.replace("_", " "), entry) for name, entry in value.items() if entry not in (None, "", [])]
        return [
            (name, "; ".join(map(str, entry)) if isinstance(entry, list) else str(entry)) for name, entry in entries
        ]
    if not isinstance(value, list):
        return []
    if section == "proofs":
        return [("proof", ", ".join(str(entry) for entry in proof.values() if entry)) for proof in value]
    return [("not taken over", f"{entry['pointer']}: {entry['sentence']}") for entry in value]
