// Albums: a sheet that lists them, and keeps the present search as one.

import { act, outcome, tell, tellError } from "./action.js";
import { href } from "./address.js";
import { renaming } from "./album-rename.js";
import * as api from "./api.js";
import { question } from "./confirm.js";
import { byId, make, say } from "./dom.js";
import { wording } from "./language.js";
import { rowsIn } from "./rows.js";

/** @typedef {import("./address.js").State} State */
/** @typedef {import("./api.js").Album} Album */

const sheet = byId("albums");
const heading = byId("albums-title");
const said = byId("albums-said");
const saving = byId("album-save");
const field = byId("album-name");
const showRows = rowsIn(byId("albums-list"), (/** @type {Album} */ album) => album.name, build);

/** @type {State} the search that can be saved */
let present = { q: "", like: [], picture: [], photo: "" };
/** @type {(next: State) => void} */
let open = () => {};
/** Counts that were begun for a list that is not shown any more are dropped. */
let counting = new AbortController();

/**
 * @param {() => State} search gives the search on the screen
 * @param {(next: State) => void} go shows an album
 */
export function connect(search, go) {
  open = go;
  byId("albums-open").addEventListener("click", () => show(search(), false));
  byId("album-save-open").addEventListener("click", () => show(search(), true));
}

/** @param {State} state the search on the screen */
export function openSheet(state) {
  return show(state, false);
}

/**
 * Whether a search can be an album: a picture of the visitor's own stays in this tab.
 * @param {State} state
 */
export function canSave(state) {
  return queryOf(state) !== "" && state.picture.length === 0;
}

/**
 * @param {State} state
 */
function queryOf(state) {
  return [state.q.trim(), ...state.like.map((id) => `like:${id}`)].filter(Boolean).join(" ");
}

/**
 * @param {State} state
 * @param {boolean} toSave whether the visitor came to save
 */
async function show(state, toSave) {
  present = state;
  saving.hidden = !canSave(state);
  byId("album-query").textContent = queryOf(state);
  field.value = "";
  tell(byId("album-saved"), "");
  tell(said, "");
  if (!sheet.open) sheet.showModal();
  (toSave && !saving.hidden ? field : heading).focus();
  try {
    list((await api.albums()).albums);
  } catch (error) {
    tellError(said, error);
  }
}

/** @param {Album[]} albums */
function list(albums) {
  showRows(albums);
  byId("albums-none").hidden = albums.length > 0;
  counting.abort();
  counting = new AbortController();
  count(albums, counting.signal);
}

/**
 * How many photos belong to each album, one after the other.
 * @param {Album[]} albums
 * @param {AbortSignal} signal
 */
async function count(albums, signal) {
  for (const album of albums) {
    const element = byId("albums-list").querySelector(`[data-name="${CSS.escape(album.name)}"] .badge`);
    try {
      const request = { query: album.query, pictures: [], k: 1, offset: 0, sort: "newest", all: true };
      const found = await api.search(request, signal);
      const number = found.plan.method === "filter" ? found.matching : found.fitting;
      if (element) say(element, number === undefined ? "" : wording.common.photos(number));
    } catch (error) {
      if (signal.aborted) return;
      if (element) say(element, error instanceof api.ApiError && error.code === "bad_query" ? wording.albums.cannotBeSearched : "");
    }
  }
}

/** @param {Album} first */
function build(first) {
  const { name } = first;
  let album = first;
  const link = make("a", { text: name });
  const title = make("h4", {}, link);
  const badge = make("span", { class: "badge", hidden: true });
  const text = make("code", { class: "query" });
  const place = outcome();
  const remove = make("button", {
    type: "button", class: "button plain", text: wording.albums.remove, "aria-label": wording.albums.removeLong(name),
  });
  const sure = question(wording.albums.removeYes, (yes) => act(yes, place, () => letGo(name), heading));
  remove.addEventListener("click", () => sure.ask(remove, wording.albums.removeAsk(name), [wording.albums.removeMeans]));
  link.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    sheet.close();
    open(stateOf(album));
  });
  const rename = renaming(name, place, (to) => giveName(name, to));
  const top = make("div", { class: "row-top" }, title, badge);
  const actions = make("div", { class: "actions", "data-needs": "index" }, rename.opener, remove);
  const element = make("li", {}, top, text, actions, rename.form, sure.element, place);
  element.dataset.name = name;
  return {
    element,
    /** @param {Album} now */
    update(now) {
      album = now;
      text.textContent = now.query || wording.albums.allPhotos;
      link.href = href(stateOf(now));
    },
  };
}

/**
 * @param {Album} album
 * @returns {State}
 */
function stateOf(album) {
  const sort = album.sort === "relevance" ? "" : album.sort;
  return { q: album.query, like: [], picture: [], sort, photo: "" };
}

/**
 * @param {string} name
 * @param {string} to
 */
async function giveName(name, to) {
  list((await api.renameAlbum(name, to)).albums);
  heading.focus();
  return "";
}

/** @param {string} name */
async function letGo(name) {
  list((await api.removeAlbum(name)).albums);
  heading.focus();
  return "";
}

saving.addEventListener("submit", (/** @type {Event} */ event) => {
  event.preventDefault();
  const name = field.value.trim();
  if (!name) return;
  act(byId("album-save-go"), byId("album-saved"), async () => {
    const sort = present.sort || "relevance";
    list((await api.saveAlbum({ name, query: queryOf(present), sort })).albums);
    field.value = "";
    return wording.albums.saved(name);
  });
});
sheet.addEventListener("close", () => counting.abort());
