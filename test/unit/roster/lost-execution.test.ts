/** What EventBridge tells of an execution that has not come to its end, and what it makes of a roster. */
import { describe, expect, it } from "vitest";
import { isStopped, type Roster } from "#shared/roster/roster.ts";
import { executionName, readLostExecution, readStepInput } from "#shared/roster/step-input.ts";
import { aRoster } from "../../support/roster-builders.ts";

const roster = aRoster({ execution: 12 });
const { customerId, rosterId } = roster;
const input = JSON.stringify({ customer_id: customerId, roster_id: rosterId });
const name = `${rosterId}-12`;

/** An event of EventBridge's, as the rule lets it through. */
const tell = (detail: object, source = "aws.states") => ({
  ...{ version: "0", "detail-type": "Step Functions Execution Status Change", source },
  detail: { name, input, status: "ABORTED", ...detail },
});

describe("an execution that was lost", () => {
  it.each(["FAILED", "TIMED_OUT", "ABORTED"])("is the one that its name and its input name: %s", (status) => {
    expect(executionName(roster)).toBe(name);
    expect(readLostExecution(tell({ status }))).toEqual({ customerId, rosterId, execution: 12, status });
  });

  it.each([
    ["a step's input", { step: "plan", customer_id: customerId, roster_id: rosterId }],
    ["an event of another service", tell({}, "aws.ec2")],
    ["nothing", undefined],
    ["a text", "aws.states"],
  ])("is told of by no %s", (_, event) => {
    expect(readLostExecution(event)).toBeUndefined();
  });

  it.each([
    ["another roster's name", { name: `${rosterId.replaceAll(/[0-9a-f]/g, "0")}-12` }],
    ["no number", { name: `${rosterId}-` }],
    ["a number that is written otherwise", { name: `${rosterId}-012` }],
    ["none", { name: undefined }],
  ])("is refused with a name that is %s", (_, detail) => {
    expect(() => readLostExecution(tell(detail))).toThrow(new TypeError("an execution is no roster's"));
  });

  it.each([
    ["that names no roster", { input: JSON.stringify({ customer_id: customerId }) }],
    ["that is no JSON", { input: "roster" }],
    ["that is missing", { input: undefined }],
  ])("is refused with an input %s", (_, detail) => {
    expect(() => readLostExecution(tell(detail))).toThrow();
    expect(() => readStepInput(detail)).toThrow(TypeError);
  });
});

describe("a roster", () => {
  it.each<[Roster["state"], number | null, boolean]>([
    ["running", 12, true],
    ["running", 11, false],
    ["running", null, false],
    ["ready", 12, false],
    ["failed", 12, false],
    ["cancelled", 12, false],
  ])("that is %s at its twelfth execution, of which number %s was lost: stopped is %s", (state, stopped, expected) => {
    expect(isStopped({ ...roster, state, stoppedExecution: stopped })).toBe(expected);
  });
});
