"""How alike two photos look: python pictures.py writes src/encoders/builtin/picture_head.safetensors.

The trunk's features know better than the 512 numbers of the embedding which photos show the same: those were trained to meet
sentences. Their square roots (Arandjelović and Zisserman's RootSIFT, CVPR 2012, does the same) are centred, turned onto the first
WIDTH principal components of the training photos, and each component is divided by the root of its deviation (half of whitening).
What that gives is told in RESULTS.md.
"""

import torch
from safetensors.torch import save_file

from builtin.captions import read_split
from builtin.package import load_package
from builtin.photos import plain_view, read_photos, to_input
from builtin.settings import MODEL_FOLDER

WIDTH = 256


@torch.inference_mode()
def roots_of_features(names: list[str]) -> torch.Tensor:
    """Square roots of the trunk's features: [photos, features]."""
    trunk = load_package(MODEL_FOLDER).visual.trunk
    rows = []
    for start in range(0, len(names), 32):
        views = [plain_view(photo) for photo in read_photos(names[start : start + 32])]
        rows.append(trunk(to_input(views)).clamp(min=0).sqrt())
    return torch.cat(rows)


def picture_head(roots: torch.Tensor) -> dict[str, torch.Tensor]:
    """Weight [WIDTH, features] and bias [WIDTH] of the layer that follows the square roots."""
    mean = roots.double().mean(0)
    _, deviations, components = torch.linalg.svd(roots.double() - mean, full_matrices=False)
    deviations = deviations[:WIDTH] / len(roots) ** 0.5
    weight = components[:WIDTH] / deviations[:, None].sqrt()
    return {"pictures.weight": weight.half().contiguous(), "pictures.bias": -(weight.half().double() @ mean).float()}


def main() -> None:
    names = read_split("train").names
    roots = roots_of_features(names)
    file = MODEL_FOLDER / "picture_head.safetensors"
    save_file(picture_head(roots), str(file))
    file.chmod(0o644)
    print(f"{len(names)} photos; {WIDTH} of {roots.shape[1]} components keep "
          f"{100 * kept(roots):.1f} % of the variance")


def kept(roots: torch.Tensor) -> float:
    """The share of the variance in the components that are kept."""
    squares = torch.linalg.svdvals(roots.double() - roots.double().mean(0)) ** 2
    return float(squares[:WIDTH].sum() / squares.sum())


if __name__ == "__main__":
    main()
