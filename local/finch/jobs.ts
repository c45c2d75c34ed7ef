/** `/jobs/automated` and `/jobs/manual`: a refresh of a connection's data, and what people at Finch do. */
import { type Bearer, findBearer } from "./credentials.ts";
import { errorReply, notJson } from "./errors.ts";
import { type Call, jsonReply, parseJsonObject, type Reply } from "./http.ts";
import type { Connection, Job, Simulation } from "./model.ts";
import { readPage } from "./page.ts";

/** How long a job takes here. */
const jobMs = 30_000;

const allowedRefreshes = 1;
const refreshWindowMs = 60 * 60_000;

/** Begins a refresh: one an hour for each connection. While one runs, it is that one that is answered. */
export const createJob = (simulation: Simulation, call: Call): Reply => {
  const bearer = findBearer(simulation, call);
  if ("status" in bearer) return bearer;
  const body = parseJsonObject(call.body);
  if (!body) return notJson();
  if (body["type"] !== "data_sync_all") return errorReply("bad_request", "type must be data_sync_all");
  const { state, now, randomId, save } = simulation;
  const [latest] = jobsOf(simulation, bearer, "automated");
  const isRecent = latest !== undefined && now().getTime() < latest.createdAtMs + refreshWindowMs;
  const retryAt = new Date((latest?.createdAtMs ?? 0) + refreshWindowMs).toISOString();
  const used = { allowed_refreshes: allowedRefreshes, remaining_refreshes: 0 };
  if (isRecent && !isOver(simulation, latest)) return jsonReply(200, { ...used, ...namesOf(simulation, latest) });
  if (isRecent) return jsonReply(200, { ...used, retry_at: retryAt });
  const job: Job = {
    id: randomId(),
    kind: "automated",
    connectionId: bearer.connection.id,
    createdAtMs: now().getTime(),
  };
  state.jobs.set(job.id, job);
  save();
  return jsonReply(200, { ...used, ...namesOf(simulation, job) });
};

/** The refreshes of the token's connection, the newest first. */
export const listJobs = (simulation: Simulation, call: Call): Reply => {
  const bearer = findBearer(simulation, call);
  if ("status" in bearer) return bearer;
  const jobs = jobsOf(simulation, bearer, "automated");
  const page = readPage(call, jobs.length);
  if (!page) return errorReply("bad_request", "limit must be 1 or more, and offset 0 or more");
  const [latest] = jobs;
  const isUsed = latest !== undefined && simulation.now().getTime() < latest.createdAtMs + refreshWindowMs;
  const quota = { allowed_refreshes: allowedRefreshes, remaining_refreshes: isUsed ? 0 : allowedRefreshes };
  return jsonReply(200, {
    data: jobs
      .slice(page.offset, page.offset + page.length)
      .map((job) => describeJob(simulation, bearer.connection, job)),
    meta: { quotas: { data_sync_all: quota } },
  });
};

/** One refresh. */
export const readJob = (simulation: Simulation, call: Call): Reply =>
  withJob(simulation, call, "automated", (job, { connection }) =>
    jsonReply(200, describeJob(simulation, connection, job)),
  );

/** Work that somebody at Finch does by hand, which the control door begins. */
export const readManualJob = (simulation: Simulation, call: Call): Reply =>
  withJob(simulation, call, "manual", (job) => {
    const isDone = isOver(simulation, job);
    return jsonReply(200, {
      job_id: job.id,
      status: isDone ? "complete" : "in_progress",
      body: isDone ? [] : null,
    });
  });

const withJob = (
  simulation: Simulation,
  call: Call,
  kind: Job["kind"],
  respond: (job: Job, bearer: Bearer) => Reply,
): Reply => {
  const bearer = findBearer(simulation, call);
  if ("status" in bearer) return bearer;
  const job = jobsOf(simulation, bearer, kind).find(({ id }) => call.path.endsWith(`/${id}`));
  return job ? respond(job, bearer) : errorReply("not_found_error", "Job not found");
};

const jobsOf = ({ state }: Simulation, { connection }: Bearer, kind: Job["kind"]): readonly Job[] =>
  [...state.jobs.values()].filter((job) => job.kind === kind && job.connectionId === connection.id).reverse();

const isOver = ({ now }: Simulation, { createdAtMs }: Job): boolean => now().getTime() >= createdAtMs + jobMs;

const namesOf = ({ publicUrl }: Simulation, { id }: Job) => ({
  job_id: id,
  job_url: `${publicUrl()}/jobs/automated/${id}`,
});

/** A job ends as its connection's state lets it. */
const describeJob = (simulation: Simulation, { status }: Connection, job: Job) => {
  const at = (ms: number) => new Date(ms).toISOString();
  const end = status === "reauth" ? "reauth_error" : status === "error_permissions" ? "permissions_error" : "complete";
  return {
    ...namesOf(simulation, job),
    type: "data_sync_all",
    status: isOver(simulation, job) ? end : "in_progress",
    created_at: at(job.createdAtMs),
    scheduled_at: null,
    started_at: at(job.createdAtMs),
    completed_at: isOver(simulation, job) ? at(job.createdAtMs + jobMs) : null,
    params: null,
  };
};
