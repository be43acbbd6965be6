"""Writes ../models.jsonl, ../architectures.jsonl and list_pretrained.txt beside this script.

Needs open_clip_torch 3.3.0, timm 1.0.31 and torch (2.15.0 was used), nothing else; opens no network connection.
  python make_models.py

Where each fact comes from:
  names, hub ids, activation, mean, std, interpolation, resize mode   open_clip/pretrained.py
  architecture, embedding size, resolution, context length            open_clip/model_configs/*.json
  parameters and operations      counted on torch's meta device with torch.utils.flop_counter; where the text tower
                                 needs a download to be built, profile.tsv (open_clip's docs/model_profile.csv)
  accuracies                     figures.tsv, which names each source
  licences                       timm's pretrained_cfg where it has the weights, else the publisher's page (LICENSES)
A fact that no source gives is left out.
"""
import json
import os
import warnings

import timm
import torch
from open_clip import list_pretrained
from open_clip.coca_model import CoCa
from open_clip.constants import OPENAI_DATASET_MEAN, OPENAI_DATASET_STD
from open_clip.factory import get_model_config
from open_clip.model import CLIP, CustomTextCLIP
from open_clip.pretrained import get_pretrained_cfg
from torch.utils.flop_counter import FlopCounterMode

HERE = os.path.dirname(os.path.abspath(__file__))

SOURCES = {
    "oc": "open_clip docs/openclip_results.csv",
    "readme": "open_clip README.md",
    "metaclip": "MetaCLIP README.md",
    "siglip2": "big_vision README_siglip2.md",
    "pe": "perception_models apps/pe/README.md",
    "mobileclip": "ml-mobileclip README.md",
    "mobileclip2": "model card of apple/MobileCLIP2-B",
    "vitamin": "ViTamin README.md",
    "timm": "timm results/results-imagenet.csv",
}

# Repositories whose main revision had the weights only pickled when this was written, with a revision that has them as
# safetensors.
CONVERSIONS = {
    "laion/CLIP-ViT-B-16-DataComp.XL-s13B-b90K": "refs/pr/2",
    "laion/CLIP-ViT-L-14-DataComp.XL-s13B-b90K": "refs/pr/8",
    "apple/DFN2B-CLIP-ViT-L-14": "refs/pr/1",
    "apple/DFN2B-CLIP-ViT-L-14-39B": "refs/pr/1",
    "laion/CLIP-ViT-g-14-laion2B-s12B-b42K": "refs/pr/3",
}

# Start of the hub id: licence as its publisher states it.
LICENSES = [
    ("laion/", "mit"), ("openai/", "mit"), ("wkcn/TinyCLIP", "mit"), ("apple/", "apple-amlr"),
    ("timm/MobileCLIP2", "apple-amlr"), ("timm/PE-Core", "apache-2.0"), ("timm/ViT-", "apache-2.0"),
    ("google/siglip", "apache-2.0"), ("timm/eva", "mit"), ("facebook/metaclip", "cc-by-nc-4.0"), ("timm/resnet", "mit"),
]

# The tag an architecture's name alone means, where it is not the last of its tags.
DEFAULTS = {
    "RN50": "openai", "RN101": "openai", "ViT-B-32": "datacomp_xl_s13b_b90k", "ViT-B-16": "datacomp_xl_s13b_b90k",
    "ViT-B-16-plus-240": "laion400m_e31", "ViT-L-14": "datacomp_xl_s13b_b90k", "ViT-H-14": "laion2b_s32b_b79k",
    "ViT-g-14": "laion2b_s34b_b88k", "ViT-bigG-14": "laion2b_s39b_b160k", "coca_ViT-B-32": "laion2b_s13b_b90k",
    "coca_ViT-L-14": "laion2b_s13b_b90k", "convnext_base_w": "laion2b_s13b_b82k_augreg",
    "convnext_large_d_320": "laion2b_s29b_b131k_ft_soup", "ViT-H-14-CLIPA-336": "datacomp1b",
    "nllb-clip-base-siglip": "v1", "nllb-clip-large-siglip": "v1",
}

