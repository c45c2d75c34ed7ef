/** Who gets into the connections page, and for how long. */
import { contract, type PlantedBug, unit } from "../planted-bug.ts";

const store = "shared/dynamodb/page-session-store.ts";
const enter = "shared/page/enter-page.ts";
const sameOrigin = "shared/http/same-origin.ts";
const endpoint = "shared/http/page-endpoint.ts";
const sessions = "functions/page-sessions";

const logic = (name: string) => ({ project: "unit", file: "test/web/logic/page.test.ts", name }) as const;

export const pageBugs: readonly PlantedBug[] = [
  {
    name: "page: an error is a refusal",
    sentence: "The page says that the customer left, though Connect itself has failed.",
    breaks: 13,
    file: "web/page/flashes.ts",
    before: 'hint === "failed" ? "failed" : "cancelled"',
    after: '"cancelled"',
    test: logic("a session that is open after a way back with status=failed ended as failed"),
  },
  {
    name: "page: an answer before the first paint",
    sentence: "The page stays empty where the API answers before it is painted.",
    breaks: 13,
    file: "web/app.tsx",
    before: "    setState(page.state());\n",
    after: "",
    test: {
      project: "web",
      file: "test/web/behaviour.test.ts",
      name: "is drawn when the API answers before the page is painted",
    },
  },
  {
    name: "page: new connections stay nameless",
    sentence: "The page does not look again at a connection that Finch was not asked about yet.",
    breaks: 13,
    file: "web/page/change-actions.ts",
    before: "!isLookedAt ||",
    after: "",
    test: logic("a connection that nobody has looked at yet is looked at again until somebody has"),
  },
  {
    name: "page: two versions at once",
    sentence: "While it is deployed, the page of one version asks for the files of another.",
    breaks: 10,
    file: "cdk/constructs/canary.ts",
    before: 'new Set(["serve-page"])',
    after: "new Set()",
    test: {
      project: "cdk",
      file: "test/cdk/canary.test.ts",
      name: "goes back where an alarm is raised: of its errors, or of the gateway's",
    },
  },
  {
    name: "page: link used twice",
    sentence: "A link that has been used opens the page again.",
    breaks: 13,
    file: store,
    before: " AND attribute_not_exists(visit) AND link_expires_at > :now",
    after: " AND link_expires_at > :now",
    test: contract("is opened once, however many bring the link at the same moment"),
  },
  {
    name: "page: link for ever",
    sentence: "A link works after its time is over.",
    breaks: 13,
    file: store,
    before: " AND link_expires_at > :now",
    after: " AND (link_expires_at > :now OR attribute_exists(pk))",
    test: contract("is not opened by another link, nor by its own from its end on; and stays as it was"),
  },
  {
    name: "page: any secret",
    sentence: "The id of a session is enough to use its link.",
    breaks: 13,
    file: store,
    before: `"link_hash = :link_hash AND`,
    after: `"(link_hash = :link_hash OR attribute_exists(pk)) AND`,
    test: contract("is not opened by another link, nor by its own from its end on; and stays as it was"),
  },
  {
    name: "page: any cookie",
    sentence: "A cookie that names a session opens it, whatever its secret is.",
    breaks: 13,
    file: enter,
    before: "!sameHash(visit.cookieHash, cookie.hash) || ",
    after: "",
    test: unit(sessions, "is opened by its own cookie only"),
  },
  {
    name: "page: no idle end",
    sentence: "A page that nobody uses stays open.",
    breaks: 13,
    file: enter,
    before: "idleEnd(visit) <= at",
    after: "visit.endsAt <= at",
    test: unit(sessions, "ends after 30 minutes without use, and not before"),
  },
  {
    name: "page: no absolute end",
    sentence: "A page that is used stays open for ever.",
    breaks: 13,
    file: "shared/page/page-session.ts",
    before: "new Date(Math.min(seenAt.getTime() + pageSessionLimits.idleMinutes * 60_000, endsAt.getTime()))",
    after: "new Date(seenAt.getTime() + pageSessionLimits.idleMinutes * 60_000 + Number(endsAt) * 0)",
    test: unit(sessions, "ends after 8 hours, however much it is used"),
  },
  {
    name: "page: a former life's session",
    sentence: "A session of a deleted customer opens what is made anew under its id.",
    breaks: 13,
    file: "shared/page/open-page-session.ts",
    before: "customer.incarnation === incarnation && ",
    after: 'incarnation !== "" && ',
    test: unit(sessions, "ends with its customer: on its way out, gone, or made anew"),
  },
  {
    name: "page: a link without an entry",
    sentence: "Somebody is in whose way in nobody has written down.",
    breaks: 13,
    file: "functions/open-page-session/handler.ts",
    before:
      'await deps.audit.record(entryOf(deps, by, { customerId, action: "page_link_opened", at: visit.openedAt }));',
    after: "void [deps, by, customerId, visit];",
    test: unit(
      sessions,
      "leaves an entry in the audit when it is used, before anybody is in, and none when it is refused",
    ),
  },
  {
    name: "page: last time's failure forgotten",
    sentence: "What failed after the customer had closed the window is never told.",
    breaks: 13,
    file: "web/page/connect-actions.ts",
    before: 'end.status !== "failed" || screen !== "list"',
    after: 'end.status !== "" || screen !== "list"',
    test: logic(
      "a failure that came after the customer had gone is told on the next visit, once, with a way to begin again",
    ),
  },
  {
    name: "page: any origin",
    sentence: "Another site's page may change what its visitor's page may.",
    breaks: 13,
    file: sameOrigin,
    before: `return headers["origin"] === publicUrl && `,
    after: "return ",
    test: unit(sessions, "is not used by another origin"),
  },
  {
    name: "page: any form",
    sentence: "What a form can send is taken.",
    breaks: 13,
    file: sameOrigin,
    before: ` && /^application\\/json\\s*(?:;|$)/i.test(headers["content-type"] ?? "")`,
    after: "",
    test: unit(sessions, "is not used by a form"),
  },
  {
    name: "page: any tab",
    sentence: "A tab that shows one customer acts for another whose link was opened beside it.",
    breaks: 13,
    file: endpoint,
    before: "return isItsTab ?",
    after: 'return isItsTab || shown !== "" ?',
    test: unit(
      sessions,
      "is over for a tab that shows another one, and for what changes something without saying which it shows",
    ),
  },
];
