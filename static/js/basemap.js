/**
 * The base of every map of the portal: the shipped outlines of the country, and IGN's tiles above them when they come.
 *
 * Needs Leaflet (`{% leaflet_js %}`) and an element written by `{% leaflet_map "…" %}`.
 */

const { L } = globalThis;

const OUTLINES_CREDIT =
  "Contours : IGN Admin Express COG ; communes : INSEE COG 2026, La Poste, DILA – Licence Ouverte 2.0 ; " +
  "pays voisins : Natural Earth";
const DEPARTEMENTS_FROM_ZOOM = 8;
// Leaflet stacks markers by their latitude: without it the outlines would cover the northern names.
const ABOVE_OUTLINES = 100_000;
// Where a name may go when its place is taken, in pixels down from there.
const NAME_SHIFTS = [0, 32, -32, 42, -42];

/** Whether the person accepts movement: to be given as `animate` to Leaflet's `flyTo` and `setView`. */
export const moves = () => !matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * A Leaflet map in `element`, with Leaflet's own `options` over those of LEAFLET_CONFIG.
 * `label` is its name for those who do not see it.
 */
export function createMap(element, { label = "Carte", ...options } = {}) {
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
  drawOutlines(map, element.dataset);
  return map;
}

/** Once, when the tiles do not come: what is near shows nothing but a blank then. */
export function whenTilesFail(map, act) {
  let isDone = false;
  const once = () => {
    if (!isDone) act();
    isDone = true;
  };
  map.eachLayer((layer) => layer.once("tileerror", once));
}

/** A pin that style sheets can colour, as an icon for `L.marker`; its tip is the point. */
export function pinIcon() {
  return L.divIcon({ className: "map-pin", iconSize: [28, 36], iconAnchor: [14, 35], popupAnchor: [0, -34] });
}

async function drawOutlines(map, urls) {
  // Heavy, and seen where there are no tiles alone.
  whenTilesFail(map, async () => outline(await features(urls.neighbours), "map-abroad").addTo(map).bringToBack());
  const regions = await features(urls.regions);
  outline(regions, "map-region").addTo(map);
  const regionNames = names(regions, "map-name").addTo(map);
  let detail = null;
  const showDetail = async () => {
    const wanted = map.getZoom() >= DEPARTEMENTS_FROM_ZOOM;
    map.getContainer().classList.toggle("map--wide", map.getZoom() < 5);
    detail ??= wanted ? departements(urls.departements) : null;
    const layer = await detail;
    if (!layer) return;
    const isClose = map.getZoom() >= DEPARTEMENTS_FROM_ZOOM;
    (isClose ? regionNames : layer).remove();
    (isClose ? layer : regionNames).addTo(map);
    placeNames(map);
  };
  map.on("zoomend", showDetail);
  await showDetail();
}

async function departements(url) {
  const data = await features(url);
  return L.layerGroup([outline(data, "map-departement"), names(data, "map-name map-name--small")]);
}

const asked = new Map();

/** The GeoJSON at `url`, asked for once; none when it does not come: a map without outlines is better than no map. */
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

function names(data, className) {
  const labels = data.features.map(({ geometry, properties }) => {
    const name = document.createElement("span");
    name.textContent = properties.nom.replace("'", "’");
    const icon = L.divIcon({ className, html: name, iconSize: [0, 0] });
    return L.marker(middle(geometry), { icon, pane: "outlines", zIndexOffset: ABOVE_OUTLINES, interactive: false, keyboard: false });
  });
  return L.layerGroup(labels);
}

/** Each name where no marker and no other name covers it: in its place, else a little beneath or above, else not at all. */
export function placeNames(map) {
  const pane = map.getPanes();
  const taken = [...pane.markerPane.children].map((marker) => marker.getBoundingClientRect());
  for (const name of pane.outlines.querySelectorAll(".map-name span")) {
    name.style.visibility = "hidden";
    for (const shift of NAME_SHIFTS) {
      name.style.marginTop = `${shift}px`;
      const box = name.getBoundingClientRect();
      if (taken.some((other) => overlap(box, other))) continue;
      taken.push(box);
      name.style.visibility = "";
      break;
    }
  }
}

const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** The centroid of the largest ring, which for France's régions and départements lies inside. */
function middle({ type, coordinates }) {
  const rings = (type === "Polygon" ? [coordinates] : coordinates).map(([outer]) => ringMiddle(outer));
  return rings.reduce((best, ring) => (ring.area > best.area ? ring : best)).latLng;
}

function ringMiddle(ring) {
  let [area, x, y] = [0, 0, 0];
  for (let i = 0; i < ring.length - 1; i++) {
    const cross = ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1];
    area += cross;
    x += (ring[i][0] + ring[i + 1][0]) * cross;
    y += (ring[i][1] + ring[i + 1][1]) * cross;
  }
  return { area: Math.abs(area), latLng: [y / (3 * area), x / (3 * area)] };
}
