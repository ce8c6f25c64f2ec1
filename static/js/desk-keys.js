/** Whether single letters act at the desk: who dictates, or leans on a key, switches them off. */

const NAME = "desk-keys";
const WRITES = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

/** Whether a key was pressed for the desk: alone, outside what is written in and outside a dialog. */
export function isForTheDesk(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false;
  return areOn() && !document.querySelector("dialog[open]") && !event.target.closest?.(WRITES);
}

export function areOn() {
  try {
    return localStorage.getItem(NAME) !== "off";
  } catch {
    return true;
  }
}

export function switchTo(isOn) {
  try {
    if (isOn) localStorage.removeItem(NAME);
    else localStorage.setItem(NAME, "off");
  } catch {
    // A browser that stores nothing keeps its keys.
  }
}
