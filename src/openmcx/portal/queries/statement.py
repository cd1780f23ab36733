"""What the accessibility statement says of the software. Whoever runs the node adds whom to write to.

Source: Commission Implementing Decision (EU) 2018/1523, annex (model accessibility statement).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from openmcx.ui.concepts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """Something that is tested again with each change, and the tests that do it: a test makes sure they are there."""

    text: Text
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Barrier:
    """What is not accessible: what it is, whom it touches, and what to do instead. `criterion` is of WCAG."""

    text: Text
    instead: Text
    criterion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The statement. The days are those of the assessment, not those on which the page is read."""

    prepared_on: dt.date
    reviewed_on: dt.date
    tested: tuple[Tested, ...]
    looked_at: tuple[Text, ...]
    barriers: tuple[Barrier, ...]
    outside: tuple[Text, ...]


_PAGES = "tests/journeys/test_pages.py"
_WAY = "tests/journeys/test_main_path.py"
_MATRIX = "tests/architecture/test_permission_matrix.py"
_LANGUAGES = "tests/web/test_languages_of_content.py"
_LOOKS = "tests/journeys/test_accessibility.py"

STATEMENT = Statement(
    prepared_on=dt.date(2026, 11, 22),
    reviewed_on=dt.date(2026, 11, 22),
    tested=(
        Tested(
            text=_(
                "Every page that links lead to is checked by axe against WCAG 2.2 A and AA, as a visitor and in each "
                "role: in light colours at 1280 pixels and in dark ones at 360. None may be wider than its window."
            ),
            by=(f"{_PAGES}::test_pages_that_links_lead_to",),
        ),
        Tested(
            text=_(
                "Every page, in every language of the interface, has a language, a title, one main heading, headings "
                "that leave out no level, a link to skip to the content, labels for all fields and names for all "
                "links and buttons."
            ),
            by=(
                f"{_MATRIX}::test_everybody_gets_what_the_matrix_says",
                f"{_MATRIX}::test_pages_are_whole_in_every_language",
            ),
        ),
        Tested(
            text=_(
                "Texts that people wrote in another language than that of the page say so to screen readers, on every "
                "page and in every role."
            ),
            by=(f"{_LANGUAGES}::test_texts_in_another_language_say_which",),
        ),
        Tested(
            text=_(
                "The whole way from a description to a credential that is checked is walked with the keyboard alone, "
                "and a second time without JavaScript."
            ),
            by=(
                f"{_WAY}::test_each_learner_has_a_credential",
                f"{_WAY}::test_anyone_can_check_it",
                f"{_WAY}::test_a_learner_shows_a_credential_as_text_with_the_keyboard",
            ),
        ),
        Tested(
            text=_(
                "The explanations beside the words are opened, read and closed with the keyboard alone, and fit into a "
                "window of 320 pixels."
            ),
            by=(
                f"{_LOOKS}::test_an_explanation_opens_and_closes_with_the_keyboard",
                f"{_LOOKS}::test_an_explanation_fits_into_a_narrow_window",
            ),
        ),
        Tested(
            text=_(
                "The start page, the catalogue, checking a credential and signing in are complete without JavaScript."
            ),
            by=(f"{_PAGES}::test_page_is_complete_without_javascript",),
        ),
        Tested(
            text=_(
                "Ten main pages are looked at again with text at double size, at 400 % zoom, with the spacing of text "
                "that readers may set, with the system's contrast colours and with reduced motion. Buttons and links "
                "outside of sentences are at least 24 pixels high and wide."
            ),
            by=(
                f"{_LOOKS}::test_text_at_double_size_loses_nothing",
                f"{_LOOKS}::test_zoom_of_400_percent_needs_no_scrolling_to_the_side",
                f"{_LOOKS}::test_wider_spacing_of_text_cuts_nothing_off",
                f"{_LOOKS}::test_forced_colours_keep_everything_visible",
                f"{_LOOKS}::test_reduced_motion_stops_all_motion",
                f"{_LOOKS}::test_targets_are_large_enough",
                f"{_LOOKS}::test_the_reading_order_begins_and_ends_as_it_should",
            ),
        ),
    ),
    looked_at=(
        _("The order in which a screen reader reads the ten main pages, from the accessibility tree of the browser."),
        _("Both colour schemes, and the contrast colours of the system, by eye."),
    ),
    barriers=(
        Barrier(
            text=_(
                "Descriptions of micro-credentials and legal texts are written by the institutions and the operator. "
                "They may be hard to understand, and may lack your language; then they stand in another one, and say "
                "which."
            ),
            instead=_("Ask the institution for an explanation or a translation."),
        ),
        Barrier(
            text=_(
                "In the choices of a field and in the title of the window, a name in another language is not marked as "
                "such, so a screen reader reads it by the rules of the page's language."
            ),
            instead=_(
                "The list of which the choices are, and the main heading of the page, say the same with the mark."
            ),
            criterion="3.1.2",
        ),
        Barrier(
            text=_(
                "Wide tables, such as that of issued credentials, scroll to the side within themselves in a narrow "
                "window."
            ),
            instead=_(
                "The page behind a row shows the same without a table. Search the table first, so that it is short."
            ),
        ),
        Barrier(
            text=_(
                "While credentials are being issued, the page renews itself every two seconds when JavaScript is on."
            ),
            instead=_("Switch JavaScript off and load the page when you like, or leave it: issuing goes on."),
            criterion="2.2.2",
        ),
        Barrier(
            text=_("Signing in with a passkey needs JavaScript and a device that supports it."),
            instead=_("Sign in with a password, with a one-time code as second factor if you like."),
        ),
    ),
    outside=(
        _(
            "Signed credentials are files for programs. The page of a credential and the report of its check show the "
            "same to people."
        ),
        _("Evidence, images and pages of institutions that are linked from here are not under the operator's control."),
    ),
)
