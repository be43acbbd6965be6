"""What both stages share: averaged weights, a caption for every photo, and what each photo's captions mean together."""

import torch
import torch.nn.functional as F


class Averaged:
    """A moving average of a module's weights."""

    def __init__(self, module: torch.nn.Module, keep: float) -> None:
        self.keep, self.weights = keep, {k: v.detach().clone() for k, v in module.state_dict().items()}

    def update(self, module: torch.nn.Module) -> None:
        for name, value in module.state_dict().items():
            if value.dtype.is_floating_point:
                self.weights[name].lerp_(value.detach(), 1 - self.keep)
            else:
                self.weights[name].copy_(value)


def one_row_per_owner(owners: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """For each owner 0..n-1 one random row that belongs to it."""
    shuffled = torch.randperm(len(owners), generator=generator)
    chosen = torch.empty(int(owners.max()) + 1, dtype=torch.long)
    chosen[owners[shuffled]] = shuffled
    return chosen


def gist_of(captions: torch.Tensor, owner: torch.Tensor) -> torch.Tensor:
    """The mean direction of every photo's captions, [photos, width]."""
    sums = torch.zeros(int(owner.max()) + 1, captions.shape[1]).index_add_(0, owner, F.normalize(captions, dim=1))
    return F.normalize(sums, dim=1)
