/** What the map page looks at, and what its address says of it. The first sight is drawn here, before the rest. */

import { boundsOf, createEventMap } from "./event-map.js";

const PLACE_IN_ADDRESS = /^#(\d{1,2})\/(-?\d{1,2}(?:\.\d+)?)\/(-?\d{1,3}(?:\.\d+)?)$/;

export const frame = document.getElementById("carte");
export const events = createEventMap(frame);

const { map } = events;
const isElsewhere = goToAddress();

if (!isElsewhere) map.fitBounds(boundsOf(document.querySelector("#map-views [data-bounds]")), { animate: false });

/** Whether markers stand already, of the whole edition. */
export const isDrawn = !isElsewhere && events.drawOverview();

/** From now on the address says where the map is, and leads there. */
export function followAddress() {
  map.on("moveend", writeAddress);
  addEventListener("hashchange", goToAddress);
}

function goToAddress() {
  const [, zoom, latitude, longitude] = location.hash.match(PLACE_IN_ADDRESS) ?? [];
  if (!zoom || Math.abs(latitude) > 90) return false;
  map.setView([Number(latitude), Number(longitude)], Number(zoom), { animate: false });
  return true;
}

function writeAddress() {
  const { lat, lng } = map.getCenter().wrap();
  history.replaceState(history.state, "", `#${map.getZoom()}/${lat.toFixed(4)}/${lng.toFixed(4)}`);
}
