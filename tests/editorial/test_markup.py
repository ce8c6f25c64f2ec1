"""Markdown of editors: what it makes, and what it never makes."""

import re

import pytest

from editorial.markup import render

RENDERED = {
    "# Un": "<h2>Un</h2>",
    "## Deux": "<h2>Deux</h2>",
    "### Trois": "<h3>Trois</h3>",
    "###### Six": "<h4>Six</h4>",
    "- un\n- deux": "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>",
    "3. trois": '<ol start="3">\n<li>trois</li>\n</ol>',
    "**gras** et *penché*": "<p><strong>gras</strong> et <em>penché</em></p>",
    "une ligne\nune autre": "<p>une ligne<br>\nune autre</p>",
    "[la liste](/evenements/)": '<p><a href="/evenements/" rel="noopener">la liste</a></p>',
    "[l’Onisep](https://www.onisep.fr/)": '<p><a href="https://www.onisep.fr/" rel="noopener">l’Onisep</a></p>',
    "5 < 6 & 7": "<p>5 &lt; 6 &amp; 7</p>",
}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<iframe src=https://evil.example></iframe>",
    "[cliquez](javascript:alert(1))",
    "[cliquez](JaVaScRiPt:alert(1))",
    "[cliquez](data:text/html;base64,PHNjcmlwdD4=)",
    "<javascript:alert(1)>",
    "![image](https://evil.example/pixel.png)",
    '[x](https://a.example "onclick=alert(1)")',
    "[x](https://a.example/'onmouseover='alert(1))",
    "## <svg onload=alert(1)>",
    "```\n<script>alert(1)</script>\n```",
]


@pytest.mark.parametrize(("text", "html"), RENDERED.items())
def test_what_is_typed_becomes(text: str, html: str) -> None:
    assert render(text).strip() == html


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_is_typed_runs_or_is_fetched(text: str) -> None:
    tags = re.findall(r"<[^>]*>", render(text))

    assert [tag for tag in tags if re.search(r"script|img|iframe|svg|\son\w+=|data:", tag, re.IGNORECASE)] == []
