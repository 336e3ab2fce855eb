"""The application that Jupyter Server loads: its name, its settings, its routes."""

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.extension.application import ExtensionApp
from tornado import web

from recrate import __version__
from recrate_server.i18n import translate_settings


class AboutHandler(APIHandler):
    """GET recrate/api/about: which recrate answers."""

    auth_resource = "recrate"

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Answer with the version, as JSON."""
        self.finish({"version": __version__})


class RecrateServer(ExtensionApp):
    """Recrate's half in Jupyter Server."""

    name = "recrate_server"
    extension_url = "/recrate"
    load_other_extensions = True
    description = "Package, replay and review studies inside JupyterLab"

    def initialize_settings(self) -> None:
        """Take what is made once for the life of the server."""
        translate_settings(self.log)

    def initialize_handlers(self) -> None:
        """Add the routes; Jupyter Server puts its base URL in front."""
        self.handlers.append((r"/recrate/api/about", AboutHandler))
