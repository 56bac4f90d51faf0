#!/usr/bin/env bash
# Makes the table of Chinese characters that names are looked up in (services/identity/characters.tsv.gz and radicals.tsv) from Debian's unicode-data.
# Needed only when Unicode has grown: the outcome is kept in the repository, so that nothing is fetched where the platform is built or runs.
#
#   characters.tsv   code point (hex), radical.rest as Unihan writes it, strokes, readings; "~" and a code point where only a variant has readings. By strokes.
#   radicals.tsv     number, code point of the character, code point of the radical's own sign, strokes, reading
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
readonly data=/usr/share/unicode to=services/identity
export LC_ALL=C.UTF-8
[ -f $data/Unihan_Readings.txt.bz2 ] || fail "Unihan is not on this machine: apt-get install unicode-data"

table() {
  bzcat $data/Unihan_IRGSources.txt.bz2 $data/Unihan_Readings.txt.bz2 $data/Unihan_Variants.txt.bz2 | awk -F'\t' '
    function add(c, reading) { if (reading != "" && index(" " readings[c] " ", " " reading " ") == 0) readings[c] = readings[c] (readings[c] == "" ? "" : " ") reading }
    # later fields only fill up what the first ones leave out, so the usual reading stands first
    BEGIN { n = split("kMandarin kTGHZ2013 kHanyuPinlu kXHC1983 kHanyuPinyin", order, " "); m = split("kZVariant kSemanticVariant kTraditionalVariant kSimplifiedVariant kSpecializedSemanticVariant kSpoofingVariant", like, " ") }
    !/^U\+/ { next }
    { sub(/^U\+/, "", $1); value[$1, $2] = $3 }
    $2 == "kRSUnicode" { sub(/ .*/, "", $3); radical[$1] = $3 }
    $2 == "kTotalStrokes" { sub(/ .*/, "", $3); strokes[$1] = $3 }
    END {
      for (c in radical) for (i = 1; i <= n; i++) {
        parts = split(value[c, order[i]], part, " ")
        for (p = 1; p <= parts; p++) {
          text = part[p]; sub(/^[^:]*:/, "", text); sub(/\(.*/, "", text)
          several = split(text, one, ",")
          for (s = 1; s <= several; s++) add(c, one[s])
        }
      }
      for (c in radical) {
        said = readings[c]
        for (i = 1; i <= m && said == ""; i++) {
          other = value[c, like[i]]; sub(/^U\+/, "", other); sub(/[^0-9A-F].*/, "", other)
          if (other != "" && readings[other] != "") said = "~" other
        }
        printf "%s\t%s\t%s\t%s\n", c, radical[c], strokes[c], said
      }
    }' | awk -F'\t' '{ printf "%03d\t%6s\t%s\n", $3, $1, $0 }' | sort | cut -f3-
}

table >"artifacts/characters.tsv"
gzip -9nc artifacts/characters.tsv >$to/characters.tsv.gz
sed -nE "s/^([0-9]+'*); ([0-9A-F]+); ([0-9A-F]+)$/\1\t\3\t\2/p" $data/CJKRadicals.txt | awk -F'\t' -v OFS='\t' '
  FNR == NR { strokes[$1] = $3; split($4, reading, " "); first[$1] = reading[1]; next } { print $1, $2, $3, strokes[$2], first[$2] }' artifacts/characters.tsv - >$to/radicals.tsv
say "$(wc -l <artifacts/characters.tsv) characters, $(wc -l <$to/radicals.tsv) radicals"
