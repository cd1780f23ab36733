"""What the sign-in page shows beside its form."""

from __future__ import annotations

from typing import Any

from django import template

from openmcx.accounts import slots

register = template.Library()


@register.inclusion_tag("accounts/sign_in_hints.html")
def sign_in_hints() -> dict[str, Any]:
    """This will list the sign-ins that a demonstration offers; elsewhere there are none."""
    return {"hints": [hint for hints in slots.sign_in_hints.ask(None) for hint in hints]}
