"""What registrars are told of their class lists, and learners with an account of their credentials."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from openmcx.accounts.slots import Mail, NotificationCategory, NotificationKind, Shape
from openmcx.institutions.models import Role

_LISTS = NotificationCategory(
    code="issuing.lists",
    label=_("Your class lists"),
    hint=_("That issuing a class list which you have confirmed has come to its end, and how."),
)
_LEARNERS = NotificationCategory(
    code="issuing.learners",
    label=_("Learners of your institution"),
    hint=_("That a learner has taken their credentials into an account."),
)
_CREDENTIALS = NotificationCategory(
    code="issuing.credentials",
    label=_("Your credentials"),
    hint=_("That a credential was issued to you, or revoked."),
)

LIST_ISSUED = NotificationKind(
    code="issuing.list-issued",
    category=_LISTS,
    title=_("A class list is done"),
    sentence=ngettext_lazy(
        "%(issued)s credential of “%(title)s” was issued.",
        "%(issued)s credentials of “%(title)s” were issued.",
        "issued",
    ),
    several=ngettext_lazy("%(count)s class list is done", "%(count)s class lists are done", "count"),
    mail=Mail.DAILY,
    state="ok",
    audience=(Role.REGISTRAR.value,),
    params={"title": Shape.TEXTS, "issued": Shape.NUMBER},
)
LIST_STOPPED = NotificationKind(
    code="issuing.list-stopped",
    category=_LISTS,
    title=_("A class list needs you"),
    sentence=ngettext_lazy(
        "%(failed)s row of the class list for “%(title)s” could not be issued. The list says why.",
        "%(failed)s rows of the class list for “%(title)s” could not be issued. The list says why.",
        "failed",
    ),
    several=ngettext_lazy("%(count)s class list needs you", "%(count)s class lists need you", "count"),
    mail=Mail.AT_ONCE,
    state="bad",
    audience=(Role.REGISTRAR.value,),
    params={"title": Shape.TEXTS, "failed": Shape.NUMBER},
)
# Learners get an e-mail with their private link from the institution anyway, with an account or without.
CREDENTIAL_ISSUED = NotificationKind(
    code="issuing.credential-issued",
    category=_CREDENTIALS,
    title=_("You have a new credential"),
    sentence=_("%(institution)s has awarded you “%(title)s”."),
    several=ngettext_lazy("You have %(count)s new credential", "You have %(count)s new credentials", "count"),
    mail=None,
    state="ok",
    params={"title": Shape.TEXTS, "institution": Shape.TEXTS},
)
CREDENTIAL_REVOKED = NotificationKind(
    code="issuing.credential-revoked",
    category=_CREDENTIALS,
    title=_("A credential of yours was revoked"),
    sentence=_("%(institution)s has revoked your credential “%(title)s”. The institution has written to you why."),
    several=ngettext_lazy(
        "%(count)s credential of yours was revoked", "%(count)s credentials of yours were revoked", "count"
    ),
    mail=None,
    state="bad",
    params={"title": Shape.TEXTS, "institution": Shape.TEXTS},
)

LEARNER_CLAIMED = NotificationKind(
    code="issuing.learner-claimed",
    category=_LEARNERS,
    title=_("A learner has an account now"),
    sentence=_("A learner of %(institution)s has taken their credentials into an account."),
    several=ngettext_lazy(
        "%(count)s learner has taken their credentials into an account",
        "%(count)s learners have taken their credentials into an account",
        "count",
    ),
    mail=Mail.OFF,
    audience=(Role.REGISTRAR.value,),
    params={"institution": Shape.TEXTS},
)

KINDS = (LIST_ISSUED, LIST_STOPPED, LEARNER_CLAIMED, CREDENTIAL_ISSUED, CREDENTIAL_REVOKED)
