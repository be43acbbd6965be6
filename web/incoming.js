// The three ways a picture comes in: dropped, pasted, picked.

import { byId } from "./dom.js";
import { filesIn } from "./pictures.js";

const picker = byId("picker");
const curtain = byId("drop");

/** @param {(files: File[]) => void} search is called with at least one file */
export function listen(search) {
  const take = (/** @type {File[]} */ files) => {
    if (files.length) search(files);
    return files.length > 0;
  };
  byId("pick").addEventListener("click", () => picker.click());
  picker.addEventListener("change", () => {
    take([...picker.files]);
    picker.value = "";
  });
  addEventListener("paste", (event) => {
    if (take(filesIn(event.clipboardData))) event.preventDefault();
  });
  addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    curtain.hidden = false;
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) curtain.hidden = true;
  });
  addEventListener("drop", (event) => {
    curtain.hidden = true;
    if (!carriesFiles(event)) return;
    event.preventDefault();
    take(filesIn(event.dataTransfer));
  });
}

/** @param {DragEvent} event */
function carriesFiles(event) {
  return event.dataTransfer?.types.includes("Files");
}
