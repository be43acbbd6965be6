// The panel of filters: values with counts that narrow the search, dates, searches of before.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { paintAs, paintDescribed } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { allNames, assertNoSidewaysScroll, focus, names, onPage, openBrowser, photograph, search, settled } from "./steps.js";

let home, seer, browser, told;

before(async () => {
  home = temporaryFolder();
  const photos = join(home, "photos");
  told = paintDescribed(photos);
  for (let i = 0; i < 5; i += 1) paintAs(join(photos, "plain"), `plain-${i}.png`, 100 + i);
  seer = await serve(home, [photos]);
  await indexed(seer.url);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

const panel = (page) => page.getByRole("dialog", { name: "Filter" });
const queryNow = (page) => page.evaluate(() => new URLSearchParams(location.search).get("q") ?? "");

async function openPanel(page) {
  await settled(page);
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await panel(page).locator("#filters-count:not(:empty)").waitFor();
}

/** The values of one list with their counts, as a screen reader says them. */
function said(page, list) {
  return panel(page).getByRole("list", { name: list }).getByRole("link").evaluateAll((links) => links.map((link) => link.textContent));
}

test("values come with counts, and a click asks for one and takes it back", () =>
  onPage(browser, seer.url, async (page) => {
    await openPanel(page);
    assert.equal(await page.locator("#filters-count").textContent(), "35 photos");
    const count = (has) => told.filter(has).length;
    assert.deepEqual(await said(page, "People"), [`Ann Smith, ${count((one) => one.people[0] === "Ann Smith")} photos`, `Zoë, ${count((one) => one.people[0] === "Zoë")} photos`]);
    assert.deepEqual(await said(page, "Tags"), ["family, 15 photos", "Beach party, 6 photos"]);
    assert.deepEqual((await said(page, "Places")).slice(0, 2), ["Lisbon, Portugal, 8 photos", "Munich, Germany, 4 photos"]);
    assert.deepEqual(await said(page, "Years"), [2005, 2006, 2007, 2008].map((year) => `${year}, ${count((one) => one.taken?.startsWith(String(year)))} photos`));

    const ann = panel(page).getByRole("link", { name: /^Ann Smith/ });
    await ann.click();
    await page.waitForFunction(() => document.querySelector("#filters .value[aria-current]") !== null);
    assert.equal(await queryNow(page), 'person:"Ann Smith"');
    assert.match(await ann.textContent(), /take this filter away$/);
    assert.ok(await ann.evaluate((link) => link === document.activeElement), "the focus stays on it");
    const wanted = told.filter((one) => one.people[0] === "Ann Smith").map((one) => one.name);
    assert.deepEqual((await allNames(page)).sort(), wanted.sort());
    assert.equal(await page.locator("#filters-count").textContent(), `${wanted.length} photos`);
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector("#filters .value[aria-current]") === null);
    assert.equal(await queryNow(page), "");
    await page.keyboard.press("Escape");
    assert.equal(await focus(page), "filters-open");
  }));

test("words stay beside the filters, and are no filter themselves", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "a red kite");
    await openPanel(page);
    assert.equal(await page.locator("#filters-count").textContent(), "35 photos");
    await panel(page).getByRole("link", { name: /^family/ }).click();
    await page.waitForFunction(() => document.querySelector("#filters .value[aria-current]") !== null);
    assert.equal(await queryNow(page), "a red kite tag:family");
    await page.goBack();
    await page.waitForFunction(() => document.querySelector("#filters .value[aria-current]") === null);
    assert.equal(await queryNow(page), "a red kite");
  }));

test("days become a filter, and a filter days", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "person:zoë");
    await openPanel(page);
    await page.getByLabel("From").fill("2006-05-01");
    await page.getByLabel("From").dispatchEvent("change");
    await page.waitForFunction(() => location.search.includes("date"));
    assert.equal(await queryNow(page), "person:zoë date:2006-05..");
    await page.getByLabel("to", { exact: true }).fill("2007-12-31");
    await page.getByLabel("to", { exact: true }).dispatchEvent("change");
    await page.waitForFunction(() => location.search.includes("2007"));
    assert.equal(await queryNow(page), "person:zoë date:2006-05..2007-12");
    const wanted = told.filter((one) => one.people[0] === "Zoë" && /^200[67]/.test(one.taken ?? "")).map((one) => one.name);
    assert.deepEqual((await allNames(page)).sort(), wanted.sort());
    await page.getByRole("button", { name: "Any time" }).click();
    await page.waitForFunction(() => !location.search.includes("date"));
    await panel(page).getByRole("link", { name: /^2006/ }).click();
    await page.waitForFunction(() => document.querySelector("#dates-from")?.value === "2006-01-01");
    assert.equal(await page.getByLabel("to", { exact: true }).inputValue(), "2006-12-31");
    assert.equal(await queryNow(page), "person:zoë year:2006");
  }));

