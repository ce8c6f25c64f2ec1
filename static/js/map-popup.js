/** The popup of a marker: its event, or those of one point as a list that grows on demand. Enter opens, Escape closes. */

import { element, eventItems } from "./map-markers.js";

const { L } = globalThis;

const AT_ONCE = 20;
// In pixels: the zoom buttons cover what stands left of the first; the second is them, the popup's margins and the map's.
const RIGHT_OF_ZOOM = 56;
const BESIDE_POPUP = 120;

const number = new Intl.NumberFormat("fr");

/** Shows the events named by `ids`, which `read` promises the cards of, above `marker`. */
export async function openPopup(map, marker, ids, read, options) {
  const content = ids.length > 1 ? await manyEvents(ids, read, options) : await oneEvent(ids, read, options);
  const popup = L.popup({
    maxWidth: Math.min(300, map.getSize().x - BESIDE_POPUP),
    maxHeight: 280,
    offset: [0, -8],
    autoPanPaddingTopLeft: [RIGHT_OF_ZOOM, 16],
    autoPanPaddingBottomRight: [16, 16],
  });
  popup.on("add", () => {
    const box = popup.getElement();
    const link = box.querySelector("a.map-popup__title");
    const close = box.querySelector(".leaflet-popup-close-button");
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", ids.length > 1 || !link ? "Événements à cet endroit" : link.textContent);
    close.setAttribute("aria-label", "Fermer");
    (link ?? close).focus();
  });
  popup.on("remove", () => marker.getElement()?.focus({ preventScroll: true }));
  popup.setLatLng(marker.getLatLng()).setContent(content).openOn(map);
}

/** Closes on Escape, wherever in the map the focus is. */
export function closeOnEscape(map) {
  map.getContainer().addEventListener("keydown", ({ key }) => {
    if (key === "Escape") map.closePopup();
  });
}

async function oneEvent(ids, read, options) {
  const list = element("ul", "map-popup");
  list.append(...(await itemsOf(ids, read, options)));
  return list;
}

async function manyEvents(ids, read, options) {
  const whole = element("div", "");
  const list = element("ul", "map-popup");
  const more = element("button", "fr-btn fr-btn--tertiary fr-btn--sm map-popup__more");
  more.type = "button";
  const showNext = async () => {
    const from = list.childElementCount;
    const items = await itemsOf(ids.slice(from, from + AT_ONCE), read, options);
    list.append(...items);
    const left = ids.length - from - AT_ONCE;
    more.hidden = left <= 0;
    more.textContent = `Voir ${left > 1 ? `les ${number.format(left)} suivants` : "le suivant"}`;
    if (from) items[0]?.querySelector("a")?.focus();
  };
  more.addEventListener("click", showNext);
  await showNext();
  whole.append(element("p", "map-popup__count", `${number.format(ids.length)} événements ici`), list, more);
  return whole;
}

/** One item an event, whatever happens: the list counts them. */
async function itemsOf(ids, read, options) {
  try {
    const items = eventItems(await read(ids), options);
    while (items.length < ids.length) items.push(element("li", "", "Cet événement n’est plus public."));
    return items;
  } catch {
    return ids.map(() => element("li", "", "Cet événement n’a pas pu être chargé ; la liste le montre."));
  }
}
