/** The least that a clustered map can be: Leaflet, a worker with supercluster, the same points, and nothing else. */

const { L } = globalThis;
const map = L.map("map").fitBounds([[41.3, -5.2], [51.1, 9.7]], { animate: false });
const layer = L.layerGroup().addTo(map);
const worker = new Worker("worker.js");

L.tileLayer("tile.png?{z}-{x}-{y}").addTo(map);
worker.addEventListener("message", ({ data }) => {
  layer.clearLayers();
  for (const { geometry, properties } of data) {
    const [longitude, latitude] = geometry.coordinates;
    const icon = L.divIcon({ className: "marker", html: `${properties.point_count ?? ""}`, iconSize: [32, 32] });
    L.marker([latitude, longitude], { icon }).addTo(layer);
  }
});
map.on("moveend", ask);
start();

async function start() {
  const data = await (await fetch("points.json")).arrayBuffer();
  worker.postMessage({ data }, [data]);
  ask();
}

function ask() {
  const area = map.getBounds().pad(0.25);
  worker.postMessage({ box: [area.getWest(), area.getSouth(), area.getEast(), area.getNorth()], zoom: map.getZoom() });
}
