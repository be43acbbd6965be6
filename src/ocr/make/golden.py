"""Draws pictures with words, and writes down what the reference implementation reads in them.

    pip install onnx onnxruntime==1.32.0 rapidocr==3.10.0 pillow==13.0.0
    python golden.py OUT_FOLDER

The reference is the Python package rapidocr with its own ONNX files, without its classifier of
upside-down lines. Pictures are drawn with the DejaVu fonts and Pillow's own.
"""

import json
import random
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import rapidocr
from onnx import numpy_helper
from PIL import Image, ImageDraw, ImageFont
from rapidocr import RapidOCR

COUNT = 40
FONTS = "/usr/share/fonts/truetype/dejavu/DejaVu"
FACES = ["Sans", "Sans-Bold", "Serif", "Serif-Bold", "SansMono", "SansMono-Bold", None]
TEXTS = [
    "EXIT", "Open daily 9 - 18", "No parking", "Rua Augusta 24", "CAFÉ CENTRAL", "Invoice No. 20417",
    "Total: 84.50 EUR", "Platform 7", "Speed limit 50", "Fresh bread & rolls", "SALE -30%", "Room 101",
    "Do not disturb", "www.example.org", "+49 30 1234567", "Straße", "Museum of Natural History",
    "Tickets", "HOTEL", "Bakery", "Caution: wet floor", "Lost and found", "Gate B12", "14:35", "Lisboa",
    "Best before 12/2027", "Made in Portugal", "25 km/h", "Happy birthday!", "The quick brown fox",
    "jumps over the lazy dog", "RESERVED", "Line 4 to Airport", "1984", "Menu of the day", "Soup 3.50",
]


def font(rng, size):
    face = rng.choice(FACES)
    if face is None:
        return ImageFont.load_default(size)
    return ImageFont.truetype(f"{FONTS}{face}.ttf", size)


def background(rng, size):
    """Plain, stripes, blocks or a gradient of few colours, light or dark; returns the text's colour too."""
    dark = rng.random() < 0.5
    low, high = (0, 90) if dark else (165, 255)
    colour = lambda: tuple(rng.randint(low, high) for _ in range(3))
    picture = Image.new("RGB", size, colour())
    draw = ImageDraw.Draw(picture)
    kind = rng.randrange(4)
    if kind == 1:
        other = colour()
        for x in range(0, size[0], 48):
            draw.rectangle([x, 0, x + 23, size[1]], fill=other)
    if kind == 2:
        for _ in range(6):
            x, y = rng.randrange(size[0]), rng.randrange(size[1])
            draw.rectangle([x, y, x + rng.randint(30, 200), y + rng.randint(30, 200)], fill=colour())
    if kind == 3:
        top, bottom = colour(), colour()
        for y in range(size[1]):
            part = y / size[1]
            draw.line([0, y, size[0], y], fill=tuple(int(a + (b - a) * part) for a, b in zip(top, bottom)))
    low, high = (200, 255) if dark else (0, 55)
    return picture, tuple(rng.randint(low, high) for _ in range(3))


def tilted(picture, text, face, fill, angle, place):
    left, top, right, bottom = face.getbbox(text)
    mask = Image.new("L", (right - left + 8, bottom - top + 8), 0)
    ImageDraw.Draw(mask).text((4 - left, 4 - top), text, font=face, fill=255)
    mask = mask.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    if mask.width > picture.width - place[0] or mask.height > picture.height - place[1]:
        return 0
    picture.paste(fill, place, mask)
    return mask.height


def drawing(number):
    rng = random.Random(1000 + number)
    size = (rng.randint(320, 640), rng.randint(280, 480))
    picture, fill = background(rng, size)
    angle = rng.choice([0, 0, 0, 0, 3, -5, 9, -14, 25, -90])
    y = rng.randint(8, 30)
    for _ in range(rng.randint(1, 6)):
        face = font(rng, rng.randint(14, 52))
        height = tilted(picture, rng.choice(TEXTS), face, fill, angle, (rng.randint(8, 60), y))
        y += height + rng.randint(8, 30)
    return picture


def reference():
    engine = RapidOCR(params={"Global.log_level": "error", "Global.use_cls": False, "Global.text_score": 0.0})
    return engine


def lines(engine, picture):
    """In the order of the reference: text, corners in pixels, confidence."""
    found = engine(np.ascontiguousarray(np.asarray(picture)[:, :, ::-1]))
    if found.txts is None:
        return []
    return [
        {"text": text, "corners": [[float(v) for v in p] for p in box], "confidence": round(float(score), 4)}
        for text, box, score in zip(found.txts, found.boxes, found.scores)
    ]


