// The page in each of its languages: chosen by the browser or in the settings, kept, and whole.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { copyDemo, paint, paintDescribed } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { assertNoSidewaysScroll, onPage, openBrowser, photograph, settled } from "./steps.js";
import { comeTo, VIEWS } from "./views.js";

const TOKEN = "token-of-the-page-tests";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const withToken = { path: `/?token=${TOKEN}` };
/** The skip link says which language the page is in. */
const SKIP = { en: "Skip to the photos", de: "Zu den Fotos springen", fr: "Aller aux photos", es: "Ir a las fotos" };
const WIDTHS = [390, 820, 1440];

let home, seer, browser;

before(async () => {
  home = temporaryFolder();
  const photos = join(home, "photos");
  copyDemo(photos);
  paintDescribed(photos);
  paint(join(photos, "plain"), 150);
  seer = await serve(home, [photos], { token: TOKEN });
  await indexed(seer.url);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

async function assertLanguage(page, language) {
  assert.equal(await page.locator("html").getAttribute("lang"), language);
  assert.equal(await page.locator(".skip").textContent(), SKIP[language]);
}

/** Opens the page again, for a browser that prefers these languages. */
async function preferring(page, languages) {
  await page.addInitScript((wanted) => Object.defineProperty(navigator, "languages", { configurable: true, get: () => wanted }), languages);
  await page.reload();
  await settled(page);
}

for (const [languages, spoken] of [
  [["en-GB"], "en"],
  [["de-AT", "en"], "de"],
  [["fr-CA"], "fr"],
  [["es-419"], "es"],
  [["pt-BR", "es-ES", "en"], "es"],
  [["nl", "sv"], "en"],
  [["x-klingon", "DE"], "de"],
  [[], "en"],
]) {
  test(`a browser that prefers ${languages.join(", ") || "nothing"} has the page in ${spoken}`, () =>
    onPage(browser, seer.url, async (page) => {
      await preferring(page, languages);
      await assertLanguage(page, spoken);
    }, withToken));
}

test("what the server refuses is told in the language of the page, with the server's words behind it", () =>
  onPage(browser, seer.url, async (page) => {
    await preferring(page, ["de"]);
    await page.goto(`${seer.url}?q=camra%3Acanon`);
    const message = page.locator("#message");
    await message.getByRole("heading", { name: "Diese Suche ist nicht zu verstehen" }).waitFor();
    assert.match(await message.locator("p").first().textContent(), /^Die Suche folgt nicht der Suchsprache: .*camra/);
  }, { ...withToken, expected: [/400/] }));

test("numbers, dates and sizes are written as the language and its country have them", () =>
  onPage(browser, seer.url, async (page) => {
    const written = (languages) =>
      preferring(page, languages).then(() =>
        page.evaluate(async () => {
          const { count, decimal, list, percent } = await import("/assets/locale.js");
          const { dateTime, fileSize } = await import("/assets/format.js");
          const { dayName } = await import("/assets/days.js");
          const texts = [count(7000), decimal(0.5, 2, true), percent(0.87), fileSize(1.53e6), fileSize(12), list(["a", "b"]), dateTime("2019-07-14"), dayName("2019-07")];
          return texts.map((text) => text.replace(/\s/g, " ")).join(" | ");
        }),
      );
    assert.equal(await written(["en-US"]), "7,000 | 0.50 | 87% | 1.5 MB | 12 bytes | a, b | July 14, 2019 | July 2019");
    assert.equal(await written(["en-GB"]), "7,000 | 0.50 | 87% | 1.5 MB | 12 bytes | a, b | 14 July 2019 | July 2019");
    assert.equal(await written(["de-DE"]), "7.000 | 0,50 | 87 % | 1,5 MB | 12 Byte | a, b | 14. Juli 2019 | Juli 2019");
    assert.equal(await written(["fr-FR"]), "7 000 | 0,50 | 87 % | 1,5 Mo | 12 octets | a et b | 14 juillet 2019 | juillet 2019");
    assert.equal(await written(["es-ES"]), "7000 | 0,50 | 87 % | 1,5 MB | 12 bytes | a y b | 14 de julio de 2019 | julio de 2019");
  }, withToken));

test("the language is chosen in the settings and kept; the address and the place stay", () =>
  onPage(browser, seer.url, async (page) => {
    const asked = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(new URL("/?q=-type%3Agif&sort=oldest", seer.url).href);
    await settled(page);
    await page.mouse.wheel(0, 900);
    await page.waitForTimeout(500);
    const [address, y] = [page.url(), await page.evaluate(() => scrollY)];
    assert.ok(y > 100, "there is a place to keep");
    await comeTo(page, "settings");
    const choice = page.locator("#language");
    assert.equal(await choice.evaluate((select) => select.labels[0].textContent.trim().split(/\s/)[0]), "Language");
    assert.deepEqual(await choice.locator("option").allTextContents(), ["as the browser", "English", "Deutsch", "Français", "Español"]);
    for (const language of ["fr", "de"]) {
      asked.length = 0;
      await Promise.all([page.waitForEvent("load"), page.locator("#language").selectOption(language)]);
      await settled(page);
      await assertLanguage(page, language);
      assert.deepEqual([...new Set(asked.filter((path) => path.startsWith("/assets/languages/")))], [`/assets/languages/${language}.js`]);
      assert.equal(page.url(), address);
      await page.waitForFunction((before) => Math.abs(scrollY - before) < 50, y);
      await comeTo(page, "settings");
      assert.equal(await page.locator("#language").inputValue(), language);
    }
    await page.reload();
    await settled(page);
    await assertLanguage(page, "de");
    await comeTo(page, "settings");
    await Promise.all([page.waitForEvent("load"), page.locator("#language").selectOption("")]);
    await settled(page);
    await assertLanguage(page, "en");
  }, withToken));

test("a language that the page does not have any more counts as none", () =>
  onPage(browser, seer.url, async (page) => {
    await page.evaluate(() => localStorage.setItem("seer-language", "tlh"));
    await preferring(page, ["fr"]);
    await assertLanguage(page, "fr");
  }, withToken));

test("until its text is there the page says nothing, and nothing moves when it comes", () =>
  onPage(browser, seer.url, async (page) => {
    await page.addInitScript(() => {
      window.shift = 0;
      new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.shift += entry.value))).observe({ type: "layout-shift", buffered: true });
    });
    let go = () => {};
    const held = new Promise((resolve) => (go = resolve));
    await page.route("**/assets/languages/*", async (route) => {
      await held;
      await route.fallback();
    });
    await page.goto(seer.url, { waitUntil: "domcontentloaded" });
    await page.waitForTimeout(600);
    assert.deepEqual((await page.locator("body").innerText()).split(/\s+/).filter(Boolean), ["seer", "/"]);
    go();
    await settled(page);
    await page.locator("#grid img.there").first().waitFor();
    await assertLanguage(page, "de");
    assert.ok((await page.evaluate(() => window.shift)) < 0.02);
  }, { ...withToken, locale: "de-DE" }));

