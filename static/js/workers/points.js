/**
 * An edition's events as columns (maps/points.py), and which of them a search keeps: events/conditions.py in the browser.
 * No page and no network here; the tests try it against the server.
 */

const UNIT = 100_000; // parts of a degree
const EARTH_RADIUS = 6371.0088; // km
const DEFAULT_RADIUS = 30;
// How far rounding may have moved a point: what stands nearer to an edge is for the server to decide.
const SLACK = 2 / UNIT; // degrees
const SLACK_KM = 0.003;

const DAY = /^[12]\d{3}-[01]\d-[0-3]\d$/;
const WHOLE = /^[1-9]\d{0,5}$/;
const DEGREES = /^-?\d{1,3}(\.\d{1,15})?$/;

/** Thrown where the columns do not tell: words, places, a group on some days, values that the server will not take. */
class Undecided extends Error {}

export function decode({ id, latitude, longitude, ...columns }) {
  return {
    ...columns,
    id: summed(id),
    located: latitude.length,
    latitude: summed(latitude, UNIT),
    longitude: summed(longitude, UNIT),
  };
}

/** Numbers written as their distance from the one before, in parts of one. */
export function summed(steps, parts = 1) {
  const values = new Float64Array(steps.length);
  let sum = 0;
  for (let rank = 0; rank < steps.length; rank++) values[rank] = (sum += steps[rank]) / parts;
  return values;
}

/** The ranks of the events that the search keeps; null where the columns do not tell. */
export function choose(points, query) {
  const search = new URLSearchParams(query);
  try {
    const conditions = CONDITIONS.map((condition) => condition(points, search)).filter(Boolean);
    return [...points.id.keys()].filter((rank) => conditions.every((holds) => holds(rank)));
  } catch (error) {
    if (error instanceof Undecided) return null;
    throw error;
  }
}

const CONDITIONS = [
  beyondColumns,
  codes("region"),
  codes("departement"),
  codes("format"),
  codes("public"),
  codes("filiere"),
  codes("niveau"),
  days,
  place,
  ({ groupe }, search) => atLeast(whole(search, "groupe", 100_000), groupe),
  ({ age }, search) => atMost(whole(search, "age", 120), age),
  circle,
  box,
];

function beyondColumns(points, search) {
  const isOnSomeDays = ["du", "au"].some((name) => value(search, name));
  require(!value(search, "q") && !search.getAll("commune").some(Boolean) && !(value(search, "groupe") && isOnSomeDays));
}

function codes(name) {
  return (points, search) => {
    const asked = new Set(search.getAll(name).filter(Boolean));
    if (!asked.size) return null;
    const known = new Set(points[name].sets.flat());
    require([...asked].every((code) => known.has(code)));
    return someOf(points[name], (code) => asked.has(code));
  };
}

function days({ jours }, search) {
  const [first, last] = ["du", "au"].map((name) => day(value(search, name)));
  if (!first && !last) return null;
  require(!first || !last || first <= last);
  return someOf(jours, (date) => (!first || date >= first) && (!last || date <= last));
}

function place({ lieu }, search) {
  const asked = value(search, "lieu");
  if (!asked) return null;
  require(asked === "sur-place" || asked === "en-ligne");
  return someOf(lieu, (one) => one === asked);
}

const atLeast = (least, column) => least && ((rank) => column[rank] >= least);
const atMost = (most, column) => most && ((rank) => column[rank] <= most);

function circle(points, search) {
  const centre = value(search, "pres");
  const radius = whole(search, "rayon", 200) ?? DEFAULT_RADIUS;
  if (!centre) return null;
  const [latitude, longitude] = degrees(centre, 2);
  require(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180);
  return (rank) => {
    if (rank >= points.located) return false;
    const distance = kilometres(latitude, longitude, points.latitude[rank], points.longitude[rank]);
    require(Math.abs(distance - radius) > SLACK_KM);
    return distance <= radius;
  };
}

function box(points, search) {
  const text = value(search, "bbox");
  if (!text) return null;
  const [west, south, east, north] = degrees(text, 4);
  require(south <= north && Math.max(Math.abs(west), Math.abs(east)) <= 180 && Math.max(Math.abs(south), Math.abs(north)) <= 90);
  return (rank) => {
    if (rank >= points.located) return false;
    const [latitude, longitude] = [points.latitude[rank], points.longitude[rank]];
    require([latitude - south, latitude - north, longitude - west, longitude - east].every((gap) => Math.abs(gap) > SLACK));
    const isAbreast = west <= east ? longitude >= west && longitude <= east : longitude >= west || longitude <= east;
    return isAbreast && latitude >= south && latitude <= north;
  };
}

function kilometres(latitude, longitude, otherLatitude, otherLongitude) {
  const [south, north] = [radians(latitude), radians(otherLatitude)];
  const halfWidth = radians(otherLongitude - longitude) / 2;
  const chord = Math.sin((north - south) / 2) ** 2 + Math.cos(south) * Math.cos(north) * Math.sin(halfWidth) ** 2;
  return 2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(chord)));
}

const radians = (degrees) => (degrees * Math.PI) / 180;

/** Whether one of an event's codes passes; each set of codes is tried once, not each event. */
function someOf({ sets, of }, passes) {
  const passing = sets.map((set) => set.some(passes));
  return (rank) => passing[of[rank]];
}

/** As Django reads a name that is repeated. */
const value = (search, name) => (search.getAll(name).at(-1) ?? "").trim();

function whole(search, name, most) {
  const text = value(search, name);
  if (!text) return null;
  require(WHOLE.test(text) && Number(text) <= most);
  return Number(text);
}

function day(text) {
  require(!text || (DAY.test(text) && isOfTheCalendar(text)));
  return text;
}

function isOfTheCalendar(text) {
  const date = new Date(`${text}T00:00Z`);
  return !Number.isNaN(date.valueOf()) && date.toISOString().startsWith(text);
}

function degrees(text, count) {
  const parts = text.split(",").map((part) => part.trim());
  require(parts.length === count && parts.every((part) => DEGREES.test(part)));
  return parts.map(Number);
}

function require(holds) {
  if (!holds) throw new Undecided();
}
