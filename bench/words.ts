const words =
  "the customer asks for a refund of broken kettle that came on monday while her order was paid twice and support has not yet answered any mail so we should check both payments send new device today offer free return shipping apologise close ticket number before evening if manager agrees otherwise keep it open until friday because warranty covers only first year please confirm address colour model serial invoice".split(
    " ",
  );

/** `count` words. Seeded, so that every target and every run gets the same (Numerical Recipes' generator). */
export function randomWords(seed: number, count: number): string {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: count }, () => words[Math.floor(next() * words.length)] ?? "").join(" ");
}
