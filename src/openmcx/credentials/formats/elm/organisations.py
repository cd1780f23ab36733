"""Reading organisations: who awards, where they are, what they are called elsewhere, who vouches for their quality."""

from collections.abc import Iterator

from openmcx.credentials.formats import vocabularies
from openmcx.credentials.formats.elm import names
from openmcx.credentials.formats.elm.nodes import Document, Node, Path, id_of, label, lasting_id, texts
from openmcx.credentials.formats.open_badges.values import read_date
from openmcx.credentials.model import Identifier, LangText, Organisation, QualityAssurance

_IDENTIFIERS = {
    "registration": "registration",
    "vatIdentifier": "vat",
    "taxIdentifier": "tax",
    "eIDASIdentifier": "eidas",
}


class Organisations(Document):
    """Reads organisations and accreditations."""

    def _awarding_body(self, claim: Node, spec: Node, path: Path) -> Organisation:
        sources = [*self._all(claim, "awardedBy"), *self._all(spec, "awardingOpportunity")]
        bodies = [body for source in sources for body in self._all(source, "awardingBody")]
        if not bodies:
            bodies = self._all(self._document, "issuer")
        if len(bodies) > 1:
            self._note("elm-more-than-one", (*path, "awardedBy"), member="awardingBody")
        if not bodies:
            return Organisation(id="", name=LangText())
        return self._organisation(bodies[0], (*path, "awardedBy", "awardingBody"))

    def _organisation(self, node: Node, path: Path) -> Organisation:
        self._rest(
            node,
            path,
            *("legalName", "prefLabel", "location", "homepage", "contactPoint", "identifier", "accreditation"),
            *_IDENTIFIERS,
            *(("logo",) if self._url(node, "logo") else ()),
            *(("additionalNote",) if all(map(self._on_assurance, self._all(node, "additionalNote"))) else ()),
        )
        locations = self._all(node, "location")
        if len(locations) > 1:
            self._note("elm-more-than-one", (*path, "location"), member="location")
        location = locations[0] if locations else {}
        address = self._one(location, "address", path)
        spatial = self._one(location, "spatialCode", path)
        contact = self._one(node, "contactPoint", path)
        return Organisation(
            id=lasting_id(node),
            name=texts(node.get("legalName")) or texts(node.get("prefLabel")),
            country=vocabularies.country_code(id_of(self._one(address, "countryCode", path))) or "",
            region=texts(location.get("geographicName")).best() or label(spatial),
            address=texts(self._one(address, "fullAddress", path).get("noteLiteral")).best(),
            url=self._url(node, "homepage"),
            email=id_of(self._one(contact, "emailAddress", path)).removeprefix("mailto:"),
            image_url=self._url(node, "logo"),
            identifiers=tuple(self._identifiers(node)),
            quality_assurance=self._assurance(node),
        )

    def _identifiers(self, node: Node) -> Iterator[Identifier]:
        for entry in self._all(node, "identifier"):
            value, scheme = entry.get("notation"), entry.get("schemeName")
            if isinstance(value, str):
                yield Identifier(scheme=scheme if isinstance(scheme, str) else "", value=value)
        for member, scheme in _IDENTIFIERS.items():
            for entry in self._all(node, member):
                if isinstance(entry.get("notation"), str):
                    yield Identifier(scheme=scheme, value=entry["notation"])

    def _assurance(self, node: Node) -> tuple[QualityAssurance, ...]:
        found = []
        for entry in self._all(node, "accreditation"):
            kind = id_of(self._one(entry, "dcType", ()))
            known = names.ASSURANCE_KINDS.get(kind) or kind.partition(names.ASSURANCE_KIND)[2]
            found.append(
                QualityAssurance(
                    title=texts(entry.get("title")),
                    kind=known,
                    agency=texts(self._one(entry, "accreditingAgent", ()).get("legalName")),
                    evidence_url=self._url(entry, "report"),
                    valid_from=read_date(entry.get("dateIssued")),
                    valid_until=read_date(entry.get("expiryDate")),
                )
            )
        found += [self._noted_assurance(note) for note in self._all(node, "additionalNote") if self._on_assurance(note)]
        return tuple(found)

    def _on_assurance(self, note: Node) -> bool:
        return id_of(self._one(note, "subject", ())).startswith(names.ASSURANCE_NOTE)

    def _noted_assurance(self, note: Node) -> QualityAssurance:
        kind = id_of(self._one(note, "subject", ())).removeprefix(names.ASSURANCE_NOTE)
        said = texts(note.get("noteLiteral"))
        title = LangText({tag: text.partition(names.ASSURANCE_DASH)[0] for tag, text in said.items()})
        named_by_kind = title == LangText({"en": names.ASSURANCE_TITLES.get(kind, "")})
        return QualityAssurance(title=LangText() if named_by_kind else title, kind=kind)
