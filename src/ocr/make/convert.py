"""Makes seer's files of PP-OCRv6 small from the ONNX files in the Python package rapidocr 3.10.

    pip install onnx numpy rapidocr==3.10.0
    python convert.py OUT_FOLDER [i8 | f16 | f32]

Writes detector.safetensors and recogniser.safetensors. Weights become `[outputs, rows, columns,
inputs]`; batch norms that the ONNX file still has apart go into the convolution before. In i8 every
matrix of 32 inputs or more is held in 8 bits with one factor per output (`NAME.scale`), everything
else that is a weight in f16; biases and norms stay f32.
"""

import json
import struct
import sys
from pathlib import Path

import numpy as np
import onnx
import rapidocr
from onnx import numpy_helper

MODELS = Path(rapidocr.__file__).parent / "models"
FEWEST_INPUTS = 32  # as in seer-kernels: smaller products are not computed in 8 bits


def without_identities(nodes):
    """The nodes that compute something, with inputs by their first names."""
    names, kept = {}, []
    for node in nodes:
        inputs = [names.get(name, name) for name in node.input]
        if node.op_type == "Identity":
            names[node.output[0]] = inputs[0]
        else:
            node.input[:] = inputs
            kept.append(node)
    return kept


class Graph:
    """An ONNX graph as layers in the order in which they are computed."""

    def __init__(self, name):
        model = onnx.load(MODELS / name)
        self.metadata = {p.key: p.value for p in model.metadata_props}
        values = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
        nodes = without_identities(model.graph.node)
        users = {}
        for node in nodes:
            for name in node.input:
                users.setdefault(name, []).append(node)
        self.layers = [
            self.layer(node, values, users)
            for node in nodes
            if node.op_type in ("Conv", "ConvTranspose")
            or (node.op_type == "MatMul" and node.input[1] in values)
        ]
        self.norms = self.layer_norms(nodes, values)

    def layer(self, node, values, users):
        weight = values[node.input[1]].astype(np.float64)
        if node.op_type == "MatMul":
            weight = weight.T
        (after,) = users[node.output[0]] if len(users[node.output[0]]) == 1 else (None,)
        bias = values[node.input[2]] if len(node.input) > 2 else None
        if after is not None and after.op_type == "Add":
            constant = [values[n] for n in after.input if n in values]
            if constant:
                bias = constant[0].reshape(-1)
        if after is not None and after.op_type == "BatchNormalization":
            gain, shift, mean, variance = (values[n].astype(np.float64) for n in after.input[1:])
            (eps,) = [a.f for a in after.attribute if a.name == "epsilon"]
            factor = gain / np.sqrt(variance + eps)
            weight = weight * factor.reshape(-1, *[1] * (weight.ndim - 1))
            bias = shift - mean * factor + (0 if bias is None else bias * factor)
        return node.op_type, weight, bias

    @staticmethod
    def layer_norms(nodes, values):
        """Gains and shifts of layer norms, which the file writes out: x / sqrt(..) * gain + shift."""
        made = {out: node for node in nodes for out in node.output}
        norms = []
        for node in nodes:
            if node.op_type != "Add":
                continue
            shift = [values[n] for n in node.input if n in values and values[n].ndim == 1]
            times = [made[n] for n in node.input if n in made and made[n].op_type == "Mul"]
            if len(shift) == 1 and len(times) == 1:
                gain = [values[n] for n in times[0].input if n in values]
                divided = [n for n in times[0].input if n in made and made[n].op_type == "Div"]
                if gain and divided and gain[0].shape == shift[0].shape:
                    norms.append((gain[0], shift[0]))
        return norms


