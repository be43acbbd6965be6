"""The text tower cut in two: cached token states after the early layers, and the late layers that learn."""

import numpy as np
import torch
import torch.nn.functional as F

from .settings import work_folder

LATE = 3  # layers 3, 4 and 5 learn


@torch.inference_mode()
def early_states(transformer, tokens, texts: list[str], batch: int = 256) -> tuple[np.ndarray, np.ndarray]:
    """States after the early layers of every token, flat [tokens, width] f16, and where each text starts [texts + 1]."""
    ids = [tokens([text])[0] for text in texts]
    starts = np.concatenate([[0], np.cumsum([len(i) for i in ids])])
    flat = np.empty((int(starts[-1]), transformer.config.hidden_size), np.float16)
    order = sorted(range(len(texts)), key=lambda i: len(ids[i]))
    for first in range(0, len(order), batch):
        rows = order[first : first + batch]
        padded = torch.nn.utils.rnn.pad_sequence([ids[i] for i in rows], batch_first=True)
        with torch.autocast("cpu", torch.bfloat16):
            states = transformer.embeddings(input_ids=padded)
            for layer in transformer.encoder.layer[:LATE]:
                states = run_layer(layer, states, padded != 0)
        for row, state in zip(rows, states.float().numpy()):
            flat[starts[row] : starts[row + 1]] = state[: len(ids[row])]
    return flat, starts


def run_layer(layer, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """One post-norm BERT layer; `mask` is bool [texts, tokens]."""
    own, out = layer.attention.self, layer.attention.output
    split = lambda x: x.unflatten(2, (own.num_attention_heads, -1)).transpose(1, 2)
    drop = own.dropout.p if layer.training else 0.0
    mixed = F.scaled_dot_product_attention(
        split(own.query(states)), split(own.key(states)), split(own.value(states)), attn_mask=mask[:, None, None, :], dropout_p=drop
    )
    states = out(mixed.transpose(1, 2).flatten(2), states)
    return layer.output(layer.intermediate(states), states)


class States:
    """Cached early states of one kind of text."""

    def __init__(self, kind: str, texts: list[str], transformer, tokens) -> None:
        file = work_folder() / f"states-{kind}.npy"
        starts = work_folder() / f"states-{kind}-starts.npy"
        if not (file.is_file() and starts.is_file()):
            flat, begins = early_states(transformer.eval(), tokens, texts)
            np.save(file, flat)
            np.save(starts, begins)
            print(f"cached {file.name}", flush=True)
        self.flat, self.starts = np.load(file, mmap_mode="r"), np.load(starts)
        assert len(self.starts) == len(texts) + 1, f"{file} is stale: delete it"

    def pick(self, rows) -> list[torch.Tensor]:
        return [torch.from_numpy(np.array(self.flat[self.starts[r] : self.starts[r + 1]])).float() for r in rows]


def pooled(transformer, states: list[torch.Tensor]) -> torch.Tensor:
    """Mean-pooled [texts, width] after the late layers."""
    lengths = torch.tensor([len(s) for s in states])
    padded = torch.nn.utils.rnn.pad_sequence(states, batch_first=True)
    mask = torch.arange(padded.shape[1])[None] < lengths[:, None]
    with torch.autocast("cpu", torch.bfloat16):
        for layer in transformer.encoder.layer[LATE:]:
            padded = run_layer(layer, padded, mask)
    weight = mask.unsqueeze(-1).float()
    return (padded.float() * weight).sum(1) / lengths[:, None]


@torch.no_grad()
def pooled_all(transformer, states: States, batch: int = 256) -> torch.Tensor:
    """Pooled features of every text of a kind, in order."""
    lengths = np.diff(states.starts)
    order = np.argsort(lengths, kind="stable")
    out = torch.empty(len(lengths), transformer.config.hidden_size)
    for first in range(0, len(order), batch):
        rows = order[first : first + batch]
        out[torch.from_numpy(rows)] = pooled(transformer, states.pick(rows))
    return out
