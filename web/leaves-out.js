// What a folder leaves out: globs, of which one can be added or taken back. A run then brings the folder up to date.

import { act, outcome } from "./action.js";
import * as api from "./api.js";
import { cross, make } from "./dom.js";
import { wording } from "./language.js";
import * as library from "./library.js";
import { list as listed } from "./locale.js";

/**
 * @param {string} folder
 * @returns {{ element: HTMLElement, update: (globs: string[]) => void }}
 */
export function leavesOut(folder) {
  const summary = make("summary", {});
  const list = make("ul", { class: "globs" });
  const input = make("input", {
    required: true,
    spellcheck: false,
    maxLength: 400,
    placeholder: wording.folders.leaveOutExample,
    "aria-label": wording.folders.leaveOutLong(folder),
  });
  const go = make("button", { class: "button plain", text: wording.folders.leaveOut });
  const form = make("form", { class: "choice", autocomplete: "off", "data-needs": "administer" }, input, go);
  const said = outcome();
  form.addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    act(go, said, async () => {
      const glob = input.value.trim();
      await change({ excludes: [glob] });
      input.value = "";
      return wording.folders.leftOut(glob);
    });
  });

  /** @param {{ excludes?: string[], no_excludes?: string[] }} wanted */
  async function change(wanted) {
    await api.startRun({ folders: [folder], ...wanted });
    await library.look();
  }

  /** @param {string} glob */
  function row(glob) {
    const remove = make("button", { type: "button", class: "tool", "aria-label": wording.folders.takeIn(glob), "data-needs": "administer" }, cross());
    remove.addEventListener("click", () =>
      act(remove, said, async () => {
        await change({ no_excludes: [glob] });
        return wording.folders.takenIn(glob);
      }, input),
    );
    return make("li", {}, make("code", { text: glob }), remove);
  }

  return {
    element: make("details", { class: "leaves-out" }, summary, list, form, said),
    update(globs) {
      const text = globs.length ? wording.folders.leavesOut(listed(globs)) : wording.folders.leavesOutNothing;
      if (summary.textContent === text) return;
      summary.textContent = text;
      list.replaceChildren(...globs.map(row));
    },
  };
}
