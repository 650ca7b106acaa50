"""Ends with 0 while web answers: a container's health check has no curl to ask with."""

import http.client
import os
import sys

host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
connection = http.client.HTTPConnection(
    "127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=2
)
try:
    connection.request("GET", "/healthz", headers={"Host": host})
    sys.exit(connection.getresponse().status != http.client.OK)
except OSError as error:
    sys.exit(f"web does not answer: {error}")
