"""Language models: which there are, how each is reached, and one request to one of them.

The only place langchain is imported, and it is imported when a model is connected, not before.
"""

from characters.models.model import Endpoint, Model, Price
from characters.models.providers import Found, connect, listing, ping, usable

__all__ = ["Endpoint", "Found", "Model", "Price", "connect", "listing", "ping", "usable"]
