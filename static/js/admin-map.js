/**
 * The map of an application's page: where its event takes place, and the others near by.
 *
 * Each of these bears its number in the list beneath, to which it leads.
 */

import { createMap, pinIcon, whenTilesFail } from "./basemap.js";

const { L } = globalThis;
const CLOSE = 13;
const FAR = 10;
const WITHOUT_TILES = 9;

const read = (id) => JSON.parse(document.getElementById(id).textContent);

/** A link that a keyboard reaches and a screen reader names. */
const NumberIcon = L.Icon.extend({
  createIcon() {
    const link = document.createElement("a");
    link.href = `#voisin-${this.options.rank}`;
    link.textContent = this.options.rank;
    link.setAttribute("aria-label", this.options.name);
    link.title = this.options.name;
    this._setIconStyles(link, "icon");
    return link;
  },
  createShadow: () => null,
});

const point = read("point");
const neighbours = read("neighbours");
const map = createMap(document.getElementById("map"), { label: "Carte du lieu et des alentours", scrollWheelZoom: false });
map.setView(point, zoom(), { animate: false });
whenTilesFail(map, () => map.setView(point, WITHOUT_TILES, { animate: false }));
for (const { rank, point: at, name } of neighbours) {
  const icon = new NumberIcon({ className: "map-near", iconSize: [24, 24], rank, name });
  L.marker(at, { icon, keyboard: false, riseOnHover: true }).addTo(map);
}
L.marker(point, { icon: pinIcon(), interactive: false, keyboard: false, zIndexOffset: 1000 }).addTo(map);

/** As near as shows every neighbour around the pin, within reason. */
function zoom() {
  const bounds = L.latLngBounds([point]);
  for (const { point: [latitude, longitude] } of neighbours) {
    bounds.extend([latitude, longitude]);
    bounds.extend([2 * point[0] - latitude, 2 * point[1] - longitude]);
  }
  return Math.max(FAR, Math.min(CLOSE, neighbours.length ? map.getBoundsZoom(bounds) : CLOSE));
}
