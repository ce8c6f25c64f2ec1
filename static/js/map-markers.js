/** What stands on the map: buttons for events and their clusters, and the lists that these open. Texts become text nodes. */

const { L } = globalThis;

const number = new Intl.NumberFormat("fr");
const compact = new Intl.NumberFormat("fr", { notation: "compact", maximumFractionDigits: 1 });
const day = new Intl.DateTimeFormat("fr", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

const STATUS = { cancelled: "Annulé", full: "Complet" };

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

export function markerFor({ latLng, count, event }) {
  const icon = count ? clusterIcon(count) : eventIcon(event);
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

function eventIcon({ title, town, status }) {
  const state = STATUS[status] ? `, ${STATUS[status].toLowerCase()}` : "";
  return new ButtonIcon({
    className: `map-event map-event--${status}`,
    iconSize: [24, 24],
    text: "",
    label: `${title}, ${town}${state}`,
  });
}

/** The content of a popup: each event with its link, dates, town, format and state. */
export function eventList(events, formats) {
  const list = element("ul", "map-popup");
  for (const event of events) list.append(eventItem(event, formats));
  if (events.length < 2) return list;
  const whole = document.createElement("div");
  whole.append(element("p", "map-popup__count", `${number.format(events.length)} événements ici`), list);
  return whole;
}

function eventItem(event, formats) {
  const link = element("a", "map-popup__title", event.title);
  link.href = new URL(event.url).pathname;
  const item = element("li", "");
  if (STATUS[event.status]) item.append(element("p", `fr-badge fr-badge--sm ${badge(event.status)}`, STATUS[event.status]));
  item.append(link, element("p", "", dates(event)), element("p", "", [event.town, formats[event.format]].filter(Boolean).join(" – ")));
  return item;
}

const badge = (status) => (status === "cancelled" ? "fr-badge--error" : "fr-badge--warning");

const dates = ({ starts_on: first, ends_on: last }) =>
  first ? day.formatRange(new Date(first), new Date(last ?? first)) : "";

function element(name, className, text = "") {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.textContent = text;
  return node;
}
