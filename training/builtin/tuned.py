"""Pooled features of the tuned trunk, as stage 1 left them in the work folder."""

import numpy as np
import torch

from .settings import work_folder


def tuned_file(split_name: str, view: int):
    return work_folder() / f"tuned-{split_name}-{view}.npy"


def tuned_features(split_name: str, extra_views: int) -> torch.Tensor:
    """[1 + extra_views, photos, 1280], f32."""
    files = [tuned_file(split_name, view) for view in range(1 + extra_views)]
    return torch.stack([torch.from_numpy(np.load(file)) for file in files]).float()
