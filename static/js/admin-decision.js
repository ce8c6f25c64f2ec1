/**
 * A preset put into its decision's form without leaving the page; what was typed is replaced only once asked.
 */

const form = (chooser) => document.getElementById(chooser.dataset.fills);
const boxes = (chooser) => [...form(chooser).querySelectorAll("[name=conditions]")];

for (const chooser of document.querySelectorAll("form.chooser")) {
  const presets = JSON.parse(chooser.querySelector("script").textContent);
  const [select, note] = [chooser.elements.motif, form(chooser).elements.note];
  // What is in the form because a preset put it there.
  let last = presets[form(chooser).elements.preset.value] ?? { note: "", conditions: [] };

  const isUntouched = () => [last.note.trim(), ""].includes(note.value.replaceAll("\r\n", "\n").trim());

  select.addEventListener("change", () => {
    if (isUntouched()) fill();
  });

  chooser.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!isUntouched() && !window.confirm("Remplacer le motif déjà saisi\u00a0?")) return;
    fill();
    note.focus();
  });

  function fill() {
    const preset = presets[select.value] ?? { note: "", conditions: [] };
    for (const box of boxes(chooser)) {
      if (last.conditions.includes(box.value)) box.checked = false;
      if (preset.conditions.includes(box.value)) box.checked = true;
    }
    note.value = preset.note;
    form(chooser).elements.preset.value = presets[select.value] ? select.value : "";
    last = preset;
    chooser.querySelector(".chosen").textContent = preset.note ? "Motif repris\u00a0: relisez-le, il peut être modifié." : "";
  }
}

// Enter in a box would take the first decision of its form: it leads to the buttons instead.
for (const decision of document.querySelectorAll("form.decision")) {
  const buttons = [...decision.querySelectorAll("button[name=action]")];
  if (buttons.length < 2) continue;
  decision.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault();
    (buttons.find((button) => button.matches(".meant")) ?? buttons[0]).focus();
  });
}
