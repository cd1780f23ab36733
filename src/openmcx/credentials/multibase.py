"""base58btc as multibase: the ``z…`` values of keys and signatures.

Source: Controlled Identifiers 1.0, section 2.4 (Multibase); the alphabet is Bitcoin's.
"""

from openmcx.credentials.errors import KeyMaterialError

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PREFIX = "z"
# Decoding is quadratic in the length; nothing we read as multibase (keys, signatures, digests) is longer.
_MAX_CHARACTERS = 1024

_DIGITS = bytes(_ALPHABET.index(chr(code)) if chr(code) in _ALPHABET else 255 for code in range(256))

# Writing takes ten digits from the number at a time, as five pairs.
_PAIR = 58 * 58
_BLOCK = _PAIR**5
_PAIRS = [high + low for high in _ALPHABET for low in _ALPHABET]

# Reading adds up 128 digits in seven steps: neighbouring lanes of one long integer are joined (low + high * 58 ** n),
# so lanes of 8 bits become lanes of 16, 32 … 1024 bits. Each step: width of a lane, mask of the even lanes, factor.
_CHUNK = 128
_STEPS = [
    (width, sum(((1 << width) - 1) << shift for shift in range(0, 1024, 2 * width)), 58 ** (width // 8))
    for width in (8, 16, 32, 64, 128, 256, 512)
]
_CHUNK_FACTOR = 58**_CHUNK


def encode_base58btc(data: bytes) -> str:
    """This will write bytes as multibase base58btc, with the leading ``z``."""
    zeros = len(data) - len(data.lstrip(b"\0"))
    number = int.from_bytes(data)
    pairs: list[str] = []
    while number:
        number, block = divmod(number, _BLOCK)
        for _ in range(5):
            block, pair = divmod(block, _PAIR)
            pairs.append(_PAIRS[pair])
    digits = "".join(reversed(pairs)).lstrip("1")
    return _PREFIX + "1" * zeros + digits


def decode_base58btc(text: str, *, size: int | None = None) -> bytes:
    """This will read multibase base58btc strictly: prefix ``z``, the 58 digits and nothing else.

    ``size`` is the number of bytes that must come out.

    Raises: KeyMaterialError when the text is no such value or holds another number of bytes.
    """
    digits = text[1:]
    values = digits.encode("ascii", "replace").translate(_DIGITS)  # “?” stands for what is not ASCII and is no digit
    if not text.startswith(_PREFIX) or len(text) > _MAX_CHARACTERS or 255 in values:
        raise KeyMaterialError("multibase-not-base58btc", limit=_MAX_CHARACTERS)
    number = 0
    head = len(values) % _CHUNK
    for end in range(head, len(values) + 1, _CHUNK):
        lanes = int.from_bytes(values[max(0, end - _CHUNK) : end])
        for width, mask, factor in _STEPS:
            lanes = (lanes & mask) + factor * (lanes >> width & mask)
        number = number * _CHUNK_FACTOR + lanes
    zeros = len(digits) - len(digits.lstrip("1"))
    data = bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)
    if size is not None and len(data) != size:
        raise KeyMaterialError("multibase-wrong-size", found=len(data), expected=size)
    return data
