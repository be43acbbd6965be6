// When the photos were taken: from a day to a day, or a year by one click.

import { ends, written } from "./dates-text.js";
import { byId, make } from "./dom.js";
import { replaced, valueOf } from "./filter-text.js";

/** @typedef {import("./api.js").FacetList} FacetList */

const KEYS = ["date", "year"];
const from = byId("dates-from");
const to = byId("dates-to");
const years = byId("dates-years");

/**
 * @param {() => string} query
 * @param {(query: string) => void} change
 */
export function connect(query, change) {
  const write = () => change(replaced(query(), KEYS, written(from.value, to.value)));
  for (const field of [from, to]) field.addEventListener("change", write);
  byId("dates-clear").addEventListener("click", () => change(replaced(query(), KEYS, "")));
  current = query;
}

/** @type {() => string} */
let current = () => "";

/**
 * @param {FacetList} found years
 * @param {(year: import("./api.js").FacetValue) => HTMLElement} link
 */
export function show({ values }, link) {
  const [first, last] = ends(valueOf(current(), KEYS));
  [from.value, to.value] = [first, last];
  const sorted = [...values].sort((a, b) => a.value.localeCompare(b.value));
  if (sorted.length && !first && !last) {
    const range = { min: `${sorted[0].value}-01-01`, max: `${sorted.at(-1)?.value}-12-31` };
    for (const field of [from, to]) Object.assign(field, range);
  }
  byId("dates-clear").hidden = !first && !last;
  years.replaceChildren(...sorted.map((year) => make("li", {}, link(year))));
  byId("dates").hidden = sorted.length === 0 && !first && !last;
}
