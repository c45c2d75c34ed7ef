import { CfnResource } from "aws-cdk-lib";
import type { EventBus } from "aws-cdk-lib/aws-events";
import { AnyPrincipal, Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";

/** What Perch's own events say where they come from; `shared/eventbridge/put-onto-bus.ts` writes it. */
const source = "perch";

/** Who puts Perch's own events onto the bus. */
export interface EventPublishersProps {
  readonly bus: EventBus;
  readonly functions: readonly LambdaFunction[];
  /** Whether others are kept from it. An emulated AWS refuses a bus's policy. */
  readonly exclusive: boolean;
}

/** Lets some functions put events onto the bus, and keeps everybody else in the account from putting events that look like Perch's. */
export class EventPublishers extends Construct {
  constructor(scope: Construct, id: string, { bus, functions, exclusive }: EventPublishersProps) {
    super(scope, id);
    for (const fn of functions) {
      fn.addEnvironment("BUS_NAME", bus.eventBusName);
      fn.addToRolePolicy(new PolicyStatement({ actions: ["events:PutEvents"], resources: [bus.eventBusArn] }));
    }
    if (!exclusive) return;
    const roles = functions.map(({ role }) => role?.roleArn);
    const statement = new PolicyStatement({
      sid: "OnlyPublishersSpeakForPerch",
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ["events:PutEvents"],
      resources: [bus.eventBusArn],
      conditions: {
        // One call may bring events of several sources.
        "ForAnyValue:StringEquals": { "events:source": [source] },
        ArnNotEquals: { "aws:PrincipalArn": roles },
      },
    });
    // Written out: the CDK's own class of it warns at each synthesis of a property that is not used here.
    new CfnResource(this, "Policy", {
      type: "AWS::Events::EventBusPolicy",
      properties: {
        EventBusName: bus.eventBusName,
        StatementId: statement.sid,
        Statement: statement.toStatementJson(),
      },
    });
  }
}
