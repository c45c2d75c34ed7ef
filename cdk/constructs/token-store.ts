import { ArnFormat, Stack, Validations } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { retention } from "../../shared/retention.ts";
import type { Stage } from "../stages.ts";
import type { TokenKey } from "./token-key.ts";

/**
 * A token's id, a UUID of version 7, as a pattern of IAM's. The stage's other secrets (`finch-application`, `hash-key`)
 * begin just so, and none of them fits.
 */
const tokenId = "????????-????-7???-????-????????????";

/**
 * Where sealed tokens are kept: in the token's item, or in a secret for each. Either way the token key seals them. Hands out
 * verbs: environment variables, and exactly the actions on exactly the secrets of this stage's tokens.
 */
export class TokenStore extends Construct {
  readonly #key: TokenKey;
  /** Undefined on a stage that keeps no secrets. */
  readonly #secretArnPrefix: string | undefined;

  constructor(scope: Construct, id: string, props: { readonly stage: Stage; readonly key: TokenKey }) {
    super(scope, id);
    const { name, tokenStore } = props.stage;
    this.#key = props.key;
    this.#secretArnPrefix =
      tokenStore === "kms"
        ? undefined
        : Stack.of(this).formatArn({
            service: "secretsmanager",
            resource: "secret",
            resourceName: `perch/${name}/`,
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          });
  }

  /** Seal tokens. */
  letSeal(fn: LambdaFunction) {
    this.#key.letSeal(fn);
    this.#let(fn, ["CreateSecret"]);
  }

  /** Open sealed tokens. */
  letOpen(fn: LambdaFunction) {
    this.#key.letOpen(fn);
    this.#let(fn, ["GetSecretValue"]);
  }

  /** Destroy sealed tokens that no item names any more, and see that they are gone. */
  letDestroy(fn: LambdaFunction) {
    this.#let(fn, ["DeleteSecret", "DescribeSecret"]);
  }

  /** List what is kept, without any value, and have some of it removed where it can be restored for 30 days. */
  letSweep(fn: LambdaFunction) {
    this.#let(fn, ["DescribeSecret"]);
    this.#let(fn, ["DeleteSecret"], {
      NumericEquals: { "secretsmanager:RecoveryWindowInDays": `${retention.secretRecoveryDays}` },
    });
    // It lists names of all secrets in the account: the action knows no resource.
    fn.addToRolePolicy(new PolicyStatement({ actions: ["secretsmanager:ListSecrets"], resources: ["*"] }));
    if (fn.role === undefined) throw new Error("the function that sweeps secrets has no role");
    Validations.of(fn.role).acknowledge({
      id: "AwsSolutions-IAM5[Resource::*]",
      reason: "secretsmanager:ListSecrets takes no resource. It shows names and descriptions, never a value.",
    });
  }

  #let(fn: LambdaFunction, actions: readonly string[], conditions?: Record<string, Record<string, string>>) {
    if (this.#secretArnPrefix === undefined) return;
    const arn = `${this.#secretArnPrefix}${tokenId}`;
    fn.addEnvironment("TOKEN_SECRET_PREFIX", this.#secretArnPrefix);
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: actions.map((action) => `secretsmanager:${action}`),
        // Six random characters end an ARN. A secret that is gone, or not made yet, is judged without them.
        resources: [arn, `${arn}-??????`],
        ...(conditions && { conditions }),
      }),
    );
  }
}
