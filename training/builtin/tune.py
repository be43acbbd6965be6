"""Stage 1: the trunk's late stages learn on captions, free to move; only the classifier's posteriors hold them.

Several runs start from the same weights and differ in seed and augmentation; the tuned trunk is the mean of their weights ("model
soup", Wortsman et al., 2022), as good as any of them or better. Heads of their own train along (wide, with much dropout) and are thrown
away: stage 2 trains the shipped heads on the tuned trunk.
Leaves caption-heads.pt, tuned-<seed>.pt per run, tuned.pt (the mean) and tuned-<split>-<view>.npy (pooled features) in the work folder.
"""

import math
import time
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

from . import losses
from .features import photo_features
from .late_trunk import LateTrunk
from .mixing import Mix
from .model import imagenet_trunk
from .proxies import caption_figures
from .sampling import Averaged, gist_of, one_row_per_owner
from .settings import EMBED_DIM, HEAD_VIEWS, VIEWS, seed_everything, work_folder
from .text_bank import load_bank
from .tuned import tuned_file


@dataclass(frozen=True)
class Run:
    """One run of the soup."""

    seed: int
    epochs: int
    cut_mix: float  # share of the steps


@dataclass(frozen=True)
class Tune:
    """The recipe of stage 1."""

    runs: tuple[Run, ...] = (Run(1, 24, 0.0), Run(2, 16, 0.5), Run(3, 16, 0.5), Run(4, 16, 0.5))
    head_epochs: int = 30
    batch: int = 500
    head_batch: int = 750
    hidden: int = 2048
    dropout: float = 0.5
    head_rate: float = 5e-4
    trunk_rate: float = 3e-4
    decay: float = 0.05
    w_posterior: float = 0.3
    soft_share: float = 0.2
    averaging: float = 0.98


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
    """Data of stage 1, the modules that learn, and the losses."""

    def __init__(self, recipe: Tune, seed: int) -> None:
        seed_everything(seed)
        self.recipe, self.cut_mix = recipe, 0.0
        pooled, self.maps = photo_features("train", VIEWS)
        self.old = pooled.float()
        self.dev_maps = photo_features("dev", 0)[1][0]
        trunk = imagenet_trunk()
        self.classifier, self.trunk = trunk.classifier.requires_grad_(False), LateTrunk(trunk)
        self.heads = CaptionHeads(recipe, self.old[0])
        self.bank = load_bank()
        self.gist = gist_of(*self.bank.of("train"))
        self.generator = torch.Generator().manual_seed(seed)

    def caption_loss(self, images, rows, mix: Mix):
        captions, owner = self.bank.of("train")
        same, alike = mix(torch.eye(len(rows))), mix(self.gist[rows] @ self.gist[rows].T)
        by_image = losses.soft_targets(same, alike, self.recipe.soft_share)
        by_text = losses.soft_targets(same.T, alike.T, self.recipe.soft_share)
        scale = self.heads.scale.exp().clamp(max=100)
        texts = [self.heads.text(captions[one_row_per_owner(owner, self.generator)[rows]]) for _ in range(2)]
        return sum(losses.caption_loss(images, t, scale, by_image, by_text) for t in texts) / 2

    def head_loss(self, rows):
        views = torch.randint(len(self.old), (len(rows),), generator=self.generator)
        mix = Mix.of_features(len(rows), 0.0, self.generator)
        return self.caption_loss(self.heads.image(self.old[views, rows]), rows, mix)

    def loss(self, rows):
        views = torch.randint(len(self.maps), (len(rows),), generator=self.generator)
        maps = torch.from_numpy(np.stack([self.maps[v][i] for v, i in zip(views.tolist(), rows.tolist())])).float()
        mix = Mix.of_maps(len(rows), maps.shape[1], self.cut_mix, self.generator)
        features = self.trunk(mix.cut(maps), True)
        posteriors = mix(self.classifier(self.old[views, rows]).softmax(1))
        kept = F.kl_div(self.classifier(features).log_softmax(1), posteriors, reduction="batchmean")
        return self.caption_loss(self.heads.image(features), rows, mix) + self.recipe.w_posterior * kept

    @torch.no_grad()
    def figures(self) -> dict[str, float]:
        self.heads.eval()
        texts, owner = self.bank.of("dev")
        features = features_of(self.trunk, self.dev_maps, False)
        return caption_figures(self.heads.text(texts), owner, self.heads.image(features))


@torch.no_grad()
def features_of(trunk: LateTrunk, maps: np.ndarray, fast: bool) -> torch.Tensor:
    """Pooled features of cached maps; `fast` multiplies in bf16."""
    return torch.cat([trunk(torch.from_numpy(maps[i : i + 100].copy()).float(), fast) for i in range(0, len(maps), 100)])


