/** One thing that is tried with a function's role. */
import type { AwsCall } from "../../cdk/policy-decision.ts";
import type { AwsRequest } from "./call-aws.ts";

export interface Attempt {
  readonly name: string;
  /** What IAM is asked for it, by the names of the table of permissions: all of it has to be granted. */
  readonly calls: readonly AwsCall[];
  readonly request: AwsRequest;
}

/** One action on one thing; `more` tells it from others of the kind. */
export const attempt = (
  action: string,
  resource: string,
  request: AwsRequest,
  context: AwsCall["context"] = {},
  more = "",
): Attempt => ({ name: `${action} on ${resource}${more}`, calls: [{ action, resource, context }], request });