RECOMMENDED = {
    "ViT-B-32/datacomp_xl_s13b_b90k", "ViT-B-32-256/datacomp_s34b_b86k", "ViT-B-16/datacomp_xl_s13b_b90k",
    "ViT-L-14/datacomp_xl_s13b_b90k",
    "ViT-H-14-378/dfn5b", "ViT-B-16-SigLIP2/webli", "ViT-L-16-SigLIP2-256/webli", "ViT-SO400M-14-SigLIP2/webli",
    "ViT-SO400M-16-SigLIP2-384/webli", "MobileCLIP2-S2/dfndr2b", "PE-Core-L-14-336/meta",
    "xlm-roberta-base-ViT-B-32/laion5b_s13b_b90k", "ViT-H-14-worldwide/metaclip2_worldwide",
    "OFA-Sys/chinese-clip-vit-base-patch16",
}

# How the family of an architecture is told from its name, first match.
FAMILIES = [
    ("nllb", "nllb"), ("xlm-roberta", "roberta"), ("roberta", "roberta"), ("coca", "coca"), ("EVA0", "eva"),
    ("CLIPA", "clipa"), ("SigLIP2", "siglip2"), ("SigLIP", "siglip"), ("worldwide", "metaclip2"),
    ("MobileCLIP2", "mobileclip2"), ("MobileCLIP", "mobileclip"), ("ViTamin", "vitamin"), ("PE-Core", "pe-core"),
    ("convnext", "convnext"), ("RN", "resnet"), ("ViT", "vit"),
]

# What a tag was trained on, by its start.
TRAINED_ON = [
    ("openai", "OpenAI's CLIP"), ("yfcc15m", "YFCC-15M: small training set"), ("cc12m", "CC12M: small training set"),
    ("laion400m", "LAION-400M"), ("laion2b", "LAION-2B"), ("laion_aesthetic", "LAION-Aesthetic"),
    ("datacomp_xl", "DataComp-1B"), ("datacomp_s34b", "DataComp-1B"), ("datacomp1b", "DataComp-1B"),
    ("datacomp_l", "DataComp large: a study of data, weak"), ("datacomp_m", "DataComp medium: a study of data, weak"),
    ("datacomp_s", "DataComp small: a study of data, very weak"),
    ("commonpool_xl", "CommonPool xlarge: a study of data"), ("commonpool_l", "CommonPool large: a study of data, weak"),
    ("commonpool_m", "CommonPool medium: a study of data, weak"),
    ("commonpool_s", "CommonPool small: a study of data, very weak"),
    ("metaclip2", "MetaCLIP 2, text in many languages; not for commercial use"),
    ("metaclip_altogether", "MetaCLIP with rewritten captions; not for commercial use"),
    ("metaclip_400m", "MetaCLIP, 400 M pairs; not for commercial use"),
    ("metaclip", "MetaCLIP, 2.5 B pairs; not for commercial use"), ("dfn2b", "DFN-2B; for research only"),
    ("dfn5b", "DFN-5B; for research only"), ("dfndr2b", "DFNDR-2B; for research only"),
    ("datacompdr", "DataCompDR; for research only"), ("mscoco_finetuned", "fine-tuned to caption COCO"),
    ("laion5b", "LAION-5B, text in many languages"), ("frozen_laion5b", "LAION-5B, text in many languages"),
    ("merged2b", "Merged-2B"), ("webli", "WebLI"), ("v1", "text in 201 languages"),
    ("mrl", "text in 201 languages; embeddings that may be cut short"), ("meta", "MetaCLIP's 5.4 B pairs"),
]
MULTILINGUAL = ("nllb", "xlm-roberta", "worldwide", "i18n", "SigLIP2")

