"""When two names are the same: the rule of src/fold.rs, here only so that no name is packed twice."""
import unicodedata

BARE = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ŋ": "ng", "ı": "i", "æ": "ae",
        "œ": "oe", "þ": "th", "ß": "ss", "ς": "σ"}
APOSTROPHES = "'‘’‛′ʹʼ´ʻ`ʿʾ"


def has_accents(char):
    return char < "\u0530" or "\u1d00" <= char < "\u2000"


def key(name):
    """A name as it is looked up: as `key` of src/fold.rs, which a test compares with this."""
    out, drops = [], False
    for char in unicodedata.normalize("NFKD", name):
        mark = unicodedata.category(char).startswith("M")
        if mark and drops:
            continue
        drops = drops if mark else has_accents(char)
        low = char.lower()
        if mark or char.isalnum() or char in "\u200c\u200d":
            out.append(BARE.get(low, low))
        elif char not in APOSTROPHES:
            out.append(" ")
    return " ".join(unicodedata.normalize("NFC", "".join(out)).split())
