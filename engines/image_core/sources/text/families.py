"""Fonts by name, those in a folder that the caller names and the built-in ones: families, and single fonts by
their PostScript names. Never the host's."""

from __future__ import annotations

import os
import threading
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from os import PathLike
from pathlib import Path

from engines.image_core.composition.guessing import guess
from engines.image_core.errors import CompositionError, SourceError
from engines.image_core.sources.files import FileRoot, FileVersion, file_version
from engines.image_core.sources.text.builtin_fonts import FAMILIES, builtin_files, family_files, family_font
from engines.image_core.sources.text.font_error import FontError
from engines.image_core.sources.text.font_files import one_font
from engines.image_core.sources.text.fonts import NO_AXES, LoadedFont, load_font
from engines.image_core.sources.text.named_fonts import NamedFont, by_postscript
from engines.image_core.sources.text.styles import FontStyle, best_style, styles_of

__all__ = ["Families", "FontFolder"]

_SUFFIXES = (".ttf", ".otf", ".ttc", ".otc", ".woff", ".woff2")
_MOST_ENTRIES = 100_000  # files and folders in a folder of fonts
_NAMED = 20  # families that a message lists


@dataclass(frozen=True)
class _File:
    """A file of the folder: what it is known by (None where that may not tell a change), and what it holds
    or what is wrong with it."""

    version: FileVersion | None
    styles: tuple[FontStyle, ...] = ()
    fault: str = ""


class FontFolder:
    """A folder of fonts, in which families are found by name.

    Files are told by their suffixes (.ttf, .otf, .ttc, .otc, .woff, .woff2), in folders below it too. Links
    to folders are not followed, links to files only to files inside. Each file is read once and again when
    it changes. Several threads may use it at once.

    Args:
        root: the folder; None has no fonts but the built-in ones.

    Raises:
        SourceError: there is no such folder.
    """

    def __init__(self, root: str | PathLike[str] | None = None) -> None:
        self._root = None if root is None else Path(root)
        if self._root is not None and not self._root.is_dir():
            raise SourceError(f"the folder of fonts {str(root)!r} does not exist or is no folder")
        self._files = FileRoot(self._root)
        self._known: dict[str, _File] = {}
        self._families = Families(self._files, {})
        self._lock = threading.Lock()

    def families(self, label: str = "fonts") -> Families:
        """The families as they are now: the folder is looked through, and what is new in it is read.

        Raises:
            SourceError: the folder cannot be read, or holds more than 100,000 files and folders; the message
                begins with the label.
        """
        if self._root is None:
            return self._families
        with self._lock:
            found = dict(_found(self._root, self._files, label))
            if found.keys() != self._known.keys() or any(map(self._changed, found.items())):
                files = {path: self._read(path, version) for path, version in sorted(found.items())}
                self._known = files
                self._families = Families(self._files, files)
            return self._families

    def _changed(self, item: tuple[str, FileVersion | None]) -> bool:
        path, version = item
        return version is None or self._known[path].version != version

    def _read(self, path: str, version: FileVersion | None) -> _File:
        known = self._known.get(path)
        if known is not None and version is not None and known.version == version:
            return known
        try:
            return _File(version, styles_of(self._files.read(path, "fonts"), path))
        except FontError as error:
            return _File(version, fault=f"fonts: the file {path!r}: {error}")
        except SourceError as error:
            return _File(version, fault=str(error))


