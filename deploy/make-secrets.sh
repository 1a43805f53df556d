#!/bin/sh
# Make the secrets that compose.yaml hands to the containers, once; what is there already stays.
# The folder is closed to others; the files are not, since the containers read them as users of their own.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
password=$(openssl rand -hex 24)
[ -e secrets/secret_key ] || openssl rand -hex 48 >secrets/secret_key
[ -e secrets/database_password ] || printf %s "$password" >secrets/database_password
[ -e secrets/database_url ] || printf 'postgres://mosaite:%s@database:5432/mosaite' "$(cat secrets/database_password)" >secrets/database_url
chmod 644 secrets/*
echo "The secrets are in $(pwd)/secrets: keep a copy of them elsewhere."
