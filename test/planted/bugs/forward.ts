/** What gets through to Finch, and back. */
import { type PlantedBug, unit } from "../planted-bug.ts";

const rules = "shared/use/forward-rules.ts";
const adapter = "shared/finch/forward.ts";

export const forwardBugs: readonly PlantedBug[] = [
  {
    name: "forward: a rule opens what is Perch's own",
    sentence: "A stage's rule lets the platform disconnect with a customer's token.",
    breaks: 9,
    file: rules,
    before: "  if (never.test(plain)) return undefined;\n",
    after: "",
    test: unit("use/forward-rules", "is never /disconnect, whatever a stage adds"),
  },
  {
    name: "forward: dots in a path",
    sentence: "A path climbs out of what is forwarded.",
    breaks: 13,
    file: rules,
    before: "(?!\\.{1,2}$)",
    after: "",
    test: unit("use/forward-rules", "is not GET /employer/../introspect"),
  },
  {
    name: "forward: method not looked at",
    sentence: "What may be read may be written as well.",
    breaks: 13,
    file: rules,
    before: "  if (ruleMethod !== method) return false;\n",
    after: "",
    test: unit("use/forward-rules", "is not HEAD /employer/company"),
  },
  {
    name: "forward: caller's headers passed on",
    sentence: "Finch gets headers of the caller's that say where the platform is.",
    breaks: 12,
    file: adapter,
    before: "        ...named,\n",
    after: '        "x-forwarded-for": headers["x-forwarded-for"] ?? "",\n        ...named,\n',
    test: unit("finch/forward", "is nothing of the caller's headers but three"),
  },
  {
    name: "forward: Finch's cookies passed on",
    sentence: "An answer of Finch's sets cookies at the platform.",
    breaks: 13,
    file: adapter,
    before: 'name.startsWith("finch-") ||',
    after: 'name.startsWith("finch-") || name === "set-cookie" ||',
    test: unit("finch/forward", "is its status, its own headers and its bytes"),
  },
  {
    name: "forward: redirect passed on",
    sentence: "The platform is sent elsewhere, with what it believes to be Finch's word.",
    breaks: 13,
    file: adapter,
    before: 'return { kind: "redirect" };',
    after: "{ /* passed on */ }",
    test: unit("finch/forward", "is no redirect (302), which is not followed"),
  },
  {
    name: "forward: 401 not noticed",
    sentence: "Finch says that the customer must sign in again, and Perch does not look.",
    breaks: 7,
    file: "shared/use/forward-request.ts",
    before: 'answer.kind === "reply" && answer.needsCustomer',
    after: 'answer.kind !== "reply" && answer.kind === "redirect"',
    test: unit("use/forward-request", "sets off a look where Finch says that the customer must sign in"),
  },
  {
    name: "forward: answer over Lambda's limit",
    sentence: "An answer whose text doubles in JSON does not fit, and the platform gets a 500.",
    breaks: 13,
    file: "shared/http/forward-reply.ts",
    before: "Buffer.byteLength(JSON.stringify(asText)) < longestReplyBytes",
    after: "bytes.byteLength < longestReplyBytes",
    test: unit("http/forward-reply", "4 MB of quotes"),
  },
];
