"""Pages of the gallery: HTML beside the files of the figures, Markdown for a documentation."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from foresay.display import escape_html, escape_markdown
from foresay.publishing.engines.security import with_policy
from foresay.publishing.gallery import Item

_ABOUT = (
    "Every figure, by what a reader wants to know. `foresay figures STUDY` draws those that a "
    "study supports, for one column and for two, and writes a page like this one; `make images` "
    "writes this one, from the study *{}*"
)
_STYLE = """
:root { color-scheme: light dark; --page: #fff; --ink: #1a1a1a; --link: #0b4f8a; }
@media (prefers-color-scheme: dark) {
  :root { --page: #15181c; --ink: #e8e8e8; --link: #9ec5f5; }
}
a { color: var(--link); }
body { background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif;
  max-width: 76rem; margin: 2rem auto; padding: 0 1rem; }
main section > div { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr));
  gap: 1.5rem; }
article { min-width: 0; }
h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
p { margin: .4rem 0; overflow-wrap: anywhere; }
figure { margin: .5rem 0; }
figure a { display: block; height: 15rem; overflow: hidden; background: white;
  border: 1px solid #888; }
figure img { width: 100%; height: 100%; object-fit: contain; object-position: top; }
figcaption, .needs { font-size: .85rem; }
figcaption { margin-top: .4rem; }
"""


def gallery_page(
    page: Path,
    title: str,
    listed: Mapping[str, Sequence[Item]],
    pictures: Mapping[str, str],
    files: Mapping[str, Sequence[str]],
) -> str:
    """Return the page that is to be written: Markdown where its name ends in ``.md``, else HTML.

    Parameters
    ----------
    page : Path
        Where it will stand.
    title, listed, pictures
        As for `html_page`.
    files : mapping of str to sequence of str
        By figure: its files.
    """
    from_page = {
        name: [Path(os.path.relpath(file, page.parent)).as_posix() for file in made]
        for name, made in files.items()
    }
    if page.suffix != ".md":
        return html_page(title, listed, pictures, from_page)
    images = {
        name: next((f for f in made if f.endswith((".svg", ".png"))), "")
        for name, made in from_page.items()
    }
    return markdown_page(title, listed, {name: file for name, file in images.items() if file})


def html_page(
    title: str,
    listed: Mapping[str, Sequence[Item]],
    pictures: Mapping[str, str],
    files: Mapping[str, Sequence[str]],
) -> str:
    """Return the gallery as one page; nothing that it needs stands outside it.

    Parameters
    ----------
    title : str
        Of the study.
    listed : mapping of str to sequence of Item
        What `foresay.publishing.gallery.items` returned.
    pictures : mapping of str to str
        By figure: the SVG that the page shows.
    files : mapping of str to sequence of str
        By figure: its files, as seen from the page.
    """
    named = escape_html(f"Figures: {title}")
    links, sections = [], []
    for number, (section, items) in enumerate(listed.items(), start=1):
        place, heading = f"section-{number}", escape_html(section)
        links.append(f'<li><a href="#{place}">{heading}</a></li>')
        articles = "\n".join(
            _article(item, pictures.get(item.name, ""), files.get(item.name, ())) for item in items
        )
        sections.append(
            f'<section aria-labelledby="{place}">\n<h2 id="{place}">{heading}</h2>\n'
            f"<div>\n{articles}\n</div>\n</section>"
        )
    return with_policy(
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{named}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<h1>{named}</h1>\n<nav aria-label="Questions">\n<ul>\n{"".join(links)}\n</ul>\n</nav>\n'
        f"{chr(10).join(sections)}\n</main>\n</body>\n</html>\n"
    )


def _article(item: Item, picture: str, files: Sequence[str]) -> str:
    needs = re.sub(r"`([^`]*)`", r"<code>\1</code>", escape_html(item.needs))
    head = (
        f'<h3 id="{item.name}">{escape_html(item.question)}</h3>\n<p><code>{item.name}</code></p>'
    )
    needed = f'<p class="needs">Needs {needs}.</p>'
    if item.figure is None:
        why = f": {escape_html(item.reason)}" if item.reason else ""
        return f"<article>\n{head}\n{needed}\n<p>Not drawn{why}.</p>\n</article>"
    data = base64.b64encode(picture.encode()).decode()
    image = f'<img alt="{escape_html(item.figure.alt)}" src="data:image/svg+xml;base64,{data}">'
    to = [quote(file) for file in files]
    names = [file.rpartition("/")[2].removeprefix(item.name) for file in files]
    links = ", ".join(f'<a href="{t}">{n.strip(".-")}</a>' for t, n in zip(to, names, strict=True))
    first = f'<a href="{to[0]}">{image}</a>' if to else image
    return (
        f"<article>\n{head}\n<figure>\n{first}\n"
        f"<figcaption>{escape_html(item.figure.caption)}</figcaption>\n</figure>\n"
        f"<p>Files: {links}.</p>\n{needed}\n</article>"
    )


def markdown_page(
    title: str, listed: Mapping[str, Sequence[Item]], images: Mapping[str, str]
) -> str:
    """Return the gallery as Markdown.

    Parameters
    ----------
    title : str
        Of the study.
    listed : mapping of str to sequence of Item
        What `foresay.publishing.gallery.items` returned.
    images : mapping of str to str
        By figure: its image, as seen from the page.
    """
    parts = [
        "# Gallery",
        _ABOUT.format(escape_markdown(title)),
    ]
    for section, items in listed.items():
        parts.append(f"## {section}")
        for item in items:
            parts.append(f"### {item.name}")
            parts.append(f"{item.question} Needs {item.needs}.")
            if item.figure is None or item.name not in images:
                parts.append("The study above does not have that.")
                continue
            words = escape_markdown(item.figure.alt)
            parts.append(f"![{words}]({quote(images[item.name])})")
            parts.append(escape_markdown(item.figure.caption))
    return "\n\n".join(parts) + "\n"
