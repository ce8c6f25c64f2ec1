/** The map of an application's page: where its event takes place, to be looked at and not moved. */

import { createMap, pinIcon, whenTilesFail } from "./basemap.js";

const { L } = globalThis;
const CLOSE = 13;
const WITHOUT_TILES = 9;

const element = document.getElementById("map");
const point = JSON.parse(document.getElementById("point").textContent);
const map = createMap(element, { label: "Carte du lieu", scrollWheelZoom: false });
map.setView(point, CLOSE, { animate: false });
whenTilesFail(map, () => map.setView(point, WITHOUT_TILES, { animate: false }));
L.marker(point, { icon: pinIcon(), interactive: false, keyboard: false }).addTo(map);