def rounded(name):
    """The reference's network with the weights that `convert.py i8` makes of its own."""
    model = onnx.load(Path(rapidocr.__file__).parent / "models" / name)
    constants = {i.name: i for i in model.graph.initializer}
    names = {n.output[0]: n.input[0] for n in model.graph.node if n.op_type == "Identity"}

    def source(name):
        while name in names:
            name = names[name]
        return name

    users = {}
    for node in model.graph.node:
        for name in node.input if node.op_type != "Identity" else []:
            users.setdefault(source(name), []).append(node)
    for node in model.graph.node:
        weight = constants.get(source(node.input[1])) if len(node.input) > 1 else None
        if node.op_type not in ("Conv", "ConvTranspose", "MatMul") or weight is None:
            continue
        value = numpy_helper.to_array(weight).astype(np.float64)
        norm = [n for n in users[node.output[0]] if n.op_type == "BatchNormalization"]
        if norm:
            parts = [constants[source(n)] for n in norm[0].input[1:]]
            gain, shift, mean, variance = (numpy_helper.to_array(p).astype(np.float64) for p in parts)
            factor = gain / np.sqrt(variance + [a.f for a in norm[0].attribute if a.name == "epsilon"][0])
            value = value * factor.reshape(-1, *[1] * (value.ndim - 1))
            eps = [a.f for a in norm[0].attribute if a.name == "epsilon"][0]
            for part, new in zip(parts, (gain * 0 + 1, shift - mean * factor, gain * 0, gain * 0 + 1 - eps)):
                part.CopyFrom(numpy_helper.from_array(new.astype(np.float32), part.name))
        rows = (value.T if node.op_type == "MatMul" else value).astype(np.float32)
        if node.op_type != "ConvTranspose" and rows[0].size >= 32 and not (rows.ndim == 4 and rows.shape[1] == 1):
            flat = rows.reshape(len(rows), -1)
            scale = np.abs(flat).max(1, keepdims=True) / np.float32(127)
            rows = (np.rint(flat / np.where(scale == 0, 1, scale)) * scale).reshape(rows.shape)
        else:
            rows = rows.astype(np.float16)
        value = np.ascontiguousarray(rows.T if node.op_type == "MatMul" else rows, dtype=np.float32)
        weight.CopyFrom(numpy_helper.from_array(value, weight.name))
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return lambda planes: session.run(None, {"x": planes})[0]


def planes(picture):
    """Blue, green and red from -1 to 1."""
    return (np.asarray(picture)[:, :, ::-1].transpose(2, 0, 1)[None] / 127.5 - 1).astype(np.float32)


def networks():
    """What the networks make of one small picture: the detector's map, and of the recogniser's scores
    the likeliest class of each place with its probability."""
    picture = Image.new("RGB", (160, 96), (230, 220, 200))
    draw = ImageDraw.Draw(picture)
    draw.rectangle([100, 10, 150, 80], fill=(90, 120, 160))
    draw.text((8, 28), "Gate B12", font=ImageFont.truetype(f"{FONTS}Sans.ttf", 26), fill=(30, 20, 60))
    found = rounded("PP-OCRv6_det_small.onnx")(planes(picture))[0, 0]
    line = picture.crop((0, 24, 160, 72))
    read = rounded("PP-OCRv6_rec_small.onnx")(planes(line))[0]
    return picture, {
        "map": [round(float(v), 5) for v in found.reshape(-1)],
        "classes": [int(c) for c in read.argmax(1)],
        "probabilities": [round(float(p), 5) for p in read.max(1)],
    }


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    picture, values = networks()
    picture.save(folder / "networks.png", optimize=True)
    (folder / "networks.json").write_text(json.dumps(values, separators=(",", ":")) + "\n")
    engine, golden = reference(), {}
    for number in range(COUNT):
        name = f"drawing{number:02}.png"
        picture = drawing(number)
        picture.quantize(64, dither=Image.Dither.NONE).save(folder / name, optimize=True)
        golden[name] = lines(engine, Image.open(folder / name).convert("RGB"))
    text = ",\n".join(f"{json.dumps(name)}: {json.dumps(found, ensure_ascii=False)}" for name, found in golden.items())
    (folder / "lines.json").write_text("{\n" + text + "\n}\n")


if __name__ == "__main__":
    main()
