"""Where things are and the few numbers that every stage shares."""

import os
import random
from pathlib import Path

import numpy as np
import torch

TRAINING = Path(__file__).resolve().parent.parent
REPOSITORY = TRAINING.parent
MODEL_FOLDER = REPOSITORY / "src" / "encoders" / "builtin"
FIXTURES = REPOSITORY / "tests" / "fixtures" / "builtin"

IMAGE_SIZE = 224
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
EMBED_DIM = 512
HIDDEN = 2048  # of the image head; open_clip would take twice the embedding
VIEWS = 11  # random views of every training photo, beside the plain one
HEAD_VIEWS = 6  # of those, how many the heads learn from
HUBNESS_STRENGTH = 0.2  # hubness.py
CONTEXT = 77
CLASSES = 1000  # the first hidden units of the image head, before GELU, are their logits
NAME_WEIGHTS = {"class": 0.7, "kin": 0.3}  # of the square root of a named class's probability beside a cosine (RESULTS.md)
TEMPERATURE = 0.42  # divides these logits: the likeliest on one photo of each class (calibrate.py)


def data_folder() -> Path:
    """The captioned photos: $SEER_CAPTIONED, else ../shared/data/captioned beside the repository."""
    folder = Path(os.environ.get("SEER_CAPTIONED", REPOSITORY.parent / "shared" / "data" / "captioned"))
    if not (folder / "captions.tsv").is_file():
        raise SystemExit(f"no captions.tsv in {folder}: set SEER_CAPTIONED to the folder of captioned photos")
    return folder


def work_folder() -> Path:
    """Caches and checkpoints: $SEER_TRAINING_WORK, else training/work (ignored by git)."""
    folder = Path(os.environ.get("SEER_TRAINING_WORK", TRAINING / "work"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def wordnet_folder() -> Path:
    """WordNet 3.0's dict files: $WNSEARCHDIR, else where Debian's wordnet-base puts them."""
    folder = Path(os.environ.get("WNSEARCHDIR", "/usr/share/wordnet"))
    if not (folder / "data.noun").is_file():
        raise SystemExit(f"no data.noun in {folder}: install WordNet 3.0 (Debian: wordnet-base) or set WNSEARCHDIR")
    return folder


def seed_everything(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
