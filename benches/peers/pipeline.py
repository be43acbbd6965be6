"""A folder of JPEGs to a durable index: seer against the ways people use, in one run on two threads.

Measured: pictures per second from files on disk to embeddings that survive a crash, ViT-B/32, at 12
and at 1 megapixel. All take turns, round by round; what the machine's host disturbed is measured again
(`quiet.py`); printed are medians over the rounds and ratios.
Loading the model counts for nobody: peers load it beforehand, seer's time is what its run reports,
which includes walking, hashing, thumbnails, metadata and keywords that the others do not make.

- rclip's way: Pillow in full, PyTorch, batches of 8, rows into SQLite, committed after each batch.
- clip-retrieval's way: two reader processes, Pillow in full, PyTorch, batches of 32, one npy file.
- draft: two threads, Pillow's draft (the JPEG decoder's own scaling, at least the target), OpenVINO
  f32 or 8-bit, batches of 8, SQLite.

The model and its 8-bit forms are those of `towers_models.py`; the pictures are made here: smooth
noise, enlarged, with fine noise, so that a file has about the size of a camera's.

    python -m venv peers && peers/bin/pip install -r benches/peers/requirements-towers.txt
    cargo build --release
    peers/bin/python benches/peers/pipeline.py --program target/release/seer --folder EMPTY_FOLDER
"""

import argparse
import json
import shutil
import sqlite3
import statistics
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
import towers_models as models
from PIL import Image
from quiet import Quiet

THREADS, EDGE = models.THREADS, models.EDGE
BATCH = 8
SIZES = {"12 megapixels": (4000, 3000, 48), "1 megapixel": (1160, 870, 192)}


def write_photos(folder, width, height, count):
    """JPEGs of quality 90, each with content of its own."""
    folder.mkdir(exist_ok=True)
    random = np.random.default_rng(width)
    fine = random.integers(-9, 9, (height, width, 3), np.int16)
    for number in range(count):
        coarse = Image.fromarray(random.integers(0, 255, (24, 32, 3), np.uint8))
        smooth = np.asarray(coarse.resize((width, height), Image.BICUBIC), np.int16)
        noise = np.roll(fine, number, 1)
        pixels = (smooth + noise).clip(0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(folder / f"{number:04}.jpg", quality=90)


def prepared(path, draft):
    """A file as the model's input: shorter edge to 224, bicubic, centre, normalised planes."""
    picture = Image.open(path)
    if draft:
        picture.draft("RGB", (EDGE, EDGE))
    picture = picture.convert("RGB")
    scale = EDGE / min(picture.size)
    width, height = (max(EDGE, round(side * scale)) for side in picture.size)
    left, top = (width - EDGE) // 2, (height - EDGE) // 2
    picture = picture.resize((width, height), Image.BICUBIC).crop((left, top, left + EDGE, top + EDGE))
    pixels = (np.asarray(picture, np.float32) / 255 - models.MEAN) / models.STD
    return np.ascontiguousarray(pixels.transpose(2, 0, 1))


class Files(torch.utils.data.Dataset):
    def __init__(self, paths):
        self.paths = paths

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, number):
        return prepared(self.paths[number], False)


def batches(paths, size):
    return [paths[start : start + size] for start in range(0, len(paths), size)]


def database(folder):
    place = folder / "peer.sqlite"
    place.unlink(missing_ok=True)
    rows = sqlite3.connect(place)
    rows.execute("CREATE TABLE photos (path TEXT PRIMARY KEY, embedding BLOB)")
    return rows


def keep(rows, paths, embeddings):
    named = [(str(path), row.tobytes()) for path, row in zip(paths, embeddings)]
    rows.executemany("INSERT INTO photos VALUES (?, ?)", named)
    rows.commit()


def rclip_way(model, paths, folder):
    rows = database(folder)
    for batch in batches(paths, BATCH):
        inputs = torch.from_numpy(np.stack([prepared(path, False) for path in batch]))
        with torch.inference_mode():
            keep(rows, batch, model.encode_image(inputs, normalize=True).numpy())


