"""The examples and test vectors of Token Status List (IETF OAuth)."""

import json
import re
import zlib
from pathlib import Path

import pytest

from openmcx.credentials import base64url, cbor
from openmcx.credentials.status import token as lists
from tests.credentials.token_cases import issuers, refused

pytestmark = pytest.mark.shared

_STATE = re.compile(r"status\[(\d+)\] ?= ?0b([01]+)")


@pytest.fixture
def folder(data_from_outside: Path) -> Path:
    return data_from_outside / "token-status-list"


def read(path: Path) -> dict[str, object]:
    text = path.read_text("utf-8")
    if "cbor" in path.name:
        found = cbor.loads(bytes.fromhex("".join(text.split())))
        return {**found, "lst": bytes(found["lst"])}
    members = json.loads(re.sub(r"\s+", "", text[text.index("{") :]))
    return {**members, "lst": base64url.decode(members["lst"])}


def vectors(folder: Path) -> dict[int, dict[int, int]]:
    """The states that the specification lists, by the number of bits."""
    text = (folder / "draft-ietf-oauth-status-list.md").read_text("utf-8")
    chapters = re.split(r"(?m)^## (\d)-bit Status List$", text[text.index("{#test-vectors}") :])
    pairs = zip(chapters[1::2], chapters[2::2], strict=True)
    return {int(bits): {int(i): int(v, 2) for i, v in _STATE.findall(chapter)} for bits, chapter in pairs}


@pytest.mark.parametrize(
    ("bits", "name"),
    [
        (bits, f"status_list_encoding{name}_{form}.md")
        for bits, name in ((1, "1_long"), (2, "2_long"), (4, "4"), (8, "8"))
        for form in ("json", "cbor")
    ],
)
def test_every_state_of_a_vector(folder: Path, bits: int, name: str) -> None:
    found, states = read(folder / "examples" / name), vectors(folder)[bits]
    assert found["bits"] == bits
    packed = found["lst"]
    assert isinstance(packed, bytes)
    data = lists.unpack(packed)
    assert len(data) * 8 == 2**20 * bits
    assert {index: lists.status_at(data, index, bits=bits) for index in states} == states
    # Every other entry is valid: the same list, made from the states alone.
    made = lists.new_list(2**20, bits=bits)
    for index, state in states.items():
        lists.put(made, index, state, bits=bits)
    assert bytes(made) == data
    assert zlib.decompress(lists.pack(made)) == data


def test_the_examples_of_tokens_are_read_up_to_their_signature(folder: Path) -> None:
    """Their key is not given."""
    address = "https://example.com/statuslists/1"
    text = (folder / "examples" / "status_list_cwt.md").read_text("ascii")
    refused(
        "signature-wrong", lists.verify, bytes.fromhex("".join(text.split())), address=address, public_key_for=issuers
    )
    raw = (folder / "examples" / "status_list_jwt_raw.md").read_text("ascii")
    refused("signature-wrong", lists.verify, "".join(raw.split()), address=address, public_key_for=issuers)
