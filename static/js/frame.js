/** The map in a partner's frame: what its address asks for, each event leading to the portal in another tab. */

import { boundsOf, createEventMap } from "./event-map.js";

const addresses = JSON.parse(document.getElementById("map-data").textContent);
const element = document.getElementById("carte");
const events = createEventMap(element, { addresses, inNewTab: true });

events.map.fitBounds(boundsOf(element.closest("main")), { animate: false });
try {
  const { bounds } = await events.select("");
  events.fit(bounds);
  await events.draw();
  element.dataset.ready = "";
} catch {
  document.getElementById("map-status").textContent = "Les événements n’ont pas pu être placés sur la carte ; la liste les montre.";
}
