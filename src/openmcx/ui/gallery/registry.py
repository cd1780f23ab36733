"""All components, in the order of the gallery."""

from __future__ import annotations

from openmcx.ui.gallery import Component, Group, content, credentials, fields, forms, lists, page

_EVERY = (
    *page.COMPONENTS,
    *content.COMPONENTS,
    *forms.COMPONENTS,
    *fields.COMPONENTS,
    *lists.COMPONENTS,
    *credentials.COMPONENTS,
)
REGISTRY: dict[str, Component] = {one.name: one for one in _EVERY}
if len(REGISTRY) != len(_EVERY):
    raise ValueError("Two components have the same name.")


def by_group() -> list[tuple[Group, list[Component]]]:
    """This will give the components under the headings of the gallery."""
    return [(group, [one for one in REGISTRY.values() if one.group is group]) for group in Group]
