/**
 * What a script adds to the organisers' forms: fields that show when they are asked for, counters of characters,
 * slots added and removed without a round trip. Every page works without it.
 */

const FEW_LEFT = 50;

function focusOnFaults() {
  document.querySelector("[data-focus]")?.focus();
}

/* Fields that depend on an answer: data-shown-if="name=value|other". */
function followAnswers(form) {
  const groups = [...form.querySelectorAll("[data-shown-if]")].map((element) => {
    const [name, values] = element.dataset.shownIf.split("=");
    return { element, name, values: new Set(values.split("|")) };
  });
  const update = () => {
    const answers = new FormData(form);
    for (const { element, name, values } of groups) {
      element.hidden = !answers.getAll(name).some((value) => values.has(value)) && !element.querySelector(".fr-message--error");
    }
    form.dispatchEvent(new CustomEvent("form:shown"));
  };
  form.addEventListener("change", update);
  update();
}

/* How many characters are left: shown under a long text, else and aloud only when few are. */
function countCharacters(field) {
  const limit = Number(field.dataset.maxLength);
  const isLong = field instanceof HTMLTextAreaElement;
  const shown = document.createElement("p");
  const said = document.createElement("p");
  shown.className = "form-counter";
  shown.setAttribute("aria-hidden", "true");
  said.className = "fr-sr-only";
  said.setAttribute("role", "status");
  field.after(shown, said);
  const update = () => {
    const left = limit - [...field.value.normalize("NFC")].length;
    const text = left < 0
      ? `${plural(-left)} de trop sur ${limit.toLocaleString("fr")}`
      : `${plural(left)} sur ${limit.toLocaleString("fr")} encore possible${left > 1 ? "s" : ""}`;
    shown.textContent = isLong || left < FEW_LEFT ? text : "";
    shown.classList.toggle("form-counter--over", left < 0);
    said.textContent = left < FEW_LEFT ? text : "";
  };
  field.addEventListener("input", update);
  update();
}

const plural = (count) => `${count.toLocaleString("fr")} caractère${count > 1 ? "s" : ""}`;

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
  renumber();
}

/* The next slot often has the hours of the last. */
function copyHours(from, to) {
  for (const name of ["start_time", "end_time"]) {
    const source = from?.querySelector(`[name$='-${name}']`);
    if (source) to.querySelector(`[name$='-${name}']`).value = source.value;
  }
}

/* Another organisation begins blank; the one that was shown comes back with its choice. */
function beginAnotherOrganisation(form) {
  const choices = form.querySelectorAll("[name='organisation']");
  const fields = ["name", "kind", "siret", "website"].map((name) => form.elements.namedItem(name));
  const shown = fields.map((field) => field?.value);
  const typed = fields.map(() => "");
  let isNew = form.querySelector("[name='organisation']:checked")?.value === "nouvelle";
  if (isNew) return;
  for (const choice of choices) {
    choice.addEventListener("change", () => {
      const wasNew = isNew;
      isNew = choice.value === "nouvelle";
      if (isNew === wasNew) return;
      fields.forEach((field, index) => {
        (wasNew ? typed : shown)[index] = field.value;
        field.value = (isNew ? typed : shown)[index];
      });
    });
  }
}

focusOnFaults();
for (const form of document.querySelectorAll("[data-form]")) {
  followAnswers(form);
  beginAnotherOrganisation(form);
}
for (const field of document.querySelectorAll("[data-max-length]")) countCharacters(field);
for (const section of document.querySelectorAll("[data-slots]")) editSlots(section);
