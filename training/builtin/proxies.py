"""The figures of one pair of towers on held-out data: dev captions, and queries by name over stand-ins (see synthetic.py).

`embed_image` maps [n, 1280] pooled features, and `embed_text` a kind of text of the bank, to unit vectors. The stand-ins
are made from the tuned trunk's features of dev photos and the untouched classifier.
"""

import torch

from . import concepts, metrics
from .settings import CLASSES
from .synthetic import Classifier, stand_ins


def caption_figures(texts, owner, images) -> dict[str, float]:
    out = {}
    for name, values in (
        ("t2i", metrics.recall_by_text(texts, owner, images)),
        ("i2t", metrics.recall_by_image(texts, owner, images)),
    ):
        out |= {f"{name}@{k}": v for k, v in zip((1, 5, 10), values)}
    return out


class NameProxy:
    """Queries by name over 3 stand-ins of every class on dev backgrounds, and over the dev photos themselves."""

    def __init__(self, dev: torch.Tensor, classifier: Classifier) -> None:
        self.dev = dev
        self.labels = torch.arange(CLASSES).repeat(3)
        generator = torch.Generator().manual_seed(99)
        background = dev[torch.randint(len(dev), (len(self.labels),), generator=generator)]
        self.features = stand_ins(background, self.labels, classifier, generator)
        posterior = classifier.logits(self.features).softmax(1)
        self.trunk_top1 = 100 * (posterior.argmax(1) == self.labels).float().mean().item()
        self.sure = classifier.logits(dev).softmax(1)

    def figures(self, embed_image, embed_text) -> dict[str, float]:
        images = embed_image(self.features)
        own = lambda classes: classes.unsqueeze(1) == self.labels.unsqueeze(0)
        usual, owner = embed_text("usual")
        out = {"name@10": metrics.hits_by_label(usual, own(owner), images)}
        synonym, owner = embed_text("synonym")
        out["unseen synonym@10"] = metrics.hits_by_label(synonym, own(owner), images)
        out["unseen group p@10"] = self._groups(embed_text, images)
        return out | self._named_dev(embed_image, usual)

    def _groups(self, embed_text, images) -> float:
        texts, owner = embed_text("group")
        held = concepts.known_and_held_out().held_groups
        first = [i for i, g in enumerate(owner.tolist()) if g in held and (i == 0 or owner[i - 1] != g)]
        wanted = torch.stack([torch.isin(self.labels, torch.tensor(concepts.groups()[owner[i]].members)) for i in first])
        return metrics.precision_by_label(texts[first], wanted, images)

    def _named_dev(self, embed_image, usual) -> dict[str, float]:
        """Class names over real dev photos: is one of the photos that the trunk is fairly sure of among the first 10?"""
        classes = (self.sure.max(0).values > 0.5).nonzero().squeeze(1)
        wanted = self.sure[:, classes].T > 0.25
        return {"dev name@10": metrics.hits_by_label(usual[classes], wanted, embed_image(self.dev))}
