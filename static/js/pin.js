/**
 * The place of an event as a pin that mouse, touch and arrow keys move; it follows the commune until it is moved.
 * The two number fields remain the truth: the pin reads and writes them.
 */

import { createMap, pinIcon, whenTilesFail } from "./basemap.js";

const { L } = globalThis;
const CLOSE = 15;
const AROUND = 12;
// Without tiles the outlines of the département say more than a blank.
const WITHOUT_TILES = 9;
let closest = CLOSE - 1;
const STEP = 8;
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const FRANCE = [46.6, 2.4];

const root = document.querySelector("[data-pin]");
const field = (name) => root.querySelector(`[name='${name}']`);
const commune = document.querySelector("input[name='commune_code']");
const status = root.querySelector("[data-pin-status]");

const number = (input) => (input.value.trim() ? Number(input.value.replace(",", ".")) : NaN);
const written = (value) => value.toFixed(6).replace(/\.?0+$/, "").replace(".", ",");

function readPoint() {
  const point = [number(field("latitude")), number(field("longitude"))];
  return point.every(Number.isFinite) ? point : null;
}

function show() {
  const holder = root.querySelector("[data-pin-map]");
  holder.hidden = false;
  const map = createMap(holder.querySelector(".map"), { label: "Carte de position de l’événement" });
  const start = readPoint();
  map.setView(start ?? FRANCE, start ? closest : 5);
  const marker = L.marker(start ?? FRANCE, {
    icon: pinIcon(),
    draggable: true,
    autoPan: true,
    keyboard: true,
    title: "Repère de l’événement",
    alt: "Repère de l’événement : déplacez-le avec les flèches du clavier",
  });
  if (start) place(map, marker);
  whenTilesFail(map, () => {
    closest = WITHOUT_TILES;
    map.setZoom(Math.min(map.getZoom(), closest));
  });

  marker.on("dragend", () => moved(map, marker));
  map.on("click", ({ latlng }) => {
    marker.setLatLng(latlng);
    place(map, marker);
    moved(map, marker);
  });
  document.addEventListener("place:chosen", ({ detail }) => follow(map, marker, detail));
  for (const name of ["latitude", "longitude"]) field(name).addEventListener("change", () => obey(map, marker));
  // A map drawn while its place was hidden does not know its size.
  document.querySelector("[data-form]")?.addEventListener("form:shown", () => map.invalidateSize());
}

function place(map, marker) {
  if (map.hasLayer(marker)) return;
  marker.addTo(map);
  const element = marker.getElement();
  element.setAttribute("role", "button");
  element.setAttribute("aria-label", marker.options.alt);
  element.setAttribute("aria-describedby", "repere-aide");
  element.addEventListener("keydown", (event) => {
    const direction = ARROWS[event.key];
    if (!direction) return;
    event.preventDefault();
    event.stopPropagation();
    const pixels = event.shiftKey ? STEP * 5 : STEP;
    const point = map.latLngToContainerPoint(marker.getLatLng()).add(L.point(direction).multiplyBy(pixels));
    marker.setLatLng(map.containerPointToLatLng(point));
    map.panInside(marker.getLatLng(), { padding: [40, 40] });
    moved(map, marker);
  });
}

/* The person placed it: it is theirs, and confirmed. */
function moved(map, marker) {
  write(marker.getLatLng().wrap());
  field("point_of").value = commune?.type === "hidden" ? commune.value : "";
  field("is_point_confirmed").checked = true;
  status.textContent = "Repère déplacé, position confirmée.";
}

function follow(map, marker, { code, label, latitude, longitude }) {
  marker.setLatLng([latitude, longitude]);
  place(map, marker);
  map.setView(marker.getLatLng(), Math.min(AROUND, closest));
  write(marker.getLatLng());
  field("point_of").value = code;
  field("is_point_confirmed").checked = false;
  status.textContent = `Repère placé au centre de ${label} : déplacez-le à l’entrée du lieu.`;
}

function obey(map, marker) {
  const point = readPoint();
  if (!point) return;
  marker.setLatLng(point);
  place(map, marker);
  map.setView(point);
}

function write({ lat, lng }) {
  field("latitude").value = written(lat);
  field("longitude").value = written(lng);
}

show();
