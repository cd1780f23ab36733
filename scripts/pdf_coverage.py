"""Which characters can the fonts that Typst brings show? Writes the table that the PDF writer looks into.

    .venv/bin/python scripts/pdf_coverage.py

To be run again when Typst is updated. Takes about two minutes: Typst tells only by refusing to make a PDF/A.
"""

import unicodedata
from pathlib import Path

import typst

from openmcx.credentials.formats.pdf.writing import FONTS

TABLE = Path(__file__).resolve().parents[1] / "src/openmcx/credentials/formats/pdf/coverage.txt"
TEMPLATE = b"""
#set document(title: "x")
#set page(width: 200pt, height: 2000pt)
#set text(font: json(bytes(sys.inputs.fonts)), size: 6pt)
#for one in sys.inputs.text.clusters() [#one \\ ]
"""
# Of Chinese characters, Hangul and everything beyond the second plane the fonts have nothing.
LAST = 0x20000
SKIPPED = (range(0x3200, 0xA4D0), range(0xAC00, 0xF900))
BLOCK = 16

_compiler = typst.Compiler(ignore_system_fonts=True)
_fonts = '["' + '", "'.join(FONTS) + '"]'


def shows(text: str) -> bool:
    """This will tell whether a text can be shown."""
    try:
        _compiler.compile(
            input=TEMPLATE, format="pdf", sys_inputs={"text": text, "fonts": _fonts}, pdf_standards="a-3b", timestamp=0
        )
    except typst.TypstError:
        return False
    return True


def shown(characters: list[str]) -> list[str]:
    """This will give those of the characters that can be shown."""
    if not characters or shows("".join(characters)):
        return characters
    if len(characters) == 1:
        return []
    half = len(characters) // 2
    return shown(characters[:half]) + shown(characters[half:])


def covered() -> list[int]:
    """This will go through all characters, marks on a letter."""
    found: list[int] = []
    for start in range(0, LAST, BLOCK):
        if any(start in skipped for skipped in SKIPPED):
            continue
        block = [chr(code) for code in range(start, start + BLOCK)]
        kinds = {char: unicodedata.category(char) for char in block}
        letters = [char for char in block if kinds[char][0] in "LNPS" or kinds[char] == "Zs"]
        marks = [char for char in block if kinds[char][0] == "M" and (shows(f"e{char}") or shows(char))]
        found += [ord(char) for char in (*shown(letters), *marks)]
    return sorted(found)


def main() -> None:
    """This will write the table, a line for each range."""
    ranges: list[list[int]] = []
    for code in covered():
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    TABLE.write_text("".join(f"{first:04X}-{last:04X}\n" for first, last in ranges), "ascii")
    print(f"{TABLE}: {sum(last - first + 1 for first, last in ranges)} characters in {len(ranges)} ranges")


if __name__ == "__main__":
    main()
