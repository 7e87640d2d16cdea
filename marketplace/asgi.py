"""The ASGI application: Django behind the gateway."""

from marketplace.postgresql.watching import watch
from marketplace.server import gateway
from marketplace.wsgi import application as django

application = gateway.Gateway(django, gateway.limits(), gateway.signed_in)
watch.begin()
