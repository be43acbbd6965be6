"""Cached features of every text that training and the proxies use, made by the untouched text tower."""

import json
import random
from dataclasses import dataclass

import numpy as np
import torch

from . import concepts
from .captions import read_split
from .features import sentence_features
from .model import TEXT_CONFIG, Tokens, build, fill_from_packages
from .settings import work_folder

TEMPLATES_PER_NAME = 6


@dataclass
class Bank:
    """`features[rows]` are [rows, 384] mean-pooled sentence features; each list says which rows belong to what."""

    features: dict[str, torch.Tensor]
    texts: dict[str, list[str]]
    owners: dict[str, list[int]]

    def of(self, kind: str) -> tuple[torch.Tensor, torch.Tensor]:
        """Features of a kind and the photo, class, or group each row belongs to."""
        return self.features[kind], torch.tensor(self.owners[kind])


def phrases_of(names: list[list[str]], count: int, rng: random.Random) -> tuple[list[str], list[int]]:
    """The bare names and `count` phrases of each; the owner is the index in `names`."""
    texts, owners = [], []
    for index, own in enumerate(names):
        for name in dict.fromkeys(own):
            usual = own.count(name) > 1
            repeats = [name, *(concepts.phrase(name, rng) for _ in range(count * (1 + usual)))]
            texts += repeats
            owners += [index] * len(repeats)
    return texts, owners


def texts_by_kind() -> tuple[dict[str, list[str]], dict[str, list[int]]]:
    rng = random.Random(5)
    texts, owners = {}, {}
    texts["train"], owners["train"] = read_split("train").flat()
    texts["dev"], owners["dev"] = read_split("dev").flat()
    split = concepts.known_and_held_out()
    texts["class"], owners["class"] = phrases_of(split.known_names, TEMPLATES_PER_NAME, rng)
    texts["group"], owners["group"] = phrases_of([g.names[:3] for g in concepts.groups()], 3, rng)
    sentences = concepts.class_sentences()
    texts["sentence"] = [s for own in sentences for s in own]
    owners["sentence"] = [i for i, own in enumerate(sentences) for _ in own]
    texts["usual"], owners["usual"] = [n[0] for n in concepts.class_names()], list(range(1000))
    texts["synonym"] = [name for name, _ in split.held_synonyms]
    owners["synonym"] = [index for _, index in split.held_synonyms]
    texts["vocabulary"] = concepts.vocabulary()
    owners["vocabulary"] = list(range(len(texts["vocabulary"])))
    return texts, owners


def text_folder():
    """A folder with the BERT config.json, as open_clip wants one."""
    folder = work_folder() / "hf_text"
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(TEXT_CONFIG, indent=1) + "\n")
    return folder


def load_bank() -> Bank:
    texts, owners = texts_by_kind()
    features, tower = {}, None
    for kind, own in texts.items():
        file = work_folder() / f"texts-{kind}.npy"
        if not file.is_file():
            if tower is None:
                model = build(text_folder())
                fill_from_packages(model)
                tower = model.text
            np.save(file, sentence_features(tower, Tokens(), own).numpy())
            print(f"cached {file.name}: {len(own)} texts", flush=True)
        features[kind] = torch.from_numpy(np.load(file))
        assert len(features[kind]) == len(own), f"{file} is stale: delete it"
    return Bank(features, texts, owners)


if __name__ == "__main__":
    load_bank()
