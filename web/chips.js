// The removable parts of a search: pictures, "like this", marked photos, filters, words that were read as filters, the
// language it was read in; and words that can be read as filters.

import { photo, thumbnail } from "./api.js";
import { byId, cross, make, plus } from "./dom.js";
import { wording } from "./language.js";
import { languageName } from "./locale.js";
import { marks, without as withoutMark } from "./marks.js";
import { find } from "./pictures.js";

/** @typedef {import("./address.js").State} State */
/** @typedef {import("./api.js").Reading} Reading */
/** @typedef {import("./api.js").Understood} Understood */

const row = byId("chips");

/**
 * Shows the parts of a search.
 * @param {State} state
 * @param {string[]} filters as the server recognised them in the query
 * @param {Understood[]} understood words that the server read as filters or exclusions, or offers to
 * @param {Reading | undefined} reading how the server read the others
 * @param {(next: State) => void} change is called with the search that is left
 */
export function show(state, filters, understood, reading, change) {
  const likes = state.like.map((id) =>
    chip(wording.chips.likeThis, picture(thumbnail(id, 256)), () =>
      change({ ...state, like: state.like.filter((other) => other !== id) }),
    ),
  );
  const given = state.picture.map((key) => {
    const known = find(key);
    const image = known?.preview ? picture(known.preview) : make("span", { class: "blank" });
    const left = state.picture.filter((other) => other !== key);
    return chip(known?.name ?? wording.chips.picture, image, () => change({ ...state, picture: left }));
  });
  const marked = marks(state.q).map((mark) => markChip(state, mark, change));
  const typed = filters.map((filter) =>
    chip(filter, null, () => change({ ...state, q: without(state.q, filter) })),
  );
  const read = understood.map((words) => readWords(state, words, change));
  row.replaceChildren(...likes, ...given, ...marked, ...typed, ...read, ...language(state, reading, change));
  row.hidden = row.childElementCount === 0;
}

/**
 * A photo that is marked as right or wrong.
 * @param {State} state
 * @param {import("./marks.js").Mark} mark
 * @param {(next: State) => void} change
 */
function markChip(state, mark, change) {
  const image = make("img", { alt: "", width: 28, height: 28 });
  showWhole(image, mark.id);
  const { more, less, takeBackMore, takeBackLess } = wording.chips;
  const [text, label] = mark.kind === "more" ? [more, takeBackMore] : [less, takeBackLess];
  const take = () => change({ ...state, q: withoutMark(state.q, mark.text) });
  const part = chip(text, image, take, label);
  part.classList.add(mark.kind);
  return part;
}

/** Whole ids by their starts. @type {Map<string, Promise<string>>} */
const whole = new Map();

/**
 * @param {HTMLImageElement} image
 * @param {string} start of the photo's id
 */
async function showWhole(image, start) {
  const id = whole.get(start) ?? photo(start).then((found) => found.id);
  whole.set(start, id);
  try {
    image.src = thumbnail(await id, 256);
  } catch {
    whole.delete(start);
  }
}

/**
 * Words that were read as filters or exclusions, with the way back to plain words; or that can be, with the way there.
 * @param {State} state
 * @param {Understood} words
 * @param {(next: State) => void} change
 */
function readWords(state, words, change) {
  const turn = () => change({ ...state, q: words.query });
  if (words.sure) return chip(wording.chips.wordsRead(words.read, words.as), null, turn, wording.chips.readAsWords(words.read));
  const text = wording.chips.wordsReadPerhaps(words.read, words.as);
  const part = chip(text, null, turn, wording.chips.readAsFilter(words.read, words.as), plus());
  part.classList.add("offered");
  return part;
}

/**
 * In which language the words were read, where that is not plain English, and the way back.
 * @param {State} state
 * @param {Reading | undefined} reading
 * @param {(next: State) => void} change
 */
function language(state, reading, change) {
  if (!reading || (!reading.said && !reading.english && (reading.language === "en" || reading.tower === "own"))) return [];
  const said = reading.said ? `lang:${reading.language}` : "";
  const q = said ? without(state.q, said) : `${state.q.trim()} lang:en`;
  const label = said ? wording.chips.readAsItLooks : wording.chips.readAsEnglish;
  return [chip(readAs(reading), null, () => change({ ...state, q }), label)];
}

/** @param {Reading} reading */
function readAs({ english, language, name, tower }) {
  const { readAsWord, readAsWordUnknown, readAsLanguage, readAsLanguageUnknown } = wording.chips;
  if (english) return tower === "none" ? readAsWordUnknown(english) : readAsWord(english);
  if (!name) return wording.chips.notEnglish;
  const named = language ? languageName(language) : name;
  return tower === "none" ? readAsLanguageUnknown(named) : readAsLanguage(named);
}

/**
 * The query without one of its parts; the rest stays as it was typed.
 * @param {string} query
 * @param {string} part
 */
export function without(query, part) {
  let from = query.indexOf(part);
  while (from >= 0) {
    const before = query[from - 1] ?? " ";
    const after = query[from + part.length] ?? " ";
    if (before.trim() === "" && after.trim() === "") {
      const left = query.slice(0, from).trimEnd();
      const right = query.slice(from + part.length).trimStart();
      return `${left} ${right}`.trim();
    }
    from = query.indexOf(part, from + 1);
  }
  return query;
}

/**
 * @param {string} text
 * @param {HTMLElement | null} image
 * @param {() => void} remove
 * @param {string} [label] what the button does
 * @param {SVGElement} [sign] on the button
 */
function chip(text, image, remove, label, sign = cross()) {
  const names = { "aria-label": label ?? wording.chips.removeThis(text), title: label ?? wording.chips.remove };
  const button = make("button", { type: "button", ...names }, sign);
  button.addEventListener("click", remove);
  return make("div", { class: image ? "chip pictured" : "chip" }, image, make("span", { text, title: text }), button);
}

/** @param {string} src */
function picture(src) {
  return make("img", { src, alt: "", width: 28, height: 28 });
}
