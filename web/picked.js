// Albums of selected photos: the selection is put into one, or taken out of the one on the screen.

import { act, outcome, tell } from "./action.js";
import * as api from "./api.js";
import * as chosen from "./chosen.js";
import { byId, make } from "./dom.js";
import { wording } from "./language.js";

const sheet = byId("pick-album");
const field = byId("pick-album-name");
const said = outcome();
const takeOut = byId("selected-take-out");
const taken = outcome();

/** @type {() => string} */
let query = () => "";
let done = () => {};

/**
 * @param {() => string} shown gives the query whose photos are on the screen
 * @param {() => void} changed is called when photos were taken out of the album on the screen
 */
export function connect(shown, changed) {
  query = shown;
  done = changed;
}

/** Offers to take photos out where an album of picked photos is on the screen. */
export function update() {
  takeOut.hidden = !albumOf(query());
}

/**
 * The album of picked photos that a query asks for, and nothing else; "" for other queries.
 * @param {string} text
 */
function albumOf(text) {
  return /^album:"([^"]+)"$/.exec(text.trim())?.[1] ?? "";
}

/** Asks for the album. */
export async function open() {
  tell(said, "");
  field.value = "";
  sheet.showModal();
  field.focus();
  try {
    const albums = (await api.albums()).albums.filter(({ name, query }) => albumOf(query) === name);
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
  if (known && albumOf(known.query) !== name) throw new Error(wording.albums.isSearch(name));
  const { changed } = await api.pick(name, ids(), true);
  return changed ? wording.albums.added(changed, name) : wording.albums.alreadyIn(name);
}

byId("selected").append(taken);
takeOut.addEventListener("click", () =>
  act(takeOut, taken, async () => {
    await api.pick(albumOf(query()), ids(), false);
    done();
    return "";
  }),
);

function ids() {
  return chosen.photos().map(({ id }) => id);
}
