"""Lucide icons as inline SVG."""

from __future__ import annotations

from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from lucide import _render_icon as render_lucide_icon


@lru_cache(maxsize=512)
def drawn(name: str, size: int, label: str = "") -> SafeString:
    """This will draw an icon once, and give the same drawing from then on."""
    attributes: dict[str, object] = {"class": "icon", "focusable": "false"}
    attributes |= {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    drawn = " ".join(render_lucide_icon(name, size, **attributes).split())
    return mark_safe(drawn.replace("> <", "><"))  # noqa: S308  (escaped by ElementTree)
