"""The words of describing and publishing a micro-credential."""

from django.utils.translation import gettext_lazy as _

from openmcx.ui.concepts.kinds import Concept, Group

DESCRIBING = Group(
    key="describing",
    title=_("Describing a micro-credential"),
    concepts=(
        Concept(
            key="micro-credential",
            term=_("Micro-credential"),
            question=_("What is a micro-credential?"),
            text=_(
                "The record of what a learner has achieved in a small volume of learning, assessed against clearly "
                "defined criteria. It belongs to the learner, who may show it to anybody."
            ),
            glossary="micro-credential (MC)",
        ),
        Concept(
            key="learning-outcome",
            term=_("Learning outcome"),
            question=_("What is a learning outcome?"),
            text=_(
                "What a learner knows, understands or can do at the end. Write one thing in each, beginning with a "
                "verb that can be assessed, such as “explains”, “calculates” or “designs”."
            ),
            glossary="learning outcome",
        ),
        Concept(
            key="dublin-descriptor",
            term=_("Dublin descriptor"),
            question=_("What is a Dublin descriptor?"),
            text=_(
                "One of the five kinds of learning outcome in the European Higher Education Area: knowledge and "
                "understanding, applying them, making judgements, communication, learning skills. It helps others "
                "to compare your outcomes with theirs."
            ),
            glossary="Dublin descriptor",
        ),
        Concept(
            key="eqf-level",
            term=_("EQF level"),
            question=_("What is an EQF level?"),
            text=_(
                "How demanding the learning outcomes are, from 1 to 8, in the European Qualifications Framework. "
                "The outcomes of a bachelor's degree are at level 6, of a master's degree at level 7. The level "
                "says nothing about the size."
            ),
            glossary="EQF level",
        ),
        Concept(
            key="national-level",
            term=_("National level"),
            question=_("What is a national level?"),
            text=_(
                "The level in the qualifications framework of a country. Each country has related its levels to "
                "the eight levels of the European framework."
            ),
            glossary="national level",
        ),
        Concept(
            key="cycle",
            term=_("Cycle"),
            question=_("What is a cycle?"),
            text=_(
                "A stage of study in the European Higher Education Area: short cycle, first (bachelor), second "
                "(master) and third (doctorate)."
            ),
            glossary="cycle",
        ),
        Concept(
            key="ects",
            term=_("ECTS credit"),
            question=_("What is an ECTS credit?"),
            text=_(
                "The measure of the volume of learning in Europe: one credit stands for 25 to 30 hours of a "
                "typical learner's work. A year of full-time study has 60 credits."
            ),
            glossary="ECTS",
        ),
        Concept(
            key="workload",
            term=_("Workload"),
            question=_("What is the workload?"),
            text=_(
                "The time that a typical learner needs for everything: classes, self-study, practice and "
                "assessment. It is given in ECTS credits, in hours, or in both."
            ),
            glossary="workload",
        ),
        Concept(
            key="certified-attendance",
            term=_("Certified attendance"),
            question=_("What is certified attendance?"),
            text=_(
                "The hours of presence, on site or online, that the institution certifies. It is part of the workload."
            ),
            glossary="certified attendance",
        ),
        Concept(
            key="isced-f",
            term=_("Subject (ISCED-F)"),
            question=_("What is ISCED-F?"),
            text=_(
                "The international classification of fields of education, kept by UNESCO. It lets people in other "
                "countries and languages find a subject whatever it is called there."
            ),
            glossary="ISCED-F",
        ),
        Concept(
            key="esco-skill",
            term=_("ESCO skill"),
            question=_("What is an ESCO skill?"),
            text=_(
                "A skill from the European classification of skills, competences and occupations. It has the same "
                "identity in all languages, so employers and job portals recognise it."
            ),
            glossary="ESCO",
        ),
        Concept(
            key="assessment-type",
            term=_("Type of assessment"),
            question=_("What is the type of assessment?"),
            text=_(
                "How it is found out that the learning outcomes are reached, for instance a written examination, a "
                "project or an assignment, in the words of the European Learning Model."
            ),
            glossary="type of assessment",
        ),
        Concept(
            key="supervision",
            term=_("Supervision and identity verification"),
            question=_("What are supervision and identity verification?"),
            text=_(
                "Whether somebody supervised the assessment and made sure that the learner was who they said. "
                "Those who recognise the micro-credential need to know it, above all when the assessment was "
                "online."
            ),
            glossary="supervision and identity verification",
        ),
        Concept(
            key="participation",
            term=_("Form of participation"),
            question=_("What is the form of participation?"),
            text=_("Whether one takes part online, on site or in a mix of both, which is called blended."),
            glossary="participation (form of)",
        ),
        Concept(
            key="quality-assurance",
            term=_("Quality assurance"),
            question=_("What kinds of quality assurance are there?"),
            text=_(
                "Who has looked at the quality: an accreditation of the whole institution, of a study programme or "
                "of this course, a check by a profession or industry, or a process of the institution itself. If "
                "there is none, that is stated too."
            ),
            glossary="quality assurance",
        ),
        Concept(
            key="prerequisites",
            term=_("Prerequisites"),
            question=_("What are prerequisites?"),
            text=_(
                "What somebody must have learned or shown before they may enrol, for instance another course or a "
                "level of a language."
            ),
            glossary="prerequisites",
        ),
        Concept(
            key="stackable",
            term=_("Stackable"),
            question=_("What does “stackable” mean?"),
            text=_(
                "That a micro-credential can count towards a larger credential, alone or together with others. "
                "Whether it does is decided by the institution that awards the larger one."
            ),
            glossary="stackable",
        ),
        Concept(
            key="exchangeable",
            term=_("Exchangeable"),
            question=_("What does “exchangeable” mean?"),
            text=_(
                "That institutions have agreed on it: a learner of one may take the micro-credential at another, "
                "and it counts at home."
            ),
            glossary="exchangeable",
        ),
        Concept(
            key="awarding-body",
            term=_("Awarding body"),
            question=_("What is the awarding body?"),
            text=_(
                "The institution that awards the micro-credential and answers for it. Partners may work on the "
                "description, but one institution awards."
            ),
            glossary="awarding body",
        ),
    ),
)

PUBLISHING = Group(
    key="publishing",
    title=_("Publishing it"),
    concepts=(
        Concept(
            key="draft",
            term=_("Draft"),
            question=_("What is a draft?"),
            text=_(
                "The description while it is being written. People with a role at the awarding body and its "
                "partners can read it, and nobody else."
            ),
            glossary="draft",
        ),
        Concept(
            key="publish",
            term=_("Publish"),
            question=_("What does publishing do?"),
            text=_(
                "It makes a version of the draft that everybody can read in the catalogue and that never changes "
                "again. Credentials are issued for published versions only."
            ),
            glossary="publish",
        ),
        Concept(
            key="version",
            term=_("Version"),
            question=_("What is a version?"),
            text=_(
                "A published state of the description, with an address of its own. Corrections are published as a "
                "further version; credentials keep the version they were issued for."
            ),
            glossary="version",
        ),
        Concept(
            key="withdraw",
            term=_("Withdraw"),
            question=_("What does withdrawing do?"),
            text=_(
                "It takes a micro-credential out of the list of the catalogue. Its versions stay readable at their "
                "addresses, and credentials that were awarded stay valid."
            ),
            glossary="withdraw",
        ),
    ),
)
