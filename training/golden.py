"""Write tests/fixtures/builtin: what PyTorch computes from the shipped weights, for the parity test of the Rust loader."""

import json

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from builtin.model import Tokens
from builtin.package import load_package
from builtin.photos import to_input
from builtin.settings import CLASSES, FIXTURES, MODEL_FOLDER, TEMPERATURE
from languages import package
from languages.features import PAD

TEXTS = [
    "lighthouse",
    "a red flower",
    "grand piano",
    "two dogs running on a beach",
    "A man in a blue shirt is climbing a steep rock face.",
    "Café au lait, naïve façade & 3 crêpes!",
    "snow",
    "",
]
LANGUAGES = ["Ein Hund springt über einen Baumstamm.", "une femme avec un parapluie rouge", "两只狗在沙滩上跑", "tijeras", "собака", ""]
SIDE, REPEAT = 56, 4  # the file carries 56 x 56 pictures; every pixel repeated 4 x 4 gives the 224 x 224 input


def pictures() -> list[np.ndarray]:
    """Drawn here (gradients, discs, noise), so that nothing of unclear licence enters the repository; u8 [56, 56, 3]."""
    rng = np.random.default_rng(4)
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    sunset = np.stack([255 * (1 - 0.4 * y), 160 * (1 - y), 90 + 120 * y], 2)
    sunset[(x - 0.6) ** 2 + (y - 0.45) ** 2 < 0.02] = (255, 240, 160)
    checks = np.where(((x * 8).astype(int) + (y * 8).astype(int))[..., None] % 2 == 0, (30, 120, 40), (230, 220, 200))
    noise = rng.normal(128, 40, (SIDE, SIDE, 3))
    return [p.clip(0, 255).astype(np.uint8) for p in (sunset, checks, noise)]


def languages() -> dict[str, torch.Tensor]:
    """Of the second text tower: ids filled up with its padding, and unit vectors."""
    config = json.loads((package.FOLDER / "hf_text" / "config.json").read_text())
    stored = load_file(str(package.FOLDER / "model.safetensors"))
    model, projection = package.stored_tower(config, stored)
    encodings = Tokenizer.from_file(str(package.FOLDER / "tokenizer.json")).encode_batch(LANGUAGES)
    longest = max(len(encoding.ids) for encoding in encodings)
    ids = torch.tensor([encoding.ids + [PAD] * (longest - len(encoding.ids)) for encoding in encodings])
    mask = (ids != PAD).long()
    states = model(ids, attention_mask=mask).last_hidden_state
    means = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
    return {"language_ids": ids, "language_embeds": torch.nn.functional.normalize(projection(means), dim=1)}


@torch.inference_mode()
def main() -> None:
    model = load_package(MODEL_FOLDER)
    small, ids = pictures(), Tokens()(TEXTS)
    views = [p.repeat(REPEAT, 0).repeat(REPEAT, 1) for p in small]
    inputs = to_input(views)
    features = model.visual.trunk(inputs)
    logits = model.visual.head.mlp.fc1(features)[:, :CLASSES]
    head = load_file(str(MODEL_FOLDER / "picture_head.safetensors"))
    likeness = torch.nn.functional.linear(features.sqrt(), head["pictures.weight"].float(), head["pictures.bias"])
    tensors = {
        "pixels_56_u8": torch.from_numpy(np.stack(small)),
        "image_embeds": model.encode_image(inputs, normalize=True),
        "likeness_embeds": torch.nn.functional.normalize(likeness, dim=1),
        "class_probabilities": (logits / TEMPERATURE).softmax(1),
        "input_ids": ids,
        "text_embeds": model.encode_text(ids, normalize=True),
    } | languages()
    FIXTURES.mkdir(parents=True, exist_ok=True)
    save_file({k: v.contiguous() for k, v in tensors.items()}, str(FIXTURES / "golden.safetensors"))
    for name, texts in (("texts.json", TEXTS), ("languages.json", LANGUAGES)):
        (FIXTURES / name).write_text(json.dumps(texts, ensure_ascii=False, indent=1) + "\n")
    print({k: tuple(v.shape) for k, v in tensors.items()})


if __name__ == "__main__":
    main()
