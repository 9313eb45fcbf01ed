"""Where the elements of an HTML text stand."""

from __future__ import annotations

import pytest

from foresay.publishing.elements import read_elements

TEXT = (
    '<main id="m">\n<p class="a b">x &lt;p&gt;<br>\n<img src="i">y</p><script>"<p>"</script></main>'
)


def test_places_cut_the_text():
    main, p, br, img, script = read_elements(TEXT)
    assert [each.tag for each in (main, p, br, img, script)] == ["main", "p", "br", "img", "script"]
    assert TEXT[main.start : main.end] == TEXT
    assert TEXT[p.inner : p.inner_end] == 'x &lt;p&gt;<br>\n<img src="i">y'
    assert TEXT[p.start : p.inner] == '<p class="a b">'
    assert TEXT[img.start : img.end] == '<img src="i">'
    assert TEXT[script.inner : script.inner_end] == '"<p>"'
    assert main.inside == [p, br, img, script]
    assert (img.parent, list(img.above)) == (p, [p, main])
    assert (main.identifier, p.identifier, p.classes) == ("m", "", {"a", "b"})


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("<ul><li>a<li>b</ul><p>c", ["<ul><li>a<li>b</ul>", "<li>a<li>b", "<li>b", "<p>c"]),
        ("<p>a</div></p>", ["<p>a</div></p>"]),
        ("<b/>c", ["<b/>"]),
    ],
)
def test_what_is_never_closed_ends_with_what_it_stands_in(text, ends):
    assert [text[each.start : each.end] for each in read_elements(text)] == ends
