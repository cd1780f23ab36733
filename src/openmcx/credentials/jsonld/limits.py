"""How much work one document may cause.

Canonicalisation is exponential in the worst case, JSON-LD contexts can be nested to multiply work, and both are in the
hands of whoever hands in the document. Every bound here is a count, not a time, so a document is refused or accepted
alike on every machine.
"""

from dataclasses import dataclass

from openmcx.credentials.errors import WorkLimitError


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds for one document.

    Units: ``max_bytes`` bytes; ``max_depth`` levels of JSON; all others are counts.
    """

    max_bytes: int = 1_048_576
    max_depth: int = 64
    max_quads: int = 8_000
    max_blank_nodes: int = 2_000
    max_n_degree_steps: int = 8_000
    """Steps of the Hash N-Degree Quads algorithm: its calls, the related blank nodes hashed, the permutations tried."""
    max_n_degree_depth: int = 100
    """How far that algorithm follows one look-alike to the next."""
    max_context_definitions: int = 4_000
    """Term definitions processed because this document needed them (none when its contexts are compiled already).

    The most that a real credential needs of a process that has compiled nothing yet is about half as many.
    """
    max_slow_values: int = 1_500
    """JSON values in a document that needs the general JSON-LD processor."""
    max_proofs: int = 8


DEFAULT = Limits()


class Meter:
    """Counts the work of one document against its limits."""

    __slots__ = ("context_definitions", "limits", "n_degree_depth", "n_degree_steps")

    def __init__(self, limits: Limits = DEFAULT) -> None:
        """This will start all counts at zero."""
        self.limits = limits
        self.context_definitions = 0
        self.n_degree_depth = 0
        self.n_degree_steps = 0

    def charge_context(self, definitions: int) -> None:
        """This will count term definitions. Raises: WorkLimitError when there are too many."""
        self.foresee_context(definitions)
        self.context_definitions += definitions

    def foresee_context(self, definitions: int) -> None:
        """This will refuse work that is about to begin. Raises: WorkLimitError when it would be too much."""
        if self.context_definitions + definitions > self.limits.max_context_definitions:
            raise WorkLimitError("contexts-too-large", limit=self.limits.max_context_definitions)

    def charge_n_degree(self, steps: int = 1) -> None:
        """This will count steps of the n-degree algorithm. Raises: WorkLimitError when there are too many."""
        self.n_degree_steps += steps
        if self.n_degree_steps > self.limits.max_n_degree_steps:
            raise WorkLimitError("too-many-look-alikes", limit=self.limits.max_n_degree_steps)

    def enter_n_degree(self) -> None:
        """This will go to a neighbour. Raises: WorkLimitError when that is too far away."""
        self.n_degree_depth += 1
        if self.n_degree_depth > self.limits.max_n_degree_depth:
            raise WorkLimitError("look-alikes-too-far", limit=self.limits.max_n_degree_depth)
