"""Which of a place's many names is the local one, and by which others people look for it."""
import re
import unicodedata
from collections import Counter

from folding import key

RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюяё"
UKRAINIAN = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'’"
BULGARIAN = "абвгдежзийклмнопрстуфхцчшщъьюя"
BELARUSIAN = "абвгдеёжзійклмнопрстуўфхцчшыьэюя'’"
KAZAKH = RUSSIAN + "әғқңөұүһі"
MONGOLIAN = RUSSIAN + "өү"
KYRGYZ = RUSSIAN + "өүң"
TAJIK = RUSSIAN + "ғӣқӯҳҷ"
MACEDONIAN = "абвгдѓежзѕијклљмнњопрстќуфхцчџш"
ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئـَُِّ"
PERSIAN = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیآأئ\u200c"
URDU = PERSIAN + "ٹڈڑںےھہۃءؤ"

ALPHABETS = {"RU": RUSSIAN, "UA": UKRAINIAN, "BG": BULGARIAN, "BY": BELARUSIAN, "KZ": KAZAKH, "MN": MONGOLIAN,
             "KG": KYRGYZ, "TJ": TAJIK, "MK": MACEDONIAN, "IR": PERSIAN, "AF": PERSIAN, "PK": URDU}
ALPHABETS |= {code: ARABIC for code in "EG MA TN DZ LY LB SY JO IQ SA AE QA KW OM YE SD BH PS MR".split()}

BLOCKS = {"GR": r"\u0370-\u03ff\u1f00-\u1fff", "CY": r"\u0370-\u03ff\u1f00-\u1fff", "IL": r"\u0590-\u05ff",
          "TH": r"\u0e00-\u0e7f", "LA": r"\u0e80-\u0eff", "MM": r"\u1000-\u109f", "KH": r"\u1780-\u17ff",
          "GE": r"\u10d0-\u10ff", "AM": r"\u0530-\u058f", "ET": r"\u1200-\u137f", "LK": r"\u0d80-\u0dff",
          "BD": r"\u0980-\u09ff", "NP": r"\u0900-\u097f", "BT": r"\u0f00-\u0fff", "KR": r"\uac00-\ud7a3",
          "KP": r"\uac00-\ud7a3"}
# India's scripts by GeoNames' number of the state.
INDIAN = {"25": r"\u0b80-\u0bff", "19": r"\u0c80-\u0cff", "13": r"\u0d00-\u0d7f", "02": r"\u0c00-\u0c7f",
          "40": r"\u0c00-\u0c7f", "28": r"\u0980-\u09ff", "09": r"\u0a80-\u0aff", "23": r"\u0a00-\u0a7f",
          "21": r"\u0b00-\u0b7f"}
HAN_CODECS = {"CN": "gb2312", "TW": "big5", "HK": "big5", "MO": "big5", "JP": "cp932"}
HAN = r"\u3005\u4e00-\u9fff"
SUFFIXES = {"CN": "市县縣区區", "TW": "市縣鄉鎮區", "HK": "市區", "MO": "市", "JP": "市", "KR": "시군", "KP": "시군"}


def local(country, region, name, others):
    """The name in the script of the place among `others`, or None where that is Latin."""
    if country in HAN_CODECS:
        return shortest(country, [n for n in others if is_han(country, n)])
    if country in ALPHABETS:
        letters = set(ALPHABETS[country]) | set(ALPHABETS[country].upper()) | set(" -")
        fitting = [n for n in others if set(n) <= letters and len(n) > 1]
        return nearest_length(name, fitting)
    block = BLOCKS.get(country)
    if country == "IN":
        block = INDIAN.get(region, r"\u0900-\u097f")
    if block is None:
        return None
    fitting = [n for n in others if re.fullmatch(f"[{block} .'-]+", n) and len(n) > 1]
    return shortest(country, fitting) if country in SUFFIXES else nearest_length(name, fitting)


def has_own_script(country):
    return country in HAN_CODECS or country in ALPHABETS or country in BLOCKS or country == "IN"


def is_han(country, name):
    kana = r"\u3040-\u30ffー" if country == "JP" else ""
    if not re.fullmatch(f"[{HAN}{kana}]+", name) or len(name) < 2 or name.startswith("中国"):
        return False
    if country == "JP" and not re.search(f"[{HAN}]", name) and re.search(r"[\u30a0-\u30ff]", name):
        return False
    try:
        name.encode(HAN_CODECS[country])
    except UnicodeEncodeError:
        return False
    return True


def shortest(country, names):
    """The shortest that is no abbreviation, without the word for city."""
    if not names:
        return None
    han_first = sorted(names, key=lambda n: (not re.search(f"[{HAN}]", n), len(n), n))
    name = han_first[0]
    if len(name) > 2 and name[-1] in SUFFIXES[country]:
        name = name[:-1]
    return name


def nearest_length(name, names):
    """Of several spellings the one that is as long as the name in English, and in full where it is
    one of a region."""
    def rank(n):
        full = n.lower().endswith((" область", " край")) or n.startswith("Республика")
        return not full, n.endswith("ская область") and "і" in "".join(names), n.count(" ") != name.count(" "), \
            abs(len(n) - len(name)), n
    return min(names, key=rank, default=None)


# The letters of the scripts and languages in which names are kept: Western and Central European,
# Turkish, Russian, Greek, Hebrew, Arabic, Devanagari, Thai, Korean, Japanese and Chinese.
CODECS = ("cp1252", "cp1250", "cp1254")
SEARCHED = re.compile(r"[\u0020-\u024f\u0386-\u03ce\u0410-\u044fЁё\u05d0-\u05ea\u0621-\u064a\u0900-\u097f"
                      r"\u0e00-\u0e7f\u3005-\u30ff\u4e00-\u9fff\uac00-\ud7a3’‘]+")


def is_searched(name):
    """Whether it is in one of those languages, as far as its letters tell."""
    if not SEARCHED.fullmatch(name) or not 2 <= len(name) <= 32 or re.search(r"\d", name):
        return False
    latin = "".join(c for c in name if c < "\u0250")
    return any(latin.encode(codec, "ignore").decode(codec) == latin for codec in CODECS)


def searched(known, others, most):
    """Up to `most` further Latin names by which people look for a place and some in other scripts,
    as keys, none twice or in `known`."""
    seen, found = {key(name) for name in known if name}, {}
    for name in others:
        folded = key(name)
        transliterated = name.isascii() and name[:1].islower()
        code = name.isascii() and name.isupper() and len(name) <= 3
        if not (transliterated or code or folded in seen) and is_searched(name):
            found.setdefault(folded, preference(known[0], name))
    kept, scripts = [], Counter()
    for name in sorted(found, key=found.get):
        script = script_of(name)
        scripts[script] += 1
        if scripts[script] <= (most if script == "LATIN" else OF_SCRIPT.get(script, 1)):
            kept.append(name)
    return sorted(kept)


OF_SCRIPT = {"CJK": 3, "CYRILLIC": 2}


def script_of(name):
    return unicodedata.name(next((c for c in name if c.isalpha()), "a")).split()[0]


def preference(english, name):
    """Letters of Western Europe first; then names that are built and spelled like the English one."""
    western = script_of(name) != "LATIN" or name.encode("cp1252", "ignore").decode("cp1252") == name
    return not western, name.count(" ") != english.count(" "), abs(len(name) - len(english)), name


def beginnings(english, others):
    """Short forms: "chamonix" of Chamonix-Mont-Blanc."""
    return sorted({key(name) for name in others if len(name) > 4 and re.match(re.escape(key(name)) + " ", key(english))})
