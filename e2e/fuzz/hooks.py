"""What the fuzzer is told beside the API's document: ids that exist, and what the one who asks may do."""

import hashlib
import json
import os

import schemathesis

# ids: {parameter: [values]}; role: what the asker is, in which class; rights: {right: [roles]}.
KNOWN = json.loads(os.environ["LECTERN_FUZZ"])


def known_or(name, value):
    """One of the ids that exist, or what was generated; always the same for the same value."""
    ids = KNOWN["ids"].get(name)
    if not ids:
        return value
    chosen = hashlib.sha256(repr(value).encode()).digest()[0] % (len(ids) + 1)
    return value if chosen == len(ids) else ids[chosen]


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    if not path_parameters:
        return path_parameters
    return {name: known_or(name, value) for name, value in path_parameters.items()}


def may(operation, path_parameters):
    """What the document says of the one who asks."""
    audiences = operation["x-rights"]
    role = KNOWN["role"]
    if "public" in audiences:
        return True
    kind = role["kind"]
    if kind == "nobody":
        return "loopback" in audiences
    if kind not in audiences and not ("staff" in audiences and kind != "student"):
        return False
    needs = operation.get("x-needs")
    if needs is None:
        return True
    holders = KNOWN["rights"][needs]
    found = (path_parameters or {}).get("class")
    # A class that is none of these was made in this run, which only those may who then lead it.
    if found in KNOWN["ids"]["class"]:
        return role["in"].get(found) in holders
    return kind in holders


@schemathesis.check
def within_the_role(ctx, response, case):
    """Nothing succeeds that the document does not allow to the one who asks."""
    # Preflights and probes of other methods are nobody's operations.
    if case.method.upper() != case.operation.method.upper():
        return
    allowed = may(case.operation.definition.raw, case.path_parameters)
    if response.status_code < 400 and not allowed:
        raise AssertionError(f"{KNOWN['role']['name']} got {response.status_code} beyond the role")
