"""Cached outputs of the untouched towers: what both stages start from."""

import random

import numpy as np
import torch

from .captions import read_split
from .model import imagenet_trunk
from .photos import plain_view, random_view, read_photos, to_input
from .settings import VIEWS, work_folder


LATE = 5  # blocks[5:] and conv_head are the late stages: most weights, little of the arithmetic


@torch.inference_mode()
def early(trunk: torch.nn.Module, views: list[np.ndarray], fast: bool) -> torch.Tensor:
    """The map [n, 112, 14, 14] that enters the late stages; `fast` computes in bf16."""
    with torch.autocast("cpu", torch.bfloat16, enabled=fast):
        maps = trunk.bn1(trunk.conv_stem(to_input(views)))
        for block in trunk.blocks[:LATE]:
            maps = block(maps)
    return maps.float()


def late(trunk: torch.nn.Module, maps: torch.Tensor) -> torch.Tensor:
    """The pooled features [n, 1280] of maps."""
    for block in trunk.blocks[LATE:]:
        maps = block(maps)
    return trunk.bn2(trunk.conv_head(maps)).mean((2, 3))


def photo_features(split_name: str, extra_views: int, seed: int = 11) -> tuple[torch.Tensor, list[np.ndarray]]:
    """Pooled features [1 + extra_views, photos, 1280] f16 and each view's maps [photos, 14, 14, 112] f16 (memory-mapped):
    the plain view, then random views. Cached per view.

    Training views are computed in bf16 (its error is far below what a random view changes), dev's in f32.
    """
    trunk, photos, features, maps = None, None, [], []
    for view in range(1 + extra_views):
        file = work_folder() / f"features-{split_name}-{view}.npy"
        map_file = work_folder() / f"maps-{split_name}-{view}.npy"
        if not (file.is_file() and map_file.is_file()):
            trunk = trunk or imagenet_trunk().to(memory_format=torch.channels_last)
            photos = photos or read_photos(read_split(split_name).names)
            compute_view(trunk, photos, view, split_name == "train", random.Random(seed + view), file, map_file)
        features.append(torch.from_numpy(np.load(file)))
        maps.append(np.load(map_file, mmap_mode="r"))
    return torch.stack(features), maps


def compute_view(trunk, photos, view, fast, rng, file, map_file, batch: int = 50) -> None:
    make = plain_view if view == 0 else (lambda photo: random_view(photo, rng))
    rows, kept = [], np.empty((len(photos), 14, 14, 112), np.float16)
    for start in range(0, len(photos), batch):
        maps = early(trunk, [make(p) for p in photos[start : start + batch]], fast)
        kept[start : start + batch] = maps.permute(0, 2, 3, 1).numpy()
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=fast):
            rows.append(late(trunk, maps).float())
    np.save(map_file, kept)
    np.save(file, torch.cat(rows).half().numpy())
    print(f"cached {file.name} and {map_file.name}", flush=True)


@torch.inference_mode()
def sentence_features(text_tower: torch.nn.Module, tokens, texts: list[str], batch: int = 256, fast: bool = True) -> torch.Tensor:
    """Mean-pooled [texts, 384] of the text tower before its projection; `fast` computes in bf16. Texts are sorted by length to save padding."""
    transformer = text_tower.transformer.eval()
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    out = torch.empty(len(texts), transformer.config.hidden_size)
    for start in range(0, len(order), batch):
        rows = order[start : start + batch]
        ids = tokens([texts[i] for i in rows])
        mask = (ids != 0).long()
        with torch.autocast("cpu", torch.bfloat16, enabled=fast):
            hidden = transformer(input_ids=ids, attention_mask=mask).last_hidden_state
        weight = mask.unsqueeze(-1).float()
        out[rows] = (hidden.float() * weight).sum(1) / weight.sum(1)
    return out


if __name__ == "__main__":
    photo_features("dev", 0)
    photo_features("train", VIEWS)
