"""What the tower for more languages learns from: captions of our photos in five languages, and sentences about other photos.

The files are described in $SEER_CAPTION_LANGUAGES: `captions-languages.tsv` (image, split, lang, kind, caption) and `sentences.tsv`
(group, lang, kind, caption; a group is one photo that is not at hand).
"""

import csv
import os
import random
from dataclasses import dataclass
from pathlib import Path

from builtin.captions import read_split
from builtin.settings import data_folder

OF_A_GROUP = {"en": 1, "de": 2, "fr": 1, "cs": 1}  # sentences of a group that are used


@dataclass(frozen=True)
class Sentence:
    text: str
    lang: str
    split: str
    about: str  # what it describes: a photo's name, or a group's number
    has_photo: bool


def folder() -> Path:
    """$SEER_CAPTION_LANGUAGES, else `more` beside the folder of captioned photos."""
    found = Path(os.environ.get("SEER_CAPTION_LANGUAGES", data_folder().parent / "more"))
    if not (found / "sentences.tsv").is_file():
        raise SystemExit(f"no sentences.tsv in {found}: set SEER_CAPTION_LANGUAGES to the folder that has it")
    return found


def rows(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def read() -> list[Sentence]:
    """Those of photos first, the dev split before all others."""
    found = []
    for split in ("dev", "train"):
        photos = read_split(split)
        for name, captions in zip(photos.names, photos.captions):
            found += [Sentence(caption, "en", split, name, True) for caption in captions]
    for row in rows(folder() / "captions-languages.tsv"):
        found.append(Sentence(row["caption"], row["lang"], row["split"], row["image"], True))
    groups: dict[tuple[str, str], list[str]] = {}
    for row in rows(folder() / "sentences.tsv"):
        groups.setdefault((row["group"], row["lang"]), []).append(row["caption"])
    rng = random.Random(0)
    for (group, lang), texts in sorted(groups.items()):
        chosen = rng.sample(texts, min(OF_A_GROUP[lang], len(texts)))
        found += [Sentence(text, lang, "train", group, False) for text in chosen]
    return sorted(found, key=lambda one: (one.split != "dev", not one.has_photo))
