// The page's conductor: the address decides what is shown, everything else changes the address.

import * as address from "./address.js";
import * as albums from "./albums.js";
import * as api from "./api.js";
import * as chips from "./chips.js";
import { openHelp } from "./dialogs.js";
import { byId, say } from "./dom.js";
import * as examples from "./examples.js";
import * as grid from "./grid.js";
import * as incoming from "./incoming.js";
import * as keyboard from "./keyboard.js";
import * as library from "./library.js";
import * as marks from "./marks.js";
import * as messages from "./messages.js";
import * as order from "./order.js";
import * as pictures from "./pictures.js";
import * as results from "./results.js";
import * as settings from "./settings.js";
import * as viewer from "./viewer.js";
import * as why from "./why.js";

/** @typedef {import("./address.js").State} State */
/** @typedef {import("./api.js").Reading} Reading */
/** @typedef {import("./api.js").Understood} Understood */

const TYPING_PAUSE = 220;
const REFRESH_EVERY = 3000;
const query = byId("query");
const complaint = byId("complaint");
const fresh = byId("fresh");

/** @type {State} */
let state = address.read();
/** Whether the box is being typed in: the first change is a new step, the others refine it. */
let typing = false;
let typingTimer = 0;
/** Something to say above the next results. */
let remark = "";
/** @type {string[]} */
let filters = [];
/** Whether words of the query were read as filters. */
let applied = false;
let photosShown = -1;
/** The fingerprint of the model that answered; "" until one is known. */
let modelShown = "";
let refreshed = 0;

/**
 * Goes to another state of the page.
 * @param {State} next
 * @param {boolean} newStep whether Back returns to the present one
 */
function go(next, newStep) {
  clearTimeout(typingTimer);
  remark = "";
  newStep ? address.push(next) : address.replace(next);
  follow();
}

/** Shows what the address says. */
function follow() {
  const before = state;
  state = address.read();
  if (document.activeElement !== query || query.value.trim() !== state.q.trim()) query.value = state.q;
  if (!address.sameSearch(before, state)) search();
  showViewer();
}

async function search() {
  const wanted = withoutLostPictures(state);
  document.title = wanted.q ? `${wanted.q} · seer` : "seer";
  showExamples(wanted);
  byId("album-save-open").hidden = !albums.canSave(wanted);
  showChips(wanted, filters.filter((filter) => chips.without(wanted.q, filter) !== wanted.q));
  try {
    const found = await results.search(wanted);
    if (!found) return;
    scrollTo(0, 0);
    photosShown = library.latest?.photos ?? -1;
    fresh.hidden = true;
    say(complaint, remark);
    remark = "";
    showChips(wanted, found.filters, found.understood, found.reading);
    found.hits.length ? messages.hide() : tellNothingFound();
    showViewer();
  } catch (error) {
    complain(error);
  }
}

/**
 * @param {State} wanted
 * @param {string[]} recognised
 * @param {Understood[]} [understood]
 * @param {Reading} [reading]
 */
function showChips(wanted, recognised, understood = [], reading) {
  filters = recognised;
  applied = understood.some((words) => words.sure && !words.excludes);
  chips.show(wanted, filters, understood, reading, (next) => go(next, true));
}

/**
 * A picture in the address that this tab does not know (a link, or a closed tab) is taken out.
 * @param {State} wanted
 */
function withoutLostPictures(wanted) {
  const kept = wanted.picture.filter((key) => pictures.find(key));
  if (kept.length === wanted.picture.length) return wanted;
  state = { ...wanted, picture: kept };
  address.replace(state);
  remark = "The picture of this search is not here any more. Drop it again.";
  return state;
}

function tellNothingFound() {
  if (library.latest?.photos === 0) {
    messages.noPhotos(library.latest.indexing.running);
  } else if (filters.length || applied) {
    messages.nothingPasses(() => go({ ...state, q: "", photo: "" }, true));
  } else if (library.latest) {
    messages.nothing();
  } else {
    messages.hide();
  }
}

/** @param {unknown} error */
function complain(error) {
  const known = error instanceof api.ApiError ? error : new api.ApiError("internal", String(error));
  // While a query is being typed it is often half a filter: the photos stay.
  if (known.code === "bad_query" && results.hits.length) return say(complaint, known.message);
  results.clear();
  showChips(state, []);
  say(complaint, "");
  if (known.code === "token_required") return messages.locked();
  messages.failed(known, search, () => go({ q: "", like: [], picture: [], photo: "" }, true));
  if (known.code === "unreachable") library.look();
}

/** @param {State} wanted */
function showExamples(wanted) {
  const start = !wanted.q.trim() && !wanted.like.length && !wanted.picture.length;
  examples.show(start && library.latest?.photos !== 0);
}

// The viewer

async function showViewer() {
  const id = state.photo;
  if (!id) {
    const last = viewer.openPhoto();
    viewer.hide();
    why.follow("", false);
    if (last) grid.focus(last);
    return;
  }
  const position = results.indexOf(id);
  try {
    const photo = results.hits[position]?.photo ?? (await api.photo(id));
    if (state.photo !== id) return;
    const place = { position, total: results.hits.length, more: !byId("more").hidden };
    viewer.show(photo, place, neighbours(position), results.hits[position]?.at_second);
    viewer.showMark(marks.marked(state.q, photo.id));
    why.follow(photo.id, position >= 0);
  } catch (error) {
    go({ ...state, photo: "" }, false);
    remark = /** @type {Error} */ (error).message;
    say(complaint, remark);
  }
}