def clip_retrieval_way(model, paths, folder):
    found = []
    for inputs in torch.utils.data.DataLoader(Files(paths), 32, num_workers=2):
        with torch.inference_mode():
            found.append(model.encode_image(inputs, normalize=True).numpy())
    np.save(folder / "peer.npy", np.concatenate(found))


def draft_way(run, paths, folder):
    rows = database(folder)
    with ThreadPoolExecutor(THREADS) as threads:
        inputs = threads.map(lambda path: prepared(path, True), paths)
        for batch in batches(paths, BATCH):
            ready = np.stack([next(inputs) for _ in batch])
            keep(rows, batch, run(ready))


def seer_way(program, model, dtype, paths, folder):
    """Seconds of seer's run, without loading the model."""
    library = folder / "library"
    shutil.rmtree(library, ignore_errors=True)
    command = [program, "index", paths[0].parent, "--library", library, "--model", model]
    command += ["--json", "--offline"] + (["--dtype", dtype] if dtype else [])
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"seer failed: {done.stderr}\n{done.stdout[-2000:]}")
    summary = json.loads(done.stdout.splitlines()[-1])
    if summary.get("encoded") != len(paths):
        raise SystemExit(f"seer encoded other than {len(paths)} pictures: {summary}")
    return summary["seconds"]


def timed(way, *arguments):
    start = time.perf_counter()
    way(*arguments)
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, help="the built seer")
    parser.add_argument("--folder", required=True, type=Path, help="for models, pictures, indexes")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", type=int, default=1, help="divides the number of pictures")
    parser.add_argument("--only", default="", help="ways with one of these words, by comma")
    asked = parser.parse_args()
    folder = asked.folder.resolve()
    towers, work = folder / "model", folder / "work"
    work.mkdir(parents=True, exist_ok=True)
    if not (towers / "images.int8.xml").exists():
        towers.mkdir(exist_ok=True)
        models.write(towers)

    torch.set_num_threads(THREADS)
    model = models.model()
    lasts = {len(range(0, count, asked.quick)) % BATCH for _, _, count in SIZES.values()}
    exact, rounded = (
        models.openvino_at(towers / f"images{kind}.xml", BATCH, *lasts - {0}) for kind in ("", ".int8")
    )
    for name, (width, height, count) in SIZES.items():
        photos = folder / name.replace(" ", "-")
        if not photos.exists():
            write_photos(photos, width, height, count)
        paths = sorted(photos.iterdir())
        if asked.quick > 1:
            photos = folder / f"{photos.name}-{asked.quick}"
            photos.mkdir(exist_ok=True)
            paths = [Path(shutil.copy(path, photos)) for path in paths[:: asked.quick]]
        ways = {
            "rclip's way": lambda: timed(rclip_way, model, paths, work),
            "clip-retrieval's way": lambda: timed(clip_retrieval_way, model, paths, work),
            "draft + OpenVINO f32": lambda: timed(draft_way, exact, paths, work),
            "draft + OpenVINO int8": lambda: timed(draft_way, rounded, paths, work),
            "seer f32": lambda: seer_way(asked.program, towers, "", paths, work),
            "seer q8": lambda: seer_way(asked.program, towers, "q8", paths, work),
        }
        wanted = [way for way in ways if any(word in way for word in asked.only.split(","))]
        speeds, quiet = {way: [] for way in wanted}, Quiet()
        for _ in range(asked.rounds):
            for way in wanted:
                speeds[way].append(len(paths) / quiet(ways[way]))
        print(f"\n{name}, {len(paths)} pictures, {asked.rounds} rounds: pictures/s (lowest to highest)")
        middle = {way: statistics.median(found) for way, found in speeds.items()}
        for way, found in speeds.items():
            print(f"  {way:<24}{middle[way]:7.1f}  ({min(found):.1f} to {max(found):.1f})")
        for ours, theirs in [
            ("seer f32", "rclip's way"), ("seer f32", "clip-retrieval's way"),
            ("seer f32", "draft + OpenVINO f32"), ("seer q8", "draft + OpenVINO int8"),
            ("seer q8", "rclip's way"),
        ]:
            if ours in middle and theirs in middle:
                print(f"  {ours} / {theirs} = {middle[ours] / middle[theirs]:.2f}")
        print(f"  {quiet}", flush=True)


if __name__ == "__main__":
    main()
