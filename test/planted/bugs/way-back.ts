/** The way back from Connect, and what Finch answers then: what the forgeries of `test/support/state-forgeries.ts` find. */
import { type PlantedBug, unit } from "../planted-bug.ts";

export const wayBackBugs: readonly PlantedBug[] = [
  {
    name: "query: a doubled parameter is one",
    sentence: "Of a `code` that is there twice, both are taken as one text.",
    breaks: 3,
    file: "shared/http/gateway-event.ts",
    before: "return [name, values.length > 1 ? values : value];",
    after: "return [name, value];",
    test: unit("functions/state-forgery", "are refused, change nothing and tell nothing"),
  },
  {
    name: "cookie: its name in any letters",
    sentence: "A cookie is believed whose name lacks the prefix that browsers guard.",
    breaks: 3,
    file: "shared/http/cookie.ts",
    before: "cookie.startsWith(`${name}=`)",
    after: "cookie.toLowerCase().startsWith(`${name}=`.toLowerCase())",
    test: unit("functions/state-forgery", "are refused, change nothing and tell nothing"),
  },
  {
    name: "link: opened after its time",
    sentence: "A link whose session has expired leads to Finch.",
    breaks: 3,
    file: "shared/connection/connect-session.ts",
    before: `session.status === "open" && session.expiresAt <= now ? "expired"`,
    after: `session.status === "open" && session.expiresAt < session.createdAt ? "expired"`,
    test: unit("functions/state-forgery", "are refused, change nothing and tell nothing"),
  },
  {
    name: "embedded: a state of the browser's",
    sentence: "A backend brings the `state` of a link, and the browser's cookie is not asked for.",
    breaks: 3,
    file: "shared/connection/exchange-authorization-code.ts",
    before: "holderHash: holderHash(response.holder),",
    after: `holderHash: "cookie" in response.holder
        ? holderHash(response.holder)
        : ((await deps.sessions.find(state.sessionId))?.openings[0]?.holderHash ?? ""),`,
    test: unit("functions/state-forgery", "are refused, change nothing and tell nothing"),
  },
  {
    name: "finch: a grant in a refusal",
    sentence: "Finch refuses a code, and what its answer holds besides is taken for a token.",
    breaks: 5,
    file: "shared/finch/finch.ts",
    before: "const grant = answer.status === 200 && answer.body && readTokenGrant(answer.body);",
    after: "const grant = answer.body && readTokenGrant(answer.body);",
    test: unit("functions/state-forgery", "puts no token where it should not be"),
  },
  {
    name: "finch: no client_type is ours",
    sentence: "A token of which Finch does not say the environment is kept.",
    breaks: 5,
    file: "shared/finch/answers.ts",
    before: `  const clientType = text(body["client_type"]);
  if (!accessToken`,
    after: `  const clientType = text(body["client_type"]) ?? "sandbox";
  if (!accessToken`,
    test: unit("functions/state-forgery", "puts no token where it should not be"),
  },
];
