/** The small map of an event's page: one pin, the address beside it saying the same. */

import { createMap, pinIcon, whenTilesFail } from "./basemap.js";

const ZOOM = 13;
// Without tiles few names show so near: the towns around say more.
const ZOOM_WITHOUT_TILES = 11;
const frame = document.querySelector(".event-map");
const { latitude, longitude } = frame.dataset;
const point = [Number(latitude), Number(longitude)];
const map = createMap(frame.querySelector(".map"), {
  label: "Plan du lieu",
  center: point,
  zoom: ZOOM,
  scrollWheelZoom: false,
});
map.setView(point, ZOOM, { animate: false });
whenTilesFail(map, () => map.setView(point, ZOOM_WITHOUT_TILES, { animate: false }));
globalThis.L.marker(point, { icon: pinIcon(), interactive: false, keyboard: false }).addTo(map);
