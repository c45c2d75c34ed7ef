import { RemovalPolicy } from "aws-cdk-lib";
import { AnyPrincipal, Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";

/** What a ciphertext is bound to: KMS opens it only for a call that names the same two. */
const contextKeys = ["kms:EncryptionContext:customer_id", "kms:EncryptionContext:connection_id"];

/**
 * Seals Finch's access tokens. The account's IAM decides who may use the key (the key policy's first statement, as KMS
 * makes it); nobody, an administrator included, may seal or open without naming the customer and the connection.
 */
export class TokenKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.key = new Key(this, "Key", {
      description: "Seals Finch access tokens under their customer_id and connection_id",
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    for (const contextKey of contextKeys) {
      this.key.addToResourcePolicy(
        new PolicyStatement({
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
          resources: ["*"],
          conditions: { Null: { [contextKey]: "true" } },
        }),
      );
    }
  }

  letSeal(fn: LambdaFunction) {
    this.#let(fn, "kms:Encrypt");
  }

  letOpen(fn: LambdaFunction) {
    this.#let(fn, "kms:Decrypt");
  }

  #let(fn: LambdaFunction, action: string) {
    fn.addEnvironment("TOKEN_KEY_ARN", this.key.keyArn);
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: [action],
        resources: [this.key.keyArn],
        conditions: { Null: Object.fromEntries(contextKeys.map((contextKey) => [contextKey, "false"])) },
      }),
    );
  }
}
