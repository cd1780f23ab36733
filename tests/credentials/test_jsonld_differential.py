"""Whatever a document holds: the compiled walk, the general processor and PyLD alone say the same, or refuse."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld as pyld

from openmcx.credentials.jsonld import Limits, canonical_nquads, load, rdfc10
from openmcx.credentials.jsonld.walker import _compiler
from tests import shared_data
from tests.credentials.jsonld_ways import (
    NOT_COMPILED,
    OPEN_BADGES,
    VC,
    bundled_loader,
    by_expansion,
    by_quads,
    by_walk,
    outcome,
)

# Terms of every kind, some of them meaning the same, some read differently inside others or inside certain types.
TERMS = {
    "plain": "urn:plain",
    "same": "urn:plain",
    "ref": {"@id": "urn:ref", "@type": "@id"},
    "vocabulary": {"@id": "urn:vocabulary", "@type": "@vocab"},
    "date": {"@id": "urn:date", "@type": "http://www.w3.org/2001/XMLSchema#date"},
    "double": {"@id": "urn:double", "@type": "http://www.w3.org/2001/XMLSchema#double"},
    "json": {"@id": "urn:json", "@type": "@json"},
    "german": {"@id": "urn:german", "@language": "DE"},
    "none": {"@id": "urn:none", "@type": "@none"},
    "set": {"@id": "urn:set", "@container": "@set"},
    "list": {"@id": "urn:list", "@container": "@list"},
    "texts": {"@id": "urn:texts", "@container": "@language"},
    "graph": {"@id": "urn:graph", "@container": "@graph"},
    "index": {"@id": "urn:index", "@container": "@index"},
    "ids": {"@id": "urn:ids", "@container": "@id"},
    "types": {"@id": "urn:types", "@container": "@type"},
    "reverse": {"@reverse": "urn:reverse"},
    "nest": "@nest",
    "label": "@value",
    "ex": "urn:ex#",
    "ex:compact": {"@type": "@id"},
    "scoped": {"@id": "urn:scoped", "@context": {"plain": "urn:other", "scoped": {"@id": "urn:deeper"}, "w": "urn:w"}},
    "scopedText": {"@id": "urn:scopedText", "@context": {"scopedText": {"@id": "urn:scopedText", "@language": "fi"}}},
    "A": {"@id": "urn:A", "@context": {"plain": "urn:a-plain", "only": {"@id": "urn:only", "@type": "@id"}}},
    "B": {"@id": "urn:B", "@context": {"plain": {"@id": "urn:b-plain", "@language": "en"}, "inner": "urn:inner"}},
    "C": "urn:C",
    "nothing": None,
}
CONTEXTS = [
    [VC, TERMS],
    [VC, {**TERMS, "@vocab": "urn:vocab#"}],
    [VC, {**TERMS, "@vocab": "urn:vocab#", "@language": "pt-BR"}],
    [VC, OPEN_BADGES, {key: value for key, value in TERMS.items() if key not in ("label",)}],
]
KEYS = [*TERMS, "name", "only", "inner", "w", "unknown", "urn:plain", "ex:x", "id", "@id", "type", "@type", "@value"]
KEYWORDS = ["@language", "@list", "@set", "@graph", "@included", "@index", "@none", "@direction", "@reverse"]
TEXTS = [
    "x",
    "",
    'quote " back \\ line \n tab \t del \x7f',
    "urn:ex:1",
    "ex:2",
    "_:b0",
    "C",
    "plain",
    "relative",
    "en",
    "@id",
    "1.5",
    "2026-01-01",
    "\u00e9\u2028",
]

texts = st.sampled_from(TEXTS)
scalars = texts | st.sampled_from([True, False, None, 0, 1, -1, 1.0, 2.5, 1e21, -0.0])


def objects(values: Any) -> Any:
    ids = st.fixed_dictionaries(
        {}, optional={"id": st.sampled_from(["urn:ex:1", "urn:ex:2", "_:b0", "ex:2", "", 5, [], {}])}
    )
    types = st.fixed_dictionaries(
        {}, optional={"type": st.sampled_from(["A", "B", "C"]) | st.lists(st.sampled_from(["A", "B", "C"]), max_size=3)}
    )
    members = st.dictionaries(st.sampled_from(KEYS + KEYWORDS), values, max_size=4)
    sound = st.dictionaries(
        st.sampled_from(["plain", "same", "ref", "set", "list", "scoped", "graph"]), values, max_size=4
    )
    odd = st.sampled_from([[], {}, 5, True, ["en"], None])
    value_objects = st.fixed_dictionaries(
        {"@value": scalars | odd},
        optional={
            "@language": texts | odd,
            "@type": st.sampled_from(["urn:t", "C", "x", "@json"]) | odd,
            "@direction": st.sampled_from(["ltr", "rtl", "up"]) | odd,
        },
    )
    language_maps = st.fixed_dictionaries(
        {
            "texts": st.dictionaries(
                st.sampled_from(["en", "de-AT", "@none", "x y"]), texts | st.lists(texts), max_size=3
            )
        }
    )
    merged = st.tuples(ids, types, members | sound | language_maps).map(
        lambda parts: {**parts[2], **parts[1], **parts[0]}
    )
    return merged | value_objects


values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | objects(inner), max_leaves=12)
documents = st.builds(
    lambda context, members, id_: {"@context": context, **({"id": "urn:c"} if id_ else {}), **members},
    st.sampled_from(CONTEXTS),
    objects(values),
    st.booleans(),
)


def by_pyld(document: dict[str, Any]) -> str:
    """PyLD's own way to quads, which drops in silence; its quads canonicalised by ours."""
    options = {"base": None, "documentLoader": bundled_loader, "rdfDirection": "i18n-datatype"}
    lines = pyld.to_rdf(copy.deepcopy(document), {**options, "format": "application/n-quads"})
    return rdfc10([lines])


