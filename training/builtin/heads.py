"""Stage 2: the towers stay as they are; the two heads learn captions and names on the tuned trunk's cached features.

Against learning 6,000 photos by heart, features of two photos are mixed (mix-up; the targets likewise), and so are those of two
captions of the same photo. Several runs start from the same heads and see the data in different order; the shipped heads are the mean
of their weights, as with the trunk (tune.py). Leaves heads-<seed>.pt per run and heads.pt, the mean, in the work folder.
"""

import time
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F

from . import concepts, losses
from .mixing import Mix
from .sampling import Averaged, gist_of, one_row_per_owner
from .model import imagenet_trunk
from .proxies import NameProxy, caption_figures
from .settings import CLASSES, EMBED_DIM, HEAD_VIEWS, HIDDEN, seed_everything, work_folder
from .synthetic import classifier_of, stand_ins
from .text_bank import load_bank
from .tuned import tuned_features


@dataclass
class Recipe:
    """The recipe of stage 2; the defaults are those of the shipped model."""

    epochs: int = 40
    batch: int = 750
    stand_ins: int = 750
    rate: float = 1e-3
    decay: float = 0.1
    gain: float = 0.5  # how strongly the hidden units see the class logits at the start
    threshold: float = 2.0  # and from which logit on they fire
    dropout: float = 0.5
    mixed_photos: float = 0.5  # share of the steps
    mixed_captions: float = 0.5  # largest share of the second caption
    soft_share: float = 0.2
    w_class: float = 0.2
    w_name: float = 0.25
    w_sentence: float = 0.15
    w_geometry: float = 5.0
    seeds: tuple[int, ...] = (1, 2, 3)
    views: int = HEAD_VIEWS
    averaging: float = 0.985


class Heads(torch.nn.Module):
    """The two heads: timm's Mlp without an output bias, over centred and scaled features, and a linear text projection without bias."""

    def __init__(self, recipe: Recipe, classifier, features: torch.Tensor) -> None:
        super().__init__()
        self.fc1 = torch.nn.Linear(features.shape[1], HIDDEN)
        self.fc2 = torch.nn.Linear(HIDDEN, EMBED_DIM, bias=False)
        self.proj = torch.nn.Linear(384, EMBED_DIM, bias=False)
        self.scale = torch.nn.Parameter(torch.tensor(3.0))
        self.name_scale = torch.nn.Parameter(torch.tensor(3.0))
        self.dropout = recipe.dropout
        torch.nn.init.orthogonal_(self.proj.weight)
        self.register_buffer("mean", features.mean(0))
        self.register_buffer("gain", 0.6 / features.std())
        with torch.no_grad():
            self.fc1.weight[:CLASSES] = recipe.gain * classifier.weight / self.gain
            self.fc1.bias[:CLASSES] = recipe.gain * (classifier.logits(self.mean) - recipe.threshold)

    def point_classes_at(self, name_features: torch.Tensor) -> None:
        """Let each class unit write the projected name of its class."""
        with torch.no_grad():
            self.fc2.weight.mul_(0.3)
            self.fc2.weight[:, :CLASSES] = 0.3 * F.normalize(self.proj(name_features), dim=1).T

    def image(self, features):
        inputs = F.dropout((features - self.mean) * self.gain, self.dropout / 2, self.training)
        hidden = F.gelu(self.fc1(inputs))
        return F.normalize(self.fc2(F.dropout(hidden, self.dropout, self.training)), dim=1)

    def text(self, features):
        return F.normalize(self.proj(features), dim=1)

    @torch.no_grad()
    def state_for_clip(self) -> dict[str, torch.Tensor]:
        """The weights under open_clip's names, with centring and scaling worked into the first layer."""
        first = self.fc1.weight * self.gain
        return {
            "visual.head.mlp.fc1.weight": first,
            "visual.head.mlp.fc1.bias": self.fc1.bias - first @ self.mean,
            "visual.head.mlp.fc2.weight": self.fc2.weight.detach(),
            "text.proj.weight": self.proj.weight.detach(),
            "logit_scale": self.scale.detach(),
        }


