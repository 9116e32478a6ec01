#!/usr/bin/env bash
# Creates the secrets of compose.yaml that do not exist yet, each as a file in secrets/, which is not committed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Only the owner of the folder can enter it. A container gets its own files, which its user must be able to read.
mkdir -p secrets
chmod 700 secrets
umask 022

secret() { # NAME
    [[ -s secrets/$1 ]] || openssl rand -hex 32 >"secrets/$1"
}
@@ database=sqlite cache=memory|none, or auth=jwt

secret JWT_SIGNING_KEY
# The password of the SMTP server; empty if there is none.
touch secrets/EMAIL_PASSWORD
@@ database=postgres

secret DATABASE_PASSWORD
@@ database=postgres migrations=true
# The password of the role that owns the tables, which only the migrations use.
secret DATABASE_OWNER_PASSWORD
@@ cache=redis

secret REDIS_PASSWORD
