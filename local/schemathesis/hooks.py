"""
Leads a part of Schemathesis' cases to what is there: invented identifiers are answered with 404 at the door of the code.

`PERCH_FUZZ_IDS` names a JSON file that `test/support/schemathesis.ts` writes. What is replaced follows from the case itself,
so that the same seed sends the same requests. Parts that a case has spoilt on purpose stay as they are.
"""

import json
import os
import zlib

import schemathesis
from schemathesis.core import NotSet
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


def group_that_ends(case):
    """The group whose belongings a case may end; None where it ends nothing."""
    if case.method.upper() != "DELETE":
        return None
    return "partly_given_up" if "entity_id" in (case.path_parameters or {}) else "given_up"


def lead_path(case, dice, spoilt):
    """Four of five paths lead to a customer that exists, and so do their connections and sessions."""
    wanted = case.path_parameters
    if "deletion_id" in wanted and known["deletions"]:
        wanted["deletion_id"] = dice.pick(known["deletions"])
    if "file" in wanted:
        wanted["file"] = dice.pick(known["pages"]["files"])
    # Hardly a path that is made up is forwarded, and hardly a body is what Finch takes.
    if "path" in wanted and dice.below(4) > 0:
        if case.method.upper() == "POST":
            wanted["path"] = dice.pick(["employer/individual", "employer/employment"])
            if not spoilt(ParameterLocation.BODY):
                case.body = {"requests": [{"individual_id": "6f3b6d2e-5f0a-4c1b-9d3e-2a1b0c9d8e7f"}]}
        else:
            wanted["path"] = dice.pick(["employer/company", "employer/directory"])
    if "ticket" in wanted:
        wanted["ticket"] = dice.pick(known["tickets"])
    if "customer_id" in wanted:
        # What a request ends is ended for the cases that follow, too: others are kept whole.
        ending = group_that_ends(case)
        customer = dice.pick(known[ending] if ending else known["kept"] + known["given_up"])
        wanted["customer_id"] = customer["customer_id"]
        if "connection_id" in wanted and dice.below(10) > 0:
            connection = dice.pick(customer["connections"])
            wanted["connection_id"] = connection["connection_id"]
            if "entity_id" in wanted:
                wanted["entity_id"] = dice.pick(connection["entities"])
            # Where there are several, Finch asks which one is meant.
            if "path" in wanted and len(connection["entities"]) > 1 and not spoilt(ParameterLocation.QUERY):
                case.query = {**(case.query or {}), "entity_ids[]": dice.pick(connection["entities"])}
        if "session_id" in wanted:
            wanted["session_id"] = dice.pick(customer["sessions"])
        if "/employee" in case.path and dice.below(4) > 0:
            lead_to_roster(case, dice, spoilt)
    elif "session_id" in wanted:
        wanted["session_id"] = dice.pick(known["kept"][0]["sessions"])


def lead_to_roster(case, dice, spoilt):
    """Only one customer has a roster from the beginning, and employees in it."""
    wanted, roster = case.path_parameters, known["roster"]
    wanted["customer_id"] = roster["customer_id"]
    if "roster_id" in wanted:
        wanted["roster_id"] = roster["roster_id"]
    if "employee_id" in wanted:
        wanted["employee_id"] = dice.pick(roster["employees"])
    if isinstance(case.body, dict) and "decision" in case.body and not spoilt(ParameterLocation.BODY):
        case.body["a"], case.body["b"] = roster["individuals"][0], dice.pick(roster["individuals"][1:])


def is_of_page(case):
    """Whether the page's script sends it: all there but the page itself and its files, which have no cookie."""
    return case.path.startswith("/page/") and not case.path.startswith("/page/assets/")


def act_as_page(case, dice, spoilt):
    """
    Sends what the page's script sends besides, which is in no schema: where it comes from, its cookie, and whose page it
    shows. One of it is left out in one of ten, and the call leads to what the page shows in nine of ten. A call that has nothing
    to be made up, such as the end of a page's session, is sent hardly ever: there all of it is sent.
    """
    pages, method = known["pages"], case.method.upper()
    if case.path == "/page/sessions" and method == "DELETE":
        page = dice.pick(pages["closing"])
    else:
        page = dice.pick(pages[group_that_ends(case) or "kept"])
    sent = {"Origin": pages["origin"], "Cookie": page["cookie"], "X-Perch-Page": page["page_session_id"]}
    if isinstance(case.body, NotSet):
        sent["Content-Type"] = "application/json"
    has_more = case.path_parameters or case.query or not isinstance(case.body, NotSet)
    left_out = dice.pick(list(sent)) if has_more and dice.below(10) == 0 else None
    for name, value in sent.items():
        if name != left_out and value is not None:
            case.headers[name] = value
    wanted = case.path_parameters
    if wanted and not spoilt(ParameterLocation.PATH) and dice.below(10) > 0:
        if "connection_id" in wanted:
            connection = dice.pick(page["connections"])
            wanted["connection_id"] = connection["connection_id"]
            if "entity_id" in wanted:
                wanted["entity_id"] = dice.pick(connection["entities"])
        if "session_id" in wanted:
            wanted["session_id"] = dice.pick(page["sessions"])
    # A version that is made up is never the connection's.
    if case.query and "version" in case.query and not spoilt(ParameterLocation.QUERY) and dice.below(2) > 0:
        del case.query["version"]
    if isinstance(case.body, dict) and not spoilt(ParameterLocation.BODY) and dice.below(4) > 0:
        if "link_secret" in case.body and pages["links"]:
            case.body["link_secret"] = dice.pick(pages["links"])
        if "authorization_code" in case.body:
            case.body.update(dice.pick(page["codes"]))


@schemathesis.hook
def before_call(context, case, kwargs):
    dice = Dice(case)
    spoilt = case.meta.is_negative_at if case.meta is not None else lambda location: False
    if is_of_page(case):
        act_as_page(case, dice, spoilt)
    elif case.path_parameters and not spoilt(ParameterLocation.PATH) and dice.below(5) > 0:
        lead_path(case, dice, spoilt)
    if case.query and "cursor" in case.query and not spoilt(ParameterLocation.QUERY):
        case.query["cursor"] = known["cursors"].get(case.path, case.query["cursor"])
    if isinstance(case.body, dict) and not spoilt(ParameterLocation.BODY):
        if isinstance(case.body.get("return_url"), str) and dice.below(5) > 0:
            case.body["return_url"] = known["return_url"]
        if "decision" in case.body and case.body.get("a") == case.body.get("b"):
            # No schema says that two individuals are two.
            case.body["a"], case.body["b"] = known["roster"]["individuals"][:2]
        if "access_token" in case.body and dice.below(2) > 0:
            case.body["access_token"] = dice.pick(known["access_tokens"])
