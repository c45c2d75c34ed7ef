const width = 24;

/** How far something has come: `█████░░░ 340 of 1000`. */
export const progressBar = (done: number, all: number): string => {
  const full = all === 0 ? width : Math.floor((done / all) * width);
  return `${"█".repeat(full)}${"░".repeat(width - full)} ${done} of ${all}`;
};
