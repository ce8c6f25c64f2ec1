/* Written by manage.py build_scripts: map.js and what it imports. */
(() => {
"use strict";
const modules = {};

modules["filters.js"] = (() => {
/** Keeps the addresses of searches short: fields left empty are not sent. */

for (const form of document.querySelectorAll("form[data-filters]")) {
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) {
      if (value === "") formData.delete(name);
    }
  });
}
})();

modules["basemap-names.js"] = (() => {
/** The names on a map's base: régions, départements, and the towns where no tile comes. None over a marker, a control or another name. */

const { L } = globalThis;

// Leaflet stacks markers by their latitude: without it the outlines would cover the northern names.
const ABOVE_OUTLINES = 100_000;
// Where a name may go when its place is taken, in pixels down from there.
const NAME_SHIFTS = [0, 32, -32, 42, -42];
// From this zoom so many of the largest towns may be named, about twice as many at the next; never more at once than MOST.
const [TOWNS_FROM_ZOOM, LARGEST_TOWNS] = [5, 40];
const MOST_TOWNS = 60;
// In pixels: how wide a character of a town's name is, how far it stands from the next name, and from its dot to its edges.
const CHARACTER = 6.5;
const APART = 6;
const [ABOVE, BELOW] = [4, 20];

const towns = new WeakMap();
// Of a name's element: the middle of what it names, and the ring around it.
const homes = new WeakMap();

/** A layer of the names of these features, each in its middle. */
function names(data, className) {
  const labels = data.features.map(({ geometry, properties }) => {
    const name = element(properties.nom.replace("'", "’"));
    const home = largest(geometry);
    homes.set(name, home);
    return nameAt(home.latLng, name, className);
  });
  return L.layerGroup(labels);
}

function element(text) {
  const name = document.createElement("span");
  name.textContent = text;
  return name;
}

function nameAt(latLng, name, className) {
  const icon = L.divIcon({ className, html: name, iconSize: [0, 0] });
  return L.marker(latLng, { icon, pane: "outlines", zIndexOffset: ABOVE_OUTLINES, interactive: false, keyboard: false });
}

/** Towns are named too from now on; `data` are the columns of villes.json, the largest first. */
function addTowns(map, { nom, latitude, longitude }) {
  const all = nom.map((name, rank) => ({ name, latLng: L.latLng(latitude[rank] / 1000, longitude[rank] / 1000) }));
  towns.set(map, { all, layer: L.layerGroup().addTo(map) });
}

/** Each name where no marker, control or other name covers it: in its place, else a little beneath or above, else not at all. */
function placeNames(map) {
  const pane = map.getPanes();
  const names = [...pane.outlines.querySelectorAll(".map-name:not(.map-name--town) span")];
  if (!names.length && !towns.has(map)) return;
  const controls = map.getContainer().querySelectorAll(".leaflet-control");
  const taken = [...pane.markerPane.children, ...controls].map((one) => one.getBoundingClientRect());
  // All are read before any is moved: reading lays the page out anew after each move.
  const found = names.map((name) => ({ name, box: name.getBoundingClientRect(), shifted: Number(name.dataset.shift ?? 0) }));
  for (const { name, box, shifted } of found) {
    const boxes = NAME_SHIFTS.map((shift) => moved(box, shift - shifted));
    const rank = boxes.findIndex((one, i) => isAtHome(map, name, NAME_SHIFTS[i]) && !taken.some((other) => overlap(one, other)));
    name.style.visibility = rank < 0 ? "hidden" : "";
    if (rank < 0) continue;
    taken.push(boxes[rank]);
    name.dataset.shift = NAME_SHIFTS[rank];
    name.style.marginTop = `${NAME_SHIFTS[rank]}px`;
  }
  if (towns.has(map)) placeTowns(map, towns.get(map), taken);
}

/** Whether a name that goes so far down still stands on what it names: on its neighbour it would say something else. */
function isAtHome(map, name, shift) {
  if (!shift) return true;
  const { latLng, ring } = homes.get(name);
  const { lat, lng } = map.containerPointToLatLng(map.latLngToContainerPoint(latLng).add([0, shift]));
  return ring.reduce((inside, [x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length];
    const crosses = y > lat !== nextY > lat && lng < x + ((nextX - x) * (lat - y)) / (nextY - y);
    return crosses ? !inside : inside;
  }, false);
}

const moved = ({ left, right, top, bottom }, down) => ({ left, right, top: top + down, bottom: bottom + down });

/** The largest towns of the view: their boxes are reckoned, since measuring thousands of names would hold the page. */
function placeTowns(map, { all, layer }, taken) {
  layer.clearLayers();
  if (map.getZoom() < TOWNS_FROM_ZOOM) return;
  const named = all.slice(0, LARGEST_TOWNS * 2.2 ** (map.getZoom() - TOWNS_FROM_ZOOM));
  const corner = map.getContainer().getBoundingClientRect();
  const view = map.getBounds();
  let left = MOST_TOWNS;
  for (const { name, latLng } of named) {
    if (!view.contains(latLng)) continue;
    const { x, y } = map.latLngToContainerPoint(latLng).add([corner.left, corner.top]);
    const half = (name.length * CHARACTER) / 2 + APART;
    const box = { left: x - half, right: x + half, top: y - ABOVE, bottom: y + BELOW };
    if (box.left < corner.left || box.right > corner.right || taken.some((other) => overlap(box, other))) continue;
    taken.push(box);
    layer.addLayer(nameAt(latLng, element(name), "map-name map-name--town"));
    if (!--left) break;
  }
}

const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** The largest ring with its centroid, which for France's régions and départements lies inside. */
function largest({ type, coordinates }) {
  const rings = (type === "Polygon" ? [coordinates] : coordinates).map(([outer]) => ringMiddle(outer));
  return rings.reduce((best, ring) => (ring.area > best.area ? ring : best));
}

function ringMiddle(ring) {
  let [area, x, y] = [0, 0, 0];
  for (let i = 0; i < ring.length - 1; i++) {
    const cross = ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1];
    area += cross;
    x += (ring[i][0] + ring[i + 1][0]) * cross;
    y += (ring[i][1] + ring[i + 1][1]) * cross;
  }
  return { ring, area: Math.abs(area), latLng: [y / (3 * area), x / (3 * area)] };
}
return { names, addTowns, placeNames };
})();

