// The page's conductor: the address decides what is shown, everything else changes the address.

import "./page-text.js"; // first: what follows may read what it writes
import "./box-hint.js";
import * as address from "./address.js";
import * as albums from "./albums.js";
import * as api from "./api.js";
import * as around from "./around.js";
import * as chips from "./chips.js";
import { openHelp } from "./dialogs.js";
import { byId, say } from "./dom.js";
import * as examples from "./examples.js";
import * as filterPanel from "./filters.js";
import * as growth from "./growth.js";
import { isOfAllHidden, isOfHidden } from "./hidden.js";
import * as incoming from "./incoming.js";
import { keepThePage } from "./installed.js";
import * as keyboard from "./keyboard.js";
import { wording } from "./language.js";
import * as library from "./library.js";
import * as lines from "./lines.js";
import * as map from "./map.js";
import * as marks from "./marks.js";
import * as messages from "./messages.js";
import * as moves from "./moves.js";
import * as order from "./order.js";
import * as pictures from "./pictures.js";
import * as recent from "./recent.js";
import * as region from "./region.js";
import * as results from "./results.js";
import * as settings from "./settings.js";
import * as suggest from "./suggest.js";
import * as viewer from "./viewer.js";
import * as why from "./why.js";

/** @typedef {import("./address.js").State} State */
/** @typedef {import("./api.js").Reading} Reading */
/** @typedef {import("./api.js").Understood} Understood */

const TYPING_PAUSE = 220;
const query = byId("query");
const complaint = byId("complaint");

/** @type {State} */
let state = address.read();
let typingTimer = 0;
/** Something to say above the next results. */
let remark = "";
/** @type {string[]} */
let filters = [];
/** Whether words of the query were read as filters. */
let applied = false;

/**
 * Goes to another state of the page.
 * @param {State} next
 * @param {"push" | "replace" | "type"} kind a new step, the present one changed, or one that is still being typed:
 *   the first change is a new step, the others refine it until it is left
 */
function go(next, kind) {
  clearTimeout(typingTimer);
  remark = "";
  results.keepPlace();
  const before = address.read();
  const present = address.step();
  const same = address.sameSearch(before, next);
  const answer = same ? present.answer : address.newKey();
  if (kind === "replace") {
    address.replace(next, { ...present, answer });
  } else if (kind === "type") {
    const typed = { answer, opens: false, draft: true };
    present.draft && !before.photo ? address.replace(next, typed) : address.push(next, typed);
  } else if (address.href(next) === address.href(before)) {
    address.settle();
  } else {
    address.push(next, { answer, opens: same && !before.photo && next.photo !== "", draft: false });
  }
  follow();
}

/** Shows what the address says. */
function follow() {
  state = address.read();
  if (document.activeElement !== query || query.value.trim() !== state.q.trim()) query.value = state.q;
  if (address.step().answer !== results.key()) search();
  filterPanel.follow(state);
  showViewer();
}

/** @param {boolean} [anew] asks, even where the answer is kept */
async function search(anew = false) {
  const wanted = withoutLostPictures(state);
  const { answer } = address.step();
  document.title = wanted.q ? `${wanted.q} · seer` : "seer";
  showExamples(wanted);
  byId("album-save-open").hidden = !albums.canSave(wanted);
  showChips(wanted, filters.filter((filter) => chips.without(wanted.q, filter) !== wanted.q));
  try {
    const head = (/** @type {import("./api.js").SearchAnswer} */ found) => showHead(wanted, found);
    const found = await results.search(wanted, answer, { anew, photos: library.latest?.photos ?? -1, head });
    if (!found) return;
    if (!address.step().draft) recent.note(wanted.q);
    results.any() ? messages.hide() : tellNothingFound();
    showViewer();
  } catch (error) {
    complain(error);
  }
}

/**
 * What stands above the photos of an answer.
 * @param {State} wanted
 * @param {import("./api.js").SearchAnswer} found
 */
function showHead(wanted, found) {
  growth.show(results.photosThen(), library.latest?.photos ?? -1);
  say(complaint, remark);
  remark = "";
  showChips(wanted, found.filters, found.understood, found.reading);
}

/** Asks for the present search once more, from its beginning. */
function searchAnew() {
  return search(true);
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
  chips.show(wanted, filters, understood, reading, (next) => go(next, "push"));
}

