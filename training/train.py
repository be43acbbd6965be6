"""Train the built-in model from the packages' weights to the shipped folder: python train.py [--finetune].

Resumes where it stopped: every stage leaves its result in the work folder (SEER_TRAINING_WORK, default training/work) and is skipped
when that is there. Caches of features and texts, then frozen.pt (stage 1, what is shipped); with --finetune also fine.pt (stage 2,
which no run has made better than stage 1 yet: RESULTS.md). Delete a file to redo its stage.
"""

import sys

import evaluate
import export
import golden
from builtin import finetune, frozen
from builtin.settings import MODEL_FOLDER, work_folder


def main() -> None:
    unknown = set(sys.argv[1:]) - {"--finetune"}
    if unknown:
        raise SystemExit(f"unknown arguments {sorted(unknown)}; the only one is --finetune")
    checkpoint = work_folder() / "frozen.pt"
    if not checkpoint.is_file():
        frozen.run()
    if "--finetune" in sys.argv:
        recipe = finetune.Fine()
        finetune.train(recipe)
        checkpoint = work_folder() / f"{recipe.name}.pt"
    export.write(checkpoint)
    golden.main()
    evaluate.show(MODEL_FOLDER)


if __name__ == "__main__":
    main()
