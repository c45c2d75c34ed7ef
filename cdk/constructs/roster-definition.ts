/** A function that fails is called again: it goes on where the last call stopped. */
const retry = [
  {
    ErrorEquals: ["States.ALL"],
    IntervalSeconds: 2,
    BackoffRate: 2,
    MaxDelaySeconds: 120,
    MaxAttempts: 8,
    JitterStrategy: "FULL",
  },
];

/** Many read at once only as far as Finch's limits let them; each waits in its turn. */
const connectionsAtOnce = 10;

/** The definition of the state machine of rosters (Amazon States Language), with the steps' functions by their ARNs. */
export const describeRosterMachine = (functions: { readonly read: string; readonly reconcile: string }) => {
  const roster = { "customer_id.$": "$.customer_id", "roster_id.$": "$.roster_id" };
  const connection = { ...roster, "connection_id.$": "$.connection_id" };
  const task = (resource: string, parameters: object, more: object) => ({
    Type: "Task",
    Resource: resource,
    Parameters: parameters,
    Retry: retry,
    ...more,
  });
  const giveUp = (next: string) => [{ ErrorEquals: ["States.ALL"], ResultPath: null, Next: next }];
  return {
    Comment: "Reads everybody who is employed through a customer's connections, and reconciles them",
    StartAt: "Plan",
    States: {
      Plan: task(
        functions.reconcile,
        { step: "plan", ...roster },
        {
          ResultPath: "$.plan",
          Catch: giveUp("Fail"),
          Next: "ReadConnections",
        },
      ),
      ReadConnections: {
        Type: "Map",
        ItemsPath: "$.plan.connections",
        ItemSelector: { ...roster, "connection_id.$": "$$.Map.Item.Value" },
        MaxConcurrency: connectionsAtOnce,
        ToleratedFailurePercentage: 100,
        ItemProcessor: {
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
          StartAt: "Read",
          States: {
            Read: task(
              functions.read,
              { step: "read", ...connection },
              {
                ResultPath: "$.read",
                Catch: giveUp("GiveUp"),
                Next: "WhatNext",
              },
            ),
            WhatNext: {
              Type: "Choice",
              Choices: [
                { Variable: "$.read.state", StringEquals: "wait", Next: "Wait" },
                { Variable: "$.read.state", StringEquals: "done", Next: "Done" },
              ],
              Default: "Read",
            },
            Wait: { Type: "Wait", SecondsPath: "$.read.wait_seconds", Next: "Read" },
            GiveUp: task(functions.read, { step: "give_up", ...connection }, { ResultPath: null, Next: "Done" }),
            Done: { Type: "Pass", Result: {}, End: true },
          },
        },
        ResultPath: null,
        Catch: giveUp("Fail"),
        Next: "Reconcile",
      },
      Reconcile: task(functions.reconcile, { step: "reconcile", ...roster }, { Catch: giveUp("Fail"), End: true }),
      Fail: task(functions.reconcile, { step: "fail", ...roster }, { Next: "Failed" }),
      Failed: { Type: "Fail", Error: "RosterFailed" },
    },
  };
};
