"""Print the dev table of the shipped model: python evaluate.py [folder]. Everything is computed from the folder's own files.

Figures: captions over the 1,000 dev photos (5,000 captions), class names over the dev photos that ImageNet's classifier is sure of.

"""

import json
import sys
from pathlib import Path

import torch

from builtin import concepts, metrics
from builtin.captions import read_split
from builtin.features import photo_features
from builtin.model import Tokens, imagenet_trunk
from builtin.package import load_package
from builtin.photos import plain_view, read_photos, to_input
from builtin.proxies import caption_figures
from builtin.settings import MODEL_FOLDER


@torch.inference_mode()
def encode_images(model, views, batch: int = 50) -> torch.Tensor:
    return torch.cat([model.encode_image(to_input(views[i : i + batch]), normalize=True) for i in range(0, len(views), batch)])


@torch.inference_mode()
def encode_texts(model, texts: list[str], batch: int = 250) -> torch.Tensor:
    tokens, order = Tokens(), sorted(range(len(texts)), key=lambda i: len(texts[i]))
    out = torch.empty(len(texts), model.text.output_dim)
    for start in range(0, len(texts), batch):
        rows = order[start : start + batch]
        out[rows] = model.encode_text(tokens([texts[i] for i in rows]), normalize=True)
    return out


@torch.inference_mode()
def sure_of_dev() -> torch.Tensor:
    """Class posteriors [photos, 1000] of the untouched ImageNet classifier over the dev photos."""
    head = imagenet_trunk().classifier
    return head(photo_features("dev", 0)[0][0].float()).softmax(1)


def figures(folder: Path) -> dict[str, float]:
    model = load_package(folder)
    split = read_split("dev")
    views = [plain_view(photo) for photo in read_photos(split.names)]
    images = encode_images(model, views)
    texts, owner = split.flat()
    out = caption_figures(encode_texts(model, texts), torch.tensor(owner), images)
    posteriors = sure_of_dev()
    classes = (posteriors.max(0).values > 0.5).nonzero().squeeze(1)
    names = encode_texts(model, [concepts.class_names()[c][0] for c in classes])
    out["dev class name@10"] = metrics.hits_by_label(names, posteriors[:, classes].T > 0.25, images)
    return {k: round(v, 2) for k, v in out.items()}


def show(folder: Path) -> None:
    found = figures(folder)
    print("| measure | @1 | @5 | @10 |\n|---|---|---|---|")
    for name, key in (("text to image, dev captions", "t2i"), ("image to text, dev captions", "i2t")):
        print(f"| {name} | " + " | ".join(f"{found[f'{key}@{k}']:.1f}" for k in (1, 5, 10)) + " |")
    print(f"| class names over dev photos (proxy) | | | {found['dev class name@10']:.1f} |")
    print(json.dumps(found))


if __name__ == "__main__":
    show(Path(sys.argv[1]) if len(sys.argv) > 1 else MODEL_FOLDER)
