// What the word at the cursor can become: names of filters, their values, searches of before. No document here.

import { words } from "./fold.js";
import { wording } from "./language.js";

/** @typedef {import("./api.js").Facets} Facets */
/**
 * @typedef {object} Suggestion
 * @property {string} text what is shown
 * @property {string} insert what takes the place of the word
 * @property {string} kind what a filter asks for, or what the value is
 * @property {number} [photos]
 * @property {boolean} [whole] whether it takes the place of the whole query
 */
/** @typedef {{ from: number, to: number, key: string, value: string, minus: string }} Word `key` is "" for a word without a colon */

/** Which kinds of values a filter takes. @type {Record<string, (keyof Omit<Facets, "photos">)[]>} */
const VALUES = {
  person: ["people"], people: ["people"], place: ["cities", "countries"], near: ["cities"], tag: ["tags", "classes"],
  year: ["years"], date: ["years"], camera: ["cameras"], type: ["types"], album: ["albums"],
};
/** Values that words without a colon may be meant by. @type {(keyof typeof wording.suggest.kinds)[]} */
const NAMED = ["people", "cities", "countries", "tags", "classes", "albums", "cameras"];

const MOST = 8;
/** Values that are offered for a word without a colon. */
const MOST_NAMED = 4;
/** Shorter words are typed on without being asked about. */
const SHORTEST = 2;

/**
 * The word that ends at the cursor: up to white space that is not inside a filter's quotes.
 * @param {string} text
 * @param {number} at
 * @returns {Word}
 */
export function wordAt(text, at) {
  const before = text.slice(0, at);
  const found = /(?:^|\s)(-?)(?:([a-z]+):)?("[^"]*|[^\s"]*)$/iu.exec(before);
  if (!found) return { from: at, to: at, key: "", value: "", minus: "" };
  const [, minus, key = "", value] = found;
  const from = at - minus.length - (key ? key.length + 1 : 0) - value.length;
  const after = value.startsWith('"') ? /^[^"]*"?/.exec(text.slice(at)) : /^\S*/.exec(text.slice(at));
  return { from, to: at + (after?.[0].length ?? 0), key: key.toLowerCase(), value: value.replace('"', ""), minus };
}

/**
 * Which values are to be looked up for a word; null for none.
 * @param {Word} word
 */
export function wanted({ key, value }) {
  if (key) return key in VALUES ? value.trim() : null;
  return value.trim().length >= SHORTEST ? value.trim() : null;
}

/**
 * @param {Word} word
 * @param {Facets | null} found values with a word that begins as is typed
 * @returns {Suggestion[]} the best first
 */
export function suggestions(word, found) {
  const { key, value, minus } = word;
  if (key) {
    const values = (VALUES[key] ?? []).flatMap((kind) => valuesOf(found, kind, minus));
    // Albums that are searches are no values of a filter.
    const fitting = values.filter((one) => key !== "album" || one.insert.startsWith(`${minus}album:`));
    return fitting.filter((one) => one.insert !== `${minus}${key}:${value}`).slice(0, MOST);
  }
  if (value.length < SHORTEST) return [];
  const names = Object.entries(wording.suggest.filters).filter(([name]) => name.startsWith(value.toLowerCase()));
  const filters = names.map(([name, about]) => ({ text: `${name}:`, insert: `${minus}${name}:`, kind: about }));
  const values = NAMED.flatMap((kind) => valuesOf(found, kind, minus).map((one) => ({ ...one, kind: wording.suggest.kinds[kind] })));
  values.sort((a, b) => (b.photos ?? 0) - (a.photos ?? 0));
  return [...filters.slice(0, MOST - MOST_NAMED), ...values.slice(0, MOST_NAMED)];
}

/**
 * @param {Facets | null} found
 * @param {keyof Omit<Facets, "photos">} kind
 * @param {string} minus
 * @returns {Suggestion[]}
 */
function valuesOf(found, kind, minus) {
  return (found?.[kind].values ?? []).map(({ value, filter, photos, query }) => {
    const insert = filter ? `${minus}${filter} ` : (query ?? value);
    return { text: value, insert, kind: "", photos, whole: filter === undefined };
  });
}

/**
 * Searches of before that have all that is typed.
 * @param {string} text
 * @param {string[]} recent
 * @returns {Suggestion[]}
 */
export function before(text, recent) {
  const typed = words(text);
  const fitting = recent.filter((query) => query !== text.trim() && words(query).includes(typed));
  return fitting.slice(0, typed ? 2 : 6).map((query) => ({ text: query, insert: query, kind: wording.suggest.searchedBefore, whole: true }));
}
