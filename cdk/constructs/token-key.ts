import type { Key } from "aws-cdk-lib/aws-kms";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { type BoundKey, createBoundKey } from "./bound-key.ts";

/** Seals Finch's access tokens: nobody may seal or open without naming the customer and the connection. */
export class TokenKey extends Construct {
  readonly key: Key;
  readonly #bound: BoundKey;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.#bound = createBoundKey(this, {
      description: "Seals Finch access tokens under their customer_id and connection_id",
      contextKeys: ["customer_id", "connection_id"],
      deniedWithout: ["Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo"],
    });
    this.key = this.#bound.key;
  }

  letSeal(fn: LambdaFunction) {
    this.#let(fn, "Encrypt");
  }

  letOpen(fn: LambdaFunction) {
    this.#let(fn, "Decrypt");
  }

  #let(fn: LambdaFunction, action: string) {
    fn.addEnvironment("TOKEN_KEY_ARN", this.key.keyArn);
    this.#bound.grant(fn, action);
  }
}
