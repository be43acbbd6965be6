"""Train the built-in model's text tower for more languages: python train_languages.py writes src/encoders/builtin/languages.

Takes the English tower and the image tower as they are shipped; see languages/head.py for what is learnt. Seeded; the features
of e5 (about 35 minutes on two cores) are kept in the work folder.
"""

import numpy as np
import torch
import torch.nn.functional as F

from builtin.model import Tokens
from builtin.package import load_package
from builtin.photos import plain_view, read_photos, to_input
from builtin.settings import CONTEXT, MODEL_FOLDER
from languages import e5, features, head, package, sentences, vocabulary

TOGETHER = 32
SEED = 0


@torch.inference_mode()
def photo_embeddings(model, names: list[str]) -> torch.Tensor:
    """Unit vectors [photos, dim] of the shipped image tower."""
    rows = []
    for start in range(0, len(names), TOGETHER):
        views = [plain_view(photo) for photo in read_photos(names[start : start + TOGETHER])]
        rows.append(model.encode_image(to_input(views), normalize=True))
    return torch.cat(rows)


@torch.inference_mode()
def teachers(model, found: list[sentences.Sentence]) -> torch.Tensor:
    """For each sentence the shipped English tower's unit vector: its own, or the mean over the English ones about the same photo."""
    english = [i for i, one in enumerate(found) if one.lang == "en"]
    tokens = Tokens()
    texts = [found[i].text for i in english]
    batches = [texts[start : start + 64] for start in range(0, len(texts), 64)]
    vectors = torch.cat([model.encode_text(tokens(batch), normalize=True) for batch in batches])
    sums: dict[str, torch.Tensor] = {}
    for i, vector in zip(english, vectors):
        about = found[i].about
        sums[about] = sums.get(about, 0) + vector
    out = torch.stack([sums[one.about] for one in found])
    out[english] = vectors
    return F.normalize(out, dim=-1)


def main() -> None:
    whole = e5.read()
    found = sentences.read()
    texts = [one.text for one in found]
    keep = vocabulary.choose(whole.pieces, list(whole.scores), texts)
    cut = whole.cut(keep, CONTEXT)
    means = torch.from_numpy(features.cached(cut.model(), package.pieces(cut), texts).astype(np.float32))
    model = load_package(MODEL_FOLDER)
    names = sorted({one.about for one in found if one.has_photo})
    place = {name: number for number, name in enumerate(names)}
    photos = torch.tensor([place.get(one.about, -1) for one in found])
    images, wanted = photo_embeddings(model, names), teachers(model, found)
    train = torch.tensor([one.split == "train" for one in found])
    data = head.Data(means[train], wanted[train], photos[train], images)
    dev_photos = sorted({int(photo) for photo, one in zip(photos, found) if one.split == "dev"})

    def tell(epoch: int, trained: head.Head) -> None:
        for lang in sorted({one.lang for one in found}):
            mine = [i for i, one in enumerate(found) if one.split == "dev" and one.lang == lang]
            owner = torch.tensor([dev_photos.index(int(photos[i])) for i in mine])
            recalls = head.recalls(trained, means[mine], owner, images[dev_photos])
            print(f"epoch {epoch + 1}: {lang} " + " / ".join(f"{value:.1f}" for value in recalls), flush=True)

    trained = head.train(data, SEED, tell)
    print(f"{package.FOLDER}: {package.write(cut, trained.layers())} bytes")


if __name__ == "__main__":
    main()
