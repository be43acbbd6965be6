// Filters in the text of a query: put there, taken away, one in place of another.

import { without } from "./chips.js";

/** @typedef {import("./api.js").FacetValue} FacetValue */

/**
 * The query with one filter more.
 * @param {string} query
 * @param {string} filter
 */
export function withFilter(query, filter) {
  return `${query.trim()} ${filter}`.trim();
}

/**
 * The query with a value asked for, or not any more.
 * @param {string} query
 * @param {FacetValue} value
 */
export function toggled(query, { filter, asked }) {
  if (asked) return without(query, asked);
  return filter ? withFilter(query, filter) : query;
}

/**
 * The query with this filter in place of all that have one of these keys; without them where there is none.
 * @param {string} query
 * @param {string[]} keys
 * @param {string} filter
 */
export function replaced(query, keys, filter) {
  const some = new RegExp(`(^|\\s)(?:${keys.join("|")}):(?:"[^"]*"|[^\\s"]+)(?=\\s|$)`, "giu");
  const rest = query.replace(some, "$1").replace(/\s+/g, " ").trim();
  return filter ? withFilter(rest, filter) : rest;
}

/**
 * The value of the first filter with one of these keys; "" where there is none.
 * @param {string} query
 * @param {string[]} keys
 */
export function valueOf(query, keys) {
  const found = new RegExp(`(?:^|\\s)(?:${keys.join("|")}):("[^"]*"|[^\\s"]+)(?=\\s|$)`, "iu").exec(query);
  return found ? found[1].replaceAll('"', "") : "";
}
