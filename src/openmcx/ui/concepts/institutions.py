"""The words of institutions, their keys and roles, and of accounts."""

from django.utils.translation import gettext_lazy as _

from openmcx.ui.concepts.kinds import Concept, Group

INSTITUTIONS = Group(
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
)

ACCOUNT = Group(
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
)
