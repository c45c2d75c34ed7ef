"""Starts ministack as Perch's local AWS, with the corrections that Perch's own CDK app needs.

Each correction names the behaviour of ministack that it repairs. They reach into its inner parts, so they are good for
one version only: with another version this file refuses to start, and every correction is to be looked at again.
It is long because it has every correction but those that IAM takes, which are in `iam_context.py`.
"""

import hashlib
import importlib.metadata
import inspect
import json
import os
import signal
import sys
import threading
import time

VERSION = "1.5.33"
installed = importlib.metadata.version("ministack")
if installed != VERSION:
    sys.exit(f"local/emulator/emulator.py corrects ministack {VERSION}, but {installed} is installed.")

import iam_context  # noqa: E402
from ministack import app  # noqa: E402  (nothing of it may be imported before the version is known)
from ministack.core import lambda_runtime, persistence  # noqa: E402
from ministack.services import dynamodb, lambda_svc, secretsmanager  # noqa: E402
from ministack.services.cloudformation import provisioners  # noqa: E402


def keep_error_names():
    """Repairs: whatever a Node function throws is reported as `Runtime.HandlerError`, so that Retry and Catch by name in
    Step Functions never match. The worker now sends the error's name along, and the invocation's answer carries it."""
    reported = 'status: "error", error: String(err.message || err), trace: err.stack || ""'
    script = lambda_runtime._NODEJS_WORKER_SCRIPT
    assert reported in script, "the Node worker reports errors in another way"
    lambda_runtime._NODEJS_WORKER_SCRIPT = script.replace(reported, reported + ", name: err && err.name")

    last = threading.local()
    invoke_worker = lambda_runtime.Worker.invoke
    execute = lambda_svc._execute_function_warm

    def invoke(self, *args, **kwargs):
        last.answer = None
        last.answer = invoke_worker(self, *args, **kwargs)
        return last.answer

    def execute_warm(func, event, request_id):
        last.answer = None
        result = execute(func, event, request_id)
        answer = last.answer or {}
        if result.get("error") and answer.get("name") and isinstance(result.get("body"), dict):
            result["body"] = {
                "errorType": answer["name"],
                "errorMessage": answer.get("error", ""),
                "trace": (answer.get("trace") or "").splitlines(),
            }
        return result

    lambda_runtime.Worker.invoke = invoke
    lambda_svc._execute_function_warm = execute_warm


def after_provisioning(resource_type, complete):
    """Calls `complete(physical_id, properties)` after CloudFormation made or changed a resource of this type."""
    handler = provisioners._RESOURCE_HANDLERS[resource_type]
    original_create, original_update = handler["create"], handler["update"]
    update_takes_logical_id = "logical_id" in inspect.signature(original_update).parameters

    def create(logical_id, props, stack_name):
        made = original_create(logical_id, props, stack_name)
        complete(made[0], props)
        return made

    def update(physical_id, old_props, new_props, stack_name, logical_id=None):
        known = {"logical_id": logical_id} if update_takes_logical_id else {}
        changed = original_update(physical_id, old_props, new_props, stack_name, **known)
        complete(changed[0], new_props)
        return changed

    def update_without_logical_id(physical_id, old_props, new_props, stack_name):
        return update(physical_id, old_props, new_props, stack_name)

    # CloudFormation looks at the signature, too: it must stay the one that the original has.
    handler["create"] = create
    handler["update"] = update if update_takes_logical_id else update_without_logical_id


def expect_success(answer):
    status, _headers, body = answer
    if status >= 400:
        raise ValueError(str(body))


def keep_table_settings():
    """Repairs: a table's time to live and point-in-time recovery in a template are ignored."""

    def complete(table_name, props):
        ttl = props.get("TimeToLiveSpecification") or {}
        if ttl.get("AttributeName"):
            specification = {
                "AttributeName": ttl["AttributeName"],
                "Enabled": ttl.get("Enabled", True) in (True, "true"),
            }
            expect_success(
                dynamodb._update_ttl({"TableName": table_name, "TimeToLiveSpecification": specification})
            )
        replica = (props.get("Replicas") or [{}])[0]
        recovery = props.get("PointInTimeRecoverySpecification") or replica.get("PointInTimeRecoverySpecification")
        if recovery:
            expect_success(
                dynamodb._update_continuous_backups(
                    {"TableName": table_name, "PointInTimeRecoverySpecification": recovery}
                )
            )

    after_provisioning("AWS::DynamoDB::Table", complete)
    after_provisioning("AWS::DynamoDB::GlobalTable", complete)


