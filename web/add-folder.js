// A form that adds a folder of the server's machine to the library, with its folders to choose from.

import { act, outcome } from "./action.js";
import * as api from "./api.js";
import { make } from "./dom.js";
import { wording } from "./language.js";
import * as library from "./library.js";

let forms = 0;

/**
 * A form of its own for each place that offers one.
 * @returns {HTMLElement}
 */
export function folderForm() {
  forms += 1;
  const [own, list] = [`add-folder-${forms}`, `add-folder-${forms}-names`];
  const input = make("input", {
    id: own,
    required: true,
    spellcheck: false,
    maxLength: 4096,
    placeholder: wording.folders.example,
  });
  input.setAttribute("list", list);
  const names = make("datalist", { id: list });
  const go = make("button", { class: "button", text: wording.folders.addButton });
  const said = outcome();
  const label = make("label", { text: wording.folders.add, htmlFor: own });
  const form = make("form", { class: "add", autocomplete: "off" }, label, make("div", { class: "choice" }, input, names, go));
  const suggest = suggestions(names);
  input.addEventListener("focus", () => suggest(input.value));
  input.addEventListener("input", () => suggest(input.value));
  form.addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    act(go, said, async () => {
      await api.startRun({ folders: [input.value.trim()] });
      input.value = "";
      await library.look();
      return wording.folders.added;
    });
  });
  return make("div", { "data-needs": "administer" }, form, said);
}

/**
 * Offers the folders in the one that is typed, to whoever may add one.
 * @param {HTMLElement} names
 */
function suggestions(names) {
  /** @type {string | null} */
  let shown = null;
  return async (/** @type {string} */ typed) => {
    const within = typed.slice(0, typed.lastIndexOf("/") + 1);
    if (within === shown || library.latest?.access.right !== "administer") return;
    shown = within;
    try {
      const { folder, folders } = await api.folders(within);
      if (shown !== within) return;
      const start = folder.endsWith("/") ? folder : `${folder}/`;
      names.replaceChildren(...folders.map((name) => make("option", { value: start + name })));
    } catch {
      // What is typed is no folder yet: adding it says so.
      names.replaceChildren();
    }
  };
}
