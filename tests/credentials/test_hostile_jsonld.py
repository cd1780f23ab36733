"""Documents made to cost too much, to hide a statement, or to change what terms mean.

Work is judged by counters, never by time, so that a document is refused alike on every machine.
"""

from functools import reduce

import pytest

from openmcx.credentials import ContextError, CredentialError, DataLossError, DocumentError, WorkLimitError
from openmcx.credentials.jsonld import BUNDLED, DEFAULT, canonical_nquads, contexts, processor, to_nquads, walker
from openmcx.credentials.jsonld.compiler import NotCompiledError
from openmcx.credentials.jsonld.limits import Limits, Meter
from tests.credentials.jsonld_ways import OPEN_BADGES, VC, by_expansion, by_walk, outcome

TERMS = {
    "p": "urn:p",
    "ref": {"@id": "urn:ref", "@type": "@id"},
    "list": {"@id": "urn:list", "@container": "@list"},
    "graph": {"@id": "urn:graph", "@container": "@graph"},
}


def document(**members):
    return {"@context": [VC, TERMS], "id": "urn:c", **members}


def nested(levels, inside="x"):
    return reduce(lambda inner, _: {"p": inner}, range(levels), inside)


def clique(size, *, key="@graph"):
    others = {i: [{"id": f"_:{j}"} for j in range(size) if j != i] for i in range(size)}
    return {"@context": [VC, TERMS], key: [{"id": f"_:{i}", "p": others[i]} for i in range(size)]}


def branches(inner):
    return {name: {"@id": f"urn:{name}", "@context": inner} for name in ("a", "b", "c")}


TOO_MUCH = [
    pytest.param(document(p=[str(i) for i in range(9000)]), "too-many-statements", id="too-many-statements"),
    pytest.param(document(p=[{"p": str(i)} for i in range(2100)]), "too-many-nodes", id="blank-nodes"),
    pytest.param(document(list=[str(i) for i in range(2500)]), "too-many-nodes", id="list"),
    pytest.param(document(graph=[{"p": str(i)} for i in range(1500)]), "too-many-nodes", id="graphs"),
    pytest.param(clique(8), "too-many-look-alikes", id="poison"),
    pytest.param(clique(12), "too-many-look-alikes", id="great-poison"),
    pytest.param(document(p=nested(60)), "too-many-look-alikes", id="a-chain-of-look-alikes"),
    pytest.param(document(list=["x"] * 1000), "look-alikes-too-far", id="a-list-of-look-alikes"),
    pytest.param(
        {
            "@context": [VC, TERMS],
            "@graph": [{"id": f"_:{i}", "p": {"id": f"_:{(i + 1) % 300}"}} for i in range(300)],
        },
        "look-alikes-too-far",
        id="a-ring-of-look-alikes",
    ),
    pytest.param(document(**{"@included": [{"p": "x"}] * 1600}), "too-many-values", id="slow-way"),
    pytest.param(document(**{f"urn:key:{i}": "x" for i in range(5000)}), "contexts-too-large", id="keys"),
    pytest.param(
        document(p=[{"@context": {f"t{i}": f"urn:{i}"}, f"t{i}": "x"} for i in range(400)]),
        "contexts-too-large",
        id="a-context-in-each-object",
    ),
    pytest.param(
        document(p=reduce(lambda inner, i: {"@context": {f"t{i}": f"urn:{i}"}, "p": inner}, range(300), "x")),
        "contexts-too-large",
        id="a-context-at-each-level",
    ),
    pytest.param(
        {"@context": [VC, {f"t{i}": f"urn:{i}" for i in range(5000)}], "id": "urn:c", "t1": "x"},
        "contexts-too-large",
        id="a-great-context",
    ),
    pytest.param(
        {
            "@context": [VC, reduce(lambda inner, _: branches(inner), range(7), {"z": "urn:z"})],
            "id": "urn:c",
            "urn:p": "x",
        },
        "contexts-too-large",
        id="contexts-branching-in-contexts",
    ),
    pytest.param({"@context": [VC] * 5000, "id": "urn:c", "name": "x"}, "contexts-too-large", id="the-same-repeated"),
    pytest.param(
        {
            "@context": [VC],
            "id": "urn:c",
            "urn:p": reduce(
                lambda inner, url: {"@context": url, "urn:p": inner},
                [url for url in BUNDLED if url not in (VC, contexts.VC_V1)] * 3,
                "x",
            ),
        },
        None,
        id="bundled-ones-within-each-other",
    ),
]


