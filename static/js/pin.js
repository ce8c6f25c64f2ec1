/**
 * The place of an event as a pin that mouse, touch and arrow keys move; it follows the commune and the address.
 * The two number fields remain the truth: the pin reads and writes them, and `point_of` says which place they stand for.
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
const address = document.querySelector("input[name='address']");
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
  document.addEventListener("place:left", doubt);
  field("is_point_confirmed").addEventListener("change", () => readPoint() && stamp());
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
  field("is_point_confirmed").checked = true;
  write(marker.getLatLng().wrap());
  status.textContent = "Repère déplacé, position confirmée.";
}

/* An address says where; the centre of a commune does not: a point already placed there stays. */
function follow(map, marker, { address: found, commune: name, latitude, longitude }) {
  marker.setLatLng([latitude, longitude]);
  place(map, marker);
  map.setView(marker.getLatLng(), Math.min(found ? CLOSE : AROUND, closest));
  field("is_point_confirmed").checked = false;
  write(marker.getLatLng());
  status.textContent = found
    ? "Repère placé à l’adresse, à confirmer sur la carte."
    : `Repère placé au centre de ${name} : déplacez-le à l’entrée du lieu.`;
}

/* The address changed: what the pin stood for is no longer sure. */
function doubt() {
  if (!readPoint()) return;
  field("is_point_confirmed").checked = false;
  status.textContent = "L’adresse a changé : vérifiez le repère.";
}

function obey(map, marker) {
  const point = readPoint();
  if (!point) return;
  marker.setLatLng(point);
  place(map, marker);
  map.setView(point);
  stamp();
}

function write({ lat, lng }) {
  field("latitude").value = written(lat);
  field("longitude").value = written(lng);
  stamp();
}

/* Without the commune's code the server reads the point as typed. */
function stamp() {
  const code = commune?.type === "hidden" ? commune.value : "";
  const shown = [field("latitude").value, field("longitude").value, code, address.value.trim()];
  field("point_of").value = code ? shown.join(";").replace(/\s+/gu, "_") : "";
  field("point_of").dispatchEvent(new Event("change", { bubbles: true }));
}

show();
