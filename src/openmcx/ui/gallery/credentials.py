"""Procedures, credentials and reports."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

from openmcx.credentials.model import LangText
from openmcx.ui import tags
from openmcx.ui.components import (
    Check,
    Difference,
    Mark,
    Moment,
    Outcome,
    Progress,
    Segment,
    State,
    Step,
    SummaryRow,
)
from openmcx.ui.gallery import Component, Example, Group, tag

_TITLE = LangText({"en": "Forest soils and climate"})
_FINNISH = LangText({"fi": "Metsien maaperä ja ilmasto"})
_ISSUER = LangText({"en": "University of Lakeside"})
_LOGO = Mark(name="University of Lakeside", logo="/static/ui/logo.svg")
_AT = dt.datetime(2026, 3, 6, 14, 5, tzinfo=dt.UTC)


def _steps(current: int) -> list[Step]:
    names = ("Upload", "Columns", "Check", "Preview and issue")
    return [
        Step(
            title=name,
            progress=Progress.DONE if place < current else Progress.CURRENT if place == current else Progress.AHEAD,
            url="#back" if 0 < place < current else "",
        )
        for place, name in enumerate(names)
    ]


def _moments() -> list[Moment]:
    return [
        Moment(at=_AT, title="Revoked", text="A statement in it was wrong.", state=State.BAD, by="Rita Registrar"),
        Moment(at=_AT - dt.timedelta(days=3), title="Sent again", state=State.INFO, links=(("Read the message", "#"),)),
        Moment(at=_AT - dt.timedelta(days=9), title="Message could not be sent", state=State.WARN),
        Moment(at=_AT - dt.timedelta(days=9), title="Issued", state=State.OK, by="Rita Registrar"),
        Moment(at=dt.date(2026, 2, 20), title="Passed"),
    ]


def _rows() -> tuple[SummaryRow, ...]:
    return (
        SummaryRow(label="Awarded to", value="Leon Learner"),
        SummaryRow(label="Awarded on", value="20 February 2026"),
        SummaryRow(label="Workload", value="5 ECTS credits, 135 hours of work"),
        SummaryRow(label="Level", value="Level 6 of the European Qualifications Framework"),
    )


def _checks() -> tuple[Check, ...]:
    return (
        Check(
            title="Signature",
            state=State.OK,
            outcome="Passed",
            sentence="Not a character was changed since it was signed.",
            evidence=(("cryptosuite", "eddsa-rdfc-2022"),),
        ),
        Check(title="Issuer", state=State.WARN, outcome="Caution", sentence="This network does not know the issuer."),
        Check(title="Revocation", state=State.BAD, outcome="Failed", sentence="The issuer has revoked it."),
        Check(
            title="Period of validity",
            state=State.QUIET,
            outcome="Could not be checked",
            sentence="The document does not say how long it is valid.",
        ),
    )


def _report(state: State, verdict: str, headline: str, *, established: str = "", has_content: bool = True) -> object:
    return SimpleNamespace(
        state=state,
        verdict=verdict,
        headline=headline,
        has_content=has_content,
        issuer_established=established,
        issuer_claimed="University of Lakeside",
        title=_TITLE,
        facts=_rows(),
        outcomes=(Outcome(text=LangText({"en": "Explains how soils store carbon"}), skills=(_FINNISH,)),),
        checks=_checks() if has_content else (),
        technical=(SummaryRow(label="Verdict", value=verdict.lower()),),
    )


def _differences() -> list[Difference]:
    return [
        Difference(
            where="Title (English)",
            nature="changed",
            segments=(
                Segment(operation="keep", text="Forest soils "),
                Segment(operation="delete", text="and water"),
                Segment(operation="insert", text="and climate"),
            ),
        ),
        Difference(where="Outcome 4", nature="added", segments=(Segment(operation="insert", text="Draws soil maps"),)),
        Difference(where="Outcome 2", nature="removed", segments=(Segment(operation="delete", text="Digs holes"),)),
        Difference(where="Outcome 3", nature="moved", before="place 3", after="place 1"),
    ]


COMPONENTS: tuple[Component, ...] = (
    tag(
        tags.mosaic,
        group=Group.CONTENT,
        docs={"kind": "hero for the head of the start page, empty for empty states, corner for credentials"},
        examples=tuple(Example(name=kind, source=f'{{% mosaic "{kind}" %}}') for kind in ("hero", "empty", "corner")),
    ),
    tag(
        tags.stepper,
        group=Group.CONTENT,
        docs={"steps": "Step(title, progress, url) of openmcx.ui.components", "label": "the name of the procedure"},
        examples=tuple(
            Example(
                name=name,
                source='{% stepper steps "Steps of issuing" %}',
                context=lambda place=place: {"steps": _steps(place)},  # type: ignore[misc]  # bound in the loop
            )
            for place, name in ((0, "at-the-beginning"), (2, "in-the-middle"), (4, "everything-done"))
        ),
        templates=("stepper.html",),
    ),
    tag(
        tags.timeline,
        group=Group.CONTENT,
        docs={"moments": "Moment(at, title, text, state, by, url, links) of openmcx.ui.components"},
        examples=(
            Example(name="every-state", source="{% timeline moments %}", context=lambda: {"moments": _moments()}),
        ),
        templates=("timeline.html",),
    ),
    tag(
        tags.confirmation,
        group=Group.FORM,
        is_block=True,
        docs={
            "submit": "what the button does, in words: never “OK”",
            "consequences": "one sentence for each thing that will happen",
            "title": "“What will happen”, unless something else says it better",
            "form": "a form whose fields are asked for with it",
            "cancel_url": "where “Cancel” leads",
            "danger": "whether it cannot be undone",
            "hidden": "hidden values by name",
        },
        examples=(
            Example(
                name="with-consequences",
                source='{% confirmation "Issue 30 credentials" consequences=what cancel_url="#c" %}'
                "{% endconfirmation %}",
                context=lambda: {"what": ["30 credentials are signed.", "30 learners get an e-mail."]},
            ),
            Example(
                name="cannot-be-undone",
                source='{% confirmation "Revoke the credential" title="This cannot be undone" danger=True'
                ' consequences=what cancel_url="#c" %}<p>The learner can be awarded it again.</p>{% endconfirmation %}',
                context=lambda: {"what": ["Everybody who checks it learns that it is revoked."]},
            ),
        ),
        templates=("confirmation.html",),
    ),
    tag(
        tags.long_job,
        group=Group.CONTENT,
        is_block=True,
        docs={
            "done": "how many are done",
            "total": "of how many",
            "label": "what is counted",
            "state": "ok, warn, bad, info or quiet",
            "state_text": "the state in words",
            "running": "whether it still goes on",
            "poll": "whether the page asks again every two seconds where htmx is loaded",
            "headers": "headers that go with that, as JSON",
            "id": "the id of the element, which an answer replaces",
        },
        examples=(
            Example(
                name="running",
                source='{% long_job 12 30 "Credentials" state="info" state_text="Is being issued" id="running-job" %}'
                "<ul><li>12 credentials issued</li></ul>{% endlong_job %}",
            ),
            Example(
                name="done",
                source='{% long_job 30 30 "Credentials" state="ok" state_text="Done" running=False id="done-job" %}'
                "<ul><li>30 credentials issued</li></ul>{% endlong_job %}",
            ),
            Example(
                name="stopped-with-faults",
                source='{% long_job 30 30 "Credentials" state="bad" state_text="2 rows failed" running=False'
                ' id="failed-job" %}{% post_button "" "Try the failed rows again" icon_name="refresh-cw" %}'
                "{% endlong_job %}",
            ),
        ),
        templates=("long_job.html",),
    ),
    tag(
        tags.institution_mark,
        group=Group.CREDENTIAL,
        docs={"mark": "Mark of openmcx.ui.components, or None", "size": "32, 48 or 96"},
        examples=(
            *(
                Example(
                    name=f"{size}-pixels",
                    source=f"{{% institution_mark mark size={size} %}}",
                    context=lambda: {"mark": _LOGO},
                )
                for size in (32, 48, 96)
            ),
            Example(name="without-a-logo", source="<p>Nothing follows: {% institution_mark None %}</p>"),
        ),
        templates=("institution_mark.html",),
    ),
    tag(
        tags.look_link,
        group=Group.CREDENTIAL,
        docs={"mark": "Mark of openmcx.ui.components, or None"},
        examples=(Example(name="without-a-colour", source="<p>Nothing follows: {% look_link None %}</p>"),),
        templates=("look_link.html",),
    ),
    tag(
        tags.credential_card,
        group=Group.CREDENTIAL,
        is_block=True,
        docs={
            "title": "a language map",
            "issuer": "a language map",
            "description": "a language map",
            "rows": "SummaryRow of openmcx.ui.components",
            "mark": "how the institution looks; see institution mark",
            "level": "the level of its heading, 2 or 3",
        },
        examples=(
            Example(
                name="with-logo-and-outcomes",
                source="{% credential_card title issuer rows=rows mark=mark description=about level=3 %}"
                "<h4>What the learner can do</h4><ul><li>Explains how soils store carbon</li></ul>"
                "{% endcredential_card %}",
                context=lambda: {
                    "title": _TITLE,
                    "issuer": _ISSUER,
                    "rows": _rows(),
                    "mark": _LOGO,
                    "about": LangText({"en": "Soils of northern forests and what a warmer climate does to them."}),
                },
            ),
            Example(
                name="short-in-another-language",
                source="{% credential_card title issuer level=3 %}{% endcredential_card %}",
                context=lambda: {"title": _FINNISH, "issuer": _ISSUER},
            ),
        ),
        templates=("credential_card.html",),
    ),
    tag(
        tags.verdict,
        group=Group.CREDENTIAL,
        docs={
            "state": "ok, warn, bad, info or quiet",
            "word": "the verdict in a word",
            "sentence": "what it means in a sentence",
        },
        examples=tuple(
            Example(name=name, source=f'{{% verdict "{state}" "{word}" "{sentence}" %}}')
            for name, state, word, sentence in (
                ("verified", "ok", "Verified", "It is genuine and was issued by the University of Lakeside."),
                ("caution", "warn", "Caution", "It is genuine, but we do not know its issuer."),
                ("not-verified", "bad", "Not verified", "It was changed after it was signed."),
                ("cannot-be-checked", "quiet", "Cannot be checked here", "It is signed in a way we cannot check."),
            )
        ),
    ),
    tag(
        tags.check_list,
        group=Group.CREDENTIAL,
        docs={"checks": "Check(title, state, outcome, sentence, evidence) of openmcx.ui.components"},
        examples=(
            Example(
                name="every-outcome",
                source="<h2>What was checked</h2>{% check_list checks %}",
                context=lambda: {"checks": _checks()},
            ),
        ),
        templates=("check_list.html",),
    ),
    tag(
        tags.verification_report,
        group=Group.CREDENTIAL,
        docs={
            "report": "a report as the verification app shows it",
            "mark": "how the issuer looks, shown only where it was established",
        },
        examples=(
            Example(
                name="verified",
                source="{% verification_report report mark=mark %}",
                context=lambda: {
                    "report": _report(State.OK, "Verified", "It is genuine.", established="University of Lakeside"),
                    "mark": _LOGO,
                },
            ),
            Example(
                name="caution",
                source="{% verification_report report mark=mark %}",
                context=lambda: {"report": _report(State.WARN, "Caution", "Issuer unknown."), "mark": _LOGO},
                note="The issuer was not established, so that the logo is not shown.",
            ),
            Example(
                name="not-verified",
                source="{% verification_report report %}",
                context=lambda: {"report": _report(State.BAD, "Not verified", "It was changed.")},
            ),
            Example(
                name="unreadable",
                source="{% verification_report report %}",
                context=lambda: {
                    "report": _report(State.QUIET, "Unreadable", "This is no credential.", has_content=False)
                },
            ),
        ),
        templates=("verification_report.html",),
    ),
    tag(
        tags.difference_view,
        group=Group.CREDENTIAL,
        docs={"changes": "Difference(where, nature, before, after, lang, segments) of openmcx.ui.components"},
        examples=(
            Example(
                name="every-nature",
                source="<h2>Contents</h2>{% difference_view changes %}",
                context=lambda: {"changes": _differences()},
            ),
        ),
        templates=("difference_view.html",),
    ),
)
