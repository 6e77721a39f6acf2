import { invalid, requireRange } from "./refusals.js";

/** Cuts one page out of a list; the marker names the first item of the next page. */
export function page<T>(
  items: readonly T[],
  arnOf: (item: T) => string,
  request: { Marker?: string; PageSize?: number },
): { items: T[]; NextMarker?: string } {
  const size = request.PageSize === undefined ? 400 : requireRange("Page size", request.PageSize, 1, 400);
  const from = request.Marker === undefined ? 0 : items.findIndex((item) => markerOf(arnOf(item)) === request.Marker);
  if (from < 0) throw invalid(`Invalid marker '${request.Marker}'`);
  const next = items[from + size];
  return { items: items.slice(from, from + size), ...(next !== undefined && { NextMarker: markerOf(arnOf(next)) }) };
}

function markerOf(arn: string): string {
  return Buffer.from(arn).toString("base64url");
}
