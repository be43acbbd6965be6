// Completion in the search box: filters, their values, searches of before; and typing that it never gets in the way of.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { paintDescribed } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { focus, onPage, openBrowser, photograph, settled } from "./steps.js";

let home, seer, browser;

before(async () => {
  home = temporaryFolder();
  const photos = join(home, "photos");
  paintDescribed(photos);
  seer = await serve(home, [photos]);
  await indexed(seer.url);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

const box = (page) => page.getByRole("combobox", { name: "Search your photos" });
const options = (page) => page.getByRole("listbox", { name: "Suggestions" }).getByRole("option");
const texts = (page) => page.locator("#suggest .suggested").allTextContents();
const queryNow = (page) => page.evaluate(() => new URLSearchParams(location.search).get("q") ?? "");

/** Types, and waits for the list to say so. */
async function type(page, text) {
  await box(page).focus();
  await page.keyboard.type(text);
  await options(page).first().waitFor();
}

test("a filter's name is completed, then its value, by keys alone", () =>
  onPage(browser, seer.url, async (page) => {
    await settled(page);
    await type(page, "per");
    assert.equal(await box(page).getAttribute("aria-expanded"), "true");
    assert.equal(await box(page).getAttribute("aria-activedescendant"), null, "nothing is chosen by itself");
    await page.keyboard.press("ArrowDown");
    const chosen = await box(page).getAttribute("aria-activedescendant");
    assert.equal(await page.locator(`#${chosen} .suggested`).textContent(), "person:");
    assert.equal(await page.locator(`#${chosen}`).getAttribute("aria-selected"), "true");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector("#query").value === "person:");
    await page.waitForFunction(() => document.querySelectorAll("#suggest li").length === 2);
    assert.deepEqual(await texts(page), ["Ann Smith", "Zoë"]);
    await page.keyboard.type("A");
    await page.waitForFunction(() => document.querySelectorAll("#suggest li").length === 1);
    assert.match(await options(page).first().getAttribute("aria-label"), /^Ann Smith, 10 photos$/);
    await photograph(page, "suggest");
    await page.keyboard.press("Tab");
    await page.waitForFunction(() => location.search.includes("person"));
    assert.equal((await queryNow(page)).trim(), 'person:"Ann Smith"');
    assert.equal(await focus(page), "query");
    await page.keyboard.type("tag:f");
    await options(page).first().waitFor();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => location.search.includes("tag"));
    assert.equal((await queryNow(page)).trim(), 'person:"Ann Smith" tag:family');
    // Half a filter is searched for where the keys come slowly.
  }, { expected: [/400/] }));

test("plain words are searched for as they are typed", () =>
  onPage(browser, seer.url, async (page) => {
    await settled(page);
    await type(page, "beach");
    assert.deepEqual(await texts(page), ["Beach party"]);
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector("#suggest").hidden);
    assert.equal(await queryNow(page), "beach");
    assert.equal(await box(page).inputValue(), "beach");
    await page.keyboard.press("Tab");
    assert.notEqual(await focus(page), "query", "Tab leads on");
  }));

test("Escape hides the list and leaves what is typed; a click takes a value", () =>
  onPage(browser, seer.url, async (page) => {
    await settled(page);
    await type(page, "fam");
    await page.keyboard.press("Escape");
    assert.ok(await page.locator("#suggest").isHidden());
    assert.equal(await box(page).inputValue(), "fam");
    await page.keyboard.type("i");
    await options(page).first().waitFor();
    await options(page).first().click();
    await page.waitForFunction(() => location.search.includes("tag"));
    assert.equal((await queryNow(page)).trim(), "tag:family");
    assert.equal(await focus(page), "query");
  }));

test("an empty box offers the searches of before", () =>
  onPage(browser, seer.url, async (page) => {
    await settled(page);
    for (const text of ["red kites", "green kites"]) {
      await box(page).fill(text);
      await page.keyboard.press("Enter");
      await settled(page);
    }
    await box(page).fill("");
    await page.waitForFunction(() => document.querySelectorAll("#suggest li").length === 2);
    assert.deepEqual(await texts(page), ["green kites", "red kites"]);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => location.search.includes("red"));
    assert.equal(await queryNow(page), "red kites");
  }));

test("the word at the cursor is the one that is completed", async () => {
  const { wordAt } = await import("../../web/completion.js");
  const cases = [
    ["dogs per|", { key: "", value: "per" }], ["dogs person:An|", { key: "person", value: "An" }], ['person:"Ann S|', { key: "person", value: "Ann S" }],
    ["-person:A|nn beach", { key: "person", value: "A", minus: "-" }], ["dogs |", { key: "", value: "" }], ['a "birthday ca|', { key: "", value: "birthday ca" }],
    ['person:"Ann Smith" ta|', { key: "", value: "ta" }], ["date:2008-|", { key: "date", value: "2008-" }],
  ];
  for (const [text, wanted] of cases) {
    const at = text.indexOf("|");
    const found = wordAt(text.replace("|", ""), at);
    assert.equal(found.key, wanted.key, text);
    assert.equal(found.value, wanted.value, text);
    assert.equal(found.minus, wanted.minus ?? "", text);
  }
  assert.deepEqual(wordAt("-person:Ann beach", 9), { from: 0, to: 11, key: "person", value: "A", minus: "-" });
});
