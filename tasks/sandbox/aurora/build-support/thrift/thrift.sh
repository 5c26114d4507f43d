#!/bin/sh
# The miniature Aurora's Thrift compiler: there is nothing to generate.
case ${1:-} in
  --version) echo 'Thrift version 0.9.1' ;;
  --gen) ;;
  *) echo "thrift: only --version and --gen are understood (the sandbox's miniature)" >&2; exit 1 ;;
esac
