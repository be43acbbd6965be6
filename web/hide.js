// Hiding the selected photos from searches, or showing them again. No file is touched.

import { act, outcome } from "./action.js";
import * as api from "./api.js";
import * as chosen from "./chosen.js";
import { byId } from "./dom.js";
import { isOfHidden } from "./hidden.js";
import { wording } from "./language.js";
import * as notice from "./notice.js";

const button = byId("selected-hide");
const said = outcome();

/** @type {() => string} */
let query = () => "";
let done = () => {};

/**
 * @param {() => string} shown gives the query whose photos are on the screen
 * @param {() => void} changed is called when photos were hidden or are shown again
 */
export function connect(shown, changed) {
  query = shown;
  done = changed;
}

/** Names the button for what it does to the photos on the screen. */
export function update() {
  const text = ofHidden() ? wording.selection.showAgain : wording.selection.hide;
  if (button.textContent !== text) button.textContent = text;
  button.title = ofHidden() ? wording.selection.showAgainMeans : wording.selection.hideMeans;
}

function ofHidden() {
  return isOfHidden(query());
}

byId("selected").append(said);
button.addEventListener("click", () =>
  act(button, said, async () => {
    const ids = chosen.photos().map(({ id }) => id);
    const hidden = !ofHidden();
    await hide(ids, hidden);
    const text = hidden ? wording.selection.hidden : wording.selection.shownAgain;
    notice.show(text(ids.length), () => hide(ids, !hidden));
    return "";
  }),
);

/**
 * @param {string[]} ids
 * @param {boolean} hidden
 */
async function hide(ids, hidden) {
  await api.hide(ids, hidden);
  done();
}
