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

export function markerFor({ latLng, count, status }) {
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
export function nameMarker(marker, { title, town, state }) {
  marker.getElement()?.setAttribute("aria-label", [title, town, state.toLowerCase()].filter(Boolean).join(", "));
}

/** The items of a popup: each event with its link, dates, town, format and state. */
export function eventItems(cards, { inNewTab = false } = {}) {
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

export function element(name, className, text = "") {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.textContent = text;
  return node;
}