def check(document: dict[str, Any]) -> str:
    in_general = outcome(by_expansion, document)
    for way in (by_walk, by_quads):
        walked = outcome(way, document)
        # Of several faults, each way may meet another one first.
        assert walked in (in_general, NOT_COMPILED) or (type(walked) is tuple and type(in_general) is tuple), walked
    if isinstance(in_general, str):
        assert canonical_nquads(document) == in_general == by_pyld(document)
        return "written"
    return "refused"


@given(documents)
@settings(max_examples=300, deadline=None)
def test_any_document(document):
    check(json.loads(json.dumps(document)))


@pytest.mark.slow
@given(documents)
@settings(max_examples=6_000, deadline=None)
def test_any_document_at_length(document):
    check(json.loads(json.dumps(document)))


def samples() -> list[Any]:
    if shared_data.ROOT is None:
        return []
    badges = [shared_data.ROOT / "openbadges-v3" / name for name in ("simple.json", "complete.json")]
    badges += sorted((shared_data.ROOT / "openbadges-v3" / "spec" / "examples").glob("*.json"))
    found = []
    for path in [*badges, *sorted((shared_data.ROOT / "elm-v3" / "Credentials").rglob("*igned.jsonld"))]:
        document = load(path.read_bytes(), limits=Limits(max_bytes=10_000_000))
        if "payload" in document:  # a sealed file
            document = load(document["payload"])
        found.append(pytest.param({key: value for key, value in document.items() if key != "proof"}, id=path.stem))
    return found


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = []
    for key, member in members:
        if key != "@context":
            found += [(*path, key), *paths(member, (*path, key))]
    return found


@pytest.mark.shared
@pytest.mark.parametrize("document", samples())
class TestSampleCredentials:
    def test_it_is_written_alike(self, document):
        assert check(document) == "written"
        assert outcome(by_walk, document) == outcome(by_expansion, document)

    def test_it_is_written_alike_whatever_is_changed_in_it(self, document):
        places = paths(document)

        @given(st.data())
        @settings(max_examples=8, deadline=None, database=None)
        def changed(data: Any) -> None:
            copied = copy.deepcopy(document)
            for _ in range(data.draw(st.integers(1, 3))):
                *parents, last = data.draw(st.sampled_from(places))
                inside = copied
                try:
                    for key in parents:
                        inside = inside[key]
                    inside[last] = data.draw(
                        scalars | st.sampled_from([[], {}, {"id": "urn:x"}, {"type": "Profile"}, [inside[last]] * 2])
                    )
                except (KeyError, IndexError, TypeError):
                    continue  # an earlier change took this place away
            check(json.loads(json.dumps(copied)))

        changed()


@pytest.fixture
def small_memory():
    """The compiler with room for 50 entries."""
    usual, _compiler.max_entries = _compiler.max_entries, 50
    yield
    _compiler.max_entries = usual


@pytest.mark.usefixtures("small_memory")
def test_the_memory_of_what_is_compiled_is_bounded():
    """A document made to fill it makes it start anew, and nothing else changes."""
    document = {"@context": [VC], "id": "urn:c", "name": "x"}
    expected = canonical_nquads(document)
    for number in range(0, 400, 40):
        many = {f"urn:p:{number + i}": "x" for i in range(40)}
        assert canonical_nquads({**document, **many}).count("urn:p:") == 40
        assert _compiler.entries <= 50
        assert canonical_nquads(document) == expected
