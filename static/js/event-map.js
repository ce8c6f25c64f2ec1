/** A map of events, clustered by the worker of map-data.js. The map page and the frame of partners build on it. */

import { placeNames } from "./basemap-names.js";
import { createMap, moves } from "./basemap.js";
import { cardReader } from "./map-cards.js";
import { data, expansion, leaves, markers, overview, select } from "./map-data.js";
import { markerFor, nameMarker } from "./map-markers.js";
import { closeOnEscape, openPopup } from "./map-popup.js";

const { L } = globalThis;

const CLOSEST_FIT = 12;

const isByKeyboard = ({ detail }) => detail === 0;

/**
 * `draw()` shows what is selected of map-data.js, and from then on what each view holds of it. `drawOverview()` shows
 * at once what the page came with, until the view moves; it tells whether there was any.
 */
export function createEventMap(element, { inNewTab = false } = {}) {
  let begin;
  const after = new Promise((resolve) => (begin = resolve));
  select(data.search).catch(begin);
  const map = createMap(element, { label: "Carte des événements", after });
  const layer = L.layerGroup().addTo(map);
  const cards = cardReader(data.cards);
  const shown = new Map();
  let lastDraw = 0;
  let focusNear = null;

  /** Whether it can be or not, the outlines need wait no more. */
  const draw = () => drawMarkers().finally(begin);

  async function drawMarkers() {
    const turn = ++lastDraw;
    map.on("moveend", draw);
    const area = map.getBounds().pad(0.25);
    const box = [area.getWest(), area.getSouth(), area.getEast(), area.getNorth()];
    const found = await markers(box, Math.round(map.getZoom()));
    if (turn === lastDraw) place(found);
  }

  function drawOverview() {
    const found = overview(map.getZoom());
    if (!found) return false;
    map.on("moveend", draw);
    place(found);
    begin();
    return true;
  }

  /** Markers that stay keep their element, and a keyboard's focus; what has it and goes hands it to the nearest. */
  function place(found) {
    const wanted = new Set(found.map(({ key }) => key));
    for (const [key, marker] of shown) {
      if (wanted.has(key)) continue;
      if (marker.getElement() === document.activeElement) focusNear ??= marker.getLatLng();
      marker.remove();
      shown.delete(key);
    }
    for (const datum of found) if (!shown.has(datum.key)) shown.set(datum.key, add(datum));
    placeNames(map);
    if (focusNear) nearest(focusNear)?.getElement().focus();
    focusNear = null;
    nameEvents(found);
  }

  function add(datum) {
    const marker = markerFor(datum).addTo(layer);
    marker.on("click", ({ originalEvent }) => open(datum, marker, originalEvent));
    return marker;
  }

  async function nameEvents(found) {
    try {
      const named = await cards(found.filter(({ id }) => id).map(({ id }) => id));
      for (const card of named) if (shown.has(`${card.id}`)) nameMarker(shown.get(`${card.id}`), card);
    } catch {
      // Without their names they stay markers that open.
    }
  }

  /** An event opens; a cluster parts, or opens where its events share one point. */
  async function open({ id, clusterId, latLng }, marker, originalEvent) {
    if (id) return openPopup(map, marker, [id], cards, { inNewTab });
    if (clusterId === undefined) return openInstead(latLng, originalEvent);
    const zoom = await expansion(clusterId);
    if (zoom > map.getMaxZoom()) return openPopup(map, marker, await leaves(clusterId), cards, { inNewTab });
    focusNear = isByKeyboard(originalEvent) ? L.latLng(latLng) : null;
    map.setView(latLng, zoom, { animate: moves() });
  }

  /** What the overview shows of a place stands for what the worker finds there. */
  async function openInstead(latLng, originalEvent) {
    await draw();
    nearest(L.latLng(latLng))?.fire("click", { originalEvent });
  }

  function nearest(latLng) {
    const [near] = [...shown.values()].sort((a, b) => map.distance(a.getLatLng(), latLng) - map.distance(b.getLatLng(), latLng));
    return near;
  }

  closeOnEscape(map);
  return {
    map,
    draw,
    drawOverview,
    clear: () => place([]),
    fit: (bounds) => bounds && map.fitBounds(bounds, { maxZoom: CLOSEST_FIT, animate: false }),
    goTo: (bounds) => map.flyToBounds(bounds, { animate: moves(), duration: 1.2 }),
  };
}

/** Leaflet's bounds from an element's `data-bounds`: west, south, east, north. */
export function boundsOf({ dataset }) {
  const [west, south, east, north] = dataset.bounds.split(",").map(Number);
  return [[south, west], [north, east]];
}
