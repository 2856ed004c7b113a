"""moto's S3 on port 5000, with the bucket that the command names in it, until SIGTERM."""

import signal
import sys

import boto3
from moto.server import ThreadedMotoServer


def main(bucket: str) -> None:
    """Serve; the bucket is there before the port is, for whoever waits for the port on another address."""
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    server = ThreadedMotoServer("0.0.0.0", 5000, verbose=False)
    server.start()
    keys = {"aws_access_key_id": "stand-in", "aws_secret_access_key": "stand-in", "region_name": "us-east-1"}
    boto3.client("s3", endpoint_url="http://127.0.0.1:5000", **keys).create_bucket(Bucket=bucket)
    signal.sigwait(signals)
    server.stop()


if __name__ == "__main__":
    main(sys.argv[1])
