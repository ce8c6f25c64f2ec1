/** The map in a partner's frame: what its address asks for, each event leading to the portal in another tab. */

import { boundsOf, createEventMap } from "./event-map.js";
import { data, select } from "./map-data.js";

const element = document.getElementById("carte");
const events = createEventMap(element, { inNewTab: true });

events.map.fitBounds(boundsOf(element.closest("main")), { animate: false });
show();

async function show() {
  try {
    const { bounds } = await select(data.search);
    events.fit(bounds);
    await events.draw();
    element.dataset.ready = "";
  } catch {
    document.getElementById("map-status").textContent = "Les événements n’ont pas pu être placés sur la carte ; la liste les montre.";
  }
}
