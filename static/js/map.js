/** The map page: the same events as the list beside it, from filters to address, without loading the page again. */

import "./filters.js";
import { boundsOf } from "./event-map.js";
import { data, load, select } from "./map-data.js";
import { countInsets, drawInsets } from "./map-insets.js";
import { offerNear } from "./map-near.js";
import { followSearch } from "./map-search.js";
import { events, followAddress, frame, isDrawn } from "./map-view.js";

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
