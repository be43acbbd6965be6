"""When two names are the same: the rule of src/fold.rs, here only so that no name is packed twice."""
import unicodedata

BARE = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ŋ": "ng", "ı": "i", "æ": "ae",
        "œ": "oe", "þ": "th", "ß": "ss", "ς": "σ"}
APOSTROPHES = "‘’‚‛′ʹʼ´ʻ`ʿʾ"


def has_accents(char):
    return char < "\u0530" or "\u1d00" <= char < "\u2000"


def fold(text):
    out, drops = [], False
    for char in unicodedata.normalize("NFKD", text):
        if unicodedata.category(char).startswith("M"):
            if not drops:
                out.append(char)
            continue
        drops = has_accents(char)
        char = "'" if char in APOSTROPHES else char
        low = char.lower()
        out.append(BARE.get(low, low))
    return unicodedata.normalize("NFC", "".join(out))