test("a day that is typed counts when it is whole, and the other one stays", () =>
  onPage(browser, seer.url, async (page) => {
    await openPanel(page);
    const [first, last] = [page.getByLabel("From"), page.getByLabel("to", { exact: true })];
    const steps = () => page.evaluate(() => history.length);
    const asked = [];
    page.on("request", (request) => request.url().endsWith("/api/search") && asked.push(JSON.parse(request.postData()).query));
    const before = await steps();
    await first.focus();
    await page.keyboard.type("06152006", { delay: 30 });
    await last.focus();
    await page.waitForFunction(() => location.search.includes("date"));
    await page.keyboard.type("06152007", { delay: 120 });
    assert.equal(await queryNow(page), "date:2006-06-15..", "nothing of what is still being typed");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => location.search.includes("2007"));
    assert.equal(await queryNow(page), "date:2006-06-15..2007-06-15");
    assert.equal(await steps(), before + 2);
    await settled(page);
    assert.deepEqual([...new Set(asked.filter((query) => query.includes("date")))], ["date:2006-06-15..", "date:2006-06-15..2007-06-15"]);

    await first.focus();
    await page.keyboard.type("06152008");
    await last.focus();
    await page.waitForTimeout(300);
    assert.deepEqual([await first.inputValue(), await last.inputValue()], ["2008-06-15", "2007-06-15"], "nothing is swapped between the two");
    await page.keyboard.type("06152009");
    await page.locator("#filters-title").focus();
    await page.waitForFunction(() => location.search.includes("2009"));
    assert.equal(await queryNow(page), "date:2008-06-15..2009-06-15");

    await first.focus();
    await page.keyboard.type("06150201");
    await page.locator("#filters-title").focus();
    await page.waitForTimeout(300);
    assert.equal(await queryNow(page), "date:2008-06-15..2009-06-15", "no photo is so old");
    assert.equal(await first.inputValue(), "2008-06-15");
  }));

test("days are written as years and months where they are whole", async () => {
  const { ends, written } = await import("../../web/dates-text.js");
  const cases = [
    ["2008-01-01", "2010-12-31", "date:2008..2010"], ["2008-01-01", "2008-12-31", "date:2008"], ["2008-02-01", "2008-02-29", "date:2008-02"],
    ["2008-05-03", "2008-06-30", "date:2008-05-03..2008-06-30"], ["", "2008-12-31", "date:..2008"], ["2008-05-01", "", "date:2008-05.."],
    ["2009-05-03", "2008-05-03", "date:2008-05-03..2009-05-03"], ["2008-05-03", "2008-05-03", "date:2008-05-03"], ["", "", ""],
  ];
  for (const [first, last, filter] of cases) {
    assert.equal(written(first, last), filter);
    const sorted = first && last && first > last ? [last, first] : [first, last];
    if (filter) assert.deepEqual(ends(filter.slice("date:".length)), sorted, filter);
  }
  assert.deepEqual(ends("last summer"), ["", ""]);
});

test("searches are remembered here, cleared, and not kept at all when that is wished", () =>
  onPage(browser, seer.url, async (page) => {
    for (const text of ["red kites", "year:2006"]) {
      await search(page, text);
      await page.keyboard.press("Enter");
    }
    await openPanel(page);
    const before = panel(page).getByRole("list", { name: "Searched before" }).getByRole("link");
    assert.deepEqual(await before.allTextContents(), ["year:2006", "red kites"]);
    await before.last().click();
    await page.waitForFunction(() => document.querySelector("#query")?.value === "red kites");
    assert.ok(await panel(page).isHidden());
    await openPanel(page);
    await panel(page).getByRole("button", { name: "Clear" }).click();
    assert.equal(await before.count(), 0);
    await panel(page).getByRole("checkbox", { name: "Remember searches in this browser" }).uncheck();
    await page.keyboard.press("Escape");
    await search(page, "green kites");
    await page.keyboard.press("Enter");
    await openPanel(page);
    assert.equal(await before.count(), 0);
    await page.reload();
    await openPanel(page);
    assert.ok(!(await panel(page).getByRole("checkbox", { name: "Remember searches in this browser" }).isChecked()));
  }));

test("the panel fits on every screen, light and dark, and moves nothing", async () => {
  for (const width of [390, 820, 1440]) {
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      await onPage(browser, seer.url, async (page) => {
        await page.evaluate(() => {
          window.shift = 0;
          new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.shift += entry.hadRecentInput ? 0 : entry.value))).observe({ type: "layout-shift", buffered: true });
        });
        await openPanel(page);
        await photograph(page, `filters-${width}-${colorScheme}`);
        const box = await panel(page).boundingBox();
        assert.ok(box && box.x >= 0 && box.x + box.width <= width + 1, `the panel at ${width}`);
        await page.keyboard.press("Escape");
        await assertNoSidewaysScroll(page);
        const shift = await page.evaluate(() => window.shift);
        assert.ok(shift < 0.02, `${shift}: nothing moves`);
      }, { viewport: { width, height: 860 }, colorScheme });
    }
  }
});
