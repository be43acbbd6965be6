// A value that photos are counted by, as a link: it asks for the value, or takes that back.

import { href } from "./address.js";
import { make } from "./dom.js";
import { toggled } from "./filter-text.js";
import { count, counted } from "./format.js";

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
  const said = value.photos === undefined ? "" : `, ${counted(value.photos, "photo")}`;
  const many = value.photos === undefined ? null : make("span", { class: "many", text: count(value.photos) });
  const label = `${text}${said}${value.asked ? "; take this filter away" : ""}`;
  const element = make("a", { class: "value", href: href(next), "aria-label": label }, make("span", { text }), many);
  if (value.asked) element.setAttribute("aria-current", "true");
  element.dataset.key = `${kind} ${text}`;
  element.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(next, opens);
  });
  return element;
}
