/**
 * One key for each control of the desk that bears « data-key »: the key does what a click does, and nothing else exists
 * for the keyboard alone. A decision that needs a reason is entered, not taken; a doubtful one asks for its box first.
 */

import { areOn, isForTheDesk, switchTo } from "./desk-keys.js";

const dialog = document.getElementById("keys");
const opener = document.getElementById("keys-open");
const toggle = document.getElementById("keys-on");

document.addEventListener("keydown", (event) => {
  if (event.repeat || !isForTheDesk(event)) return;
  if (event.key === "?") {
    event.preventDefault();
    open();
    return;
  }
  const control = event.shiftKey ? null : find(event.key);
  if (!control) return;
  event.preventDefault();
  act(control);
});

function find(key) {
  return /^[a-z]$/.test(key) ? document.querySelector(`[data-key="${key}"]:not([disabled])`) : null;
}

function act(control) {
  const folded = control.closest("details:not([open])");
  if (folded) folded.open = true;
  if (control.matches("textarea, select")) {
    go(control);
    return;
  }
  const unread = control.form?.querySelector("[name=is_examined]:not(:checked)");
  if ("entered" in control.dataset) enter(control);
  else if (unread) go(unread);
  else control.click();
}

/* Into the panel, with the decision meant in sight. */
function enter(button) {
  for (const other of button.form.querySelectorAll("button[name=action]")) other.classList.toggle("meant", other === button);
  go(button.form.querySelector("[name=conditions], [name=note]"));
}

function go(field) {
  field.focus();
  field.scrollIntoView({ block: "center" });
}

function announce() {
  toggle.checked = areOn();
  for (const control of document.querySelectorAll("[data-key]")) {
    if (areOn()) control.setAttribute("aria-keyshortcuts", control.dataset.key);
    else control.removeAttribute("aria-keyshortcuts");
  }
}

function open() {
  announce();
  dialog.showModal();
}

opener.hidden = false;
opener.addEventListener("click", open);
toggle.addEventListener("change", () => {
  switchTo(toggle.checked);
  announce();
});
announce();