@pytest.mark.parametrize(("hostile", "code"), TOO_MUCH)
def test_what_costs_too_much_is_refused(hostile, code):
    walker._compiler.__init__()  # nothing is compiled yet: the worst case
    with pytest.raises(CredentialError) as refusal:
        canonical_nquads(hostile)
    if code is None:
        assert type(refusal.value) in (WorkLimitError, ContextError)
        return
    assert type(refusal.value) is WorkLimitError
    assert refusal.value.code == code
    assert str(refusal.value)


def test_the_work_that_was_done_before_refusing_is_bounded():
    for hostile in (clique(8), clique(12), document(p=nested(60)), document(p=[{"p": {"p": "x"}}] * 900)):
        meter = Meter(DEFAULT)
        try:
            dataset = walker.walk(hostile, meter)
            dataset.canonical(meter, "sha256")
        except (WorkLimitError, NotCompiledError):
            pass
        assert meter.n_degree_steps <= DEFAULT.max_n_degree_steps + 100
        assert meter.context_definitions <= DEFAULT.max_context_definitions + 1000


def test_a_context_that_is_too_much_is_refused_before_it_is_processed():
    great = {"@context": [VC, {f"t{i}": f"urn:{i}" for i in range(5000)}], "id": "urn:c", "t1": "x"}
    meter = Meter(DEFAULT)
    with pytest.raises(WorkLimitError):
        walker.walk(great, meter)
    assert meter.context_definitions < DEFAULT.max_context_definitions


def test_refused_work_is_not_remembered():
    """Refused contexts must neither fill the memory nor get cheaper when they are sent again."""
    hostile = {"@context": [VC, {f"t{i}": f"urn:{i}" for i in range(5000)}], "id": "urn:c", "t1": "x"}
    before = len(walker._compiler.states)
    for _ in range(3):
        with pytest.raises(WorkLimitError):
            canonical_nquads(hostile)
    assert len(walker._compiler.states) <= before + 1


def test_limits_are_the_callers():
    small = Limits(max_quads=3)
    assert len(to_nquads(document(p=["a", "b", "c"]), limits=small)) == 3
    with pytest.raises(WorkLimitError):
        to_nquads(document(p=["a", "b", "c", "d"]), limits=small)
    with pytest.raises(WorkLimitError):
        to_nquads(document(p=["a", "b", "c", "d"], **{"@included": {"p": "x"}}), limits=Limits(max_slow_values=9))


@pytest.mark.parametrize("levels", [400, 5000])
def test_a_document_that_did_not_come_through_the_reader_may_be_deep_too(levels):
    for way in (by_walk, by_expansion):
        kind, _ = outcome(way, document(p=nested(levels)), Limits(max_n_degree_steps=10**6, max_slow_values=10**6))
        assert kind in ("DocumentError", "WorkLimitError", "DataLossError")


NOT_ALLOWED = [
    {"@import": VC},
    {"@base": "https://evil.example/"},
    {"@base": None},
    {"@direction": "rtl"},
    {"@propagate": False},
    {"@unknown": "x"},
    {"@id": "urn:x"},
    {"@context": {"p": "urn:p"}},
    {"@vocab": "@"},
    {"@vocab": ""},
    {"@vocab": None},
    {"@vocab": "_:b"},
    {"@vocab": "relative/"},
    {"@vocab": "urn:a b"},
    {"@language": "en us"},
    {"@language": None},
    {"p": "@bogus"},
    {"p": {"@id": "@bogus"}},
    {"p": {"@reverse": "@bogus"}},
    {"p": {"@id": "urn:p", "@type": "@bogus"}},
    {"p": {"@id": "urn:p", "@language": 'en" .'}},
    {"p": {"@id": "urn:p", "@direction": "rtl"}},
    {"p": {"@id": "urn:p", "@context": VC}},
    {"p": {"@id": "urn:p", "@context": [{}, OPEN_BADGES]}},
    {"p": {"@id": "urn:p", "@context": {"q": {"@id": "urn:q", "@context": "https://evil.example/"}}}},
    {"p": {"@id": "urn:p", "@context": {"@base": "urn:x"}}},
]


