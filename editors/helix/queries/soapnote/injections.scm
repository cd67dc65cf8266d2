; TODO, FIXME and addresses in comments, as everywhere in Helix.
((comment) @injection.content
  (#set! injection.language "comment"))
