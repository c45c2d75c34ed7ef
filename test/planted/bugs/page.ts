/** Who gets into the connections page, and for how long. */
import { contract, type PlantedBug, unit } from "../planted-bug.ts";

const store = "shared/dynamodb/page-session-store.ts";
const enter = "shared/page/enter-page.ts";
const sameOrigin = "shared/http/same-origin.ts";
const endpoint = "shared/http/page-endpoint.ts";
const sessions = "functions/page-sessions";

export const pageBugs: readonly PlantedBug[] = [
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
