// Tokens with names: made, used and revoked on the page.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { copyFixtures } from "./photos.js";
import { remove, serve, temporaryFolder } from "./program.js";
import { assertNoSidewaysScroll, names, onPage, openBrowser, photograph, search, settled } from "./steps.js";

const TOKEN = "token-of-the-page-tests";
const ADMINISTER = { path: `/?token=${TOKEN}` };

let home, seer, browser;

before(async () => {
  home = temporaryFolder();
  copyFixtures(join(home, "photos"));
  mkdirSync(join(home, "more"));
  copyFileSync(join(home, "photos", "0_landscape.jpg"), join(home, "more", "copy.jpg"));
  const folders = [join(home, "photos"), join(home, "more")];
  [seer, browser] = await Promise.all([serve(home, folders, { token: TOKEN }), openBrowser()]);
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

async function library(page) {
  await page.getByRole("button", { name: "Library: models and folders" }).click();
  const sheet = page.getByRole("dialog", { name: "Library" });
  await sheet.waitFor();
  return sheet;
}

test("a token is made, opens the page with its right, and is revoked", async () => {
  let address;
  await onPage(browser, seer.url, async (page) => {
    const sheet = await library(page);
    await sheet.getByText("Nobody else has one yet.").waitFor();
    await sheet.getByLabel("Add a token").fill("Grandma");
    await sheet.getByRole("button", { name: "Add token" }).click();
    const made = sheet.getByLabel(/^Its address/);
    await made.waitFor();
    address = await made.inputValue();
    assert.match(address, /\/\?token=[0-9a-f]{32}$/);
    await sheet.getByRole("heading", { name: "Grandma" }).waitFor();
    await sheet.getByText(/may search and look at photos/).waitFor();
    await assertNoSidewaysScroll(page);
  }, ADMINISTER);

  const path = address.slice(address.indexOf("/?"));
  await onPage(browser, seer.url, async (page) => {
    await settled(page);
    assert.ok(!page.url().includes("token"), page.url());
    const sheet = await library(page);
    await sheet.getByRole("heading", { name: "Folders" }).waitFor();
    assert.ok(await sheet.getByRole("heading", { name: "Access" }).isHidden());
    await sheet.getByRole("heading", { name: /photos$/ }).waitFor();
  }, { path });

  await onPage(browser, seer.url, async (page) => {
    const sheet = await library(page);
    await sheet.getByRole("button", { name: "Revoke Grandma" }).click();
    await sheet.getByRole("button", { name: "Revoke the token" }).click();
    await sheet.getByText("“Grandma” may not ask any more.").waitFor();
    await sheet.getByText("Nobody else has one yet.").waitFor();
  }, ADMINISTER);
  const status = await fetch(new URL("/api/tokens", seer.url), {
    headers: { authorization: `Bearer ${address.split("=")[1]}` },
  });
  assert.equal(status.status, 401);
});

test("a token shows the photos of one folder, and nothing else", async () => {
  let address;
  await onPage(browser, seer.url, async (page) => {
    const sheet = await library(page);
    const which = sheet.getByLabel("Which photos");
    await sheet.getByLabel("Right").selectOption("index");
    await which.waitFor({ state: "hidden" });
    await sheet.getByLabel("Right").selectOption("look");
    await which.selectOption(join(home, "more"));
    await sheet.getByLabel("Add a token").fill("Child");
    await sheet.getByRole("button", { name: "Add token" }).click();
    const child = sheet.locator("#access-list li").filter({ has: page.getByRole("heading", { name: "Child" }) });
    await child.getByText(`photos of ${join(home, "more")}`).waitFor();
    address = await sheet.getByLabel(/^Its address/).inputValue();
    await assertNoSidewaysScroll(page);
  }, ADMINISTER);

  const path = address.slice(address.indexOf("/?"));
  await onPage(browser, seer.url, async (page) => {
    await settled(page);
    assert.deepEqual(await names(page), ["copy.jpg"]);
    const sheet = await library(page);
    await sheet.getByRole("heading", { name: join(home, "more") }).waitFor();
    assert.equal(await sheet.getByRole("heading", { name: join(home, "photos") }).count(), 0);
  }, { path });
});

/** What takes each right, in the order of the page. */
const INDEX = ["Save as album", "Add to album…", "Hide", "Rename…", "Remove…", "Index all again", "Index again"];
const ADMINISTER_TOO = ["Change", "Add", "Forget…", "Watch", "Add folder", "Leave out", "Read signs, menus and screenshots"];

/** Which of these are in view for a holder of this right, wherever they stand. */
async function offered(right) {
  const response = await fetch(new URL("/api/tokens", seer.url), {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ name: `may ${right}`, right }),
  });
  const { token } = await response.json();
  const found = new Set();
  await onPage(browser, seer.url, async (page) => {
    const look = async () => {
      for (const text of await page.evaluate(() => {
        const shown = [...document.querySelectorAll("button, label")].filter((one) => one.checkVisibility());
        return shown.map((one) => (one.textContent ?? "").trim());
      })) found.add(text);
    };
    await page.waitForFunction((wanted) => document.documentElement.dataset.right === wanted, right);
    await search(page, "kite");
    await look();
    await page.locator("#grid .check").first().click();
    await look();
    await page.getByRole("button", { name: "Albums" }).click();
    await page.locator("#albums-list li").first().waitFor();
    await look();
    await page.keyboard.press("Escape");
    const sheet = await library(page);
    await page.locator("#folders-list li").nth(1).waitFor();
    await sheet.locator("summary").filter({ hasText: "Leaves out" }).first().click();
    await page.locator("#models-list select").first().evaluate((select) => {
      select.value = "lists";
      select.dispatchEvent(new Event("change"));
    });
    await look();
    await photograph(page, `access-${right}`);
  }, { path: `/?token=${token}` });
  return [...INDEX, ...ADMINISTER_TOO].filter((text) => found.has(text));
}

test("what a right does not allow is not shown to whoever has no more", async () => {
  await fetch(new URL("/api/albums", seer.url), {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "Kites", query: "kite" }),
  });
  assert.deepEqual(await offered("look"), []);
  assert.deepEqual(await offered("index"), INDEX);
  assert.deepEqual(await offered("administer"), [...INDEX, ...ADMINISTER_TOO]);
});

test("without a token nothing is said of tokens", async () => {
  await onPage(browser, seer.url, async (page) => {
    const sheet = await library(page);
    await sheet.getByRole("heading", { name: "Folders" }).waitFor();
    assert.ok(await sheet.getByRole("heading", { name: "Access" }).isHidden());
  });
});
