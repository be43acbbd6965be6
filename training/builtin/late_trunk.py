"""The trunk's late stages in a form that learns fast on a CPU.

Batch norms are folded into the convolutions, 1 x 1 convolutions are matrix products over [n, h, w, channels] in bf16, and
depthwise kernels stay as they are (their gradient costs more than everything else together, and they are 2 % of the weights).
`write_back` puts the result into a timm trunk again, with batch norms that only add the bias.
"""

import torch
import torch.nn.functional as F

from .features import LATE


def folded(conv, norm) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the convolution with its batch norm."""
    factor = norm.weight / (norm.running_var + norm.eps).sqrt()
    return (conv.weight * factor.reshape(-1, 1, 1, 1)).detach(), (norm.bias - norm.running_mean * factor).detach()


def unfold(conv, norm, weight: torch.Tensor, bias: torch.Tensor) -> None:
    """Store a folded pair: the batch norm becomes "add the bias"."""
    conv.weight.copy_(weight.reshape(conv.weight.shape))
    norm.running_mean.zero_()
    norm.running_var.fill_(1 - norm.eps)
    norm.weight.fill_(1)
    norm.bias.copy_(bias)


class Pointwise(torch.nn.Module):
    def __init__(self, conv, norm) -> None:
        super().__init__()
        weight, bias = folded(conv, norm)
        self.weight, self.bias = torch.nn.Parameter(weight.flatten(1)), torch.nn.Parameter(bias)

    def forward(self, maps: torch.Tensor, fast: bool) -> torch.Tensor:
        with torch.autocast("cpu", torch.bfloat16, enabled=fast):
            return F.linear(maps, self.weight, self.bias).float()


class Depthwise(torch.nn.Module):
    def __init__(self, conv, norm) -> None:
        super().__init__()
        weight, bias = folded(conv, norm)
        self.register_buffer("weight", weight)
        self.bias = torch.nn.Parameter(bias)
        self.stride, self.size = conv.stride[0], conv.kernel_size[0]

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """[n, h, w, c]; TensorFlow's SAME padding."""
        side = maps.shape[1]
        total = max((-(-side // self.stride) - 1) * self.stride + self.size - side, 0)
        before = total // 2
        maps = F.pad(maps, (0, 0, before, total - before, before, total - before))
        out = F.conv2d(maps.permute(0, 3, 1, 2), self.weight, None, self.stride, groups=len(self.weight))
        return out.permute(0, 2, 3, 1) + self.bias


class Block(torch.nn.Module):
    """One inverted residual block."""

    def __init__(self, block) -> None:
        super().__init__()
        self.expand, self.spread = Pointwise(block.conv_pw, block.bn1), Depthwise(block.conv_dw, block.bn2)
        self.project, self.skip = Pointwise(block.conv_pwl, block.bn3), block.has_skip

    def forward(self, maps: torch.Tensor, fast: bool) -> torch.Tensor:
        out = self.spread(self.expand(maps, fast).clamp(0, 6)).clamp(0, 6)
        out = self.project(out, fast)
        return out + maps if self.skip else out


class LateTrunk(torch.nn.Module):
    def __init__(self, trunk) -> None:
        super().__init__()
        self.blocks = torch.nn.ModuleList(Block(b) for stage in trunk.blocks[LATE:] for b in stage)
        self.head = Pointwise(trunk.conv_head, trunk.bn2)

    def forward(self, maps: torch.Tensor, fast: bool) -> torch.Tensor:
        """Maps [n, 14, 14, 112] to pooled features [n, 1280]; `fast` multiplies in bf16."""
        for block in self.blocks:
            maps = block(maps, fast)
        return self.head(maps, fast).clamp(0, 6).mean((1, 2))

    @torch.no_grad()
    def write_back(self, trunk) -> None:
        originals = [b for stage in trunk.blocks[LATE:] for b in stage]
        for own, block in zip(self.blocks, originals):
            unfold(block.conv_pw, block.bn1, own.expand.weight, own.expand.bias)
            unfold(block.conv_dw, block.bn2, own.spread.weight, own.spread.bias)
            unfold(block.conv_pwl, block.bn3, own.project.weight, own.project.bias)
        unfold(trunk.conv_head, trunk.bn2, self.head.weight, self.head.bias)
