"""Tells the page what the site is, and joins for it: the Hub's token stays on this side."""

import json
import os

from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.web import authenticated

from .site import join_request, read_site, shown

TIMEOUT_S = 25
MOST_BYTES = 64 * 1024


class SiteHandler(APIHandler):
    """GET lectern/site"""

    def initialize(self, site):
        self.site = site

    def user(self):
        """Whose request this is; JupyterHub's older way of signing in gives a dictionary."""
        user = self.current_user
        return user.get("name") if isinstance(user, dict) else getattr(user, "username", None)

    def refuse(self, status, code):
        self.set_status(status)
        self.finish({"code": code})

    @authenticated
    def get(self):
        self.finish(shown(self.site, self.user()))


class JoinHandler(SiteHandler):
    """POST lectern/join and lectern/preview: sent on to the site's server, and to no other, with the Hub's token."""

    def initialize(self, site, path):
        super().initialize(site)
        self.path = path

    def get(self):
        self.refuse(405, "method_not_allowed")

    @authenticated
    async def post(self):
        if not self.site.hub_token:
            return self.refuse(404, "not_found")
        # The owner of a server may share it with others of the Hub, but not who they are.
        if self.user() != self.site.hub_user:
            return self.refuse(403, "forbidden")
        said = self.get_json_body() if len(self.request.body) <= MOST_BYTES else None
        if not isinstance(said, dict):
            return self.refuse(400, "bad_request")
        await self.send_on(json.dumps(join_request(self.site, said)))

    async def send_on(self, body):
        request = HTTPRequest(
            self.site.server + self.path,
            method="POST",
            headers={"Content-Type": "application/json"},
            body=body,
            follow_redirects=False,
            request_timeout=TIMEOUT_S,
        )
        try:
            answer = await AsyncHTTPClient().fetch(request, raise_error=False)
        except (OSError, ValueError):
            return self.refuse(502, "unreachable")
        if answer.code == 599:
            return self.refuse(502, "unreachable")
        self.set_status(answer.code)
        if "Retry-After" in answer.headers:
            self.set_header("Retry-After", answer.headers["Retry-After"])
        self.finish(answer.body)


def site_handlers(base_url):
    """The routes, under the base URL of the Jupyter server."""
    site = read_site(os.environ)

    def at(name):
        return url_path_join(base_url, "lectern", name)

    return [
        (at("site"), SiteHandler, {"site": site}),
        (at("join"), JoinHandler, {"site": site, "path": "/api/v2/join"}),
        (at("preview"), JoinHandler, {"site": site, "path": "/api/v2/join/preview"}),
    ]
