"""The text projection, fitted to the rounded text tower: what rounding changes in the sentence features alike for all texts is undone.

Ridge regression from the rounded tower's features to what the exact tower and projection give, over captions and single words. It costs no
byte and takes away nearly half of what rounding does to the embeddings' directions.
"""

import random

import torch

from . import concepts
from .captions import read_split
from .features import sentence_features
from .model import Tokens, build
from .quantise import dequantise, quantise
from .text_bank import text_folder

CAPTIONS, WORDS = 8000, 4000
RIDGE = 0.1  # of the features' mean square; from 0.0001 to 0.1 all figures are within 0.2 of each other


def some_texts(seed: int = 1) -> list[str]:
    """Training captions and nouns, at random."""
    rng = random.Random(seed)
    return rng.sample(read_split("train").flat()[0], CAPTIONS) + rng.sample(concepts.vocabulary(), WORDS)


def features_with(state: dict[str, torch.Tensor], texts: list[str]) -> torch.Tensor:
    """Sentence features [texts, 384] of the text tower in `state`."""
    model = build(text_folder())
    model.load_state_dict(state, strict=False)
    return sentence_features(model.text, Tokens(), texts, fast=False)


def text_projection(state: dict[str, torch.Tensor]) -> torch.Tensor:
    """The projection [dim, 384] to store beside the rounded tower of `state`."""
    texts, projection = some_texts(), state["text.proj.weight"]
    exact, rounded = features_with(state, texts), features_with(dequantise(quantise(state)), texts)
    squares = rounded.T @ rounded / len(texts)
    ridge = RIDGE * squares.diagonal().mean() * torch.eye(len(squares))
    missed = (exact - rounded) @ projection.T
    return projection + torch.linalg.solve(squares + ridge, rounded.T @ missed / len(texts)).T
