/** What may be asked of Finch through Perch: `METHOD /path`, where `*` at the end stands for anything below. */
export type ForwardRule = string;

/** What Finch's SDK reads, Finch's own forwarding to providers, jobs and the list of providers. */
const usual: readonly ForwardRule[] = [
  "GET /employer/*",
  "POST /employer/individual",
  "POST /employer/employment",
  "POST /employer/pay-statement",
  "POST /forward",
  "GET /jobs/*",
  "GET /providers",
];

/** What Perch does itself, with care, or nobody may do with a customer's token: no rule opens these. */
const never = /^\/(?:auth|connect|disconnect[^/]*|sandbox|introspect)(?:\/|$)/;

/** A segment of a path at Finch: names and identifiers. Nothing that a server could take for another path. */
const segmentPattern = /^(?!\.{1,2}$)[A-Za-z0-9_.~:-]{1,128}$/;

/**
 * The path at Finch that a request is for, encoded anew segment by segment; undefined if no rule has it. What the rules and
 * the segments do not spell out is refused: no `..`, no slash in disguise, no other host.
 *
 * @param path below the connection's `/finch/`, decoded.
 */
export const readForwardPath = (method: string, path: string, more: readonly ForwardRule[]): string | undefined => {
  const segments = path.split("/");
  if (segments.length > 8 || !segments.every((segment) => segmentPattern.test(segment))) return undefined;
  const plain = `/${segments.join("/")}`;
  if (never.test(plain)) return undefined;
  const isAllowed = [...usual, ...more].some((rule) => allows(rule, method, plain));
  return isAllowed ? `/${segments.map(encodeURIComponent).join("/")}` : undefined;
};

const allows = (rule: ForwardRule, method: string, path: string): boolean => {
  const [ruleMethod, rulePath = ""] = rule.split(" ");
  if (ruleMethod !== method) return false;
  return rulePath.endsWith("/*") ? path.startsWith(rulePath.slice(0, -1)) : path === rulePath;
};

const products: Readonly<Record<string, string>> = {
  company: "company",
  directory: "directory",
  individual: "individual",
  employment: "employment",
  payment: "payment",
  "pay-statement": "pay_statement",
  benefits: "benefits",
  documents: "documents",
};

/** The product that a path needs; undefined where that is not known, and Finch decides. */
export const productOf = (path: string): string | undefined => {
  const [, area, name = ""] = path.split("/");
  return area === "employer" && Object.hasOwn(products, name) ? products[name] : undefined;
};

/** True for what reads one entity's data, and is told which by `entity_ids[]`. */
export const isAboutEntity = (path: string): boolean => path.startsWith("/employer/");
