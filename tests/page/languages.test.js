// What the page says is in one file for each language: with the same keys, all of them used, and nothing left in English.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { told } from "../../web/refusals.js";

const web = fileURLToPath(new URL("../../web/", import.meta.url));
const page = readFileSync(join(web, "index.html"), "utf8");
const files = readdirSync(join(web, "languages")).map((name) => name.replace(/\.js$/, ""));
const texts = Object.fromEntries(await Promise.all(files.map(async (language) => [language, (await import(`../../web/languages/${language}.js`)).text])));
const others = files.filter((language) => language !== "en");

/** All texts with their keys: `viewer.close`; functions as what they give for some numbers. */
function leaves(group, key = "") {
  return Object.entries(group).flatMap(([name, value]) => {
    const own = key ? `${key}.${name}` : name;
    if (typeof value === "function") return [[own, value(2, 3, 4), "function"]];
    if (Array.isArray(value)) return [[own, value.join("\n"), `${value.length} texts`]];
    return typeof value === "object" ? leaves(value, own) : [[own, value, typeof value]];
  });
}

const english = new Map(leaves(texts.en).map(([key, text, kind]) => [key, { text, kind }]));
const keysOnThePage = [...page.matchAll(/ data-(?:text|label|title|placeholder)="([^"]*)"/g)].map(([, key]) => key);

test("the page offers the languages that there are", () => {
  const offered = /<html [^>]*data-languages="([^"]*)"/.exec(page)?.[1].split(" ") ?? [];
  assert.deepEqual(offered.toSorted(), files.toSorted());
});

for (const language of others) {
  test(`${language}: the keys of English, each with a text of the same kind`, () => {
    const kinds = (text) => leaves(text).map(([key, , kind]) => `${key}: ${kind}`);
    assert.deepEqual(kinds(texts[language]), kinds(texts.en), "in the same order, so that translators find their place");
    assert.deepEqual(leaves(texts[language]).filter(([, text]) => !text.trim()), []);
  });
}

for (const language of others) {
  test(`${language}: says whatever number or name English says`, () => {
    const given = (text) => ["2", "3", "4"].filter((one) => text.includes(one)).join();
    const functions = leaves(texts[language]).filter(([, , kind]) => kind === "function");
    const wrong = functions.filter(([key, text]) => given(text) !== given(english.get(key).text));
    assert.deepEqual(wrong.map(([key, text]) => `${key}: ${text}`), []);
  });
}

test("each recommended model is told of as the registry tells of it, with its numbers in every language", () => {
  const registry = readFileSync(new URL("../../src/checkpoint/src/registry/models.jsonl", import.meta.url), "utf8");
  const models = registry.trim().split("\n").map((line) => JSON.parse(line)).filter((model) => model.recommended);
  assert.ok(models.length > 10);
  assert.deepEqual(texts.en.models.notes, Object.fromEntries(models.map(({ name, note }) => [name, note])));
  // Digits alone: 1,000 is 1.000 in German, and 5.4 B are 5400 millones in Spanish.
  const digits = (text) => text.replace(/5[.,]4\b/, "5400").replace(/(\d)\D(?=\d{3})/gu, "$1").match(/\d+/g)?.join();
  for (const language of others) {
    const notes = Object.entries(texts[language].models.notes);
    assert.deepEqual(notes.map(([name, note]) => [name, digits(note)]), models.map(({ name, note }) => [name, digits(note)]));
  }
});

test("each refusal of the server is told in every language, with its own words behind it in all or in none", () => {
  const errors = readFileSync(new URL("../../src/http/src/errors.rs", import.meta.url), "utf8");
  const codes = [...errors.matchAll(/ = "(\w+)", \d{3}, "(.+)";/g)].map(([, code, meaning]) => [code, meaning]);
  assert.ok(codes.length > 30);
  assert.deepEqual(Object.entries(texts.en.messages.refusals), codes);
  const followed = (language) => Object.entries(texts[language].messages.refusals).filter(([, text]) => text.endsWith(":")).map(([code]) => code);
  for (const language of others) assert.deepEqual(followed(language), followed(others[0]), language);
  const error = (code) => ({ code, message: "told by the server" });
  const { refusals } = texts.de.messages;
  assert.equal(told("en", texts.en.messages.refusals, error("busy")), "told by the server");
  assert.equal(told("de", refusals, error("busy")), refusals.busy);
  assert.equal(told("de", refusals, error("bad_query")), `${refusals.bad_query} told by the server`);
  assert.equal(told("de", refusals, error("of_a_newer_server")), "told by the server");
  assert.equal(told("de", refusals, error("constructor")), "told by the server");
});

