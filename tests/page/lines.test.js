// Words that can be read in a picture: outlined on it, and as text beside it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { asked, holds } from "../../web/asked-words.js";
import { fold } from "../../web/fold.js";
import { copyFixtures } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { onPage, openBrowser, photograph, search, viewer } from "./steps.js";

const LINES = [
  { text: "Straße nach LISBOA", corners: [[0.1, 0.2], [0.5, 0.25], [0.5, 0.35], [0.1, 0.3]], confidence: 0.93 },
  { text: "no entry", corners: [[0.6, 0.7], [0.9, 0.7], [0.9, 0.8], [0.6, 0.8]], confidence: 0.81 },
];

let home, seer, browser;

before(async () => {
  home = temporaryFolder();
  copyFixtures(join(home, "photos"));
  seer = await serve(home, [join(home, "photos")]);
  await indexed(seer.url);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

/** The photos of the real answers, as if these lines had been read in them. */
async function withLines(page) {
  await page.route("**/api/search", async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    for (const hit of answer.hits ?? []) hit.photo.text_lines = LINES;
    await route.fulfill({ response, json: answer });
  });
}

/** Opens the wide photo of a query's answer. */
async function open(page, query) {
  await withLines(page);
  await search(page, query);
  await page.locator('#grid a[title="0_landscape.jpg"]').click();
  await viewer(page).waitFor();
  await page.waitForFunction(() => document.getElementById("picture").naturalWidth > 0);
}

const outlined = (page) => page.locator("#picture-lines polygon").evaluateAll((shapes) => shapes.map((shape) => shape.textContent));

test("texts are folded as the engine folds them", () => {
  for (const [one, other] of [
    ["STRASSE", "straẞe"], ["ΟΔΟΣ", "οδός"], ["Ёлка, Йод", "елка, иод"], ["Ærøskøbing Łódź Đorđe", "aeroskobing lodz dorde"],
    ["İstanbul", "ıstanbul"], ["ＩＭＧ＿１２", "img_12"], ["ｶﾞ", "カ\u3099"], ["서울", "\u1109\u1165\u110b\u116e\u11af"],
    ["Grandma’s", "grandma's"], ["pho\u00adto\u200b", "photo"], ["Tiếng Việt", "tieng viet"],
  ]) {
    assert.equal(fold(one), fold(other), one);
  }
  for (const [one, other] of [["cafe", "cave"], ["ガ", "カ"], ["कि", "क"], ["บ้าน", "บาน"]]) assert.notEqual(fold(one), fold(other));
});

test("what a query asks for is its words, and no filters or excluded words", () => {
  assert.deepEqual(asked('the Café^2 -snow ext:jpg text:"no entry" "Birthday Cake" (cat OR dog)'), [
    "cafe", "no entry", "birthday cake", "cat", "dog",
  ]);
  assert.deepEqual(asked('after:2019 -text:sign near:lisbon,3km camera:"eos 5d"'), []);
  assert.equal(holds("Straße nach LISBOA", ["lisbo"]), true);
  assert.equal(holds("no entry", asked("text:entry")), true);
  assert.equal(holds("no entry", asked('"entry no"')), false);
  assert.equal(holds("photograph", ["to"]), false, "short words are whole ones");
  assert.equal(holds("서울여행사진", ["여행"]), true);
});

test("the lines that hold words of the query are outlined, all with a key or a button", () =>
  onPage(browser, seer.url, async (page) => {
    await open(page, "strass");
    assert.deepEqual(await outlined(page), [LINES[0].text]);
    await page.keyboard.press("t");
    assert.deepEqual(await outlined(page), LINES.map((line) => line.text));
    const all = page.getByRole("button", { name: "Outline all" });
    assert.equal(await all.getAttribute("aria-pressed"), "true");
    await all.click();
    assert.deepEqual(await outlined(page), [LINES[0].text]);
    await photograph(page, "lines");
  }));

test("the outlines lie on the picture, at every size of the window", () =>
  onPage(browser, seer.url, async (page) => {
    await open(page, "entry");
    for (const width of [1280, 800, 400]) {
      await page.setViewportSize({ width, height: 700 });
      await page.waitForTimeout(100);
      const [picture, shape] = await page.evaluate(() => {
        const box = (/** @type {Element} */ element) => {
          const { left, top, width, height } = element.getBoundingClientRect();
          return { left, top, width, height };
        };
        return [box(document.getElementById("picture")), box(document.querySelector("#picture-lines polygon"))];
      });
      const near = (a, b) => assert.ok(Math.abs(a - b) < 4, `${a} and ${b} at ${width}`);
      near(shape.left, picture.left + 0.6 * picture.width);
      near(shape.top, picture.top + 0.7 * picture.height);
      near(shape.width, 0.3 * picture.width);
      near(shape.height, 0.1 * picture.height);
    }
  }));

test("the lines are text that can be copied and searched for", () =>
  onPage(
    browser,
    seer.url,
    async (page) => {
      await open(page, "a sign");
      assert.deepEqual(await outlined(page), []);
      await page.getByRole("button", { name: "Copy the words in the picture" }).click();
      await page.getByText("Copied").waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "Straße nach LISBOA\nno entry");
      await page.getByRole("button", { name: "Find photos with no entry" }).click();
      await page.waitForURL(/q=text%3A%22no\+entry%22$/);
    },
    { permissions: ["clipboard-read", "clipboard-write"] },
  ));
