"""RDFC-1.0 beyond its test suite: any dataset, whatever its labels and its order; reading N-Quads."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld as pyld

from openmcx.credentials import DocumentError, WorkLimitError
from openmcx.credentials.jsonld import Limits, issued_identifiers, rdfc10
from openmcx.credentials.jsonld.rdf import Quad
from openmcx.credentials.jsonld.rdfc import _orders, parse_nquads

BLANK_NODES = [f"_:n{i}" for i in range(5)]
subjects = st.sampled_from([*BLANK_NODES, "<urn:s>"])
objects = st.sampled_from([*BLANK_NODES, *BLANK_NODES, "<urn:o>", '"text"', '"x"@en', '"1"^^<urn:t>'])
quads = st.builds(
    Quad,
    subjects,
    st.sampled_from(["<urn:p>", "<urn:q>"]),
    objects,
    st.sampled_from(["", "", *BLANK_NODES[:2], "<urn:g>"]),
)
datasets = st.lists(quads, max_size=9)
ROOMY = Limits(max_n_degree_steps=300_000)


def renamed(dataset, names):
    return [Quad(*(names.get(term, term) for term in quad)) for quad in dataset]


@given(datasets, st.permutations([f"_:m{i}" for i in range(5)]), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_labels_and_order_do_not_matter(dataset, labels, random):
    expected = rdfc10(dataset, limits=ROOMY)
    other = renamed(dataset, dict(zip(BLANK_NODES, labels, strict=True))) * 2
    random.shuffle(other)
    assert rdfc10(other, limits=ROOMY) == expected
    assert rdfc10([expected], limits=ROOMY) == expected


def names_a_blank_node_twice(quad):
    found = [term for term in quad if term.startswith("_:")]
    return len(found) > len(set(found))


# PyLD hashes a statement as often as it names a blank node, which rdf-canonize and the specification do not.
@given(st.lists(quads.filter(lambda quad: not names_a_blank_node_twice(quad)), max_size=9))
@settings(deadline=None)
def test_it_is_what_another_implementation_writes(dataset):
    lines = "".join(quad.line() for quad in dataset)
    options = {"algorithm": "URDNA2015", "inputFormat": "application/n-quads", "format": "application/n-quads"}
    assert rdfc10(dataset, limits=ROOMY) == pyld.normalize(lines, options)


@given(datasets)
@settings(deadline=None)
def test_every_blank_node_gets_a_name_of_its_own(dataset):
    issued = issued_identifiers(dataset, limits=ROOMY)
    mentioned = {term for quad in dataset for term in quad if term.startswith("_:")}
    assert issued.keys() == mentioned
    assert sorted(issued.values()) == sorted(f"_:c14n{i}" for i in range(len(mentioned)))
    written = [line for line in rdfc10(dataset, limits=ROOMY).split("\n") if line]
    assert written == sorted(quad.line()[:-1] for quad in set(renamed(dataset, issued)))


@given(datasets)
@settings(deadline=None)
def test_the_hash_is_chosen_by_the_caller(dataset):
    for algorithm in ("sha256", "sha384"):
        issued = issued_identifiers(dataset, limits=ROOMY, algorithm=algorithm)
        lines = sorted(quad.line() for quad in set(renamed(dataset, issued)))
        assert rdfc10(dataset, limits=ROOMY, algorithm=algorithm) == "".join(lines)


@pytest.mark.parametrize("labels", [[], ["a"], ["a", "a", "a"], ["a", "b", "a"], ["a", "b", "c", "b"]])
def test_every_order_is_tried_once(labels):
    tried = list(_orders(labels))
    assert len(tried) == len(set(tried))
    assert set(tried) == set(permutations(labels))


def test_the_limits_hold():
    ring = [Quad(f"_:{i}", "<urn:p>", f"_:{(i + 1) % 50}") for i in range(50)]
    assert rdfc10(ring, limits=Limits(max_n_degree_steps=10**6)).count("\n") == 50
    for limits in (
        Limits(max_quads=49),
        Limits(max_blank_nodes=49),
        Limits(max_n_degree_steps=500),
        Limits(max_n_degree_depth=20),
    ):
        with pytest.raises(WorkLimitError):
            rdfc10(ring, limits=limits)


class TestReading:
    def test_what_n_quads_allow_is_read(self):
        text = (
            "# a comment\n\n"
            "<urn:s> <urn:p> <urn:o> .\n"
            "  _:a\t<urn:p>   _:b.c   <urn:g> .  \r\n"
            '_:a <urn:p> "\\u0041\\U0001F600\\n\\"" _:g .\n'
            '<urn:s> <urn:p> "x"^^<http://www.w3.org/2001/XMLSchema#string> .\n'
            '<urn:s> <urn:p> "a\u0085b"@en-GB .'
        )
        assert parse_nquads(text) == [
            Quad("<urn:s>", "<urn:p>", "<urn:o>"),
            Quad("_:a", "<urn:p>", "_:b.c", "<urn:g>"),
            Quad("_:a", "<urn:p>", '"A\U0001f600\\n\\""', "_:g"),
            Quad("<urn:s>", "<urn:p>", '"x"'),
            Quad("<urn:s>", "<urn:p>", '"a\u0085b"@en-GB'),
        ]

    @pytest.mark.parametrize(
        "line",
        [
            "<urn:s> <urn:p> <urn:o>",
            "<urn:s> <urn:p> .",
            "<s> <urn:p> <urn:o> .",
            "<urn:s> _:p <urn:o> .",
            '"x" <urn:p> <urn:o> .',
            "<urn:s> <urn:p> <urn:o> <urn:g> <urn:h> .",
            '<urn:s> <urn:p> "x" "g" .',
            "<urn:a b> <urn:p> <urn:o> .",
            "<urn:a\\u0020b> <urn:p> <urn:o> .",
            "<urn:a\\u003Eb> <urn:p> <urn:o> .",
            '<urn:s> <urn:p> "x"@ .',
            '<urn:s> <urn:p> "x"@e! .',
            '<urn:s> <urn:p> "x"^^"t" .',
            '<urn:s> <urn:p> "x\\q" .',
            '<urn:s> <urn:p> "x"y" .',
            "_:a b <urn:p> <urn:o> .",
            "<urn:s> <urn:p> <urn:o> . <urn:s> <urn:p> <urn:o> .",
            "nothing",
        ],
    )
    def test_what_is_no_statement_is_refused_with_its_line(self, line):
        with pytest.raises(DocumentError) as refusal:
            parse_nquads(f"<urn:s> <urn:p> <urn:o> .\n{line}\n")
        assert refusal.value.params == {"line": 2}
