/**
 * The base of every map of the portal: the shipped outlines of the country, and IGN's tiles above them when they come.
 *
 * Needs Leaflet (`{% leaflet_js %}`) and an element written by `{% leaflet_map "…" %}`.
 */

import { addTowns, names, placeNames } from "./basemap-names.js";

const { L } = globalThis;

const OUTLINES_CREDIT =
  "Contours : IGN Admin Express COG ; communes : INSEE COG 2026, La Poste, DILA – Licence Ouverte 2.0 ; " +
  "pays voisins : Natural Earth";
const DEPARTEMENTS_FROM_ZOOM = 8;
// How long tiles may be waited for, in ms, before the map is drawn as if they did not come.
const PATIENCE = 4000;

/** Whether the person accepts movement: to be given as `animate` to Leaflet's `flyTo` and `setView`. */
export const moves = () => !matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * A Leaflet map in `element`, with Leaflet's own `options` over those of LEAFLET_CONFIG.
 * `label` is its name for those who do not see it; what the map is for is drawn before its outlines, which wait for `after`.
 */
export function createMap(element, { label = "Carte", after, ...options } = {}) {
  const djoptions = JSON.parse(element.dataset.options);
  element.setAttribute("role", "region");
  element.setAttribute("aria-label", label);
  const map = new L.Map.DjangoMap(element, {
    djoptions,
    zoomControl: false,
    zoomAnimation: moves(),
    fadeAnimation: moves(),
    worldCopyJump: true,
    ...options,
  });
  L.control.zoom({ zoomInTitle: "Zoomer", zoomOutTitle: "Dézoomer" }).addTo(map);
  map.createPane("outlines");
  map.attributionControl.addAttribution(OUTLINES_CREDIT);
  // Leaflet follows the window alone: what comes below may bring a scroll bar, what is beside may fold.
  new ResizeObserver(() => element.clientWidth && map.invalidateSize({ debounceMoveend: true })).observe(element);
  drawOutlines(map, element.dataset, after);
  return map;
}

/**
 * Once, when the tiles do not come: what is near shows nothing but a blank then. With `patience`, in ms, also when
 * none has come by then.
 */
export function whenTilesFail(map, act, { patience = 0 } = {}) {
  let isDone = false;
  const once = () => {
    if (!isDone) act();
    isDone = true;
  };
  const timer = patience && setTimeout(once, patience);
  map.on("unload", () => clearTimeout(timer));
  map.eachLayer((layer) => layer.once("tileerror", once).once("tileload", () => clearTimeout(timer)));
}

/** A pin that style sheets can colour, as an icon for `L.marker`; its tip is the point. */
export function pinIcon() {
  return L.divIcon({ className: "map-pin", iconSize: [28, 36], iconAnchor: [14, 35], popupAnchor: [0, -34] });
}

/** The régions at once; what is heavy, and seen where there are no tiles alone, when they fail or are slow to come. */
async function drawOutlines(map, urls, after) {
  const failed = new Promise((resolve) => whenTilesFail(map, resolve, { patience: PATIENCE }));
  const [regions] = await Promise.all([features(urls.regions), after]);
  outline(regions, "map-region").addTo(map);
  const regionNames = names(regions, "map-name").addTo(map);
  const widen = () => map.getContainer().classList.toggle("map--wide", map.getZoom() < 5);
  widen();
  placeNames(map);
  map.on("zoomend", widen);
  map.on("moveend", () => placeNames(map));
  await failed;
  await drawWithoutTiles(map, urls, regionNames);
}

async function drawWithoutTiles(map, urls, regionNames) {
  const [neighbours, departements, towns] = await Promise.all([urls.neighbours, urls.departements, urls.towns].map(features));
  outline(neighbours, "map-abroad").addTo(map).bringToBack();
  const close = L.layerGroup([outline(departements, "map-departement"), names(departements, "map-name map-name--small")]);
  const showDetail = () => {
    const isClose = map.getZoom() >= DEPARTEMENTS_FROM_ZOOM;
    (isClose ? regionNames : close).remove();
    (isClose ? close : regionNames).addTo(map);
  };
  showDetail();
  map.on("zoomend", showDetail);
  if (towns.nom) addTowns(map, towns);
  placeNames(map);
}

const asked = new Map();

/** The document at `url`, asked for once; no feature when it does not come: a map without outlines is better than no map. */
export function features(url) {
  if (!asked.has(url)) asked.set(url, fetchFeatures(url));
  return asked.get(url);
}

async function fetchFeatures(url) {
  const none = { type: "FeatureCollection", features: [] };
  try {
    const response = await fetch(url);
    return response.ok ? await response.json() : none;
  } catch {
    return none;
  }
}

const outline = (data, className) =>
  L.geoJSON(data, { pane: "outlines", interactive: false, style: { className, weight: 1 } });
