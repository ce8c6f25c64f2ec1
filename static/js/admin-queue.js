/**
 * The queue from the keyboard: j and k go from row to row, x ticks one; Enter opens it, as on any link.
 *
 * Single letters can be switched off, by whoever dictates or leans on a key: « desk-keys » is then « off ».
 */

const links = [...document.querySelectorAll("#result_list tbody th a")];
const WRITES = "input:not([type=checkbox]), textarea, select, [contenteditable]";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest?.(WRITES) || isOff()) return;
  const here = document.activeElement.closest("#result_list tbody tr");
  if (event.key === "j" || event.key === "k") go(here, event.key === "j" ? 1 : -1, event);
  if (event.key === "x" && here) tick(here, event);
});

function go(row, step, event) {
  const place = links.findIndex((link) => link.closest("tr") === row);
  const next = place < 0 ? 0 : place + step;
  if (!links[next]) return;
  event.preventDefault();
  links[next].focus();
}

function tick(row, event) {
  const box = row.querySelector("input.action-select");
  if (!box) return;
  event.preventDefault();
  box.click();
}

function isOff() {
  try {
    return localStorage.getItem("desk-keys") === "off";
  } catch {
    return false;
  }
}