# Hugging Face ids that hold the weights of a name above in transformers' layout: (id, name, model_type).
SAME_WEIGHTS = [
    ("openai/clip-vit-base-patch32", "ViT-B-32/openai", "clip"),
    ("openai/clip-vit-base-patch16", "ViT-B-16/openai", "clip"),
    ("openai/clip-vit-large-patch14", "ViT-L-14/openai", "clip"),
    ("openai/clip-vit-large-patch14-336", "ViT-L-14-336/openai", "clip"),
    *[(f"facebook/metaclip-{size}-{data}", f"{arch}/{tag}", "clip")
      for size, arch in (("b32", "ViT-B-32"), ("b16", "ViT-B-16"), ("l14", "ViT-L-14"), ("h14", "ViT-H-14"))
      for data, tag in (("400m", "metaclip_400m"), ("fullcc2.5b", "metaclip_fullcc"))
      if (size, data) != ("h14", "400m")],
    ("google/siglip-base-patch16-224", "ViT-B-16-SigLIP/webli", "siglip"),
    ("google/siglip-base-patch16-256", "ViT-B-16-SigLIP-256/webli", "siglip"),
    ("google/siglip-base-patch16-384", "ViT-B-16-SigLIP-384/webli", "siglip"),
    ("google/siglip-base-patch16-512", "ViT-B-16-SigLIP-512/webli", "siglip"),
    ("google/siglip-base-patch16-256-multilingual", "ViT-B-16-SigLIP-i18n-256/webli", "siglip"),
    ("google/siglip-large-patch16-256", "ViT-L-16-SigLIP-256/webli", "siglip"),
    ("google/siglip-large-patch16-384", "ViT-L-16-SigLIP-384/webli", "siglip"),
    ("google/siglip-so400m-patch14-224", "ViT-SO400M-14-SigLIP/webli", "siglip"),
    ("google/siglip-so400m-patch14-384", "ViT-SO400M-14-SigLIP-384/webli", "siglip"),
    ("google/siglip-so400m-patch16-256-i18n", "ViT-SO400M-16-SigLIP-i18n-256/webli", "siglip"),
    *[(f"google/siglip2-{size}-patch{patch}-{image}", f"ViT-{arch}-{patch}-SigLIP2{suffix}/webli", "siglip")
      for size, arch, patch, image, suffix in [
          ("base", "B", 32, 256, "-256"), ("base", "B", 16, 224, ""), ("base", "B", 16, 256, "-256"),
          ("base", "B", 16, 384, "-384"), ("base", "B", 16, 512, "-512"), ("large", "L", 16, 256, "-256"),
          ("large", "L", 16, 384, "-384"), ("large", "L", 16, 512, "-512"), ("so400m", "SO400M", 14, 224, ""),
          ("so400m", "SO400M", 16, 256, "-256"), ("so400m", "SO400M", 16, 384, "-384"),
          ("so400m", "SO400M", 16, 512, "-512"), ("giant-opt", "gopt", 16, 256, "-256"),
          ("giant-opt", "gopt", 16, 384, "-384")]],
    ("facebook/metaclip-2-worldwide-huge-quickgelu", "ViT-H-14-worldwide/metaclip2_worldwide", "metaclip_2"),
    ("facebook/metaclip-2-worldwide-huge-378", "ViT-H-14-worldwide-378/metaclip2_worldwide", "metaclip_2"),
    ("facebook/metaclip-2-worldwide-giant", "ViT-bigG-14-worldwide/metaclip2_worldwide", "metaclip_2"),
    ("facebook/metaclip-2-worldwide-giant-378", "ViT-bigG-14-worldwide-378/metaclip2_worldwide", "metaclip_2"),
]

