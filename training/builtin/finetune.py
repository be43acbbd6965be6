"""Stage 2: the late stages of the trunk, the late layers of the text tower and both heads learn together.

What keeps the towers general: the trunk's new features must stay near its old ones and give the old class posteriors,
words that no caption has must keep their embedding, and stand-ins of all classes stay in every batch. Memories of recent
embeddings may add contrast to a small batch (off by default: both runs with them lost ground, see RESULTS.md). What is kept is a moving average.

No run of this stage has beaten stage 1 yet, so the shipped model does not include it (RESULTS.md).
"""

import math
import sys
import time
from dataclasses import asdict, dataclass, fields

import torch
import torch.nn.functional as F

from . import concepts, losses
from .features import photo_features
from .frozen import Averaged, Frozen, Heads, Stage, one_row_per_owner
from .late_text import LATE as TEXT_LATE
from .late_text import States, pooled, pooled_all
from .late_trunk import LateTrunk
from .model import Tokens, build, config, fill_from_packages
from .proxies import caption_figures
from .settings import CLASSES, seed_everything, work_folder
from .synthetic import stand_ins
from .text_bank import text_folder


@dataclass
class Fine:
    """The recipe of stage 2."""

    name: str = "fine"
    start: str = "frozen.pt"
    epochs: int = 12
    views: int = 5
    batch: int = 250
    stand_ins: int = 250
    memory: int = 0
    trunk_rate: float = 2e-4
    text_rate: float = 1e-4
    head_rate: float = 3e-4
    decay: float = 0.05
    soft_share: float = 0.2
    classes: int = 160
    groups: int = 48
    words: int = 100
    sentences: int = 30
    w_class: float = 0.2
    w_name: float = 0.4
    w_sentence: float = 0.15
    w_word: float = 1.0
    w_keep: float = 1.0
    w_posterior: float = 1.0
    averaging: float = 0.985
    seed: int = 7


