"""Losses of the stages. Images and texts are unit vectors; `scale` is the inverse temperature."""

import torch
import torch.nn.functional as F


def soft_targets(same: torch.Tensor, alike: torch.Tensor, share: float, sharpness: float = 25.0) -> torch.Tensor:
    """Rows sum to 1: mostly the true pairs (`same`, bool), a `share` by how alike the captions are (cosine)."""
    hard = same.float() / same.sum(1, keepdim=True)
    return (1 - share) * hard + share * F.softmax(sharpness * alike, dim=1)


def caption_loss(images, texts, scale, target_rows, target_columns) -> torch.Tensor:
    """Symmetric cross-entropy between photos and captions with soft targets both ways."""
    logits = scale * images @ texts.T
    by_image = -(target_rows * F.log_softmax(logits, 1)).sum(1).mean()
    by_text = -(target_columns * F.log_softmax(logits.T, 1)).sum(1).mean()
    return (by_image + by_text) / 2


def class_loss(images, class_texts, scale, posteriors) -> torch.Tensor:
    """KL from the classifier's posteriors to the softmax over class texts, for every image."""
    guess = F.log_softmax(scale * images @ class_texts.T, 1)
    return F.kl_div(guess, posteriors, reduction="batchmean")


def name_to_image_loss(images, texts, scale, relevance) -> torch.Tensor:
    """For each text, KL from how relevant each image is (rows of `relevance`, >= 0) to the softmax over images."""
    mass = relevance.sum(1, keepdim=True)
    kept = mass.squeeze(1) > 0.05
    target = relevance[kept] / mass[kept]
    guess = F.log_softmax(scale * texts[kept] @ images.T, 1)
    return F.kl_div(guess, target, reduction="batchmean")


def geometry_loss(before: torch.Tensor, after: torch.Tensor) -> torch.Tensor:
    """Mean squared change of pairwise cosines: words must keep their neighbours."""
    return F.mse_loss(after @ after.T, before @ before.T)