modules["basemap.js"] = (() => {
/**
 * The base of every map of the portal: the shipped outlines of the country, and IGN's tiles above them when they come.
 *
 * Needs Leaflet (`{% leaflet_js %}`) and an element written by `{% leaflet_map "…" %}`.
 */

const { addTowns, names, placeNames } = modules["basemap-names.js"];

const { L } = globalThis;

const OUTLINES_CREDIT =
  "Contours : IGN Admin Express COG ; communes : INSEE COG 2026, La Poste, DILA – Licence Ouverte 2.0 ; " +
  "pays voisins : Natural Earth";
const DEPARTEMENTS_FROM_ZOOM = 8;
// How long tiles may be waited for, in ms, before the map is drawn as if they did not come.
const PATIENCE = 4000;

/** Whether the person accepts movement: to be given as `animate` to Leaflet's `flyTo` and `setView`. */
const moves = () => !matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * A Leaflet map in `element`, with Leaflet's own `options` over those of LEAFLET_CONFIG.
 * `label` is its name for those who do not see it; what the map is for is drawn before its outlines, which wait for `after`.
 */
function createMap(element, { label = "Carte", after, ...options } = {}) {
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
function whenTilesFail(map, act, { patience = 0 } = {}) {
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
function pinIcon() {
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
function features(url) {
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
return { moves, createMap, whenTilesFail, pinIcon, features };
})();

modules["map-cards.js"] = (() => {
/** What the server tells of the few events that a map names: asked for by their identifiers, and kept. */

const MOST = 100; // of maps/cards.py

/** A function that promises the cards of these events, those that are public no more left out. */
function cardReader(address) {
  const kept = new Map();
  return async (ids) => {
    const missing = ids.filter((id) => !kept.has(id));
    const asked = [];
    for (let from = 0; from < missing.length; from += MOST) asked.push(fetchCards(address, missing.slice(from, from + MOST)));
    for (const card of (await Promise.all(asked)).flat()) kept.set(card.id, card);
    return ids.map((id) => kept.get(id)).filter(Boolean);
  };
}

async function fetchCards(address, ids) {
  const response = await fetch(`${address}?ids=${ids.join(",")}`);
  if (!response.ok) throw new Error(`${response.status}`);
  return (await response.json()).events;
}
return { cardReader };
})();

modules["map-data.js"] = (() => {
/**
 * The events of a page's map, on their way as soon as this runs: a worker holds them and answers what is asked.
 * What the server tells of them (maps/views.py) stands in `#map-data`.
 */

const data = JSON.parse(document.getElementById("map-data").textContent);

const ids = new URL(data.ids, location).href;
const ask = openWorker(data.worker);
let loading;
let last = {};

load(data.points);
select(data.search);

/** Reads another edition, or a newer version of this one. */
function load(address) {
  last = {};
  loading = read(address);
  loading.catch(() => {}); // whoever selects is told
}

/** How many events match; null if overtaken by another search. What is in force already is not looked for again. */
function select(query) {
  if (last.query !== query) {
    last = { query, found: loading.then(() => ask("select", { query, ids, maxZoom: data.maxZoom })) };
    last.found.catch(() => (last = {}));
  }
  return last.found;
}

/** The markers of what is selected, as workers/clusters.js describes them, in a box of west, south, east, north. */
async function markers(box, zoom) {
  await last.found;
  return ask("markers", { box, zoom });
}

/** Those that the page came with (maps/overview.py), of metropolitan France at this zoom; undefined where it has none. */
function overview(zoom) {
  return data.overview?.[zoom]?.map(([latitude, longitude, count, id, status], rank) => {
    const latLng = [latitude, longitude];
    return id ? { key: `${id}`, latLng, id, status } : { key: `overview:${rank}`, latLng, count };
  });
}

const expansion = (id) => ask("expansion", { id });
const leaves = (id) => ask("leaves", { id });

async function read(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status}`);
  const read = await response.arrayBuffer();
  return ask("load", { data: read }, [read]);
}

/** A function that puts a command to the worker and promises its answer. */
function openWorker(address) {
  const worker = new Worker(address, { type: "module" });
  const waiting = new Map();
  let call = 0;
  worker.addEventListener("message", ({ data: answer }) => {
    const { resolve, reject } = waiting.get(answer.call);
    waiting.delete(answer.call);
    if (answer.error) reject(new Error(answer.error));
    else resolve(answer.result);
  });
  worker.addEventListener("error", () => waiting.forEach(({ reject }) => reject(new Error("worker"))));
  return (command, parameters, transferred = []) =>
    new Promise((resolve, reject) => {
      waiting.set(++call, { resolve, reject });
      worker.postMessage({ call, command, ...parameters }, transferred);
    });
}
return { data, load, select, markers, overview, expansion, leaves };
})();

modules["map-markers.js"] = (() => {
/** What stands on the map: buttons for events and their clusters, and the lists that these open. Texts become text nodes. */

const { L } = globalThis;

const number = new Intl.NumberFormat("fr");
const compact = new Intl.NumberFormat("fr", { notation: "compact", maximumFractionDigits: 1 });

const STATUS = ["scheduled", "full", "cancelled"]; // of maps/points.py
const BADGES = { Annulé: "fr-badge--error", Complet: "fr-badge--warning" };

/** A real button, which a keyboard reaches and a screen reader names. */
const ButtonIcon = L.Icon.extend({
  createIcon() {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = this.options.text;
    button.setAttribute("aria-label", this.options.label);
    this._setIconStyles(button, "icon");
    return button;
  },
  createShadow: () => null,
});

function markerFor({ latLng, count, status }) {
  const icon = count ? clusterIcon(count) : eventIcon(status);
  return L.marker(latLng, { icon, keyboard: false, riseOnHover: true });
}

function clusterIcon(count) {
  const size = count < 10 ? 34 : count < 100 ? 40 : count < 1000 ? 48 : 56;
  return new ButtonIcon({
    className: "map-cluster",
    iconSize: [size, size],
    text: compact.format(count),
    label: `${number.format(count)} événements ici`,
  });
}

function eventIcon(status) {
  return new ButtonIcon({ className: `map-event map-event--${STATUS[status]}`, iconSize: [24, 24], text: "", label: "Événement" });
}

/** Names a marker once its event's card is there. */
function nameMarker(marker, { title, town, state }) {
  marker.getElement()?.setAttribute("aria-label", [title, town, state.toLowerCase()].filter(Boolean).join(", "));
}

/** The items of a popup: each event with its link, dates, town, format and state. */
function eventItems(cards, { inNewTab = false } = {}) {
  return cards.map(({ title, url, when, town, format, state }) => {
    const link = element("a", "map-popup__title", title);
    link.href = url;
    if (inNewTab) openInNewTab(link);
    const item = element("li", "");
    if (BADGES[state]) item.append(element("p", `fr-badge fr-badge--sm ${BADGES[state]}`, state));
    item.append(link, element("p", "", when), element("p", "", [town, format].filter(Boolean).join(" – ")));
    return item;
  });
}

function openInNewTab(link) {
  link.target = "_blank";
  link.rel = "noopener";
  link.title = `${link.textContent} – nouvelle fenêtre`;
}

function element(name, className, text = "") {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.textContent = text;
  return node;
}
return { markerFor, nameMarker, eventItems, element };
})();

modules["map-popup.js"] = (() => {
/** The popup of a marker: its event, or those of one point as a list that grows on demand. Enter opens, Escape closes. */

const { element, eventItems } = modules["map-markers.js"];

const { L } = globalThis;

const AT_ONCE = 20;
// In pixels: the zoom buttons cover what stands left of the first; the second is them, the popup's margins and the map's.
const RIGHT_OF_ZOOM = 56;
const BESIDE_POPUP = 120;

const number = new Intl.NumberFormat("fr");

/** Shows the events named by `ids`, which `read` promises the cards of, above `marker`. */
async function openPopup(map, marker, ids, read, options) {
  const content = ids.length > 1 ? await manyEvents(ids, read, options) : await oneEvent(ids, read, options);
  const popup = L.popup({
    maxWidth: Math.min(300, map.getSize().x - BESIDE_POPUP),
    maxHeight: 280,
    offset: [0, -8],
    autoPanPaddingTopLeft: [RIGHT_OF_ZOOM, 16],
    autoPanPaddingBottomRight: [16, 16],
  });
  popup.on("add", () => {
    const box = popup.getElement();
    const link = box.querySelector("a.map-popup__title");
    const close = box.querySelector(".leaflet-popup-close-button");
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", ids.length > 1 || !link ? "Événements à cet endroit" : link.textContent);
    close.setAttribute("aria-label", "Fermer");
    (link ?? close).focus();
  });
  popup.on("remove", () => marker.getElement()?.focus({ preventScroll: true }));
  popup.setLatLng(marker.getLatLng()).setContent(content).openOn(map);
}

/** Closes on Escape, wherever in the map the focus is. */
function closeOnEscape(map) {
  map.getContainer().addEventListener("keydown", ({ key }) => {
    if (key === "Escape") map.closePopup();
  });
}

async function oneEvent(ids, read, options) {
  const list = element("ul", "map-popup");
  list.append(...(await itemsOf(ids, read, options)));
  return list;
}

async function manyEvents(ids, read, options) {
  const whole = element("div", "");
  const list = element("ul", "map-popup");
  const more = element("button", "fr-btn fr-btn--tertiary fr-btn--sm map-popup__more");
  more.type = "button";
  const showNext = async () => {
    const from = list.childElementCount;
    const items = await itemsOf(ids.slice(from, from + AT_ONCE), read, options);
    list.append(...items);
    const left = ids.length - from - AT_ONCE;
    more.hidden = left <= 0;
    more.textContent = `Voir ${left > 1 ? `les ${number.format(left)} suivants` : "le suivant"}`;
    if (from) items[0]?.querySelector("a")?.focus();
  };
  more.addEventListener("click", showNext);
  await showNext();
  whole.append(element("p", "map-popup__count", `${number.format(ids.length)} événements ici`), list, more);
  return whole;
}

/** One item an event, whatever happens: the list counts them. */
async function itemsOf(ids, read, options) {
  try {
    const items = eventItems(await read(ids), options);
    while (items.length < ids.length) items.push(element("li", "", "Cet événement n’est plus public."));
    return items;
  } catch {
    return ids.map(() => element("li", "", "Cet événement n’a pas pu être chargé ; la liste le montre."));
  }
}
return { openPopup, closeOnEscape };
})();

modules["event-map.js"] = (() => {
/** A map of events, clustered by the worker of map-data.js. The map page and the frame of partners build on it. */

const { placeNames } = modules["basemap-names.js"];
const { createMap, moves } = modules["basemap.js"];
const { cardReader } = modules["map-cards.js"];
const { data, expansion, leaves, markers, overview, select } = modules["map-data.js"];
const { markerFor, nameMarker } = modules["map-markers.js"];
const { closeOnEscape, openPopup } = modules["map-popup.js"];

const { L } = globalThis;

const CLOSEST_FIT = 12;

const isByKeyboard = ({ detail }) => detail === 0;

/**
 * `draw()` shows what is selected of map-data.js, and from then on what each view holds of it. `drawOverview()` shows
 * at once what the page came with, until the view moves; it tells whether there was any.
 */
function createEventMap(element, { inNewTab = false } = {}) {
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
function boundsOf({ dataset }) {
  const [west, south, east, north] = dataset.bounds.split(",").map(Number);
  return [[south, west], [north, east]];
}
return { createEventMap, boundsOf };
})();

modules["map-insets.js"] = (() => {
/** The country's parts above the map, each drawn from the shipped outlines with its count: buttons that lead there. */

const { features } = modules["basemap.js"];
const { boundsOf } = modules["event-map.js"];

const SVG = "http://www.w3.org/2000/svg";
const SIDE = 60; // of a drawing, in its own units

const number = new Intl.NumberFormat("fr");

/** `buttons` hold `data-bounds`, those of a région `data-region` with its INSEE code; `outlines` is an address. */
async function drawInsets(buttons, outlines) {
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
function countInsets(buttons, counts) {
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
return { drawInsets, countInsets };
})();

modules["map-near.js"] = (() => {
/** « Autour de moi »: the position is asked for on a click alone, rounded before anything else, and kept nowhere. */

const DECIMALS = 2; // about a kilometre
const PATIENCE = 10_000;

const REFUSALS = {
  1: "Votre navigateur ne donne pas votre position : autorisez-la pour ce site, ou indiquez une commune dans « Près de ».",
  2: "Votre position n’a pas pu être trouvée : indiquez une commune dans « Près de ».",
  3: "Votre position met trop de temps à venir : réessayez, ou indiquez une commune dans « Près de ».",
};

/** `found` gets « latitude,longitude »; `told` what to say to the person. */
function offerNear(button, { found, told }) {
  if (!navigator.geolocation) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    told("Recherche de votre position…");
    const refuse = ({ code }) => told(REFUSALS[code]);
    const take = ({ coords }) => {
      told("");
      found([coords.latitude, coords.longitude].map((degrees) => degrees.toFixed(DECIMALS)).join(","));
    };
    navigator.geolocation.getCurrentPosition(take, refuse, { timeout: PATIENCE, maximumAge: 60_000 });
  });
}
return { offerNear };
})();

modules["map-search.js"] = (() => {
/**
 * The filters of the map page without loading it again. A change is given to the map at once; the server's own page of
 * that search is then asked for, and what it says of tags, counts, choices and list takes the place of what was there.
 */

const SETTLE = 250; // ms: several boxes are ticked in a row

/** `show(query, { isNew })` is called at each change, `settle(query, data)` with the data of the server's page; `ask(query)` is returned. */
function followSearch({ show, settle }) {
  const form = document.querySelector("form[data-filters]");
  let last = queryOf(form);
  let turn = 0;
  let timer;

  async function ask(query, { isNew = true, isOfForm = false } = {}) {
    clearTimeout(timer);
    if (query === last) return;
    last = query;
    const mine = ++turn;
    const address = `${location.pathname}${query ? `?${query}` : ""}`;
    if (isNew) history.pushState(null, "", address + location.hash);
    show(query, { isNew });
    document.getElementById("map-list").setAttribute("aria-busy", "true");
    try {
      const page = await pageAt(address);
      if (mine !== turn) return;
      renew(page);
      if (!isOfForm) replaceFields(form, page.querySelector("form[data-filters]"));
      else if (queryOf(form) === query) renewWords(form, page.querySelector("form[data-filters]"));
      keepFocus();
      settle(query, JSON.parse(page.getElementById("map-data").textContent));
    } catch {
      location.assign(address);
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(queryOf(form), { isOfForm: true });
  });
  form.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(() => ask(queryOf(form), { isOfForm: true }), SETTLE);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".filters a, #map-results a, #map-list a");
    if (!link || !isPlain(event) || link.pathname !== location.pathname || link.hash) return;
    event.preventDefault();
    ask(link.search.slice(1));
  });
  addEventListener("popstate", () => ask(location.search.slice(1), { isNew: false }));
  return ask;
}

const isPlain = ({ button, metaKey, ctrlKey, shiftKey, altKey }) => !button && !metaKey && !ctrlKey && !shiftKey && !altKey;

/** As the form would send it: filters.js leaves out what is empty. */
const queryOf = (form) => new URLSearchParams(new FormData(form)).toString();

async function pageAt(address) {
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  if (!response.ok) throw new Error(`${response.status}`);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

function renew(page) {
  document.querySelector("h1").textContent = page.querySelector("h1").textContent;
  document.getElementById("map-embed").search = page.getElementById("map-embed").search;
  const [fold, freshFold] = [document, page].map((root) => root.querySelector("[data-filters-fold] > summary"));
  fold.replaceChildren(...freshFold.childNodes);
  renewResults(document.getElementById("map-results"), page.getElementById("map-results"));
  const list = document.getElementById("map-list");
  list.replaceChildren(...page.getElementById("map-list").childNodes);
  list.removeAttribute("aria-busy");
  document.getElementById("map-feeds").replaceChildren(...page.getElementById("map-feeds").childNodes);
  const [alternates, fresh] = [document, page].map((root) => root.querySelectorAll("link[rel=alternate]"));
  alternates.forEach((link, rank) => link.setAttribute("href", fresh[rank].getAttribute("href")));
}

/** What had the focus may be gone with its filter. */
function keepFocus() {
  if (document.activeElement === document.body) document.getElementById("resultats").focus();
}

/** Around the live count, which stays in its place so that its change is announced. */
function renewResults(old, fresh) {
  const [count, freshCount] = [old, fresh].map((root) => root.querySelector("#resultats"));
  if (count.textContent !== freshCount.textContent) count.replaceChildren(...freshCount.childNodes);
  for (const node of [...old.childNodes]) if (node !== count) node.remove();
  const nodes = [...fresh.childNodes];
  const rank = nodes.indexOf(freshCount);
  count.before(...nodes.slice(0, rank));
  count.after(...nodes.slice(rank + 1));
}

/** The words beside the fields, which keep what is typed; all of them where one is at fault. */
function renewWords(form, fresh) {
  const [words, freshWords] = [form, fresh].map((root) => [...root.querySelectorAll("label, summary, option")]);
  const isAtFault = [form, fresh].some((one) => one.querySelector(".fr-error-text"));
  if (isAtFault || words.length !== freshWords.length) return replaceFields(form, fresh);
  words.forEach((label, rank) => label.replaceChildren(...freshWords[rank].childNodes));
  const [deeds, freshDeeds] = [form, fresh].map((root) => root.querySelector(".fr-btns-group"));
  for (const deed of [...deeds.children].slice(1)) deed.remove();
  deeds.append(...[...freshDeeds.children].slice(1));
}

/** What was unfolded stays so, and the field that had the focus has it again. */
function replaceFields(form, fresh) {
  const focused = form.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...form.querySelectorAll("details")].map((fold) => fold.open);
  form.replaceChildren(...fresh.childNodes);
  form.querySelectorAll("details").forEach((fold, rank) => (fold.open ||= open[rank] ?? false));
  if (focused) document.getElementById(focused)?.focus();
}
return { followSearch };
})();

modules["map-view.js"] = (() => {
/** What the map page looks at, and what its address says of it. The first sight is drawn here, before the rest. */

const { boundsOf, createEventMap } = modules["event-map.js"];

const PLACE_IN_ADDRESS = /^#(\d{1,2})\/(-?\d{1,2}(?:\.\d+)?)\/(-?\d{1,3}(?:\.\d+)?)$/;

const frame = document.getElementById("carte");
const events = createEventMap(frame);

const { map } = events;
const isElsewhere = goToAddress();

if (!isElsewhere) map.fitBounds(boundsOf(document.querySelector("#map-views [data-bounds]")), { animate: false });

/** Whether markers stand already, of the whole edition. */
const isDrawn = !isElsewhere && events.drawOverview();

/** From now on the address says where the map is, and leads there. */
function followAddress() {
  map.on("moveend", writeAddress);
  addEventListener("hashchange", goToAddress);
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
return { frame, events, isDrawn, followAddress };
})();

modules["map.js"] = (() => {
/** The map page: the same events as the list beside it, from filters to address, without loading the page again. */

const { boundsOf } = modules["event-map.js"];
const { data, load, select } = modules["map-data.js"];
const { countInsets, drawInsets } = modules["map-insets.js"];
const { offerNear } = modules["map-near.js"];
const { followSearch } = modules["map-search.js"];
const { events, followAddress, frame, isDrawn } = modules["map-view.js"];

// A search for a place is answered by a look at it.
const WHERE = ["q", "pres", "rayon", "region", "departement", "commune", "bbox"];
const NOT_PLACED = "Les événements n’ont pas pu être placés sur la carte ; la liste les montre tous.";

const status = document.getElementById("map-status");
const results = document.getElementById("resultats");
const views = document.getElementById("map-views");
const buttons = [...views.querySelectorAll("[data-bounds]")];
const { map } = events;

let source = data.points;
let edition = editionOf(data.search);
let lookedAt = "";

start();

async function start() {
  const isShown = await show(data.search, { hasView: !data.search || Boolean(location.hash), isDrawn });
  offerViews();
  const ask = followSearch({ show: showAtOnce, settle });
  offerNear(document.getElementById("map-near"), { found: (point) => ask(around(point)), told: say });
  if (!isShown) return;
  followAddress();
  frame.dataset.ready = "";
}

/** Unless it is another edition's, which the server's page leads to. */
function showAtOnce(query, { isNew }) {
  if (editionOf(query) === edition) show(query, { hasView: !isNew });
}

/** What the columns tell at once, whether it could be shown; the server's own page says the rest. */
async function show(query, { hasView = false, isDrawn = false } = {}) {
  try {
    const found = await select(query);
    if (!found) return true;
    say("");
    countInsets(buttons, found.regions);
    announce(found);
    if (!hasView) look(query, found.bounds);
    if (!isDrawn) await events.draw();
    return true;
  } catch {
    events.clear();
    say(NOT_PLACED);
    return false;
  }
}

/** The page of the server leaves out what it does not take, and may tell of another edition or of newer events. */
function settle(asked, { points, search }) {
  const isShown = points === source && editionOf(search) === edition && sorted(search) === sorted(asked);
  if (isShown) return;
  if (points !== source) load(points);
  source = points;
  edition = editionOf(search);
  show(search);
}

/** As the address names it: none is the one in force, which another address may name by its year. */
function editionOf(query) {
  return new URLSearchParams(query).get("edition");
}

function sorted(query) {
  const values = new URLSearchParams(query);
  values.sort();
  return values.toString();
}

function say(text) {
  status.textContent = text;
}

const number = new Intl.NumberFormat("fr");

function announce({ count, located }) {
  const words = `${number.format(count)}\u00a0événement${count > 1 ? "s" : ""}`;
  const text = `${words}, dont ${number.format(located)} sur la carte`;
  if (results.textContent === text) return;
  results.firstElementChild.textContent = words;
  results.lastChild.textContent = `, dont ${number.format(located)} sur la carte`;
}

/** Once for each place that is searched, and whenever nothing of what was found is in sight. */
function look(query, bounds) {
  const asked = new URLSearchParams(query);
  const place = JSON.stringify(WHERE.map((name) => asked.getAll(name)));
  const isElsewhere = place !== lookedAt && WHERE.some((name) => asked.get(name));
  lookedAt = place;
  if (bounds && (isElsewhere || !map.getBounds().intersects(bounds))) events.fit(bounds);
}

/** The search in force, around a point instead of where it was. */
function around(point) {
  const asked = new URLSearchParams(location.search);
  for (const name of WHERE) if (name !== "q" && name !== "rayon") asked.delete(name);
  asked.set("pres", point);
  return asked.toString();
}

function offerViews() {
  for (const button of buttons) button.addEventListener("click", () => events.goTo(boundsOf(button)));
  views.hidden = false;
  drawInsets(buttons, frame.dataset.regions);
}
})();
})();
