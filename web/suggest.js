// The list below the search box: a combobox as WAI-ARIA describes it. The focus stays in the box; arrows choose, Enter
// and Tab take what is chosen, Escape closes the list. Nothing is chosen by itself: typing on and Enter search as ever.

import * as api from "./api.js";
import { before, suggestions, wanted, wordAt } from "./completion.js";
import { byId, make, say } from "./dom.js";
import { wording } from "./language.js";
import { count } from "./locale.js";
import { recent } from "./recent.js";

/** @typedef {import("./completion.js").Suggestion} Suggestion */

/** Values of each kind that are asked for. */
const VALUES = 8;
/** The typing has paused. */
const PAUSE = 90;
/** Answers that are remembered. */
const KEPT = 40;

const box = byId("query");
const list = byId("suggest");
const told = byId("suggest-told");

/** @type {Suggestion[]} */
let shown = [];
/** The place of the chosen one; -1 for none. */
let chosen = -1;
let timer = 0;
let asking = new AbortController();
/** @type {Map<string, import("./api.js").Facets>} */
const known = new Map();
/** @type {() => void} */
let take = () => {};

/** @param {() => void} listener searches for what stands in the box now */
export function connect(listener) {
  take = listener;
  box.addEventListener("input", later);
  box.addEventListener("focus", () => box.value === "" && look());
  box.addEventListener("click", () => box.value === "" && list.hidden && look());
  box.addEventListener("blur", close);
  box.addEventListener("keydown", press);
  box.form.addEventListener("submit", close);
  // The box keeps the focus when a suggestion is clicked.
  list.addEventListener("pointerdown", (/** @type {Event} */ event) => event.preventDefault());
  list.addEventListener("click", (/** @type {Event} */ event) => {
    const option = /** @type {HTMLElement} */ (event.target).closest("li");
    if (option) pick(Number(option.dataset.place));
  });
}

/** Photos have come or gone: counts are others. */
export function forget() {
  known.clear();
}

function later(/** @type {InputEvent} */ event) {
  clearTimeout(timer);
  if (event.isComposing) return;
  timer = setTimeout(look, PAUSE);
}

async function look() {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const text = box.value;
  if (!text.trim()) return show(before("", recent()));
  const word = wordAt(text, box.selectionStart ?? text.length);
  const find = wanted(word);
  const found = find === null ? null : await values(find, signal);
  if (signal.aborted || document.activeElement !== box || box.value !== text) return;
  const searched = word.key ? [] : before(text, recent());
  show([...suggestions(word, found), ...searched].filter((one) => one.insert.trim() !== text.trim()));
}

/**
 * Values of the library with a word that begins so.
 * @param {string} find
 * @param {AbortSignal} signal
 */
async function values(find, signal) {
  const kept = known.get(find);
  if (kept) return kept;
  try {
    const found = await api.facets({ q: "", find, most: VALUES }, signal);
    known.set(find, found);
    for (const [old] of known) if (known.size > KEPT) known.delete(old);
    return found;
  } catch {
    return null; // The list is a help; what is typed is searched for in any case.
  }
}

/** @param {Suggestion[]} found */
function show(found) {
  const same = shown.map((one) => one.insert).join("\n") === found.map((one) => one.insert).join("\n");
  if (same && !list.hidden) return;
  shown = found;
  if (!found.length) return close();
  list.replaceChildren(...found.map(option));
  list.hidden = false;
  box.setAttribute("aria-expanded", "true");
  choose(-1);
  say(told, wording.suggest.many(found.length));
}

/**
 * @param {Suggestion} one
 * @param {number} place
 */
function option({ text, kind, photos }, place) {
  const many = photos === undefined ? null : make("span", { class: "many", text: count(photos) });
  const element = make("li", { id: `suggest-${place}`, role: "option", "aria-selected": "false" },
    make("span", { class: "suggested", text }), make("span", { class: "kind", text: kind }), many);
  if (photos !== undefined) element.setAttribute("aria-label", [text, ...(kind ? [kind] : []), wording.common.photos(photos)].join(", "));
  element.dataset.place = String(place);
  return element;
}

function close() {
  clearTimeout(timer);
  asking.abort();
  list.hidden = true;
  shown = [];
  chosen = -1;
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
  say(told, "");
}

/** @param {number} place */
function choose(place) {
  chosen = place;
  for (const element of list.children) {
    element.setAttribute("aria-selected", String(Number(element.dataset.place) === place));
  }
  if (place < 0) return box.removeAttribute("aria-activedescendant");
  box.setAttribute("aria-activedescendant", `suggest-${place}`);
  list.children[place].scrollIntoView({ block: "nearest" });
}

/** @param {KeyboardEvent} event */
function press(event) {
  if (list.hidden || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const { key } = event;
  if (key === "ArrowDown") choose(chosen + 1 < shown.length ? chosen + 1 : -1);
  else if (key === "ArrowUp" && chosen !== -1) choose(chosen - 1);
  else if (key === "ArrowUp") choose(shown.length - 1);
  else if (key === "Escape") close();
  else if (key === "Enter" && chosen >= 0) pick(chosen);
  else if (key === "Tab" && !event.shiftKey && (chosen >= 0 || isFilter())) pick(Math.max(chosen, 0));
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Whether a filter is being typed: Tab takes the first of its values then. */
function isFilter() {
  return wordAt(box.value, box.selectionStart ?? box.value.length).key !== "";
}

/** @param {number} place */
function pick(place) {
  const one = shown[place];
  if (!one) return;
  const text = box.value;
  if (one.whole) {
    box.value = one.insert;
  } else {
    const { from, to } = wordAt(text, box.selectionStart ?? text.length);
    box.value = text.slice(0, from) + one.insert + text.slice(to).trimStart();
    const at = from + one.insert.length;
    box.setSelectionRange(at, at);
  }
  close();
  // Where a filter's name is there, its value comes next, and nothing is searched for.
  if (one.insert.endsWith(":")) look();
  else take();
}
