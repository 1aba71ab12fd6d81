import { array, assert, constantFrom, nat, property } from "fast-check";
import { test } from "vitest";
import { HttpMessageReader } from "./http-message.ts";

const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\n\r\n";
const lengthed = "POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\nhello world";

/** Feeds `pieces`; the body, and after which piece the message was whole. */
function read(pieces: readonly string[]): { body: string; wholeAfter: number; head: string } {
  let body = "";
  const reader = new HttpMessageReader((bytes) => {
    body += bytes.toString("latin1");
  });
  const wholeAfter = pieces.findIndex((piece) => reader.push(Buffer.from(piece, "latin1")));
  return { body, wholeAfter, head: reader.head };
}

test("a message reads the same however its bytes are cut, and is whole with its last byte only", ({ expect }) => {
  assert(
    property(constantFrom(chunked, lengthed), array(nat(chunked.length), { maxLength: 12 }), (message, cuts) => {
      const places = [...new Set([0, ...cuts.filter((cut) => cut > 0 && cut < message.length), message.length])].sort((a, b) => a - b);
      const pieces = places.slice(1).map((place, index) => message.slice(places[index], place));
      expect(read(pieces)).toEqual({
        body: "hello world",
        wholeAfter: pieces.length - 1,
        head: message.slice(0, message.indexOf("\r\n\r\n")),
      });
    }),
  );
});

test("each chunk is given on its own, so that events can be counted as they were sent", ({ expect }) => {
  const given: string[] = [];
  new HttpMessageReader((bytes) => given.push(bytes.toString("latin1"))).push(Buffer.from(chunked));
  expect(given).toEqual(["hello", " world"]);
});

test("after a reset the next message on the connection is read", ({ expect }) => {
  let body = "";
  const reader = new HttpMessageReader((bytes) => {
    body += bytes.toString("latin1");
  });
  const whole = [chunked, lengthed].map((message) => {
    reader.reset();
    return reader.push(Buffer.from(message));
  });
  expect({ body, whole }).toEqual({ body: "hello worldhello world", whole: [true, true] });
});

test("an answer that ends with its connection is refused, not waited for", ({ expect }) => {
  expect(() => read(["HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhello"])).toThrow(new SyntaxError("neither content-length nor chunked"));
});