/** @param {number} position */
function neighbours(position) {
  if (position < 0) return [];
  return [results.hits[position + 1], results.hits[position - 1]].filter(Boolean).map((hit) => hit.photo.id);
}

function closeViewer() {
  if (address.backCloses()) history.back();
  else go({ ...state, photo: "" }, false);
}

/** @param {number} by */
async function step(by) {
  const position = results.indexOf(state.photo);
  if (position < 0) return;
  if (position + by >= results.hits.length) await results.loadMore();
  const next = results.hits[position + by];
  if (next) go({ ...state, photo: next.photo.id }, false);
}

/**
 * Marks a photo as right or wrong, or takes that back: a new step, so that Back undoes it.
 * @param {string} id
 * @param {import("./marks.js").Kind} kind
 */
function mark(id, kind) {
  const q = marks.toggled(state.q, id, kind);
  // What is wrong leaves the answer: the viewer goes on to the next photo.
  const leaves = state.photo && kind === "less" && marks.marked(q, id) === "less";
  const position = results.indexOf(id);
  const next = (position >= 0 && results.hits[position + 1]?.photo.id) || "";
  query.value = q;
  go({ ...state, q, photo: leaves ? next : state.photo }, true);
}

/** @param {string} text a query */
function searchFor(text) {
  go({ q: text, like: [], picture: [], photo: "" }, true);
}

/** @param {string} id */
function similar(id) {
  go({ q: "", like: [id], picture: [], photo: "" }, true);
}

byId("grid").addEventListener("click", (/** @type {MouseEvent} */ event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const alike = /** @type {HTMLElement | null} */ (target.closest("button.alike"));
  if (alike) return results.unfold(alike.dataset.id ?? "");
  const link = target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go({ ...state, photo: link.dataset.id ?? "" }, true);
});

// The search box

query.addEventListener("input", () => {
  clearTimeout(typingTimer);
  typingTimer = setTimeout(commit, TYPING_PAUSE);
});

function commit() {
  const next = { ...state, q: query.value, photo: "" };
  if (address.sameSearch(next, state)) return;
  const newStep = !typing;
  typing = true;
  go(next, newStep);
}

byId("search").addEventListener("submit", (/** @type {Event} */ event) => {
  event.preventDefault();
  clearTimeout(typingTimer);
  commit();
  typing = false;
});
query.addEventListener("blur", () => (typing = false));

byId("home").addEventListener("click", (/** @type {MouseEvent} */ event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  query.value = "";
  go({ q: "", like: [], picture: [], photo: "" }, true);
});

/** @param {File[]} files */
async function searchBy(files) {
  const keys = await Promise.all(files.map(pictures.add));
  go({ ...state, q: query.value, picture: [...state.picture, ...keys], photo: "" }, true);
}

// While the library grows

/**
 * @param {import("./api.js").Status} now
 * @param {import("./api.js").Status | null} before
 */
function libraryChanged(now, before) {
  showExamples(state);
  settings.update(now);
  if (modelChanged(now)) return search();
  if (results.isBusy()) return;
  const back = messages.trouble() === "unreachable";
  const grown = now.photos !== photosShown;
  const ended = before?.indexing.running && !now.indexing.running;
  if (back) return search();
  if (!results.hits.length && !messages.trouble()) {
    if (grown || ended) search();
    else tellNothingFound();
    return;
  }
  if (!grown || (!ended && performance.now() - refreshed < REFRESH_EVERY)) return;
  if (photosShown < 0) {
    photosShown = now.photos;
  } else if (scrollY < 300 && !viewer.openPhoto()) {
    refreshNow(now.photos);
  } else {
    fresh.hidden = false;
  }
}

/**
 * Whether another model answers than before, here or by somebody else's hand.
 * @param {import("./api.js").Status} now
 */
function modelChanged({ model }) {
  const before = modelShown;
  modelShown = model?.fingerprint ?? "";
  return before !== "" && before !== modelShown;
}

/** @param {number} photos */
function refreshNow(photos) {
  refreshed = performance.now();
  photosShown = photos;
  fresh.hidden = true;
  results.refresh();
}

fresh.addEventListener("click", () => {
  scrollTo(0, 0);
  search();
});

// Start

order.connect((sort) => go({ ...state, sort, photo: "" }, true));
keyboard.listen({
  weaker: results.showWeaker,
  search: () => {
    scrollTo({ top: 0 });
    query.focus();
    query.select();
  },
  help: openHelp,
  similar,
  mark,
  unfold: results.unfold,
  step,
  why: why.toggle,
  openPhoto: viewer.openPhoto,
});
why.connect(results.why);
viewer.connect({ close: closeViewer, step, similar, search: searchFor, mark });
albums.connect(() => state, (next) => go(next, true));
settings.connect(search);
incoming.listen(searchBy);
addEventListener("popstate", follow);
examples.fill((text) => go({ ...state, q: text }, true));
address.replace(state); // also takes a token out of the address
query.value = state.q;
search();
showViewer();
library.watch(libraryChanged);
