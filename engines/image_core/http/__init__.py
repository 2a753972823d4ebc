"""Rendering over HTTP: an application to serve, or routers for a host's own. Needs the extra `http`."""

from engines.image_core.http.app import Site, create_app
from engines.image_core.http.limits import Limits
from engines.image_core.http.queue import RenderQueue
from engines.image_core.http.routes import render_router

__all__ = ["Limits", "RenderQueue", "Site", "create_app", "render_router"]
