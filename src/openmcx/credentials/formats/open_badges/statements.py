"""Which statements a reader of the JSON looks for, and whether it met all of them.

A term can be written as the IRI that it stands for, and other contexts can give the same IRI under another name: the
statements and the signature stay, the reader of the JSON passes over them. So the names and IRIs of all bundled
contexts are known here, whatever contexts a document itself lists, and the statements that a signature covers are
counted against what the JSON shows.

Source: Verifiable Credential Data Integrity 1.0, section 2.4.1 (validating contexts); JSON-LD 1.1, section 4.1.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from openmcx.credentials.errors import FormatError
from openmcx.credentials.formats.open_badges import terms
from openmcx.credentials.formats.open_badges.values import each
from openmcx.credentials.jsonld import contexts
from openmcx.credentials.jsonld.rdf import DOUBLE

OWN_IRIS = frozenset(value for key, value in vars(terms).items() if key.isupper() and not key.endswith("_CONTEXT"))
"""What our own writer writes as IRIs, in every document."""

# What decides about any credential: by whom, about whom, from when to when, revoked or not, under which terms.
DECISIVE = frozenset(
    [
        *("issuer", "credentialSubject", "validFrom", "validUntil", "issuanceDate", "expirationDate"),
        *("credentialStatus", "credentialSchema", "evidence", "termsOfUse", "refreshService", "proof"),
        *("statusPurpose", "statusListIndex", "statusListCredential", "statusSize", "encodedList", "ttl"),
    ]
)
# What a reader of an Open Badge looks for besides.
READ = DECISIVE | frozenset(
    [
        *("awardedDate", "identifier", "result", "achievement", "creditsEarned", "resultDescription"),
        *("achievementType", "name", "description", "criteria", "creator", "creditsAvailable", "fieldOfStudy"),
        *("inLanguage", "version", "otherIdentifier", "url", "email", "address", "image", "alignment"),
        *("identityHash", "identityType", "hashed", "value", "status"),
        *(value for key, value in vars(terms).items() if key.isupper() and not key.endswith(("_CONTEXT", "_CLASS"))),
    ]
)
# The contexts that give these names the meaning in which they are read.
_READ_CONTEXTS = (
    contexts.VC_V2,
    contexts.VC_V1,
    contexts.OPEN_BADGES_V3,
    contexts.OPEN_BADGES_V3_EXTENSIONS,
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
    "https://www.w3.org/ns/credentials/status/v1",
)


def check_statements(document: dict[str, Any], statements: Iterable[str], *, whole: bool) -> None:
    """This will refuse a document that makes a statement which a reader of its JSON does not meet.

    `document` stands without proofs, `statements` are its N-Quads. `whole` asks for all that is read of an Open Badge,
    otherwise for what decides about any credential. Each statement needs a member of its name that makes it; members
    that make the same one count once.

    Raises: FormatError naming the property that is out of sight.
    """
    names = _read_names(whole=whole)
    made: dict[str, int] = {}
    for line in statements:
        iri = line.split(" ", 2)[1][1:-1]
        if iri in names:
            made[iri] = made.get(iri, 0) + 1
    members: dict[str, list[tuple[object, object]]] = {}
    for node in _objects(document):
        subject = node["id"] if isinstance(node.get("id"), str) else id(node)
        for name, value in node.items():
            if name in READ:
                members.setdefault(name, []).append((subject, value))
    for iri, count in made.items():
        shown = {
            (subject, _identity(item))
            for name in names[iri]
            for subject, value in members.get(name, ())
            for item in _items(value)
        }
        if count > len(shown):
            raise FormatError("signed-term-hidden", term=iri)


def _objects(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    stack: list[Any] = [document]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            yield value
            stack += [
                member for name, member in value.items() if isinstance(member, dict | list) and name != "@context"
            ]
        elif isinstance(value, list):
            stack += value


def _items(value: object) -> Iterable[object]:
    """This will give the values in however many brackets, without null, which says nothing."""
    if isinstance(value, list):
        return [item for member in value for item in _items(member)]
    says_nothing = value is None or (isinstance(value, dict) and value.get("@value", "") is None)
    return () if says_nothing else (value,)


def _identity(value: object) -> object:
    """This will give the same for values that make one statement, and different things for those that make two.

    Where it depends on the data type, as for 1 and "1.0", it gives the same.
    """
    if isinstance(value, str):
        return float(value) if DOUBLE.fullmatch(value) else value
    if isinstance(value, dict):
        if "@value" not in value:
            name = value.get("id")
            return name if isinstance(name, str) else id(value)
        tags = tuple(str(value.get(tag, "")).lower() for tag in ("@language", "@direction"))
        return (_identity(value["@value"]), *tags) if any(tags) else _identity(value["@value"])
    if isinstance(value, bool):
        return "true" if value else "false"
    return float(value) if isinstance(value, int | float) else str(value)


@cache
def _read_names(*, whole: bool) -> Mapping[str, frozenset[str]]:
    """This will give each IRI that is looked for, with the names under which it is found."""
    found: dict[str, set[str]] = {}
    for url in _READ_CONTEXTS:
        for name, iri in _terms(contexts.definition(url), {}, ""):
            if name in (READ if whole else DECISIVE):
                found.setdefault(iri, set()).add(name)
    if whole:
        for iri in READ & OWN_IRIS:
            found.setdefault(iri, set()).add(iri)
    return {iri: frozenset(names) for iri, names in found.items()}


@cache
def term_iris() -> frozenset[str]:
    """This will give every IRI for which a bundled context has a term, except those that our writer writes."""
    found = {iri for url in contexts.BUNDLED for _, iri in _terms(contexts.definition(url), {}, "")}
    return frozenset(found) - OWN_IRIS


@cache
def type_iris() -> frozenset[str]:
    """This will give every IRI for which a context that decides about the reading has a term."""
    found = {iri for url in _READ_CONTEXTS for _, iri in _terms(contexts.definition(url), {}, "")}
    return frozenset(found) - OWN_IRIS


def _terms(definition: object, outer: Mapping[str, str], vocabulary: str) -> Iterator[tuple[str, str]]:
    """This will give the terms of a context and of those within it with their IRIs.

    Source: JSON-LD 1.1 API, sections 4.2 (create term definition) and 5.2 (IRI expansion).
    """
    for entry in each(definition):
        if not isinstance(entry, Mapping):
            continue
        if isinstance(entry.get("@vocab"), str):
            vocabulary = entry["@vocab"]
        written = dict(outer)
        for name, value in entry.items():
            target = value
            if isinstance(value, Mapping):
                target = value.get("@id", value.get("@reverse", name))
            if isinstance(target, str) and not name.startswith("@"):
                written[name] = target
        for name, value in entry.items():
            if name.startswith("@") or name not in written:
                continue
            iri = _expand(name, written, vocabulary)
            if not iri.startswith("@"):
                yield name, iri
            if isinstance(value, Mapping):
                yield from _terms(value.get("@context"), written, vocabulary)
        outer = written


def _expand(name: str, written: Mapping[str, str], vocabulary: str) -> str:
    seen: set[str] = set()
    ending = ""
    while not name.startswith("@"):
        if name in written and name not in seen:
            seen.add(name)
            name = written[name]
            continue
        prefix, colon, local = name.partition(":")
        if not colon:
            return vocabulary + name + ending
        if local.startswith("//") or prefix not in written or prefix in seen:
            return name + ending
        name, ending = prefix, local + ending
    return name
