import { RemovalPolicy, Validations } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import type { Stage } from "../stages.ts";
import type { ConnectionTable } from "./connection-table.ts";

/**
 * The platform's Finch application: where Finch is, and the secret with `client_id`, `client_secret` and `webhook_secrets`,
 * which whoever deploys fills in once (a deploy never changes it).
 */
export class FinchApplication extends Construct {
  readonly secret: Secret;
  readonly #stage: Stage;
  readonly #table: ConnectionTable;

  constructor(scope: Construct, id: string, stage: Stage, table: ConnectionTable) {
    super(scope, id);
    this.#stage = stage;
    this.#table = table;
    this.secret = new Secret(this, "Secret", {
      secretName: `perch/${stage.name}/finch-application`,
      description: "JSON: client_id, client_secret and webhook_secrets of the Finch application",
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(this.secret).acknowledge({
      id: "AwsSolutions-SMG4",
      reason: "Finch makes these credentials: only the platform can rotate them there, and puts the new ones in.",
    });
  }

  /** Call Finch without the application's credentials (the bearer of a token), within the deployment's budgets. */
  letReach(fn: LambdaFunction) {
    this.#table.letSpendBudgets(fn);
    fn.addEnvironment("FINCH_URL", this.#stage.finchUrl);
    fn.addEnvironment("FINCH_SHARE", `${this.#stage.finchShare}`);
  }

  /** Call Finch in the application's own name. */
  letAuthenticate(fn: LambdaFunction) {
    this.letReach(fn);
    this.letReadSecret(fn);
  }

  /** Know what the application and Finch know: for a function that checks Finch's signatures. */
  letReadSecret(fn: LambdaFunction) {
    fn.addEnvironment("FINCH_SECRET_ARN", this.secret.secretArn);
    fn.addToRolePolicy(
      new PolicyStatement({ actions: ["secretsmanager:GetSecretValue"], resources: [this.secret.secretArn] }),
    );
  }
}