class Learner:
    """AdamW with a cosine schedule and a moving average; after every epoch all of it is saved to `file`, where it resumes."""

    def __init__(self, stage: TuneStage, modules: torch.nn.Module, groups: list[dict], decay: float, keep: float, file) -> None:
        self.stage, self.modules, self.groups, self.file = stage, modules, groups, file
        self.optimiser = torch.optim.AdamW(groups, weight_decay=decay, betas=(0.9, 0.98))
        self.rates, self.average, self.done = [g["lr"] for g in groups], Averaged(modules, keep), 0
        if file.is_file():
            saved = torch.load(file, weights_only=False)
            modules.load_state_dict(saved["modules"])
            self.optimiser.load_state_dict(saved["optimiser"])
            self.average.weights, self.done = saved["average"], saved["done"]
            stage.generator.set_state(saved["generator"])
            torch.set_rng_state(saved["torch"])

    def save(self) -> None:
        state = {"modules": self.modules.state_dict(), "optimiser": self.optimiser.state_dict(), "average": self.average.weights}
        state |= {"done": self.done, "generator": self.stage.generator.get_state(), "torch": torch.get_rng_state()}
        torch.save(state, self.file.with_suffix(".part"))
        self.file.with_suffix(".part").replace(self.file)

    def learn(self, loss, epochs: int, batch: int) -> None:
        """Train to `epochs`; leaves the averaged weights in the modules."""
        count, began = self.stage.old.shape[1], time.time()
        steps = count // batch
        while self.done < epochs:
            self.stage.heads.train()
            order = torch.randperm(count, generator=self.stage.generator)
            for step in range(steps):
                self.schedule(self.done + step / steps, epochs)
                value = loss(order[step * batch : (step + 1) * batch])
                self.optimiser.zero_grad()
                value.backward()
                torch.nn.utils.clip_grad_norm_([p for g in self.groups for p in g["params"]], 2.0)
                self.optimiser.step()
                self.average.update(self.modules)
            self.done += 1
            self.save()
            print(f"{self.file.stem} {self.done}/{epochs} {time.time() - began:.0f}s {value.item():.3f}", flush=True)
        self.modules.load_state_dict(self.average.weights)

    def schedule(self, epoch: float, epochs: int) -> None:
        factor = min(1.0, 2 * epoch) * (0.02 + 0.49 * (1 + math.cos(math.pi * epoch / epochs)))
        for group, rate in zip(self.optimiser.param_groups, self.rates):
            group["lr"] = rate * factor


def caption_heads(recipe: Tune) -> dict[str, torch.Tensor]:
    """Weights of caption heads on the untouched trunk, where every run starts."""
    file = work_folder() / "caption-heads.pt"
    if not file.is_file():
        stage = TuneStage(recipe, recipe.runs[0].seed)
        groups = [{"params": list(stage.heads.parameters()), "lr": 1e-3}]
        learner = Learner(stage, stage.heads, groups, 0.1, 0.985, work_folder() / "caption-heads-resume.pt")
        learner.learn(stage.head_loss, recipe.head_epochs, recipe.head_batch)
        torch.save(stage.heads.state_dict(), file)
    return torch.load(file)


def tuned_once(recipe: Tune, run: Run) -> dict[str, torch.Tensor]:
    """The late stages after one run."""
    file = work_folder() / f"tuned-{run.seed}.pt"
    if not file.is_file():
        stage = TuneStage(recipe, run.seed)
        stage.cut_mix = run.cut_mix
        stage.heads.load_state_dict(caption_heads(recipe))
        both = torch.nn.ModuleDict({"heads": stage.heads, "trunk": stage.trunk})
        groups = [
            {"params": list(stage.heads.parameters()), "lr": recipe.head_rate},
            {"params": list(stage.trunk.parameters()), "lr": recipe.trunk_rate},
        ]
        learner = Learner(stage, both, groups, recipe.decay, recipe.averaging, work_folder() / f"tuned-{run.seed}-resume.pt")
        learner.learn(stage.loss, run.epochs, recipe.batch)
        print(run, {k: round(v, 1) for k, v in stage.figures().items()}, flush=True)
        torch.save(stage.trunk.state_dict(), file)
    return torch.load(file)


def run(recipe: Tune = Tune()) -> None:
    """All runs, their mean, and the tuned features; what is in the work folder already is kept."""
    states = [tuned_once(recipe, one) for one in recipe.runs]
    trunk = LateTrunk(imagenet_trunk()).eval()
    trunk.load_state_dict({k: sum(s[k] for s in states) / len(states) for k in states[0]})
    torch.save(trunk.state_dict(), work_folder() / "tuned.pt")
    for split, views in (("dev", 0), ("train", HEAD_VIEWS)):
        for view, maps in enumerate(photo_features(split, views)[1]):
            if not tuned_file(split, view).is_file():
                np.save(tuned_file(split, view), features_of(trunk, maps, split == "train").half().numpy())
                print(f"cached {tuned_file(split, view).name}", flush=True)


if __name__ == "__main__":
    run()
