"""Mixed photos: a batch's photos with parts of others of the same batch, and targets mixed in the same shares.

Mix-up (Zhang et al., 2018) on pooled features, cut-mix (Yun et al., 2019) on the maps that enter the trunk's late stages.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch


@dataclass
class Mix:
    """Row i keeps `own` of itself and takes the rest from row `other[i]`. Called on rows of features or of targets, it mixes them."""

    own: float
    other: torch.Tensor
    box: tuple[slice, slice] | None = None

    def __call__(self, rows: torch.Tensor) -> torch.Tensor:
        return rows if self.own == 1 else self.own * rows + (1 - self.own) * rows[self.other]

    @staticmethod
    def of_features(count: int, share_of_steps: float, generator: torch.Generator) -> Mix:
        """In `share_of_steps` of the calls, half to all of a row is its own."""
        if torch.rand(1, generator=generator).item() >= share_of_steps:
            return Mix(1.0, torch.arange(count))
        own = 0.5 + 0.5 * torch.rand(1, generator=generator).item()
        return Mix(own, torch.randperm(count, generator=generator))

    @staticmethod
    def of_maps(count: int, side: int, share_of_steps: float, generator: torch.Generator) -> Mix:
        """In `share_of_steps` of the calls, a box of 3 to 9 cells each way comes from another photo."""
        if torch.rand(1, generator=generator).item() >= share_of_steps:
            return Mix(1.0, torch.arange(count))
        box = []
        for size in torch.randint(3, 10, (2,), generator=generator).tolist():
            first = int(torch.randint(side - size + 1, (1,), generator=generator))
            box.append(slice(first, first + size))
        cells = (box[0].stop - box[0].start) * (box[1].stop - box[1].start)
        return Mix(1 - cells / side**2, torch.randperm(count, generator=generator), (box[0], box[1]))

    def cut(self, maps: torch.Tensor) -> torch.Tensor:
        """Maps [n, side, side, channels] with the box of the others pasted in."""
        if self.box is None:
            return maps
        mixed = maps.clone()
        mixed[:, self.box[0], self.box[1]] = maps[self.other][:, self.box[0], self.box[1]]
        return mixed
