"""What the words of the field mean, in one to three plain sentences each: for the buttons beside them and for the help.

The words agree with docs/glossary.md; `glossary` names the entry there. A text explains to a person who meets the word
for the first time, and promises nothing that the node does not do.
"""

from openmcx.ui.concepts.credentials import CHECKING, ISSUING
from openmcx.ui.concepts.describing import DESCRIBING, PUBLISHING
from openmcx.ui.concepts.institutions import ACCOUNT, INSTITUTIONS
from openmcx.ui.concepts.kinds import Concept, Group, Text

__all__ = ["CONCEPTS", "GROUPS", "Concept", "Group", "Text"]

GROUPS: tuple[Group, ...] = (DESCRIBING, PUBLISHING, ISSUING, CHECKING, INSTITUTIONS, ACCOUNT)
CONCEPTS: dict[str, Concept] = {concept.key: concept for group in GROUPS for concept in group.concepts}
