"""Which names of places are ordinary words, so that a text with them mostly means no place."""
import json
import re
from pathlib import Path

from folding import key

HERE = Path(__file__).parent
EUROPEAN = {"de", "fr", "es", "it", "pt", "nl"}


def vocabulary(english_words):
    """Words that games of words allow (no names) and that are known to the crate of languages, with
    the names of everyday things in six languages."""
    language = HERE / "../../language/src"
    known = {line.strip("~") for line in (language / "english.txt").read_text().splitlines()}
    words = known & set(json.loads(Path(english_words, "index.json").read_text()))
    for line in (language / "translations.tsv").read_text().splitlines():
        name, tongue, _ = line.split("\t")
        if tongue in EUROPEAN:
            words.add(key(name))
    for line in (HERE / "ordinary.txt").read_text().splitlines():
        if not line.startswith("#"):
            words |= set(line.split())
    return words


def places_all_the_same():
    """Key -> its mark ("!", "?" or "") of names that are words, too, but mostly mean the place."""
    words = [word for line in (HERE / "places_all_the_same.txt").read_text().splitlines()
             if not line.startswith("#") for word in line.split()]
    return {word.lstrip("!?").replace("_", " "): word[0] if word[0] in "!?" else "" for word in words}


class Ordinary:
    """`in` says whether a name is an ordinary word, or made of such."""

    def __init__(self, english_words):
        self.words, self.places = vocabulary(english_words), places_all_the_same()

    def __contains__(self, name):
        return key(name) not in self.places and self.is_word(key(name))

    def is_doubtful(self, name):
        """Whether a name needs something around it to be sure that it means a place."""
        mark = self.places.get(key(name))
        return mark == "?" or (mark == "" and self.is_word(key(name)))

    def is_word(self, name):
        return bool(name) and (name in self.words or all(word in self.words for word in name.split()))
