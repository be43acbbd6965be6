"""The captioned photos: names, splits and captions in file order."""

import csv
from dataclasses import dataclass, field

from .settings import data_folder


@dataclass
class Split:
    """Photos of one split; `captions[i]` are the captions of `names[i]`."""

    names: list[str] = field(default_factory=list)
    captions: list[list[str]] = field(default_factory=list)

    def flat(self) -> tuple[list[str], list[int]]:
        """All captions in order, and for each the index of its photo."""
        texts = [text for group in self.captions for text in group]
        owner = [i for i, group in enumerate(self.captions) for _ in group]
        return texts, owner


def tidy(caption: str) -> str:
    """A caption as a person would type it: the tokenised spaces before punctuation go."""
    text = " ".join(caption.split())
    for mark in (".", ",", "!", "?", "'s", ";", ":"):
        text = text.replace(" " + mark, mark)
    return text


def read_split(wanted: str) -> Split:
    """The split named `wanted` ("train" or "dev") of captions.tsv."""
    split, position = Split(), {}
    with open(data_folder() / "captions.tsv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["split"] != wanted:
                continue
            if row["image"] not in position:
                position[row["image"]] = len(split.names)
                split.names.append(row["image"])
                split.captions.append([])
            split.captions[position[row["image"]]].append(tidy(row["caption"]))
    return split
