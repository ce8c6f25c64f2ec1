/**
 * Completes the address while it is typed, over `places:addresses`: what is chosen fills the address and the commune,
 * and is told to the page by a "place:chosen" event. An address typed without choosing is looked for when it is left.
 */

import { Combobox } from "./combobox.js";

const SHORTEST = 3;

const input = document.querySelector("input[name='address']");
const commune = document.querySelector("input[name='commune']");
const code = document.querySelector("input[type='hidden'][name='commune_code']");
const url = document.querySelector("[data-address]").dataset.address;
let placed = input.value.trim();

async function ask(text) {
  const query = new URLSearchParams({ q: text });
  if (code?.value) query.set("commune", code.value);
  const response = await fetch(`${url}?${query}`);
  const { kind, addresses = [] } = response.ok ? await response.json() : {};
  return addresses.map((place) => ({
    ...place,
    kind,
    detail: kind === "adresse" ? place.departement : "Adresse à placer sur la carte : seule la commune est proposée",
  }));
}

function choose(place) {
  if (place.address) input.value = place.address;
  commune.value = place.commune;
  if (code) code.value = place.code;
  placed = input.value.trim();
  document.dispatchEvent(new CustomEvent("place:chosen", { detail: place }));
}

/* The pin follows an address that was typed whole, in the commune that is known; else it waits to be placed. */
async function follow() {
  const text = input.value.trim();
  placed = text;
  if (text.length < SHORTEST || !code?.value) return;
  try {
    const [place] = await ask(text);
    const isCurrent = placed === text && place?.code === code.value;
    if (isCurrent && place.address) document.dispatchEvent(new CustomEvent("place:chosen", { detail: place }));
  } catch {
    // The server looks for it when the page is saved.
  }
}

new Combobox(input, {
  id: "adresses-proposees",
  label: "Adresses proposées",
  shortest: SHORTEST,
  told: (count) => `${count} proposition${count > 1 ? "s" : ""}.`,
  none: "Aucune adresse trouvée : placez le repère sur la carte.",
  ask,
  choose,
});
input.addEventListener("change", () => {
  if (input.value.trim() === placed) return;
  document.dispatchEvent(new CustomEvent("place:left"));
  follow();
});
document.addEventListener("place:chosen", ({ detail }) => {
  if (!detail.kind) follow();
});
