"""What `towers.py` compares: one ViT-B/32 with random weights, for seer and for its peers.

Writes to a folder: OpenCLIP's checkpoint, which seer loads as it is; the image and the text tower
as ONNX; both in 8 bits for ONNX Runtime (dynamic: weights beforehand, activations as they come;
static: both from calibration pictures) and for OpenVINO (nncf, calibrated, made for transformers);
and pictures, smooth noise with random colours.
"""

import json
from pathlib import Path

import nncf
import numpy as np
import onnxruntime.quantization as quantization
import open_clip
import openvino
import torch
from onnxruntime.quantization.shape_inference import quant_pre_process
from safetensors.torch import save_file

NAME, EDGE, PICTURES = "ViT-B-32", 224, 32
THREADS = 2
QUERY = "two dogs running on a beach"
MEAN = np.array([0.48145466, 0.4578275, 0.40821073], np.float32)
STD = np.array([0.26862954, 0.26130258, 0.27577711], np.float32)


class Images(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, pictures):
        return self.model.encode_image(pictures, normalize=True)


class Texts(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, ids):
        return self.model.encode_text(ids, normalize=True)


def model():
    """Weights as OpenCLIP draws them before training, with biases and norms moved off their start."""
    torch.manual_seed(7)
    model = open_clip.create_model(NAME)
    with torch.no_grad():
        for name, values in model.named_parameters():
            if name.endswith("bias"):
                values.normal_(0, 0.02)
            elif "ln_" in name:
                values.normal_(1, 0.1)
    return model.eval()


def openvino_at(path, *batches):
    """A program for each batch, as fixed shapes are fastest; f32 is computed in f32 also where AMX
    has bf16. (With the hint for throughput a single request has one thread of two.)"""
    core, compiled = openvino.Core(), {}
    settings = {"INFERENCE_NUM_THREADS": THREADS, "PERFORMANCE_HINT": "LATENCY",
                "ENABLE_HYPER_THREADING": True, "INFERENCE_PRECISION_HINT": "f32"}
    for batch in batches:
        read = core.read_model(path)
        read.reshape([batch, *list(read.input().get_partial_shape())[1:]])
        compiled[batch] = core.compile_model(read, "CPU", settings).create_infer_request()
    return lambda values: compiled[len(values)].infer([values])[0]


def write_checkpoint(model, folder):
    save_file({name: values.contiguous() for name, values in model.state_dict().items()},
              folder / "open_clip_model.safetensors")
    settings = {
        "model_cfg": open_clip.get_model_config(NAME),
        "preprocess_cfg": {"mean": MEAN.tolist(), "std": STD.tolist(),
                           "interpolation": "bicubic", "resize_mode": "shortest"},
    }
    (folder / "open_clip_config.json").write_text(json.dumps(settings))


def write_pictures(folder):
    """`[PICTURES, EDGE, EDGE, 3]` bytes: coarse noise made smooth, and some fine noise."""
    random = torch.Generator().manual_seed(3)
    coarse = torch.rand(PICTURES, 3, 7, 7, generator=random)
    smooth = torch.nn.functional.interpolate(coarse, (EDGE, EDGE), mode="bicubic")
    noise = 0.1 * torch.randn(smooth.shape, generator=random)
    pixels = ((smooth + noise).clamp(0, 1) * 255).to(torch.uint8).permute(0, 2, 3, 1)
    pixels.contiguous().numpy().tofile(folder / "pictures.u8")


def pictures(folder):
    """The pictures as peers take them: normalised planes."""
    pixels = np.fromfile(folder / "pictures.u8", np.uint8).reshape(PICTURES, EDGE, EDGE, 3)
    planes = (pixels.astype(np.float32) / 255 - MEAN) / STD
    return np.ascontiguousarray(planes.transpose(0, 3, 1, 2))


def token_ids(text=QUERY):
    return open_clip.get_tokenizer(NAME)([text])


class Calibration(quantization.CalibrationDataReader):
    def __init__(self, samples):
        self.samples = iter([{"input": sample} for sample in samples])

    def get_next(self):
        return next(self.samples, None)


def write_tower(module, sample, samples, name, folder):
    """`name.onnx`, and the same in 8 bits in each runtime's ways."""
    path = folder / f"{name}.onnx"
    torch.onnx.export(module, (torch.from_numpy(sample),), path, input_names=["input"],
                      output_names=["output"], dynamic_axes={"input": {0: "batch"}}, dynamo=False)
    prepared = folder / f"{name}.prepared.onnx"
    quant_pre_process(path, prepared, skip_symbolic_shape=True)
    signed = quantization.QuantType.QInt8
    products = ["MatMul", "Gemm"]
    quantization.quantize_dynamic(prepared, folder / f"{name}.dynamic.onnx", products,
                                  per_channel=True, weight_type=signed)
    quantization.quantize_static(prepared, folder / f"{name}.static.onnx", Calibration(samples),
                                 op_types_to_quantize=products, per_channel=True,
                                 weight_type=signed,
                                 activation_type=quantization.QuantType.QUInt8)
    exact = openvino.convert_model(path)
    openvino.save_model(exact, folder / f"{name}.xml", compress_to_fp16=False)
    rounded = nncf.quantize(exact, nncf.Dataset(samples), subset_size=len(samples),
                            model_type=nncf.ModelType.TRANSFORMER)
    openvino.save_model(rounded, folder / f"{name}.int8.xml", compress_to_fp16=False)


def write(folder: Path):
    made = model()
    write_checkpoint(made, folder)
    write_pictures(folder)
    images = pictures(folder)
    write_tower(Images(made), images[:2], [image[None] for image in images], "images", folder)
    ids = token_ids().numpy()
    texts = [token_ids(text).numpy() for text in ("a dog", "red kites over snow", "my old kitchen",
                                                  "a long train crossing a bridge at night")]
    write_tower(Texts(made), ids, texts, "texts", folder)
