// Browsers: opened on a page of the desk that runs the bundle and posts back what came of it. No driver is needed.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Launcher, start, type Work } from "./launcher.ts";

type Open = (work: Work, url: string) => Promise<string>;

const chromium: Open = (work, url) => {
  // With this folder as its home, it trusts what is in the database there.
  trustIn(join(work.scratch, ".pki/nssdb"), work.caFile);
  const flags =
    "--headless --no-sandbox --disable-gpu --disable-quic --disable-dev-shm-usage --no-first-run --disable-background-networking --disable-component-update --disable-sync --disable-background-timer-throttling --disable-renderer-backgrounding";
  const args = [...flags.split(" "), `--user-data-dir=${join(work.scratch, "profile")}`, url];
  return start(work, "chromium", args, { HOME: work.scratch }).ended;
};

const preferences = {
  "app.update.enabled": false,
  "browser.aboutwelcome.enabled": false,
  "browser.discovery.enabled": false,
  "browser.newtab.preload": false,
  "browser.newtabpage.enabled": false,
  "browser.region.update.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.sessionstore.interval": 3_600_000,
  "browser.startup.homepage_override.mstone": "ignore",
  "browser.tabs.remote.separatePrivilegedContentProcess": false,
  "datareporting.healthreport.uploadEnabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "dom.ipc.processPrelaunch.enabled": false,
  "extensions.systemAddon.update.enabled": false,
  "extensions.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "network.proxy.type": 0,
  "services.settings.server": "data:,#remote-settings-dummy/v1",
  "toolkit.telemetry.enabled": false,
};

const firefox: Open = (work, url) => {
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  writeFileSync(join(work.scratch, "user.js"), lines.join(""));
  trustIn(work.scratch, work.caFile);
  return start(work, "firefox-esr", ["--headless", "--no-remote", "--profile", work.scratch, url], {
    HOME: work.scratch,
    MOZ_CRASHREPORTER_DISABLE: "1",
  }).ended;
};

const authorities = "/etc/ssl/certs/ca-certificates.crt";

const webkit: Open = (work, url) => {
  // It trusts what the system trusts: a file that, for its eyes only, is another.
  const trusted = join(work.scratch, "trusted.pem");
  writeFileSync(trusted, readFileSync(authorities, "utf8") + readFileSync(work.caFile, "utf8"));
  const browser = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";
  const command = `mount --bind "$0" ${authorities} && exec xvfb-run -a ${browser} "$1"`;
  return start(work, "unshare", ["--mount", "sh", "-c", command, trusted, url], {
    HOME: work.scratch,
    XDG_RUNTIME_DIR: work.scratch,
  }).ended;
};

const browsers: Readonly<Record<string, Open>> = { chromium, firefox, webkit };

export function browserOf(name: string): Launcher {
  return (work) => {
    const { desk, order } = work;
    const script = `/${basename(work.bundle)}`;
    desk.serve(script, "text/javascript", readFileSync(work.bundle));
    const page = `<!doctype html><meta charset="utf-8"><title>conformance</title><script type="module" src="${script}"></script>`;
    const url = desk.serve(`${script}.html`, "text/html", page);
    const open = browsers[name];
    if (!open) throw new Error(`there is no browser ${name}`);
    return open(work, `${url}?order=${encodeURIComponent(order)}`);
  };
}

/** Puts an authority into a database of NSS. */
function trustIn(folder: string, caFile: string): void {
  mkdirSync(folder, { recursive: true });
  for (const args of [
    ["-N", "--empty-password"],
    ["-A", "-n", "conformance", "-t", "C,,", "-i", caFile],
  ]) {
    const run = spawnSync("certutil", [...args, "-d", `sql:${folder}`], { encoding: "utf8" });
    if (run.status !== 0) throw new Error(`certutil: ${run.error?.message ?? run.stderr}`);
  }
}
