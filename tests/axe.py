"""What axe finds wrong in a page as it stands."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect


def faults(page: Page) -> list[str]:
    """Each fault with the element at fault; waits for the page, which a click may only just have asked for."""
    page.emulate_media(reduced_motion="reduce")  # on its way, a transition passes through other colours
    page.wait_for_load_state("load")
    expect(page.locator("h1").first).to_be_visible()
    # Read from what is drawn: the style sheets that axe would copy into the page break its security policy.
    violations = Axe().run(page, options={"preload": False}).response["violations"]
    return [f"{item['id']}: {node['html'][:160]}" for item in violations for node in item["nodes"]]
