"""The same vision transformer in PyTorch, attention by scaled_dot_product_attention."""

import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import load_file

from vit import EPS, MEAN, STD

DTYPES = {"f32": torch.float32, "bf16": torch.bfloat16, "f16": torch.float16}


class Vit:
    """Weights on a device in their numbers; norms, residual sums and attention in these too, as
    PyTorch's half precision has it."""

    def __init__(self, model, folder, device, dtype):
        self.model, self.device, self.dtype = model, device, dtype
        tensors = load_file(folder / "model.safetensors")
        place = lambda values: torch.from_numpy(values).to(device, dtype)
        self.tensors = {name: place(values) for name, values in tensors.items()
                        if name.startswith("vis")}
        for layer in range(model.layers):
            base = f"vision_model.encoder.layers.{layer}.self_attn"
            for part in ("weight", "bias"):
                joined = [self.tensors[f"{base}.{name}_proj.{part}"] for name in "qkv"]
                self.tensors[f"{base}.qkv.{part}"] = torch.cat(joined)
        self.mean = torch.from_numpy(255 * MEAN).to(device)
        self.factor = torch.from_numpy(1 / (255 * STD)).to(device)

    def norm(self, x, base):
        weight, bias = (self.tensors[f"{base}.{part}"] for part in ("weight", "bias"))
        return F.layer_norm(x, (self.model.width,), weight, bias, EPS)

    def linear(self, x, base):
        return F.linear(x, self.tensors[f"{base}.weight"], self.tensors[f"{base}.bias"])

    @torch.inference_mode()
    def __call__(self, pixels):
        """`[pictures, edge, edge, 3]` bytes to unit embeddings, f32, both in NumPy."""
        model, embeddings = self.model, "vision_model.embeddings"
        pixels = torch.from_numpy(pixels).to(self.device)
        planes = ((pixels.float() - self.mean) * self.factor).to(self.dtype).permute(0, 3, 1, 2)
        kernel = self.tensors[f"{embeddings}.patch_embedding.weight"]
        x = F.conv2d(planes, kernel, stride=model.patch).flatten(2).transpose(1, 2)
        first = self.tensors[f"{embeddings}.class_embedding"].expand(len(x), 1, -1)
        x = torch.cat([first, x], 1) + self.tensors[f"{embeddings}.position_embedding.weight"]
        x = self.norm(x, "vision_model.pre_layrnorm")
        for layer in range(model.layers):
            x = self.block(x, f"vision_model.encoder.layers.{layer}")
        x = self.norm(x[:, 0], "vision_model.post_layernorm")
        x = F.linear(x, self.tensors["visual_projection.weight"]).float()
        return F.normalize(x, dim=1).cpu().numpy()

    def block(self, x, base):
        batch, places, width = x.shape
        qkv = self.linear(self.norm(x, f"{base}.layer_norm1"), f"{base}.self_attn.qkv")
        qkv = qkv.view(batch, places, 3, self.model.heads, -1).permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(*qkv).transpose(1, 2).reshape(batch, places, width)
        x = x + self.linear(seen, f"{base}.self_attn.out_proj")
        hidden = self.linear(self.norm(x, f"{base}.layer_norm2"), f"{base}.mlp.fc1")
        # CLIP's QuickGELU.
        hidden = hidden * torch.sigmoid(1.702 * hidden)
        return x + self.linear(hidden, f"{base}.mlp.fc2")


def describe(device):
    name = torch.cuda.get_device_name() if device == "cuda" else "cpu"
    return f"{name}, PyTorch {torch.__version__}"


def libraries():
    """Folders of CUDA's libraries that came with PyTorch."""
    packages = Path(torch.__file__).parent.parent
    return sorted({str(path.parent) for path in packages.glob("nvidia/**/lib*.so*")})


def wait(device):
    if device == "cuda":
        torch.cuda.synchronize()


def peak(device, dtype, size):
    """Operations a second of a product of two `size` x `size` matrices, the best of 20."""
    a, b = (torch.randn(size, size, device=device, dtype=DTYPES[dtype]) for _ in range(2))
    best = float("inf")
    for _ in range(20):
        wait(device)
        start = time.perf_counter()
        a @ b
        wait(device)
        best = min(best, time.perf_counter() - start)
    return 2 * size ** 3 / best


def pictures(model, folder):
    pixels = np.fromfile(folder / "pictures.u8", np.uint8)
    return pixels.reshape(-1, model.edge, model.edge, 3)


def embeddings(model, folder, device):
    """Of the checkpoint's pictures in f32."""
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    return Vit(model, folder, device, torch.float32)(pictures(model, folder))


def rate(model, folder, device, dtype, batch, seconds):
    """Pictures a second, the best of rounds of one batch within `seconds`."""
    network = Vit(model, folder, device, DTYPES[dtype])
    pixels = pictures(model, folder)
    pixels = pixels[np.arange(batch) % len(pixels)]
    network(pixels)
    best, rounds, end = float("inf"), 0, time.perf_counter() + seconds
    while rounds < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        network(pixels)
        best, rounds = min(best, time.perf_counter() - start), rounds + 1
    return batch / best
