"""Stage 1: both towers stay as they are; only the two heads learn, on cached features."""

import time
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F

from . import concepts, losses
from .features import photo_features
from .model import imagenet_trunk
from .proxies import NameProxy, caption_figures
from .settings import CLASSES, seed_everything, work_folder
from .synthetic import classifier_of, stand_ins
from .text_bank import load_bank


@dataclass
class Frozen:
    """The recipe of stage 1; the defaults are those of the shipped model."""

    embed_dim: int = 512
    epochs: int = 60
    batch: int = 750
    stand_ins: int = 750
    rate: float = 1e-3
    decay: float = 0.1
    gain: float = 0.5  # how strongly the hidden units see the class logits at the start
    threshold: float = 2.0  # and from which logit on they fire
    dropout: float = 0.3
    soft_share: float = 0.2
    w_class: float = 0.3
    w_name: float = 0.5
    w_sentence: float = 0.2
    w_geometry: float = 5.0
    seed: int = 1
    views: int = 5
    averaging: float = 0.985


class Heads(torch.nn.Module):
    """The two heads with open_clip's shapes: timm's Mlp (no output bias) and a linear text projection without bias."""

    def __init__(self, recipe: Frozen, classifier) -> None:
        super().__init__()
        dim = recipe.embed_dim
        self.fc1 = torch.nn.Linear(1280, 2 * dim)
        self.fc2 = torch.nn.Linear(2 * dim, dim, bias=False)
        self.proj = torch.nn.Linear(384, dim, bias=False)
        self.scale = torch.nn.Parameter(torch.tensor(3.0))
        self.name_scale = torch.nn.Parameter(torch.tensor(3.0))
        self.dropout = recipe.dropout
        torch.nn.init.orthogonal_(self.proj.weight)
        with torch.no_grad():
            taken = min(CLASSES, 2 * dim)
            self.fc1.weight[:taken] = recipe.gain * classifier.weight[:taken]
            self.fc1.bias[:taken] = recipe.gain * (classifier.bias[:taken] - recipe.threshold)

    def point_classes_at(self, name_features: torch.Tensor) -> None:
        """Let each class unit write the projected name of its class."""
        with torch.no_grad():
            taken = min(CLASSES, self.fc1.out_features)
            self.fc2.weight.mul_(0.3)
            self.fc2.weight[:, :taken] = 0.3 * F.normalize(self.proj(name_features[:taken]), dim=1).T

    def image(self, features):
        hidden = F.gelu(self.fc1(F.dropout(features, self.dropout / 2, self.training)))
        return F.normalize(self.fc2(F.dropout(hidden, self.dropout, self.training)), dim=1)

    def text(self, features):
        return F.normalize(self.proj(features), dim=1)


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


