/** The environment variables that the constructs set, and Lambda; nothing else reads them. */
export type VariableName =
  | "AWS_ENDPOINT_URL"
  | "AWS_REGION"
  | "TABLE_NAME"
  | "TOKEN_KEY_ARN"
  | "TOKEN_SECRET_PREFIX"
  | "SWEEP_SECRETS"
  | "SWEEP_SECRETS_QUEUE_URL"
  | "HASH_KEY_ARN"
  | "BUS_NAME"
  | "DISCONNECT_QUEUE_URL"
  | "CHECK_QUEUE_URL"
  | "EMPLOYER_QUEUE_URL"
  | "CHECK_INTERVAL_HOURS"
  | "CHECKS_PER_RUN"
  | "TRY_CONNECTIONS_FUNCTION_NAME"
  | "REFUSED_REPORTS_URL"
  | "DELETION_QUEUE_URL"
  | "FINCH_URL"
  | "FINCH_SHARE"
  | "FINCH_SECRET_ARN"
  | "FINCH_CLIENT_TYPE"
  | "FORWARD_RULES"
  | "PUBLIC_URL"
  | "RETURN_ORIGINS"
  | "PAGE_CONFIG"
  | "PAGE_LOGO"
  | "PAGE_LANGUAGES"
  | "PAGE_PRODUCTS"
  | "PAGE_MODE"
  | "DEFAULT_CUSTOMER_MODE"
  | "EXCHANGE_FUNCTION_NAME"
  | "ROSTER_BUCKET"
  | "ROSTER_KEY_ARN"
  | "ROSTER_PAGE_SIZE"
  | "ROSTER_SSN"
  | "ROSTER_WAIT_SECONDS"
  | "ROSTER_STATE_MACHINE_ARN";

/**
 * Reads the named environment variables.
 *
 * @throws Error that names all that are missing, so that a broken deployment fails at its first start and says why.
 */
export const readEnvironment = <Name extends VariableName>(
  ...names: readonly Name[]
): Readonly<Record<Name, string>> => {
  const missing = names.filter((name) => process.env[name] === undefined);
  if (missing.length > 0) throw new Error(`missing environment variables: ${missing.join(", ")}`);
  return Object.fromEntries(names.map((name) => [name, process.env[name]])) as Record<Name, string>;
};

/** Reads a variable that some stages do not have; undefined when it is not set. */
export const readOptionalVariable = (name: VariableName): string | undefined => process.env[name];

/** A variable's hours as milliseconds. */
export const readHours = (hours: string): number => Number(hours) * 3_600_000;

/** A variable's parts, which commas separate. */
export const readList = (list: string): readonly string[] => list.split(",").filter((part) => part !== "");
