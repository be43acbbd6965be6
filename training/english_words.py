"""The English words by which seer tells English queries from others: `python english_words.py SENTENCES.tsv`.

Names of things that can be seen (src/checkpoint/src/config/synsets.tsv), words of English captions and common words, the latter two
without those that are far commoner in another language. Words that another language has as well are marked: they tell nothing beside others.
SENTENCES.tsv has a header and the columns group, lang, kind, caption. Writes src/language/src/english.txt: one word a line in order,
with a `~` behind marked ones.
"""

import csv
import re
import sys
from collections import Counter

import wordfreq

from builtin.settings import REPOSITORY, data_folder

WORD = re.compile(r"[^\W\d_]+")
OUT = REPOSITORY / "src" / "language" / "src" / "english.txt"
THINGS = REPOSITORY / "src" / "checkpoint" / "src" / "config" / "synsets.tsv"
LEAST = 2  # captions that have a word
OFTEN = 30  # captions from which on a word is English whatever other languages mean by it
COMMON = 20_000  # words that are taken by their frequency
OTHERS = ["de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sv", "da", "nb", "fi", "tr", "ro", "hu", "ca"]
# Differences and frequencies are in Zipf's scale: 3 is once in a million words, each unit ten times as often.
FOREIGN = 1.5  # so much commoner in another language: not English
SHARED = -1.0  # so common in another language, compared with English: marked
KNOWN = 3.5  # rarer words of other languages do not count


def rows(path, columns):
    with open(path, newline="", encoding="utf8") as file:
        reader = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(reader)
        for row in reader:
            yield [row[column] for column in columns]


def captions(sentences: str) -> Counter:
    counts: Counter = Counter()
    for language, text in rows(sentences, (1, 3)):
        if language == "en":
            counts.update(set(WORD.findall(text.lower())))
    for (text,) in rows(data_folder() / "captions.tsv", (2,)):
        counts.update(set(WORD.findall(text.lower())))
    return counts


def elsewhere(word: str) -> float:
    """How much commoner a word is in the language that has it most, than in English."""
    most = max(wordfreq.zipf_frequency(word, language) for language in OTHERS)
    return most - wordfreq.zipf_frequency(word, "en") if most >= KNOWN else -9.0


def main() -> None:
    counts = captions(sys.argv[1])
    english = {word for word, count in counts.items() if count >= LEAST}
    english.update(wordfreq.top_n_list("en", COMMON))
    things = {word for word in WORD.findall(THINGS.read_text(encoding="utf8").lower()) if len(word) > 2}
    lines = []
    for word in sorted(english | things):
        if not (word.isascii() and word.isalpha()):
            continue
        difference = elsewhere(word)
        if difference < FOREIGN or counts[word] >= OFTEN or word in things:
            lines.append(word + "~" if difference > SHARED else word)
    OUT.write_text("\n".join(lines) + "\n", encoding="utf8")
    print(f"{len(lines)} words, {sum(line.endswith('~') for line in lines)} of them shared, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
