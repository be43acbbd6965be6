"""Write and read the shipped folder."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from .familiar import familiar_names
from .model import TEXT_CONFIG, build, config, tokenizer_json
from .quantise import METADATA, dequantise, quantise
from .settings import CLASSES, NAME_WEIGHTS, TEMPERATURE

LIMIT = 36 * 1024 * 1024


def write_package(state: dict[str, torch.Tensor], folder: Path) -> int:
    """Quantise `state` (an open_clip state dict) into `folder`; returns the size of the weights in bytes."""
    (folder / "hf_text").mkdir(parents=True, exist_ok=True)
    (folder / "hf_text" / "config.json").write_text(json.dumps(TEXT_CONFIG, indent=2) + "\n")
    (folder / "open_clip_config.json").write_text(json.dumps(config(), indent=2) + "\n")
    names = {**NAME_WEIGHTS, "familiar": familiar_names()}
    classes = {"hidden_units": CLASSES, "temperature": TEMPERATURE, "names": names}
    (folder / "head_classes.json").write_text(json.dumps(classes, indent=2) + "\n")
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer_json(), ensure_ascii=False, separators=(",", ":")))
    weights = folder / "model.safetensors"
    save_file(quantise(state), str(weights), metadata=METADATA)
    weights.chmod(0o644)
    size = weights.stat().st_size
    if size > LIMIT:
        raise SystemExit(f"{weights} takes {size} bytes, more than the {LIMIT} that the repository allows")
    return size


def load_package(folder: Path):
    """The shipped folder as an open_clip model in f32; every tensor must be there and none may be left over."""
    model = build(folder / "hf_text", json.loads((folder / "open_clip_config.json").read_text()))
    missing, unknown = model.load_state_dict(dequantise(load_file(str(folder / "model.safetensors"))), strict=False)
    missing = [name for name in missing if not name.endswith("num_batches_tracked")]
    assert not missing and not unknown, f"missing {missing}, unknown {unknown}"
    return model.eval()
