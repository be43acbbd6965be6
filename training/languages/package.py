"""The shipped form of the tower for more languages: e5's matrices as they were, in 4 bits, everything else in f16 or f32."""

import json

import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import nn
from transformers import BertConfig, BertModel

from builtin.settings import CONTEXT, EMBED_DIM, MODEL_FOLDER

from .e5 import E5, unpacked
from .head import HIDDEN
from .vocabulary import LANGUAGES, tokenizer

FOLDER = MODEL_FOLDER / "languages"
PREFIX = "text.transformer."


def tensors(e5: E5, head: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Under open_clip's names; a U8 tensor `x` [rows, columns / 2] comes with `x.scale` [rows, columns / 32]."""
    out = {name: value.half().contiguous() for name, value in head.items()}
    for name, value in e5.small.items():
        kept = torch.from_numpy(np.array(value))
        out[PREFIX + name] = (kept.half() if kept.ndim > 1 else kept.float()).contiguous()
    for name, (packed, scales) in e5.packed.items():
        out[PREFIX + name] = torch.from_numpy(np.ascontiguousarray(packed))
        out[PREFIX + name + ".scale"] = torch.from_numpy(np.ascontiguousarray(scales))
    return out


def stored_tower(config: dict, stored: dict[str, torch.Tensor]) -> tuple[BertModel, nn.Module]:
    """What `tensors` wrote, in f32: the transformer, and the layers behind the mean of its tokens."""
    state = {}
    for name, value in stored.items():
        if name.startswith(PREFIX) and not name.endswith(".scale"):
            packed = value.dtype == torch.uint8
            state[name.removeprefix(PREFIX)] = unpacked(value, stored[name + ".scale"]) if packed else value.float()
    model = BertModel(BertConfig(**config), add_pooling_layer=False).eval()
    model.load_state_dict(state)
    inner, outer = (stored[f"text.proj.{number}.weight"].float() for number in (0, 2))
    layers = [nn.Linear(*reversed(weight.shape), bias=False) for weight in (inner, outer)]
    for layer, weight in zip(layers, (inner, outer)):
        layer.weight.data = weight
    return model, nn.Sequential(layers[0], nn.GELU(), layers[1]).eval()


def settings() -> dict:
    text = {
        "hf_model_name": "hf_text",
        "hf_tokenizer_name": "hf_text",
        "hf_model_pretrained": False,
        "hf_pooler_type": "mean_pooler",
        "hf_proj_type": "mlp",
        "hf_proj_hidden": HIDDEN,
        "context_length": CONTEXT,
    }
    return {"model_cfg": {"embed_dim": EMBED_DIM, "text_cfg": text}, "languages": sorted(LANGUAGES)}


def pieces(e5: E5) -> Tokenizer:
    return tokenizer(e5.pieces, list(e5.scores))


def write(e5: E5, head: dict[str, torch.Tensor]) -> int:
    """All files; returns their bytes."""
    (FOLDER / "hf_text").mkdir(parents=True, exist_ok=True)
    save_file(tensors(e5, head), str(FOLDER / "model.safetensors"), {"format": "pt", "quantization": "int4-blocks"})
    pieces(e5).save(str(FOLDER / "tokenizer.json"), pretty=False)
    (FOLDER / "hf_text" / "config.json").write_text(json.dumps(e5.config(), indent=2) + "\n")
    (FOLDER / "open_clip_config.json").write_text(json.dumps(settings(), indent=2) + "\n")
    files = [file for file in FOLDER.rglob("*") if file.is_file()]
    for file in files:
        file.chmod(0o644)
    return sum(file.stat().st_size for file in files)