test("every key that the page names is there", () => {
  assert.ok(keysOnThePage.length > 100);
  assert.deepEqual(keysOnThePage.filter((key) => english.get(key)?.kind !== "string"), []);
});

test("every key has a user", () => {
  const modules = readdirSync(web).filter((name) => name.endsWith(".js")).map((name) => readFileSync(join(web, name), "utf8")).join("\n").replace(/\/\*\*[^]*?\*\//g, "");
  const used = new Set(keysOnThePage);
  for (const [, path] of modules.matchAll(/\bwording\.((?:\w+\.)*\w+)/g)) used.add(path);
  // Some of a group by name: const { more, less } = wording.chips.
  for (const [, names, path] of modules.matchAll(/const \{([^}]*)\} = wording\.((?:\w+\.)*\w+);/g)) {
    used.delete(path);
    for (const name of names.split(",")) used.add(`${path}.${name.trim()}`);
  }
  // A whole table by its code: wording.why.bands. A part of the page is no table.
  const isUsed = (key) => used.has(key) || [...used].some((path) => path.includes(".") && key.startsWith(`${path}.`));
  assert.deepEqual([...english.keys()].filter((key) => !isUsed(key)), []);
});

test("the page's elements have no words of their own", () => {
  const body = page.slice(page.indexOf("<body>")).replace(/<noscript>[^]*?<\/noscript>/, "").replace(/<(code|kbd)[^>]*>.*?<\/\1>/g, "");
  const words = body.replace(/<[^>]*>/g, "\n").split("\n").map((line) => line.trim()).filter((line) => /[a-z]/i.test(line));
  assert.deepEqual(words, ["seer"]);
  assert.deepEqual([...body.matchAll(/\s(aria-label|title|placeholder)="/g)].map(([, name]) => name), []);
  assert.deepEqual([...body.matchAll(/\salt="[^"]+"/g)].map(([text]) => text), []);
});

/** What is the same in the language as in English. */
const SAME = {
  de: [
    "answer.inOrder", "bar.filter", "bar.filterWithKey", "common.name", "common.token", "facts.format",
    "facts.north", "facts.position", "facts.south", "facts.west", "keys.escape", "models.index",
    "models.kinds.hnsw", "why.bandBy",
  ],
  es: [
    "answer.inOrder", "facts.east", "facts.north", "facts.south", "keys.control", "keys.escape", "why.bandBy",
  ],
  fr: [
    "answer.inMonth", "answer.inOrder", "answer.photos", "bar.albums", "bar.suggestions", "common.photos",
    "facts.east", "facts.format", "facts.north", "facts.position", "facts.south", "filters.kinds.albums",
    "filters.photos", "keys.control", "models.index", "models.offered.license", "run.speed", "suggest.filters.height",
    "suggest.filters.width", "suggest.kinds.albums", "suggest.many", "viewer.copies",
  ],
};

for (const language of others) {
  test(`${language}: nothing is left in English`, () => {
    const isName = (key, text) => key.startsWith("models.notes.") && /^[\w-]+(, \d+ pixels)?\.$/.test(text);
    const isSame = ([key, text]) => text === english.get(key)?.text && !isName(key, text);
    const same = leaves(texts[language]).filter(isSame).map(([key]) => key);
    assert.deepEqual(same.toSorted(), SAME[language].toSorted());
  });
}

/** Without what is typed or pressed, and signs that are spoken of. */
function prose(text) {
  return text.replace(/`[^`]*`|\[[^\]]*\]|\(\?\)|\* \S+ \?|hidden:yes/g, "");
}

/** What each language does not write, as its own typographers see it. */
const WRONG = {
  en: /"|\.\.\.(?!\S)|\s[;:?!](\s|$)/,
  de: /["'‘’”]|“(?!$|[\s.,:;?)])|„[^“]*$|\S…/,
  fr: /["'“”]|[^\u202f][;?!»]|[^\u202f]:(?=\s|$)|«(?!\u202f)|\s…/,
  es: /["'“”]|^[^¿]*\?|^[^¡]*!|\s…|\s[;:?!]/,
};

for (const language of files) {
  test(`${language}: quotes, spaces and marks as the language has them`, () => {
    const wrong = leaves(texts[language]).filter(([, text]) => WRONG[language].test(prose(text)));
    assert.deepEqual(wrong.map(([key, text]) => `${key}: ${text}`), []);
  });
}