class Families:
    """The families of a folder at one moment, and the built-in one.

    Attributes:
        faults: what is wrong with files that are named as fonts are and are none: a line for each, by path.
    """

    def __init__(self, files: FileRoot, found: Mapping[str, _File]) -> None:
        self._files = files
        self._found = found
        self._by_name: dict[str, list[FontStyle]] = {}
        for file in found.values():
            for style in file.styles:
                for name in dict.fromkeys(name.casefold() for name in style.families):
                    self._by_name.setdefault(name, []).append(style)
        self._by_postscript = by_postscript(style for file in found.values() for style in file.styles)
        self.faults = {path: file.fault for path, file in found.items() if file.fault}

    def font(
        self,
        name: str,
        label: str,
        *,
        weight: int = 400,
        italic: bool = False,
        axes: Mapping[str, float] = NO_AXES,
        exact: bool = True,
    ) -> LoadedFont:
        """A font by the name of its family, in any case and in any language that the font names it in; or,
        where no family has it, by its own PostScript name.

        The style of a family is chosen as CSS Fonts Level 4 does, by width, then weight, the nearest there
        is. Nothing is faked: an italic must be there. A family of the folder goes before a built-in one of
        its name. A PostScript name is one font, or a named instance of a variable font, in its own style.

        Args:
            name: of a family or of a font.
            label: who asks, for messages.
            weight, italic, axes, exact: as for `load_font`; of a family's weights the nearest is taken, and a
                PostScript name's font has no other weight and slant than its own.

        Raises:
            CompositionError: the name is not known; the message lists the first 20 families that are.
            SourceError: there is no such italic, weight or axis, or the file is damaged or no longer there.
        """
        family = self._by_name.get(name.casefold())
        if family is not None:
            return self._of_family(name, family, label, weight, italic, axes, exact)
        if _is_builtin(name):
            return family_font(name, label, weight=weight, italic=italic, axes=axes, exact=exact)
        named = self._named(name)
        if named is None:
            raise self._unknown(name, label)
        if exact:
            named.check(weight, italic, label)
        place = {**named.place, **axes}
        return load_font(
            self._data(named.style, label), label, axes=place, index=named.style.index, exact=exact
        )

    def files(self, name: str, label: str) -> list[bytes]:
        """The files of all styles of a name, each a TrueType or OpenType font of its own.

        Raises:
            CompositionError: as `font`.
            SourceError: a file is damaged or no longer there.
        """
        styles = self._by_name.get(name.casefold())
        if styles is None and _is_builtin(name):
            return family_files(name, label)
        if styles is None:
            named = self._named(name)
            if named is None:
                raise self._unknown(name, label)
            styles = [named.style]
        found = {(style.file, style.index): style for style in styles}
        return [one_font(self._data(style, label), style.index, label) for style in found.values()]

    def knows(self, name: str) -> bool:
        """Whether a family or a font has this name."""
        return name.casefold() in self._by_name or _is_builtin(name) or self._named(name) is not None

    def _of_family(
        self,
        family: str,
        styles: list[FontStyle],
        label: str,
        weight: int,
        italic: bool,
        axes: Mapping[str, float],
        exact: bool,
    ) -> LoadedFont:
        chosen = best_style(styles, weight, italic, axes)
        if chosen is None and not exact:
            chosen = best_style(styles, weight, False, axes)
        if chosen is None:
            weights = ", ".join(_told_weights(styles))
            raise SourceError(
                f"{label}, font: italic is not in the family {family!r}: it has upright of weight {weights}"
            )
        style, nearest = chosen
        data, index = self._data(style, label), style.index
        return load_font(data, label, weight=nearest, italic=italic, axes=axes, index=index, exact=exact)

    def _data(self, style: FontStyle, label: str) -> bytes:
        if style.file is None:
            return builtin_files()[f"{next(iter(style.postscript))}.otf"]
        return self._files.read(style.file, f"{label}, font")

    def _named(self, name: str) -> NamedFont | None:
        """The font of a PostScript name; one of the folder goes before a built-in one."""
        folded = name.casefold()
        return self._by_postscript.get(folded) or _builtin_postscript().get(folded)

    def version(self, name: str) -> Hashable | None:
        """What the fonts of a name are known by, equal as long as they are; None where that cannot be told: a
        file of them changed just now, or it is not known."""
        styles = self._by_name.get(name.casefold())
        if styles is None and _is_builtin(name):
            return ()
        if styles is None:
            named = self._named(name)
            if named is None:
                return None
            styles = [named.style]
        paths = sorted({style.file for style in styles if style.file is not None})
        versions = [self._found[path].version for path in paths]
        return None if None in versions else tuple(zip(paths, versions, strict=True))

    def listed(self) -> dict[str, tuple[FontStyle, ...]]:
        """The styles of each family, lightest first, by its name; families in alphabetical order."""
        styles = [style for file in self._found.values() for style in file.styles]
        styles += [style for style in _builtin_styles() if style.families[0].casefold() not in self._by_name]
        families: dict[str, list[FontStyle]] = {}
        for style in styles:
            families.setdefault(style.families[0], []).append(style)
        return {
            name: tuple(sorted(families[name], key=lambda style: (style.weight, style.italic)))
            for name in sorted(families, key=lambda name: (name.casefold(), name))
        }

    def _unknown(self, name: str, label: str) -> CompositionError:
        near = guess(name, self.listed()) or ":"
        return CompositionError(f"{label}, font: {name!r} is not known{near} {self._allowed()}")

    def _allowed(self) -> str:
        names = list(self.listed())
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        return (
            f"allowed are {', '.join(names[:_NAMED])}{more}, the PostScript name of one of their fonts, or a"
            f" font file{self._told_faults()}; to have more, put their files into the folder of fonts"
        )

    def _told_faults(self) -> str:
        if len(self.faults) == 1:
            return " (1 file of the folder is no font)"
        return f" ({len(self.faults)} files of the folder are no fonts)" if self.faults else ""


def _is_builtin(family: str) -> bool:
    return family.casefold() in (known.casefold() for known in FAMILIES)


@lru_cache
def _builtin_styles() -> tuple[FontStyle, ...]:
    return tuple(style for data in builtin_files().values() for style in styles_of(data, None))


@lru_cache
def _builtin_postscript() -> Mapping[str, NamedFont]:
    return by_postscript(_builtin_styles())


def _told_weights(styles: list[FontStyle]) -> list[str]:
    ranges = sorted({style.weight for style in styles})
    return [str(low) if low == high else f"{low} to {high}" for low, high in ranges]


def _found(root: Path, files: FileRoot, label: str) -> Iterator[tuple[str, FileVersion | None]]:
    """The paths of files that are named as fonts are, below the root, with what each is known by."""
    pending, entries = [""], 0
    while pending:
        folder = pending.pop()
        for entry in _entries(root, folder, label):
            entries += 1
            if entries > _MOST_ENTRIES:
                raise SourceError(
                    f"{label}: the folder of fonts {str(root)!r} holds more than {_MOST_ENTRIES:,} files"
                )
            path = os.path.join(folder, entry.name)
            if entry.is_dir(follow_symlinks=False):
                pending.append(path)
            elif entry.name.lower().endswith(_SUFFIXES):
                yield path, _version(entry, path, files)


def _entries(root: Path, folder: str, label: str) -> list[os.DirEntry[str]]:
    """What is in a folder; nothing in one that is gone since it was listed."""
    try:
        with os.scandir(root / folder) as entries:
            return list(entries)
    except OSError as error:
        if folder and isinstance(error, FileNotFoundError):
            return []
        where = str(root / folder)
        raise SourceError(
            f"{label}: the folder of fonts {where!r} cannot be read ({error.strerror})"
        ) from error


def _version(entry: os.DirEntry[str], path: str, files: FileRoot) -> FileVersion | None:
    """What a file is known by; None where it is to be read anew, which also tells what is wrong with it."""
    try:
        if entry.is_symlink():
            return files.version(path, "fonts")
        return file_version(entry.stat(follow_symlinks=False))
    except (OSError, SourceError):
        return None
