/* Request content on its way to undici, piece by piece. */

/** After this many bytes the event loop gets a turn. */
const longestTurn = 1_048_576;

/**
 * Tells when the last piece has been taken, and lets other things happen meanwhile: as long as the peer reads as fast
 * as the source yields, undici goes from piece to piece without ever leaving the microtask queue.
 */
export function watched(
  pieces: AsyncIterable<Uint8Array>,
  onEnd: () => void,
): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = pieces[Symbol.asyncIterator]();
      let bytes = 0;
      return {
        async next() {
          if (bytes >= longestTurn) {
            bytes = 0;
            await new Promise((resolve) => setImmediate(resolve));
          }
          const result = await iterator.next();
          if (result.done) onEnd();
          else bytes += result.value.byteLength;
          return result;
        },
        return: async (value) =>
          (await iterator.return?.(value)) ?? { done: true, value: undefined },
      };
    },
  };
}
