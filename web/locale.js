// Numbers, dates and lists in the language of the page: one place says which that is.

const root = globalThis.document?.documentElement;

/** The languages that the page has. */
export const languages = (root?.dataset.languages ?? "en").split(" ");

/** One of them, as `choose-language.js` has written it. Without a document, as in a test, English. */
export const language = root?.lang || "en";

/** The language as the browser has it, with its country: en-GB, de-AT. */
export const locale = theBrowsers() ?? language;

function theBrowsers() {
  const tags = globalThis.navigator?.languages ?? [];
  return tags.find((tag) => tag.toLowerCase().split("-")[0] === language && isKnown(tag));
}

/** @param {string} tag */
function isKnown(tag) {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false; // Not every browser writes tags as the standard has them.
  }
}

const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
/** By their digits: to make one takes longer than to use it. @type {Map<string, Intl.NumberFormat>} */
const decimals = new Map();
const plurals = new Intl.PluralRules(language);
const lists = new Intl.ListFormat(locale, { style: "short", type: "unit" });

/**
 * "5,004".
 * @param {number} value
 */
export function count(value) {
  return whole.format(value);
}

/**
 * The word that goes with a number.
 * @param {number} value
 * @param {string} one with 1, and what else the language treats so
 * @param {string} many
 */
export function plural(value, one, many) {
  return plurals.select(value) === "one" ? one : many;
}

/**
 * "1 photo", "5,004 photos".
 * @param {number} value
 * @param {string} one
 * @param {string} many
 */
export function counted(value, one, many) {
  return `${count(value)} ${plural(value, one, many)}`;
}

/**
 * A number with so many digits behind the point, and no more than it needs unless `always`.
 * @param {number} value
 * @param {number} digits
 * @param {boolean} [always]
 */
export function decimal(value, digits, always = false) {
  const key = `${digits} ${always}`;
  const known = decimals.get(key);
  if (known) return known.format(value);
  const least = always ? digits : 0;
  const made = new Intl.NumberFormat(locale, { minimumFractionDigits: least, maximumFractionDigits: digits });
  decimals.set(key, made);
  return made.format(value);
}

/**
 * "87%".
 * @param {number} share 0 to 1
 */
export function percent(share) {
  return new Intl.NumberFormat(locale, { style: "percent" }).format(share);
}

/**
 * "a, b, c".
 * @param {string[]} items
 */
export function list(items) {
  return lists.format(items);
}

/**
 * The name of a language in the language of the page.
 * @param {string} code
 */
export function languageName(code) {
  return new Intl.DisplayNames(locale, { type: "language" }).of(code) ?? code;
}
