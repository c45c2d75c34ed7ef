import { RemovalPolicy } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";

/** Seals Finch's access tokens. No call succeeds unless it names the customer and the connection. */
export class TokenKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.key = new Key(this, "Key", {
      description: "Seals Finch access tokens under their customer_id and connection_id",
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
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
        conditions: {
          Null: { "kms:EncryptionContext:customer_id": "false", "kms:EncryptionContext:connection_id": "false" },
        },
      }),
    );
  }
}
