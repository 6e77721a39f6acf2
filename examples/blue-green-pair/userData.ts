/** What a release of the site is made of. */
export interface Site {
  /** Whether it has a home page; without one it looks healthy, and is not fit for users. */
  readonly homePage: boolean;
}

/**
 * A script that installs nginx where it is missing and serves a site with it; the same on AWS and in a rehearsal, where instances have
 * the programs of the machine.
 */
export function userData(version: string, { homePage }: Site): string {
  const page = `<!doctype html><title>Shop</title><h1>Welcome to ${version}</h1>`;
  return `#!/bin/bash
set -euo pipefail
export PATH="$PATH:/usr/sbin"
command -v nginx >/dev/null || dnf install -y nginx || { echo "nginx is missing, and could not be installed" >&2; exit 1; }
site="$(mktemp -d)"
chmod 755 "$site"
mkdir -p "$site/pages" "$site/temp"
${homePage ? `echo '${page}' > "$site/pages/index.html"` : "# The home page was forgotten."}
head -c 2048 /dev/zero | tr '\\0' 'x' > "$site/pages/slow"
# Where there is no other user than root (a rehearsal that root did not start), workers stay root.
user="$(setpriv --reuid nobody true 2>/dev/null && echo nobody || echo root)"
group="$(id -gn "$user")"
cat > "$site/nginx.conf" <<CONF
daemon off;
user $user $group;
pid $site/nginx.pid;
error_log stderr;
events { worker_connections 1024; }
http {
  access_log off;
  # Longer than the load balancer's idle time-out (60 s), so that it is always the one who closes an idle connection.
  keepalive_timeout 75s;
  client_body_temp_path $site/temp/body;
  proxy_temp_path $site/temp/proxy;
  fastcgi_temp_path $site/temp/fastcgi;
  uwsgi_temp_path $site/temp/uwsgi;
  scgi_temp_path $site/temp/scgi;
  default_type text/html;
  add_header x-version "${version}" always;
  server {
    listen \${HOST:-0.0.0.0}:\${PORT:-80};
    root $site/pages;
    location = /health { return 200 "fine"; }
    # Two kilobytes at one per second: a download that a switch must not cut.
    location = /slow { limit_rate 1k; }
  }
}
CONF
exec nginx -c "$site/nginx.conf" -p "$site"
`;
}
