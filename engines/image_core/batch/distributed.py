"""Rendering on the machines of a Ray cluster: rows of compositions in, artifacts of one shared store out.

It comes with the extra `ray`; nothing else imports it but the command line when it is asked to.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import pyarrow as pa
import ray
from ray.data import ActorPoolStrategy, Dataset

from engines.image_core.backend import BackendChoice
from engines.image_core.documents.loading import composition_from_json
from engines.image_core.errors import ImageCoreError
from engines.image_core.export import ExportOptions, parse_options
from engines.image_core.rendering.renderer import Renderer
from engines.image_core.runtime.processors import take_share
from engines.image_core.service import ImageCoreService
from engines.image_core.sources.raster.icc import DamagedProfiles
from engines.media_v2 import ImageRenderMeta, MediaError, MediaService

__all__ = ["COLUMNS", "render_dataset"]

COLUMNS = ("artifact_id", "uri", "pipeline_hash", "pixel_hash", "device", "error")
"""What `render_dataset` adds to each row, texts all of them."""

_ROWS = 16  # handed to an actor's function at a time
_TRIES = 3  # how often a row is begun whose actor dies with it


@dataclass(frozen=True)
class _Setting:
    """What every actor is made with."""

    stores: dict[str, str | None]
    root: Path | None
    backend: BackendChoice
    format: ExportOptions
    threads: int
    crashes: Any  # Ray's handle on a `_Crashes`
    fonts: Path | None
    damaged_profiles: DamagedProfiles


def render_dataset(
    dataset: Dataset,
    data_dir: str | PathLike[str] | None = None,
    *,
    database_url: str | None = None,
    blob_url: str | None = None,
    backend: BackendChoice = "auto",
    root: str | PathLike[str] | None = None,
    format: ExportOptions | str = "png",
    actors: int | None = None,
    fonts: str | PathLike[str] | None = None,
    damaged_profiles: DamagedProfiles = "error",
) -> Dataset:
    """Render the compositions of a dataset on the machines of its Ray cluster, each into the media store.

    Every row's picture becomes an `image_render` artifact of its composition's tenant and env, as
    `ImageCoreService.render_composition` registers it: the same plan in the same format is there once,
    however often it is asked for and whichever actors died meanwhile, so a run that was stopped is run again.
    Each actor owns a device: one GPU, where the cluster has any, otherwise one CPU core. On a machine with
    several GPUs the one that Ray numbers n is the OpenGL device of index n. An actor that dies is started
    again and its rows with it; a row that three die with, one after the other and alone, has failed. Nothing
    is rendered before the result is read.

    Args:
        dataset: rows with a column `composition`, its JSON as text, and where files differ a column `format`:
            "png", "webp", "jpeg" or "avif". Further columns are passed on.
        data_dir, database_url, blob_url: the store, as for `MediaService.open`. Its URLs have to lead to one
            store from every machine; a folder and SQLite serve a cluster of one machine.
        backend: as for `Renderer`.
        root: the folder that `path` sources may name files in, on every machine; None allows none.
        format: of rows without their own: a name, or options such as `WebpOptions(quality=80)`.
        actors: how many; by default one a GPU, or up to one a core as far as there are rows for them.
        fonts: the folder of fonts whose families texts may name, on every machine.
        damaged_profiles: as for `Renderer`.

    Returns:
        The dataset's rows, in any order, with `COLUMNS`: the artifact's id and uri, the hashes of plan and
        pixels, and what drew them; or `error`, one line, with the others empty.

    Raises:
        ExportError: there is no such format.
        MediaError: the store cannot be opened from here.
    """
    stores = {"database_url": database_url, "blob_url": blob_url}
    folder = None if data_dir is None else str(Path(data_dir).absolute())
    MediaService.open(folder, **stores).close()  # its faults are told here, in one line, and not by an actor
    gpus, cpus = (int(ray.cluster_resources().get(name, 0)) for name in ("GPU", "CPU"))
    threads = max(1, cpus // gpus) if gpus else 1
    setting = _Setting(
        stores | {"data_dir": folder},
        None if root is None else Path(root).absolute(),
        backend,
        parse_options(format) if isinstance(format, str) else format,
        threads,
        ray.remote(num_cpus=0)(_Crashes).remote(),
        None if fonts is None else Path(fonts).absolute(),
        damaged_profiles,
    )
    return dataset.map_batches(
        _Actor,
        fn_constructor_args=(setting,),
        batch_size=_ROWS,
        batch_format="pyarrow",
        compute=_pool(actors, gpus or max(1, cpus)),
        num_cpus=threads,
        num_gpus=1 if gpus else None,
        udf_modifying_row_count=False,
    )


def _pool(actors: int | None, most: int) -> ActorPoolStrategy:
    """So many actors, or as many as there is work and room for: a dataset that is read needs cores, too."""
    return ActorPoolStrategy(min_size=1, max_size=most) if actors is None else ActorPoolStrategy(size=actors)


class _Crashes:
    """Which rows actors died with: in a process of its own, which no row can crash.

    Ray itself gives a dead actor's rows to the next one without end.
    """

    def __init__(self) -> None:
        self._in_hand: dict[str, Sequence[str]] = {}
        self._died_with: Counter[str] = Counter()

    def start(self, actor: str) -> None:
        """An actor starts; if it did before, it died with the rows it had in hand."""
        self._died_with.update(set(self._in_hand.pop(actor, ())))

    def count(self, keys: Sequence[str]) -> list[int]:
        """With how many actors each row has died."""
        return [self._died_with[key] for key in keys]

    def take(self, actor: str, keys: Sequence[str]) -> None:
        """An actor begins these rows, and has no others any more."""
        self._in_hand[actor] = keys


class _Actor:
    """A renderer on one device and a connection to the store, in a process of Ray's."""

    def __init__(self, setting: _Setting) -> None:
        os.environ["LP_NUM_THREADS"] = str(setting.threads)  # read by llvmpipe when a context is made
        take_share(setting.threads)
        context = ray.get_runtime_context()
        self._id, self._crashes = context.get_actor_id(), setting.crashes
        ray.get(self._crashes.start.remote(self._id))
        device_index = int((context.get_accelerator_ids().get("GPU") or ["0"])[0])
        renderer = Renderer(
            setting.backend,
            setting.root,
            device_index,
            fonts=setting.fonts,
            damaged_profiles=setting.damaged_profiles,
        )
        self._service = ImageCoreService(MediaService.open(**setting.stores), renderer)
        self._format = setting.format
        # One more than cores: while the device draws one picture, others are decoded, encoded and stored.
        self._threads = ThreadPoolExecutor(setting.threads + 1)

    def __call__(self, table: pa.Table) -> pa.Table:
        rows = table.to_pylist()
        keys = [_key(row) for row in rows]
        crashes = ray.get(self._crashes.count.remote(keys))
        fresh = [index for index, count in enumerate(crashes) if count == 0]
        made: list[dict[str, str]] = [{}] * len(rows)
        self._take([keys[index] for index in fresh])
        for index, row in zip(
            fresh, self._threads.map(self._made, [rows[index] for index in fresh]), strict=True
        ):
            made[index] = row
        # What an actor died with is rendered alone, so that it is known which of its rows it was.
        for index in (index for index, count in enumerate(crashes) if count > 0):
            if crashes[index] >= _TRIES:
                made[index] = {"error": f"the worker ended while rendering this, {_TRIES} times"}
                continue
            self._take([keys[index]])
            made[index] = self._made(rows[index])
        self._take([])
        for column in COLUMNS:
            table = table.append_column(column, pa.array([row.get(column, "") for row in made], pa.string()))
        return table

    def _take(self, keys: Sequence[str]) -> None:
        ray.get(self._crashes.take.remote(self._id, keys))

    def _made(self, row: dict[str, Any]) -> dict[str, str]:
        try:
            return self._rendered(row)
        except (ImageCoreError, MediaError) as error:
            return {"error": str(error)}
        except MemoryError:
            return {"error": "there is not enough memory for this composition"}
        except Exception as error:  # a fault of ours is told as this row's, and the others go on
            return {"error": f"unexpected {type(error).__name__}: {error}"}

    def _rendered(self, row: dict[str, Any]) -> dict[str, str]:
        text = row.get("composition")
        if not isinstance(text, str):
            return {"error": "composition: the JSON of a composition, as text, is required in each row"}
        composition = composition_from_json(text.encode(), "composition")
        format = parse_options(row["format"]) if row.get("format") else self._format
        artifact = self._service.render_composition(composition, format)
        meta = artifact.meta
        assert isinstance(meta, ImageRenderMeta)  # of an image_render it is
        return {
            "artifact_id": artifact.id,
            "uri": artifact.uri,
            "pipeline_hash": meta.pipeline_hash,
            "pixel_hash": meta.pixel_hash or "",
            "device": f"{meta.backend} on {meta.device}",
        }


def _key(row: dict[str, Any]) -> str:
    """What a row asks for, in few bytes."""
    return hashlib.sha256(
        repr((row.get("composition"), row.get("format"))).encode(errors="replace")
    ).hexdigest()
