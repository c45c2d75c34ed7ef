import { region } from "./environments.ts";

/** Calls a service of the emulated AWS that speaks JSON. */
export type CallAws = <Answer>(service: Service, operation: string, input: object) => Promise<Answer>;

/** The services that the start asks, by the prefix of their `X-Amz-Target`. */
const targets = {
  "cognito-idp": "AWSCognitoIdentityProviderService",
  secretsmanager: "secretsmanager",
  ssm: "AmazonSSM",
} as const;

type Service = keyof typeof targets;

/** An answer of the emulated AWS that is an error, by its AWS name such as `ParameterNotFound`. */
class EmulatedAwsError extends Error {
  readonly code: string;

  constructor(operation: string, code: string) {
    super(`The emulated AWS answered ${operation} with ${code}.`);
    this.name = "EmulatedAwsError";
    this.code = code;
  }
}

/**
 * A client of the emulated AWS. It checks no signature, so this needs no SDK; a real AWS would refuse these calls.
 *
 * The calls throw EmulatedAwsError when the service answers with an error.
 */
export const createCallAws =
  (endpoint: string): CallAws =>
  async <Answer>(service: Service, operation: string, input: object) => {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `${targets[service]}.${operation}`,
        authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=none`,
      },
      body: JSON.stringify(input),
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (!response.ok) {
      const type = Object(answer).__type;
      throw new EmulatedAwsError(
        operation,
        typeof type === "string" ? (type.split("#").at(-1) ?? type) : `HTTP ${response.status}`,
      );
    }
    return answer as Answer;
  };

/** What the call answers, or undefined when the thing that it asks for is not there. */
export const unlessMissing = async <Answer>(call: Promise<Answer>): Promise<Answer | undefined> => {
  try {
    return await call;
  } catch (error) {
    if (error instanceof EmulatedAwsError && /NotFound/.test(error.code)) return undefined;
    throw error;
  }
};
