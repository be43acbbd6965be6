"""Vision transformers of CLIP's shapes with random weights, as checkpoints of Hugging Face's layout."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

#: What seer and PyTorch normalise with.
MEAN = np.array([0.48145466, 0.4578275, 0.40821073], np.float32)
STD = np.array([0.26862954, 0.26130258, 0.27577711], np.float32)

#: A text tower as narrow as can be: it is loaded and not measured. With CLIP's own tokens, which seer
#: needs no file for.
TEXT = {"hidden_size": 64, "intermediate_size": 64, "num_hidden_layers": 1,
        "num_attention_heads": 1, "vocab_size": 49408, "max_position_embeddings": 77}
EPS = 1e-5


@dataclass(frozen=True)
class Model:
    name: str
    edge: int
    patch: int
    width: int
    layers: int
    heads: int
    dim: int

    @property
    def places(self):
        return (self.edge // self.patch) ** 2 + 1

    @property
    def operations(self):
        """Of one picture, a multiplication and an addition being two; products alone."""
        patches = (self.places - 1) * 3 * self.patch ** 2 * self.width
        block = self.places * 12 * self.width ** 2 + 2 * self.places ** 2 * self.width
        return 2 * (patches + self.layers * block + self.width * self.dim)


MODELS = [Model("ViT-B/32", 224, 32, 768, 12, 12, 512), Model("ViT-L/14", 224, 14, 1024, 24, 16, 768)]
SMALL = [Model("small/32", 64, 32, 128, 2, 2, 64), Model("small/16", 64, 16, 128, 2, 2, 64)]


def write(model, folder: Path, pictures):
    """Settings, weights, and `pictures.u8`."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(7)
    vision = {"hidden_size": model.width, "intermediate_size": 4 * model.width,
              "num_hidden_layers": model.layers, "num_attention_heads": model.heads,
              "image_size": model.edge, "patch_size": model.patch}
    text = {**TEXT, "projection_dim": model.dim}
    settings = {"model_type": "clip", "projection_dim": model.dim, "vision_config": vision,
                "text_config": text}
    (folder / "config.json").write_text(json.dumps(settings))
    size = {"size": model.edge, "crop_size": model.edge, "image_mean": MEAN.tolist(),
            "image_std": STD.tolist()}
    (folder / "preprocessor_config.json").write_text(json.dumps(size))
    save_file(weights(model, random), folder / "model.safetensors")
    pixels = random.integers(0, 256, (pictures, model.edge // 8, model.edge // 8, 3), np.uint8)
    pixels.repeat(8, 1).repeat(8, 2).tofile(folder / "pictures.u8")


def weights(model, random):
    """Scaled so that every layer keeps the size of its input, and pictures stay apart."""
    tensors = {}

    def normal(name, *shape, scale):
        tensors[name] = (scale * random.standard_normal(shape, np.float32)).astype(np.float32)

    def linear(base, outputs, inputs):
        normal(f"{base}.weight", outputs, inputs, scale=inputs ** -0.5)
        normal(f"{base}.bias", outputs, scale=0.02)

    def norm(base, width):
        tensors[f"{base}.weight"] = np.ones(width, np.float32)
        tensors[f"{base}.bias"] = np.zeros(width, np.float32)

    def blocks(tower, width, hidden, layers):
        for layer in range(layers):
            base = f"{tower}.encoder.layers.{layer}"
            for part in ("q_proj", "k_proj", "v_proj", "out_proj"):
                linear(f"{base}.self_attn.{part}", width, width)
            linear(f"{base}.mlp.fc1", hidden, width)
            linear(f"{base}.mlp.fc2", width, hidden)
            norm(f"{base}.layer_norm1", width)
            norm(f"{base}.layer_norm2", width)

    embeddings = "vision_model.embeddings"
    normal(f"{embeddings}.patch_embedding.weight", model.width, 3, model.patch, model.patch,
           scale=(3 * model.patch ** 2) ** -0.5)
    normal(f"{embeddings}.class_embedding", model.width, scale=1.0)
    normal(f"{embeddings}.position_embedding.weight", model.places, model.width, scale=0.1)
    norm("vision_model.pre_layrnorm", model.width)
    norm("vision_model.post_layernorm", model.width)
    blocks("vision_model", model.width, 4 * model.width, model.layers)
    normal("visual_projection.weight", model.dim, model.width, scale=model.width ** -0.5)
    width = TEXT["hidden_size"]
    embeddings = "text_model.embeddings"
    normal(f"{embeddings}.token_embedding.weight", TEXT["vocab_size"], width, scale=1.0)
    normal(f"{embeddings}.position_embedding.weight", TEXT["max_position_embeddings"], width,
           scale=0.1)
    norm("text_model.final_layer_norm", width)
    blocks("text_model", width, TEXT["intermediate_size"], TEXT["num_hidden_layers"])
    normal("text_projection.weight", model.dim, width, scale=width ** -0.5)
    return tensors
