// The panel of filters: what the photos that the search's filters allow are counted by. A click on a value asks for it,
// another one takes that back; the photos behind the panel follow.

import * as api from "./api.js";
import * as dates from "./dates.js";
import { byId, make, say } from "./dom.js";
import { link } from "./facet-link.js";
import { wording } from "./language.js";
import * as recentList from "./recent-list.js";

/** @typedef {import("./address.js").State} State */
/** @typedef {import("./api.js").FacetValue} FacetValue */
/** @typedef {import("./api.js").Facets} Facets */
/** @typedef {keyof typeof wording.filters.kinds} Kind */

/** In their order on the panel. @type {Kind[]} */
const KINDS = ["people", "countries", "cities", "tags", "classes", "albums", "cameras", "types"];
const FEW = 12;
const MANY = 100;

const sheet = byId("filters");
const lists = byId("filters-lists");
const trouble = byId("filters-trouble");

/** @type {State} */
let state = { q: "", like: [], picture: [], photo: "" };
/** @type {(next: State) => void} */
let go = () => {};
/** Kinds of which all are shown. @type {Set<Kind>} */
const whole = new Set();
let asking = new AbortController();

/**
 * @param {() => State} search gives the search on the screen
 * @param {(next: State) => void} change goes to another one
 * @param {{ map: () => void, albums: () => void, help: () => void }} others
 */
export function connect(search, change, { map, albums, help }) {
  go = change;
  // On a phone these have no place beside the search box.
  for (const [id, open] of /** @type {const} */ ([["filters-map", map], ["filters-albums", albums], ["filters-help", help]])) {
    byId(id).addEventListener("click", () => {
      sheet.close();
      open();
    });
  }
  byId("filters-open").addEventListener("click", () => open(search()));
  byId("filters-clear").addEventListener("click", () => go({ ...state, q: "", photo: "" }));
  sheet.addEventListener("close", () => {
    asking.abort();
    byId("filters-open").focus();
  });
  dates.connect(() => state.q, (q) => go({ ...state, q, photo: "" }));
  recentList.connect((q) => {
    sheet.close();
    go({ q, like: [], picture: [], photo: "" });
  });
}

/** @param {State} search */
export function open(search) {
  if (document.querySelector("dialog[open]")) return;
  state = search;
  whole.clear();
  // It stands below the lists, and comes with them.
  byId("recent").hidden = true;
  recentList.show();
  sheet.showModal();
  byId("filters-title").focus();
  ask();
}

/**
 * The search has changed.
 * @param {State} search
 */
export function follow(search) {
  const same = search.q === state.q;
  state = search;
  if (sheet.open && !same) ask();
}

async function ask() {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  try {
    const found = await api.facets({ q: state.q, most: MANY }, signal);
    if (signal.aborted) return;
    say(trouble, "");
    show(found);
  } catch (error) {
    if (!signal.aborted) say(trouble, /** @type {Error} */ (error).message);
  }
}

/**
 * @param {State} next
 * @param {boolean} opens whether the search is another one
 */
function follows(next, opens) {
  if (opens) sheet.close();
  go(next);
}

/** @param {Facets} found */
function show(found) {
  say(byId("filters-count"), wording.common.photos(found.photos));
  byId("recent").hidden = false;
  byId("filters-clear").hidden = state.q.trim() === "";
  dates.show(found.years, (year) => link("years", year, state, follows));
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.key : undefined;
  lists.replaceChildren(...KINDS.map((kind) => section(kind, found)).filter((one) => one !== null));
  // The value that was clicked keeps the focus, although its list is a new one.
  const again = focused && sheet.querySelector(`[data-key="${CSS.escape(focused)}"]`);
  if (again instanceof HTMLElement) again.focus();
}

/**
 * @param {Kind} kind
 * @param {Facets} found
 */
function section(kind, found) {
  const { values, different } = found[kind];
  const shown = whole.has(kind) ? values : values.slice(0, FEW);
  if (!shown.length) return null;
  const title = make("h3", { text: wording.filters.kinds[kind], id: `filters-${kind}` });
  const list = make("ul", { class: "values", "aria-labelledby": `filters-${kind}` }, ...shown.map((value) => item(kind, value)));
  const more = different > shown.length && !whole.has(kind) ? moreButton(kind, different) : null;
  const rest = different > shown.length && whole.has(kind) ? make("p", { class: "hint", text: wording.filters.firstOf(shown.length, different) }) : null;
  return make("section", {}, title, list, more, rest);
}

/**
 * @param {Kind} kind
 * @param {FacetValue} value
 */
function item(kind, value) {
  return make("li", {}, link(kind, value, state, follows));
}

/**
 * @param {Kind} kind
 * @param {number} different
 */
function moreButton(kind, different) {
  const button = make("button", {
    type: "button",
    class: "quiet",
    text: wording.filters.showAll(different),
    "aria-label": wording.filters.showAllOf(different, wording.filters.kinds[kind]),
  });
  button.addEventListener("click", () => {
    whole.add(kind);
    ask();
  });
  return button;
}
