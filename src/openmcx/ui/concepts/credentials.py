"""The words of issuing and checking credentials."""

from django.utils.translation import gettext_lazy as _

from openmcx.ui.concepts.kinds import Concept, Group

ISSUING = Group(
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
)

CHECKING = Group(
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
)
