/** A time of the table is the time that was written, and is written again as it was, whatever form it has. */
import { afterEach, expect, it, vi } from "vitest";
import { parseStoredTime } from "#shared/dynamodb/stored-time.ts";

afterEach(() => vi.restoreAllMocks());

it.each(["2031-05-06T12:34:56.789Z", "0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"])("%s", (text) => {
  const time = parseStoredTime(text);
  expect(time).toBeInstanceOf(Date);
  expect(time).toEqual(new Date(text));
  expect(time?.getTime()).toBe(Date.parse(text));
  expect(time?.toISOString()).toBe(text);
  expect(JSON.stringify([time])).toBe(`["${text}"]`);
});

it("keeps its text: it is not written anew", () => {
  const time = parseStoredTime("2031-05-06T12:34:56.789Z");
  const write = vi.spyOn(Date.prototype, "toISOString");
  expect(time?.toISOString()).toBe("2031-05-06T12:34:56.789Z");
  expect(write).not.toHaveBeenCalled();
});

it.each([
  "2031-05-06T12:34:56Z",
  "2031-05-06T14:34:56.000+02:00",
  "+002031-05-06T12:34:56.000Z",
  "Tue, 06 May 2031 12:34:56 GMT",
])("%j, as a Date does not write it, becomes what a Date writes", (text) => {
  expect(parseStoredTime(text)?.toISOString()).toBe("2031-05-06T12:34:56.000Z");
});

it.each(["", "yesterday", "2031-13-06T12:34:56.789Z", "2031-05-06T25:34:56.789Z"])("%j is none", (text) => {
  expect(parseStoredTime(text)).toBeUndefined();
});
