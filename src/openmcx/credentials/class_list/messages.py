"""Every sentence a class list can be answered with: what is wrong and how to mend it."""

from openmcx.credentials.wording import Words
from openmcx.credentials.wording import gettext_noop as _

MESSAGES: dict[str, str] = {
    # --- the file -------------------------------------------------------------------------------------------------
    "file-empty": _("The file is empty. Choose a file that holds the list."),
    "file-too-large": _("The file has {size} bytes; at most {limit} are read. Leave out pictures or split the list."),
    "file-old-excel": _(
        "This is an old Excel file (.xls) or a file with a password. Open it, remove the password and save it as .xlsx."
    ),
    "file-excel-binary": _("This is a binary Excel file (.xlsb). Save it as .xlsx, .ods or .csv."),
    "file-not-a-table": _("This is {kind}, not a table. Save the list as .xlsx, .ods or .csv."),
    "file-damaged": _("The file is damaged or was not uploaded completely. Open it, save it again and upload it anew."),
    "file-inflates": _(
        "The file grows to more than {limit} bytes when it is unpacked. Save only the list itself in a new file."
    ),
    "file-encoding": _("The text cannot be read as {encoding}. Save the list as “CSV UTF-8”."),
    "file-malformed": _(
        "The quotation marks do not match near line {line}. Put each text that holds quotation marks between quotation "
        "marks and double those inside, or save the list as .xlsx."
    ),
    "no-rows": _(
        "The file holds no learners. There must be a row with headings and below it one row for each learner."
    ),
    "too-many-rows": _("The list has more than {limit} rows. Split it into several lists."),
    "too-many-columns": _("The list reaches beyond column {limit}. Delete the columns that are not needed."),
    "too-much-text": _("The list holds more than {limit} characters. Delete the columns that are not needed."),
    "too-many-faults": _(
        "Further faults that are not listed: {count}. Mend those above first, then upload the list again."
    ),
    # --- columns --------------------------------------------------------------------------------------------------
    "column-missing": _("No column holds the {field}. Add it, or say which column it is."),
    "column-twice": _("Columns {columns} are both read as {field}. Keep one of them."),
    "mapping-unknown-column": _("The list has no column “{column}”. Choose one of its columns."),
    "mapping-unknown-field": _("“{field}” is nothing that a class list can hold. Use one of: {fields}."),
    # --- cells ----------------------------------------------------------------------------------------------------
    "value-missing": _("The {field} is missing. Fill in the cell."),
    "formula-without-value": _(
        "The cell holds a formula without a result. Open the file in a spreadsheet program, save it and upload it "
        "again, or write the value itself."
    ),
    "formula": _("The text begins with “{sign}” like a formula. Write the value itself."),
    "spreadsheet-error": _("The cell shows the error {error}. Mend the formula or write the value itself."),
    "merged-cell": _("The cell is merged with another one. Separate the cells and write the value into each row."),
    "control-character": _("The text holds an invisible character ({character}). Delete it and type the text again."),
    "unreadable-character": _(
        "The text holds a character that could not be read. Save the list as “CSV UTF-8” or .xlsx."
    ),
    "garbled-text": _("The text is garbled; it probably means “{meant}”. Write it that way."),
    "too-long": _("The text has {length} characters; at most {limit} are allowed. Shorten it."),
    "name-without-letters": _("A name must hold at least one letter. Check whether the columns are mixed up."),
    "name-looks-like-email": _("This is an e-mail address, not a name. Check whether the columns are mixed up."),
    "email-invalid": _("This is not a complete e-mail address. Write it like name@example.org."),
    "email-several": _("There is more than one e-mail address. Keep one."),
    "date-unreadable": _("This is not a date. Write it as year-month-day, such as 2001-03-25."),
    "date-impossible": _("This day does not exist. Write it as year-month-day, such as 2001-03-25."),
    "date-two-digit-year": _("The year has two digits only. Write it with four, such as 2001-03-25."),
    "date-ambiguous": _("This can be {first} or {second}. Write it as year-month-day, such as 2001-03-25."),
    "birth-date-future": _("The date of birth lies in the future. Check the year."),
    "birth-date-implausible": _("The age of the learner would be {age}. Check the year of birth."),
    "award-date-future": _("The date of the award lies in the future. Issue the credential on that day or later."),
    "award-date-implausible": _("The date of the award lies before {earliest}. Check the year."),
    "award-before-birth": _("The date of the award lies before the date of birth. Check both."),
    "percent-invalid": _("This is not a number from 0 to 100. Write it like 85 or 85.5."),
    "percent-fraction": _("This is a fraction of 1, not a percentage. Write {percent} instead of {value}."),
    "ects-grade-invalid": _("This is no ECTS grade. Write A, B, C, D or E."),
    "ects-grade-failed": _(
        "This grade means that the learner did not pass. Only learners who passed belong on the list."
    ),
    "language-invalid": _("This is not a language. Write its code, such as en, de, es or fi."),
    "url-invalid": _("This is not a web address. Write it in full, beginning with https://."),
    # --- rows -----------------------------------------------------------------------------------------------------
    "duplicate-email": _("The same e-mail address stands in row {first}. Delete one of the rows."),
    "duplicate-person": _("The same name and date of birth stand in row {first}. Delete one of the rows."),
    "duplicate-number": _("The same learner number stands in row {first}. Delete one of the rows."),
    "duplicate-row": _(
        "Row {first} says the same. Delete one of the rows, or add what tells two people apart, such as the date of "
        "birth."
    ),
    # --- notes, which stop nothing ----------------------------------------------------------------------------------
    "note-sheet": _("The sheet “{sheet}” was read. These were not: {others}."),
    "note-hidden-sheets": _("Hidden sheets were not read: {others}."),
    "note-encoding": _("The text was read as {encoding}. Check that names with accents look right."),
    "note-title-rows": _("The headings were found in row {row}; what stands above was not read."),
    "note-empty-rows": _("Empty rows that were skipped: {count}."),
    "note-columns-unused": _("These columns are not used: {columns}."),
    "note-day-first": _("Dates such as {example} were read as day/month/year, because other rows show it."),
    "note-month-first": _("Dates such as {example} were read as month/day/year, because other rows show it."),
}

FIELD_NAMES: dict[str, str] = {
    "given_name": _("given name"),
    "family_name": _("family name"),
    "email": _("e-mail address"),
    "date_of_birth": _("date of birth"),
    "grade": _("grade"),
    "percent": _("grade in per cent"),
    "ects_grade": _("ECTS grade"),
    "awarded_on": _("date of the award"),
    "learner_number": _("learner number"),
    "language": _("language"),
    "evidence_url": _("web address of the evidence"),
}

FILE_KINDS: dict[str, str] = {
    "pdf": _("a PDF document"),
    "image": _("a picture"),
    "html": _("a web page"),
    "word": _("a text document"),
    "archive": _("an archive"),
    "json": _("a JSON document"),
    "binary": _("a program's own file"),
}

# The parameters of a sentence that hold codes, with the words for them.
WORDS: Words = {"field": FIELD_NAMES, "kind": FILE_KINDS}