class Out:
    """Tensors by name."""

    def __init__(self, numbers):
        self.numbers = numbers
        self.tensors = {}

    def plain(self, name, value):
        self.tensors[name] = np.ascontiguousarray(value, dtype=np.float32)

    def weight(self, name, value):
        """`value` is [outputs, ...]; the factor of an output is its largest weight over 127."""
        rows = np.ascontiguousarray(value, dtype=np.float32)
        inputs = rows[0].size
        if self.numbers == "f32":
            self.tensors[name] = rows
        elif self.numbers == "i8" and inputs >= FEWEST_INPUTS and not name.endswith("spread"):
            flat = rows.reshape(len(rows), -1)
            scale = (np.abs(flat).max(1) / np.float32(127)).astype(np.float32)
            whole = np.rint(flat / np.where(scale == 0, 1, scale)[:, None]).astype(np.int8)
            self.tensors[name] = whole.reshape(rows.shape)
            self.tensors[name + ".scale"] = scale
        else:
            self.tensors[name] = rows.astype(np.float16)

    def layer(self, name, layer):
        kind, weight, bias = layer
        if kind == "MatMul":
            self.weight(name + ".weight", weight)
        elif kind == "ConvTranspose":  # [inputs, outputs, rows, columns]
            outputs = weight.shape[1]
            value = weight.transpose(2, 3, 1, 0).reshape(4 * outputs, -1)
            self.weight(name + ".weight", value)
        elif weight.shape[1] == 1:  # depthwise: [rows * columns, channels], for each tap all channels
            taps = weight.reshape(len(weight), -1).T
            self.weight(name + ".spread", taps)
        else:
            if weight.shape[1] == 3:  # pictures come as red, green, blue; the model takes blue, green, red
                weight = weight[:, ::-1]
            self.weight(name + ".weight", weight.transpose(0, 2, 3, 1).reshape(len(weight), -1))
        if bias is not None:
            self.plain(name + ".bias", bias)

    def write(self, path, metadata):
        kinds = {"float32": "F32", "float16": "F16", "int8": "I8"}
        header, start = {"__metadata__": metadata}, 0
        order = sorted(self.tensors.items(), key=lambda item: (-item[1].dtype.itemsize, item[0]))
        for name, value in order:
            offsets = [start, start + value.nbytes]
            header[name] = {"dtype": kinds[value.dtype.name], "shape": list(value.shape), "data_offsets": offsets}
            start += value.nbytes
        text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        with open(path, "wb") as file:
            file.write(struct.pack("<Q", len(text)) + text)
            for _, value in order:
                file.write(value.tobytes())


STEM = ["stem.first", "stem.narrow", "stem.widen", "stem.join", "stem.last"]
DETECTOR_SQUEEZED = (0, 3, 6, 8, 11)
RECOGNISER_SQUEEZED = (0, 4, 6, 8, 11)
BLOCKS = 13


def trunk(squeezed):
    names = list(STEM)
    for block in range(BLOCKS):
        at = f"blocks.{block}"
        names.append(f"{at}.mix")
        names += [f"{at}.squeeze.reduce", f"{at}.squeeze.expand"] if block in squeezed else []
        names += [f"{at}.up", f"{at}.down"]
    return names


def gated(at):
    return [f"{at}.project", f"{at}.squeeze.reduce", f"{at}.squeeze.expand"]


def detector():
    names = trunk(DETECTOR_SQUEEZED)
    for level in (3, 2, 1, 0):
        names += gated(f"neck.{level}.lateral")
    for level in (3, 2, 1, 0):
        names += [f"neck.{level}.smooth.mix"] + gated(f"neck.{level}.smooth")
    return names + ["head.gather", "head.double", "head.map"]


def recogniser():
    names = trunk(RECOGNISER_SQUEEZED) + ["encoder.direct", "encoder.enter", "encoder.mix"]
    for layer in range(2):
        at = f"encoder.layers.{layer}"
        names += [f"{at}.attend", f"{at}.project", f"{at}.up", f"{at}.down"]
    return names + ["classes"]


def convert(graph, names, norms, numbers):
    assert len(names) == len(graph.layers), (len(names), len(graph.layers))
    assert len(norms) == len(graph.norms), (len(norms), len(graph.norms))
    out = Out(numbers)
    for name, layer in zip(names, graph.layers):
        out.layer(name, layer)
    for name, (gain, shift) in zip(norms, graph.norms):
        out.plain(name + ".weight", gain)
        out.plain(name + ".bias", shift)
    return out


def main():
    folder, numbers = Path(sys.argv[1]), (sys.argv[2:] or ["i8"])[0]
    folder.mkdir(parents=True, exist_ok=True)
    source = {"source": "PP-OCRv6 small by PaddleOCR, Apache-2.0; converted, see MODEL_CARD.md"}
    graph = Graph("PP-OCRv6_det_small.onnx")
    convert(graph, detector(), [], numbers).write(folder / "detector.safetensors", source)
    graph = Graph("PP-OCRv6_rec_small.onnx")
    norms = [f"encoder.layers.{layer}.norm{part}" for layer in range(2) for part in (1, 2)]
    characters = graph.metadata["character"].splitlines()
    assert all(c and "\n" not in c for c in characters) and len(characters) + 2 == len(graph.layers[-1][1])
    source["characters"] = "\n".join(characters)
    out = convert(graph, recogniser(), norms + ["encoder.norm"], numbers)
    out.write(folder / "recogniser.safetensors", source)


main()
