"""Pictures that people upload: read with suspicion, written anew."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from openmcx.kernel.errors import Refusal

if TYPE_CHECKING:
    from PIL.Image import Image

# Units: bytes of the file; pixels of a side; pixels in all. What a logo needs, many times over.
MOST_BYTES = 2_000_000
SIDE_AT_LEAST, SIDE_AT_MOST = 48, 6_000
MOST_PIXELS = 16_000_000
FORMATS = ("PNG", "JPEG", "WEBP")


def squares(data: bytes, sizes: tuple[int, ...]) -> dict[int, bytes]:
    """This will give a picture as PNG files of fixed sizes, in the middle of transparent squares.

    Nothing of the file is kept but its pixels: no comments, places, cameras, colour profiles, further frames.

    Raises: Refusal ``picture-too-large``, ``picture-unreadable``, ``picture-size``.
    """
    if len(data) > MOST_BYTES:
        raise Refusal(
            "picture-too-large",
            _("The picture is larger than %(limit)s MB. Save it smaller and choose it again."),
            limit=MOST_BYTES // 1_000_000,
        )
    picture = _opened(data)
    return {size: _square(picture, size) for size in sizes}


def _opened(data: bytes) -> Image:
    from PIL import Image, ImageOps  # noqa: PLC0415 - a tenth of a second that only those who upload pay

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            # We judge the size ourselves, more strictly, and say what it is.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            # Only these readers are tried, and the size stands in the header: it is judged before a pixel is unpacked.
            opened = Image.open(io.BytesIO(data), formats=FORMATS)
            width, height = opened.size
            if min(width, height) < SIDE_AT_LEAST or max(width, height) > SIDE_AT_MOST:
                raise Refusal(
                    "picture-size",
                    _("The picture has %(width)s × %(height)s pixels. Each side needs %(least)s to %(most)s pixels."),
                    width=width,
                    height=height,
                    least=SIDE_AT_LEAST,
                    most=SIDE_AT_MOST,
                )
            if width * height > MOST_PIXELS:
                raise Refusal(
                    "picture-size",
                    _(
                        "The picture has %(width)s × %(height)s pixels, more than %(millions)s million in all. "
                        "Save it smaller and choose it again."
                    ),
                    width=width,
                    height=height,
                    millions=MOST_PIXELS // 1_000_000,
                )
            opened.load()
            upright = ImageOps.exif_transpose(opened)
            has_alpha = upright.has_transparency_data
            return upright.convert("RGBA") if has_alpha else upright.convert("RGB").convert("RGBA")
    except Refusal:
        raise
    except Image.DecompressionBombError:  # so large that the reader does not even say how large
        raise Refusal(
            "picture-size",
            _("The picture has more than %(millions)s million pixels. Save it smaller and choose it again."),
            millions=MOST_PIXELS // 1_000_000,
        ) from None
    except Exception:  # whatever a damaged or hostile file does to the reader, it is not a picture for us
        raise Refusal(
            "picture-unreadable", _("The file cannot be read as a picture. Choose a PNG, JPEG or WebP file.")
        ) from None


def _square(picture: Image, size: int) -> bytes:
    from PIL import Image  # noqa: PLC0415 - as above

    scaled = picture.copy()
    factor = size / max(scaled.size)
    shape = (max(1, round(scaled.width * factor)), max(1, round(scaled.height * factor)))
    scaled = scaled.resize(shape, Image.Resampling.LANCZOS)
    square = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    square.paste(scaled, ((size - scaled.width) // 2, (size - scaled.height) // 2))
    file = io.BytesIO()
    square.save(file, "PNG", optimize=True)
    return file.getvalue()
