// When two texts are the same to a search: the rule of src/store/src/fold.rs, for what the page compares itself.

/** Latin letters that Unicode does not take apart. */
const BARE = new Map(
  Object.entries({
    ø: "o", Ø: "o", ł: "l", Ł: "l", đ: "d", Đ: "d", ð: "d", Ð: "d", ħ: "h", Ħ: "h", ŧ: "t", Ŧ: "t",
    ŋ: "ng", Ŋ: "ng", ı: "i", æ: "ae", Æ: "ae", œ: "oe", Œ: "oe", þ: "th", Þ: "th",
  }),
);
const UNSEEN =
  /[\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff\u{e0100}-\u{e01ef}]/gu;
/** Characters whose marks are accents: Latin, Greek, Cyrillic, and what is no letter. */
const TAKES_ACCENTS =
  /[\0-\u052f\u1c80-\u1c8f\u1d00-\u1dbf\u1e00-\u1fff\u2c60-\u2c7f\ua640-\ua69f\ua720-\ua7ff\uab30-\uab6f]/u;
/** @type {[RegExp, string][]} */
const PLAIN_MARKS = [
  [/[‘’‚‛‹›′ʹʼ´]/g, "'"],
  [/[“”„‟«»″〝〞〟]/g, '"'],
  [/[‐‑‒–—―−]/g, "-"],
  [/[∶꞉]/g, ":"],
];

/**
 * The text as a search compares it: without case, accents, width and composition.
 * @param {string} text
 */
export function fold(text) {
  let folded = "";
  let drops = false;
  for (const letter of plain(plain(text).normalize("NFKD"))) {
    if (/\p{M}/u.test(letter)) {
      if (!drops) folded += letter;
      continue;
    }
    drops = TAKES_ACCENTS.test(letter);
    // Upper case in between joins ß with ss, and σ with ς.
    folded += BARE.get(letter) ?? letterwise(letter);
  }
  return folded.normalize("NFC");
}

/**
 * Without what is not seen, and with the marks of a keyboard for typographic ones.
 * @param {string} text
 */
function plain(text) {
  let seen = text.replace(UNSEEN, "");
  for (const [marks, mark] of PLAIN_MARKS) seen = seen.replace(marks, mark);
  return seen;
}

/** @param {string} letter */
function letterwise(letter) {
  const small = [...letter.toLowerCase().toUpperCase()].map((one) => one.toLowerCase());
  return small.join("");
}

/**
 * The words of a text, folded, with one space between them.
 * @param {string} text
 */
export function words(text) {
  return (fold(text).match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).join(" ");
}
