// Starts and stops the real program.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
const program = process.env.SEER_BIN ?? join(target, "debug/seer");
const tiny = process.env.SEER_MODEL ?? join(root, "tests/fixtures/clip-tiny");

/** A fresh folder for one test file; removed by `stop`. */
export function temporaryFolder() {
  return mkdtempSync(join(tmpdir(), "seer-page-"));
}

/**
 * Serves `folders` out of a library in `home`, and waits until it answers.
 * @returns {Promise<{ url: string, stop: () => Promise<number | null> }>}
 */
export async function serve(home, folders, { address = "127.0.0.1:0", model = tiny, token = "" } = {}) {
  if (!existsSync(program)) throw new Error(`there is no ${program}; run "cargo build" first, or set SEER_BIN`);
  const options = ["--json", "--offline", "--library", join(home, "library"), "--model", model];
  const child = spawn(program, ["serve", ...options, "--address", address, ...folders], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...withoutSettings(process.env), SEER_TEXT: "off", ...(token ? { SEER_TOKEN: token } : {}) },
  });
  let complaints = "";
  child.stderr.on("data", (data) => (complaints += data));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const url = await Promise.race([
    firstUrl(child.stdout),
    ended.then((code) => {
      throw new Error(`seer ended with ${code} before it was ready:\n${complaints}`);
    }),
  ]);
  const stop = async () => {
    child.kill("SIGTERM");
    return ended;
  };
  return { url, stop };
}

/** What `seer status` says of the library in `home`. */
export function statusOf(home) {
  const options = ["status", "--json", "--offline", "--library", join(home, "library")];
  const { status, stdout, stderr } = spawnSync(program, options, { env: { ...withoutSettings(process.env), SEER_TEXT: "off" }, encoding: "utf8" });
  if (status !== 0) throw new Error(`seer status ended with ${status}:\n${stderr}`);
  return JSON.parse(stdout);
}

/** The folder of a small model among the fixtures. */
export function tinyModel(name) {
  return join(root, "tests/fixtures", name);
}

/** The visitor's own settings must not reach the tests. */
function withoutSettings(environment) {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("SEER_")));
}

async function firstUrl(output) {
  for await (const line of createInterface({ input: output })) {
    const { event, url } = JSON.parse(line);
    if (event === "ready") return url;
  }
  return new Promise(() => {});
}

/** Waits until the background run has ended. */
export async function indexed(url) {
  for (;;) {
    const status = await (await fetch(new URL("/api/status", url))).json();
    if (!status.indexing.running && status.indexing.last) return status;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export function remove(folder) {
  rmSync(folder, { recursive: true, force: true });
}
