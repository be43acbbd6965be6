// Photos that do not clearly show what was asked for lie folded below those that do.

import { byId } from "./dom.js";
import { wording } from "./language.js";

const button = byId("weaker");

/**
 * Offers to show them, where there are some.
 * @param {import("./answer.js").Answer} answer
 */
export function show({ folds, weak, total, end }) {
  button.hidden = !folds || (weak >= 0 ? weak === 0 : total >= end);
  button.textContent = weak > 0 ? wording.answer.weakerMany(weak) : wording.answer.weaker;
}
