"""What the words of the field mean, in one to three plain sentences each: for the buttons beside them and for the help.

The words agree with docs/glossary.md; `glossary` names the entry there. A text explains to a person who meets the word
for the first time, and promises nothing that the node does not do.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Text = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One word and its meaning. `question` is what the button beside the word says to those who do not see it."""

    key: str
    term: Text
    question: Text
    text: Text
    glossary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Words that belong together."""

    key: str
    title: Text
    concepts: tuple[Concept, ...]


GROUPS: tuple[Group, ...] = (
    Group(
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
                    "The hours of presence, on site or online, that the institution certifies. It is part of the "
                    "workload."
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
    ),
    Group(
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
    ),
    Group(
        key="issuing",
        title=_("Issuing credentials"),
        concepts=(
            Concept(
                key="credential",
                term=_("Credential"),
                question=_("What is a credential?"),
                text=_(
                    "A signed document that says what one learner has achieved. It is a file that belongs to the "
                    "learner, and anybody can check it without asking the institution."
                ),
                glossary="credential",
            ),
            Concept(
                key="issue",
                term=_("Issue"),
                question=_("What does issuing do?"),
                text=_(
                    "It signs a credential with the institution's key and sends the learner a private link to it. An "
                    "issued credential can be revoked, but not changed."
                ),
                glossary="issue",
            ),
            Concept(
                key="class-list",
                term=_("Class list"),
                question=_("What is a class list?"),
                text=_(
                    "The table of the learners who passed: one row for each, as an Excel, OpenDocument or CSV file. It "
                    "is checked as a whole before anything is issued, and destroyed when everything is."
                ),
                glossary="class list",
            ),
            Concept(
                key="private-link",
                term=_("Private link"),
                question=_("What is a private link?"),
                text=_(
                    "The address at which one learner finds one credential without signing in. It cannot be guessed "
                    "and is listed nowhere, but whoever has it can open the page."
                ),
                glossary="private link",
            ),
            Concept(
                key="learner-record",
                term=_("Learner record"),
                question=_("What is a learner record?"),
                text=_(
                    "What an institution holds of a learner: name, address, perhaps date of birth. It exists whether "
                    "or not the learner has an account here."
                ),
                glossary="learner record",
            ),
            Concept(
                key="claim",
                term=_("Claim a record"),
                question=_("What does claiming a record do?"),
                text=_(
                    "It links an institution's record of you with your account, so that you find your credentials "
                    "after signing in. Only somebody who has proved that the e-mail address is theirs can do it."
                ),
                glossary="claim (a record)",
            ),
            Concept(
                key="revoke",
                term=_("Revoke"),
                question=_("What does revoking do?"),
                text=_(
                    "It declares an issued credential void, with a reason. The credential stays readable, but whoever "
                    "checks it is told that it is revoked. It cannot be undone."
                ),
                glossary="revoke",
            ),
            Concept(
                key="erase",
                term=_("Erase"),
                question=_("What does erasing do?"),
                text=_(
                    "It destroys the key with which a person's values are encrypted, so that nobody can read them "
                    "here any more. Copies of credentials that the learner kept can still be checked."
                ),
                glossary="erase",
            ),
        ),
    ),
    Group(
        key="checking",
        title=_("Checking a credential"),
        concepts=(
            Concept(
                key="verdict",
                term=_("Verdict"),
                question=_("What does the verdict mean?"),
                text=_(
                    "The answer of the check: verified, caution, not verified, cannot be checked "
                    "here, or unreadable. Below it stands what was checked and with which result."
                ),
                glossary="verdict",
            ),
            Concept(
                key="verified",
                term=_("Verified"),
                question=_("What does “verified” mean?"),
                text=_(
                    "The credential is unchanged since it was signed, the signature belongs to the issuer that is "
                    "named, and it is neither expired nor revoked. It does not say how good the course was."
                ),
                glossary="verified",
            ),
            Concept(
                key="caution",
                term=_("Caution"),
                question=_("What does “caution” mean?"),
                text=_(
                    "The signature holds, but something that matters could not be established, such as who the issuer "
                    "really is. Ask the institution before you rely on it."
                ),
                glossary="caution",
            ),
            Concept(
                key="not-verified",
                term=_("Not verified"),
                question=_("What does “not verified” mean?"),
                text=_(
                    "At least one check has failed: the document was changed, has expired, was revoked, or its "
                    "signature does not hold. Do not rely on it."
                ),
                glossary="not verified",
            ),
            Concept(
                key="unsupported",
                term=_("Cannot be checked here"),
                question=_("What does “cannot be checked here” mean?"),
                text=_(
                    "The file was recognised, but it is of a kind or signed in a way that cannot be judged here. That "
                    "says nothing for or against it."
                ),
                glossary="unsupported",
            ),
            Concept(
                key="unreadable",
                term=_("Unreadable"),
                question=_("What does “unreadable” mean?"),
                text=_(
                    "What was handed in is no credential, or it is damaged. Ask for the file itself rather than a "
                    "picture or a print of it."
                ),
                glossary="unreadable",
            ),
            Concept(
                key="issuer-established",
                term=_("Established issuer"),
                question=_("What is the established issuer?"),
                text=_(
                    "Who signed, as far as this check could make sure: the key was found where the institution "
                    "publishes it, and the institution is known here."
                ),
                glossary="established issuer",
            ),
            Concept(
                key="issuer-claimed",
                term=_("Claimed issuer"),
                question=_("What is the claimed issuer?"),
                text=_(
                    "The issuer's name as the document states it. Anybody can write any name into a document, so "
                    "compare it with the established issuer."
                ),
                glossary="claimed issuer",
            ),
            Concept(
                key="signature",
                term=_("Signature"),
                question=_("What is a signature?"),
                text=_(
                    "A code that only the holder of the secret key can make over exactly this document. If one "
                    "character is changed, the signature no longer fits."
                ),
                glossary="signature",
            ),
            Concept(
                key="status-list",
                term=_("Status list"),
                question=_("What is a status list?"),
                text=_(
                    "The public, signed list in which it is looked up whether a credential was revoked. It covers "
                    "many thousands of credentials at once, so the issuer does not learn which of them you check."
                ),
                glossary="status list",
            ),
            Concept(
                key="expiry",
                term=_("Expired"),
                question=_("What does “expired” mean?"),
                text=_(
                    "The credential itself says that it was valid until a certain day, and that day has passed. The "
                    "private link to a credential is another matter: it goes on working."
                ),
                glossary="expiry (of a credential)",
            ),
        ),
    ),
    Group(
        key="institutions",
        title=_("Institutions, keys and roles"),
        concepts=(
            Concept(
                key="did",
                term=_("DID"),
                question=_("What is a DID?"),
                text=_(
                    "A decentralised identifier: a name for an institution that leads programs to its public keys. The "
                    "identifier of an institution here is found under its web address."
                ),
                glossary="DID",
            ),
            Concept(
                key="signing-key",
                term=_("Signing key"),
                question=_("What is a signing key?"),
                text=_(
                    "A pair of which the secret half signs credentials and the public half lets everybody check the "
                    "signature. The secret half never leaves the server."
                ),
                glossary="signing key",
            ),
            Concept(
                key="key-rotation",
                term=_("Change of keys"),
                question=_("What happens when keys are changed?"),
                text=_(
                    "From then on a new key signs, and the secret half of the old one is destroyed. Everything that "
                    "the old key signed stays valid, because its public half is still published."
                ),
                glossary="key rotation",
            ),
            Concept(
                key="key-revocation",
                term=_("Revoked key"),
                question=_("What does revoking a key do?"),
                text=_(
                    "It declares that the key can no longer be trusted, because somebody else may have it. Everything "
                    "that it ever signed then counts as not verified."
                ),
                glossary="key revocation",
            ),
            Concept(
                key="accreditation",
                term=_("Accreditation"),
                question=_("What is accreditation?"),
                text=_(
                    "The decision of a competent body that an institution, programme or course meets its standards. "
                    "What is shown is what the institution states, unless the page says that it was checked."
                ),
                glossary="accreditation",
            ),
            Concept(
                key="role",
                term=_("Role"),
                question=_("What may each role do?"),
                text=_(
                    "Authors describe and publish micro-credentials, registrars issue credentials, administrators look "
                    "after the profile, the people and the keys of one institution, and coordinators after the "
                    "network. Roles begin and end on a day, and nobody gives one to themselves."
                ),
                glossary="role",
            ),
        ),
    ),
    Group(
        key="account",
        title=_("Your account"),
        concepts=(
            Concept(
                key="api-token",
                term=_("API token"),
                question=_("What is an API token?"),
                text=_(
                    "A secret with which a program acts for you, such as a learning platform. Treat it like a "
                    "password: it is shown once, expires, and can be revoked at any time."
                ),
                glossary="API token",
            ),
            Concept(
                key="token-scope",
                term=_("Scope of a token"),
                question=_("What is the scope of a token?"),
                text=_(
                    "What the program may do with the token: only read, or issue and revoke credentials too. It is "
                    "never more than you may do yourself."
                ),
                glossary="scope (of a token)",
            ),
            Concept(
                key="passkey",
                term=_("Passkey"),
                question=_("What is a passkey?"),
                text=_(
                    "A way to sign in with your device's fingerprint, face or PIN instead of a password. It cannot be "
                    "guessed, and a forged web site cannot catch it."
                ),
                glossary="passkey",
            ),
        ),
    ),
)

CONCEPTS: dict[str, Concept] = {concept.key: concept for group in GROUPS for concept in group.concepts}
