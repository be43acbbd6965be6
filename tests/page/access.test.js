// Tokens with names: made, used and revoked on the page.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { copyFixtures } from "./photos.js";
import { remove, serve, temporaryFolder } from "./program.js";
import { assertNoSidewaysScroll, names, onPage, openBrowser, settled } from "./steps.js";

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
    await sheet.getByRole("button", { name: /^Index again: .*photos$/ }).click();
    await sheet.getByText(/“?Grandma.*right "look"/).waitFor();
  }, { path, expected: [/status of 403/] });

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

test("without a token nothing is said of tokens", async () => {
  await onPage(browser, seer.url, async (page) => {
    const sheet = await library(page);
    await sheet.getByRole("heading", { name: "Folders" }).waitFor();
    assert.ok(await sheet.getByRole("heading", { name: "Access" }).isHidden());
  });
});
