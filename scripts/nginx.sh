# shellcheck shell=bash
# The destination of the benchmarks: an nginx that does as little as it can. Sourced by the scripts that measure.

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# start_nginx PORT LOCATIONS: starts nginx on loopback with everything it writes in $folder; sets `nginx` to its process.
start_nginx() {
    mkdir -p "$folder/nginx"
    cat >"$folder/nginx.conf" <<CONF
daemon off;
master_process off;
worker_processes 1;
pid $folder/nginx/pid;
error_log $folder/nginx/error.log error;
events { worker_connections 4096; }
http {
    access_log off;
    merge_slashes off;
    keepalive_requests 1000000000;
    keepalive_timeout 3600s;
    client_body_temp_path $folder/nginx/body;
    proxy_temp_path $folder/nginx/proxy;
    fastcgi_temp_path $folder/nginx/fastcgi;
    uwsgi_temp_path $folder/nginx/uwsgi;
    scgi_temp_path $folder/nginx/scgi;
    server {
        listen 127.0.0.1:$1 backlog=4096;
        $2
    }
}
CONF
    PATH="$PATH:/usr/sbin" nginx -p "$folder/nginx" -c "$folder/nginx.conf" 2>"$folder/nginx.log" &
    nginx=$!
}
