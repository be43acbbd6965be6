// Keys for the whole page. Browser shortcuts and typing are left alone.

import * as film from "./film.js";
import * as grid from "./grid.js";
import * as looking from "./looking.js";
import * as moves from "./moves.js";
import * as region from "./region.js";
import * as selection from "./selection.js";
import * as zoom from "./zoom.js";

/**
 * @typedef {object} Actions
 * @property {() => void} search moves to the search box
 * @property {() => void} help
 * @property {() => void} filters shows what photos are counted by
 * @property {() => void} map
 * @property {(id: string) => void} similar
 * @property {(id: string, kind: "more" | "less") => void} mark marks a photo as right or wrong, or takes it back
 * @property {() => void} weaker shows the photos that do not clearly fit
 * @property {(id: string) => void} unfold shows what is alike a photo, or hides it again
 * @property {(step: number) => unknown} step in the viewer
 * @property {(which: "first" | "last") => void} jump in the viewer
 * @property {() => void} why says why the photo in the viewer is a result, or stops saying it
 * @property {() => void} lines outlines all words in the photo in the viewer, or only those asked for
 * @property {() => string} openPhoto id of the photo in the viewer, or ""
 */

/**
 * Shares of the stage by which an enlarged picture moves.
 * @type {Record<string, [number, number] | undefined>}
 */
const PANS = { ArrowLeft: [-0.2, 0], ArrowRight: [0.2, 0], ArrowUp: [0, -0.2], ArrowDown: [0, 0.2] };
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
  if (open) return inViewer(key, open, actions, target);
  if (document.querySelector("dialog[open]")) return false;
  if (key === "/") return done(actions.search());
  if (key === "?") return done(actions.help());
  if (key === "f") return done(actions.filters());
  if (key === "m") return done(actions.map());
  if (key === "w") return done(actions.weaker());
  const focused = grid.focused();
  if (!focused) return false;
  if (key === "s") return done(actions.similar(focused));
  if (key === "a") return done(actions.unfold(focused));
  if (key === "x") return done(selection.toggle(focused));
  if (key === "X") return done(void selection.range(focused));
  const kind = MARKS[key];
  if (kind) return done(actions.mark(focused, kind));
  return MOVES.includes(key) && (moves.move(key) || leaveUpwards(key, actions));
}

/**
 * @param {string} key
 * @param {string} open
 * @param {Actions} actions
 * @param {EventTarget | null} target what has the focus
 */
function inViewer(key, open, actions, target) {
  if (key === " ") return !(target instanceof HTMLElement && target.matches("button, a, video")) && done(goOn());
  const pan = zoom.isEnlarged() && PANS[key];
  if (pan) return done(zoom.pan(pan[0], pan[1]));
  if (key === "z") return done(zoom.toggle());
  if (key === "i") return done(zoom.byStep(1));
  if (key === "o") return done(zoom.byStep(-1));
  if (key === "f") return done(void looking.fullscreen());
  if (key === "c") return done(looking.compare());
  if (key === "r") return done(region.toggle());
  if (key === "ArrowLeft") return done(void actions.step(-1));
  if (key === "ArrowRight") return done(void actions.step(1));
  if (key === "Home") return done(actions.jump("first"));
  if (key === "End") return done(actions.jump("last"));
  if (key === "s") return done(actions.similar(open));
  if (key === "y") return done(actions.why());
  if (key === "t") return done(actions.lines());
  const kind = MARKS[key];
  return kind ? done(actions.mark(open, kind)) : false;
}

/** A video plays or pauses, as it does by itself where it has the focus; photos come one after the other, or no longer. */
function goOn() {
  film.isShown() ? film.toggle() : looking.slideshow();
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
