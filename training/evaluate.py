"""Print the dev table of the shipped model: python evaluate.py [folder]. Everything is computed from the folder's own files.

Figures: captions over the 1,000 dev photos (5,000 captions), class names over the dev photos that ImageNet's classifier is sure of, and
in the last line also the proxies for queries by name, where the work folder has the tuned features.
"""

import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as F

from builtin import concepts, metrics
from builtin.captions import read_split
from builtin.features import photo_features
from builtin.model import Tokens, imagenet_trunk
from builtin.package import load_package
from builtin.photos import plain_view, read_photos, to_input
from builtin.proxies import NameProxy, caption_figures
from builtin.sampling import gist_of
from builtin.settings import MODEL_FOLDER
from builtin.synthetic import classifier_of
from builtin.text_bank import load_bank
from builtin.tuned import tuned_features, tuned_file


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


@torch.inference_mode()
def proxy_figures(model) -> dict[str, float]:
    """Queries by name over stand-ins (builtin/proxies.py), through the shipped heads; needs the tuned features of the work folder."""
    bank, dev = load_bank(), tuned_features("dev", 0)[0]
    proxy = NameProxy(dev, classifier_of(imagenet_trunk(), tuned_features("train", 0)[0]))
    image = lambda features: F.normalize(model.visual.head(features), dim=1)
    text = lambda kind: (F.normalize(model.text.proj(bank.features[kind]), dim=1), torch.tensor(bank.owners[kind]))
    found = proxy.figures(image, text)
    found["similar photos"] = metrics.neighbour_likeness(image(dev), gist_of(*bank.of("dev")))
    return found


def figures(folder: Path) -> dict[str, float]:
    model = load_package(folder)
    split = read_split("dev")
    images = encode_images(model, [plain_view(photo) for photo in read_photos(split.names)])
    texts, owner = split.flat()
    out = caption_figures(encode_texts(model, texts), torch.tensor(owner), images)
    posteriors = sure_of_dev()
    classes = (posteriors.max(0).values > 0.5).nonzero().squeeze(1)
    names = encode_texts(model, [concepts.class_names()[c][0] for c in classes])
    out["names over sure dev photos@10"] = metrics.hits_by_label(names, posteriors[:, classes].T > 0.25, images)
    if tuned_file("dev", 0).is_file():
        out |= proxy_figures(model)
    return {k: round(v, 2) for k, v in out.items()}


def show(folder: Path) -> None:
    found = figures(folder)
    print("| measure | @1 | @5 | @10 |\n|---|---|---|---|")
    for name, key in (("text to image, dev captions", "t2i"), ("image to text, dev captions", "i2t")):
        print(f"| {name} | " + " | ".join(f"{found[f'{key}@{k}']:.1f}" for k in (1, 5, 10)) + " |")
    print(f"| class names over dev photos (proxy) | | | {found['names over sure dev photos@10']:.1f} |")
    print(json.dumps(found))


if __name__ == "__main__":
    show(Path(sys.argv[1]) if len(sys.argv) > 1 else MODEL_FOLDER)
