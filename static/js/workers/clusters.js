/** Holds the events of a map and answers which match a search and which markers a view shows, off the page's own thread. */

import "../../vendor/supercluster/supercluster.min.js";
import { choose, decode, summed } from "./points.js";

// Pixels: how near each other markers may stand, and the side of Leaflet’s tiles.
const RADIUS = 60;
const TILE = 256;
// west, south, east, north: where a view of "all of France" is wanted, overseas left to its insets.
const METROPOLE = [-5.5, 41, 10, 51.5];

let points;
let index;
let lastSearch = 0;

const commands = {
  load({ data }) {
    points = decode(JSON.parse(new TextDecoder().decode(data)));
    lastSearch++;
    index = null;
  },

  /** How many events match and how many are on the map; null when another search came meanwhile. */
  async select({ query, ids, maxZoom }) {
    const turn = ++lastSearch;
    const ranks = choose(points, query) ?? (await told(ids, query));
    if (turn !== lastSearch) return null;
    const located = ranks.filter((rank) => rank < points.located);
    index = new globalThis.Supercluster({ radius: RADIUS, extent: TILE, maxZoom }).load(located.map(feature));
    return { count: ranks.length, located: located.length, bounds: bounds(located), regions: regions(located) };
  },

  markers: ({ box, zoom }) => (index ? index.getClusters(box, zoom).map(marker) : []),

  /** The zoom at which a cluster parts; beyond the map's last, its events share a point. */
  expansion: ({ id }) => index.getClusterExpansionZoom(id),

  /** The identifiers of a cluster's events, the first ones first. */
  leaves({ id }) {
    const ranks = index.getLeaves(id, Infinity).map(({ properties }) => properties.rank);
    const first = (rank) => points.jours.sets[points.jours.of[rank]][0] ?? "";
    ranks.sort((a, b) => first(a).localeCompare(first(b)) || points.id[a] - points.id[b]);
    return ranks.map((rank) => points.id[rank]);
  },
};

/** The ranks of the events that the server finds, where the columns do not tell. */
async function told(address, query) {
  const response = await fetch(`${address}?${query}`);
  if (!response.ok) throw new Error(`${response.status}`);
  const found = new Set(summed((await response.json()).ids));
  return [...points.id.keys()].filter((rank) => found.has(points.id[rank]));
}

const feature = (rank) => ({
  type: "Feature",
  geometry: { type: "Point", coordinates: [points.longitude[rank], points.latitude[rank]] },
  properties: { rank },
});

function marker({ geometry, properties }) {
  const [longitude, latitude] = geometry.coordinates;
  const { cluster, cluster_id: clusterId, point_count: count, rank } = properties;
  return cluster
    ? { key: `${lastSearch}:${clusterId}`, latLng: [latitude, longitude], clusterId, count }
    : { key: `${points.id[rank]}`, latLng: [latitude, longitude], id: points.id[rank], status: points.status[rank] };
}

/** How many of these events each région holds, by INSEE code. */
function regions(ranks) {
  const counts = {};
  for (const rank of ranks) {
    const [code] = points.region.sets[points.region.of[rank]];
    if (code) counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

/** As Leaflet takes them; of those in metropolitan France where there are any. */
function bounds(ranks) {
  const { longitude, latitude } = points;
  const isNear = (rank) =>
    longitude[rank] > METROPOLE[0] && latitude[rank] > METROPOLE[1] && longitude[rank] < METROPOLE[2] && latitude[rank] < METROPOLE[3];
  const near = ranks.filter(isNear);
  const shown = near.length ? near : ranks;
  if (!shown.length) return null;
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const rank of shown) {
    west = Math.min(west, longitude[rank]);
    south = Math.min(south, latitude[rank]);
    east = Math.max(east, longitude[rank]);
    north = Math.max(north, latitude[rank]);
  }
  return [[south, west], [north, east]];
}

addEventListener("message", async ({ data: { call, command, ...parameters } }) => {
  try {
    postMessage({ call, result: await commands[command](parameters) });
  } catch (error) {
    postMessage({ call, error: String(error) });
  }
});
