/**
 * The events of a page's map, on their way as soon as this runs: a worker holds them and answers what is asked.
 * What the server tells of them (maps/views.py) stands in `#map-data`.
 */

export const data = JSON.parse(document.getElementById("map-data").textContent);

const ids = new URL(data.ids, location).href;
const ask = openWorker(data.worker);
let loading;
let last = {};

load(data.points);
select(data.search);

/** Reads another edition, or a newer version of this one. */
export function load(address) {
  last = {};
  loading = read(address);
  loading.catch(() => {}); // whoever selects is told
}

/** How many events match; null if overtaken by another search. What is in force already is not looked for again. */
export function select(query) {
  if (last.query !== query) {
    last = { query, found: loading.then(() => ask("select", { query, ids, maxZoom: data.maxZoom })) };
    last.found.catch(() => (last = {}));
  }
  return last.found;
}

/** The markers of what is selected, as workers/clusters.js describes them, in a box of west, south, east, north. */
export async function markers(box, zoom) {
  await last.found;
  return ask("markers", { box, zoom });
}

/** Those that the page came with (maps/overview.py), of metropolitan France at this zoom; undefined where it has none. */
export function overview(zoom) {
  return data.overview?.[zoom]?.map(([latitude, longitude, count, id, status], rank) => {
    const latLng = [latitude, longitude];
    return id ? { key: `${id}`, latLng, id, status } : { key: `overview:${rank}`, latLng, count };
  });
}

export const expansion = (id) => ask("expansion", { id });
export const leaves = (id) => ask("leaves", { id });

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
