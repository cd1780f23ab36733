"""What a badge of version 2.0 or 1.x says: an assertion, its badge class and its issuer, which may lie apart.

Source: Open Badges 2.0, section 4 (data classes); Open Badges 1.0 and 1.1.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openmcx.credentials.emails import normal_email
from openmcx.credentials.errors import FormatError
from openmcx.credentials.formats.open_badges.values import Node, each, first_node, literal, nodes
from openmcx.credentials.instants import parse_instant
from openmcx.credentials.model import (
    Achievement,
    Credential,
    Identifier,
    LangText,
    Learner,
    LearningOutcome,
    Organisation,
    Skill,
)
from openmcx.credentials.model.text import LANGUAGE_TAG

_HASHES = {"sha256": hashlib.sha256, "md5": hashlib.md5}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MAX_TEXT_CHARACTERS = 100_000
_MAX_ALIGNMENTS = 200
_LATEST = 253_402_300_799  # the last second of the year 9999


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a badge was awarded to; often not named, but as a digest that fits one address only."""

    kind: str
    identity: str
    hashed: bool = False
    salt: str = ""

    def is_(self, address: str) -> bool:
        """This will tell whether the badge was awarded to an e-mail address (or other identity, as `kind` says).

        Upper and lower case count as the same, as issuers have hashed either.
        Source: Open Badges 2.0, section 4.4 (IdentityObject).
        """
        candidates = {address.strip(), address.strip().lower(), normal_email(address)}
        if not self.hashed:
            return self.identity.lower() in {one.lower() for one in candidates}
        name, dollar, expected = self.identity.partition("$")
        digest = _HASHES.get(name)
        if digest is None or not dollar or not expected.isascii():
            return False
        return any(
            hmac.compare_digest(digest(f"{one}{self.salt}".encode("utf-8", "replace")).hexdigest(), expected.lower())
            for one in candidates
        )


def read(assertion: Mapping[str, Any], badge: Mapping[str, Any], issuer: Mapping[str, Any]) -> Credential:
    """This will read a badge from its three parts.

    Raises: FormatError when it has no name, no recipient, or its times cannot be read.
    """
    language = _language(badge) or _language(assertion)
    organisation = _organisation(issuer)
    issued = read_time(assertion.get("issuedOn"), "issuedOn")
    expires = assertion.get("expires")
    return Credential(
        id=_iri(assertion) or literal(assertion.get("uid")),
        issuer=organisation,
        achievement=_achievement(badge, organisation, language),
        learner=_learner(assertion),
        awarded_on=issued.date(),
        valid_from=issued,
        valid_until=None if expires is None else read_time(expires, "expires"),
        evidence_url=next((url for url in map(_address, each(assertion.get("evidence"))) if url), ""),
    )


def read_recipient(assertion: Mapping[str, Any]) -> Recipient:
    """This will read whom a badge was awarded to; the oldest badges give the address alone.

    Raises: FormatError when it does not say.
    """
    value = assertion.get("recipient")
    if isinstance(value, str) and value:
        hashed = value.partition("$")[0] in _HASHES
        return Recipient("email", value, hashed, literal(assertion.get("salt")))
    node = first_node(value)
    identity, hashed = node.get("identity"), node.get("hashed", False)
    if not isinstance(identity, str) or not identity:
        raise FormatError("format-member-missing", member="recipient", where="/recipient")
    if not isinstance(hashed, bool):
        # Some wrote the truth value as a text; a digest tells by its form.
        hashed = identity.partition("$")[0] in _HASHES
    return Recipient(literal(node.get("type")) or "email", identity, hashed, literal(node.get("salt")))


def read_time(value: object, member: str) -> dt.datetime:
    """This will read a time: date and time, a date alone, or seconds since 1970 as version 1 allows.

    Raises: FormatError naming the member.
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _LATEST:
        return dt.datetime.fromtimestamp(int(value), dt.UTC)
    if isinstance(value, str) and _DAY.fullmatch(value):
        value = f"{value}T00:00:00Z"
    try:
        return parse_instant(value, member=member)
    except FormatError as error:
        error.where = f"/{member}"
        raise


def _achievement(badge: Mapping[str, Any], issuer: Organisation, language: str) -> Achievement:
    title = _text(badge.get("name"), language)
    if not title:
        raise FormatError("format-member-missing", member="name", where="/badge/name")
    criteria = next(iter(each(badge.get("criteria"))), None)
    narrative = criteria.get("narrative") if isinstance(criteria, dict) else None
    return Achievement(
        id=_iri(badge),
        title=title,
        awarding_body=issuer,
        description=_text(badge.get("description"), language),
        criteria=_text(narrative, language),
        outcomes=tuple(
            _alignment(node, language)
            for member in ("alignment", "alignments")
            for node in nodes(badge.get(member))[:_MAX_ALIGNMENTS]
        ),
        version=literal(badge.get("version")),
        languages=(language,) if language else (),
        homepage=_address(criteria),
        image_url=_address(badge.get("image")),
    )


def _alignment(node: Node, language: str) -> LearningOutcome:
    name = _text(node.get("targetName") or node.get("name"), language)
    skill = Skill(
        iri=literal(node.get("targetUrl") or node.get("url")),
        label=name,
        framework=literal(node.get("targetFramework")),
        code=literal(node.get("targetCode")),
    )
    described = _text(node.get("targetDescription") or node.get("description"), language)
    return LearningOutcome(text=described or name, skills=(skill,))


def _organisation(issuer: Mapping[str, Any]) -> Organisation:
    language = _language(issuer)
    return Organisation(
        id=_iri(issuer),
        name=_text(issuer.get("name"), language),
        url=_address(issuer.get("url")),
        email=literal(issuer.get("email"))[:320],
        image_url=_address(issuer.get("image")),
    )


def _learner(assertion: Mapping[str, Any]) -> Learner:
    recipient = read_recipient(assertion)
    # Not of the standard itself, but what many issuers add: the name of the person.
    profile = first_node(assertion.get("extensions:recipientProfile"))
    name = literal(profile.get("name"))[:1000]
    named_by_email = recipient.kind == "email" and not recipient.hashed
    scheme = f"{recipient.kind} (hashed)" if recipient.hashed else recipient.kind
    return Learner(
        given_name="",
        family_name=name,
        email=recipient.identity if named_by_email else "",
        identifiers=() if named_by_email else (Identifier(scheme=scheme, value=recipient.identity),),
    )


def _language(node: Mapping[str, Any]) -> str:
    tag = node.get("@language")
    return tag if isinstance(tag, str) and LANGUAGE_TAG.fullmatch(tag) else ""


def _text(value: object, language: str) -> LangText:
    text = literal(value)[:_MAX_TEXT_CHARACTERS]
    return LangText({language or "und": text}) if text else LangText()


def _iri(node: Mapping[str, Any]) -> str:
    value = node.get("id", node.get("@id"))
    return value if isinstance(value, str) else ""


def _address(value: object) -> str:
    """This will give the web address that a value is or names; pictures inside the text (“data:”) are none."""
    entry = next(iter(each(value)), None)
    if isinstance(entry, dict):
        entry = entry.get("id", entry.get("@id"))
    return entry if isinstance(entry, str) and entry.startswith(("https://", "http://")) and len(entry) < 2048 else ""
