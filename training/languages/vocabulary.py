"""Which of the 250,002 pieces of the vocabulary are kept, and the tokenizer of those.

Kept are pieces of the training sentences, single characters, and the pieces that the common words of many languages are made of.
What is cut away is spelt by smaller pieces.
"""

from collections import Counter

import wordfreq
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

PIECES = 52_000
# How much the words of each language count in the choice. These are the languages that the tower is said to read.
LANGUAGES = {
    "en": 1.0, "de": 1.0, "fr": 1.0, "es": 1.0, "it": 1.0, "pt": 1.0, "nl": 1.0, "ru": 0.8, "pl": 0.7, "cs": 0.7, "zh": 0.5,
    "sv": 0.5, "da": 0.5, "uk": 0.4, "nb": 0.4, "fi": 0.4, "hu": 0.4, "ro": 0.4, "tr": 0.4, "el": 0.4, "ja": 0.3, "ko": 0.3,
    "ca": 0.3, "bg": 0.3, "hr": 0.3, "id": 0.3, "sk": 0.2, "sl": 0.2, "ar": 0.2, "he": 0.2, "vi": 0.2, "hi": 0.2,
}
WORDS = 25_000  # of each language
FLATTEN = 300  # added to a word's rank, so that the commonest words do not decide alone
CHARACTERS = 100_000  # single characters are kept up to this place in the vocabulary
SPECIAL = 4  # <s>, <pad>, </s>, <unk>
PREFIX = "query:"  # how the model was trained to be asked


def tokenizer(pieces: list[str], scores: list[float]) -> Tokenizer:
    """Sentence pieces with the frame of a query around every text."""
    made = Tokenizer(models.Unigram(list(zip(pieces, map(float, scores))), 3, False))
    spaces = normalizers.Replace(Regex(" {2,}"), " ")
    made.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), spaces])
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    made.decoder = decoders.Metaspace()
    prefix = made.encode(PREFIX, add_special_tokens=False)
    query = {"id": "<query>", "ids": prefix.ids, "tokens": prefix.tokens}
    made.post_processor = processors.TemplateProcessing(
        single="<s> <query> $A </s>", special_tokens=[("<s>", 0), query, ("</s>", 2)]
    )
    return made


def choose(pieces: list[str], scores: list[float], sentences: list[str]) -> list[int]:
    """The numbers of the pieces that are kept, in order."""
    whole = tokenizer(pieces, scores)
    used = Counter(piece for text in whole.encode_batch(sentences) for piece in text.ids)
    weights: Counter = Counter()
    for language, weight in LANGUAGES.items():
        words = wordfreq.top_n_list(language, WORDS)
        for rank, word in enumerate(whole.encode_batch(words, add_special_tokens=False)):
            for piece in word.ids:
                weights[piece] += weight / (rank + FLATTEN)
    keep = set(range(SPECIAL)) | set(whole.encode("").ids) | {piece for piece, count in used.items() if count > 1}
    keep |= {i for i, piece in enumerate(pieces[:CHARACTERS]) if len(piece.strip("▁")) <= 1}
    for piece, _ in weights.most_common():
        if len(keep) >= PIECES:
            break
        keep.add(piece)
    return sorted(keep)
