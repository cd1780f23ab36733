"""Institutions, identifiers and quality assurance in Open Badges credentials."""

import re

from openmcx.credentials.errors import FormatError
from openmcx.credentials.formats.open_badges import terms
from openmcx.credentials.formats.open_badges.values import (
    Node,
    date,
    each,
    first_node,
    literal,
    nodes,
    put,
    read_date,
    read_iri,
    read_texts,
    texts,
    typed,
)
from openmcx.credentials.model import Identifier, LangText, Organisation, QualityAssurance

# Source: Open Badges 3.0, IdentifierTypeEnum. Everything else is written as an extension, "ext:…".
IDENTIFIER_TYPES = frozenset(
    [
        "name",
        "sourcedId",
        "systemId",
        "productId",
        "userName",
        "accountId",
        "emailAddress",
        "nationalIdentityNumber",
        "isbn",
        "issn",
        "lisSourcedId",
        "oneRosterSourcedId",
        "sisSourcedId",
        "ltiContextId",
        "ltiDeploymentId",
        "ltiToolId",
        "ltiPlatformId",
        "ltiUserId",
    ]
)
_EXTENSION = "ext:"
_UNESCAPED = re.compile(rb"[^A-Za-z0-9.]")


def identifier_type(scheme: str) -> str:
    """This will write an identifier's scheme as ``identifierType``: ``ror`` → ``ext:ror``.

    Characters that an extension's name may not hold are written as ``_`` and two hexadecimal digits.
    """
    if not scheme:
        return "identifier"
    if scheme in IDENTIFIER_TYPES:
        return scheme
    return _EXTENSION + _UNESCAPED.sub(lambda match: b"_%02X" % match[0][0], scheme.encode()).decode("ascii")


def identifier_scheme(kind: str) -> str:
    """This will read the scheme out of an ``identifierType``."""
    if kind == "identifier":
        return ""
    if not kind.startswith(_EXTENSION):
        return kind
    escaped = kind[len(_EXTENSION) :].encode()
    return re.sub(rb"_([0-9A-F]{2})", lambda match: bytes.fromhex(match[1].decode()), escaped).decode(errors="replace")


def write_identifiers(identifiers: tuple[Identifier, ...]) -> list[Node]:
    """This will write identifiers as Open Badges ``IdentifierEntry`` objects."""
    return [
        {"type": "IdentifierEntry", "identifier": entry.value, "identifierType": identifier_type(entry.scheme)}
        for entry in identifiers
    ]


def read_identifiers(value: object) -> tuple[Identifier, ...]:
    """This will read Open Badges ``IdentifierEntry`` objects."""
    return tuple(
        Identifier(scheme=identifier_scheme(literal(node.get("identifierType"))), value=node["identifier"])
        for node in nodes(value)
        if isinstance(node.get("identifier"), str)
    )


def write_quality_assurance(entries: tuple[QualityAssurance, ...]) -> list[Node]:
    """This will write accreditations as ELM ``Accreditation`` objects."""
    written = []
    for entry in entries:
        node: Node = {"type": terms.ACCREDITATION_CLASS}
        put(node, terms.TITLE, texts(entry.title))
        put(node, terms.TYPE, entry.kind)
        if entry.agency:
            node[terms.ACCREDITING_AGENT] = {
                "type": terms.ORGANISATION_CLASS,
                terms.LEGAL_NAME: texts(entry.agency),
            }
        if entry.evidence_url:
            node[terms.REPORT] = {
                "type": terms.WEB_RESOURCE_CLASS,
                terms.CONTENT_URL: typed(entry.evidence_url, terms.XSD_ANY_URI),
            }
        put(node, terms.ISSUED, date(entry.valid_from))
        put(node, terms.EXPIRY_DATE, date(entry.valid_until))
        written.append(node)
    return written


def read_quality_assurance(value: object) -> tuple[QualityAssurance, ...]:
    """This will read ELM ``Accreditation`` objects."""
    return tuple(
        QualityAssurance(
            title=read_texts(node.get(terms.TITLE)),
            kind=literal(node.get(terms.TYPE)),
            agency=read_texts(first_node(node.get(terms.ACCREDITING_AGENT)).get(terms.LEGAL_NAME)),
            evidence_url=literal(first_node(node.get(terms.REPORT)).get(terms.CONTENT_URL)),
            valid_from=read_date(node.get(terms.ISSUED)),
            valid_until=read_date(node.get(terms.EXPIRY_DATE)),
        )
        for node in nodes(value)
    )


def write_profile(organisation: Organisation, *languages: str) -> Node:
    """This will write an institution as an Open Badges ``Profile``; `languages` choose the plain name.

    Raises: FormatError when it has no id.
    """
    if not organisation.id:
        raise FormatError("format-cannot-write", reason="institution-without-id")
    node: Node = {"id": organisation.id, "type": ["Profile"]}
    put(node, "name", organisation.name.best(*languages))
    put(node, "url", organisation.url)
    put(node, "email", organisation.email)
    address: Node = {"type": ["Address"]}
    put(address, "addressCountryCode", organisation.country)
    put(address, "addressRegion", organisation.region)
    put(address, "streetAddress", organisation.address)
    if len(address) > 1:
        node["address"] = address
    if organisation.image_url:
        node["image"] = {"id": organisation.image_url, "type": "Image"}
    put(node, "otherIdentifier", write_identifiers(organisation.identifiers))
    put(node, terms.LEGAL_NAME, texts(organisation.name))
    put(node, terms.ACCREDITATION, write_quality_assurance(organisation.quality_assurance))
    return node


def read_profile(value: object) -> Organisation:
    """This will read an Open Badges ``Profile``, or an institution that is given by its address alone."""
    profile = next(iter(each(value)), None)
    if not isinstance(profile, dict):
        return Organisation(id=profile if isinstance(profile, str) else "", name=LangText())
    address = first_node(profile.get("address"))
    return Organisation(
        id=read_iri(profile),
        name=read_texts(profile.get(terms.LEGAL_NAME)) or read_texts(profile.get("name")),
        country=literal(address.get("addressCountryCode")),
        region=literal(address.get("addressRegion")),
        address=literal(address.get("streetAddress")),
        url=literal(profile.get("url")),
        email=literal(profile.get("email")),
        image_url=read_iri(profile.get("image")),
        identifiers=read_identifiers(profile.get("otherIdentifier")),
        quality_assurance=read_quality_assurance(profile.get(terms.ACCREDITATION)),
    )
