importScripts("supercluster.min.js");

let index;

addEventListener("message", ({ data: { data, box, zoom } }) => {
  if (data) index = load(JSON.parse(new TextDecoder().decode(data)));
  else postMessage(index.getClusters(box, zoom));
});

function load({ latitude, longitude }) {
  const [north, east] = [summed(latitude), summed(longitude)];
  const features = north.map((value, rank) => ({
    type: "Feature",
    geometry: { type: "Point", coordinates: [east[rank] / 100_000, value / 100_000] },
    properties: { rank },
  }));
  return new Supercluster({ radius: 60, extent: 256, maxZoom: 18 }).load(features);
}

function summed(steps) {
  let sum = 0;
  return steps.map((step) => (sum += step));
}
