// When the photos were taken: from a day to a day, or a year by one click.

import { ends, written } from "./dates-text.js";
import { byId, make } from "./dom.js";
import { replaced, valueOf } from "./filter-text.js";

/** @typedef {import("./api.js").FacetList} FacetList */

const KEYS = ["date", "year"];
/** No photo is older. */
const FIRST_YEAR = 1826;
const from = byId("dates-from");
const to = byId("dates-to");
const years = byId("dates-years");

/** Whether a day is being typed: on its way it is other days, which nobody means. */
let typing = false;
/** Whether the fields say what the search does not yet. */
let pending = false;
/** @type {() => string} */
let current = () => "";
/** @type {(query: string) => void} */
let go = () => {};

/**
 * @param {() => string} query
 * @param {(query: string) => void} change
 */
export function connect(query, change) {
  [current, go] = [query, change];
  for (const field of [from, to]) {
    field.addEventListener("keydown", typed);
    field.addEventListener("pointerdown", () => (typing = false));
    field.addEventListener("change", changed);
    field.addEventListener("focusout", left);
  }
  byId("dates-clear").addEventListener("click", () => change(replaced(query(), KEYS, "")));
}

/** @param {KeyboardEvent} event */
function typed({ key }) {
  typing = key !== "Enter" && key !== "Tab" && key !== "Escape";
  if (key === "Enter" && pending) take();
}

/** A day that is picked counts at once, a typed one when it is left. */
function changed() {
  pending = true;
  if (!typing && !isReversed()) take();
}

/** @param {FocusEvent} event */
function left({ relatedTarget: next }) {
  typing = false;
  const within = next === from || next === to;
  if (pending && !(within && isReversed())) take();
  if (within || !pending) return;
  pending = false;
  write();
}

/** Whether the last day stands before the first one: the other field may be about to follow. */
function isReversed() {
  return from.value !== "" && to.value !== "" && from.value > to.value;
}

/** Searches by the days, where they are whole. */
function take() {
  if (!isWhole(from) || !isWhole(to)) return;
  pending = false;
  const next = replaced(current(), KEYS, written(from.value, to.value));
  if (next !== current()) go(next);
}

/** @param {HTMLInputElement} field */
function isWhole({ value, validity }) {
  return !validity.badInput && (value === "" || Number(value.split("-")[0]) >= FIRST_YEAR);
}

/** The days of the search, but for those that are being typed. */
function write() {
  const [first, last] = ends(valueOf(current(), KEYS));
  if (!pending && !isTyped(from)) from.value = first;
  if (!pending && !isTyped(to)) to.value = last;
  return [first, last];
}

/** @param {HTMLInputElement} field */
function isTyped(field) {
  return typing && document.activeElement === field;
}

/**
 * @param {FacetList} found years
 * @param {(year: import("./api.js").FacetValue) => HTMLElement} link
 */
export function show({ values }, link) {
  const [first, last] = write();
  const sorted = [...values].sort((a, b) => a.value.localeCompare(b.value));
  if (sorted.length && !first && !last) {
    const range = { min: `${sorted[0].value}-01-01`, max: `${sorted.at(-1)?.value}-12-31` };
    for (const field of [from, to]) Object.assign(field, range);
  }
  byId("dates-clear").hidden = !first && !last;
  years.replaceChildren(...sorted.map((year) => make("li", {}, link(year))));
  byId("dates").hidden = sorted.length === 0 && !first && !last;
}
