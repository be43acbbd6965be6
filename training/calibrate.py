"""How sure the built-in model's classes should be: python calibrate.py FOLDER.

FOLDER holds photos whose names begin with their class's synset ("n01440764_tench.JPEG"), such as the one photo of each of
ImageNet's 1,000 classes that github.com/EliSchwartz/imagenet-sample-images has. Prints the temperature under which their own
classes are likeliest (temperature scaling; Guo et al., ICML 2017) and how often the surest class is right.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from builtin.concepts import class_ids
from builtin.package import load_package
from builtin.photos import plain_view, to_input
from builtin.settings import CLASSES, MODEL_FOLDER

TEMPERATURES = np.arange(0.2, 1.51, 0.02)


def view(path: Path) -> np.ndarray:
    """The photo as the image tower takes it: u8 [224, 224, 3]."""
    with Image.open(path) as image:
        return plain_view(image.convert("RGB"))


@torch.inference_mode()
def logits_of(paths: list[Path]) -> torch.Tensor:
    """The hidden units of the image head that are classes: [photos, classes]."""
    model = load_package(MODEL_FOLDER)
    rows = []
    for start in range(0, len(paths), 32):
        features = model.visual.trunk(to_input([view(path) for path in paths[start : start + 32]]))
        rows.append(model.visual.head.mlp.fc1(features)[:, :CLASSES])
    return torch.cat(rows)


def main() -> None:
    numbers = {ident: number for number, ident in enumerate(class_ids())}
    found = [(path, numbers.get(path.name.split("_")[0])) for path in sorted(Path(sys.argv[1]).iterdir())]
    photos = [(path, number) for path, number in found if number is not None]
    classes = torch.tensor([number for _, number in photos])
    logits = logits_of([path for path, _ in photos])
    right = (logits.argmax(1) == classes).double().mean()
    cross_entropy = torch.nn.functional.cross_entropy
    loss = [cross_entropy(logits / t, classes).item() for t in TEMPERATURES]
    best = int(np.argmin(loss))
    print(f"{len(photos)} photos: the surest class is right for {100 * right:.1f} %")
    print(f"temperature {TEMPERATURES[best]:.2f}: cross-entropy {loss[best]:.3f}, without {cross_entropy(logits, classes):.3f}")


if __name__ == "__main__":
    main()
