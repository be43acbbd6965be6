"""Photos as pixels: the model's own preprocessing, and random views of it for training."""

import random

import numpy as np
import torch
from PIL import Image, ImageEnhance

from .settings import IMAGE_SIZE, MEAN, STD, data_folder

_MEAN = torch.tensor(MEAN).view(1, 3, 1, 1)
_STD = torch.tensor(STD).view(1, 3, 1, 1)


def read_photos(names: list[str]) -> list[Image.Image]:
    """The photos, decoded and kept at their stored size."""
    folder = data_folder() / "images"
    return [Image.open(folder / name).convert("RGB") for name in names]


def plain_view(photo: Image.Image) -> np.ndarray:
    """What the shipped preprocessing does: squash to 224 x 224, bicubic; u8 [224, 224, 3]."""
    return np.asarray(photo.resize((IMAGE_SIZE, IMAGE_SIZE), Image.BICUBIC))


def random_view(photo: Image.Image, rng: random.Random, smallest: float = 0.5) -> np.ndarray:
    """A random crop of at least `smallest` of the area, maybe mirrored, colours shifted a little."""
    width, height = photo.size
    area = rng.uniform(smallest, 1.0) * width * height
    aspect = np.exp(rng.uniform(-0.22, 0.22))
    crop_w = min(width, max(8, (area * aspect) ** 0.5))
    crop_h = min(height, max(8, (area / aspect) ** 0.5))
    left, top = rng.uniform(0, width - crop_w), rng.uniform(0, height - crop_h)
    box = (left, top, left + crop_w, top + crop_h)
    view = photo.resize((IMAGE_SIZE, IMAGE_SIZE), Image.BICUBIC, box=box)
    if rng.random() < 0.5:
        view = view.transpose(Image.FLIP_LEFT_RIGHT)
    for enhance in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
        if rng.random() < 0.4:
            view = enhance(view).enhance(rng.uniform(0.75, 1.25))
    return np.asarray(view)


def to_input(views: list[np.ndarray] | np.ndarray) -> torch.Tensor:
    """u8 views [N, 224, 224, 3] as the tower's normalised input [N, 3, 224, 224]."""
    pixels = torch.from_numpy(np.ascontiguousarray(np.stack(views))).permute(0, 3, 1, 2).float().div_(255)
    return ((pixels - _MEAN) / _STD).contiguous(memory_format=torch.channels_last)
