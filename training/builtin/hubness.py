"""Stage 3, no training: photos near very many captions are found too often ("hubs"; Radovanovic et al., 2010), so they step back a little.

As in query-bank normalisation (Bogolin et al., CVPR 2022), a photo's nearness to a bank of queries lowers its scores; here inside the
image tower, so that plain cosines do it. The bank is the training captions, as 128 k-means centroids. With unit u of the image head,

    crowding = logsumexp(prototypes @ u + bias)
    out      = u + sqrt(max(0, strength * crowding)) * axis

where `axis` is orthogonal to u and to every text: all cosines with texts shrink by the same factor, which depends on the photo alone.
"""

import torch
import torch.nn.functional as F

SHARPNESS = 20.0
CENTROIDS = 128
ROUNDS = 6


def centroids_of(texts: torch.Tensor, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Spherical k-means: the mean of every cluster (shorter than 1) and the log of its share of the texts."""
    generator = torch.Generator().manual_seed(seed)
    centres = texts[torch.randperm(len(texts), generator=generator)[:CENTROIDS]]
    for _ in range(ROUNDS):
        nearest = (texts @ centres.T).argmax(1)
        sums = torch.zeros_like(centres).index_add_(0, nearest, texts)
        centres = F.normalize(sums, dim=1)
    counts = torch.bincount(nearest, minlength=CENTROIDS).float().clamp(min=1)
    return sums / counts[:, None], (counts / len(texts)).log()


def free_axis(projection: torch.Tensor) -> torch.Tensor:
    """A unit vector orthogonal to all columns of `projection` [dim, width], dim > width: no text reaches it."""
    return torch.linalg.svd(projection.double(), full_matrices=True)[0][:, -1].float()


@torch.no_grad()
def add(state: dict[str, torch.Tensor], captions: torch.Tensor, photos: torch.Tensor, strength: float) -> dict[str, torch.Tensor]:
    """`state` (heads under open_clip's names) with the correction; `captions` [n, 384] and `photos` [m, 1280] are features of the towers.

    The temperature is lowered to where the photos' scores are as far apart as before.
    """
    texts = F.normalize(captions @ state["text.proj.weight"].T, dim=1)
    means, log_share = centroids_of(texts)
    axis = free_axis(state["text.proj.weight"])
    second = state["visual.head.mlp.fc2.weight"]
    out = state | {
        "visual.head.mlp.fc2.weight": second - torch.outer(axis, axis @ second),
        "visual.head.hubness.prototypes": SHARPNESS * means,
        "visual.head.hubness.bias": log_share,
        "visual.head.hubness.axis": axis,
    }
    hidden = F.gelu(photos @ state["visual.head.mlp.fc1.weight"].T + state["visual.head.mlp.fc1.bias"])
    unit = F.normalize(hidden @ out["visual.head.mlp.fc2.weight"].T, dim=1)
    corrected = Hubness(len(means), len(axis), strength)
    corrected.load_state_dict({k: out[f"visual.head.hubness.{k}"] for k in ("prototypes", "bias", "axis")})
    return out | {"logit_scale": state["logit_scale"] + corrected(unit).norm(dim=1).log().mean()}


class Hubness(torch.nn.Module):
    """The correction as the last layer of the image head."""

    def __init__(self, prototypes: int, dim: int, strength: float) -> None:
        super().__init__()
        self.prototypes = torch.nn.Parameter(torch.zeros(prototypes, dim))
        self.bias = torch.nn.Parameter(torch.zeros(prototypes))
        self.axis = torch.nn.Parameter(torch.zeros(dim))
        self.strength = strength

    def forward(self, raw: torch.Tensor) -> torch.Tensor:
        unit = F.normalize(raw, dim=1)
        crowding = torch.logsumexp(unit @ self.prototypes.T + self.bias, 1)
        aside = (self.strength * crowding).clamp(min=0).sqrt()
        return unit + aside[:, None] * self.axis