class Stage:
    """Data of stage 2 and its training step."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.train = tuned_features("train", recipe.views)
        self.dev = tuned_features("dev", 0)[0]
        self.bank = load_bank()
        self.classifier = classifier_of(imagenet_trunk(), self.train[0])
        self.proxy = NameProxy(self.dev, self.classifier)
        captions, owner = self.bank.of("train")
        self.gist = gist_of(captions, owner)
        self.generator = torch.Generator()
        groups = concepts.groups()
        self.membership = torch.zeros(len(groups), CLASSES)
        for index, group in enumerate(groups):
            self.membership[index, group.members] = 1
        held = concepts.known_and_held_out().held_groups
        self.open_groups = torch.tensor([i for i in range(len(groups)) if i not in held])

    def heads(self) -> Heads:
        """Where every run starts."""
        seed_everything(self.recipe.seeds[0])
        heads = Heads(self.recipe, self.classifier, self.train[0])
        heads.point_classes_at(self.bank.features["usual"])
        return heads

    def some_photos(self, count: int) -> torch.Tensor:
        """Features of random photos in random views."""
        views = torch.randint(len(self.train), (count,), generator=self.generator)
        return self.train[views, torch.randint(self.train.shape[1], (count,), generator=self.generator)]

    def loss(self, heads: Heads, rows: torch.Tensor) -> dict[str, torch.Tensor]:
        r, g = self.recipe, self.generator
        views = torch.randint(len(self.train), (len(rows),), generator=g)
        real, mix = self.train[views, rows], Mix.of_features(len(rows), r.mixed_photos, g)
        real = mix(real)
        labels = torch.randint(CLASSES, (r.stand_ins,), generator=g)
        made = stand_ins(self.some_photos(r.stand_ins), labels, self.classifier, g)
        posteriors = self.classifier.logits(torch.cat([real, made])).softmax(1)
        images = heads.image(torch.cat([real, made]))
        return self.caption_part(heads, images[: len(rows)], rows, mix) | self.name_part(heads, images, posteriors, labels, len(rows))

    def captions_of(self, rows: torch.Tensor) -> torch.Tensor:
        """For every photo the features of a random caption, with some of another of its captions mixed in."""
        features, owner = self.bank.of("train")
        first, second = (features[one_row_per_owner(owner, self.generator)[rows]] for _ in range(2))
        share = self.recipe.mixed_captions * torch.rand(len(rows), 1, generator=self.generator)
        return (1 - share) * first + share * second

    def caption_part(self, heads, images, rows, mix):
        same, alike = mix(torch.eye(len(rows))), mix(self.gist[rows] @ self.gist[rows].T)
        by_image = losses.soft_targets(same, alike, self.recipe.soft_share)
        by_text = losses.soft_targets(same.T, alike.T, self.recipe.soft_share)
        scale = heads.scale.exp().clamp(max=100)
        both = [losses.caption_loss(images, heads.text(self.captions_of(rows)), scale, by_image, by_text) for _ in range(2)]
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


def train(stage: Stage, seed: int) -> Heads:
    """One run of the stage's recipe."""
    recipe, heads = stage.recipe, stage.heads()
    seed_everything(seed)
    stage.generator.manual_seed(seed)
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
        if epoch % 10 == 9 or epoch in (0, 4):
            shown = Heads(recipe, stage.classifier, stage.train[0])
            shown.load_state_dict(average.weights)
            losses_now = {k: round(v.item(), 3) for k, v in parts.items()}
            print(seed, epoch + 1, f"{time.time() - began:.0f}s", losses_now, rounded(stage.figures(shown)), flush=True)
    heads.load_state_dict(average.weights)
    return heads


def rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 1) for name, value in figures.items()}


def run(recipe: Recipe = Recipe()) -> None:
    """All runs and their mean, heads.pt; what is in the work folder already is kept."""
    stage = Stage(recipe)
    files = [work_folder() / f"heads-{seed}.pt" for seed in recipe.seeds]
    for file, seed in zip(files, recipe.seeds):
        if not file.is_file():
            torch.save(train(stage, seed).state_dict(), file)
    states = [torch.load(file) for file in files]
    heads = stage.heads()
    heads.load_state_dict({name: sum(state[name] for state in states) / len(states) for name in states[0]})
    figures = stage.figures(heads)
    torch.save({"heads": heads.state_for_clip(), "recipe": asdict(recipe), "figures": figures}, work_folder() / "heads.pt")
    print("mean of the runs", rounded(figures), flush=True)


if __name__ == "__main__":
    run()
