/** The map of an application's page: where its event takes place, to be looked at and not moved. */

import { createMap, pinIcon } from "./basemap.js";

const { L } = globalThis;
const CLOSE = 13;

const element = document.getElementById("map");
const point = JSON.parse(document.getElementById("point").textContent);
const map = createMap(element, { label: "Carte du lieu", scrollWheelZoom: false });
map.setView(point, CLOSE, { animate: false });
L.marker(point, { icon: pinIcon(), interactive: false, keyboard: false }).addTo(map);
