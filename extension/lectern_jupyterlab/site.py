"""What the environment of this Jupyter server says of its site."""

from collections import namedtuple

Site = namedtuple("Site", ["server", "klass", "code", "name", "hub_user", "hub_token"])


def read_site(environ):
    """Reads LECTERN_SERVER, LECTERN_CLASS, LECTERN_CODE, LECTERN_NAME and what JupyterHub sets; what is not set is ''."""

    def value(name):
        return environ.get(name, "").strip()

    server = value("LECTERN_SERVER").rstrip("/")
    token = value("JUPYTERHUB_API_TOKEN") if server else ""
    user = value("JUPYTERHUB_USER") if token else ""
    return Site(
        server=server,
        klass=value("LECTERN_CLASS"),
        code=value("LECTERN_CODE"),
        name=value("LECTERN_NAME") or user,
        hub_user=user,
        hub_token=token if user else "",
    )


def shown(site, user):
    """What the page of `user` is told. The Hub's token never is; the code only where the page has to join by itself."""
    told = {"server": site.server, "class": site.klass}
    if not site.hub_token:
        told.update(code=site.code, name=site.name)
    elif user == site.hub_user:
        told["name"] = site.name
        told["hub"] = {"user": user, "opens": bool(site.code or site.klass)}
    return {key: value for key, value in told.items() if value}


def join_request(site, said):
    """The request that goes to Lectern: what the page said, but who this is and which class is the site's by this server's word."""
    request = {key: value for key, value in said.items() if key not in ("hub", "class")}
    if not request.get("code"):
        request.pop("code", None)
        request.update({"code": site.code} if site.code else {"class": site.klass} if site.klass else {})
    request["hub"] = {"token": site.hub_token}
    return request
