/**
 * Completes the name of a commune while it is typed, over `places:communes`; the choice is told to the page by a
 * "place:chosen" event. Without it, the server finds the commune.
 */

import { Combobox } from "./combobox.js";

for (const root of document.querySelectorAll("[data-commune]")) {
  const input = root.querySelector("input[name='commune']");
  const code = root.querySelector("input[name='commune_code']");
  input.addEventListener("input", () => {
    if (code?.type === "hidden") code.value = "";
  });
  new Combobox(input, {
    id: "communes-proposees",
    label: "Communes proposées",
    told: (count) => `${count} commune${count > 1 ? "s proposées" : " proposée"}.`,
    none: "Aucune commune trouvée.",
    async ask(text) {
      const response = await fetch(`${root.dataset.url}?q=${encodeURIComponent(text)}`);
      const { communes = [] } = response.ok ? await response.json() : {};
      return communes.map((commune) => ({ ...commune, detail: commune.departement }));
    },
    choose(commune) {
      input.value = commune.label;
      if (code) code.value = commune.code;
      document.dispatchEvent(new CustomEvent("place:chosen", { detail: { ...commune, address: "" } }));
    },
  });
}
