"""The JSON-LD contexts that come with OpenMCX: the only ones there are.

A context decides what a signature covers, so none is ever fetched: whoever could answer for its address could change
what a signed credential says. Each file has the bytes its publisher serves, and its digest stands here in the code.
The folder ``contexts`` says where the files come from and under which licence (``SOURCE.txt``).
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from openmcx.credentials.errors import ContextError

_FOLDER = Path(__file__).parent / "contexts"

VC_V2 = "https://www.w3.org/ns/credentials/v2"
VC_V1 = "https://www.w3.org/2018/credentials/v1"
DATA_INTEGRITY_V1 = "https://w3id.org/security/data-integrity/v1"
DATA_INTEGRITY_V2 = "https://w3id.org/security/data-integrity/v2"
EDC = "http://data.europa.eu/snb/model/context/edc-ap"
OPEN_BADGES_V3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
OPEN_BADGES_V3_EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"


class Bundled(NamedTuple):
    """One context file and the SHA-256 digest of its bytes."""

    path: str
    sha256: str


BUNDLED: dict[str, Bundled] = {
    VC_V2: Bundled(
        "w3c/credentials-v2.jsonld",
        "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    ),
    VC_V1: Bundled(
        "w3c/credentials-v1.jsonld",
        "ab4ddd9a531758807a79a5b450510d61ae8d147eab966cc9a200c07095b0cdcc",
    ),
    "https://www.w3.org/ns/credentials/examples/v2": Bundled(
        "w3c/credentials-examples-v2.jsonld",
        "57393fbc69d6efb9b9b5dc9cb6b9880b0944360abfe2eaf459c9e58cf2279d7c",
    ),
    DATA_INTEGRITY_V1: Bundled(
        "w3c/data-integrity-v1.jsonld",
        "b5d829bd09aa7c42abc6efa0c8ed7635313b5487f37ccfce3ecd149ca9418554",
    ),
    DATA_INTEGRITY_V2: Bundled(
        "w3c/data-integrity-v2.jsonld",
        "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
    ),
    "https://w3id.org/security/multikey/v1": Bundled(
        "w3c/multikey-v1.jsonld",
        "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597",
    ),
    "https://w3id.org/security/jwk/v1": Bundled(
        "w3c/jwk-v1.jsonld",
        "0f14b62f6071aafe00df265770ea0c7508e118247d79b7d861a406d2aa00bece",
    ),
    "https://w3id.org/security/suites/ed25519-2020/v1": Bundled(
        "w3c-ccg/ed25519-2020-v1.jsonld",
        "b9e1ab971fd8bf2c7553e0c4a9438e0b9450afde1ea1ca5b2492368b9f549588",
    ),
    "https://www.w3.org/ns/cid/v1": Bundled(
        "w3c/cid-v1.jsonld",
        "ea216ecc1cb02cd39b693dba2250141e270ba0bf95890be107dd9a9e8e43de85",
    ),
    "https://www.w3.org/ns/did/v1": Bundled(
        "w3c/did-v1.jsonld",
        "adefa50311393eb1bd788a38ac9fe2696c65367928f6996812cd54577394f4da",
    ),
    "https://www.w3.org/ns/credentials/status/v1": Bundled(
        "w3c/status-v1.jsonld",
        "fda5add353231e6a6884a46b12e6c75464281900cb348284d9c360f62381d9f7",
    ),
    "https://w3id.org/vc/status-list/2021/v1": Bundled(
        "w3c-ccg/status-list-2021-v1.jsonld",
        "6dd06a52bedb771e059c1083ba8ba7848dce22f6b4a8cfa0b98ba3fc188870e4",
    ),
    "https://w3id.org/citizenship/v4rc1": Bundled(
        "w3c-ccg/citizenship-v4rc1.jsonld",
        "5038c7383afd7ab2158f1b997913a8f60978a0abcf96e0b0d08e29f146d2db1e",
    ),
    "https://purl.imsglobal.org/spec/ob/v3p0/context.json": Bundled(
        "1edtech/ob-v3p0.json",
        "b077fa134d909d92c1dcd1c153f2af1b244aeb415967fdc1467d7fc5dd48ac10",
    ),
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": Bundled(
        "1edtech/ob-v3p0-3.0.1.json",
        "cfc147db5fd5e3575b06bd471fe04784e92de69296f64a351b8dff0ec3372e9c",
    ),
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": Bundled(
        "1edtech/ob-v3p0-3.0.2.json",
        "bba433989e1e700ca60838a3c22378e7d8381aeb0c9590f9ddf84d1714f10296",
    ),
    OPEN_BADGES_V3: Bundled(
        "1edtech/ob-v3p0-3.0.3.json",
        "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
    ),
    OPEN_BADGES_V3_EXTENSIONS: Bundled(
        "1edtech/ob-v3p0-extensions.json",
        "146f85aa16effd7ca1da8056eb443f53ce1eca8a34186cb062832c0a97d889c3",
    ),
    "https://purl.imsglobal.org/spec/clr/v2p0/context.json": Bundled(
        "1edtech/clr-v2p0.json",
        "e198d7b517d74c5036434ce495086f67b10244709e9a3df9dcb7f8b1579b6167",
    ),
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json": Bundled(
        "1edtech/clr-v2p0-2.0.1.json",
        "880f1902d4158f2f33ce06af41b90719977cd1ea337a9de2e41edb3ff5e543d6",
    ),
    "https://w3id.org/openbadges/v2": Bundled(
        "1edtech/ob-v2p0.json",
        "393a890d7d95eb3a86f5f12309648a64c2d0676e5270e2967b5341a2dcea13d2",
    ),
    EDC: Bundled(
        "europass/edc-ap.jsonld",
        "528f8a0e86dbbec7db2216c61806e6311feedac77a51d1a38b0a1d49e4c337fb",
    ),
}


def source(url: str) -> bytes:
    """This will give the bytes of a bundled context, checked against the recorded digest.

    Raises: ContextError when the address is not exactly one of the bundled ones, or the file was changed.
    """
    bundled = BUNDLED.get(url)
    if bundled is None:
        raise ContextError("unknown-context", url=url)
    data = (_FOLDER / bundled.path).read_bytes()
    if hashlib.sha256(data).hexdigest() != bundled.sha256:
        raise ContextError("context-tampered", url=url)
    return data


@cache
def definition(url: str) -> Any:
    """This will give what stands under ``@context`` in a bundled context file. Callers must not change it.

    Raises: ContextError as ``source`` does.
    """
    return orjson.loads(source(url))["@context"]
