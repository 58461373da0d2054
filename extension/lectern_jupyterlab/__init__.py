"""The Lectern extension of JupyterLab 4 and Notebook 7, and the small Jupyter server extension beside it."""

__version__ = "0.1.0"


def _jupyter_labextension_paths():
    return [{"src": "labextension", "dest": "@lectern/jupyterlab"}]


def _jupyter_server_extension_points():
    return [{"module": "lectern_jupyterlab"}]


def _load_jupyter_server_extension(server_app):
    # Where only the lab extension's path is asked for, Jupyter's server need not be there.
    from .handlers import site_handlers

    web_app = server_app.web_app
    web_app.add_handlers(".*$", site_handlers(web_app.settings["base_url"]))
