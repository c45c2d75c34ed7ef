/**
 * A signal that is given when this process is asked to end: by Ctrl-C, by SIGTERM, by a closed terminal, or because the
 * process that started it (`local/run.mjs`) is gone. Asked twice, it ends no faster: what it stops has time limits.
 */
export const createInterruption = (): AbortSignal => {
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, interrupt);
  if (process.channel !== undefined && process.channel !== null) {
    process.on("disconnect", interrupt);
    // Listening to it must not keep the process alive.
    process.channel.unref();
  }
  // A terminal that is gone must not turn a last line into a crash.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  return controller.signal;
};
