"""What people are told of their roles, of their institution's keys, and of how the node runs."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from openmcx.accounts.slots import Mail, NotificationCategory, NotificationKind, Shape
from openmcx.institutions.models import Role

_ROLES = NotificationCategory(
    code="institutions.roles",
    label=_("Your roles and invitations"),
    hint=_("That you were given a role or lost one, and that somebody has accepted your invitation."),
)
_KEYS = NotificationCategory(
    code="institutions.keys",
    label=_("Signing keys"),
    hint=_("That a key of your institution is getting old, was replaced or was revoked."),
)
_OPERATIONS = NotificationCategory(
    code="institutions.operations",
    label=_("Running the node"),
    hint=_("That work in the background was given up or fails."),
)
_ROLE_WORDS = {"role": {role.value: role.label for role in Role}}

ROLE_GRANTED = NotificationKind(
    code="institutions.role-granted",
    category=_ROLES,
    title=_("You have a new role"),
    sentence=_("Your role at %(institution)s from %(day)s: %(role)s."),
    several=ngettext_lazy("You have %(count)s new role", "You have %(count)s new roles", "count"),
    mail=Mail.AT_ONCE,
    state="ok",
    params={"role": Shape.WORD, "institution": Shape.TEXTS, "day": Shape.DAY},
    words=_ROLE_WORDS,
)
ROLE_ENDED = NotificationKind(
    code="institutions.role-ended",
    category=_ROLES,
    title=_("A role of yours has ended"),
    sentence=_("Your role at %(institution)s has ended: %(role)s."),
    several=ngettext_lazy("%(count)s role of yours has ended", "%(count)s roles of yours have ended", "count"),
    mail=Mail.AT_ONCE,
    state="warn",
    params={"role": Shape.WORD, "institution": Shape.TEXTS},
    words=_ROLE_WORDS,
)
INVITATION_ACCEPTED = NotificationKind(
    code="institutions.invitation-accepted",
    category=_ROLES,
    title=_("Your invitation was accepted"),
    sentence=_("%(person)s has accepted your invitation to %(institution)s. Role: %(role)s."),
    several=ngettext_lazy(
        "%(count)s of your invitations was accepted", "%(count)s of your invitations were accepted", "count"
    ),
    mail=Mail.DAILY,
    state="ok",
    audience=(Role.ADMIN.value, Role.COORDINATOR.value),
    params={"person": Shape.PERSON, "role": Shape.WORD, "institution": Shape.TEXTS},
    words=_ROLE_WORDS,
)
KEY_AGEING = NotificationKind(
    code="institutions.key-ageing",
    category=_KEYS,
    title=_("A signing key is getting old"),
    sentence=_("The signing key %(key)s of %(institution)s was made on %(day)s. Replace it when it suits you."),
    several=ngettext_lazy("%(count)s signing key is getting old", "%(count)s signing keys are getting old", "count"),
    mail=Mail.DAILY,
    state="warn",
    audience=(Role.ADMIN.value,),
    params={"key": Shape.WORD, "institution": Shape.TEXTS, "day": Shape.DAY},
)
KEY_REPLACED = NotificationKind(
    code="institutions.key-replaced",
    category=_KEYS,
    title=_("The signing key was replaced"),
    sentence=_("%(institution)s signs with the key %(key)s now. What the key before has signed stays valid."),
    several=ngettext_lazy("%(count)s signing key was replaced", "%(count)s signing keys were replaced", "count"),
    mail=Mail.AT_ONCE,
    audience=(Role.ADMIN.value,),
    params={"key": Shape.WORD, "institution": Shape.TEXTS},
)
KEY_REVOKED = NotificationKind(
    code="institutions.key-revoked",
    category=_KEYS,
    title=_("A signing key was revoked"),
    sentence=_("The key %(key)s of %(institution)s was revoked: nothing that it has signed is valid any more."),
    several=ngettext_lazy("%(count)s signing key was revoked", "%(count)s signing keys were revoked", "count"),
    mail=Mail.AT_ONCE,
    state="bad",
    audience=(Role.ADMIN.value, Role.COORDINATOR.value),
    params={"key": Shape.WORD, "institution": Shape.TEXTS},
)
TASKS_GIVEN_UP = NotificationKind(
    code="institutions.tasks-given-up",
    category=_OPERATIONS,
    title=_("Work in the background was given up"),
    sentence=_("The task %(task)s was tried several times and given up. Whoever runs the node sees why in its log."),
    several=ngettext_lazy(
        "%(count)s task in the background was given up", "%(count)s tasks in the background were given up", "count"
    ),
    mail=Mail.AT_ONCE,
    state="bad",
    audience=(Role.COORDINATOR.value,),
    params={"task": Shape.WORD},
)
RECURRING_FAILED = NotificationKind(
    code="institutions.recurring-failed",
    category=_OPERATIONS,
    title=_("Recurring work fails"),
    sentence=_("The recurring function %(task)s failed. Whoever runs the node sees why in its log."),
    several=ngettext_lazy("%(count)s recurring function fails", "%(count)s recurring functions fail", "count"),
    mail=Mail.AT_ONCE,
    state="bad",
    audience=(Role.COORDINATOR.value,),
    params={"task": Shape.WORD},
)

KINDS = (
    ROLE_GRANTED,
    ROLE_ENDED,
    INVITATION_ACCEPTED,
    KEY_AGEING,
    KEY_REPLACED,
    KEY_REVOKED,
    TASKS_GIVEN_UP,
    RECURRING_FAILED,
)
