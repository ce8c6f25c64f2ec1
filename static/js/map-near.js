/** « Autour de moi »: the position is asked for on a click alone, rounded before anything else, and kept nowhere. */

const DECIMALS = 2; // about a kilometre
const PATIENCE = 10_000;

const REFUSALS = {
  1: "Votre navigateur ne donne pas votre position : autorisez-la pour ce site, ou indiquez une commune dans « Près de ».",
  2: "Votre position n’a pas pu être trouvée : indiquez une commune dans « Près de ».",
  3: "Votre position met trop de temps à venir : réessayez, ou indiquez une commune dans « Près de ».",
};

/** `found` gets « latitude,longitude »; `told` what to say to the person. */
export function offerNear(button, { found, told }) {
  if (!navigator.geolocation) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    told("Recherche de votre position…");
    const refuse = ({ code }) => told(REFUSALS[code]);
    const take = ({ coords }) => {
      told("");
      found([coords.latitude, coords.longitude].map((degrees) => degrees.toFixed(DECIMALS)).join(","));
    };
    navigator.geolocation.getCurrentPosition(take, refuse, { timeout: PATIENCE, maximumAge: 60_000 });
  });
}
