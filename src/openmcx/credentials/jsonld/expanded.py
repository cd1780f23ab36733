"""From expanded JSON-LD to quads, refusing whatever has no place in RDF.

Source: JSON-LD 1.1 API, sections 7.2 (Node Map Generation) and 8 (RDF Serialization). No node map is built: a dataset
is a set, so nodes that share an id merge by themselves.
"""

from typing import Any

from openmcx.credentials.errors import DataLossError
from openmcx.credentials.jsonld import rdf
from openmcx.credentials.jsonld.jcs import jcs
from openmcx.credentials.jsonld.rdf import Quad


def quads(expanded: list[Any]) -> list[Quad]:
    """This will write expanded JSON-LD as quads. Raises: DataLossError when something in it is no RDF."""
    writer = _Writer()
    for node in expanded:
        writer.free_node(node, "")
    if not writer.quads:
        raise DataLossError("document-says-nothing")
    return writer.quads


class _Writer:
    def __init__(self) -> None:
        self.quads: list[Quad] = []
        self.labels: dict[str, str] = {}
        self.count = 0

    def blank(self) -> str:
        self.count += 1
        return f"_:b{self.count}"

    def resource(self, value: Any) -> str:
        if isinstance(value, str) and value.startswith("_:"):
            if not rdf.BLANK_NODE.fullmatch(value):
                raise DataLossError("invalid-blank-node", value=value)
            label = self.labels.get(value)
            if label is None:  # the document's own labels must not meet the ones made here
                label = self.labels[value] = self.blank()
            return label
        return rdf.iri(value)

    def node(self, node: dict[str, Any], graph: str) -> str:
        subject = self.resource(node["@id"]) if "@id" in node else self.blank()
        for key, values in node.items():
            if key == "@type":
                for value in values:
                    self.quads.append(Quad(subject, rdf.RDF_TYPE, self.type_(value), graph))
            elif key == "@graph":
                for value in values:
                    self.free_node(value, subject)
            elif key == "@included":
                for value in values:
                    self.free_node(value, graph)
            elif key == "@reverse":
                for predicate, sources in values.items():
                    for source in sources:
                        self.quads.append(Quad(self.node(source, graph), self.predicate(predicate), subject, graph))
            elif key == "@index":
                raise DataLossError("index-not-covered")
            elif key != "@id":
                predicate = self.predicate(key)
                for value in values:
                    self.quads.append(Quad(subject, predicate, self.object_(value, graph), graph))
        return subject

    def free_node(self, node: dict[str, Any], graph: str) -> None:
        """This will write a node that nothing points at, which must therefore say something itself."""
        before = len(self.quads)
        if "@value" not in node and "@list" not in node:
            self.node(node, graph)
        if len(self.quads) == before:
            raise DataLossError("node-says-nothing")

    def type_(self, value: Any) -> str:
        if isinstance(value, str) and value.startswith("_:"):
            return self.resource(value)
        if not (isinstance(value, str) and rdf.ABSOLUTE_IRI.fullmatch(value)):
            raise DataLossError("undefined-type", term=str(value))
        return rdf.iri(value)

    def predicate(self, value: str) -> str:
        if value.startswith("_:"):
            raise DataLossError("blank-node-property")
        if not rdf.ABSOLUTE_IRI.fullmatch(value):
            raise DataLossError("undefined-term", term=value)
        return rdf.iri(value)

    def object_(self, value: dict[str, Any], graph: str) -> str:
        if "@value" in value:
            return self.literal(value)
        if "@list" in value:
            if "@index" in value:
                raise DataLossError("index-not-covered")
            return self.list_(value["@list"], graph)
        return self.node(value, graph)

    def literal(self, value: dict[str, Any]) -> str:
        text, datatype = value["@value"], value.get("@type")
        if "@index" in value:
            raise DataLossError("index-not-covered")
        if datatype == "@json":
            return rdf.literal(jcs(text).decode(), datatype=rdf.RDF_JSON)
        if datatype is not None:
            rdf.iri(datatype)
        if not isinstance(text, str):
            return rdf.native(text, datatype)
        if "@direction" in value or "@language" in value:
            return rdf.tagged_text(text, value.get("@language"), value.get("@direction"))
        return rdf.typed_text(text, datatype) if datatype else rdf.literal(text)

    def list_(self, items: list[Any], graph: str) -> str:
        head = following = rdf.RDF_NIL
        for item in reversed(items):
            head = self.blank()
            self.quads.append(Quad(head, rdf.RDF_FIRST, self.object_(item, graph), graph))
            self.quads.append(Quad(head, rdf.RDF_REST, following, graph))
            following = head
        return head
