// Albums of selected photos: smart albums whose query names the paths of their photos and nothing else.

import { act, outcome, tell } from "./action.js";
import * as api from "./api.js";
import * as chosen from "./chosen.js";
import { byId, make } from "./dom.js";
import { wording } from "./language.js";

/** A query has at most so many characters and filters. */
const CHARACTERS = 2000;
const FILTERS = 64;
const PICKED = /^path:"[^"]*"(?: OR path:"[^"]*")*$/;

const sheet = byId("pick-album");
const field = byId("pick-album-name");
const said = outcome();

/** Asks for the album. */
export async function open() {
  tell(said, "");
  field.value = "";
  sheet.showModal();
  field.focus();
  try {
    const albums = (await api.albums()).albums.filter((album) => PICKED.test(album.query));
    byId("pick-album-names").replaceChildren(...albums.map((album) => make("option", { value: album.name })));
  } catch {
    // A name can be typed all the same.
  }
}

byId("pick-album-form").append(said);
byId("pick-album-form").addEventListener("submit", (/** @type {Event} */ event) => {
  event.preventDefault();
  const name = field.value.trim();
  if (name) act(byId("pick-album-go"), said, () => add(name));
});

/**
 * @param {string} name
 * @returns {Promise<string>} what came of it
 */
async function add(name) {
  const known = (await api.albums()).albums.find((album) => album.name === name);
  if (known && !PICKED.test(known.query)) {
    throw new Error(wording.albums.isSearch(name));
  }
  const before = known ? known.query.split(" OR ") : [];
  // The query language has no way to write a quote within quotes.
  const usable = chosen.paths().filter((path) => !/["*?]/.test(path));
  const added = usable.map((path) => `path:"${path}"`).filter((part) => !before.includes(part));
  const parts = [...before, ...added];
  const query = parts.join(" OR ");
  if (!added.length && known) return wording.albums.alreadyIn(name);
  if (!added.length) throw new Error(wording.albums.cannotBeWritten);
  if (query.length > CHARACTERS || parts.length > FILTERS) {
    throw new Error(wording.albums.tooMany(FILTERS, CHARACTERS, parts.length));
  }
  await api.saveAlbum({ name, query, sort: known?.sort ?? "newest" });
  return wording.albums.added(added.length, name);
}
