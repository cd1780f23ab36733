"""The sections of a specification and their elements, in the order of the form.

Source: Council Recommendation of 16 June 2022 on a European approach to micro-credentials (2022/C 243/02), Annex I;
the further elements are those that exchange networks add.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openmcx.catalogue.mapping.elements.choices import (
    CYCLES,
    DESCRIPTORS,
    EQF_LEVELS,
    ISCED_LEVELS,
    LEARNING_TYPES,
    PARTICIPATION,
    QUALITY_KINDS,
    RELATION_KINDS,
    SUPERVISION,
    TARGET_GROUPS,
)
from openmcx.catalogue.mapping.elements.kinds import Element, Kind, Section
from openmcx.credentials import model

_SKILL = Element(
    name="skills",
    label=_("Skills"),
    concept="esco-skill",
    kind=Kind.ITEMS,
    help=_("Skills of ESCO, the European classification, or of another framework."),
    item=model.Skill,
    item_label=_("Skill"),
    add_label=_("Add a skill"),
    max_items=20,
    parts=(
        Element(name="label", label=_("Name of the skill"), kind=Kind.LINE, required=True),
        Element(
            name="iri",
            label=_("Address of the skill (IRI)"),
            kind=Kind.URL,
            help=_("For ESCO it begins with http://data.europa.eu/esco/skill/. Leave it empty if no framework has it."),
        ),
        Element(name="framework", label=_("Framework"), kind=Kind.PLAIN, help=_("ESCO unless you say otherwise.")),
        Element(name="code", label=_("Code in the framework"), kind=Kind.PLAIN),
    ),
)

SECTIONS: tuple[Section, ...] = (
    Section(
        key="title",
        label=_("Title and purpose"),
        help=_("What it is called, what it is about and which need it answers."),
        elements=(
            Element(name="title", label=_("Title"), kind=Kind.LINE, eu=True, required=True),
            Element(
                name="description",
                label=_("Description"),
                kind=Kind.PROSE,
                help=_("Two to six sentences for a person who has never heard of it."),
            ),
            Element(
                name="fields_of_study",
                label=_("Subject (ISCED-F)"),
                concept="isced-f",
                kind=Kind.CONCEPTS,
                vocabulary="isced-f",
                item_label=_("Subject"),
                add_label=_("Add a subject"),
                max_items=10,
            ),
            Element(
                name="need",
                label=_("The need it answers"),
                kind=Kind.PROSE,
                help=_("Societal, personal, cultural or of the labour market."),
            ),
            Element(name="need_evidence", label=_("Evidence for the need"), kind=Kind.PROSE),
            Element(
                name="standards",
                label=_("Sector, professional and international standards"),
                kind=Kind.PROSE,
                help=_("The standards this micro-credential refers to."),
            ),
        ),
    ),
    Section(
        key="outcomes",
        label=_("Learning outcomes and skills"),
        help=_("What a learner knows, understands and can do at the end."),
        elements=(
            Element(
                name="outcomes",
                label=_("Learning outcomes"),
                concept="learning-outcome",
                kind=Kind.ITEMS,
                eu=True,
                item=model.LearningOutcome,
                item_label=_("Learning outcome"),
                add_label=_("Add a learning outcome"),
                parts=(
                    Element(
                        name="text",
                        label=_("The learner can …"),
                        kind=Kind.PROSE,
                        required=True,
                        help=_("One outcome, beginning with a verb that can be assessed."),
                    ),
                    Element(
                        name="descriptor",
                        label=_("Dublin descriptor"),
                        kind=Kind.CHOICE,
                        choices=DESCRIPTORS,
                        concept="dublin-descriptor",
                    ),
                    _SKILL,
                ),
            ),
            Element(
                name="competences",
                label=_("Competences achieved"),
                kind=Kind.PROSE,
                help=_("In the words an employer would use."),
            ),
        ),
    ),
    Section(
        key="size",
        label=_("Size and level"),
        help=_("Notional workload, and where it stands in the qualifications frameworks."),
        elements=(
            Element(
                name="workload_ects",
                together="workload",
                label=_("Notional workload in ECTS credits"),
                concept="ects",
                kind=Kind.DECIMAL,
                eu=True,
                help=_("Leave it empty if your institution gives no credits for it; then the hours are mandatory."),
                unit=_("ECTS"),
                minimum=0,
                maximum=300,
            ),
            Element(
                name="workload_hours",
                together="workload",
                label=_("Notional workload in hours"),
                concept="workload",
                kind=Kind.DECIMAL,
                unit=_("hours"),
                help=_("All hours of work: contact, self-study and assessment. One ECTS credit is 25 to 30 hours."),
                minimum=0,
                maximum=10000,
            ),
            Element(
                name="contact_hours",
                label=_("Certified hours of attendance"),
                concept="certified-attendance",
                kind=Kind.DECIMAL,
                unit=_("hours"),
                help=_(
                    "Mandatory if lifelong learners are a target group: the hours of attendance that are certified."
                ),
                minimum=0,
                maximum=10000,
            ),
            Element(
                name="eqf_level",
                label=_("EQF level"),
                concept="eqf-level",
                kind=Kind.CHOICE,
                eu=True,
                choices=EQF_LEVELS,
                convert=int,
                help=_(
                    "Level of the European Qualifications Framework. A national level or the cycle will do as well."
                ),
            ),
            Element(
                name="cycle",
                label=_("Cycle (QF-EHEA)"),
                kind=Kind.CHOICE,
                choices=CYCLES,
                convert=model.Cycle,
                concept="cycle",
            ),
            Element(
                name="nqf_levels",
                label=_("Levels of national qualifications frameworks"),
                concept="national-level",
                kind=Kind.CONCEPTS,
                vocabulary="nqf",
                item_label=_("National level"),
                add_label=_("Add a national level"),
                max_items=10,
            ),
            Element(name="isced_level", label=_("ISCED level"), kind=Kind.CHOICE, choices=ISCED_LEVELS, convert=int),
        ),
    ),
    Section(
        key="assessment",
        label=_("Assessment and supervision"),
        help=_("How it is found out that the outcomes are reached."),
        elements=(
            Element(
                name="assessments",
                label=_("Parts of the assessment"),
                kind=Kind.ITEMS,
                eu=True,
                item=model.Assessment,
                item_label=_("Part of the assessment"),
                add_label=_("Add a part of the assessment"),
                max_items=20,
                parts=(
                    Element(
                        name="kind",
                        label=_("Type of assessment"),
                        concept="assessment-type",
                        kind=Kind.CONCEPT,
                        vocabulary="assessment",
                    ),
                    Element(name="title", label=_("Topic"), kind=Kind.LINE),
                    Element(name="description", label=_("Method"), kind=Kind.PROSE),
                    Element(name="requirements", label=_("Requirements"), kind=Kind.PROSE),
                    Element(name="criteria", label=_("Grading criteria"), kind=Kind.PROSE),
                    Element(
                        name="weight_percent",
                        label=_("Weight"),
                        kind=Kind.DECIMAL,
                        unit=_("%"),
                        minimum=0,
                        maximum=100,
                    ),
                ),
            ),
            Element(
                name="supervision",
                label=_("Supervision and identity verification during assessment"),
                concept="supervision",
                kind=Kind.CHOICE,
                choices=SUPERVISION,
                convert=model.Supervision,
            ),
            Element(
                name="criteria",
                label=_("What a learner must do to be awarded it"),
                kind=Kind.PROSE,
                help=_("For example: pass every part of the assessment."),
            ),
            Element(
                name="grading_scheme",
                label=_("Grading scheme"),
                kind=Kind.PROSE,
                help=_("The scale in words, with the lowest passing grade."),
            ),
        ),
    ),
    Section(
        key="participation",
        label=_("Participation and languages"),
        help=_("Where and how one takes part, and in which languages."),
        elements=(
            Element(
                name="participation",
                label=_("Form of participation"),
                concept="participation",
                kind=Kind.CHOICE,
                eu=True,
                choices=PARTICIPATION,
                convert=model.Participation,
            ),
            Element(
                name="modality_note",
                label=_("Notes on the form of participation"),
                kind=Kind.PROSE,
                help=_("Work experience, voluntary or independent learning, days on site …"),
            ),
            Element(
                name="learning_type",
                label=_("Type of learning"),
                kind=Kind.CHOICE,
                choices=LEARNING_TYPES,
                convert=model.LearningType,
            ),
            Element(
                name="languages",
                label=_("Languages of instruction"),
                kind=Kind.LANGUAGES,
                item_label=_("Language"),
                add_label=_("Add a language of instruction"),
                max_items=30,
            ),
        ),
    ),
    Section(
        key="quality",
        label=_("Quality assurance"),
        help=_("Who outside the team has looked at its quality."),
        elements=(
            Element(
                name="quality_assurance",
                label=_("Quality assurance"),
                kind=Kind.ITEMS,
                eu=True,
                item=model.QualityAssurance,
                item_label=_("Quality assurance"),
                add_label=_("Add another quality assurance"),
                max_items=20,
                parts=(
                    Element(
                        name="kind",
                        label=_("Type of quality assurance"),
                        kind=Kind.CHOICE,
                        choices=QUALITY_KINDS,
                        concept="quality-assurance",
                    ),
                    Element(name="title", label=_("Name or decision"), kind=Kind.LINE),
                    Element(name="agency", label=_("Agency or body"), kind=Kind.LINE),
                    Element(name="evidence_url", label=_("Web address of the evidence"), kind=Kind.URL),
                    Element(name="valid_from", label=_("Valid from"), kind=Kind.DATE),
                    Element(name="valid_until", label=_("Valid until"), kind=Kind.DATE),
                ),
            ),
        ),
    ),
    Section(
        key="access",
        label=_("Access and target groups"),
        help=_("Whom it is for and what one needs to take part."),
        elements=(
            Element(
                name="target_groups",
                label=_("Target groups"),
                kind=Kind.CHOICES,
                choices=TARGET_GROUPS,
                convert=model.TargetGroup,
            ),
            Element(name="target_group_note", label=_("Notes on the target groups"), kind=Kind.PROSE),
            Element(name="prerequisites", label=_("Prerequisites"), kind=Kind.PROSE, concept="prerequisites"),
            Element(
                name="admission",
                label=_("Admission, prior knowledge and experience"),
                kind=Kind.PROSE,
                help=_("How places are given, and which earlier learning counts."),
            ),
        ),
    ),
    Section(
        key="stacking",
        label=_("Stacking and relations"),
        help=_("Its place among other offers, credentials and qualifications."),
        elements=(
            Element(name="stackable", label=_("Can it be stacked?"), kind=Kind.YES_NO, concept="stackable"),
            Element(name="stackability", label=_("How it can be stacked"), kind=Kind.PROSE),
            Element(
                name="relations",
                label=_("Relations to other offers and qualifications"),
                kind=Kind.ITEMS,
                item=model.Relation,
                item_label=_("Relation"),
                add_label=_("Add a relation"),
                parts=(
                    Element(
                        name="kind",
                        label=_("Kind of relation"),
                        kind=Kind.CHOICE,
                        choices=RELATION_KINDS,
                        convert=model.RelationKind,
                        required=True,
                    ),
                    Element(name="title", label=_("Name of the other"), kind=Kind.LINE, required=True),
                    Element(name="iri", label=_("Web address of the other"), kind=Kind.URL),
                ),
            ),
            Element(
                name="identifiers",
                label=_("Identifiers"),
                kind=Kind.ITEMS,
                item=model.Identifier,
                item_label=_("Identifier"),
                add_label=_("Add an identifier"),
                max_items=20,
                help=_("Its number in your own systems or in a register."),
                parts=(
                    Element(name="scheme", label=_("Scheme"), kind=Kind.PLAIN),
                    Element(name="value", label=pgettext_lazy("identifier", "Value"), kind=Kind.PLAIN, required=True),
                ),
            ),
        ),
    ),
    Section(
        key="cost",
        label=_("Cost and further information"),
        help=_("What it costs, how long a credential is valid and where to read on."),
        elements=(
            Element(name="cost_students", label=_("Cost for students"), kind=Kind.MONEY),
            Element(name="cost_lifelong", label=_("Cost for lifelong learners"), kind=Kind.MONEY),
            Element(
                name="validity_months",
                label=_("Validity of the credential"),
                kind=Kind.INTEGER,
                unit=_("months"),
                help=_("Leave empty if a credential does not expire."),
                minimum=1,
                maximum=1200,
            ),
            Element(name="homepage", label=_("Web page"), kind=Kind.URL),
            Element(name="image_url", label=_("Web address of a picture"), kind=Kind.URL),
            Element(name="further_information", label=_("Further information"), kind=Kind.PROSE),
        ),
    ),
    Section(
        key="monitoring",
        label=_("Monitoring"),
        help=_("How it is watched over and when it is evaluated again."),
        elements=(Element(name="monitoring", label=_("Monitoring and re-evaluation"), kind=Kind.PROSE),),
    ),
)
