"""JCS: the quick way and the exact way write the same."""

import enum
from decimal import Decimal

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from openmcx.credentials import DocumentError
from openmcx.credentials.jsonld import jcs, load

# Keys around the place where UTF-8 and UTF-16 sort differently, and texts that look like what the guard looks for.
KEYS = st.text(st.sampled_from('aZ0\u00e9\ud7ff\ue000\ufffd\U00010000\U0001f600"\\\n\x7f'), max_size=4)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    ['":1.5', ",1.5", "[1e5", ":null", '":null,', "null", "1,500.00", "\u2028\u2029", "\x00\x1f\x7f", "</script>"]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=25,
)


@given(VALUES)
@example({"\U00010000": 1, "\ue000": 2})
@example({"a": [1e21, 1e-7, -0.0, 5e-324, 333333333.33333329]})
@example(1.0)
@example("")
def test_it_is_what_the_exact_serializer_writes(value):
    assert jcs(value) == rfc8785.dumps(value)


@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_it_can_be_read_back_and_does_not_change(value):
    assert jcs(load(jcs(value))) == jcs(value)


def test_integers_beyond_doubles_are_signed_as_the_double_they_are_read_as():
    assert jcs(load('{"a":9007199254740993}')) == b'{"a":9007199254740992}'
    assert jcs(load('{"a":1180591620717411303424}')) == b'{"a":1.1805916207174113e+21}'


class Colour(enum.Enum):
    RED = b"red"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"a": float("nan")}, "not-a-finite-number"),
        ({"a": float("inf")}, "not-a-finite-number"),
        ([-float("inf")], "not-a-finite-number"),
        (2**53, "number-out-of-range"),
        ({"a": [2**70]}, "number-out-of-range"),
        ("\ud800", "lone-surrogate"),
        ({"\udfff": 1}, "lone-surrogate"),
        ({"a": b"bytes"}, "not-json-data"),
        ({"a": Decimal(1)}, "not-json-data"),
        ({"a": {1, 2}}, "not-json-data"),
        ({1: "a"}, "key-not-text"),
        ({None: "a"}, "key-not-text"),
        ({"a": Colour}, "not-json-data"),
    ],
)
def test_what_is_no_json_is_refused(value, code):
    with pytest.raises(DocumentError) as refusal:
        jcs(value)
    assert refusal.value.code == code


def test_endless_nesting_is_refused():
    value: list = []
    value.append(value)
    with pytest.raises(DocumentError) as refusal:
        jcs(value)
    assert refusal.value.code == "document-too-deep"
