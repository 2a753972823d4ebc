"""What is kept from render to render: bounded, counted, shared by threads, without a trace in the pixels."""

import threading
from pathlib import Path

import pytest

from engines.image_core import ImageComposition, Renderer, SourceError
from engines.image_core.export import encode_png
from engines.image_core.runtime.caching import Cache, CacheCounts
from engines.image_core.tests.composing import Layer, composed, flat, photo, picture


def lengths(max_bytes: int) -> Cache:
    """A cache of byte strings."""
    return Cache(max_bytes, len)


class TestCache:
    """The cache by itself."""

    def test_a_value_is_made_once(self) -> None:
        """The second to ask gets what the first had made, and both are counted."""
        cache, tally = lengths(10), CacheCounts()
        assert (
            cache.once("a", lambda: b"first", tally) == cache.once("a", lambda: b"second", tally) == b"first"
        )
        assert tally == CacheCounts(hits=1, misses=1)
        assert cache.held_bytes == 5

    def test_what_was_unused_for_longest_is_dropped_first(self) -> None:
        """Of three values where two may stay, the one not asked for again goes."""
        cache = lengths(8)
        for key in ("a", "b", "a", "c"):
            cache.once(key, lambda: b"1234", CacheCounts())
        assert cache.held_bytes == 8
        found = CacheCounts()
        for key in ("c", "a", "b"):
            cache.once(key, lambda: b"1234", found)
        assert found == CacheCounts(hits=2, misses=1)

    def test_a_value_beyond_the_bound_drops_no_other(self) -> None:
        """It is handed over and not kept; what was there stays."""
        cache, tally = lengths(8), CacheCounts()
        cache.once("small", lambda: b"1234", tally)
        assert cache.once("large", lambda: bytes(9), tally) == bytes(9)
        cache.once("small", lambda: b"", tally)
        assert (tally.hits, cache.held_bytes) == (1, 4)

    def test_what_is_there_is_found_and_counts_as_used(self) -> None:
        """A found value is dropped after one that was not asked for; what is not there is a KeyError."""
        cache = lengths(8)
        cache.keep("a", b"1234")
        cache.keep("b", b"1234")
        assert cache.found("a") == b"1234"
        cache.keep("c", b"1234")
        assert cache.found("a") == b"1234"
        with pytest.raises(KeyError):
            cache.found("b")

    def test_a_value_kept_again_takes_the_place_of_the_first(self) -> None:
        """Its bytes are counted once."""
        cache = lengths(8)
        cache.keep("a", b"1234")
        cache.keep("a", b"12345")
        assert (cache.found("a"), cache.held_bytes) == (b"12345", 5)

    def test_what_could_not_be_made_is_tried_again(self) -> None:
        """An error goes to who asked, and the next one makes the value."""
        cache = lengths(8)
        with pytest.raises(ZeroDivisionError):
            cache.once("a", lambda: bytes(1 // 0), CacheCounts())
        assert cache.once("a", lambda: b"made", CacheCounts()) == b"made"

    def test_of_threads_that_want_one_value_one_makes_it(self) -> None:
        """Eight ask while the first is still making: it is made once."""
        cache, tally = lengths(8), CacheCounts()
        waiting = threading.Barrier(8)
        made = []

        def make() -> bytes:
            made.append(threading.get_ident())
            return b"made"

        def ask() -> None:
            waiting.wait()
            assert cache.once("a", make, tally) == b"made"

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(made) == 1
        assert tally == CacheCounts(hits=7, misses=1)


def text(words: str, **fields: object) -> Layer:
    """A text layer."""
    return {"type": "text", "text": words, "size": 20.0, **fields}


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="9"/></svg>'
ELLIPSE = {"type": "ellipse", "cx": 20, "cy": 20, "rx": 9, "ry": 5, "fill": "#00ff00"}
STOPS = [{"offset": 0, "color": "#ff0000"}, {"offset": 1, "color": "#0000ff80"}]
MASK = {"selection": {"type": "ellipse", "points": [[0, 0], [40, 30]]}}
DRAWN: list[Layer] = [
    picture(flat("#204060", 40, 30)),
    {"type": "raster", "source": {"color": {"type": "linear", "stops": STOPS}}},
    {"type": "vector", "svg": SVG},
    {"type": "vector", "shapes": [ELLIPSE]},
    text("Kept", mask=MASK),
]
"""Every kind of source that a cache takes, and a mask: six values."""


def stack(*more: Layer) -> ImageComposition:
    """A composition of DRAWN and more."""
    return composed(*DRAWN, *more, size=(64, 48))


def counts(renderer: Renderer, composition: ImageComposition) -> tuple[int, int]:
    """Hits and misses of the sources of one render."""
    found = renderer.render(composition).cache["sources"]
    return found["hits"], found["misses"]


class TestSources:
    """Decoded and drawn sources, kept by a renderer."""

    def test_a_second_render_makes_no_source(self) -> None:
        """All six are hits; with another headline above, it alone is made."""
        with Renderer("numpy") as renderer:
            assert counts(renderer, stack(text("First"))) == (0, 7)
            assert counts(renderer, stack(text("First"))) == (7, 0)
            assert counts(renderer, stack(text("Second"))) == (6, 1)

    def test_a_cached_source_changes_no_hash(self) -> None:
        """Cold, warm and without a cache: one pipeline hash, one pixel hash."""
        with Renderer("numpy") as renderer, Renderer("numpy", cache_bytes=0) as without:
            images = [renderer.render(stack()), renderer.render(stack()), without.render(stack())]
        assert len({(image.pipeline_hash, image.pixel_hash) for image in images}) == 1

    @pytest.mark.parametrize(
        "fields",
        [
            {"color": "#ff0000"},
            {"size": 21.0},
            {"weight": 700},
            {"italic": True},
            {"align": "right", "box_width": 60.0},
            {"letter_spacing": 1.0},
            {"transform": {"rotation": 3.0}},
        ],
        ids=lambda fields: next(iter(fields)),
    )
    def test_text_that_differs_in_a_field_is_another(self, fields: Layer) -> None:
        """Whatever changes what is drawn is drawn anew, as without a cache."""
        other = composed(text("Kept", **fields), size=(64, 48))
        with Renderer("numpy") as renderer, Renderer("numpy", cache_bytes=0) as without:
            renderer.render(composed(text("Kept"), size=(64, 48)))
            image = renderer.render(other)
            assert image.cache["sources"]["misses"] == 1
            assert image.pixel_hash == without.render(other).pixel_hash

    def test_what_a_layer_is_drawn_with_is_no_part_of_its_key(self) -> None:
        """Another name, opacity and mode find the same text."""
        with Renderer("numpy") as renderer:
            counts(renderer, composed(text("Kept"), size=(64, 48)))
            again = composed(text("Kept", name="b", opacity=0.5, blend_mode="screen"), size=(64, 48))
            assert counts(renderer, again) == (1, 0)

    def test_a_file_written_anew_is_read_anew(self, tmp_path: Path) -> None:
        """Pictures are known by their bytes, not by their paths."""
        composition = composed(photo("a.png"), size=(4, 4))
        with Renderer("numpy", root=tmp_path) as renderer:
            for color in ("#ff0000", "#00ff00"):
                pixels = flat(color, 4, 4)
                (tmp_path / "a.png").write_bytes(encode_png(pixels))
                assert renderer.render(composition).pixels.tobytes() == pixels.tobytes()

    def test_the_bound_holds(self) -> None:
        """Forty pictures of 10,000 bytes leave no more than the 50,000 that are allowed."""
        with Renderer("numpy", cache_bytes=50_000) as renderer:
            for red in range(40):
                image = renderer.render(composed(picture(flat(f"#{red:02x}0000", 50, 50))))
        assert 40_000 < image.cache["sources"]["bytes"] <= 50_000

    def test_without_a_cache_nothing_is_held(self) -> None:
        """cache_bytes=0: all is made each time."""
        with Renderer("numpy", cache_bytes=0) as renderer:
            assert counts(renderer, stack()) == counts(renderer, stack()) == (0, 6)
            assert renderer.render(stack()).cache["sources"]["bytes"] == 0

    def test_of_two_faulty_layers_the_lower_is_named(self) -> None:
        """Side by side or not: the message is the same each time, and the renderer lives on."""
        faulty = [photo("none.png", id=f"layer {index}") for index in range(6)]
        with Renderer("numpy") as renderer:
            for _ in range(5):
                with pytest.raises(SourceError, match="layer 0"):
                    renderer.render(composed(*faulty))
            assert counts(renderer, stack()) == (0, 6)
