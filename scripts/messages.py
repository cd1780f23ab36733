"""Collect the texts to translate into locale/ and compile them: `make messages`.

With --compile only the .mo files are made anew, which needs no gettext.
"""

import os
import shutil
import sys
from pathlib import Path

import django
import polib
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import makemessages

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
# English is what the code says; its file holds the plurals.
LANGUAGES = tuple(sorted(path.parent.name for path in LOCALE.glob("*/LC_MESSAGES")))


class Collect(makemessages.Command):
    """Django's own command, without guesses at translations: a wrong guess is worse than a missing text."""

    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]


def collect() -> None:
    """This will write locale/<language>/LC_MESSAGES/django.po from the sources under src/openmcx."""
    if not shutil.which("xgettext"):
        sys.exit("xgettext is missing: install gettext (on Debian and Ubuntu: apt-get install gettext).")
    settings.configure(LOCALE_PATHS=[str(LOCALE)], USE_I18N=True)
    django.setup()
    os.chdir(ROOT / "src" / "openmcx")
    for language in LANGUAGES:
        (LOCALE / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    call_command(Collect(), locale=list(LANGUAGES), no_location=True, no_obsolete=True, no_wrap=True, verbosity=0)
    for language in LANGUAGES:
        tidy(LOCALE / language / "LC_MESSAGES" / "django.po")


def tidy(path: Path) -> None:
    """This will sort a catalogue and drop what changes without need, so that a difference shows texts only."""
    catalogue = polib.pofile(str(path), wrapwidth=0)
    catalogue.header = "Texts of OpenMCX. Licensed under the EUPL-1.2."
    plural = catalogue.metadata.get("Plural-Forms", "nplurals=2; plural=(n != 1);")
    catalogue.metadata = {
        "Project-Id-Version": "OpenMCX",
        "Language": path.parts[-3],
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": plural,
    }
    catalogue.metadata_is_fuzzy = 0
    for entry in catalogue:
        entry.occurrences = []
    catalogue.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    catalogue.save(str(path))


def compile_all() -> None:
    """This will write the .mo file beside each .po file and say what is still to be translated."""
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        catalogue = polib.pofile(str(path))
        catalogue.save_as_mofile(str(path.with_suffix(".mo")))
        missing = 0 if path.parts[-3] == "en" else len(catalogue.untranslated_entries())
        print(f"{path.relative_to(ROOT)}: {len(catalogue)} texts, {missing} to translate")


if __name__ == "__main__":
    if "--compile" not in sys.argv[1:]:
        collect()
    compile_all()
