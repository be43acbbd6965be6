// Which words a query asks for, and which lines of a picture hold some of them.

import { words } from "./fold.js";

/** English words that say nothing by themselves: those of src/engine/src/literal.rs. */
const STOP_WORDS = new Set(
  `a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to
  was will with`.split(/\s+/),
);
/** A part of a query: a sign in front, a filter's name, a value in quotes or up to the next space. */
const PARTS = /(-?)(?:([a-z]+):)?(?:"([^"]*)"|([^\s"()]+))/giu;
/** Filters whose values are words that may stand in a picture. */
const SAY_WORDS = ["text", "words"];
/** Shorter parts of words are found in scripts without spaces alone. */
const SHORTEST = 3;

/**
 * What a query asks for: each a word, or words that stand one after the other, folded.
 * @param {string} query
 * @returns {string[]}
 */
export function asked(query) {
  /** @type {string[]} */
  const found = [];
  for (const [, minus, filter, quoted, bare] of query.matchAll(PARTS)) {
    if (minus || (filter && !SAY_WORDS.includes(filter.toLowerCase()))) continue;
    const text = words(quoted ?? bare.replace(/\^[0-9.]+$/, ""));
    const meant = filter === undefined && quoted === undefined;
    if (!text || (meant && STOP_WORDS.has(text)) || ["AND", "OR", "NOT"].includes(bare)) continue;
    if (!found.includes(text)) found.push(text);
  }
  return found;
}

/**
 * Whether a line of a picture holds some of what is asked for; parts of words count.
 * @param {string} line
 * @param {string[]} wanted as `asked` gives it
 */
export function holds(line, wanted) {
  const text = words(line);
  const whole = ` ${text} `;
  return wanted.some((one) => (isShort(one) ? whole.includes(` ${one} `) : text.includes(one)));
}

/** @param {string} text */
function isShort(text) {
  return text.length < SHORTEST && !/[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u.test(text);
}
