"""Writes ../../config/imagenet_classes.tsv: what the classes of ImageNet-1k and ImageNet-12k are called.

Needs timm 1.0.31, nothing else; opens no network connection.
  python make_classes.py

timm's classifiers number their classes in the order of WordNet's synset ids and do not name them in their files. A
line is: synset id, tab, how many classes the sets have that it is in (1000, 11821 or both), tab, up to three of
WordNet 3.0's words for it. Scientific names ("Tinca tinca") are left out where there is another word.
"""
import os
import re

from timm.data import ImageNetInfo

HERE = os.path.dirname(os.path.abspath(__file__))
WORDS = 3


def words(description):
    """The usual words of a synset."""
    every = [word.strip() for word in description.split(",")]
    usual = [word for word in every if not re.fullmatch(r"[A-Z][a-z]+ [a-z]+", word)]
    return (usual or every)[:WORDS]


def main():
    sets = [ImageNetInfo("imagenet-1k"), ImageNetInfo("imagenet-12k")]
    names = [info.label_names() for info in sets]
    assert all(list(ids) == sorted(ids) for ids in names), "the order of ids is the order of classes"
    described = {}
    for info, ids in zip(sets, names):
        for number, ident in enumerate(ids):
            described.setdefault(ident, words(info.index_to_description(number)))
    members = [set(ids) for ids in names]
    with open(os.path.join(HERE, "../../config/imagenet_classes.tsv"), "w", encoding="utf-8", newline="\n") as out:
        for ident in sorted(described):
            member = ",".join(str(len(ids)) for ids in members if ident in ids)
            out.write(f"{ident}\t{member}\t{', '.join(described[ident])}\n")


main()