# Hugging Face ids without a name of OpenCLIP's. Chinese-CLIP: its README.md; NaFlex: big_vision README_siglip2.md;
# TinyCLIP: the names themselves and timm's vision_transformer.py.
HUGGING_FACE = [
    {"name": f"OFA-Sys/chinese-clip-vit-{size}", "family": "chinese-clip", "model_type": "chinese_clip",
     "params_millions": params, "image_params_millions": image, "dim": dim, "resolution": side, "context_length": 52,
     "languages": ["zh"], "note": "Chinese-CLIP, 200 M pairs in Chinese."}
    for size, params, image, dim, side in [
        ("base-patch16", 188, 86, 512, 224), ("large-patch14", 406, 304, 768, 224),
        ("large-patch14-336px", 407, 304, 768, 336), ("huge-patch14", 958, 632, 1024, 224)]
] + [
    {"name": f"google/siglip2-{size}-patch16-naflex", "family": "naflex", "model_type": "siglip2", "dim": dim,
     "context_length": 64, "languages": ["mul"], "note": "WebLI; keeps the proportions of pictures (NaFlex)."}
    for size, dim in (("base", 768), ("so400m", 1152))
] + [
    {"name": f"wkcn/TinyCLIP-{size}", "family": "tinyclip", "model_type": "clip", "dim": 512, "resolution": 224,
     "context_length": 77, "languages": ["en"], "note": f"TinyCLIP, distilled on {data}."}
    for size, data in [
        ("ViT-8M-16-Text-3M-YFCC15M", "YFCC-15M"), ("ViT-39M-16-Text-19M-YFCC15M", "YFCC-15M"),
        ("ViT-40M-32-Text-19M-LAION400M", "LAION-400M"), ("ViT-61M-32-Text-29M-LAION400M", "LAION-400M")]
]

# Classes of timm's fine-tuned image towers.
CLASSES = {1000: "ImageNet-1k", 11821: "ImageNet-12k"}

# Publishers' own ids for weights that are fetched from another repository.
ALIASES = {
    "PE-Core-T-16-384/meta": ["facebook/PE-Core-T16-384"], "PE-Core-S-16-384/meta": ["facebook/PE-Core-S16-384"],
    "PE-Core-B-16/meta": ["facebook/PE-Core-B16-224"], "PE-Core-L-14-336/meta": ["facebook/PE-Core-L14-336"],
    "PE-Core-bigG-14-448/meta": ["facebook/PE-Core-G14-448"],
    **{f"MobileCLIP2-{size}/dfndr2b": [f"apple/MobileCLIP2-{size}"] for size in ("B", "S0", "S2", "S3", "S4", "L-14")},
}

BUILTIN = {
    "name": "builtin", "family": "builtin", "params_millions": 29.9, "dim": 512, "resolution": 224,
    "context_length": 77, "license": "MIT OR Apache-2.0", "languages": ["en", "cs", "de", "fr", "zh"], "recommended": True,
    "default": True,
    "note": "In the program: small, made by this project, works at once and without a network. Among the first ten of "
            "1,000 photos: captions find theirs in 64 % (Flickr8k), usual names of things in 93 %, synonyms in 90 % "
            "(ImageNet). Captions in German and French find 0.9, in Czech and Chinese 0.7 of what English ones find. Weak "
            "at counting, words in pictures and rare things; a larger model finds more.",
}


def rows(file):
    with open(os.path.join(HERE, file)) as lines:
        return [line.rstrip("\n").split("\t") for line in lines if line.strip() and not line.startswith("#")]


PROFILE = {name: [float(n) for n in numbers] for name, *numbers in rows("profile.tsv")}
FIGURES = {row[0]: row[1:] for row in rows("figures.tsv")}


def build(architecture):
    """The reference model of an architecture, without values."""
    config = get_model_config(architecture)
    apart = config.pop("custom_text", False) or "hf_model_name" in config["text_cfg"]
    kind = CoCa if "multimodal_cfg" in config else CustomTextCLIP if apart else CLIP
    with torch.device("meta"):
        return kind(**config).eval().requires_grad_(False)


def operations(function, values):
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        function(values)
    return counter.get_total_flops() / 1e9


def millions(module):
    return sum(p.numel() for p in module.parameters()) / 1e6


