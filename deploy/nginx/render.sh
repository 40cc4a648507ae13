#!/bin/sh
# Puts the values of an env file into the template, as the official image does when it starts:
#
#   deploy/nginx/render.sh deploy/pilotlight.env > /etc/nginx/conf.d/pilotlight.conf
set -eu
awk '
    FNR == NR {
        if ($0 ~ /^PILOTLIGHT_[A-Z_]+=/) {
            at = index($0, "=")
            value[substr($0, 1, at - 1)] = substr($0, at + 1)
        }
        next
    }
    {
        out = ""
        while (match($0, /[$][{]PILOTLIGHT_[A-Z_]+[}]/)) {
            name = substr($0, RSTART + 2, RLENGTH - 3)
            if (!(name in value)) {
                print name " is not set" > "/dev/stderr"
                exit 1
            }
            out = out substr($0, 1, RSTART - 1) value[name]
            $0 = substr($0, RSTART + RLENGTH)
        }
        print out $0
    }
' "$1" "$(dirname "$0")/pilotlight.conf.template"
