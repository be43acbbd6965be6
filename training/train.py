"""Train the built-in model from the packages' weights to the shipped folder: python train.py.

Resumes where it stopped: every stage leaves its result in the work folder (SEER_TRAINING_WORK, default training/work) and is skipped
when that is there: cached maps and texts, caption-heads.pt, tuned-<seed>.pt (saved every epoch until done), tuned-*.npy,
heads-<seed>.pt, heads.pt.
Delete a file to redo its stage, and what comes after it.
"""

import sys

import evaluate
import export
import golden
from builtin import heads, tune
from builtin.settings import MODEL_FOLDER, work_folder


def main() -> None:
    if sys.argv[1:]:
        raise SystemExit(f"unknown arguments {sys.argv[1:]}: there are none")
    tune.run()
    if not (work_folder() / "heads.pt").is_file():
        heads.run()
    export.main()
    golden.main()
    evaluate.show(MODEL_FOLDER)


if __name__ == "__main__":
    main()
