"""Write src/encoders/builtin from a checkpoint: python export.py [checkpoint.pt]. The default is stage 1's frozen.pt; a fine-tuned one works too."""

import sys

import torch

from builtin.model import build, config, fill_from_packages
from builtin.package import write_package
from builtin.settings import MODEL_FOLDER, work_folder
from builtin.text_bank import text_folder


def state_of(checkpoint: dict) -> tuple[dict, int]:
    """The whole model's weights, and its embedding size."""
    if "model" in checkpoint:
        return checkpoint["model"], len(checkpoint["model"]["text.proj.weight"])
    heads = checkpoint["heads"]
    dim = len(heads["proj.weight"])
    model = build(text_folder(), config(dim))
    fill_from_packages(model)
    state = model.state_dict()
    state |= {f"visual.head.mlp.{k}": heads[k] for k in ("fc1.weight", "fc1.bias", "fc2.weight")}
    state |= {"text.proj.weight": heads["proj.weight"], "logit_scale": heads["scale"]}
    return state, dim


def write(path) -> None:
    state, dim = state_of(torch.load(path, map_location="cpu", weights_only=False))
    size = write_package(state, MODEL_FOLDER, dim)
    print(f"{MODEL_FOLDER}: {size} bytes of weights, {dim} dimensions")


def main() -> None:
    write(sys.argv[1] if len(sys.argv) > 1 else work_folder() / "frozen.pt")


if __name__ == "__main__":
    main()
