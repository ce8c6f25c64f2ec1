/** Whether single letters act at the desk: who dictates, or leans on a key, switches them off. */

const NAME = "desk-keys";

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