def keep_function_settings():
    """Repairs: a function's reserved concurrency and dead-letter queue in a template are ignored."""

    def complete(function_name, props):
        function = lambda_svc._functions[function_name]
        if props.get("ReservedConcurrentExecutions") is not None:
            function["concurrency"] = int(props["ReservedConcurrentExecutions"])
        if props.get("DeadLetterConfig"):
            function["config"]["DeadLetterConfig"] = props["DeadLetterConfig"]

    after_provisioning("AWS::Lambda::Function", complete)


def refer_to_secrets_by_arn():
    """Repairs: `Ref` of a secret gives its name, so that a policy which names the secret so names nothing."""
    handler = provisioners._RESOURCE_HANDLERS["AWS::SecretsManager::Secret"]
    create_named, update_named, delete_named = handler["create"], handler["update"], handler["delete"]

    def name_of(physical_id):
        return secretsmanager._resolve(physical_id)[0] or physical_id

    def by_arn(made):
        return (secretsmanager._secrets.get(made[0])["ARN"], *made[1:])

    def create(logical_id, props, stack_name):
        return by_arn(create_named(logical_id, props, stack_name))

    def update(physical_id, old_props, new_props, stack_name, logical_id=None):
        return by_arn(update_named(name_of(physical_id), old_props, new_props, stack_name, logical_id=logical_id))

    def delete(physical_id, props):
        delete_named(name_of(physical_id), props)

    handler.update({"create": create, "update": update, "delete": delete})


def begin_streams_anew():
    """Repairs: a table's stream is not saved, but how far a function has read it is, so that after a restart nothing is
    read until as many records have come again. The function now begins with the first record after the restart."""
    lambda_svc._dynamodb_stream_positions.clear()
    restore = lambda_svc._restore_esm_positions

    def restore_all_but_streams(store, positions):
        if store is not lambda_svc._dynamodb_stream_positions:
            restore(store, positions)

    lambda_svc._restore_esm_positions = restore_all_but_streams


def seal_saved_state():
    """Repairs: the services' states are saved one file after the other, and a failure to save is only logged, so that a
    stop cut short leaves files of two different times which the next start takes for one. When all are saved, a seal with
    each file's digest is written; whoever starts the emulator uses a saved state only when its seal holds."""
    save_all, save_state = app.save_all, persistence.save_state

    def save_or_fail(service, data):
        path = os.path.join(persistence.STATE_DIR, f"{service}.json")
        before = os.stat(path).st_mtime_ns if os.path.exists(path) else None
        save_state(service, data)
        if not os.path.exists(path) or os.stat(path).st_mtime_ns == before:
            failed.append(service)

    def save_all_and_seal(services):
        failed.clear()
        save_all(services)
        if failed:
            print(f"The state of {', '.join(failed)} could not be saved.", file=sys.stderr, flush=True)
            return
        digests = {}
        for folder, _folders, names in os.walk(persistence.STATE_DIR):
            for path in (os.path.join(folder, name) for name in names if not name.endswith((SEAL, ".lock"))):
                with open(path, "rb") as file:
                    digest = hashlib.sha256(file.read()).hexdigest()
                digests[os.path.relpath(path, persistence.STATE_DIR)] = digest
        unfinished = os.path.join(os.path.dirname(persistence.STATE_DIR), SEAL + ".tmp")
        with open(unfinished, "w", encoding="utf-8") as file:
            json.dump({"saved_at_ns": time.time_ns(), "sha256": digests}, file)
        os.replace(unfinished, os.path.join(persistence.STATE_DIR, SEAL))

    failed = []
    persistence.save_state = save_or_fail
    app.save_all = save_all_and_seal


SEAL = "seal.json"


def follow_starter():
    """Ends this process when the one that started it is gone (its end of standard input closes): nobody else would.

    The state is saved then only if the starter said before, by a line `keep`, that it is worth keeping: a deployment cut
    short leaves stacks that no later deployment can go on with."""

    def wait():
        keep = False
        while received := os.read(0, 4096):
            keep = keep or b"keep" in received
        os.kill(os.getpid(), signal.SIGTERM if keep else signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    keep_error_names()
    keep_table_settings()
    keep_function_settings()
    refer_to_secrets_by_arn()
    begin_streams_anew()
    iam_context.know_conditions()
    iam_context.know_resources()
    iam_context.know_batches()
    iam_context.take_transport_for_safe()
    seal_saved_state()
    follow_starter()
    app.main()
