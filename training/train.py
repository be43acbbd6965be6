"""Train the built-in model from the packages' weights to the shipped folder: python train.py. Resumes where it stopped.

Every stage leaves its result in the work folder (SEER_TRAINING_WORK, default training/work) and is skipped when that is there:
caches of features and token states, frozen.pt (stage 1), fine.pt (stage 2). Delete a file to redo its stage.
"""

from dataclasses import asdict

import torch

import evaluate
import export
import golden
from builtin import finetune, frozen
from builtin.settings import work_folder


def stage_one() -> None:
    target = work_folder() / "frozen.pt"
    if target.is_file():
        return print(f"{target} is there: stage 1 skipped")
    recipe = frozen.Frozen()
    heads, figures = frozen.train(recipe)
    torch.save({"heads": heads.state_dict(), "recipe": asdict(recipe), "figures": figures}, target)


def main() -> None:
    stage_one()
    finetune.train(finetune.Fine())
    export.write(work_folder() / f"{finetune.Fine().name}.pt")
    golden.main()
    evaluate.main()


if __name__ == "__main__":
    main()
