// Routes that break HTTP on purpose; httpbin has none of these.
import { type Exchange, type Routes, wholeNumber } from "../exchange.ts";

function truncated({ response }: Exchange, length: string): void {
  const announced = wholeNumber(length, null, 1024 ** 2);
  response.writeHead(200, {
    "content-type": "application/octet-stream",
    "content-length": announced,
  });
  // An orderly end of the connection, halfway: only the length that was announced gives it away.
  response.write(Buffer.alloc(Math.floor(announced / 2), "*"), () => response.socket?.end());
}

function lost({ request }: Exchange): void {
  request.socket.destroy();
}

/** `/fault/truncated/:n` sends half of what it announced; `/fault/lost` closes without a word. */
export const faults: Routes = {
  "/fault/truncated/:": { GET: truncated },
  "/fault/lost": { ANY: lost },
};
