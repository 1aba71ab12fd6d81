import { describe, test } from "vitest";
import { RegionBook } from "./region-book.ts";
import { emptyBook, storedBookSchema } from "./stored-book.ts";

/** A region's book that the root granted so much. */
function bookOf(granted: number): RegionBook {
  const book = new RegionBook(emptyBook("w"), 0);
  book.link(1);
  book.receive({ window: "w", epoch: 1, granted, keep: null });
  return book;
}

function reserved(book: RegionBook, amount: number, wanted: number) {
  const reply = book.reserve(amount, wanted, 0);
  if (reply.kind === "short") throw new Error("it fits");
  return reply.receipt;
}

/** As a crash leaves it: what was not stored is lost. */
const crashed = (book: RegionBook): RegionBook => new RegionBook(storedBookSchema.parse(book.stored()), 0);

describe("a region's book", () => {
  test("can be stored however much went through its memory", ({ expect }) => {
    const book = bookOf(5e15);
    for (let call = 0; call < 50; call += 1) book.settle(reserved(book, 4e15, 0), 1);
    book.checkpoint(0);
    expect(storedBookSchema.parse(book.stored())).toEqual(book.stored());
    expect(book.free).toBe(5e15 - 50);
    book.rest();
    expect([book.isAtRest, book.free]).toEqual([true, 5e15 - 50]);
  });

  test("that is idle but for a long call has no more than that call's reserve to lose", ({ expect }) => {
    const book = bookOf(1_000);
    const receipt = reserved(book, 100, 500);
    book.rest();
    const after = crashed(book);
    expect(after.free).toBe(900);
    after.settle(receipt, 30);
    expect(after.free).toBe(970);
  });

  test("counts a call that went on without rights as the most that it can cost, where nobody knows what it did", ({ expect }) => {
    const book = bookOf(100);
    book.settle(book.pass(300, 0), null);
    expect(book.free).toBe(-200);
    book.settle(book.pass(300, 0), 10);
    expect(book.free).toBe(-210);
  });

  test("calls a bound wrong by what a call cost beyond it, after a crash too; one that went on without rights broke none", ({ expect }) => {
    const book = bookOf(1_000);
    const receipts = [reserved(book, 100, 0), book.pass(300, 0)] as const;
    book.checkpoint(0);
    const after = crashed(book);
    after.settle(receipts[1], 250);
    expect(after.spending.over).toBe(0);
    expect(after.free).toBe(650);
    after.settle(receipts[0], 130);
    expect(after.spending.over).toBe(30);
  });

  test("takes back what it lent where nobody was told of it", ({ expect }) => {
    const book = bookOf(100);
    const lent = book.lend(60, 0);
    if (lent === null) throw new Error("it fits");
    book.unlend(lent.epoch);
    expect([book.free, book.pockets.count]).toEqual([100, 0]);
  });
});
