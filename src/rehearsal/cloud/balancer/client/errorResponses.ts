import { STATUS_CODES } from "node:http";

/** Statuses that a load balancer answers of its own accord. */
export type ElbStatus = 400 | 405 | 408 | 414 | 460 | 463 | 500 | 501 | 502 | 503 | 504;

export const SERVER_NAME = "awselb/2.0";

// ALB words two of these otherwise than the HTTP registry does.
const ALB_PHRASES: Readonly<Record<number, string>> = {
  503: "Service Temporarily Unavailable",
  504: "Gateway Time-out",
  408: "Request Time-out",
  414: "Request-URI Too Large",
};

/** The reason phrase of a status as ALB words it. */
export function phraseOf(status: number): string {
  return ALB_PHRASES[status] ?? STATUS_CODES[status] ?? "";
}

const pages = new Map<number, string>();

/** The small HTML page that ALB sends with a status of its own. */
export function errorPage(status: number): string {
  let page = pages.get(status);
  if (page === undefined) {
    const title = `${status} ${phraseOf(status)}`.trim();
    page =
      `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n` +
      `<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
    pages.set(status, page);
  }
  return page;
}

/** A whole error response, for a connection whose request could not be read so that there is no response object. */
export function rawErrorResponse(status: number): string {
  const page = errorPage(status);
  return (
    `HTTP/1.1 ${status} ${phraseOf(status)}\r\nServer: ${SERVER_NAME}\r\nDate: ${new Date().toUTCString()}\r\n` +
    `Content-Type: text/html\r\nContent-Length: ${page.length}\r\nConnection: close\r\n\r\n${page}`
  );
}