REFUSALS = {
    "context-keyword-not-allowed",
    "context-keyword-unknown",
    "context-vocabulary-invalid",
    "context-language-invalid",
    "context-address-inside",
}


@pytest.mark.parametrize("inline", NOT_ALLOWED, ids=[str(context)[:60] for context in NOT_ALLOWED])
@pytest.mark.parametrize("way", [by_walk, by_expansion, lambda document, limits: canonical_nquads(document)])
def test_what_an_inline_context_may_not_do(inline, way):
    for hostile in (
        {"@context": [VC, inline], "id": "urn:c", "name": "x"},
        {"@context": [VC], "id": "urn:c", "name": "x", "urn:p": {"@context": inline, "name": "x"}},
    ):
        kind, code = outcome(way, hostile)
        assert kind == "ContextError"
        assert code in REFUSALS


INVALID = [
    5,
    True,
    [5],
    [[VC]],
    [{"name": "urn:other"}],
    [{"p": 5}],
    [{"p": ["urn:p"]}],
    [{"p": {"@id": 5}}],
    [{"p": {"@id": "urn:p", "@container": "@bogus"}}],
    [{"p": {"@id": "urn:p", "@container": {"a": 1}}}],
    [{"a": "b:c", "b": "a:c"}],
    [{"": "urn:p"}],
    [{"@version": 2}],
    [{"@protected": "x", "p": "relative"}],
    [None],
    ["https://www.w3.org/2018/credentials/v1"],
]


@pytest.mark.parametrize("context", INVALID, ids=[str(context)[:50] for context in INVALID])
@pytest.mark.parametrize("way", [by_walk, by_expansion])
def test_a_context_that_is_wrong_or_touches_protected_terms_is_refused(context, way):
    listed = context if isinstance(context, list) else [context]
    kind, _ = outcome(way, {"@context": [VC, *listed], "id": "urn:c", "name": "x"})
    assert kind == "ContextError"
    kind, _ = outcome(way, document(p={"@context": context, "p": "x"}))
    assert kind == "ContextError"


@pytest.mark.parametrize(
    ("inline", "code"),
    [
        ({"p": 2**70}, "context-not-json"),
        ({5: "urn:p"}, "context-term-not-text"),
        ({"p": "urn:\ud800"}, "context-not-json"),
        ({"p": b"urn:p"}, "context-not-json"),
    ],
)
def test_a_context_that_is_no_json_is_refused(inline, code):
    with pytest.raises(ContextError) as refusal:
        canonical_nquads({"@context": [VC, inline], "id": "urn:c", "name": "x"})
    assert refusal.value.code == code


class TestProtectedTerms:
    """The classic attack: what was signed as the issuer is shown as something else."""

    @pytest.mark.parametrize(
        "context",
        [
            {"type": "urn:evil#t"},
            {"id": "urn:evil#i"},
            {"name": "urn:evil#n"},
            {"VerifiableCredential": "urn:evil#v"},
            {"VerifiableCredential": {"@id": "urn:evil#v", "@context": {"issuer": "urn:evil#i"}}},
        ],
    )
    def test_they_cannot_be_given_another_meaning(self, context):
        with pytest.raises(ContextError) as refusal:
            canonical_nquads({"@context": [VC, context], "id": "urn:c", "type": "VerifiableCredential"})
        assert refusal.value.params == {"error": "protected term redefinition"}

    def test_what_a_type_defines_wins_over_what_was_defined_outside(self):
        context = {"issuer": "urn:evil#i", "credentialSubject": None}
        hostile = {"type": "VerifiableCredential", "issuer": "did:x:i", "credentialSubject": {"id": "did:x:s"}}
        written = canonical_nquads({"@context": [VC, context], "id": "urn:c", **hostile})
        assert written == canonical_nquads({"@context": [VC], "id": "urn:c", **hostile})

    def test_inside_the_type_they_are_protected(self):
        hostile = {"type": "VerifiableCredential", "issuer": {"id": "did:x:i", "@context": {"name": "urn:evil#n"}}}
        with pytest.raises(ContextError):
            canonical_nquads({"@context": [VC], "id": "urn:c", **hostile})


