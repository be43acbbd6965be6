"""The built-in model's image tower as OpenVINO takes it: the same network from the same weights.

Made operation by operation from `src/encoders/builtin/model.safetensors`, with every batch norm worked into
the convolution before it, in f32 and in 8 bits (nncf, calibrated with the pictures). Left out is the layer
behind the head that seer runs besides (`visual.head.hubness`), which takes no time to speak of.
"""

import json
from pathlib import Path

import nncf
import numpy as np
import openvino
from openvino import opset13 as ops
from safetensors.numpy import load_file

BUILTIN = Path(__file__).parents[2] / "src/encoders/builtin"
EDGE, PICTURES, EPS = 224, 32, 1e-3
# EfficientNet-Lite0: blocks, kernel, step, expansion, channels.
STAGES = ((1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112),
          (4, 5, 2, 6, 192), (1, 3, 1, 6, 320))


class Network:
    def __init__(self):
        weights = load_file(BUILTIN / "model.safetensors")
        self.weights = {name: values.astype(np.float32) for name, values in weights.items()}

    def folded(self, convolution, norm):
        """Weight and bias of a convolution with its norm in them."""
        weight, norm = self.weights[f"visual.trunk.{convolution}.weight"], f"visual.trunk.{norm}"
        part = lambda name: self.weights[f"{norm}.{name}"]
        factor = part("weight") / np.sqrt(part("running_var") + EPS)
        return weight * factor[:, None, None, None], part("bias") - part("running_mean") * factor

    def convolution(self, x, name, norm, stride=1, grouped=False):
        weight, bias = self.folded(name, norm)
        run = ops.convolution
        if grouped:
            run, weight = ops.group_convolution, weight[:, None]
        steps, none = [stride, stride], [0, 0]
        made = run(x, ops.constant(weight), steps, none, none, [1, 1], "same_upper")
        return ops.add(made, ops.constant(bias[None, :, None, None]))

    def block(self, x, base, kernel, stride, expansion, added):
        relu6 = lambda x: ops.clamp(x, 0.0, 6.0)
        inner, norms, last = x, ["bn1", "bn2"], "conv_pw"
        if expansion > 1:
            inner = relu6(self.convolution(x, f"{base}.conv_pw", f"{base}.bn1"))
            norms, last = ["bn2", "bn3"], "conv_pwl"
        inner = relu6(self.convolution(inner, f"{base}.conv_dw", f"{base}.{norms[0]}", stride, True))
        out = self.convolution(inner, f"{base}.{last}", f"{base}.{norms[1]}")
        return ops.add(out, x) if added else out

    def linear(self, x, name):
        made = ops.matmul(x, ops.constant(self.weights[f"{name}.weight"]), False, True)
        bias = self.weights.get(f"{name}.bias")
        return made if bias is None else ops.add(made, ops.constant(bias[None]))

    def model(self):
        picture = ops.parameter([-1, 3, EDGE, EDGE], np.float32, name="input")
        x = ops.clamp(self.convolution(picture, "conv_stem", "bn1", 2), 0.0, 6.0)
        channels = 32
        for number, (blocks, kernel, stride, expansion, outputs) in enumerate(STAGES):
            for repeat in range(blocks):
                step = stride if repeat == 0 else 1
                added = step == 1 and channels == outputs
                x = self.block(x, f"blocks.{number}.{repeat}", kernel, step, expansion, added)
                channels = outputs
        x = ops.clamp(self.convolution(x, "conv_head", "bn2"), 0.0, 6.0)
        x = ops.reduce_mean(x, ops.constant(np.array([2, 3], np.int64)), False)
        x = ops.gelu(self.linear(x, "visual.head.mlp.fc1"), "erf")
        x = ops.normalize_l2(self.linear(x, "visual.head.mlp.fc2"),
                             ops.constant(np.array([1], np.int64)), 1e-12, "add")
        return openvino.Model([x], [picture], "builtin")

    def with_hubness(self, units):
        """What seer makes of the head's units: scaled alike in all directions but one, then of length 1."""
        part = lambda name: self.weights[f"visual.head.hubness.{name}"]
        settings = json.loads((BUILTIN / "open_clip_config.json").read_text())
        strength = settings["model_cfg"]["vision_cfg"]["hubness"]["strength"]
        prototypes = part("prototypes") * part("prototypes.scale")[:, None]
        sums = np.exp(units @ prototypes.T + part("bias")).sum(1)
        aside = np.sqrt(np.maximum(0, strength * np.log(sums)))
        found = units + aside[:, None] * part("axis")
        return found / np.linalg.norm(found, axis=1, keepdims=True)


def write_pictures(folder):
    """`[PICTURES, EDGE, EDGE, 3]` bytes: slow waves with random colours, and some fine noise."""
    random = np.random.default_rng(3)
    down, across = np.mgrid[:EDGE, :EDGE] / EDGE
    pixels = np.zeros((PICTURES, EDGE, EDGE, 3))
    for _ in range(12):
        x, y, phase = (random.uniform(-20, 20, (PICTURES, 1, 1)) for _ in range(3))
        wave = np.sin(x * across + y * down + phase)[..., None]
        pixels += wave * random.normal(0, 0.1, (PICTURES, 1, 1, 3))
    pixels += 0.5 + random.normal(0, 0.05, pixels.shape)
    (pixels.clip(0, 1) * 255).astype(np.uint8).tofile(folder / "pictures.u8")


def pictures(folder):
    """The pictures as peers take them: normalised planes."""
    settings = json.loads((BUILTIN / "open_clip_config.json").read_text())["preprocess_cfg"]
    mean, std = (np.array(settings[name], np.float32) for name in ("mean", "std"))
    pixels = np.fromfile(folder / "pictures.u8", np.uint8).reshape(PICTURES, EDGE, EDGE, 3)
    planes = (pixels.astype(np.float32) / 255 - mean) / std
    return np.ascontiguousarray(planes.transpose(0, 3, 1, 2))


def openvino_for(model, threads, batches):
    """A program for each batch, as fixed shapes are fastest; f32 is computed in f32 also where AMX has bf16."""
    core, compiled = openvino.Core(), {}
    settings = {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY",
                "ENABLE_HYPER_THREADING": True, "INFERENCE_PRECISION_HINT": "f32"}
    for batch in batches:
        read = model.clone()
        read.reshape([batch, 3, EDGE, EDGE])
        compiled[batch] = core.compile_model(read, "CPU", settings).create_infer_request()
    return lambda values: compiled[len(values)].infer([values])[0]


def write(folder):
    """The pictures, and the tower in f32 and in 8 bits."""
    write_pictures(folder)
    model = Network().model()
    openvino.save_model(model, folder / "builtin.xml", compress_to_fp16=False)
    samples = [picture[None] for picture in pictures(folder)]
    rounded = nncf.quantize(model, nncf.Dataset(samples), subset_size=len(samples))
    openvino.save_model(rounded, folder / "builtin.int8.xml", compress_to_fp16=False)
