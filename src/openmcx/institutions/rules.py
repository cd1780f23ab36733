"""Who may do what for an institution, and what an identifier must look like.

Manage the profile: its administrators and the network's coordinators.
Give roles: its administrators all but the coordinator's; coordinators those of administrators and coordinators, so that
whoever looks after the network does not act in an institution's name. Nobody gives a role to themselves.
End roles: who manages the profile; those of coordinators: coordinators.
Keys: its administrators alone, since a key speaks in the institution's name.
Learners' data: its registrars alone; erase them: its administrators too.
Add an institution: coordinators.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import rules
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openmcx.institutions.models import Institution, Role
from openmcx.kernel.actors import Actor
from openmcx.kernel.errors import Refusal
from openmcx.ui import colour as colours
from openmcx.ui import tokens

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

# Words that stand in addresses where an institution's short name would stand.
RESERVED_SLUGS = frozenset({"add", "api", "claims", "invitations", "manage", "new"})
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

# A key that signs so long should be replaced soon; the home page says so a month later. Units: days.
KEY_AGEING_DAYS = 700


# A key that old should be replaced; the home page of administrators says so. Units: days.
OLD_KEY_DAYS = 730


def missing_statements(institution: Institution) -> list[str]:
    """This will name what an institution has not stated in its profile, in the language of the moment."""
    statements = {
        gettext("legal name"): institution.legal_name,
        gettext("address"): institution.address,
        gettext("website"): institution.website,
        gettext("e-mail address"): institution.email,
        gettext("identifiers"): institution.identifiers,
        gettext("accreditation"): institution.accreditation_status,
    }
    return [label for label, value in statements.items() if not value]


@rules.predicate
def may_begin(actor: Actor) -> bool:
    """Add the first institution and its people, before anybody holds a role: who administers the machine."""
    return actor.is_system


@rules.predicate
def may_add_institution(actor: Actor) -> bool:
    return actor.is_system or actor.holds_anywhere(Role.COORDINATOR)


@rules.predicate
def may_manage(actor: Actor, institution_id: UUID) -> bool:
    return (
        actor.is_system or actor.holds(Role.ADMIN, institution_id) or actor.holds_anywhere(Role.COORDINATOR)
    ) and actor.kind != "api"


def may_grant(actor: Actor, institution_id: UUID, role: str) -> bool:
    """This will tell whether the actor may give this role there, to somebody else."""
    if actor.kind == "api":
        return False
    is_coordinator, is_admin = actor.holds_anywhere(Role.COORDINATOR), actor.holds(Role.ADMIN, institution_id)
    match role:
        case Role.COORDINATOR:
            return actor.is_system or is_coordinator
        case Role.ADMIN:
            return actor.is_system or is_coordinator or is_admin
        case _:
            return actor.is_system or is_admin


def may_end(actor: Actor, institution_id: UUID, role: str) -> bool:
    """This will tell whether the actor may end this role there, or withdraw an invitation to it."""
    if role == Role.COORDINATOR:
        return (actor.is_system or actor.holds_anywhere(Role.COORDINATOR)) and actor.kind != "api"
    return bool(may_manage(actor, institution_id))


def require_somebody_else(actor: Actor, person_id: UUID | None) -> None:
    """This will stop people from giving themselves a role, directly or by an invitation of their own.

    Raises: Refusal ``role-own``.
    """
    if person_id is not None and person_id == actor.person_id:
        raise Refusal(
            "role-own",
            _("Nobody gives themselves a role. Ask another administrator of the institution or a network coordinator."),
        )


def check_accent(colour: str) -> str:
    """This will give a colour in the one form in which it is kept, if it can be read on every ground of the pages.

    Raises: Refusal ``colour-malformed``; ``colour-unreadable``, whose values hold the `nearest` that can be read.
    """
    try:
        plain = colours.parse(colour)
    except ValueError:
        raise Refusal(
            "colour-malformed",
            _("“%(colour)s” is not a colour. Write # and six digits or letters from a to f, for instance #0b5c66."),
            colour=colour.strip()[:20],
        ) from None
    nearest = colours.nearest(plain, tokens.grounds("light"))
    if nearest != plain:
        raise Refusal(
            "colour-unreadable",
            _(
                "Text in %(colour)s cannot be read well: its contrast is %(ratio)s to 1, and 4.5 to 1 is needed. "
                "The nearest colour that can be read is %(nearest)s."
            ),
            colour=plain,
            ratio=_down(min(colours.contrast(plain, ground) for ground in tokens.grounds("light"))),
            nearest=nearest,
        )
    return plain


def _down(ratio: float) -> str:
    """Rounded down, so that what fails never reads as if it passed."""
    return f"{int(ratio * 100) / 100:.2f}"


@rules.predicate
def may_manage_keys(actor: Actor, institution_id: UUID) -> bool:
    return actor.is_system or (actor.kind == "person" and actor.holds(Role.ADMIN, institution_id))


@rules.predicate
def may_record_learners(actor: Actor, institution_id: UUID) -> bool:
    return actor.is_system or actor.holds(Role.REGISTRAR, institution_id)


@rules.predicate
def may_erase_learners(actor: Actor, institution_id: UUID) -> bool:
    """Destroy the data of a learner. No program does that with a token: it cannot be undone."""
    return actor.is_system or (
        actor.kind == "person"
        and (actor.holds(Role.REGISTRAR, institution_id) or actor.holds(Role.ADMIN, institution_id))
    )


# --- identifiers ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IdentifierScheme:
    """A kind of identifier an institution may have, and how its values look."""

    code: str
    label: StrOrPromise
    hint: StrOrPromise
    pattern: re.Pattern[str]
    prefix: str = ""  # what may stand in front when the whole address was pasted, and is stored in front


SCHEMES: dict[str, IdentifierScheme] = {
    scheme.code: scheme
    for scheme in (
        IdentifierScheme(
            "ror",
            _("ROR"),
            _("Research Organization Registry, for instance https://ror.org/05a28rw58."),
            re.compile(r"0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}"),
            "https://ror.org/",
        ),
        IdentifierScheme(
            "schac",
            _("SCHAC"),
            _("The home organisation's domain, for instance uni.example."),
            re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"),
        ),
        IdentifierScheme(
            "eter",
            _("ETER ID"),
            _("European Tertiary Education Register: country and four digits, for instance AT0023."),
            re.compile(r"[A-Z]{2}[0-9]{4}(?:\.[0-9]+)?"),
        ),
        IdentifierScheme(
            "deqarinst",
            _("DEQARINST ID"),
            _("Database of External Quality Assurance Results, for instance DEQARINST0042."),
            re.compile(r"DEQARINST[0-9]{4,}"),
        ),
    )
}
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def normal_identifier(scheme: str, value: str) -> str:
    """This will give an identifier in the one form in which it is stored, and check it; "" stays "".

    Raises: Refusal ``identifier-malformed``, ``identifier-checksum``, ``identifier-scheme``.
    Source: ROR identifier pattern and its ISO/IEC 7064 MOD 97-10 check digits; ETER and DEQAR identifier formats.
    """
    if scheme not in SCHEMES:
        raise Refusal(
            "identifier-scheme",
            _("“%(scheme)s” is not a kind of identifier that is known here. Known are: %(known)s."),
            scheme=scheme[:40],
            known=", ".join(SCHEMES),
        )
    rule = SCHEMES[scheme]
    bare = value.strip()
    if not bare:
        return ""
    if rule.prefix:
        bare = re.sub(
            rf"^(?:https?://)?{re.escape(rule.prefix.removeprefix('https://'))}", "", bare, flags=re.IGNORECASE
        )
    bare = bare.upper() if scheme in ("eter", "deqarinst") else bare.lower()
    if not rule.pattern.fullmatch(bare):
        raise Refusal(
            "identifier-malformed",
            _("“%(value)s” does not look like a %(scheme)s. %(hint)s"),
            value=value.strip()[:80],
            scheme=rule.label,
            hint=rule.hint,
        )
    if scheme == "ror" and not _ror_digits_fit(bare):
        raise Refusal(
            "identifier-checksum",
            _("The check digits of “%(value)s” are wrong, so a character is mistyped. Copy the ROR from ror.org."),
            value=value.strip()[:80],
        )
    return rule.prefix + bare


def _ror_digits_fit(bare: str) -> bool:
    number = 0
    for character in bare[1:7]:
        number = number * 32 + _CROCKFORD.index(character)
    return 98 - (number * 100) % 97 == int(bare[7:])


# Letters of other alphabets that are drawn like a Latin one, as they are typed: large and small differ.
# Source: Unicode Technical Standard #39, confusables, as far as the letters of living languages in Europe go.
_ALIKE = str.maketrans(
    "АВЕЅІЈКМНОРСТУХҮԌԚԜаеѕіјорсухһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανρικυχ",
    "ABESIJKMHOPCTYXYGQWaesijopcyxhdqwABEZHIKMNOPTYXoavpikux",
)
# What is drawn alike within the Latin alphabet, large or small.
_STROKES = str.maketrans("iı|10", "llllo")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
# Alphabets whose letters are drawn alike, by the first word of their letters' Unicode names.
_ALPHABETS = frozenset({"LATIN", "CYRILLIC", "GREEK", "COPTIC", "ARMENIAN", "CHEROKEE"})


def compared_names(name: str) -> frozenset[str]:
    """This will give a name in the forms in which it is compared: names that share one are one to a reader.

    “ÅBO  Akademi” and “åbo akademi” share the first, and “Аbо” with Cyrillic letters and “Abo” share the second.
    Signs that are not seen count in neither.
    """
    seen = "".join(one for one in unicodedata.normalize("NFKC", name) if unicodedata.category(one) != "Cf")
    plain = " ".join(_DASHES.sub("-", seen).split())
    return frozenset({plain.casefold(), plain.translate(_ALIKE).casefold().translate(_STROKES)})


def check_alphabets(name: str) -> None:
    """This will check that no word of a name mixes alphabets whose letters look alike.

    Raises: Refusal ``name-mixed-alphabets``.
    """
    for word in re.findall(r"[^\W\d_]+", unicodedata.normalize("NFKC", name)):
        if len({unicodedata.name(letter, "").split(" ")[0] for letter in word} & _ALPHABETS) > 1:
            raise Refusal(
                "name-mixed-alphabets",
                _("“%(word)s” mixes letters of several alphabets that look alike. Write each word in one alphabet."),
                word=word[:60],
            )


def check_slug(slug: str) -> None:
    """This will check that a short name can stand in addresses and in a DID for ever.

    Raises: Refusal ``slug-malformed``, ``slug-reserved``.
    """
    if not SLUG.fullmatch(slug) or not 2 <= len(slug) <= 60:
        raise Refusal(
            "slug-malformed",
            _("“%(slug)s” cannot be a short name. Use 2 to 60 small letters a to z, digits and single hyphens."),
            slug=slug[:60],
        )
    if slug in RESERVED_SLUGS:
        raise Refusal("slug-reserved", _("“%(slug)s” is used for a page of this node. Choose another."), slug=slug)
