/** A fresh process: loads the bundle that it is given, and prints the milliseconds of CPU time that this took. */
const before = process.cpuUsage();
require(process.argv[2]);
const { user, system } = process.cpuUsage(before);
process.stdout.write(`${(user + system) / 1_000}`, () => process.exit(0));
