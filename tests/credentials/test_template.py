"""A filled template is what the general way writes, or there is none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openmcx.credentials import CredentialError, DataLossError, DocumentError
from openmcx.credentials.jsonld import BUNDLED, canonical_nquads, contexts
from openmcx.credentials.jsonld.compiler import Compiler
from openmcx.credentials.jsonld.limits import Meter
from openmcx.credentials.jsonld.template import _SCHEMES, Template
from openmcx.credentials.proofs.data_integrity import hash_data
from tests.credentials.jsonld_ways import OPEN_BADGES, VC

PROOF = {
    "@context": [VC, OPEN_BADGES],
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-rdfc-2022",
    "proofPurpose": "assertionMethod",
}
TEMPLATE = Template.of(PROOF, ("created", "verificationMethod"), Meter())


def filled(created, method):
    assert TEMPLATE is not None
    return TEMPLATE.fill((created, method))


@given(
    st.text() | st.sampled_from(["2026-07-01T00:00:00Z", 'a"b\\\n\t\x7f', "urn:openmcx:hole:1:"]),
    st.text()
    | st.sampled_from(["did:key:z6Mk#z6Mk", "https://x.example/#k", "_:b0", "urn:a b", "did:a>b", "VC:x", "", "k#1"])
    | st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs"])).map(lambda text: f"did:x:{text}"),
)
def test_it_is_what_the_general_way_writes(created, method):
    document = {**PROOF, "created": created, "verificationMethod": method}
    try:
        expected = canonical_nquads(document)
    except CredentialError:
        expected = None
    try:
        written = filled(created, method)
    except DocumentError:
        written = None
    assert written in (expected, None)


def test_the_usual_values_are_filled_in():
    assert filled("2026-07-01T00:00:00Z", "did:key:z6Mk#z6Mk") == canonical_nquads(
        {**PROOF, "created": "2026-07-01T00:00:00Z", "verificationMethod": "did:key:z6Mk#z6Mk"}
    )


@pytest.mark.parametrize("url", BUNDLED)
def test_no_bundled_context_gives_the_addresses_it_takes_another_meaning(url):
    state = Compiler().initial.local(url, Meter())
    assert not state.prefixes & set(_SCHEMES)


@pytest.mark.parametrize(
    ("document", "holes"),
    [
        ({"p": [{"q": "x"}, {"q": "y"}]}, ("r",)),  # blank nodes, named by what is said about them
        ({"@id": "urn:a", "p": {"q": "x"}, "same": "x"}, ("p2",)),  # the same property twice, sorted by value
        ({"g": {"q": "x"}}, ("r",)),  # a graph of its own
        ({"@id": "urn:a", "@included": {"q": "x"}}, ("r",)),  # not covered by the walk
        ({"@id": "urn:a"}, ("r", "p")),  # holes in another order than their statements
        ({"@id": "urn:a"}, ("list",)),  # cells of a list
        ({"p": "x"}, ("@id",)),  # not the object of a statement
    ],
)
def test_there_is_none_where_something_else_could_depend_on_a_hole(document, holes):
    terms = {
        **{term: f"urn:{term}" for term in ("p", "q", "r")},
        "p2": "urn:same",
        "same": "urn:same",
        "g": {"@id": "urn:g", "@container": "@graph"},
        "list": {"@id": "urn:list", "@container": "@list"},
    }
    sample = {"@context": [VC, terms], **document}
    template = Template.of(sample, holes, Meter())
    if holes == ("list",):
        assert template is not None
        values = ("z",)
        assert template.fill(values) == canonical_nquads({**sample, "list": "z"})
    else:
        assert template is None


def test_a_sample_that_would_lose_something_is_refused():
    with pytest.raises(DataLossError):
        Template.of(PROOF, ("created", "undefined"), Meter())


@given(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["DataIntegrityProof", ["DataIntegrityProof"], "Nope", 5, None]),
            "cryptosuite": st.sampled_from(["eddsa-rdfc-2022", "x", 5, ["a"]]),
            "created": st.sampled_from(["2026-07-01T00:00:00Z", "x", 5, None, ["a", "b"]]),
            "verificationMethod": st.sampled_from(["did:x:y#z", "relative", "_:b", 5, {"id": "did:x:y"}, ["did:x:y"]]),
            "proofPurpose": st.sampled_from(["assertionMethod", "authentication", "urn:x", "nope", 5, {}]),
        },
        optional={"domain": st.just("x"), "nonce": st.just("x"), "nope": st.just("x")},
    ),
    st.sampled_from([[VC], VC, [VC, OPEN_BADGES], [VC, {"name2": "urn:n"}], [contexts.VC_V1], [[VC]], [5]]),
)
@settings(max_examples=300)
def test_what_is_signed_does_not_depend_on_which_way_a_proof_went(proof, context):
    document = {"@context": context, "id": "urn:c", "type": "VerifiableCredential"}

    def digest(config):
        try:
            return hash_data(document, config, "eddsa-rdfc-2022")
        except CredentialError as error:
            return type(error)

    # An unusual member that says nothing keeps a proof from being written by template.
    assert digest(proof) == digest({**proof, "urn:null": None})
