"""What templates hand to the components: small frozen shapes, so that a view's intention can be read and tested."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from openmcx.credentials.model import LangText

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

    `value` is text or safe markup; "" is shown as "not stated". `concept` is the word that explains the label.
    """

    label: Text
    value: object = ""
    lang: str = ""
    url: str = ""
    action: Text = ""
    concept: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One line of a task list: what is to be done, where, and how far it is."""

    title: Text
    url: str = ""
    state: State = State.QUIET
    state_text: Text = ""
    hint: Text = ""


class Progress(StrEnum):
    """How far a step is."""

    DONE = "done"
    CURRENT = "current"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a procedure. `url` leads back to it, or on to it where that is possible already."""

    title: Text
    progress: Progress = Progress.AHEAD
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happened, or will: when, what, and a sentence more.

    `url` is where the title leads, `links` are words and addresses of what there is to read about it.
    """

    at: dt.datetime | dt.date
    title: Text
    text: Text = ""
    state: State = State.QUIET
    by: Text = ""
    url: str = ""
    links: tuple[tuple[Text, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a person can do, with the skills that go with it."""

    text: LangText
    skills: tuple[LangText, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check of a report in words: what was looked at, how it came out, what was found."""

    title: Text
    state: State
    outcome: Text
    sentence: Text
    evidence: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of text: "keep", "insert" or "delete"."""

    operation: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One change: where, its nature ("added", "removed", "changed", "moved"), the text with what came and went."""

    where: Text
    nature: str
    before: str = ""
    after: str = ""
    lang: str = ""
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How an institution looks: its logo in two sizes, and its name instead of the picture.

    `look` is the class under which `stylesheet` gives its colours; a page that shows the mark links the stylesheet.
    """

    name: Text
    logo: str = ""
    small_logo: str = ""
    look: str = ""
    stylesheet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkAction:
    """Something to be done with the rows that were ticked: where they are sent, and what the button says."""

    url: str
    text: Text
    icon_name: str = ""
    kind: str = "secondary"
