// A request that changes something: its control waits, and its outcome is said beside it.

import { ApiError } from "./api.js";
import { make } from "./dom.js";
import { wording } from "./language.js";
import * as library from "./library.js";
import { tokenForm } from "./token-form.js";

/**
 * Where outcomes are said. A screen reader hears of them.
 * @returns {HTMLElement}
 */
export function outcome() {
  return make("div", { class: "outcome", role: "status" });
}

/**
 * @param {HTMLElement} place
 * @param {string} text
 */
export function tell(place, text) {
  place.classList.remove("wrong");
  place.replaceChildren(...(text ? [make("p", { text })] : []));
}

/**
 * Says what went wrong, in the server's words; where the right to change was lacking, with the way
 * to get it.
 * @param {HTMLElement} place
 * @param {unknown} error
 */
export function tellError(place, error) {
  const locked = error instanceof ApiError && error.code === "token_required";
  place.classList.add("wrong");
  place.replaceChildren(make("p", { text: error instanceof Error ? error.message : String(error) }));
  if (locked) place.append(make("p", { class: "hint", text: wording.messages.tokenIsIn(library.latest?.folder ?? "") }), tokenForm());
  place.scrollIntoView({ block: "nearest" });
}

/**
 * Does something while its control is disabled; then the focus is back on it, or where it went.
 * @param {any} control a button
 * @param {HTMLElement} place for what comes of it
 * @param {() => Promise<string>} work gives what to say in the end; "" where it is said elsewhere
 * @param {HTMLElement} [after] takes the focus where the control is gone by then
 */
export async function act(control, place, work, after) {
  const focused = document.activeElement === control;
  control.disabled = true;
  tell(place, "");
  try {
    const text = await work();
    if (text) tell(place, text);
  } catch (error) {
    tellError(place, error);
  } finally {
    control.disabled = false;
    // A control that is disabled or hidden loses the focus, sooner or later.
    const nowhere = [document.body, control].includes(document.activeElement);
    if (focused && nowhere) refocus(control, after);
  }
}

/**
 * @param {HTMLElement} control
 * @param {HTMLElement} [after]
 */
function refocus(control, after) {
  const there = control.isConnected && control.offsetParent !== null;
  (there ? control : after)?.focus();
}
