"""Stage 2: the trunk's late stages learn on captions, free to move; only the classifier's posteriors hold them.

Heads of their own train along (wide, with much dropout) and are thrown away: stage 3 trains the shipped heads on the tuned trunk.
Leaves tuned.pt (the late stages) and tuned-<split>-<view>.npy (pooled features) in the work folder.
"""

import math
import time
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

from . import losses
from .features import photo_features
from .frozen import Averaged, one_row_per_owner
from .late_trunk import LateTrunk
from .model import imagenet_trunk
from .proxies import caption_figures
from .settings import EMBED_DIM, seed_everything, work_folder
from .text_bank import load_bank


@dataclass
class Tune:
    """The recipe of stage 2."""

    epochs: int = 24
    head_epochs: int = 30
    batch: int = 500
    head_batch: int = 750
    views: int = 11
    hidden: int = 2048
    dropout: float = 0.5
    head_rate: float = 5e-4
    trunk_rate: float = 3e-4
    w_posterior: float = 0.3
    soft_share: float = 0.2
    averaging: float = 0.98
    seed: int = 1


class CaptionHeads(torch.nn.Module):
    """Heads for captions alone, over centred and scaled features."""

    def __init__(self, recipe: Tune, features: torch.Tensor) -> None:
        super().__init__()
        self.fc1 = torch.nn.Linear(1280, recipe.hidden)
        self.fc2 = torch.nn.Linear(recipe.hidden, EMBED_DIM, bias=False)
        self.proj = torch.nn.Linear(384, EMBED_DIM, bias=False)
        torch.nn.init.orthogonal_(self.proj.weight)
        self.scale = torch.nn.Parameter(torch.tensor(3.0))
        self.dropout = recipe.dropout
        self.register_buffer("mean", features.mean(0))
        self.register_buffer("gain", 0.6 / features.std())

    def image(self, features):
        inputs = F.dropout((features - self.mean) * self.gain, self.dropout / 2, self.training)
        hidden = F.gelu(self.fc1(inputs))
        return F.normalize(self.fc2(F.dropout(hidden, self.dropout, self.training)), dim=1)

    def text(self, features):
        return F.normalize(self.proj(features), dim=1)


class TuneStage:
    def __init__(self, recipe: Tune) -> None:
        self.recipe = recipe
        pooled, self.maps = photo_features("train", recipe.views)
        self.old = pooled.float()
        self.dev_maps = photo_features("dev", 0)[1][0]
        trunk = imagenet_trunk()
        self.classifier, self.trunk = trunk.classifier.requires_grad_(False), LateTrunk(trunk)
        self.heads = CaptionHeads(recipe, self.old[0])
        self.bank = load_bank()
        captions, owner = self.bank.of("train")
        means = torch.zeros(self.old.shape[1], 384).index_add_(0, owner, F.normalize(captions, dim=1))
        self.gist = F.normalize(means, dim=1)
        self.generator = torch.Generator().manual_seed(recipe.seed)

    def caption_loss(self, images, rows):
        captions, owner = self.bank.of("train")
        targets = losses.soft_targets(torch.eye(len(rows)), self.gist[rows] @ self.gist[rows].T, self.recipe.soft_share)
        scale = self.heads.scale.exp().clamp(max=100)
        texts = [self.heads.text(captions[one_row_per_owner(owner, self.generator)[rows]]) for _ in range(2)]
        return sum(losses.caption_loss(images, t, scale, targets, targets) for t in texts) / 2

    def head_loss(self, rows):
        views = torch.randint(len(self.old), (len(rows),), generator=self.generator)
        return self.caption_loss(self.heads.image(self.old[views, rows]), rows)

    def loss(self, rows):
        views = torch.randint(len(self.maps), (len(rows),), generator=self.generator)
        maps = np.stack([self.maps[v][i] for v, i in zip(views.tolist(), rows.tolist())])
        features = self.trunk(torch.from_numpy(maps).float(), True)
        posteriors = self.classifier(self.old[views, rows]).softmax(1)
        kept = F.kl_div(self.classifier(features).log_softmax(1), posteriors, reduction="batchmean")
        return self.caption_loss(self.heads.image(features), rows) + self.recipe.w_posterior * kept

    @torch.no_grad()
    def features_of(self, maps, fast: bool) -> torch.Tensor:
        parts = [self.trunk(torch.from_numpy(maps[i : i + 100].copy()).float(), fast) for i in range(0, len(maps), 100)]
        return torch.cat(parts)

    @torch.no_grad()
    def figures(self) -> dict[str, float]:
        self.heads.eval()
        texts, owner = self.bank.of("dev")
        return caption_figures(self.heads.text(texts), owner, self.heads.image(self.features_of(self.dev_maps, False)))


def learn(stage: TuneStage, modules: torch.nn.Module, groups: list[dict], loss, epochs: int, batch: int, decay: float, keep: float, told: bool):
    """AdamW with a cosine schedule; leaves the moving average of `modules`."""
    optimiser = torch.optim.AdamW(groups, weight_decay=decay, betas=(0.9, 0.98))
    base, average = [g["lr"] for g in groups], Averaged(modules, keep)
    count, began = stage.old.shape[1], time.time()
    steps = count // batch
    for epoch in range(epochs):
        stage.heads.train()
        order = torch.randperm(count, generator=stage.generator)
        for step in range(steps):
            done = (epoch + step / steps) / epochs
            factor = min(1.0, 2 * done * epochs) * (0.02 + 0.49 * (1 + math.cos(math.pi * done)))
            for group, rate in zip(optimiser.param_groups, base):
                group["lr"] = rate * factor
            value = loss(order[step * batch : (step + 1) * batch])
            optimiser.zero_grad()
            value.backward()
            torch.nn.utils.clip_grad_norm_([p for g in groups for p in g["params"]], 2.0)
            optimiser.step()
            average.update(modules)
        if told:
            print(epoch + 1, f"{time.time() - began:.0f}s {value.item():.3f}", flush=True)
    modules.load_state_dict(average.weights)


def run(recipe: Tune = Tune()) -> None:
    """Tune, and leave tuned.pt and the tuned features."""
    seed_everything(recipe.seed)
    stage = TuneStage(recipe)
    heads = [{"params": list(stage.heads.parameters()), "lr": 1e-3}]
    learn(stage, stage.heads, heads, stage.head_loss, recipe.head_epochs, recipe.head_batch, 0.1, 0.985, False)
    both = torch.nn.ModuleDict({"heads": stage.heads, "trunk": stage.trunk})
    groups = [
        {"params": list(stage.heads.parameters()), "lr": recipe.head_rate},
        {"params": list(stage.trunk.parameters()), "lr": recipe.trunk_rate},
    ]
    learn(stage, both, groups, stage.loss, recipe.epochs, recipe.batch, 0.05, recipe.averaging, True)
    print({k: round(v, 1) for k, v in stage.figures().items()})
    np.save(work_folder() / "tuned-dev-0.npy", stage.features_of(stage.dev_maps, False).half().numpy())
    for view, maps in enumerate(stage.maps):
        np.save(work_folder() / f"tuned-train-{view}.npy", stage.features_of(maps, True).half().numpy())
    torch.save(stage.trunk.state_dict(), work_folder() / "tuned.pt")


def tuned_features(split_name: str, extra_views: int) -> torch.Tensor:
    """Pooled features [1 + extra_views, photos, 1280] of the tuned trunk, f32."""
    files = [work_folder() / f"tuned-{split_name}-{view}.npy" for view in range(1 + extra_views)]
    return torch.stack([torch.from_numpy(np.load(file)) for file in files]).float()


if __name__ == "__main__":
    run()