/** English in other letters: what is shown in plain ones was not taken from the language's file. */
const STRANGE = `
import { text as english } from "./en.js";
const letter = (one) => String.fromCodePoint(one.codePointAt(0) + (one < "a" ? 0x1d5d4 - 65 : 0x1d5ee - 97));
const strange = (value) => {
  if (typeof value === "string") return value.replace(/[a-z]/gi, letter);
  if (typeof value === "function") return (...given) => strange(value(...given));
  if (Array.isArray(value)) return value.map(strange);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, strange(one)]));
};
export const text = strange(english);
`;

/** What is shown although it is in no language: names and values of the library, what one types, units, languages' own names. */
const DATA = "noscript, script, style, title, code, .query, .value, .kind + .many, .suggested, #chips, #language, #viewer-name, #files, #lines-list, #models-list h4, #folders-list h4, #failures-list span, #failures-list p, #disk-list dd, #facts dd, #took, .brand, #why-rows, .outcome.wrong, #complaint, #pick-album-names, #add-model-names, #examples button";
/** Names of photos, dates of an order in time, what the server says of a mistake, sizes. */
const NAMES = /^[\w-]+\.(png|jpe?g|webp|gif|heic|tiff?|bmp|avif|mp4)$|^(\w{3}, )?\d{1,2}\.? \w+ \d{4}$|^\w+ \d{4}$|^In the query, | · [\d.,]+\s[kMG]B$/i;

