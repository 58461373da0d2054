"""The Lectern extension of JupyterLab 4 and Notebook 7."""

__version__ = "0.1.0"


def _jupyter_labextension_paths():
    return [{"src": "labextension", "dest": "@lectern/jupyterlab"}]