/**
 * A picture in the address that this tab does not know (a link, or a closed tab) is taken out.
 * @param {State} wanted
 */
function withoutLostPictures(wanted) {
  const kept = wanted.picture.filter((key) => pictures.find(key));
  if (kept.length === wanted.picture.length) return wanted;
  state = { ...wanted, picture: kept };
  address.replace(state, address.step());
  remark = wording.messages.lostPicture;
  return state;
}

/**
 * A picture that was refused is taken out, so that it is in the way of no further search.
 * @returns whether something is left to search for
 */
function withoutUnreadable() {
  const shown = state.picture.filter((key) => pictures.find(key)?.preview);
  state = { ...state, picture: shown.length < state.picture.length ? shown : [] };
  address.replace(state, { ...address.step(), answer: address.newKey() });
  return state.q.trim() !== "" || state.like.length > 0 || state.picture.length > 0;
}

function tellNothingFound() {
  if (library.latest?.photos === 0) {
    messages.noPhotos(library.latest.indexing.running);
  } else if (isOfAllHidden(state.q)) {
    messages.nothing(wording.messages.noneHidden);
  } else if (isOfHidden(state.q)) {
    messages.nothing(wording.messages.noHiddenFits);
  } else if (filters.length || applied) {
    messages.nothingPasses(() => go({ ...state, q: "", photo: "" }, "push"));
  } else if (library.latest) {
    const encoded = library.latest.models.find((model) => model.in_use)?.encoded ?? 0;
    messages.nothing(encoded ? "" : wording.messages.notEncoded);
  } else {
    messages.hide();
  }
}

/** @param {unknown} error */
function complain(error) {
  const known = error instanceof api.ApiError ? error : new api.ApiError("internal", String(error));
  // While a query is being typed it is often half a filter: the photos stay.
  if (known.code === "bad_query" && results.any()) return say(complaint, known.message);
  results.clear(address.step().answer);
  if (known.code === "bad_picture" && withoutUnreadable()) {
    remark = known.message;
    return void search();
  }
  showChips(state, []);
  say(complaint, "");
  if (known.code === "token_required") return messages.locked();
  messages.failed(known, searchAnew, () => go({ q: "", like: [], picture: [], photo: "" }, "push"));
  if (known.code === "unreachable") library.look();
}

/** @param {State} wanted */
function showExamples(wanted) {
  const start = !wanted.q.trim() && !wanted.like.length && !wanted.picture.length;
  examples.show(start && library.latest?.photos !== 0);
  if (library.latest) examples.follow(library.latest);
}

// The viewer

async function showViewer() {
  const id = state.photo;
  if (!id) {
    const last = viewer.openPhoto();
    viewer.hide();
    region.follow(null);
    why.follow("", false);
    if (last && results.present().key === results.key()) moves.focus(last);
    return;
  }
  const place = around.placeOf(id);
  try {
    const photo = place?.photo ?? (await api.photo(id));
    if (state.photo !== id) return;
    viewer.show(photo, place);
    region.follow(photo);
    viewer.showMark(marks.marked(state.q, photo.id));
    viewer.showWords(state.q);
    why.follow(photo.id, place !== null);
    if (place && !place.sure && (await around.countAll())) return showViewer();
    for (const by of place ? [1, -1] : []) around.beside(id, by).then((next) => next && viewer.prepare(next.id));
  } catch (error) {
    go({ ...state, photo: "" }, "replace");
    remark = /** @type {Error} */ (error).message;
    say(complaint, remark);
  }
}

function closeViewer() {
  if (address.step().opens) history.back();
  else go({ ...state, photo: "" }, "replace");
}

/**
 * Opens a photo of the answer on the screen, whatever is waited for.
 * @param {string} id
 */
function open(id) {
  const { state: of, key } = results.present();
  if (!of) return;
  const present = address.step();
  if (key === present.answer) return go({ ...state, photo: id }, "push");
  results.keepPlace();
  address.push({ ...of, photo: id }, { answer: key, opens: false, draft: false });
  follow();
}

/**
 * @param {number} by
 * @returns whether there is such a photo
 */
async function step(by) {
  const id = state.photo;
  const next = await around.beside(id, by);
  if (next) showInstead(id, next.id);
  return next !== undefined;
}

/** @param {"first" | "last"} which */
async function jump(which) {
  const id = state.photo;
  const next = await around.atEnd(which);
  if (next) showInstead(id, next.id);
}

