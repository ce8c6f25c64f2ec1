/** The map page: the same events as the list beside it, clustered by a worker. */

import { createMap, moves, placeNames } from "./basemap.js";
import { eventList, markerFor } from "./map-markers.js";

const { L } = globalThis;

const PLACE_IN_ADDRESS = /^#(\d{1,2})\/(-?\d{1,2}(?:\.\d+)?)\/(-?\d{1,3}(?:\.\d+)?)$/;
const CLOSEST_FIT = 12;
// In pixels: the zoom buttons cover what stands left of the first; the second is them, the popup's margins and the map's.
const RIGHT_OF_ZOOM = 56;
const BESIDE_POPUP = 120;

const { url, is_filtered: isFiltered, formats } = JSON.parse(document.getElementById("map-data").textContent);
const status = document.getElementById("map-status");
const views = document.getElementById("map-views");
const map = createMap(document.getElementById("carte"), { label: "Carte des événements" });
const layer = L.layerGroup().addTo(map);
const shown = new Map();
const ask = openWorker();

let lastDraw = 0;
let focusNear = null;

start();

async function start() {
  const home = boundsOf(views.querySelector("button"));
  if (!goToAddress()) map.fitBounds(home, { animate: false });
  offerViews();
  try {
    const { bounds } = await ask("load", { url: new URL(url, location).href, maxZoom: map.getMaxZoom() });
    if (isFiltered && bounds && !location.hash) map.fitBounds(bounds, { maxZoom: CLOSEST_FIT, animate: false });
  } catch {
    status.textContent = "Les événements n’ont pas pu être placés sur la carte ; la liste les montre tous.";
    return;
  }
  status.textContent = "";
  map.on("moveend", draw);
  map.on("moveend", writeAddress);
  addEventListener("hashchange", goToAddress);
  await draw();
  map.getContainer().dataset.ready = "";
}

/** A function that puts a command to the worker and promises its answer. */
function openWorker() {
  const worker = new Worker(new URL("./workers/clusters.js", import.meta.url), { type: "module" });
  const waiting = new Map();
  let call = 0;
  worker.addEventListener("message", ({ data }) => {
    const { resolve, reject } = waiting.get(data.call);
    waiting.delete(data.call);
    if (data.error) reject(new Error(data.error));
    else resolve(data.result);
  });
  worker.addEventListener("error", () => waiting.forEach(({ reject }) => reject(new Error("worker"))));
  return (command, parameters) =>
    new Promise((resolve, reject) => {
      waiting.set(++call, { resolve, reject });
      worker.postMessage({ call, command, ...parameters });
    });
}

/** Markers that stay keep their element, and with it the focus of a keyboard. */
async function draw() {
  const turn = ++lastDraw;
  const area = map.getBounds().pad(0.25);
  const box = [area.getWest(), area.getSouth(), area.getEast(), area.getNorth()];
  const markers = await ask("markers", { box, zoom: Math.round(map.getZoom()) });
  if (turn !== lastDraw) return;
  const wanted = new Set(markers.map(({ key }) => key));
  for (const [key, marker] of shown) {
    if (wanted.has(key)) continue;
    marker.remove();
    shown.delete(key);
  }
  for (const datum of markers) if (!shown.has(datum.key)) shown.set(datum.key, add(datum));
  placeNames(map);
  focusNearest();
}

function add(datum) {
  const marker = markerFor(datum).addTo(layer);
  marker.on("click", ({ originalEvent }) => open(datum, marker, originalEvent.detail === 0));
  return marker;
}

/** An event opens; a cluster parts, or opens where its events share one point. */
async function open({ event, clusterId, latLng }, marker, isKeyboard) {
  if (event) return showPopup([event], marker);
  const zoom = await ask("expansion", { id: clusterId });
  if (zoom > map.getMaxZoom()) return showPopup(await ask("leaves", { id: clusterId }), marker);
  focusNear = isKeyboard ? L.latLng(latLng) : null;
  map.setView(latLng, zoom, { animate: moves() });
}

function showPopup(events, marker) {
  const popup = L.popup({
    maxWidth: Math.min(300, map.getSize().x - BESIDE_POPUP),
    maxHeight: 280,
    offset: [0, -8],
    autoPanPaddingTopLeft: [RIGHT_OF_ZOOM, 16],
    autoPanPaddingBottomRight: [16, 16],
  })
    .setLatLng(marker.getLatLng())
    .setContent(eventList(events, formats));
  popup.on("add", () => {
    const box = popup.getElement();
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", events.length > 1 ? "Événements à cet endroit" : events[0].title);
    box.querySelector(".leaflet-popup-close-button").setAttribute("aria-label", "Fermer");
    box.querySelector("a.map-popup__title").focus();
  });
  popup.on("remove", () => marker.getElement()?.focus({ preventScroll: true }));
  popup.openOn(map);
}

map.getContainer().addEventListener("keydown", ({ key }) => {
  if (key === "Escape") map.closePopup();
});

function focusNearest() {
  if (!focusNear) return;
  const near = [...shown.values()].sort((a, b) => map.distance(a.getLatLng(), focusNear) - map.distance(b.getLatLng(), focusNear));
  near[0]?.getElement().focus();
  focusNear = null;
}

function offerViews() {
  for (const button of views.querySelectorAll("button")) {
    button.addEventListener("click", () => map.flyToBounds(boundsOf(button), { animate: moves(), duration: 1.2 }));
  }
  views.hidden = false;
}

function boundsOf({ dataset }) {
  const [west, south, east, north] = dataset.bounds.split(",").map(Number);
  return [[south, west], [north, east]];
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
