"""What e5 makes of every sentence: the mean over its tokens, [sentences, width], kept in pieces so that a stopped run goes on."""

from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertModel

from builtin.settings import work_folder

PIECE = 8192
TOKENS = 1400  # of one batch, padding included
LONGEST = 64
PAD = 1


@torch.inference_mode()
def means(model: BertModel, ids: list[list[int]]) -> np.ndarray:
    """f16 [texts, width], in the order of the texts; similar lengths go together."""
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    out = np.zeros((len(ids), model.config.hidden_size), np.float16)
    at = 0
    while at < len(order):
        ahead = order[min(at + 50, len(order) - 1)]
        batch = order[at : at + max(1, TOKENS // len(ids[ahead]))]
        at += len(batch)
        longest = max(len(ids[i]) for i in batch)
        tokens = torch.tensor([ids[i] + [PAD] * (longest - len(ids[i])) for i in batch])
        mask = (tokens != PAD).long()
        states = model(tokens, attention_mask=mask).last_hidden_state
        out[batch] = ((states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)).numpy()
    return out


def cached(model: BertModel, tokenizer: Tokenizer, texts: list[str]) -> np.ndarray:
    folder: Path = work_folder() / "languages"
    folder.mkdir(exist_ok=True)
    pieces = []
    for start in range(0, len(texts), PIECE):
        file = folder / f"{start // PIECE:03}.npy"
        if not file.exists():
            encodings = tokenizer.encode_batch(texts[start : start + PIECE])
            half = file.with_suffix(".part.npy")
            np.save(half, means(model, [encoding.ids[:LONGEST] for encoding in encodings]))
            half.rename(file)
            print(f"{min(start + PIECE, len(texts))} of {len(texts)} sentences", flush=True)
        pieces.append(np.load(file))
    return np.concatenate(pieces)
