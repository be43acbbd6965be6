// What stands in place of photos: nothing yet, nothing found, trouble.

import { folderForm } from "./add-folder.js";
import { byId, make } from "./dom.js";
import { wording } from "./language.js";
import { tokenForm, wasTried } from "./token-form.js";

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
    show(wording.messages.onTheirWay, [line(wording.messages.firstSoon)]);
  } else {
    show(wording.messages.noPhotos, [make("p", { text: wording.messages.tellWhere, "data-needs": "administer" }), folderForm()]);
  }
}

/** @param {() => void} reset */
export function nothingPasses(reset) {
  show(wording.messages.nonePasses, [line(wording.messages.removeOne), button(wording.messages.removeAll, reset)]);
}

/** @param {string} why "" where there is no more to say */
export function nothing(why) {
  show(wording.messages.nothingFound, why ? [line(why)] : []);
}

/** A server that listens beyond its own machine asks for its token. */
export function locked() {
  const unknown = wasTried ? [make("p", { class: "wrong", role: "alert", text: wording.messages.tokenUnknown })] : [];
  show(wording.messages.locked, [line(wording.messages.unlock), ...unknown, tokenForm()]);
  code = "token_required";
}

/** By code. @type {Record<string, string | undefined>} */
const HEADINGS = wording.messages.failures;

/** Asking the same again would give the same. */
const FINAL = ["bad_query", "bad_picture", "too_large", "not_found", "no_model", "model_has_no_photos"];

/**
 * @param {import("./api.js").ApiError} error
 * @param {() => void} again
 * @param {() => void} reset
 */
export function failed(error, again, reset) {
  const way = FINAL.includes(error.code) ? button(wording.messages.showAll, reset) : button(wording.messages.tryAgain, again);
  // The heading says the rest.
  const said = error.code === "unreachable" && error.message === wording.messages.unreachable ? wording.messages.stillRuns : error.message;
  const text = said.slice(0, 1).toUpperCase() + said.slice(1);
  show(HEADINGS[error.code] ?? wording.messages.failed, [line(text), way]);
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
