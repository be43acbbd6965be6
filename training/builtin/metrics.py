"""Figures: caption retrieval, and the proxies for queries by name. Everything takes unit vectors."""

import torch


def recall_by_text(texts: torch.Tensor, owner: torch.Tensor, images: torch.Tensor, ks=(1, 5, 10)) -> list[float]:
    """Share (percent) of texts whose own photo is among the k nearest."""
    scores = texts @ images.T
    own = scores.gather(1, owner.unsqueeze(1))
    rank = (scores > own).sum(1)
    return [100 * (rank < k).float().mean().item() for k in ks]


def recall_by_image(texts: torch.Tensor, owner: torch.Tensor, images: torch.Tensor, ks=(1, 5, 10)) -> list[float]:
    """Share (percent) of photos that have one of their captions among the k nearest."""
    scores = images @ texts.T
    mine = owner.unsqueeze(0) == torch.arange(len(images)).unsqueeze(1)
    best = scores.masked_fill(~mine, -2).max(1).values
    rank = (scores > best.unsqueeze(1)).sum(1)
    return [100 * (rank < k).float().mean().item() for k in ks]


def hits_by_label(texts: torch.Tensor, wanted: torch.Tensor, images: torch.Tensor, k: int = 10) -> float:
    """Share (percent) of texts with at least one wanted photo among the k nearest; `wanted` is bool [texts, images]."""
    top = (texts @ images.T).topk(k, dim=1).indices
    return 100 * wanted.gather(1, top).any(1).float().mean().item()


def precision_by_label(texts: torch.Tensor, wanted: torch.Tensor, images: torch.Tensor, k: int = 10) -> float:
    """Mean share (percent) of wanted photos among the k nearest, of as many as there can be."""
    top = (texts @ images.T).topk(k, dim=1).indices
    found = wanted.gather(1, top).sum(1).float()
    return 100 * (found / wanted.sum(1).clamp(1, k)).mean().item()


def geometry_drift(before: torch.Tensor, after: torch.Tensor) -> float:
    """Mean absolute change of pairwise cosines between two embeddings of the same texts."""
    pairs = torch.triu_indices(len(before), len(before), 1)
    change = (before @ before.T - after @ after.T)[pairs[0], pairs[1]]
    return change.abs().mean().item()


def neighbour_likeness(images: torch.Tensor, gist: torch.Tensor, k: int = 10) -> float:
    """How alike the captions of a photo and of its k nearest photos are: mean cosine, percent; `gist` [photos, width]."""
    scores = (images @ images.T).fill_diagonal_(-2)
    near = scores.topk(k, dim=1).indices
    return 100 * (gist.unsqueeze(1) * gist[near]).sum(2).mean().item()
