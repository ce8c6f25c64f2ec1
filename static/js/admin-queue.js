/** The queue from the keyboard: j and k go from row to row, x ticks one; Enter opens it, as on any link. */

import { isForTheDesk } from "./desk-keys.js";

const links = [...document.querySelectorAll("#result_list tbody th a")];

document.addEventListener("keydown", (event) => {
  if (!isForTheDesk(event)) return;
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
