#!/bin/sh
# Kakoune in a terminal (tmux), with what docs/editors/kakoune.md says to write into kakrc: the first note's finding is
# marked, its minutes stand beside it, and what could be done is listed.
#
#   SOAPSTONE=target/debug/soapstone SOAPSTONE_ROOT=. sh tests/editors/kakoune/person.sh
set -u
home=$(mktemp -d)
socket=$home/tmux
mkdir -p "$home/bin" "$home/notes" "$home/.config/kak" "$home/run"
chmod 700 "$home/run"
ln -s "$(realpath "$SOAPSTONE")" "$home/bin/soapstone"
page=$SOAPSTONE_ROOT/docs/editors/kakoune.md
sed -n '/^```kak$/,/^```$/p' "$page" | sed '/^```/d' >"$home/.config/kak/kakrc"
sed -n '/^```soap$/,/^```$/p' "$page" | sed '/^```/d' >"$home/notes/10234.soap"

terminal() {
  tmux -S "$socket" -f /dev/null "$@"
}
passed=0
failed=0
# Waits until the words are on the screen. The number is only there so that a test that fails ends.
see() {
  left=600
  until terminal capture-pane -p | grep -F -q -- "$2"; do
    left=$((left - 1))
    if [ "$left" -eq 0 ]; then
      echo "not ok $1: waited in vain for $2"
      terminal capture-pane -p
      failed=$((failed + 1))
      return
    fi
    sleep 0.1
  done
  echo "ok $1"
  passed=$((passed + 1))
}

terminal new-session -d -x 120 -y 30 env -C "$home/notes" HOME="$home" XDG_CONFIG_HOME="$home/.config" \
  XDG_RUNTIME_DIR="$home/run" TERM=xterm-256color LANG=C.UTF-8 PATH="$home/bin:$PATH" kak 10234.soap
see "minutes stand beside a block" "10:25-10:32 = 7 min, 0 units"
see "the finding's line is marked" "*97110-GP core"
terminal send-keys g e
terminal send-keys Space
see "the user mode has the language server's" "LSP mode"
terminal send-keys l
see "the mode opens" "code actions"
terminal send-keys a
see "what could be done is listed" "Do not show this here"
terminal send-keys Escape
terminal send-keys :
terminal send-keys -l "quit!"
terminal send-keys Enter
terminal kill-server 2>/dev/null
rm -rf "$home"
echo "Kakoune: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
