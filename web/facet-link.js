// A value that photos are counted by, as a link: it asks for the value, or takes that back.

import { href } from "./address.js";
import { make } from "./dom.js";
import { toggled } from "./filter-text.js";
import { wording } from "./language.js";
import { count } from "./locale.js";

/** @typedef {import("./address.js").State} State */
/** @typedef {import("./api.js").FacetValue} FacetValue */

/**
 * @param {string} kind
 * @param {FacetValue} value
 * @param {State} state the search that it narrows
 * @param {(next: State, opens: boolean) => void} go `opens`: whether the next search is another one: an album that is
 *   more than filters
 */
export function link(kind, value, state, go) {
  const opens = value.filter === undefined;
  const next = opens
    ? { q: value.query ?? "", like: [], picture: [], photo: "" }
    : { ...state, q: toggled(state.q, value), photo: "" };
  const text = value.value;
  const element = make("a", { class: "value", href: href(next) }, make("span", { text }));
  if (value.photos !== undefined) {
    // "png, 48 photos" to those who hear it.
    const many = make("span", { class: "many", text: count(value.photos) });
    element.append(unseen(", "), many, unseen(` ${wording.filters.photos(value.photos)}`));
  }
  if (value.asked) element.append(unseen(wording.filters.takeAway));
  if (value.asked) element.setAttribute("aria-current", "true");
  element.dataset.key = `${kind} ${text}`;
  element.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(next, opens);
  });
  return element;
}

/** @param {string} text */
function unseen(text) {
  return make("span", { class: "unseen", text });
}
