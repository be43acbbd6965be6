"""English words for the names of everyday things in other languages: `python translations.py [FOLDER]`.

FOLDER holds the annotations of Unicode's CLDR (Debian: unicode-cldr-core puts them into /usr/share/unicode/cldr/common/annotations):
names and keywords of emoji in many languages. A word means the English word that stands with the same emoji, if that is a
thing that can be seen (src/checkpoint/src/config/synsets.tsv). Writes src/language/src/translations.tsv: a word, the code
of its language, the English word; in order.
"""

import re
import sys
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from pathlib import Path

from builtin.settings import REPOSITORY

LANGUAGES = ["de", "fr", "es", "it", "pt", "nl", "zh", "ja", "ko", "ru", "pl", "cs", "sv", "da", "uk", "tr"]
FOLDER = Path("/usr/share/unicode/cldr/common/annotations")
OUT = REPOSITORY / "src" / "language" / "src" / "translations.tsv"
THINGS = REPOSITORY / "src" / "checkpoint" / "src" / "config" / "synsets.tsv"
ALIKE = 0.5  # share of the emoji that two words have in common, of those that either has
MOST = 12  # emoji of a word; more are too general a word
LONGEST = 3  # words of a phrase
SPACELESS = {"zh", "ja"}
WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


def normal(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.lower().split()))


def annotations(path: Path) -> tuple[dict[str, set[str]], dict[str, str]]:
    """Emoji of each word and phrase, and the name of each emoji. A word that only one emoji has, and not in its name, says little."""
    emoji: dict[str, set[str]] = defaultdict(set)
    names: dict[str, str] = {}
    named: set[str] = set()
    for entry in ElementTree.parse(path).iter("annotation"):
        sign, text = entry.get("cp"), entry.text or ""
        if not any(unicodedata.category(letter) == "So" for letter in sign):
            continue
        if entry.get("type") == "tts":
            names[sign] = normal(text)
            named.update([names[sign], *WORD.findall(names[sign])])
        for phrase in map(normal, text.split("|")):
            emoji[phrase].add(sign)
            if path.stem not in SPACELESS:
                for word in WORD.findall(phrase):
                    emoji[word].add(sign)
    kept = {
        text: signs
        for text, signs in emoji.items()
        if (text in named or len(signs) > 1) and len(signs) <= MOST and len(text.split()) <= LONGEST and not set("/()") & set(text)
    }
    return kept, {sign: name for sign, name in names.items() if name in kept}


def things() -> set[str]:
    lines = THINGS.read_text(encoding="utf8").splitlines()
    return {normal(name) for line in lines for column in line.split("\t") for name in column.split(",")}


def likeness(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)


def pairs(english, english_names, other, other_names) -> dict[str, str]:
    """For each word of the other language the English one."""
    of_sign: dict[str, set[str]] = defaultdict(set)
    for text, signs in english.items():
        for sign in signs:
            of_sign[sign].add(text)
    names = {other_names[sign]: english_names[sign] for sign in other_names if sign in english_names}
    in_names = {word for name in english_names.values() for word in [name, *WORD.findall(name)]}
    found = {}
    for text, signs in other.items():
        if names.get(text) in english:
            found[text] = names[text]
            continue
        candidates = {word for sign in signs for word in of_sign[sign] if word in in_names}
        named = {english_names.get(sign) for sign in signs}
        best = max(candidates, key=lambda word: (likeness(english[word], signs), word in named, -len(word), word), default=None)
        if best and likeness(english[best], signs) >= ALIKE and is_mutual(best, text, english, other):
            found[text] = best
    return found


def is_mutual(word: str, text: str, english, other) -> bool:
    mine = likeness(english[word], other[text])
    return all(likeness(english[word], signs) <= mine for signs in other.values())


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    seen = things()
    english, english_names = annotations(folder / "en.xml")
    lines = set()
    for language in LANGUAGES:
        other, other_names = annotations(folder / f"{language}.xml")
        for text, word in pairs(english, english_names, other, other_names).items():
            if text != word and (word in seen or word.removesuffix("s") in seen):
                lines.add(f"{text}\t{language}\t{word}")
    # In the order of their bytes, which is that of UTF-8's characters.
    OUT.write_text("\n".join(sorted(lines)) + "\n", encoding="utf8")
    print(f"{len(lines)} words, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
