"""Short guides, one for each kind of work: what to do, in which order, and on which page."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from openmcx.ui.concepts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One step of a guide. `page` is the name of an address that needs no arguments; "" when there is no such page."""

    text: Text
    page: str = ""
    link: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """How one job is done. `concepts` are the words that the job needs."""

    key: str
    title: Text
    lead: Text
    ways: tuple[Way, ...]
    concepts: tuple[str, ...]


GUIDES: tuple[Guide, ...] = (
    Guide(
        key="registrar",
        title=_("Issue credentials"),
        lead=_("For registrars: from the list of those who passed to a credential in the hands of each."),
        ways=(
            Way(
                text=_(
                    "Make sure that the micro-credential is published by your institution. Credentials are issued for "
                    "its latest version."
                ),
                page="catalogue:drafts",
                link=_("See the micro-credentials of your institution"),
            ),
            Way(
                text=_(
                    "Export the learners who passed from your system, or fill in an empty list: given name, family "
                    "name and e-mail address are needed."
                ),
                page="issuing:template",
                link=_("Get an empty class list"),
            ),
            Way(
                text=_("Upload the list. Nothing is issued before you confirm."),
                page="issuing:new",
                link=_("Upload a class list"),
            ),
            Way(
                text=_(
                    "Mend what the check has found, on the page or in your spreadsheet. Each fault says where it is "
                    "and how it is mended."
                ),
                page="issuing:batches",
                link=_("See your class lists"),
            ),
            Way(
                text=_(
                    "Look at the preview of some learners, then issue. Each learner gets an e-mail with a private "
                    "link. You may leave the page meanwhile."
                )
            ),
            Way(
                text=_(
                    "If something was wrong, revoke the credential with the reason, and issue a correct one. If a "
                    "message did not arrive, send the link again."
                ),
                page="issuing:credentials",
                link=_("Find an issued credential"),
            ),
        ),
        concepts=("class-list", "issue", "credential", "private-link", "revoke", "erase"),
    ),
    Guide(
        key="author",
        title=_("Describe and publish a micro-credential"),
        lead=_("For course authors: from a title to an entry in the catalogue."),
        ways=(
            Way(
                text=_("Begin with a title. Everything else can follow in any order, by several people."),
                page="catalogue:new",
                link=_("Describe a micro-credential"),
            ),
            Way(
                text=_("If you have a description in the European Learning Model, import it instead."),
                page="catalogue:import",
                link=_("Import a micro-credential"),
            ),
            Way(
                text=_(
                    "Fill in the sections. The overview of the draft says what is mandatory and still missing. Add a "
                    "language there to write the texts in more than one."
                ),
                page="catalogue:drafts",
                link=_("See your drafts"),
            ),
            Way(
                text=_(
                    "Look at the preview: it is the page that everybody will see in the catalogue. Then publish. A "
                    "published version never changes."
                )
            ),
            Way(
                text=_(
                    "When something changes, edit the draft and publish a further version. What was issued keeps the "
                    "version it was issued for."
                ),
                page="catalogue:list",
                link=_("See the catalogue"),
            ),
        ),
        concepts=(
            "micro-credential",
            "learning-outcome",
            "eqf-level",
            "workload",
            "ects",
            "assessment-type",
            "quality-assurance",
            "draft",
            "publish",
            "version",
        ),
    ),
    Guide(
        key="institution-admin",
        title=_("Look after an institution"),
        lead=_("For administrators: the profile, the people and the keys of one institution."),
        ways=(
            Way(
                text=_(
                    "Complete the profile: what you state there stands on your public page and in each credential "
                    "issued from then on. Your home page names what is missing."
                ),
                page="portal:home",
                link=_("Go to your home page"),
            ),
            Way(
                text=_(
                    "Under “People and roles”, invite authors, registrars and a second administrator by e-mail. A role "
                    "begins and ends on the days you name."
                )
            ),
            Way(
                text=_(
                    "Under “Signing keys”, sign with a new key once a year, or when somebody who could reach the "
                    "server has left. Credentials stay valid. Revoke a key only when somebody else may have it."
                )
            ),
            Way(
                text=_("Protect your own account with a passkey or a second factor."),
                page="mfa_index",
                link=_("Set up a passkey or a second factor"),
            ),
        ),
        concepts=("role", "accreditation", "did", "signing-key", "key-rotation", "key-revocation", "passkey"),
    ),
    Guide(
        key="coordinator",
        title=_("Coordinate the network"),
        lead=_("For coordinators: the members, and what the network says about itself."),
        ways=(
            Way(
                text=_("Add each institution, then invite its first administrator on its page."),
                page="institutions:add",
                link=_("Add an institution"),
            ),
            Way(
                text=_("Write and publish the legal notice, the privacy notice and the terms of use."),
                page="portal:legal-texts",
                link=_("Write the legal texts"),
            ),
            Way(
                text=_(
                    "Say in the same place whom people may write to when a page is not accessible to them, and who "
                    "enforces accessibility in your country."
                ),
                page="portal:accessibility",
                link=_("Read the accessibility statement"),
            ),
            Way(
                text=_("See on your home page which members have not completed their profile, and remind them."),
                page="portal:home",
                link=_("Go to your home page"),
            ),
        ),
        concepts=("role", "awarding-body", "accreditation", "exchangeable"),
    ),
    Guide(
        key="learner",
        title=_("Keep and show your credentials"),
        lead=_("For learners: the credential is yours. You keep it, and you decide who sees it."),
        ways=(
            Way(
                text=_(
                    "Open the private link in the e-mail about your credential and download the file. Keep it: it "
                    "stays valid also when this site is gone."
                )
            ),
            Way(
                text=_(
                    "Make an account with the e-mail address that your institution knows, and confirm that the address "
                    "is yours."
                ),
                page="account_email",
                link=_("See your e-mail addresses"),
            ),
            Way(
                text=_("Link the records about you, and all your credentials show on your home page."),
                page="institutions:claims",
                link=_("See the records about you"),
            ),
            Way(
                text=_(
                    "Give the file, not your private link, to employers and universities. They check it here without "
                    "an account; you may try it yourself."
                ),
                page="verification:start",
                link=_("Check a credential"),
            ),
            Way(
                text=_(
                    "You may download at any time what is held about you. To have learner data corrected or erased, "
                    "write to your institution; its address stands on its page."
                ),
                page="accounts:profile",
                link=_("Go to your profile"),
            ),
        ),
        concepts=("credential", "private-link", "claim", "learner-record", "expiry", "revoke"),
    ),
    Guide(
        key="employer",
        title=_("Check a credential that somebody gave you"),
        lead=_("For employers, universities and everybody else: no account is needed, and nothing is kept."),
        ways=(
            Way(
                text=_("Ask for the file of the credential, or for a link to it, not for a picture or a print."),
            ),
            Way(
                text=_("Hand it in. You get a verdict in one word and, below it, what was checked."),
                page="verification:start",
                link=_("Check a credential"),
            ),
            Way(
                text=_(
                    "Compare the established issuer with the claimed one. If the verdict is “caution”, ask the "
                    "institution before you rely on it."
                ),
                page="institutions:list",
                link=_("See the institutions of this network"),
            ),
            Way(
                text=_(
                    "Read what the person can do, how it was assessed and at which level. The catalogue describes the "
                    "micro-credential in full."
                ),
                page="catalogue:list",
                link=_("See the catalogue"),
            ),
        ),
        concepts=(
            "verdict",
            "verified",
            "caution",
            "not-verified",
            "issuer-established",
            "issuer-claimed",
            "signature",
            "status-list",
            "expiry",
            "eqf-level",
        ),
    ),
)


def guide(key: str) -> Guide | None:
    """This will give one guide by its short name."""
    return next((one for one in GUIDES if one.key == key), None)
