/**
 * What a script adds to the organisers' forms: fields that show when they are asked for, counters of characters.
 * Every page works without it.
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
