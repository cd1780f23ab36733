"""Content and states."""

from __future__ import annotations

from functools import partial

from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message

from openmcx.credentials.model import LangText
from openmcx.ui.components import State, SummaryRow, Task
from openmcx.ui.gallery import Component, Example, Group, tag
from openmcx.ui.templatetags import concepts, ui

_SAID = {
    State.OK: ("Published", "The micro-credential was published"),
    State.WARN: ("Expires soon", "The accreditation ends in 20 days"),
    State.BAD: ("Revoked", "Nothing was issued"),
    State.INFO: ("Draft", "There is a newer version"),
    State.QUIET: ("Not begun", "Nothing is known about this yet"),
}


def _rows() -> list[SummaryRow]:
    return [
        SummaryRow(label="Title", value="Metsien maaperä", lang="fi"),
        SummaryRow(label="Workload", value="5 ECTS credits, 135 hours of work"),
        SummaryRow(label="Accreditation", url="#change", action="Change"),
    ]


def _tasks() -> list[Task]:
    return [
        Task(title="Title and summary", url="#a", state=State.OK, state_text="Complete"),
        Task(title="Learning outcomes", url="#b", state=State.WARN, state_text="2 to do", hint="What learners can do."),
        Task(title="Quality assurance", url="#c", state=State.QUIET, state_text="Not begun"),
        Task(title="Publish", hint="When everything above is complete."),
    ]


def _said(state: State) -> dict[str, object]:
    text, title = _SAID[state]
    return {"state": state.value, "text": text, "title": title}


COMPONENTS: tuple[Component, ...] = (
    tag(
        ui.icon,
        group=Group.CONTENT,
        docs={
            "name": "the name of a Lucide icon",
            "size": "in pixels",
            "label": "what it means, where no word beside it says so; without it the icon is decoration",
        },
        examples=(
            Example(name="decoration", source='<p>{% icon "download" %} Download</p>'),
            Example(name="with-a-meaning", source='<p>{% icon "circle-check" size=24 label="Done" %}</p>'),
        ),
    ),
    tag(
        ui.status,
        group=Group.CONTENT,
        docs={"state": "ok, warn, bad, info or quiet", "text": "the state in words"},
        examples=tuple(
            Example(name=state.value, source="<p>{% status state text %}</p>", context=partial(_said, state))
            for state in State
        ),
    ),
    tag(
        ui.notification,
        group=Group.CONTENT,
        is_block=True,
        docs={"state": "ok, warn, bad, info or quiet", "title": "the message in one line"},
        examples=(
            *(
                Example(
                    name=state.value,
                    source="{% notification state title %}<p>What follows from it, and what to do.</p>"
                    "{% endnotification %}",
                    context=partial(_said, state),
                )
                for state in State
            ),
            Example(name="title-alone", source='{% notification "ok" "Saved" %}{% endnotification %}'),
        ),
    ),
    tag(
        ui.notifications,
        group=Group.CONTENT,
        docs={},
        summary="What the last action had to say; part of the base template.",
        examples=(
            Example(
                name="after-an-action",
                source="{% notifications %}",
                context=lambda: {"messages": [Message(constants.SUCCESS, "The profile was saved.")]},
                note="Shown after a redirect; here nothing was done.",
            ),
        ),
    ),
    tag(
        ui.empty_state,
        group=Group.CONTENT,
        is_block=True,
        docs={"title": "what there is none of", "icon_name": "a Lucide icon"},
        examples=(
            Example(
                name="with-a-way-on",
                source='{% empty_state "No class list yet" icon_name="file-spreadsheet" %}'
                "<p>You need a spreadsheet with one row for each learner.</p>"
                '<p><a class="btn btn-primary" href="#new">Upload a class list</a></p>{% endempty_state %}',
            ),
            Example(name="title-alone", source='{% empty_state "Nothing waits for you" %}{% endempty_state %}'),
        ),
    ),
    tag(
        ui.summary_list,
        group=Group.CONTENT,
        docs={
            "rows": "SummaryRow(label, value, lang, url, action) of openmcx.ui.components",
            "not_stated": "whether empty values read “Not stated” or are left out",
        },
        examples=(
            Example(name="with-an-empty-value", source="{% summary_list rows %}", context=lambda: {"rows": _rows()}),
            Example(
                name="without-empty-values",
                source="{% summary_list rows not_stated=False %}",
                context=lambda: {"rows": _rows()},
            ),
        ),
        templates=("summary_list.html",),
    ),
    tag(
        ui.task_list,
        group=Group.CONTENT,
        docs={"tasks": "Task(title, url, state, state_text, hint) of openmcx.ui.components"},
        examples=(Example(name="every-state", source="{% task_list tasks %}", context=lambda: {"tasks": _tasks()}),),
        templates=("task_list.html",),
    ),
    tag(
        ui.progress_bar,
        group=Group.CONTENT,
        docs={"done": "how many are done", "total": "of how many", "label": "what is counted"},
        examples=(
            Example(name="begun", source='{% progress_bar 0 30 "Credentials" %}'),
            Example(name="half-way", source='{% progress_bar 15 30 "Credentials" %}'),
            Example(name="done", source='{% progress_bar 30 30 "Credentials" %}'),
        ),
        templates=("progress_bar.html",),
    ),
    tag(
        ui.lang_text,
        group=Group.CONTENT,
        docs={
            "texts": "a language map",
            "tag": "span, p, div, strong, h2 or h3",
            "noted": "whether readers of another language are told which it is; by default behind p and div",
        },
        examples=(
            Example(
                name="in-the-reader-s-language",
                source="<p>{% lang_text texts %}</p>",
                context=lambda: {"texts": LangText({"en": "Forest soils", "fi": "Metsien maaperä"})},
            ),
            Example(
                name="in-another-language",
                source='{% lang_text texts tag="p" %}',
                context=lambda: {"texts": LangText({"fi": "Metsien maaperä"})},
            ),
        ),
    ),
    tag(
        concepts.concept,
        group=Group.CONTENT,
        docs={
            "key": "the key of a word in openmcx.ui.concepts; with an empty one nothing is shown",
            "words": "True for a button that asks its question in words, on a line of its own",
        },
        summary="A button beside a word that says what the word means; {% load concepts %} brings it.",
        examples=(
            Example(
                name="beside-a-word",
                source='{% load concepts %}<p>EQF level 6 {% concept "eqf-level" %}</p>',
            ),
            Example(name="in-words", source='{% load concepts %}<p>{% concept "class-list" words=True %}</p>'),
        ),
        templates=("concept.html",),
    ),
)
