"""Credentials for S3, found where the AWS tools find them: environment, profiles, configuration files, roles.

Nothing of them leaves this module but to the storage library; errors name the kind of fault alone.
"""

from __future__ import annotations

import os
from typing import Any

from feedgen_kusama.extras import load
from feedgen_kusama.publish.target import UnusableTargetError

REGION = "us-east-1"
"""Where no region is configured: what stores of other makers expect."""


def find_credentials() -> tuple[Any, str]:
    """A credential provider for the storage library, and the region. Raises UnusableTargetError, MissingExtraError."""
    boto3 = load("boto3", extra="s3")
    from botocore.exceptions import BotoCoreError

    try:
        session = boto3.Session()
        credentials = session.get_credentials()
        if credentials is not None:
            credentials.get_frozen_credentials()
            provider = load("obstore.auth.boto3", extra="s3").Boto3CredentialProvider(session)
            return provider, os.environ.get("AWS_REGION") or session.region_name or REGION
    except BotoCoreError as error:
        message = f"the AWS credentials cannot be used ({type(error).__name__}): check AWS_PROFILE and the AWS config files"
        raise UnusableTargetError(message) from None
    raise UnusableTargetError(
        "no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE and the AWS credentials file"
    )
