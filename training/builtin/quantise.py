"""The shipped form of the weights: int8 rows for the text transformer's matrices and the hubness prototypes, f16 for the image
tower's and the heads', f32 for everything small. The image tower in int8 as well would save 5 MiB and move recall by up to 0.9 points (RESULTS.md)."""

import torch

METADATA = {"format": "pt", "quantization": "int8-rows"}


def skipped(name: str) -> bool:
    """Bookkeeping that no tower reads."""
    return name.endswith(("num_batches_tracked", "position_ids", "embeddings.token_type_ids"))


def is_precious(name: str) -> bool:
    """Matrices that stay f16: few bytes, and every photo goes through them."""
    return not name.startswith("text.transformer.") and not name.endswith("hubness.prototypes")


def best_scale(rows: torch.Tensor) -> torch.Tensor:
    """For each row the scale, from full range down to 0.8 of it, with the smallest squared error."""
    full = rows.abs().amax(1, keepdim=True).clamp(min=1e-12) / 127
    best, error = full.clone(), torch.full_like(full, float("inf"))
    for share in (1.0, 0.97, 0.94, 0.9, 0.86, 0.8):
        scale = full * share
        missed = (((rows / scale).round().clamp(-127, 127) * scale - rows) ** 2).sum(1, keepdim=True)
        better = missed < error
        best, error = torch.where(better, scale, best), torch.where(better, missed, error)
    return best


def quantise(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Tensors of the shipped file; an I8 tensor `x` comes with `x.scale` [rows]."""
    out = {}
    for name, value in state.items():
        if skipped(name):
            continue
        value = value.detach().float()
        if value.ndim < 2:
            out[name] = value.contiguous()
        elif is_precious(name):
            out[name] = value.half().contiguous()
        else:
            rows = value.reshape(len(value), -1)
            scale = best_scale(rows)
            out[name] = (rows / scale).round().clamp(-127, 127).to(torch.int8).reshape(value.shape).contiguous()
            out[name + ".scale"] = scale.squeeze(1).contiguous()
    return out


def dequantise(stored: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """An f32 open_clip state dict from the shipped tensors."""
    out = {}
    for name, value in stored.items():
        if name.endswith(".scale"):
            continue
        if value.dtype == torch.int8:
            shape = [-1] + [1] * (value.ndim - 1)
            value = value.float() * stored[name + ".scale"].reshape(shape)
        out[name] = value.float()
    return out
