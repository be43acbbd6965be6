// Keys for the whole page. Browser shortcuts and typing are left alone.

import * as grid from "./grid.js";
import * as moves from "./moves.js";

/**
 * @typedef {object} Actions
 * @property {() => void} search moves to the search box
 * @property {() => void} help
 * @property {(id: string) => void} similar
 * @property {(id: string, kind: "more" | "less") => void} mark marks a photo as right or wrong, or takes it back
 * @property {() => void} weaker shows the photos that do not clearly fit
 * @property {(id: string) => void} unfold shows what is alike a photo, or hides it again
 * @property {(step: number) => void} step in the viewer
 * @property {(which: "first" | "last") => void} jump in the viewer
 * @property {() => void} why says why the photo in the viewer is a result, or stops saying it
 * @property {() => void} lines outlines all words in the photo in the viewer, or only those asked for
 * @property {() => string} openPhoto id of the photo in the viewer, or ""
 */

const MOVES = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"];

/**
 * On most keyboards "+" stands above "=".
 * @type {Record<string, "more" | "less" | undefined>}
 */
const MARKS = { "+": "more", "=": "more", "-": "less" };

/** @param {Actions} actions */
export function listen(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.isComposing || !act(event, actions)) return;
    event.preventDefault();
  });
}

/**
 * @param {KeyboardEvent} event
 * @param {Actions} actions
 * @returns {boolean} whether the key was ours
 */
function act({ key, target }, actions) {
  const field = target instanceof HTMLElement && target.matches("input, textarea, select");
  if (field) return key === "ArrowDown" && target.id === "query" && moves.focus();
  const open = actions.openPhoto();
  if (open) return inViewer(key, open, actions);
  if (document.querySelector("dialog[open]")) return false;
  if (key === "/") return done(actions.search());
  if (key === "?") return done(actions.help());
  if (key === "w") return done(actions.weaker());
  const focused = grid.focused();
  if (!focused) return false;
  if (key === "s") return done(actions.similar(focused));
  if (key === "a") return done(actions.unfold(focused));
  const kind = MARKS[key];
  if (kind) return done(actions.mark(focused, kind));
  return MOVES.includes(key) && (moves.move(key) || leaveUpwards(key, actions));
}

/**
 * @param {string} key
 * @param {string} open
 * @param {Actions} actions
 */
function inViewer(key, open, actions) {
  if (key === "ArrowLeft") return done(actions.step(-1));
  if (key === "ArrowRight") return done(actions.step(1));
  if (key === "Home") return done(actions.jump("first"));
  if (key === "End") return done(actions.jump("last"));
  if (key === "s") return done(actions.similar(open));
  if (key === "y") return done(actions.why());
  if (key === "t") return done(actions.lines());
  const kind = MARKS[key];
  return kind ? done(actions.mark(open, kind)) : false;
}

/**
 * From the first row, up leads back to the search box.
 * @param {string} key
 * @param {Actions} actions
 */
function leaveUpwards(key, actions) {
  return key === "ArrowUp" && done(actions.search());
}

/** @param {void} _ */
function done(_) {
  return true;
}