STATEMENT = "<urn:evil:s> <urn:evil:p> <urn:evil:o> ."
INJECTED = [
    document(p=f'x" .\n{STATEMENT}\n<urn:c> <urn:p> "y'),
    document(p=f"x\u2028{STATEMENT}\x85{STATEMENT}\x0b{STATEMENT}"),
    document(p={"@value": "x", "@language": f"en .\n{STATEMENT}\n#"}),
    document(p={"@value": "x", "@type": f"urn:t> .\n{STATEMENT}\n#"}),
    document(ref=f"urn:x> .\n{STATEMENT}\n#"),
    document(id=f"urn:x> <urn:p> <urn:o> .\n{STATEMENT}\n#", p="x"),
    document(id=f"_:x <urn:p> <urn:o> .\n{STATEMENT}\n#", p="x"),
    document(id="_:x\n", p="x"),
    document(ref="urn:x\n"),
    document(ref="urn:x\\u003e"),
    document(**{f"urn:p> <urn:o> .\n{STATEMENT}\n#": "x"}),
    document(**{"@type": f"urn:t> .\n{STATEMENT}\n#", "p": "x"}),
    {"@context": [VC, {"p": f"urn:p> <urn:o> .\n{STATEMENT}\n#"}], "id": "urn:c", "p": "x"},
    {"@context": [VC, {"p": {"@id": "urn:p", "@type": f"urn:t> .\n{STATEMENT}\n#"}}], "id": "urn:c", "p": "x"},
    {"@context": [VC, {"@vocab": f"urn:v> <urn:o> .\n{STATEMENT}\n#"}], "id": "urn:c", "p": "x"},
    {"@context": [VC, {"ex": {"@id": f"urn:v> .\n{STATEMENT}\n#", "@prefix": True}}], "id": "ex:x", "name": "x"},
]


@pytest.mark.parametrize("hostile", INJECTED, ids=range(len(INJECTED)))
@pytest.mark.parametrize("way", [by_walk, by_expansion, lambda document, limits: canonical_nquads(document)])
def test_no_value_can_write_a_statement_of_its_own(hostile, way):
    written = outcome(way, hostile)
    if isinstance(written, str):
        assert all(not line.startswith("<urn:evil") for line in written.split("\n"))
        assert "\n" + STATEMENT not in written
    else:
        assert written[0] in ("DataLossError", "ContextError", "DocumentError")


@pytest.mark.parametrize(
    "hostile",
    [
        document(p="\ud800"),
        document(ref="urn:\udfff"),
        document(**{"urn:\ud800": "x"}),
        document(p={"@value": "\ud800", "@language": "en"}),
    ],
)
def test_half_a_character_is_refused(hostile):
    with pytest.raises((DocumentError, DataLossError)):
        canonical_nquads(hostile).encode()


@pytest.mark.parametrize("value", [2**53, -(2**60), 10**30, float("nan"), float("inf")])
def test_a_number_that_readers_understand_differently_is_refused(value):
    for way in (by_walk, by_expansion):
        kind, code = outcome(way, document(p=value))
        assert (kind, code) in (("DocumentError", "number-out-of-range"), ("DocumentError", "not-a-finite-number"))


@pytest.mark.parametrize("value", [b"x", {1: "x"}, {"p": {2: "x"}}, object(), {"p"}, (1, 2)])
def test_what_is_no_json_is_refused(value):
    with pytest.raises(CredentialError):
        canonical_nquads(document(p=value))


def test_the_general_processor_fetches_nothing():
    """PyLD is used without a loader: even an address that gets past our own check is not asked for."""
    with pytest.raises(ContextError) as refusal:
        processor.process(processor.initial(), "https://evil.example/context", Meter())
    assert refusal.value.code == "unknown-context"
    with pytest.raises(ContextError):
        processor.process(processor.initial(), {"p": {"@id": "urn:p", "@context": "https://evil.example/"}}, Meter())


def test_contexts_of_one_document_do_not_reach_another():
    hostile = {"@context": [VC, {"nope": "urn:evil"}], "id": "urn:c", "nope": "x"}
    assert "urn:evil" in canonical_nquads(hostile)
    with pytest.raises(DataLossError):
        canonical_nquads({"@context": [VC], "id": "urn:c", "nope": "x"})
    assert "nope" not in contexts.definition(VC)