/** Texts and labels in plain letters, with where they are. */
function plain(page) {
  return page.evaluate(([data, names]) => {
    const found = new Set();
    const known = new RegExp(names, "i");
    const note = (element, text) => {
      const bare = text.trim();
      if (/[a-z]{2}/i.test(bare) && !element.closest(data) && !known.test(bare)) found.add(`${element.tagName.toLowerCase()}#${element.id}.${element.className}: ${bare}`);
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) note(walker.currentNode.parentElement, walker.currentNode.textContent);
    for (const element of document.querySelectorAll("body *")) {
      for (const name of ["aria-label", "aria-valuetext", "title", "placeholder", "alt"]) note(element, element.getAttribute(name) ?? "");
    }
    return [...found];
  }, [DATA, NAMES.source]);
}

test("every word comes from the language's file, in every view", () =>
  onPage(browser, seer.url, async (page) => {
    await page.route("**/assets/languages/de.js", (route) => route.fulfill({ contentType: "text/javascript; charset=utf-8", body: STRANGE }));
    for (const view of Object.keys(VIEWS)) {
      await page.goto(seer.url);
      await settled(page);
      await comeTo(page, view);
      assert.deepEqual(await plain(page), [], view);
    }
  }, { ...withToken, locale: "de-DE", expected: [/status of 400/] }));

/** Elements that cut off what they say, and those beyond the window; what scrolls or is typed does so by right. */
function cutOff(page) {
  return page.evaluate(() => {
    const found = [];
    for (const element of document.querySelectorAll("body *")) {
      if (!element.checkVisibility() || element.closest("svg, canvas, .unseen, .skip, #grid, #examples, #chips .chip, .suggest, #query")) continue;
      const { right, width } = element.getBoundingClientRect();
      if (!width || !element.textContent.trim()) continue;
      const cuts = element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== "visible";
      if (cuts || right > innerWidth + 1) found.push(`${element.tagName.toLowerCase()}#${element.id}: ${element.textContent.trim().slice(0, 60)}`);
    }
    const ruler = document.createElement("canvas").getContext("2d");
    for (const box of document.querySelectorAll("input[placeholder]")) {
      const { font, paddingLeft, paddingRight } = getComputedStyle(box);
      ruler.font = font;
      const room = box.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
      if (box.checkVisibility() && ruler.measureText(box.placeholder).width > room + 1) found.push(`placeholder: ${box.placeholder}`);
    }
    return found;
  });
}

/** What axe complains of. Colours are the same in every language: accessible.test.js looks at them. */
async function findings(page) {
  await page.evaluate(AXE);
  const how = { resultTypes: ["violations"], rules: { "color-contrast": { enabled: false } } };
  const { violations } = await page.evaluate((options) => window.axe.run(document, options), how);
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`);
}

for (const language of Object.keys(SKIP)) {
  test(`${language}: every view has room for its words at three widths, and axe has nothing to complain of`, () =>
    onPage(browser, seer.url, async (page) => {
      for (const view of Object.keys(VIEWS)) {
        await page.setViewportSize({ width: WIDTHS[0], height: 900 });
        await page.goto(seer.url);
        await settled(page);
        await comeTo(page, view);
        await photograph(page, `language-${language}-${view}`);
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
          await assertNoSidewaysScroll(page);
          assert.deepEqual(await cutOff(page), [], `${view}, ${width} pixels wide`);
        }
        assert.deepEqual(await findings(page), [], view);
      }
    }, { ...withToken, locale: language, expected: [/status of 400/] }));
}
