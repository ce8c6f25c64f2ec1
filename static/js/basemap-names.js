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
export function names(data, className) {
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
export function addTowns(map, { nom, latitude, longitude }) {
  const all = nom.map((name, rank) => ({ name, latLng: L.latLng(latitude[rank] / 1000, longitude[rank] / 1000) }));
  towns.set(map, { all, layer: L.layerGroup().addTo(map) });
}

/** Each name where no marker, control or other name covers it: in its place, else a little beneath or above, else not at all. */
export function placeNames(map) {
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
