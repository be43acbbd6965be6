// What was done to the selected photos, with the way back. It stands where the selection did, until it is closed,
// taken back, or photos are selected anew.

import { act, tell } from "./action.js";
import { byId } from "./dom.js";

const bar = byId("notice");
const text = byId("notice-text");
const undo = byId("notice-undo");

/** @type {() => Promise<void>} */
let back = async () => {};

/**
 * @param {string} done
 * @param {() => Promise<void>} takeBack
 */
export function show(done, takeBack) {
  back = takeBack;
  bar.hidden = false;
  tell(text, done);
  undo.focus();
}

export function hide() {
  bar.hidden = true;
  tell(text, "");
}

/** Closes it by hand: the focus goes on to the photos. */
function close() {
  hide();
  byId("grid").focus({ preventScroll: true });
}

undo.addEventListener("click", () =>
  act(undo, text, async () => {
    await back();
    close();
    return "";
  }),
);
byId("notice-close").addEventListener("click", close);
bar.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
  if (event.key === "Escape") close();
});
