"""Write src/encoders/builtin from the work folder's tuned.pt and heads.pt: python export.py."""

import torch

from builtin import hubness, refit
from builtin.late_trunk import LateTrunk
from builtin.model import build, fill_from_packages
from builtin.package import write_package
from builtin.settings import HUBNESS_STRENGTH, MODEL_FOLDER, work_folder
from builtin.text_bank import load_bank, text_folder
from builtin.tuned import tuned_features


def whole_state() -> dict[str, torch.Tensor]:
    """Every weight under open_clip's names: the packages' towers, the tuned late trunk written back, the heads."""
    model = build(text_folder())
    fill_from_packages(model)
    trunk = LateTrunk(model.visual.trunk)
    trunk.load_state_dict(torch.load(work_folder() / "tuned.pt"))
    trunk.write_back(model.visual.trunk)
    heads = torch.load(work_folder() / "heads.pt", weights_only=False)["heads"]
    captions, photos = load_bank().features["train"], tuned_features("train", 0)[0]
    return model.state_dict() | hubness.add(heads, captions, photos, HUBNESS_STRENGTH)


def main() -> None:
    state = whole_state()
    size = write_package(state | {"text.proj.weight": refit.text_projection(state)}, MODEL_FOLDER)
    print(f"{MODEL_FOLDER}: {size} bytes of weights")


if __name__ == "__main__":
    main()
