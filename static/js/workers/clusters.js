/** Reads the map's GeoJSON and answers which markers a view shows, off the page's own thread. */

import "../../vendor/supercluster/supercluster.min.js";

// Pixels: how near each other markers may stand, and the side of Leaflet’s tiles.
const RADIUS = 60;
const TILE = 256;
const MOST_LEAVES = 200;
// west, south, east, north: where a view of "all of France" is wanted, overseas left to its buttons.
const METROPOLE = [-5.5, 41, 10, 51.5];

let index;

const commands = {
  async load({ url, maxZoom }) {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${response.status}`);
    const { features } = await response.json();
    index = new globalThis.Supercluster({ radius: RADIUS, extent: TILE, maxZoom }).load(features);
    return { count: features.length, bounds: bounds(features) };
  },

  markers: ({ box, zoom }) => index.getClusters(box, zoom).map(marker),

  /** The zoom at which a cluster parts; beyond the map's last, its events share a point. */
  expansion: ({ id }) => index.getClusterExpansionZoom(id),

  leaves: ({ id }) => index.getLeaves(id, MOST_LEAVES).map(({ properties }) => properties),
};

function marker({ id, geometry, properties }) {
  const [longitude, latitude] = geometry.coordinates;
  const { cluster, cluster_id: clusterId, point_count: count } = properties;
  return cluster
    ? { key: `${clusterId}`, latLng: [latitude, longitude], clusterId, count }
    : { key: id, latLng: [latitude, longitude], event: properties };
}

/** As Leaflet takes them; of those in metropolitan France where there are any. */
function bounds(features) {
  const points = features.map(({ geometry }) => geometry.coordinates);
  const near = points.filter(([x, y]) => x > METROPOLE[0] && y > METROPOLE[1] && x < METROPOLE[2] && y < METROPOLE[3]);
  const shown = near.length ? near : points;
  if (!shown.length) return null;
  const [west, south, east, north] = shown.reduce(
    ([w, s, e, n], [x, y]) => [Math.min(w, x), Math.min(s, y), Math.max(e, x), Math.max(n, y)],
    [180, 90, -180, -90],
  );
  return [[south, west], [north, east]];
}

addEventListener("message", async ({ data: { call, command, ...parameters } }) => {
  try {
    postMessage({ call, result: await commands[command](parameters) });
  } catch (error) {
    postMessage({ call, error: String(error) });
  }
});