/**
 * Another photo in the viewer, unless it has gone on meanwhile. The grid behind it follows.
 * @param {string} id
 * @param {string} next
 */
function showInstead(id, next) {
  if (state.photo !== id || next === id) return;
  go({ ...state, photo: next }, "replace");
  around.reveal(next);
}

/**
 * Marks a photo as right or wrong, or takes that back: a new step, so that Back undoes it.
 * @param {string} id
 * @param {import("./marks.js").Kind} kind
 */
async function mark(id, kind) {
  const q = marks.toggled(state.q, id, kind);
  // What is wrong leaves the answer: the viewer goes on to the next photo.
  const leaves = state.photo && kind === "less" && marks.marked(q, id) === "less";
  const next = leaves ? await around.beside(id, 1) : undefined;
  query.value = q;
  go({ ...state, q, photo: leaves ? (next?.id ?? "") : state.photo }, "push");
}

/** @param {string} text a query */
function searchFor(text) {
  go({ q: text, like: [], picture: [], photo: "" }, "push");
}

/** @param {string} id */
function similar(id) {
  go({ q: "", like: [id], picture: [], photo: "" }, "push");
}

byId("grid").addEventListener("click", (/** @type {MouseEvent} */ event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const alike = /** @type {HTMLElement | null} */ (target.closest("button.alike"));
  if (alike) return results.unfold(alike.dataset.id ?? "");
  const link = target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  open(link.dataset.id ?? "");
});

// The search box

query.addEventListener("input", () => {
  clearTimeout(typingTimer);
  typingTimer = setTimeout(commit, TYPING_PAUSE);
});

function commit() {
  const next = { ...state, q: query.value, photo: "" };
  if (!address.sameSearch(next, state)) go(next, "type");
}

byId("search").addEventListener("submit", (/** @type {Event} */ event) => {
  event.preventDefault();
  searchNow();
});

/** What stands in the box is the search, and not only typed by the way. */
function searchNow() {
  clearTimeout(typingTimer);
  commit();
  address.settle();
  recent.note(query.value);
}

byId("home").addEventListener("click", (/** @type {MouseEvent} */ event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  query.value = "";
  go({ q: "", like: [], picture: [], photo: "" }, "push");
});

/** @param {File[]} files */
async function searchBy(files) {
  const keys = await Promise.all(files.map(pictures.add));
  go({ ...state, q: query.value, picture: [...state.picture, ...keys], photo: "" }, "push");
}

/**
 * @param {import("./api.js").Status} now
 * @param {import("./api.js").Status | null} before
 */
function libraryChanged(now, before) {
  showExamples(state);
  if (now.photos !== before?.photos) suggest.forget();
  settings.update(now);
  growth.follow(now, before);
}

// Start

history.scrollRestoration = "manual";
results.connect(() => state.photo && showViewer(), searchAnew);
order.connect((sort) => go({ ...state, sort, photo: "" }, "push"));
keyboard.listen({
  weaker: results.showWeaker,
  search: () => {
    scrollTo({ top: 0 });
    query.focus();
    query.select();
  },
  help: openHelp,
  filters: () => filterPanel.open(state),
  map: () => map.open(state),
  similar,
  mark,
  unfold: results.unfold,
  step,
  jump,
  why: why.toggle,
  lines: lines.toggle,
  openPhoto: viewer.openPhoto,
});
why.connect(around.why);
viewer.connect({ close: closeViewer, step, similar, search: searchFor, mark });
albums.connect(() => state, (next) => go(next, "push"));
region.connect(async (file) => {
  query.value = "";
  go({ q: "", like: [], picture: [await pictures.add(file)], photo: "" }, "push");
});
filterPanel.connect(() => state, (next) => go(next, "push"), {
  map: () => map.open(state),
  albums: () => albums.openSheet(state),
  help: openHelp,
});
map.connect(() => state, (next) => go(next, "push"));
suggest.connect(searchNow);
settings.connect(searchAnew);
growth.connect(searchAnew, tellNothingFound);
incoming.listen(searchBy);
addEventListener("popstate", () => {
  results.keepPlace();
  address.settle();
  follow();
});
examples.connect((text) => go({ ...state, q: text }, "push"));
address.replace(state, address.step()); // also takes a token out of the address
query.value = state.q;
search();
showViewer();
library.watch(libraryChanged);
keepThePage();