def cost(architecture):
    """(whole, image) parameters in millions, (image, text) GFLOPs; None for what cannot be had."""
    if architecture in PROFILE and "hf_model_name" in get_model_config(architecture)["text_cfg"]:
        whole, image, _, image_ops, text_ops = PROFILE[architecture]
        return whole, image, image_ops, text_ops
    try:
        model = build(architecture)
    except OSError as error:
        print(f"{architecture}: not counted: {str(error).splitlines()[0]}")
        return None, None, None, None
    text_cfg = get_model_config(architecture)["text_cfg"]
    side = model.visual.image_size
    side = side if isinstance(side, tuple) else (side, side)
    picture = torch.zeros(1, 3, *side, device="meta")
    text = torch.zeros(1, text_cfg.get("context_length", 77), dtype=torch.long, device="meta")
    flops = []
    for function, values in ((model.encode_image, picture), (model.encode_text, text)):
        try:
            flops.append(operations(function, values))
        except (AssertionError, NotImplementedError, RuntimeError) as error:
            print(f"{architecture}: operations not counted: {str(error).splitlines()[0][:90]}")
            flops.append(None)
    return millions(model), millions(model.visual), *flops


def check_counter():
    """The counter must agree with OpenCLIP's own profile, by 1 %."""
    for architecture in ("ViT-B-32", "RN50"):
        whole, image, _, *flops = PROFILE[architecture]
        for ours, theirs in zip(cost(architecture), (whole, image, *flops)):
            assert ours is None or abs(ours / theirs - 1) < 0.01, (architecture, ours, theirs)


def license_of(hub):
    if "laion400m" in hub or "laion2b_e16" in hub:
        return "mit"  # LAION's, which timm keeps a copy of
    try:
        known = timm.get_pretrained_cfg(hub.removeprefix("timm/"))
    except RuntimeError:
        known = None  # timm has no such weights
    if known is not None and known.license:
        return known.license
    return next((text for start, text in LICENSES if hub.startswith(start)), None)


def figures(name):
    found = FIGURES.get(name)
    if not found:
        return {}
    imagenet, flickr, coco, source = found
    if source == "timm":
        return {"imagenet_fine_tuned": float(imagenet), "zero_shot_source": SOURCES[source]}
    values = {"zero_shot_imagenet": imagenet, "flickr30k_recall_5": flickr, "coco_recall_5": coco}
    values = {key: float(value) for key, value in values.items() if value != "-"}
    return {**values, "zero_shot_source": SOURCES[source]}


def rounded(value, digits=2):
    return None if value is None else round(value, digits)


def costs(counted):
    whole, image, image_ops, text_ops = counted
    both = None if image_ops is None or text_ops is None else image_ops + text_ops
    return {"params_millions": rounded(whole), "image_params_millions": rounded(image), "gflops": rounded(both),
            "image_gflops": rounded(image_ops)}


def family(architecture):
    return next(name for part, name in FAMILIES if part in architecture)


def note(tag, architecture, image_size):
    trained = next(text for start, text in TRAINED_ON if tag.startswith(start))
    epoch = f", epoch {tag[-2:]}" if tag[-4:-2] == "_e" else ""
    pixels = f", {image_size} pixels" if image_size != 224 else ""
    note = f"{trained}{epoch}{pixels}."
    if (architecture, tag) == ("ViT-B-16-plus-240", "laion400m_e32"):
        note += " OpenCLIP fetches the weights of epoch 31 under this name."
    return note


def open_clip_entry(architecture, tag, counted):
    config, tag_cfg = get_model_config(architecture), get_pretrained_cfg(architecture, tag)
    owner, repository, file = (tag_cfg["hf_hub"].split("/") + [""])[:3]
    hub, name = f"{owner}/{repository}", f"{architecture}/{tag}"
    vision, text = config["vision_cfg"], config["text_cfg"]
    transformer = "hf_model_name" not in text and "act_kwargs" not in text and "SigLIP" not in architecture
    entry = {
        "name": name, "family": family(architecture), "hub": hub, "conversion": CONVERSIONS.get(hub),
        "layout": "open_clip", "bare_weights": file or None, **costs(counted), "dim": config["embed_dim"],
        "resolution": vision["image_size"], "context_length": text.get("context_length", 77),
        "activation": ("quick_gelu" if tag_cfg.get("quick_gelu") else "gelu") if transformer else None,
    }
    for key, standard in (("mean", OPENAI_DATASET_MEAN), ("std", OPENAI_DATASET_STD), ("interpolation", "bicubic"),
                          ("resize_mode", "shortest")):
        if tag_cfg[key] != standard:
            entry[key] = tag_cfg[key]
    default = DEFAULTS.get(architecture, [t for a, t in TAGS if a == architecture][-1])
    many = any(part in architecture for part in MULTILINGUAL)
    return {**entry, "license": license_of(hub), **figures(name), "languages": ["mul" if many else "en"],
            "note": note(tag, architecture, vision["image_size"]), "aliases": ALIASES.get(name),
            "recommended": name in RECOMMENDED or None, "default": tag == default or None}