class Stage:
    """Data of stage 1 and its training step."""

    def __init__(self, recipe: Frozen) -> None:
        self.recipe = recipe
        self.train = photo_features("train", recipe.views)[0].float()
        self.dev = photo_features("dev", 0)[0][0].float()
        self.bank = load_bank()
        self.classifier = classifier_of(imagenet_trunk(), self.train[0])
        self.proxy = NameProxy(self.dev, self.classifier)
        captions, owner = self.bank.of("train")
        self.gist = F.normalize(torch.zeros(self.train.shape[1], 384).index_add_(0, owner, F.normalize(captions, dim=1)), dim=1)
        self.generator = torch.Generator().manual_seed(recipe.seed)
        groups = concepts.groups()
        self.membership = torch.zeros(len(groups), CLASSES)
        for index, group in enumerate(groups):
            self.membership[index, group.members] = 1
        held = concepts.known_and_held_out().held_groups
        self.open_groups = torch.tensor([i for i in range(len(groups)) if i not in held])

    def heads(self) -> Heads:
        seed_everything(self.recipe.seed)
        heads = Heads(self.recipe, self.classifier)
        heads.point_classes_at(self.bank.features["usual"])
        return heads

    def loss(self, heads: Heads, rows: torch.Tensor) -> dict[str, torch.Tensor]:
        r, g = self.recipe, self.generator
        views = torch.randint(len(self.train), (len(rows),), generator=g)
        real = self.train[views, rows]
        labels = torch.randint(CLASSES, (r.stand_ins,), generator=g)
        some_view = torch.randint(len(self.train), (r.stand_ins,), generator=g)
        ground = self.train[some_view, torch.randint(self.train.shape[1], (r.stand_ins,), generator=g)]
        made = stand_ins(ground, labels, self.classifier, g)
        posteriors = self.classifier.logits(torch.cat([real, made])).softmax(1)
        images = heads.image(torch.cat([real, made]))
        return self.caption_part(heads, images[: len(rows)], rows) | self.name_part(heads, images, posteriors, labels, len(rows))

    def caption_part(self, heads, images, rows):
        r = self.recipe
        features, owner = self.bank.of("train")
        picks = one_row_per_owner(owner, self.generator)[rows]
        second = one_row_per_owner(owner, self.generator)[rows]
        alike = self.gist[rows] @ self.gist[rows].T
        targets = losses.soft_targets(torch.eye(len(rows)), alike, r.soft_share)
        scale = heads.scale.exp().clamp(max=100)
        both = [losses.caption_loss(images, heads.text(features[p]), scale, targets, targets) for p in (picks, second)]
        return {"caption": sum(both) / 2}

    def name_part(self, heads, images, posteriors, labels, reals):
        r, g = self.recipe, self.generator
        scale = heads.name_scale.exp().clamp(max=100)
        features, owner = self.bank.of("class")
        classes = heads.text(features[one_row_per_owner(owner, g)])
        groups, group_owner = self.bank.of("group")
        group_texts = heads.text(groups[one_row_per_owner(group_owner, g)[self.open_groups]])
        relevance = torch.cat([posteriors.T, self.membership[self.open_groups] @ posteriors.T])
        sentences, sentence_owner = self.bank.of("sentence")
        told = heads.text(sentences[one_row_per_owner(sentence_owner, g)[labels]])
        same = labels.unsqueeze(0) == labels.unsqueeze(1)
        target = losses.soft_targets(same, same.float(), 0.0)
        words = self.bank.features["vocabulary"]
        some = words[torch.randint(len(words), (512,), generator=g)]
        return {
            "class": r.w_class * losses.class_loss(images, classes, scale, posteriors),
            "name": r.w_name * losses.name_to_image_loss(images, torch.cat([classes, group_texts]), scale, relevance),
            "sentence": r.w_sentence * losses.caption_loss(images[reals:], told, scale, target, target),
            "geometry": r.w_geometry * losses.geometry_loss(F.normalize(some, dim=1), heads.text(some)),
        }

    @torch.no_grad()
    def figures(self, heads: Heads) -> dict[str, float]:
        heads.eval()
        texts, owner = self.bank.of("dev")
        out = caption_figures(heads.text(texts), owner, heads.image(self.dev))
        return out | self.proxy.figures(heads.image, lambda k: (heads.text(self.bank.features[k]), torch.tensor(self.bank.owners[k])))


def train(recipe: Frozen, stage: Stage | None = None, quiet: bool = False) -> tuple[Heads, dict[str, float]]:
    stage = stage or Stage(recipe)
    stage.recipe = recipe
    heads = stage.heads()
    average = Averaged(heads, recipe.averaging)
    weights = [p for n, p in heads.named_parameters() if p.ndim > 1]
    rest = [p for n, p in heads.named_parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW([{"params": weights, "weight_decay": recipe.decay}, {"params": rest, "weight_decay": 0.0}], lr=recipe.rate)
    count = stage.train.shape[1]
    steps = recipe.epochs * (count // recipe.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.rate, total_steps=steps, pct_start=0.1)
    began = time.time()
    for epoch in range(recipe.epochs):
        heads.train()
        order = torch.randperm(count, generator=stage.generator)
        for start in range(0, count - recipe.batch + 1, recipe.batch):
            parts = stage.loss(heads, order[start : start + recipe.batch])
            optimiser.zero_grad()
            sum(parts.values()).backward()
            optimiser.step()
            schedule.step()
            average.update(heads)
        if not quiet and (epoch % 10 == 9 or epoch in (0, 4)):
            shown = Heads(recipe, stage.classifier)
            shown.load_state_dict(average.weights)
            losses_now = {k: round(v.item(), 3) for k, v in parts.items()}
            figures = {k: round(v, 1) for k, v in stage.figures(shown).items()}
            print(epoch + 1, f"{time.time() - began:.0f}s", losses_now, figures, flush=True)
    heads.load_state_dict(average.weights)
    return heads, stage.figures(heads)


def run() -> None:
    """Train the default recipe and leave frozen.pt in the work folder."""
    recipe = Frozen()
    heads, figures = train(recipe)
    torch.save({"heads": heads.state_dict(), "recipe": asdict(recipe), "figures": figures}, work_folder() / "frozen.pt")
    print(figures)


if __name__ == "__main__":
    run()
