"""Strict reading of JSON."""

import contextlib
import json
import math

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmcx.credentials import DocumentError
from openmcx.credentials.jsonld import Limits, load
from openmcx.credentials.jsonld.limits import DEFAULT

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(['"', "\\", '\\"', "{", "]", '":', "[]"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.sampled_from('a"\\[{:'), max_size=3), inner),
    max_leaves=20,
)  # fmt: skip
OBJECTS = st.dictionaries(st.text(st.sampled_from('ab"\\[{:'), max_size=3), JSON, max_size=5)


@given(OBJECTS, st.sampled_from([None, 2]), st.booleans())
def test_whatever_json_writes_is_read_as_json_reads_it(document, indent, ascii_only):
    text = json.dumps(document, indent=indent, ensure_ascii=ascii_only)
    assert load(text) == document
    assert load(text.encode()) == document


@given(OBJECTS, st.data())
def test_a_key_twice_is_always_found(document, data):
    text = json.dumps(document)
    key = data.draw(st.text(st.sampled_from('ab"\\[{:'), max_size=3))
    spaces = data.draw(st.sampled_from(["", " ", "\n\t"]))
    member = f"{json.dumps(key)}{spaces}:{spaces}{json.dumps(data.draw(JSON))}"
    outer = f'{{"x":[{text}, {{{member},"between":{text},{member}}}]}}'
    with pytest.raises(DocumentError) as refusal:
        load(outer)
    assert (refusal.value.code, refusal.value.params) == ("duplicate-key", {"key": key})
    assert refusal.value.where == "/x/1/" + key.replace("~", "~0").replace("/", "~1")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('{"a":1,"a":1}', "/a"),
        ('{"a":1,"\\u0061":2}', "/a"),
        ('{"a":{"b":[0,{"c~/":1,"c~/":2}]}}', "/a/b/1/c~0~1"),
        ('{"a":{"b":1,"b":2},"a":3}', "/a"),
        ('{"a" : 1, "b":2, "a" : 3}', "/a"),
        ('{"":1,"":2}', "/"),
    ],
)
def test_duplicates_are_named_by_their_pointer(text, where):
    with pytest.raises(DocumentError) as refusal:
        load(text)
    assert (refusal.value.code, refusal.value.where) == ("duplicate-key", where)


REFUSED = [
    (b"", "document-empty"),
    (b"  ", "document-empty"),
    (b"{", "document-not-json"),
    (b"{'a':1}", "document-not-json"),
    (b'{"a":1,}', "document-not-json"),
    (b'{"a":01}', "document-not-json"),
    (b'{"a":NaN}', "document-not-json"),
    (b'{"a":Infinity}', "document-not-json"),
    (b'{"a":-Infinity}', "document-not-json"),
    (b'{"a":1}{"b":2}', "document-not-json"),
    (b'{"a":1}\0', "document-not-json"),
    (b'{"a":"\x01"}', "document-not-json"),
    (b"%PDF-1.7", "document-not-json"),
    (b'{"a":1e999}', "number-out-of-range"),
    (b'{"a":-1e999}', "number-out-of-range"),
    (b'{"a":"\\ud800"}', "lone-surrogate"),
    (b'{"a":"\\udc00x"}', "lone-surrogate"),
    (b'{"\\ud800":1}', "lone-surrogate"),
    (b'{"a":"\xed\xa0\x80"}', "document-not-utf8"),
    (b'{"a":"\xff"}', "document-not-utf8"),
    (b'{"a":"\xc3\xa9\xc3"}', "document-not-utf8"),
    (b'\xef\xbb\xbf{"a":1}', "document-has-byte-order-mark"),
    ('{"a":1}'.encode("utf-16"), "document-has-byte-order-mark"),
    ('{"a":1}'.encode("utf-16-be"), "document-not-json"),
    ('{"a":1}'.encode("utf-32"), "document-has-byte-order-mark"),
    (b"[1]", "document-not-an-object"),
    (b'"text"', "document-not-an-object"),
    (b"null", "document-not-an-object"),
    (b"1", "document-not-an-object"),
    ('{"a":"\ud800"}', "lone-surrogate"),
    ("\ufeff{}", "document-has-byte-order-mark"),
]


@pytest.mark.parametrize(("data", "code"), REFUSED, ids=[repr(data)[:40] for data, _ in REFUSED])
def test_what_is_no_plain_json_object_is_refused(data, code):
    with pytest.raises(DocumentError) as refusal:
        load(data)
    assert refusal.value.code == code
    assert str(refusal.value)


def test_size_is_capped_before_anything_is_read():
    limit = DEFAULT.max_bytes
    assert load(b'{"a":"%s"}' % (b"x" * (limit - 8)))
    with pytest.raises(DocumentError) as refusal:
        load(b"\xff" * (50 * limit))
    assert (refusal.value.code, refusal.value.params["size"]) == ("document-too-large", 50 * limit)


@pytest.mark.parametrize(("opening", "closing"), [('{"a":', "}"), ("[", "]"), ("[{},", "]"), ('["[",', "]")])
def test_depth_is_capped_at_the_exact_level(opening, closing):
    def nested(levels):
        """An object with so many levels inside; brackets stand beside them and, without meaning, in strings."""
        return '{"x":"[[[{{{","y":[],"z":' + opening * levels + "{}" + closing * levels + "}"

    limits = Limits(max_depth=10)
    assert load(nested(8), limits=limits)["x"] == "[[[{{{"
    with pytest.raises(DocumentError) as refusal:
        load(nested(9), limits=limits)
    assert (refusal.value.code, refusal.value.params) == ("document-too-deep", {"limit": 10})


@pytest.mark.parametrize("levels", [65, 1500, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_deep_nesting_is_refused_whatever_its_depth(levels, opening, closing):
    with pytest.raises(DocumentError) as refusal:
        load('{"a":' + opening * levels + "1" + closing * levels + "}")
    assert refusal.value.code == "document-too-deep"


def test_brackets_in_strings_do_not_count_as_depth():
    text = json.dumps({"a": "[" * 1000, "b": ["{", '"[', '\\"{', "]"] * 40, "[{": {"]}": "\\"}})
    assert load(text) == json.loads(text)


class TestNumbers:
    @pytest.mark.parametrize("number", [0, 1, -1, 2**53 - 1, -(2**53) + 1])
    def test_safe_integers_stay_integers(self, number):
        assert type(load(f'{{"a":{number}}}')["a"]) is int
        assert load(f'{{"a":{number}}}') == {"a": number}

    @pytest.mark.parametrize("number", [2**53, 2**53 + 1, -(2**60) - 1, 2**63, 2**64, 10**30, 12345678901234567890123])
    def test_greater_ones_become_the_double_that_is_signed(self, number):
        found = load(f'{{"a":[{{"b":{number}}}]}}')["a"][0]["b"]
        assert type(found) is float
        assert found == float(number)

    def test_minus_zero_and_small_numbers(self):
        found = load('{"a":-0.0,"b":5e-324,"c":1E2}')
        assert math.copysign(1, found["a"]) == -1
        assert (found["b"], found["c"]) == (5e-324, 100.0)


@given(st.binary(max_size=60))
def test_no_bytes_raise_anything_else(data):
    with contextlib.suppress(DocumentError):
        assert load(data) == orjson.loads(data)
