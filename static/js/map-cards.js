/** What the server tells of the few events that a map names: asked for by their identifiers, and kept. */

const MOST = 100; // of maps/cards.py

/** A function that promises the cards of these events, those that are public no more left out. */
export function cardReader(address) {
  const kept = new Map();
  return async (ids) => {
    const missing = ids.filter((id) => !kept.has(id));
    const asked = [];
    for (let from = 0; from < missing.length; from += MOST) asked.push(fetchCards(address, missing.slice(from, from + MOST)));
    for (const card of (await Promise.all(asked)).flat()) kept.set(card.id, card);
    return ids.map((id) => kept.get(id)).filter(Boolean);
  };
}

async function fetchCards(address, ids) {
  const response = await fetch(`${address}?ids=${ids.join(",")}`);
  if (!response.ok) throw new Error(`${response.status}`);
  return (await response.json()).events;
}
