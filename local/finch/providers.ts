/**
 * The providers that the simulator offers, in the shape of Finch's `GET /providers`. They differ in what they support
 * on purpose: what a token is granted is not always what was asked for.
 */

const everyProduct = [
  "company",
  "directory",
  "individual",
  "employment",
  "payment",
  "pay_statement",
  "benefits",
  "deduction",
  "documents",
  "ssn",
] as const;
const hrProducts = ["company", "directory", "individual", "employment", "documents", "ssn"] as const;

/** Each product that a Connect session may ask for. `deduction` is Finch's deprecated alias of `benefits`. */
export const products: readonly string[] = [
  ...everyProduct,
  "plans",
  "plans_dependents",
  "plans_enrollments",
  "recordkeeping",
];

/** How an employer may sign in. */
export const authMethods = ["assisted", "credential", "oauth", "api_token"] as const;

/** One of Finch's authentication methods for Connect. */
export type AuthMethod = (typeof authMethods)[number];

/** A provider as Finch lists it. */
export type Provider = {
  readonly id: string;
  readonly display_name: string;
  readonly products: readonly string[];
  readonly mfa_required: boolean;
  readonly primary_color: string;
  readonly manual: boolean;
  readonly authentication_methods: readonly [{ readonly type: AuthMethod }, ...{ readonly type: AuthMethod }[]];
};

const provider = (
  id: string,
  displayName: string,
  color: string,
  supported: readonly string[],
  first: AuthMethod,
  ...others: AuthMethod[]
): Provider => ({
  id,
  display_name: displayName,
  products: supported,
  mfa_required: false,
  primary_color: color,
  manual: first === "assisted",
  authentication_methods: [{ type: first }, ...others.map((type) => ({ type }))],
});

/** What `GET /providers` answers. */
export const providers: readonly Provider[] = [
  provider("adp_run", "RUN Powered by ADP", "#d0271d", everyProduct, "credential"),
  provider("bamboo_hr", "BambooHR", "#73c41d", hrProducts, "api_token", "credential"),
  provider("gusto", "Gusto", "#f45d48", everyProduct, "oauth", "credential"),
  provider("paychex_flex", "Paychex Flex", "#004b8d", everyProduct, "credential", "assisted"),
  provider("quickbooks", "QuickBooks Payroll", "#2ca01c", everyProduct, "oauth", "credential"),
  provider("rippling", "Rippling", "#512f3e", everyProduct, "credential", "api_token"),
  provider("zenefits", "TriNet HR Platform", "#ff5745", hrProducts, "oauth"),
];

/** Finds a provider by its id. */
export const findProvider = (id: string): Provider | undefined => providers.find((known) => known.id === id);
