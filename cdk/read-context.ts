/** Reads a context value given with `cdk -c name=value`; undefined when absent. */
export type ReadContext = (name: string) => string | undefined;
