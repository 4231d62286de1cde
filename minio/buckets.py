"""Waits until an S3 store answers and creates buckets: buckets.py ENDPOINT PID BUCKET...

Keys come from VERALAKE_S3_ACCESS_KEY and VERALAKE_S3_SECRET_KEY. Gives up when the process PID is gone. Needs nothing but
Python's standard library.
"""

import datetime
import hashlib
import hmac
import os
import sys
import time
import urllib.error
import urllib.request

REGION = "us-east-1"
START_SECONDS = 60
# The store is on this machine: a proxy that the environment names has no part in it.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def signed(method: str, endpoint: str, path: str) -> urllib.request.Request:
    """A request without body, signed with AWS Signature Version 4."""
    host = endpoint.split("://", 1)[1]
    moment = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{moment[:8]}/{REGION}/s3/aws4_request"
    payload = hashlib.sha256(b"").hexdigest()
    names = "host;x-amz-content-sha256;x-amz-date"
    canonical = "\n".join(
        [method, path, "", f"host:{host}", f"x-amz-content-sha256:{payload}", f"x-amz-date:{moment}", "", names, payload]
    )
    text = "\n".join(["AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + os.environ["VERALAKE_S3_SECRET_KEY"]).encode()
    for part in (*scope.split("/"), text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    access = os.environ["VERALAKE_S3_ACCESS_KEY"]
    return urllib.request.Request(
        endpoint + path,
        method=method,
        headers={
            "x-amz-content-sha256": payload,
            "x-amz-date": moment,
            "Authorization": f"AWS4-HMAC-SHA256 Credential={access}/{scope}, SignedHeaders={names}, Signature={key.hex()}",
        },
    )


def wait_ready(endpoint: str, pid: int) -> None:
    """Returns when the store is ready; ends the program if it never will be."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with OPENER.open(endpoint + "/minio/health/ready", timeout=5):
                return
        except OSError as error:
            if not os.path.exists(f"/proc/{pid}"):
                sys.exit("MinIO ended while it started")
            if time.monotonic() > deadline:
                sys.exit(f"MinIO isn't ready after {START_SECONDS} s: {error}")
            time.sleep(0.1)


def create(endpoint: str, bucket: str) -> None:
    """Creates the bucket unless it is there."""
    try:
        OPENER.open(signed("PUT", endpoint, "/" + bucket), timeout=30).close()
    except urllib.error.HTTPError as error:
        body = error.read().decode(errors="replace")
        if "BucketAlreadyOwnedByYou" not in body:
            sys.exit(f"Failed to create the bucket {bucket}: HTTP {error.code} {body}")


def main(endpoint: str, pid: str, *buckets: str) -> None:
    wait_ready(endpoint, int(pid))
    for bucket in buckets:
        create(endpoint, bucket)


if __name__ == "__main__":
    main(*sys.argv[1:])