class Memory:
    """The most recent embeddings and the photo each belongs to."""

    def __init__(self, size: int) -> None:
        self.size, self.vectors, self.owners = size, None, None

    def add(self, vectors: torch.Tensor, owners: torch.Tensor) -> None:
        vectors = vectors.detach()
        self.vectors = vectors if self.vectors is None else torch.cat([vectors, self.vectors])[: self.size]
        self.owners = owners if self.owners is None else torch.cat([owners, self.owners])[: self.size]

    def after(self, vectors: torch.Tensor, owners: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """`vectors` followed by what is remembered."""
        if self.vectors is None:
            return vectors, owners
        return torch.cat([vectors, self.vectors]), torch.cat([owners, self.owners])


class Towers(torch.nn.Module):
    """The parts that learn, named so that they can be written back into the open_clip model."""

    def __init__(self, recipe: Fine, stage: Stage) -> None:
        super().__init__()
        saved = torch.load(work_folder() / recipe.start, weights_only=False)
        frozen = Frozen(**saved["recipe"])
        self.heads = Heads(frozen, stage.classifier)
        self.heads.load_state_dict(saved["heads"])
        model = build(text_folder(), config(frozen.embed_dim))
        fill_from_packages(model)
        self.dim = frozen.embed_dim
        self.whole_trunk = [model.visual.trunk]  # in a list: its early stages are no part of what learns
        self.trunk = LateTrunk(model.visual.trunk)
        self.transformer = model.text.transformer
        for parameter in self.transformer.parameters():
            parameter.requires_grad_(False)
        for parameter in self.transformer.encoder.layer[TEXT_LATE:].parameters():
            parameter.requires_grad_(True)

    def features(self, maps: torch.Tensor) -> torch.Tensor:
        return self.trunk(maps, self.training)

    def text(self, states: list[torch.Tensor]) -> torch.Tensor:
        return self.heads.text(pooled(self.transformer, states))

    def open_clip_state(self) -> dict[str, torch.Tensor]:
        trunk = self.whole_trunk[0]
        self.trunk.write_back(trunk)
        state = {f"visual.trunk.{k}": v.clone() for k, v in trunk.state_dict().items()}
        state |= {f"text.transformer.{k}": v for k, v in self.transformer.state_dict().items()}
        heads = self.heads.state_dict()
        state |= {f"visual.head.mlp.{k}": heads[k] for k in ("fc1.weight", "fc1.bias", "fc2.weight")}
        return state | {"text.proj.weight": heads["proj.weight"], "logit_scale": heads["scale"]}


class FineStage:
    def __init__(self, recipe: Fine, stage: Stage | None = None) -> None:
        self.recipe = recipe
        self.stage = stage or Stage(Frozen(views=recipe.views))
        self.maps = photo_features("train", recipe.views)[1]
        self.dev_maps = photo_features("dev", 0)[1][0]
        self.towers = Towers(recipe, self.stage)
        bank = self.stage.bank
        self.states = {k: States(k, t, self.towers.transformer, Tokens()) for k, t in bank.texts.items()}
        heads = self.towers.heads.eval()
        with torch.no_grad():
            self.word_targets = {k: heads.text(bank.features[k]) for k in ("vocabulary", "group")}
        self.generator = torch.Generator().manual_seed(recipe.seed)
        self.image_memory, self.text_memory = Memory(recipe.memory), Memory(recipe.memory)

    def loss(self, rows: torch.Tensor) -> dict[str, torch.Tensor]:
        stage, g, r = self.stage, self.generator, self.recipe
        views = torch.randint(len(self.maps), (len(rows),), generator=g)
        old = stage.train[views, rows]
        features = self.fresh_features(views, rows) if r.trunk_rate > 0 else old
        labels = torch.randint(CLASSES, (r.stand_ins,), generator=g)
        some_view = torch.randint(len(stage.train), labels.shape, generator=g)
        ground = stage.train[some_view, torch.randint(stage.train.shape[1], labels.shape, generator=g)]
        made = stand_ins(ground, labels, stage.classifier, g)
        posteriors = stage.classifier.logits(torch.cat([old, made])).softmax(1)
        images = self.towers.heads.image(torch.cat([features, made]))
        parts = self.caption_part(images[: len(rows)], rows)
        parts |= self.name_part(images, posteriors, labels, len(rows))
        if r.trunk_rate == 0:
            return parts
        guess = stage.classifier.logits(features).log_softmax(1)
        parts["keep"] = r.w_keep * F.mse_loss(features, old) / old.var()
        parts["posterior"] = r.w_posterior * F.kl_div(guess, posteriors[: len(rows)], reduction="batchmean")
        return parts

    def fresh_features(self, views: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
        maps = torch.stack([torch.from_numpy(self.maps[v][i].copy()) for v, i in zip(views.tolist(), rows.tolist())])
        return self.towers.features(maps.float())

    def caption_part(self, images, rows):
        _, owner = self.stage.bank.of("train")
        picks = one_row_per_owner(owner, self.generator)[rows]
        texts = self.towers.text(self.states["train"].pick(picks.tolist()))
        scale = self.towers.heads.scale.exp().clamp(max=100)
        loss = 0.0
        for own, (others, owners) in ((images, self.text_memory.after(texts, rows)), (texts, self.image_memory.after(images, rows))):
            same = rows[:, None] == owners[None]
            alike = self.stage.gist[rows] @ self.stage.gist[owners].T
            targets = losses.soft_targets(same, alike, self.recipe.soft_share)
            loss = loss - (targets * F.log_softmax(scale * own @ others.T, 1)).sum(1).mean() / 2
        self.image_memory.add(images, rows)
        self.text_memory.add(texts, rows)
        return {"caption": loss}

    def name_part(self, images, posteriors, labels, reals):
        r, g, bank = self.recipe, self.generator, self.stage.bank
        scale = self.towers.heads.name_scale.exp().clamp(max=100)
        classes = torch.cat([labels.unique(), posteriors[:reals].sum(0).topk(r.classes).indices]).unique()
        classes = classes[torch.randperm(len(classes), generator=g)[: r.classes]]
        class_rows = one_row_per_owner(bank.of("class")[1], g)[classes]
        groups = self.stage.open_groups[torch.randperm(len(self.stage.open_groups), generator=g)[: r.groups]]
        group_rows = one_row_per_owner(bank.of("group")[1], g)[groups]
        words = torch.randint(len(bank.texts["vocabulary"]), (r.words,), generator=g)
        told = torch.randperm(len(labels), generator=g)[: r.sentences]
        sentence_rows = one_row_per_owner(bank.of("sentence")[1], g)[labels[told]]
        picked = [("class", class_rows), ("group", group_rows), ("vocabulary", words), ("sentence", sentence_rows)]
        short = self.towers.text([s for kind, rows in picked[:3] for s in self.states[kind].pick(rows.tolist())])
        class_texts, group_texts, word_texts = short.split([len(class_rows), len(groups), r.words])
        sentences = self.towers.text(self.states["sentence"].pick(sentence_rows.tolist()))
        share = posteriors[:, classes]
        relevance = torch.cat([share.T, self.stage.membership[groups] @ posteriors.T])
        same = labels[told][:, None] == labels[told][None]
        target = losses.soft_targets(same, same.float(), 0.0)
        inside = share.sum(1) > 0.1
        return {
            "class": r.w_class * losses.class_loss(images[inside], class_texts, scale, share[inside] / share[inside].sum(1, keepdim=True)),
            "name": r.w_name * losses.name_to_image_loss(images, torch.cat([class_texts, group_texts]), scale, relevance),
            "sentence": r.w_sentence * losses.caption_loss(images[reals:][told], sentences, scale, target, target),
            "word": r.w_word * (1 - (word_texts * self.word_targets["vocabulary"][words]).sum(1)).mean(),
        }

    @torch.no_grad()
    def figures(self, towers: Towers) -> dict[str, float]:
        towers.eval()
        features = self.stage.dev
        if self.recipe.trunk_rate > 0:
            maps = torch.from_numpy(self.dev_maps.copy()).float()
            features = torch.cat([towers.features(maps[i : i + 100]) for i in range(0, len(maps), 100)])
        embedded = {k: towers.heads.text(pooled_all(towers.transformer, self.states[k])) for k in ("dev", "usual", "synonym", "group")}
        owner = self.stage.bank.of("dev")[1]
        out = caption_figures(embedded["dev"], owner, towers.heads.image(features))
        out |= self.stage.proxy.figures(towers.heads.image, lambda k: (embedded[k], torch.tensor(self.stage.bank.owners[k])))
        agree = self.stage.classifier.logits(features).argmax(1) == self.stage.classifier.logits(self.stage.dev).argmax(1)
        return out | {"trunk agrees": 100 * agree.float().mean().item()}


def parameter_groups(towers: Towers, recipe: Fine) -> list[dict]:
    rates = {"heads": recipe.head_rate, "trunk": recipe.trunk_rate, "transformer": recipe.text_rate}
    found = {}
    for name, parameter in towers.named_parameters():
        if parameter.requires_grad and rates[name.split(".")[0]] > 0:
            key = (name.split(".")[0], parameter.ndim > 1)
            found.setdefault(key, []).append(parameter)
    return [
        {"params": own, "lr": rates[part], "base": rates[part], "weight_decay": recipe.decay * matrix}
        for (part, matrix), own in found.items()
    ]


def train(recipe: Fine, stage: Stage | None = None) -> None:
    """Run or resume the recipe; every epoch is saved, and its figures printed."""
    seed_everything(recipe.seed)
    fine = FineStage(recipe, stage)
    towers = fine.towers
    optimiser = torch.optim.AdamW(parameter_groups(towers, recipe), betas=(0.9, 0.98))
    average = Averaged(towers, recipe.averaging)
    resume, first = work_folder() / f"{recipe.name}-resume.pt", 0
    if resume.is_file():
        saved = torch.load(resume, weights_only=False)
        towers.load_state_dict(saved["towers"])
        optimiser.load_state_dict(saved["optimiser"])
        average.weights, first = saved["average"], saved["epoch"]
        fine.generator.set_state(saved["generator"])
    count = fine.stage.train.shape[1]
    per_epoch = count // recipe.batch
    began = time.time()
    for epoch in range(first, recipe.epochs):
        towers.train()
        order = torch.randperm(count, generator=fine.generator)
        sums = {}
        for step in range(per_epoch):
            done = (epoch * per_epoch + step) / (recipe.epochs * per_epoch)
            factor = min(1.0, done * recipe.epochs) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
            for group in optimiser.param_groups:
                group["lr"] = group["base"] * factor
            parts = fine.loss(order[step * recipe.batch : (step + 1) * recipe.batch])
            optimiser.zero_grad()
            sum(parts.values()).backward()
            torch.nn.utils.clip_grad_norm_([p for g in optimiser.param_groups for p in g["params"]], 2.0)
            optimiser.step()
            average.update(towers)
            for k, v in parts.items():
                sums[k] = sums.get(k, 0.0) + v.item() / per_epoch
        save_epoch(fine, recipe, towers, optimiser, average, epoch + 1, resume)
        figures = averaged_figures(fine, towers, average, recipe)
        shown = [{k: round(v, digits) for k, v in d.items()} for d, digits in ((sums, 3), (figures, 1))]
        print(epoch + 1, f"{time.time() - began:.0f}s", *shown, flush=True)


def save_epoch(fine, recipe, towers, optimiser, average, epoch, resume) -> None:
    saved = {"towers": towers.state_dict(), "optimiser": optimiser.state_dict(), "average": average.weights, "epoch": epoch}
    torch.save(saved | {"generator": fine.generator.get_state()}, resume)


def averaged_figures(fine, towers, average, recipe) -> dict[str, float]:
    """Figures of the averaged weights, which are also written as `<name>.pt`, ready to export."""
    live = {k: v.clone() for k, v in towers.state_dict().items()}
    towers.load_state_dict(average.weights)
    figures = fine.figures(towers)
    torch.save({"model": towers.open_clip_state(), "recipe": asdict(recipe), "figures": figures}, work_folder() / f"{recipe.name}.pt")
    towers.load_state_dict(live)
    return figures


def recipe_from(arguments: list[str]) -> Fine:
    """A recipe with the fields given as name=value changed."""
    kinds = {f.name: type(f.default) for f in fields(Fine)}
    changes = dict(a.split("=", 1) for a in arguments)
    unknown = set(changes) - set(kinds)
    if unknown:
        raise SystemExit(f"unknown fields {sorted(unknown)}; known: {sorted(kinds)}")
    return Fine(**{k: kinds[k](v) for k, v in changes.items()})


if __name__ == "__main__":
    train(recipe_from(sys.argv[1:]))
