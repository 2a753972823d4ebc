"""A Photoshop file as a template: what is in it, and compositions of it with something changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, Literal, get_args

from psd_tools import PSDImage
from psd_tools.constants import ColorMode

from engines.image_core.errors import CompositionError, ImageCoreError, SourceError
from engines.image_core.models import ImageComposition
from engines.image_core.models import Layer as AnyLayer
from engines.image_core.psd.artboards import artboard_box
from engines.image_core.psd.changes import Changes, Picture, Redrawn
from engines.image_core.psd.comps import check_comp, comp_names, comp_visibility, comps_say_more
from engines.image_core.psd.document import Document, Fields
from engines.image_core.psd.finding import find_layers, numbered
from engines.image_core.psd.layers import PsdLayer, tell_layers, walk
from engines.image_core.psd.mapping import LayerMapping
from engines.image_core.psd.smart_objects import SmartObject
from engines.image_core.runtime.limits import DEFAULT_LIMITS, RenderLimits
from engines.image_core.sources.psd.opening import open_document, reading
from engines.image_core.sources.psd.parts import document_files, part_bytes, part_mask, part_picture
from engines.image_core.sources.psd.planes import own_profile
from engines.image_core.sources.text.families import FontFolder

__all__ = ["Profile", "PsdTemplate"]

Profile = Literal["srgb", "keep"]
_COLORED = "text", "shape", "fill"


class PsdTemplate:
    """A Photoshop file (PSD or PSB); `open` and `read` make one.

    It maps the file's layers to those of compositions, which name the file as the source of its pixels: a
    renderer has to find it. Layers that are not changed draw the pixels that the file keeps of them.

    Attributes:
        layers: the file's, the lowest first, each with what of it is approximated.
        width, height: of its canvas.
        mode: "rgb", "grayscale", "cmyk" and so on.
        depth: bits a channel: 1, 8, 16 or 32.
        approximated: what of the file as a whole is not drawn as Photoshop draws it, in short sentences.
    """

    def __init__(
        self,
        image: PSDImage,
        source: Mapping[str, str],
        name: str,
        profile: Profile,
        strict: bool,
        fonts: str | PathLike[str] | None = None,
    ) -> None:
        if profile not in get_args(Profile):
            raise CompositionError(f"profile {profile!r} is not allowed: allowed is srgb or keep")
        self._image = image
        self._source = dict(source)
        self._name = name
        self._profile = profile
        self._fonts = FontFolder(fonts)
        self._strict = strict
        self.width, self.height = image.width, image.height
        self.mode = image.color_mode.name.lower()
        self.depth = image.depth
        with self._reading():
            self.approximated = _approximated(image)
            document = Document(image, source)
            mapping = LayerMapping(document, Changes())
            self._plain = {document.number(layer): mapping.layer(layer) for layer in image}
            self.layers = tell_layers(image, document)
        if strict:
            self._refuse_approximated()

    @classmethod
    def open(
        cls,
        path: str | PathLike[str],
        *,
        source: str | None = None,
        fonts: str | PathLike[str] | None = None,
        profile: Profile = "srgb",
        strict: bool = False,
        limits: RenderLimits = DEFAULT_LIMITS,
    ) -> PsdTemplate:
        """The template of a file.

        Args:
            path: the file.
            source: how compositions name it, from the renderer's root; by default its whole path, which is
                right for every renderer whose root is a folder around it.
            fonts: the renderer's folder of fonts, for `missing_fonts`.
            profile: "srgb" converts finished pictures from the file's colour space to sRGB; "keep" leaves
                them in it.
            strict: what cannot be drawn as Photoshop draws it is an error, and not only reported.
            limits: what the file may cost.

        Raises:
            SourceError: the file cannot be read, or is damaged or too large.
            CompositionError: something of it is approximated, and may not be.
        """
        file = Path(path)
        try:
            data = file.read_bytes()
        except OSError as error:
            raise SourceError(f"the file {str(path)!r} cannot be read ({error.strerror or error})") from error
        named = {"path": str(file.resolve()) if source is None else source}
        options: dict[str, Any] = {"fonts": fonts, "profile": profile, "strict": strict, "limits": limits}
        return cls.read(data, named, name=file.name, **options)

    @classmethod
    def read(
        cls,
        data: bytes,
        source: Mapping[str, str],
        *,
        name: str = "the PSD file",
        fonts: str | PathLike[str] | None = None,
        profile: Profile = "srgb",
        strict: bool = False,
        limits: RenderLimits = DEFAULT_LIMITS,
    ) -> PsdTemplate:
        """The template of a file's bytes.

        Args:
            data: the file.
            source: how compositions name it: {"path": ...}, or {"asset_id": ...} of a media store.
            name: how errors name it.
            fonts, profile, strict, limits: as of `open`; errors too.
        """
        return cls(open_document(data, name, limits), source, name, profile, strict, fonts)

    @cached_property
    def comps(self) -> tuple[str, ...]:
        """The names of the file's layer comps."""
        with self._reading():
            return comp_names(self._image)

    @property
    def profile(self) -> bytes | None:
        """The ICC profile of the file's own colour space; None where it has none, or is drawn in sRGB."""
        with self._reading():
            return own_profile(self._image)

    @cached_property
    def missing_fonts(self) -> tuple[str, ...]:
        """The PostScript names of fonts of its texts that the folder of fonts lacks: such a text cannot be
        replaced."""
        known = self._fonts.families(self._name)
        named = dict.fromkeys(font for layer in walk(self.layers) for font in layer.fonts)
        return tuple(font for font in named if not known.knows(font))

    @property
    def artboards(self) -> tuple[str, ...]:
        """The names of its artboards."""
        return tuple(layer.name for layer in walk(self.layers) if layer.kind == "artboard")

    def composition(
        self,
        *,
        tenant_id: str,
        env: str,
        text: Mapping[str, Any] | None = None,
        images: Mapping[str, Any] | None = None,
        visible: Mapping[str, bool] | None = None,
        colors: Mapping[str, str] | None = None,
        comp: str | None = None,
        artboard: str | None = None,
        redraw: bool | Collection[Redrawn] = False,
    ) -> ImageComposition:
        """The file as a composition, with something changed.

        Layers are called by their names, by paths such as "Card/Headline", or by ids such as "#12"; all that
        are called so are changed.

        Args:
            tenant_id: whose it is.
            env: in which of their environments.
            text: new text of text layers: a string, which keeps the style of what it replaces.
            images: new pictures in smart objects, and in their copies: a path from the renderer's root, a
                file's bytes (of an SVG or a PSD file, too), or a raster layer's source or {"svg": ...}, which
                may say beside that how it is fitted into the box of the old one, {"path": "rocket.jpg",
                "fit": "contain"}: cover, contain or fill.
            visible: which layers are shown.
            colors: new colours of fill layers, shapes and texts: #rrggbb in the file's colour space.
            comp: the name of a layer comp, whose layers are shown.
            artboard: the name of an artboard, which alone is drawn; the canvas is its box.
            redraw: shapes, fills and text are drawn from their settings, and not with the file's pixels; or
                some of these kinds, such as {"shape", "fill"}.

        Raises:
            CompositionError: there is no such layer, comp or artboard; what is given for it is not allowed;
                of a strict template, what is put into it is approximated (see `PsdLayer.approximated_anew`).
            SourceError: the file is damaged.
        """
        changes = self._changes(text or {}, images or {}, visible or {}, colors or {}, comp, redraw)
        return self.changed(changes, tenant_id=tenant_id, env=env, artboard=artboard)

    def changed(
        self, changes: Changes, *, tenant_id: str, env: str, artboard: str | None = None
    ) -> ImageComposition:
        """The file as a composition, with layers of some numbers changed. Otherwise as `composition`."""
        told = None if artboard is None else find_layers(self.layers, artboard, "artboard", ("artboard",))[0]
        with self._reading():
            fields: Fields = {
                "tenant_id": tenant_id, "env": env, "width": self.width, "height": self.height,
                "bit_depth": 8 if self.depth == 8 else 16, **self._space(),
            }  # fmt: skip
            group, origin = self._image, (0, 0)
            if told is not None:
                group, box = self._artboard(told)
                origin = box[0], box[1]
                fields |= {"width": box[2] - box[0], "height": box[3] - box[1]}
            document = Document(self._image, self._source, origin)
            mapping = LayerMapping(document, changes)
            fields["layers"] = self._layers(mapping, changes, group, document)
            composition = ImageComposition.model_validate(fields)
        if self._strict:
            self._refuse_anew(document)
        return composition

    def part(self, name: str, label: str) -> Any:
        """A part of the file: bytes, or an array of pixels or of a mask. Errors as of `part_picture`."""
        if name == "profile" or name.endswith(".lookup") or name.startswith("files["):
            return part_bytes(self._image, name, label)
        read = part_mask if name.endswith("mask") else part_picture
        return read(self._image, name, label)

    def file_of(self, smart: SmartObject) -> str | None:
        """The name of the part that is the file in a smart object; None where it lies beside the PSD file."""
        with self._reading():
            files = enumerate(document_files(self._image))
            return next((f"files[{n}]" for n, file in files if file.uuid == smart.uuid and file.data), None)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Around whatever reads the file, or checks what it says: all errors are ours and name the file."""
        try:
            with reading(self._name):
                yield
        except ImageCoreError as error:
            if str(error).startswith(f"{self._name}: "):
                raise
            raise type(error)(f"{self._name}: {error}") from error

    def _layers(self, mapping: LayerMapping, changes: Changes, group: Any, document: Document) -> list[Any]:
        if group is not self._image:
            return [mapping.layer(group) | {"visible": True, "clip": False}]
        if not len(self._image):
            return [{"type": "raster", "source": document.part("merged")}]
        if changes.redraw:
            return mapping.layers(self._image)
        return [
            mapping.layer(layer)
            if changes.touch({told.number, *(one.number for one in walk(told.layers))})
            else self._checked[told.number]
            for told, layer in zip(self.layers, self._image, strict=True)
        ]

    @cached_property
    def _checked(self) -> dict[int, AnyLayer]:
        """The layers that are not in groups, as they are in the file: they need not be checked again."""
        fields = {"tenant_id": "any", "env": "any", "width": self.width, "height": self.height}
        layers = ImageComposition.model_validate(fields | {"layers": [*self._plain.values()]}).layers
        return dict(zip(self._plain, layers, strict=True))

    def _changes(
        self,
        text: Mapping[str, Any],
        images: Mapping[str, Any],
        visible: Mapping[str, bool],
        colors: Mapping[str, str],
        comp: str | None,
        redraw: bool | Collection[Redrawn],
    ) -> Changes:
        shown = {}
        if comp is not None:
            check_comp(self.comps, comp)
            with self._reading():
                shown = comp_visibility(self._image, comp, Document(self._image, self._source))
        return Changes(
            text=numbered(self.layers, text, "text", ("text",)),
            images=self._pictures(images),
            visible=shown | numbered(self.layers, visible, "visible"),
            colors=numbered(self.layers, colors, "colors", _COLORED),
            redraw=_kinds(redraw),
        )

    def _pictures(self, images: Mapping[str, Any]) -> dict[int, Picture]:
        """New pictures by the numbers of their layers: of linked smart objects all copies change together."""
        found = {}
        for key, given in images.items():
            picture = Picture.of(given, f"images: {key!r}")
            for layer in find_layers(self.layers, key, "images", ("smart object",)):
                smart = layer.smart_object
                if smart is None:
                    raise CompositionError(f"images: the file does not say where {key!r} lies")
                copies = (
                    other.number
                    for other in walk(self.layers)
                    if other.smart_object is not None and other.smart_object.uuid == smart.uuid
                )
                found.update(dict.fromkeys([*copies, layer.number], picture))
        return found

    def _artboard(self, told: PsdLayer) -> tuple[Any, tuple[int, int, int, int]]:
        document = Document(self._image, self._source)
        layer = next(layer for layer in self._image.descendants() if document.number(layer) == told.number)
        left, top, right, bottom = (round(edge) for edge in artboard_box(layer))
        return layer, (left, top, right, bottom)

    def _space(self) -> Fields:
        """The file's own colour space, and whether it is left."""
        if own_profile(self._image) is None:
            return {}
        document = Document(self._image, self._source)
        return {"color_profile": document.part("profile"), "output_profile": self._profile}

    def _refuse_approximated(self) -> None:
        for note in self.approximated:
            raise CompositionError(f"{self._name}: {note}")
        for layer in walk(self.layers):
            for note in layer.approximated:
                raise CompositionError(f"{self._name}: layer {layer.path!r}: {note}")

    def _refuse_anew(self, document: Document) -> None:
        """Refuse what is approximated only of what was changed: all else was when the file was opened."""
        for layer in self._image.descendants():
            for note in document.notes(layer):
                raise CompositionError(f"{self._name}: layer {layer.name!r}: {note}")


def _kinds(redraw: bool | Collection[Redrawn]) -> frozenset[Redrawn]:
    if isinstance(redraw, bool):
        return frozenset(get_args(Redrawn)) if redraw else frozenset()
    for kind in redraw:
        if kind not in get_args(Redrawn):
            raise CompositionError(
                f"redraw: {kind!r} is not allowed: allowed is {', '.join(get_args(Redrawn))}"
            )
    return frozenset(redraw)


def _approximated(image: PSDImage) -> tuple[str, ...]:
    notes = []
    if image.color_mode in (ColorMode.CMYK, ColorMode.LAB):
        mode = image.color_mode.name
        notes.append(f"its layers are converted from {mode} to sRGB one by one, and composited there")
    if image.color_mode is ColorMode.DUOTONE:
        notes.append("its duotone inks are drawn as grey")
    if image.depth == 32:
        notes.append("its light of 32 bits is brought to sRGB of 8 bits, and composited there")
    if image.depth == 16:
        notes.append("its samples of 16 bits are rounded to 8 before they are composited in 15")
    if comps_say_more(image):
        notes.append("of its layer comps, which layers they show is drawn, not how they move and style them")
    return tuple(notes)
