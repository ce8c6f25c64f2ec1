"""How soon the map stands in a browser, against a bare one of the same points: ``python -m benchmarks.browser``.

From the start of the navigation until clusters are drawn and no marker comes any more, in Chromium, on this machine's
processor and on one slowed four times; interleaved rounds, a new profile each; tiles are one pixel of this machine.
"""

import shutil
import statistics
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks import servers
from benchmarks.load import ROUNDS, fetch
from benchmarks.portals import Portal, portal
from benchmarks.public import FEW, GZIP, MANY, POINTS
from tests.browser import PIXEL
from tests.chromium import FLAGS

SLOWNESS = (1, 4)
# Target: at most so many times the bare page; no longer task on a desktop; KB over the wire, tiles apart.
MOST, LONGEST, HEAVIEST = 1.3, 100, 350
TILE = "/tile.png"
# When the last marker came, once there are some and half a second brought no other; and what held the page's thread.
WATCH = """
globalThis.tasks = [];
new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)))
  .observe({ type: "longtask", buffered: true });
let last = 0;
const panes = document.getElementsByClassName("leaflet-marker-pane");
const markers = new MutationObserver(() => (last = performance.now()));
// Reads none of the changes of the page, which has more of them than the bare one.
const page = new MutationObserver(() => {
  if (!panes[0]) return;
  page.disconnect();
  markers.observe(panes[0], { childList: true });
  if (panes[0].childElementCount) last = performance.now();
});
page.observe(document, { childList: true, subtree: true });
globalThis.idleAt = () => last && performance.now() - last > 500 && last;
"""


@dataclass
class Measure:
    milliseconds: list[float] = field(default_factory=list)
    longest_task: list[float] = field(default_factory=list)
    weight: list[float] = field(default_factory=list)


def main() -> None:
    with ExitStack() as stack:
        pages = dict(page for size in (FEW, MANY) for page in _pages(stack, size))
        browser = _browser(stack)
        found = {(name, slowness): Measure() for name in pages for slowness in SLOWNESS}
        for turn in range(ROUNDS):
            for (name, slowness), measure in found.items():
                _visit(browser, pages[name], slowness, measure)
            sys.stderr.write(f"round {turn + 1} of {ROUNDS}\n")
    report(found)


def _pages(stack: ExitStack, size: int) -> list[tuple[str, str]]:
    """The portal's map behind a proxy, and the bare one beside it; each reads tiles from the same place."""
    files = servers.WORK / f"bare_{size}"
    files.mkdir(parents=True, exist_ok=True)
    (files / TILE.removeprefix("/")).write_bytes(PIXEL)
    of_size = stack.enter_context(portal(size, TILES_URL=f"{TILE}?{{z}}-{{x}}-{{y}}"))
    _copy(files, of_size)
    static, proxy = stack.enter_context(servers.nginx(files, of_size.url))
    fetch(f"{proxy}/carte/", {})  # what the first visitor after a change waits for is benchmarks.public's
    return [(f"bare, {size}", f"{static}/index.html"), (f"portal, {size}", f"{proxy}/carte/")]


def _copy(files: Path, of_size: Portal) -> None:
    collected = servers.ROOT / "var" / "static"
    found = [*(servers.ROOT / "benchmarks" / "bare_map").iterdir(), *(collected / "leaflet").glob("leaflet.*s")]
    for file in [*found, collected / "vendor" / "supercluster" / "supercluster.min.js"]:
        shutil.copy(file, files)
        servers.compress(files / file.name)
    (files / "points.json").write_bytes(fetch(of_size.url + POINTS, servers.FORWARDED).body)
    (files / "points.json.gz").write_bytes(fetch(of_size.url + POINTS, GZIP).body)


def _browser(stack: ExitStack) -> Browser:
    playwright = stack.enter_context(sync_playwright())
    browser = playwright.chromium.launch(executable_path=servers.program("chromium"), args=FLAGS)
    stack.callback(browser.close)
    return browser


def _visit(browser: Browser, url: str, slowness: int, measure: Measure) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    context.add_init_script(WATCH)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": slowness})
    sizes: dict[str, float] = {}
    addresses: dict[str, str] = {}
    session.on(
        "Network.requestWillBeSent", lambda event: addresses.update({event["requestId"]: event["request"]["url"]})
    )
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto(url, wait_until="commit", timeout=120_000)
    give_up_at = time.monotonic() + 120
    # Asked from here: what Playwright would poll by in the page, its security policy forbids.
    while not (idle_at := page.evaluate("idleAt()")):
        assert time.monotonic() < give_up_at, f"{url} draws no marker"
        page.wait_for_timeout(100)
    measure.milliseconds.append(float(idle_at))
    measure.longest_task.append(float(page.evaluate("Math.max(0, ...tasks)")))
    measure.weight.append(sum(size for request, size in sizes.items() if TILE not in addresses[request]) / 1000)
    context.close()


def report(found: dict[tuple[str, int], Measure]) -> None:
    out = sys.stdout.write
    out(f"{'map':16}{'slowed':>8}{'ms':>8}{'× bare':>8}{'longest task':>14}{'KB':>7}\n")
    for (name, slowness), measure in found.items():
        took = statistics.median(measure.milliseconds)
        bare = statistics.median(found[name.replace("portal", "bare"), slowness].milliseconds)
        task, weight = statistics.median(measure.longest_task), statistics.median(measure.weight)
        out(f"{name:16}{slowness:8}{took:8.0f}{took / bare:8.2f}{task:14.0f}{weight:7.0f}\n")
    out(f"targets: × bare {MOST}; on a desktop no task over {LONGEST} ms; {HEAVIEST} KB\n")


if __name__ == "__main__":
    main()
