"""Names that the text tower has read: in how many training captions each stands."""

import re
from collections import Counter

from .captions import read_split
from .settings import REPOSITORY

LONGEST = 3  # words
FEWEST = 5  # captions: fewer say little


def names_of_things() -> set[str]:
    """All names in seer's table of synsets."""
    table = REPOSITORY / "src/checkpoint/src/config/synsets.tsv"
    lines = table.read_text(encoding="utf-8").splitlines()
    return {name for line in lines for name in line.split("\t")[3].split(", ") if name}


def runs(caption: str) -> set[str]:
    """All runs of up to LONGEST words."""
    words = re.findall(r"[a-z]+", caption.lower())
    return {" ".join(words[i : i + n]) for n in range(1, LONGEST + 1) for i in range(len(words) - n + 1)}


def familiar_names() -> dict[str, int]:
    """Of each name in FEWEST captions or more, also in the plural, their number."""
    captions, _ = read_split("train").flat()
    seen = Counter(run for caption in captions for run in runs(caption))
    counts = {name: seen[name] + seen[name + "s"] + seen[name + "es"] for name in names_of_things()}
    return {name: count for name, count in sorted(counts.items()) if count >= FEWEST}
