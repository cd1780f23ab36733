"""What templates hand to the components: small frozen shapes, so that a view's intention can be read and tested."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

type Text = str | Promise


class State(StrEnum):
    """How good or bad something is. Always shown with an icon and words, never by colour alone."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    INFO = "info"
    QUIET = "quiet"


STATE_ICONS = {
    State.OK: "circle-check",
    State.WARN: "triangle-alert",
    State.BAD: "circle-x",
    State.INFO: "info",
    State.QUIET: "circle-dashed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRow:
    """One line of a summary list: what it is, its value, and where it is changed.

    `value` is text or safe markup; "" is shown as "not stated".
    """

    label: Text
    value: object = ""
    lang: str = ""
    url: str = ""
    action: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One line of a task list: what is to be done, where, and how far it is."""

    title: Text
    url: str = ""
    state: State = State.QUIET
    state_text: Text = ""
    hint: Text = ""
