import type { Measurement, TimedMeasurement } from "./measurement.ts";
import { apiCall } from "./measurements/api-call.ts";
import { cost } from "./measurements/cost.ts";
import { employees } from "./measurements/employees.ts";
import { employeesRoster } from "./measurements/employees-roster.ts";
import { forward } from "./measurements/forward.ts";
import { importCpu } from "./measurements/import-cpu.ts";
import { load } from "./measurements/load.ts";
import { ownCode } from "./measurements/own-code.ts";
import { page } from "./measurements/page.ts";
import { processStart } from "./measurements/process-start.ts";
import { reauthenticationCall } from "./measurements/reauthentication-call.ts";
import { reauthenticationReport } from "./measurements/reauthentication-report.ts";
import { reauthenticationSweep } from "./measurements/reauthentication-sweep.ts";
import { reauthenticationWebhook } from "./measurements/reauthentication-webhook.ts";
import { revoke1000 } from "./measurements/revoke-1000.ts";
import { revoke1000Ended } from "./measurements/revoke-1000-ended.ts";

/** What all others are compared with, so that figures of machines that differ, or are busy, can be compared. */
export const baseline: TimedMeasurement = apiCall;

/** What the benchmark measures, in the order of its table: first what needs no stack. */
export const measurements: readonly Measurement[] = [
  processStart,
  importCpu,
  page,
  ownCode,
  employees,
  employeesRoster,
  cost,
  baseline,
  reauthenticationWebhook,
  reauthenticationReport,
  reauthenticationCall,
  reauthenticationSweep,
  load,
  forward,
  revoke1000,
  revoke1000Ended,
];
