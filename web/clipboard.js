// Copying text.

/**
 * Copies a text. Over plain http from another machine there is no clipboard; then what the element shows is selected.
 * @param {string} text
 * @param {HTMLElement} element shows the text
 * @returns {Promise<boolean>} whether it is copied
 */
export async function copied(text, element) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection()?.selectAllChildren(element);
    return document.execCommand("copy");
  }
}
