"""Writes ../../config/synsets.tsv: what the classes of ImageNet-1k and ImageNet-12k are called, and what is a kind of what.

Needs timm 1.0.31, open_clip_torch 3.3 and the files of WordNet 3.0 (Debian's package wordnet-base has them); opens no
network connection.
  python make_classes.py /usr/share/wordnet

timm's classifiers number their classes in the order of WordNet's synset ids and do not name them in their files. A
line is five fields with tabs between them:
  synset id
  how many classes the sets have that it is a class of: 1000, 11821, both, or nothing
  of a class up to three of WordNet's words; scientific names ("Tinca tinca") are left out where there is another word
  the names that mean it, in lower case
  the synsets that it is a kind of (hypernyms), by id

There is a line for each synset of ImageNet-21k and for all that these are kinds of and can be seen. A word is a name of
a synset where that is what it mostly says: its first meaning, one of its first two among things that can be seen, or
where the synset has a longer word that ends with it ("musical instrument": "instrument"). A class has its first word
for a name in any case, and that of open_clip's zero-shot list (MIT licence).
"""
import os
import re
import sys

import timm.data
from open_clip import IMAGENET_CLASSNAMES
from timm.data import ImageNetInfo

HERE = os.path.dirname(os.path.abspath(__file__))
WORDS = 3
VISIBLE = "n00001930"  # physical entity


def read_synsets(folder):
    """Of each noun synset its words and hypernyms."""
    words, parents = {}, {}
    for line in open(os.path.join(folder, "data.noun"), encoding="latin-1"):
        if line.startswith("  "):
            continue
        fields = line.split(" | ")[0].split()
        ident, count = "n" + fields[0], int(fields[3], 16)
        words[ident] = [fields[4 + 2 * i].replace("_", " ") for i in range(count)]
        first = 4 + 2 * count
        pointers = [fields[first + 1 + 4 * i : first + 5 + 4 * i] for i in range(int(fields[first]))]
        parents[ident] = ["n" + target for kind, target, *_ in pointers if kind in ("@", "@i")]
    return words, parents


def read_senses(folder):
    """Of each noun its synsets, the most frequent meaning first."""
    senses = {}
    for line in open(os.path.join(folder, "index.noun"), encoding="latin-1"):
        if not line.startswith("  "):
            fields = line.split()
            senses[fields[0].replace("_", " ")] = ["n" + offset for offset in fields[-int(fields[2]) :]]
    return senses


def large_set():
    """The synsets of ImageNet-21k."""
    folder = os.path.dirname(timm.data.__file__)
    return open(os.path.join(folder, "_info", "imagenet21k_goog_synsets.txt"), encoding="utf-8").read().split()


def usual_words(description):
    """The usual words of a class."""
    every = [word.strip() for word in description.split(",")]
    usual = [word for word in every if not re.fullmatch(r"[A-Z][a-z]+ [a-z]+", word)]
    return (usual or every)[:WORDS]


def main():
    words, parents = read_synsets(sys.argv[1])
    senses = read_senses(sys.argv[1])

    def above(ident):
        found, left = set(), [ident]
        while left:
            for parent in parents[left.pop()]:
                if parent not in found:
                    found.add(parent)
                    left.append(parent)
        return found

    ancestors = {ident: above(ident) for ident in words}

    def is_meant(word, ident):
        meanings = senses[word.lower()]
        visible = [meaning for meaning in meanings if VISIBLE in ancestors[meaning]]
        longer = any(other.lower().endswith(" " + word.lower()) for other in words[ident])
        return ident == meanings[0] or ident in visible[:2] or longer

    sets = [ImageNetInfo("imagenet-1k"), ImageNetInfo("imagenet-12k")]
    ids = [info.label_names() for info in sets]
    assert all(list(names) == sorted(names) for names in ids), "the order of ids is the order of classes"
    described, further = {}, {}
    for info, names in zip(sets, ids):
        for number, ident in enumerate(names):
            described.setdefault(ident, usual_words(info.index_to_description(number)))
    for ident, name in zip(ids[0], IMAGENET_CLASSNAMES):
        further[ident] = [re.sub(r"\s*\(.*?\)", "", name)]

    known = {ident for ident in large_set() if VISIBLE in ancestors.get(ident, ())} | set(described)
    known |= {ident for one in known for ident in ancestors[one] if VISIBLE in ancestors[ident]}
    members = [set(names) for names in ids]
    with open(os.path.join(HERE, "../../config/synsets.tsv"), "w", encoding="utf-8", newline="\n") as out:
        for ident in sorted(known):
            member = ",".join(str(len(names)) for names in members if ident in names)
            usual = described.get(ident, [])
            meant = [word for word in words[ident] if is_meant(word, ident)]
            names = dict.fromkeys(name.lower().replace("-", " ") for name in usual[:1] + further.get(ident, []) + meant)
            kinds = sorted(parent for parent in parents[ident] if parent in known)
            out.write("\t".join([ident, member, ", ".join(usual), ", ".join(names), ",".join(kinds)]) + "\n")


main()
