"""Which names of places are ordinary words, so that a text with them mostly means no place."""
import json
import re
from pathlib import Path

from folding import fold

HERE = Path(__file__).parent
EUROPEAN = {"de", "fr", "es", "it", "pt", "nl"}


def key(name):
    """A name as it is looked up: src/fold.rs."""
    folded = re.sub("['`]", "", fold(name))
    return " ".join(re.findall(r"[\w&]+", folded))


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
    """Keys of names that are words, too, but mostly mean the place. Names of up to four words are
    told from neighbours by trying all."""
    words = (HERE / "places_all_the_same.txt").read_text().split()
    return {" ".join(words[at:at + length]) for at in range(len(words)) for length in (1, 2, 3, 4)}


class Ordinary:
    def __init__(self, english_words):
        self.words, self.places = vocabulary(english_words), places_all_the_same()
        self.by_hand = set()
        for line in (HERE / "ordinary.txt").read_text().splitlines():
            if not line.startswith("#"):
                self.by_hand |= set(line.split())

    def __contains__(self, name):
        name = key(name)
        if name in self.places and name not in self.by_hand:
            return False
        return bool(name) and (name in self.words or all(word in self.words for word in name.split()))
