/** The country's parts above the map, each drawn from the shipped outlines with its count: buttons that lead there. */

import { features } from "./basemap.js";
import { boundsOf } from "./event-map.js";

const SVG = "http://www.w3.org/2000/svg";
const SIDE = 60; // of a drawing, in its own units

const number = new Intl.NumberFormat("fr");

/** `buttons` hold `data-bounds`, those of a région `data-region` with its INSEE code; `outlines` is an address. */
export async function drawInsets(buttons, outlines) {
  const regions = await features(outlines);
  const apart = new Set(buttons.map(({ dataset }) => dataset.region));
  for (const button of buttons) {
    const { region } = button.dataset;
    const shown = regions.features.filter(({ properties: { code } }) => (region ? code === region : !apart.has(code)));
    if (shown.length) button.prepend(drawing(shown.flatMap(rings), boundsOf(button)));
  }
}

const rings = ({ geometry: { type, coordinates } }) => (type === "Polygon" ? coordinates : coordinates.flat());

/** Writes how many events each région holds now. */
export function countInsets(buttons, counts) {
  for (const button of buttons) {
    const place = button.querySelector("[data-count]");
    if (place) place.textContent = `(${number.format(counts[button.dataset.region] ?? 0)})`;
  }
}

function drawing(lines, [[south, west], [north, east]]) {
  const narrowing = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = SIDE / Math.max((east - west) * narrowing, north - south);
  const place = ([x, y]) => `${((x - west) * narrowing * scale).toFixed(1)} ${((north - y) * scale).toFixed(1)}`;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${((east - west) * narrowing * scale).toFixed(1)} ${((north - south) * scale).toFixed(1)}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", lines.map((ring) => `M${ring.map(place).join("L")}Z`).join(""));
  svg.append(path);
  return svg;
}
