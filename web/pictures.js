// Pictures the visitor gives: dropped, pasted or picked. They stay in this tab.
//
// The file itself is kept in memory; a small copy goes into the session storage, so that reload
// and Back still know the picture.

import { wording } from "./language.js";

/** @typedef {{ name: string, preview: string, file: Blob | null }} Given */

const COPY_EDGE = 768;
const PREFIX = "seer.picture.";

/** @type {Map<string, Given>} */
const given = new Map();

/**
 * Keeps a picture and gives the key it has in the address.
 * @param {File} file
 * @returns {Promise<string>}
 */
export async function add(file) {
  const key = Array.from(crypto.getRandomValues(new Uint8Array(6)), (b) => b.toString(16).padStart(2, "0")).join("");
  const preview = await smallCopy(file);
  const picture = { name: file.name || wording.chips.pastedPicture, preview, file };
  given.set(key, picture);
  remember(key, picture);
  return key;
}

/**
 * @param {string} key
 * @returns {Given | undefined}
 */
export function find(key) {
  const known = given.get(key) ?? recall(key);
  if (known) given.set(key, known);
  return known;
}

/**
 * The picture in base64, as the service wants it.
 * @param {Given} picture
 * @returns {Promise<string>}
 */
export async function base64(picture) {
  const url = picture.file ? await dataUrl(picture.file) : picture.preview;
  return url.slice(url.indexOf(",") + 1);
}

/**
 * The pictures in a drop or paste.
 * @param {DataTransfer | null} transfer
 * @returns {File[]}
 */
export function filesIn(transfer) {
  // Types the browser does not know are empty; the service looks at the content.
  return Array.from(transfer?.files ?? []).filter((file) => file.type === "" || file.type.startsWith("image/"));
}

/**
 * A JPEG of moderate size as a data: address; "" when the browser cannot read the format.
 * @param {Blob} file
 */
async function smallCopy(file) {
  try {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, COPY_EDGE / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.width * scale));
    canvas.height = Math.max(1, Math.round(image.height * scale));
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/jpeg", 0.9);
  } catch {
    return "";
  }
}

/**
 * @param {string} key
 * @param {Given} picture
 */
function remember(key, { name, preview }) {
  if (!preview) return;
  try {
    sessionStorage.setItem(PREFIX + key, JSON.stringify({ name, preview }));
  } catch {
    // Full or forbidden: the picture is then forgotten at reload, and the page says so.
  }
}

/**
 * @param {string} key
 * @returns {Given | undefined}
 */
function recall(key) {
  try {
    const { name, preview } = JSON.parse(sessionStorage.getItem(PREFIX + key) ?? "");
    const valid = typeof name === "string" && String(preview).startsWith("data:image/jpeg;base64,");
    return valid ? { name, preview, file: null } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {Blob} blob
 * @returns {Promise<string>}
 */
function dataUrl(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
