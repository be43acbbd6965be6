// The library's sheet: models and folders are shown as they are, and can be changed.

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileSize } from "../../web/format.js";
import { copyFixtures, paint, paintAs } from "./photos.js";
import { indexed, remove, serve, statusOf, temporaryFolder, tinyModel } from "./program.js";
import { assertNoSidewaysScroll, focus, names, onPage, openBrowser, photograph, search, settled } from "./steps.js";

const TOKEN = "token-of-the-page-tests";
const FIRST = tinyModel("clip-tiny");
const SECOND = tinyModel("oc-rn50");
const MAY_CHANGE = { path: `/?token=${TOKEN}` };
const REFUSED = [/status of 40[19]/];
const LARGE = { width: 2600, height: 1900, prefix: "large" };

let home, browser;

before(async () => {
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
});

/** A server of its own on folders that `fill` makes; both are gone afterwards. */
async function served(fill, steps, options = {}) {
  home = temporaryFolder();
  const folders = fill(home);
  const seer = await serve(home, folders, { token: TOKEN, ...options });
  try {
    await steps(seer, folders);
  } finally {
    await seer.stop();
    remove(home);
  }
}

function fixtures(place) {
  copyFixtures(join(place, "photos"));
  return [join(place, "photos")];
}

function fixturesAndOthers(place) {
  paint(join(place, "others"), 5, { prefix: "other" });
  return [...fixtures(place), join(place, "others")];
}

/** So many that something can be done while a run goes on. */
const MANY = 300;

function many(place) {
  paint(join(place, "photos"), MANY, LARGE);
  return [join(place, "photos")];
}

async function status(seer) {
  return (await fetch(new URL("/api/status", seer.url))).json();
}

/** Opens the sheet. */
async function library(page) {
  await page.getByRole("button", { name: "Library: models and folders" }).click();
  const sheet = page.getByRole("dialog", { name: "Library" });
  await sheet.waitFor();
  return sheet;
}

/** The row of a model or a folder. */
function row(sheet, name) {
  return sheet.getByRole("listitem").filter({ has: sheet.page().getByRole("heading", { name, exact: true }) });
}

/** The choice of a model's index. */
function indexOf(sheet, name) {
  return sheet.getByRole("combobox", { name: `Index of ${name}` });
}

async function addModel(sheet, name) {
  await sheet.getByLabel("Add a model").fill(name);
  await sheet.getByRole("button", { name: "Add", exact: true }).click();
}

/** The scores in the grid, as they are read. */
function scores(page) {
  return page.locator("#grid .score").allTextContents();
}

/** Presses a button that makes the page ask again, and waits for the answer. */
async function answered(page, press) {
  const answer = page.waitForResponse((response) => response.url().endsWith("/api/search"));
  await press();
  await answer;
  await settled(page);
}

test("models and folders are shown as seer status tells them", () =>
  served(fixturesAndOthers, async (seer, [photos, others]) => {
    await indexed(seer.url);
    const told = statusOf(home);
    const [model] = told.models;
    await onPage(browser, seer.url, async (page) => {
      const sheet = await library(page);
      const first = row(sheet, FIRST);
      await first.getByText(`${model.encoded} photos encoded · none is lacking · ${fileSize(model.bytes)}`).waitFor();
      await first.getByText("answers", { exact: true }).waitFor();
      assert.equal(await indexOf(sheet, FIRST).inputValue(), model.index);
      assert.equal(await first.getByRole("button", { name: "Use" }).count(), 0);
      assert.equal(await sheet.locator("#models-list > li").count(), told.models.length);
      const files = readdirSync(photos).length;
      await row(sheet, photos).getByText(`${files} files`, { exact: true }).waitFor();
      await row(sheet, others).getByText("5 files", { exact: true }).waitFor();
      assert.equal(await sheet.locator("#folders-list > li").count(), told.roots.length);
      assert.equal(await sheet.getByText("not there now").filter({ visible: true }).count(), 0);
    });
    remove(others);
    await onPage(
      browser,
      seer.url,
      async (page) => {
        const sheet = await library(page);
        await row(sheet, others).getByText("not there now").waitFor();
        assert.equal(await row(sheet, photos).getByText("not there now").isVisible(), false);
      },
      { expected: [/410 \(Gone\)/] },
    );
  }));

