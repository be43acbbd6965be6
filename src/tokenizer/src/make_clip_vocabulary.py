"""Writes clip-merges.bin, the compact form of CLIP's vocabulary, from a full CLIP tokenizer.json.

    python3 make_clip_vocabulary.py ../../../tests/fixtures/tokenizer/clip-bpe-49408.tokenizer.json

CLIP's token ids follow from its merges alone: 256 byte symbols, the same 256 at the end of a word, one id per
merge in order of rank, then the start and the end token. So the file is only the 48,894 merges, each as two
little-endian u16 ids (left, right): 195,576 bytes. The vocabulary is OpenAI's (CLIP, MIT licence).
"""
import json
import sys
from pathlib import Path

BYTE_SYMBOLS = 256


def main(source):
    model = json.loads(Path(source).read_text(encoding="utf-8"))["model"]
    ids, merges = model["vocab"], model["merges"]
    out = bytearray()
    for rank, merge in enumerate(merges):
        left, right = merge.split(" ") if isinstance(merge, str) else merge
        assert ids[left + right] == 2 * BYTE_SYMBOLS + rank, (rank, left, right)
        out += ids[left].to_bytes(2, "little") + ids[right].to_bytes(2, "little")
    symbols = [token for token, _ in sorted(ids.items(), key=lambda item: item[1])]
    for byte_id in range(BYTE_SYMBOLS):
        assert symbols[byte_id] + "</w>" == symbols[BYTE_SYMBOLS + byte_id], byte_id
    assert symbols[2 * BYTE_SYMBOLS + len(merges):] == ["<|startoftext|>", "<|endoftext|>"]
    target = Path(__file__).with_name("clip-merges.bin")
    target.write_bytes(out)
    print(target.name, len(out), "bytes,", len(merges), "merges")


if __name__ == "__main__":
    main(sys.argv[1])
