/**
 * Adds and removes the slots of an event without a round trip; without it, the same buttons ask the server.
 */

function editSlots(section) {
  const total = section.querySelector("[name='slots-TOTAL_FORMS']");
  const rows = section.querySelector("[data-slot-rows]");
  const template = section.querySelector("[data-slot-template]");
  const add = section.querySelector("[data-slot-add]");
  const status = section.querySelector("[data-slot-status]");
  const most = Number(section.querySelector("[name='slots-MAX_NUM_FORMS']").value);
  const shown = () => [...rows.querySelectorAll("[data-slot]")].filter((row) => !row.hidden);

  const renumber = () => {
    shown().forEach((row, index) => {
      for (const number of row.querySelectorAll("[data-slot-number]")) number.textContent = index + 1;
    });
    add.disabled = shown().length >= most;
  };

  add.addEventListener("click", (event) => {
    event.preventDefault();
    const html = template.innerHTML.replaceAll("__prefix__", total.value);
    rows.insertAdjacentHTML("beforeend", html);
    total.value = Number(total.value) + 1;
    const row = shown().at(-1);
    copyHours(shown().at(-2), row);
    renumber();
    row.querySelector("input[type='date']").focus();
    status.textContent = `Créneau ${shown().length} ajouté.`;
  });

  rows.addEventListener("click", (event) => {
    const button = event.target.closest("[data-slot-remove]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("[data-slot]");
    row.querySelector("[data-slot-removed]").value = "on";
    row.hidden = true;
    renumber();
    status.textContent = "Créneau retiré.";
    (shown().at(-1)?.querySelector("input[type='date']") ?? add).focus();
  });
  tellClock(section);
  renumber();
}

/* Whose clock the hours are read on, as soon as the commune says so; nothing where it is that of Paris. */
function tellClock(section) {
  const line = section.querySelector("[data-slot-clock]");
  const name = line.querySelector("[data-slot-clock-name]");
  const online = document.querySelector("[name='attendance'][value='en-ligne']");
  const update = () => {
    line.hidden = !name.textContent || Boolean(online?.checked);
  };
  document.addEventListener("place:chosen", ({ detail }) => {
    name.textContent = detail.clock ?? "";
    update();
  });
  section.closest("form").addEventListener("change", update);
  update();
}

/* The next slot often has the hours and the places of the last. */
function copyHours(from, to) {
  for (const name of ["start_time", "end_time", "capacity"]) {
    const source = from?.querySelector(`[name$='-${name}']`);
    if (source) to.querySelector(`[name$='-${name}']`).value = source.value;
  }
}

for (const section of document.querySelectorAll("[data-slots]")) editSlots(section);
