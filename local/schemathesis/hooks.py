"""
Leads a part of Schemathesis' cases to what is there: invented identifiers are answered with 404 at the door of the code.

`PERCH_FUZZ_IDS` names a JSON file that `test/support/schemathesis.ts` writes. What is replaced follows from the case itself,
so that the same seed sends the same requests. Parts that a case has spoilt on purpose stay as they are.
"""

import json
import os
import zlib

import schemathesis
from schemathesis.core.parameters import ParameterLocation

with open(os.environ["PERCH_FUZZ_IDS"], encoding="utf-8") as file:
    known = json.load(file)


class Dice:
    """Chance that follows from a case."""

    def __init__(self, case):
        text = json.dumps([case.method, case.path, case.path_parameters, case.query, case.body], default=str)
        self.state = zlib.crc32(text.encode("utf-8", "surrogatepass"))

    def below(self, limit):
        self.state = (self.state * 1103515245 + 12345) % 2**31
        return (self.state >> 8) % limit

    def pick(self, values):
        return values[self.below(len(values))]


def lead_path(case, dice):
    """Four of five paths lead to a customer that exists, and so do their connections and sessions."""
    wanted = case.path_parameters
    if "deletion_id" in wanted and known["deletions"]:
        wanted["deletion_id"] = dice.pick(known["deletions"])
    if "ticket" in wanted:
        wanted["ticket"] = dice.pick(known["tickets"])
    if "customer_id" in wanted:
        # What a request ends is ended for the cases that follow, too: others are kept whole.
        customer = dice.pick(known["given_up"] if case.method.upper() == "DELETE" else known["kept"] + known["given_up"])
        wanted["customer_id"] = customer["customer_id"]
        if "connection_id" in wanted and dice.below(10) > 0:
            connection = dice.pick(customer["connections"])
            wanted["connection_id"] = connection["connection_id"]
            if "entity_id" in wanted:
                wanted["entity_id"] = dice.pick(connection["entities"])
        if "session_id" in wanted:
            wanted["session_id"] = dice.pick(customer["sessions"])
    elif "session_id" in wanted:
        wanted["session_id"] = dice.pick(known["kept"][0]["sessions"])


@schemathesis.hook
def before_call(context, case, kwargs):
    dice = Dice(case)
    spoilt = case.meta.is_negative_at if case.meta is not None else lambda location: False
    if case.path_parameters and not spoilt(ParameterLocation.PATH) and dice.below(5) > 0:
        lead_path(case, dice)
    if case.query and "cursor" in case.query and not spoilt(ParameterLocation.QUERY):
        case.query["cursor"] = known["cursors"].get(case.path, case.query["cursor"])
    if isinstance(case.body, dict) and not spoilt(ParameterLocation.BODY):
        if isinstance(case.body.get("return_url"), str) and dice.below(5) > 0:
            case.body["return_url"] = known["return_url"]
        if "access_token" in case.body and dice.below(2) > 0:
            case.body["access_token"] = dice.pick(known["access_tokens"])
