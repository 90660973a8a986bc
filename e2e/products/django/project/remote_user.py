"""Signing in by the header that `countersign upstream set --user-header X-Remote-User` names.

These are the subclasses that Django's documentation asks for when a proxy says who the user is.
"""

from django.contrib.auth.backends import RemoteUserBackend
from django.contrib.auth.middleware import (
    PersistentRemoteUserMiddleware,
    RemoteUserMiddleware,
)


class FromGateway(RemoteUserMiddleware):
    header = "HTTP_X_REMOTE_USER"


class FromGatewayOnce(PersistentRemoteUserMiddleware):
    header = "HTTP_X_REMOTE_USER"


class Known(RemoteUserBackend):
    # Whom the product does not know, support does not become.
    create_unknown_user = False
