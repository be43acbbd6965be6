"""Stand-ins for photos of the 1,000 classes, made from real photos' features and the trunk's classifier.

No photos of the classes are at hand. A linear classifier with weight w_c over features of covariance S says that photos of
class c differ from others along S w_c. So a stand-in is a real photo's feature vector moved along that direction until the
classifier gives the class a drawn margin, then clipped to what relu6 pooling can give. Background, clutter and noise are the real photo's.
These are proxies: their figures are not those of real photos of the classes.
"""

from dataclasses import dataclass

import torch


@dataclass
class Classifier:
    """The trunk's 1,000-class head and, for each class, the direction S w_c scaled to raise its logit by 1."""

    weight: torch.Tensor
    bias: torch.Tensor
    direction: torch.Tensor

    def logits(self, features: torch.Tensor) -> torch.Tensor:
        return features @ self.weight.T + self.bias


def classifier_of(trunk: torch.nn.Module, features: torch.Tensor) -> Classifier:
    weight = trunk.classifier.weight.detach().clone()
    centred = features - features.mean(0)
    covariance = centred.T @ centred / len(features)
    covariance += 0.05 * covariance.diagonal().mean() * torch.eye(len(covariance))
    direction = weight @ covariance
    direction /= (direction * weight).sum(1, keepdim=True)
    return Classifier(weight, trunk.classifier.bias.detach().clone(), direction)


def stand_ins(
    features: torch.Tensor, labels: torch.Tensor, classifier: Classifier, generator: torch.Generator, low=-1.5, high=6.0
) -> torch.Tensor:
    """One stand-in of `labels[i]` on the background `features[i]`; the margin over the best other logit is uniform in [low, high]."""
    margin = low + (high - low) * torch.rand(len(labels), generator=generator)
    shrink = 0.35 + 0.65 * torch.rand(len(labels), 1, generator=generator)
    moved = features * shrink
    for _ in range(3):  # clipping eats part of the step, so repeat
        logits = classifier.logits(moved)
        own = logits.gather(1, labels[:, None]).squeeze(1)
        other = logits.scatter(1, labels[:, None], -1e9).max(1).values
        step = (other + margin - own).clamp(min=0)
        moved = (moved + step[:, None] * classifier.direction[labels]).clamp(0, 6)
    return moved
