"""What people are told of the micro-credentials of their institution."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from openmcx.accounts.slots import Mail, NotificationCategory, NotificationKind, Shape
from openmcx.institutions.models import Role

PUBLISHED = NotificationKind(
    code="catalogue.published",
    category=NotificationCategory(
        code="catalogue.specifications",
        label=_("Micro-credentials of your institution"),
        hint=_("That a version was published, so that credentials are issued for it."),
    ),
    title=_("A version was published"),
    sentence=_("Version %(number)s of “%(title)s” of %(institution)s is published. Credentials are issued for it now."),
    several=ngettext_lazy("%(count)s version was published", "%(count)s versions were published", "count"),
    mail=Mail.DAILY,
    audience=(Role.AUTHOR.value, Role.REGISTRAR.value),
    params={"title": Shape.TEXTS, "number": Shape.NUMBER, "institution": Shape.TEXTS},
)

KINDS = (PUBLISHED,)