test("a folder is watched, and what is put into it appears without any command", () =>
  served(fixturesAndOthers, async (seer, [photos, others]) => {
    await indexed(seer.url);
    await onPage(
      browser,
      seer.url,
      async (page) => {
        let sheet = await library(page);
        const box = () => sheet.getByRole("checkbox", { name: `Watch ${others}` });
        assert.equal(await box().isChecked(), false);
        const kept = page.waitForResponse((response) => response.url().endsWith("/api/roots/watch"));
        await box().check();
        await kept;
        await page.reload();
        sheet = await library(page);
        await sheet.locator("input:checked").and(box()).waitFor();
        assert.equal(await sheet.getByRole("checkbox", { name: `Watch ${photos}` }).isChecked(), false);
        const before = (await status(seer)).photos;
        paintAs(others, "later.png", 77);
        for (let tries = 0; (await status(seer)).photos === before; tries++) {
          assert.ok(tries < 300, "the photo did not appear within a minute");
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
        const taken = page.waitForResponse((response) => response.url().endsWith("/api/roots/watch"));
        await box().uncheck();
        await taken;
        await page.reload();
        sheet = await library(page);
        await box().waitFor();
        assert.equal(await box().isChecked(), false);
      },
      MAY_CHANGE,
    );
  }));

test("a second model is filled while the first answers; one switches to it and back, and forgets it", () =>
  served(many, async (seer, [photos]) => {
    await indexed(seer.url);
    await onPage(
      browser,
      seer.url,
      async (page) => {
        await search(page, "a red kite");
        const before = await scores(page);
        let sheet = await library(page);
        await addModel(sheet, SECOND);
        await sheet.getByText(new RegExp(`^Indexing: \\d+ of ${MANY} files.* left`)).waitFor();
        await page.keyboard.press("Escape");
        await search(page, "a green field");
        assert.equal((await status(seer)).indexing.running, true, "it was answered in the meantime");
        sheet = await library(page);
        await sheet.getByRole("button", { name: `Forget ${photos}` }).click();
        await sheet.getByRole("button", { name: "Forget the folder" }).click();
        await sheet.getByText(/an indexing run is going on and may bring back/).waitFor();
        await page.keyboard.press("Escape");
        await search(page, "a red kite");
        assert.deepEqual(await scores(page), before, "the first one answers");

        sheet = await library(page);
        const second = row(sheet, SECOND);
        await second.getByText(new RegExp(`^${MANY} photos encoded · none is lacking`)).waitFor({ timeout: 120_000 });
        assert.equal((await status(seer)).models.find((model) => model.in_use).name, FIRST);

        await answered(page, () => second.getByRole("button", { name: "Use" }).click());
        await second.getByText("answers", { exact: true }).waitFor();
        await sheet.getByText(`${SECOND} answers now.`).waitFor();
        const other = await scores(page);
        assert.equal(other.length, before.length);
        assert.notDeepEqual(other, before);
        await answered(page, () => row(sheet, FIRST).getByRole("button", { name: "Use" }).click());
        await row(sheet, FIRST).getByText("answers", { exact: true }).waitFor();
        assert.deepEqual(await scores(page), before, "and back again");

        await second.getByRole("button", { name: `Forget ${SECOND}` }).click();
        const question = sheet.getByRole("group", { name: `Forget ${SECOND}?` });
        await question.getByText(new RegExp(`^Its vectors of ${MANY} photos and their index go \\(.*B\\)\\.$`)).waitFor();
        await question.getByRole("button", { name: "Keep it" }).press("Escape");
        assert.equal(await sheet.isVisible(), true, "Escape leaves the question, not the sheet");
        assert.equal(await question.isVisible(), false);
        assert.equal((await status(seer)).models.length, 2);
        assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Forget…");
        await page.keyboard.press("Enter");
        await question.getByRole("button", { name: "Forget the model" }).press("Enter");
        await sheet.getByText(`${SECOND} is forgotten.`).waitFor();
        assert.equal(await second.count(), 0);
        assert.equal(await focus(page), "models-title");
        const left = (await status(seer)).models;
        assert.deepEqual(left.map((model) => model.name), [FIRST]);
      },
      { ...MAY_CHANGE, expected: REFUSED },
    );
  }));

test("a run is stopped, and the rest is encoded later", () =>
  served(many, async (seer) => {
    await onPage(
      browser,
      seer.url,
      async (page) => {
        const sheet = await library(page);
        await sheet.getByText(new RegExp(`^Indexing: [1-9]\\d* of ${MANY} files`)).waitFor();
        await addModel(sheet, SECOND);
        await sheet.locator("#add-model-said").getByText(/an indexing run is going on/).waitFor();
        await sheet.getByText(`Done · ${MANY} photos encoded`).waitFor();
        await addModel(sheet, SECOND);
        await sheet.getByText(new RegExp(`^Indexing: [1-9]\\d* of ${MANY} files`)).waitFor();
        await sheet.getByRole("button", { name: "Stop" }).click();
        await sheet.getByText(/^Stopped; what was done is kept/).waitFor();
        assert.equal(await sheet.getByRole("button", { name: "Stop" }).isVisible(), false);
        const { encoded, lacking } = (await status(seer)).models.find((model) => model.name === SECOND);
        assert.ok(lacking > 0 && encoded + lacking === MANY, `${encoded} and ${lacking}`);
        const second = row(sheet, SECOND);
        await second.getByText(new RegExp(`encoded · ${lacking} not yet`)).waitFor();
        await second.getByRole("button", { name: "Encode the rest" }).click();
        await second.getByText(new RegExp(`^${MANY} photos encoded · none is lacking`)).waitFor({ timeout: 120_000 });
        assert.equal(await second.getByRole("button", { name: "Encode the rest" }).isVisible(), false);
      },
      { ...MAY_CHANGE, expected: REFUSED },
    );
  }));

test("the kind of index is changed, and remembered", () =>
  served(fixtures, async (seer) => {
    await indexed(seer.url);
    await onPage(
      browser,
      seer.url,
      async (page) => {
        for (const kind of ["hnsw", "lists", "exact", "auto", "hnsw"]) {
          const sheet = await library(page);
          const field = indexOf(sheet, FIRST);
          const change = sheet.getByRole("button", { name: `Change the index of ${FIRST}` });
          assert.notEqual(await field.inputValue(), kind);
          assert.equal(await change.isVisible(), false);
          await field.selectOption(kind);
          await change.click();
          await sheet.getByText(/^Changed\./).waitFor();
          assert.equal((await status(seer)).models[0].index, kind);
          await indexed(seer.url);
          await page.reload();
          await library(page);
          assert.equal(await field.inputValue(), kind);
          await page.keyboard.press("Escape");
        }
      },
      MAY_CHANGE,
    );
    assert.equal(statusOf(home).models[0].index, "hnsw");
  }));

test("a folder is forgotten: its photos are found no more, its files stay", () =>
  served(fixturesAndOthers, async (seer, [photos, others]) => {
    const all = (await indexed(seer.url)).photos;
    await onPage(
      browser,
      seer.url,
      async (page) => {
        await page.locator("#grid a").first().waitFor();
        assert.equal((await names(page)).filter((name) => name.startsWith("other")).length, 5);
        const sheet = await library(page);
        await sheet.getByRole("button", { name: `Forget ${others}` }).click();
        const question = sheet.getByRole("group", { name: `Forget ${others}?` });
        for (const goes of [/5 files.*records and words/, /vectors.*thumbnails/, /Your files are never touched/]) {
          await question.getByText(goes).waitFor();
        }
        assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Keep it");
        assert.equal((await status(seer)).photos, all, "nothing goes before the answer");
        await answered(page, () => question.getByRole("button", { name: "Forget the folder" }).click());
        await sheet.getByText(`${others} is forgotten: 5 files, 5 photos.`).waitFor();
        assert.equal(await row(sheet, others).count(), 0);
        assert.equal(await row(sheet, photos).count(), 1);
        assert.equal(await focus(page), "folders-title");
        assert.deepEqual((await names(page)).filter((name) => name.startsWith("other")), []);
      },
      MAY_CHANGE,
    );
    const left = await status(seer);
    assert.deepEqual([left.photos, left.roots], [all - 5, [photos]]);
    assert.equal(readdirSync(others).length, 5);
  }));

test("a folder is indexed again: what is new is found", () =>
  served(fixturesAndOthers, async (seer, [, others]) => {
    const { photos } = await indexed(seer.url);
    await onPage(
      browser,
      seer.url,
      async (page) => {
        const sheet = await library(page);
        paint(others, 7, { prefix: "other" });
        await sheet.getByRole("button", { name: `Index again: ${others}` }).click();
        await row(sheet, others).getByText("7 files", { exact: true }).waitFor();
        await sheet.getByText("Done · 2 photos encoded").waitFor();
        paint(others, 8, { prefix: "other" });
        await sheet.getByRole("button", { name: "Index all again" }).click();
        await row(sheet, others).getByText("8 files", { exact: true }).waitFor();
      },
      MAY_CHANGE,
    );
    assert.equal((await status(seer)).photos, photos + 3);
  }));

test("without the token nothing is changed, and the page says so and asks for it", () =>
  served(fixtures, async (seer, [photos]) => {
    const { photos: all } = await indexed(seer.url);
    await onPage(
      browser,
      seer.url,
      async (page) => {
        await search(page, "kite");
        let sheet = await library(page);
        const refusal = /^the token is missing or wrong/;
        await indexOf(sheet, FIRST).selectOption("lists");
        await sheet.getByRole("button", { name: `Change the index of ${FIRST}` }).click();
        await row(sheet, FIRST).getByText(refusal).waitFor();
        await addModel(sheet, SECOND);
        await sheet.locator("#add-model-said").getByText(refusal).waitFor();
        await sheet.getByRole("button", { name: `Forget ${photos}` }).click();
        await sheet.getByRole("button", { name: "Forget the folder" }).click();
        const place = row(sheet, photos);
        await place.getByText(refusal).waitFor();
        const now = await status(seer);
        assert.deepEqual([now.photos, now.models.length, now.models[0].index], [all, 1, "auto"]);

        await place.getByLabel("Token").fill(TOKEN);
        await place.getByRole("button", { name: "Open" }).click();
        await page.waitForURL(/\?q=kite$/);
        sheet = await library(page);
        await sheet.getByRole("button", { name: `Forget ${photos}` }).click();
        await sheet.getByRole("button", { name: "Forget the folder" }).click();
        await sheet.getByText(/is forgotten/).waitFor();
        assert.equal((await status(seer)).photos, 0);
      },
      { expected: REFUSED },
    );
    assert.ok(existsSync(photos));
  }));

test("a model that cannot be fetched or does not exist is told as the server tells it", () =>
  served(fixtures, async (seer) => {
    await indexed(seer.url);
    await onPage(
      browser,
      seer.url,
      async (page) => {
        const sheet = await library(page);
        for (const name of ["ViT-B-32/openai", "no-such-model"]) {
          await addModel(sheet, name);
          await sheet.locator("#run-text").getByText(name).waitFor();
          const { reason } = (await status(seer)).indexing.last.failed;
          assert.equal(await sheet.locator("#run-text").textContent(), `Indexing stopped: ${reason}`);
        }
        assert.equal((await status(seer)).models.length, 1);
      },
      MAY_CHANGE,
    );
  }));

test("the way to a better model leads to the sheet, with its name", () =>
  served(
    fixtures,
    async (seer) => {
      const { model } = await indexed(seer.url);
      await onPage(
        browser,
        seer.url,
        async (page) => {
          await page.getByRole("button", { name: "A larger model finds more" }).click();
          await page.getByRole("button", { name: "Add it here" }).click();
          const field = page.getByRole("dialog", { name: "Library" }).getByLabel("Add a model");
          assert.equal(await field.inputValue(), model.better.name);
          assert.equal(await focus(page), "add-model-name");
        },
        MAY_CHANGE,
      );
    },
    { model: "builtin" },
  ));

for (const colorScheme of ["light", "dark"]) {
  for (const width of [390, 820, 1440]) {
    test(`${colorScheme}, ${width} wide: the sheet fits, and the focus returns`, (context) =>
      served(fixturesAndOthers, async (seer, [photos, others]) => {
        await indexed(seer.url);
        await onPage(
          browser,
          seer.url,
          async (page) => {
            const opener = page.getByRole("button", { name: "Library: models and folders" });
            await opener.press("Enter");
            const sheet = page.getByRole("dialog", { name: "Library" });
            await addModel(sheet, "ViT-B-32/openai");
            await sheet.getByText(/^Indexing stopped/).waitFor();
            await addModel(sheet, SECOND);
            await row(sheet, SECOND).getByText(/none is lacking/).waitFor();
            await indexOf(sheet, FIRST).selectOption("lists");
            context.diagnostic(await photograph(page, `${colorScheme}-library-${width}`));
            await sheet.getByRole("button", { name: `Forget ${others}` }).click();
            context.diagnostic(await photograph(page, `${colorScheme}-library-question-${width}`));
            const box = await sheet.evaluate((element) => [element.scrollWidth, element.clientWidth]);
            assert.ok(box[0] <= box[1], `${box[0]} pixels in ${box[1]}`);
            await assertNoSidewaysScroll(page);
            await page.keyboard.press("Escape");
            await page.keyboard.press("Escape");
            assert.equal(await sheet.isVisible(), false);
            assert.equal(await focus(page), "settings-open");
            assert.ok(photos);
          },
          { ...MAY_CHANGE, colorScheme, viewport: { width, height: 860 } },
        );
      }));
  }
}

test("models to choose from say what they cost; without a network none is offered to be fetched", () =>
  served(fixtures, (seer) =>
    onPage(browser, seer.url, async (page) => {
      const sheet = await library(page);
      await sheet.getByText("Models to choose from").click();
      const rows = sheet.locator("#offered-list li");
      const row = (name) => rows.filter({ has: page.getByRole("heading", { name, exact: true }) });
      await row("builtin").getByText("on the server").waitFor();
      await row("builtin").getByText(/million parameters.*memory.*photos\/s here.*licence MIT OR Apache-2.0/).waitFor();
      await row("builtin").getByRole("button", { name: "Choose builtin" }).click();
      assert.equal(await sheet.getByLabel("Add a model").inputValue(), "builtin");
      const other = row("ViT-B-32/datacomp_xl_s13b_b90k");
      await other.getByText(/about .* photos\/s here/).waitFor();
      await other.getByText("not on the server").waitFor();
      assert.ok(await other.getByRole("button", { name: /^Choose/, includeHidden: true }).isHidden());
      await assertNoSidewaysScroll(page);
    }, MAY_CHANGE),
  ));

test("the colours can be chosen, and what the library takes of the disk is said", () =>
  served(fixtures, async (seer) => {
    await onPage(browser, seer.url, async (page) => {
      const paper = () => page.evaluate(() => Number(getComputedStyle(document.documentElement).backgroundColor.match(/\d+/)?.[0]));
      const sheet = await library(page);
      assert.ok((await paper()) > 200);
      await sheet.getByRole("combobox", { name: "Colours" }).selectOption("dark");
      assert.ok((await paper()) < 60);
      await page.reload();
      assert.ok((await paper()) < 60, "it is remembered");
      const again = await library(page);
      await again.getByText("Records and vectors").waitFor();
      await again.getByText("Together").waitFor();
      await again.getByRole("combobox", { name: "Colours" }).selectOption("as the system");
      assert.ok((await paper()) > 200);
    });
  }));

test("what a folder leaves out is chosen, and taken back", () =>
  served(fixtures, async (seer, [photos]) => {
    await indexed(seer.url);
    await onPage(browser, seer.url, async (page) => {
      const before = (await status(seer)).photos;
      const sheet = await library(page);
      await sheet.getByText("Leaves out nothing of its own").click();
      await sheet.getByLabel(`Leave out of ${photos}`).fill("*.png");
      await sheet.getByRole("button", { name: "Leave out", exact: true }).click();
      await sheet.getByText("Leaves out *.png").waitFor();
      const fewer = (await indexed(seer.url)).photos;
      assert.ok(fewer < before, `${fewer} of ${before}`);
      await sheet.getByRole("button", { name: "No longer leave out *.png" }).click();
      await sheet.getByText("Leaves out nothing of its own").waitFor();
      for (let now = fewer; now !== before; ) now = (await status(seer)).photos;
    }, MAY_CHANGE);
  }, { token: TOKEN }));
