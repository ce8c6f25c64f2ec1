/** A map of events, clustered by a worker that also decides which of them a search keeps. The map page and the frame of partners build on it. */

import { createMap, moves } from "./basemap.js";
import { placeNames } from "./basemap-names.js";
import { cardReader } from "./map-cards.js";
import { markerFor, nameMarker } from "./map-markers.js";
import { closeOnEscape, openPopup } from "./map-popup.js";

const { L } = globalThis;

const CLOSEST_FIT = 12;

/**
 * `addresses` are those of maps/views.py; the promise of its data begins at once, before there is a map to show them.
 * `load(address)` reads another edition; `select(query)` keeps what matches and answers how much, or null if overtaken;
 * `draw()` then shows it.
 */
export function createEventMap(element, { addresses, inNewTab = false }) {
  const ask = openWorker(addresses.worker);
  let loading;
  load(addresses.points);
  const map = createMap(element, { label: "Carte des événements" });
  const layer = L.layerGroup().addTo(map);
  const cards = cardReader(addresses.cards);
  const shown = new Map();
  let lastDraw = 0;
  let focusNear = null;

  function load(address) {
    loading = read(address);
    loading.catch(() => {}); // whoever selects is told
  }

  async function read(address) {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${response.status}`);
    const data = await response.arrayBuffer();
    return ask("load", { data }, [data]);
  }

  async function select(query) {
    await loading;
    return ask("select", { query, ids: new URL(addresses.ids, location).href, maxZoom: map.getMaxZoom() });
  }

  /** What was selected, and from then on what each view holds. Markers that stay keep their element, and a keyboard's focus. */
  async function draw() {
    const turn = ++lastDraw;
    map.on("moveend", draw);
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
    nameEvents(markers);
  }

  function add(datum) {
    const marker = markerFor(datum).addTo(layer);
    marker.on("click", ({ originalEvent }) => open(datum, marker, originalEvent.detail === 0));
    return marker;
  }

  async function nameEvents(markers) {
    try {
      const named = await cards(markers.filter(({ id }) => id).map(({ id }) => id));
      for (const card of named) if (shown.has(`${card.id}`)) nameMarker(shown.get(`${card.id}`), card);
    } catch {
      // Without their names they stay markers that open.
    }
  }

  /** An event opens; a cluster parts, or opens where its events share one point. */
  async function open({ id, clusterId, latLng }, marker, isKeyboard) {
    if (id) return openPopup(map, marker, [id], cards, { inNewTab });
    const zoom = await ask("expansion", { id: clusterId });
    if (zoom > map.getMaxZoom()) return openPopup(map, marker, await ask("leaves", { id: clusterId }), cards, { inNewTab });
    focusNear = isKeyboard ? L.latLng(latLng) : null;
    map.setView(latLng, zoom, { animate: moves() });
  }

  function focusNearest() {
    if (!focusNear) return;
    const near = [...shown.values()].sort((a, b) => map.distance(a.getLatLng(), focusNear) - map.distance(b.getLatLng(), focusNear));
    near[0]?.getElement().focus();
    focusNear = null;
  }

  closeOnEscape(map);
  return {
    map,
    load,
    select,
    draw,
    fit: (bounds) => bounds && map.fitBounds(bounds, { maxZoom: CLOSEST_FIT, animate: false }),
    goTo: (bounds) => map.flyToBounds(bounds, { animate: moves(), duration: 1.2 }),
  };
}

/** A function that puts a command to the worker and promises its answer. */
function openWorker(address) {
  const worker = new Worker(address, { type: "module" });
  const waiting = new Map();
  let call = 0;
  worker.addEventListener("message", ({ data }) => {
    const { resolve, reject } = waiting.get(data.call);
    waiting.delete(data.call);
    if (data.error) reject(new Error(data.error));
    else resolve(data.result);
  });
  worker.addEventListener("error", () => waiting.forEach(({ reject }) => reject(new Error("worker"))));
  return (command, parameters, transferred = []) =>
    new Promise((resolve, reject) => {
      waiting.set(++call, { resolve, reject });
      worker.postMessage({ call, command, ...parameters }, transferred);
    });
}

/** Leaflet's bounds from an element's `data-bounds`: west, south, east, north. */
export function boundsOf({ dataset }) {
  const [west, south, east, north] = dataset.bounds.split(",").map(Number);
  return [[south, west], [north, east]];
}
