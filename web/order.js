// In which order the photos that fit come: a choice above them, kept in the address.

import { byId } from "./dom.js";

/** @typedef {import("./address.js").State} State */

const choice = /** @type {HTMLSelectElement} */ (byId("sort"));
const best = /** @type {HTMLOptionElement} */ (choice.options[0]);

/**
 * @param {State} state
 * @param {boolean} scored whether there is a best photo, or only photos by time
 * @param {boolean} any whether there are photos
 */
export function show(state, scored, any) {
  best.hidden = !scored;
  best.disabled = !scored;
  choice.value = state.sort || (scored ? "relevance" : "newest");
  choice.hidden = !any;
}

/** @param {(sort: string) => void} change */
export function connect(change) {
  choice.addEventListener("change", () => change(choice.value === "relevance" ? "" : choice.value));
}