def hugging_face_entry(hub, same, model_type):
    entry = dict(same)
    for key in ("conversion", "bare_weights", "activation", "mean", "std", "interpolation", "resize_mode", "aliases",
                "recommended", "default"):
        entry.pop(key, None)
    return {**entry, "name": hub, "hub": hub, "layout": "hugging_face", "model_type": model_type,
            "license": license_of(hub), "note": f"{same['name']} in transformers' layout. {same['note']}"}


def image_only_entries():
    for name in timm.list_models("*clip*_ft_*", pretrained=True):
        if not name.startswith(("vit_", "convnext")):
            continue
        cfg = timm.get_pretrained_cfg(name)
        if cfg.num_classes not in CLASSES:
            continue
        with torch.device("meta"):
            model = timm.create_model(name, num_classes=cfg.num_classes).eval().requires_grad_(False)
        side = cfg.input_size[1]
        picture = torch.zeros(1, *cfg.input_size, device="meta")
        trained = "LAION-2B" if "laion2b" in name else "LAION-Aesthetic" if "laiona" in name else "OpenAI's CLIP"
        classes = CLASSES[cfg.num_classes]
        entry = {
            "name": f"timm/{name}", "family": "timm", "hub": f"timm/{name}", "layout": "timm", "image_only": True,
            "classes": cfg.num_classes, **costs((millions(model), millions(model), operations(model, picture), 0.0)),
            "dim": model.num_features, "resolution": side, "license": license_of(f"timm/{name}"),
            **figures(f"timm/{name}"), "languages": [], "aliases": [name],
            "note": f"Pictures only: {trained}, fine-tuned on {classes}. Finds similar pictures, not words.",
        }
        yield entry


def write(file, entries):
    with open(os.path.join(HERE, "..", file), "w") as out:
        for entry in entries:
            out.write(json.dumps({k: v for k, v in entry.items() if v is not None}) + "\n")


TAGS = [(a, t) for a, t in list_pretrained() if not a.endswith("-quickgelu")]
# The 384 pixel model owns the repository that both names fetch.
TAGS.sort(key=lambda pair: pair[0] == "ViT-SO400M-14-SigLIP-378")


def main():
    warnings.simplefilter("ignore")
    check_counter()
    architectures = list(dict.fromkeys(a for a, _ in TAGS))
    counted = {}
    for architecture in architectures:
        counted[architecture] = cost(architecture)
        print(architecture, counted[architecture], flush=True)
    entries = [BUILTIN] + [open_clip_entry(a, t, counted[a]) for a, t in TAGS]
    by_name = {entry["name"]: entry for entry in entries}
    entries += [hugging_face_entry(hub, by_name[same], kind) for hub, same, kind in SAME_WEIGHTS]
    for entry in HUGGING_FACE:
        name = entry["name"]
        entries.append({**entry, "hub": name, "layout": "hugging_face", "license": license_of(name), **figures(name),
                        "recommended": name in RECOMMENDED or None})
    entries += image_only_entries()
    unused = set(FIGURES) - {entry["name"] for entry in entries}
    assert not unused, unused
    write("models.jsonl", entries)
    write("architectures.jsonl", [{"name": a, "model_cfg": get_model_config(a)} for a in architectures])
    with open(os.path.join(HERE, "list_pretrained.txt"), "w") as out:
        out.writelines(f"{a}/{t}\n" for a, t in list_pretrained())
    print(len(entries), "entries,", len(architectures), "architectures")


if __name__ == "__main__":
    main()
