// Sees to it that the programs of the system which the wider checks use are there. Installs what is missing on
// Debian as root; elsewhere it says what to install, and fails.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const needed = new Map([
  ["chromium", "/usr/bin/chromium"],
  ["firefox-esr", "/usr/bin/firefox-esr"],
  ["libnss3-tools", "/usr/bin/certutil"],
  ["webkit2gtk-driver", "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser"],
  ["xvfb", "/usr/bin/xvfb-run"],
  ["xauth", "/usr/bin/xauth"],
  ["libatomic1", "/usr/lib/x86_64-linux-gnu/libatomic.so.1"],
  ["iproute2", "/usr/sbin/ip"],
  ["openssl", "/usr/bin/openssl"],
  ["python3-aiohttp", "/usr/lib/python3/dist-packages/aiohttp/client.py"],
]);

const missing = (): string[] =>
  [...needed].filter(([, file]) => !existsSync(file)).map(([name]) => name);

const wanted = missing();
if (wanted.length > 0 && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
  console.log(`      installing ${wanted.join(", ")}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = ["install", "--yes", "-qq", "--no-install-recommends", ...wanted];
  for (const args of [["update", "-qq"], install]) {
    spawnSync("apt-get", args, { env, stdio: ["ignore", "ignore", "inherit"] });
  }
}
const left = missing();
if (left.length > 0) {
  console.error(`Please install: ${left.join(" ")}`);
  process.exitCode = 1;
}
