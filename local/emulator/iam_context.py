"""Teaches ministack what IAM has to know of a request to judge it by Perch's policies.

With `AUTH=true` ministack checks each request's signature and the policies of whoever signed it, but it never fills in
`kms:EncryptionContext:*`, `dynamodb:LeadingKeys` and `secretsmanager:RecoveryWindowInDays`, and it does not know which
stream a request names. Policies that ask for them would refuse everything, or, by `ForAllValues` alone, nothing.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html lists each service's keys.
"""

import json

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.services import dynamodb, dynamodb_streams


class Keyed(str):
    """A resource's ARN together with the partition keys that one step of a transaction names in it."""

    def __new__(cls, arn, keys):
        resource = super().__new__(cls, arn)
        resource.leading_keys = keys
        return resource


def know_conditions():
    """Repairs: the condition keys of DynamoDB, KMS and Secrets Manager are not filled in from the request."""
    context_of_tags = iam_actions.request_tag_context
    context_of_items = iam_actions.dynamodb_service_context
    transaction_checks = iam_actions.dynamodb_transaction_checks
    enforce = iam_evaluator.enforce

    def request_tag_context(service, iam_action, body, params):
        more = MORE_CONTEXT.get(service, lambda _data: {})(read(body))
        return {**context_of_tags(service, iam_action, body, params), **more}

    def dynamodb_service_context(body):
        return {**context_of_items(body), **keys_context(leading_keys(read(body)))}

    def dynamodb_transaction_checks(iam_action, body, region, account_id):
        checks = transaction_checks(iam_action, body, region, account_id)
        steps = [
            item[member]
            for item in (read(body)["TransactItems"] if checks else [])
            for member in iam_actions._DYNAMODB_TRANSACT_ITEM_ACTIONS
            if isinstance(item, dict) and isinstance(item.get(member), dict) and item[member].get("TableName")
        ]
        assert len(steps) == len(checks), "a transaction's steps are counted in another way"
        return [(action, Keyed(arn, leading_keys(step))) for (action, arn), step in zip(checks, steps)]

    def enforce_knowing_keys(access_key, action, service, region, resource_arn="*", service_context=None):
        if isinstance(resource_arn, Keyed):
            service_context = {**(service_context or {}), **keys_context(resource_arn.leading_keys)}
        return enforce(access_key, action, service, region, resource_arn=resource_arn, service_context=service_context)

    iam_actions.request_tag_context = request_tag_context
    iam_actions.dynamodb_service_context = dynamodb_service_context
    iam_actions.dynamodb_transaction_checks = dynamodb_transaction_checks
    iam_evaluator.enforce = enforce_knowing_keys


def know_resources():
    """Repairs: a request to a table's stream is judged as one to `*`, and one to a log's stream as one to its group, which
    no policy for the stream allows."""
    extract = iam_actions.extract_resource_arn

    def extract_resource_arn(service, method, path, headers, body, *more):
        arn = extract(service, method, path, headers, body, *more)
        data = read(body) if service in ("dynamodbstreams", "logs") else {}
        if service == "logs" and isinstance(data.get("logStreamName"), str):
            return f"{arn}:log-stream:{data['logStreamName']}"
        iterator = data.get("ShardIterator")
        known = dynamodb_streams._decode_iterator(iterator) if isinstance(iterator, str) else None
        stream = (known or {}).get("arn") or data.get("StreamArn")
        return stream if isinstance(stream, str) else arn

    iam_actions.extract_resource_arn = extract_resource_arn


def know_batches():
    """Repairs: IAM knows no batches of SQS; whoever may send, receive or delete one message may do so with ten."""
    extract = iam_actions.extract_iam_action

    def extract_iam_action(service, *more):
        action = extract(service, *more)
        return action.removesuffix("Batch") if service == "sqs" and action is not None else action

    iam_actions.extract_iam_action = extract_iam_action


def take_transport_for_safe():
    """Repairs: the emulated AWS has no TLS, so that every policy which demands it would refuse every request."""
    pin = app.pin_request_origin
    app.pin_request_origin = lambda source_ip, _secure: pin(source_ip, True)


def read(body):
    """A request's body as the object that it has to be; empty where it is none."""
    try:
        data = json.loads(body or b"{}")
    except (ValueError, UnicodeDecodeError):
        return {}
    return data if isinstance(data, dict) else {}


def keys_context(keys):
    return {} if keys is None else {"dynamodb:LeadingKeys": keys}


def leading_keys(data):
    """The values of the partition keys that a request, or a step of a transaction, names; None where one is not told."""
    groups = data.get("RequestItems")
    if isinstance(groups, dict):
        found = [key for table, group in groups.items() for key in keys_of_group(table, group)]
    else:
        found = [key_of(data.get("TableName"), data)]
    return found if found and None not in found else None


def keys_of_group(table, group):
    """The partition keys of what a batch reads from a table (`Keys`), or writes to it (a list)."""
    if isinstance(group, dict):
        return [key_of(table, {"Key": key}) for key in group.get("Keys") or []]
    writes = [write for writes in group or [] if isinstance(writes, dict) for write in writes.values()]
    return [key_of(table, write) for write in writes]


def key_of(name, data):
    """The partition key that a request names in a table; None when it names none, or more than one."""
    table = dynamodb._tables.get(str(name).rsplit("/", 1)[-1])
    told = [member for member in KEY_MEMBERS if data.get(member)]
    if table is None or len(told) != 1:
        return None
    [member] = told
    if member in ("Key", "Item"):
        value = data[member].get(table["pk_name"]) if isinstance(data[member], dict) else None
        return dynamodb._extract_key_val(value) if isinstance(value, dict) else None
    partition_key = dynamodb._resolve_index_keys(table, data.get("IndexName"))[0]
    if member == "KeyConditions":
        return dynamodb._extract_pk_from_key_conditions(data[member], partition_key)
    values, names = data.get("ExpressionAttributeValues") or {}, data.get("ExpressionAttributeNames") or {}
    return dynamodb._extract_pk_from_condition(data[member], values, names, partition_key)


KEY_MEMBERS = ("Key", "Item", "KeyConditionExpression", "KeyConditions")


def encryption_context(data):
    """What a request to KMS says that a text belongs to."""
    context = data.get("EncryptionContext")
    if not isinstance(context, dict) or not context:
        return {}
    return {
        **{f"kms:EncryptionContext:{name}": str(value) for name, value in context.items()},
        "kms:EncryptionContextKeys": list(context),
    }


def recovery_window(data):
    """How long a secret that is deleted can be had back."""
    names = ("RecoveryWindowInDays", "ForceDeleteWithoutRecovery")
    return {f"secretsmanager:{name}": str(data[name]).lower() for name in names if name in data}


MORE_CONTEXT = {"kms": encryption_context, "secretsmanager": recovery_window}
