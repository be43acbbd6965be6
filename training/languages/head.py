"""The two layers from e5's means to the space of our photos.

A sentence is drawn to what the English text tower makes of the English sentences about the same photo, is to tell that apart from
others, and, where the photo is at hand, to tell the photo apart from others. e5 itself stays as it is: languages for which there
are no captions are read because it puts them where it puts the others.
"""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from builtin.metrics import recall_by_text
from builtin.settings import EMBED_DIM

HIDDEN = 1024
EPOCHS = 16
BATCH = 1024
RATE = 1e-3
DROPOUT = 0.1
DECAY = 0.05
WARM_UP = 100  # steps
SAME = 0.999  # cosine from which on two teachers say the same
SCALE = 3.0  # times the exponential of the learnt temperature


class Head(nn.Module):
    """[texts, width] to unit vectors [texts, EMBED_DIM]; `size` is the mean length of its inputs."""

    def __init__(self, width: int, size: float):
        super().__init__()
        self.inner = nn.Linear(width, HIDDEN, bias=False)
        self.outer = nn.Linear(HIDDEN, EMBED_DIM, bias=False)
        self.dropout = nn.Dropout(DROPOUT)
        self.factor = width**0.5 / size
        self.temperature = nn.Parameter(torch.tensor(3.0))

    def forward(self, means: torch.Tensor) -> torch.Tensor:
        hidden = F.gelu(self.inner(means * self.factor))
        return F.normalize(self.outer(self.dropout(hidden)), dim=-1)

    def scale(self) -> torch.Tensor:
        return SCALE * self.temperature.exp().clamp(max=100)

    def layers(self) -> dict[str, torch.Tensor]:
        """Under the names of open_clip's projection."""
        return {"text.proj.0.weight": self.inner.weight.data * self.factor, "text.proj.2.weight": self.outer.weight.data}


@dataclass
class Data:
    means: torch.Tensor  # of e5 [sentences, width]
    teachers: torch.Tensor  # unit vectors [sentences, EMBED_DIM]
    photos: torch.Tensor  # of each sentence, -1 where it is not at hand
    images: torch.Tensor  # unit vectors [photos, EMBED_DIM]


def contrast(logits: torch.Tensor, same: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of rows against all columns that mean the same."""
    same = same.float()
    return (-(F.log_softmax(logits, 1) * same).sum(1) / same.sum(1)).mean()


def loss_of(head: Head, data: Data, batch: torch.Tensor) -> torch.Tensor:
    texts, teachers, scale = head(data.means[batch]), data.teachers[batch], head.scale()
    loss = 5 * (1 - (texts * teachers).sum(1)).mean()
    loss = loss + contrast(scale * texts @ teachers.T, teachers @ teachers.T > SAME)
    photos = data.photos[batch]
    seen = photos >= 0
    if seen.any():
        photos = photos[seen]
        logits = scale * texts[seen] @ data.images[photos].T
        same = photos[:, None] == photos[None]
        loss = loss + (contrast(logits, same) + contrast(logits.T, same)) / 2
    return loss


def train(data: Data, seed: int, progress) -> Head:
    torch.manual_seed(seed)
    head = Head(data.means.shape[1], float(data.means.norm(dim=1).mean()))
    optimiser = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=DECAY)
    of_epoch = len(data.means) // BATCH
    for epoch in range(EPOCHS):
        order = torch.randperm(len(data.means))
        for number in range(of_epoch):
            step = epoch * of_epoch + number
            cosine = 0.5 * (1 + np.cos(np.pi * step / (EPOCHS * of_epoch)))
            for group in optimiser.param_groups:
                group["lr"] = RATE * cosine * min(1.0, (step + 1) / WARM_UP)
            loss = loss_of(head, data, order[number * BATCH : (number + 1) * BATCH])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        progress(epoch, head)
    return head.eval()


@torch.inference_mode()
def recalls(head: Head, means: torch.Tensor, owner: torch.Tensor, images: torch.Tensor) -> list[float]:
    """recall@1, @5 and @10 of texts, each of one of `images`, in percent."""
    head.eval()
    found = recall_by_text(head(means), owner, images)
    head.train()
    return found
