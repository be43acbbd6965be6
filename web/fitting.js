// Photos that do not clearly show what was asked for lie folded below those that do.

import { byId } from "./dom.js";
import { counted } from "./format.js";

/** @typedef {import("./api.js").Hit} Hit */
/** @typedef {import("./api.js").SearchAnswer} SearchAnswer */

const button = byId("weaker");
let open = false;

/** Folds them: another search. */
export function fold() {
  open = false;
}

/** Shows them. */
export function unfold() {
  open = true;
}

/**
 * The hits that are shown. Where nothing fits, the closest are.
 * @param {Hit[]} hits
 * @param {SearchAnswer} answer
 */
export function shown(hits, answer) {
  const folds = !open && (answer.fitting ?? 0) > 0;
  const fit = folds ? hits.filter((hit) => hit.band !== "weak") : hits;
  const weak = hits.length - fit.length;
  button.hidden = weak === 0;
  button.textContent = answer.more ? "Show weaker photos too" : `Show ${counted(weak, "weaker photo")} too`;
  return fit;
}
