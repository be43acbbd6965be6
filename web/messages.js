// What stands in place of photos: nothing yet, nothing found, trouble.

import { folderForm } from "./add-folder.js";
import { byId, make } from "./dom.js";
import { tokenForm } from "./token-form.js";

const place = byId("message");
let code = "";

export function hide() {
  place.hidden = true;
  code = "";
}

/** The code of the error that stands there; "" for none, or for an honest "nothing". */
export function trouble() {
  return code;
}

/** @param {boolean} indexing */
export function noPhotos(indexing) {
  if (indexing) {
    show("Your photos are on their way", [line("seer is reading them now. The first ones appear here in a moment.")]);
  } else {
    show("No photos yet", [line("Tell seer where they are. Nothing is copied, moved or sent anywhere."), folderForm()]);
  }
}

/** @param {() => void} reset */
export function nothingPasses(reset) {
  show("No photo passes these filters", [
    line("Remove one of them, or start over."),
    button("Remove everything", reset),
  ]);
}

export function nothing() {
  show("Nothing found", [line("The photos of this library are not encoded yet.")]);
}

/** A server that listens beyond its own machine asks for its token. */
export function locked() {
  show("This library is locked", [
    line("Open the address that “seer serve” printed, or type the token that stands in it."),
    tokenForm(),
  ]);
  code = "token_required";
}

const HEADINGS = new Map([
  ["unreachable", "seer does not answer"],
  ["no_model", "No model, no search by meaning"],
  ["model_has_no_photos", "The photos are not encoded yet"],
  ["not_found", "That photo is not in the library"],
  ["bad_query", "That query cannot be read"],
  ["bad_picture", "That picture cannot be read"],
  ["too_large", "That is too large"],
  ["busy", "seer is very busy"],
]);

/** Asking the same again would give the same. */
const FINAL = ["bad_query", "bad_picture", "too_large", "not_found", "no_model", "model_has_no_photos"];

/**
 * @param {import("./api.js").ApiError} error
 * @param {() => void} again
 * @param {() => void} reset
 */
export function failed(error, again, reset) {
  const way = FINAL.includes(error.code) ? button("Show all photos", reset) : button("Try again", again);
  const text = error.message.slice(0, 1).toUpperCase() + error.message.slice(1);
  show(HEADINGS.get(error.code) ?? "That did not work", [line(text), way]);
  code = error.code;
}

/**
 * @param {string} heading
 * @param {HTMLElement[]} parts
 */
function show(heading, parts) {
  code = "";
  const next = make("div", {}, make("h2", { text: heading }), ...parts);
  // A message that stands there already keeps its focus.
  if (!place.hidden && place.textContent === next.textContent) return;
  place.replaceChildren(next);
  place.hidden = false;
}

/** @param {string} text */
function line(text) {
  return make("p", { text });
}

/**
 * @param {string} text
 * @param {() => void} act
 */
function button(text, act) {
  const element = make("button", { type: "button", class: "button", text });
  element.addEventListener("click", act);
  return element;
}
