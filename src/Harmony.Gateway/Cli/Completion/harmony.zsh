#compdef harmony
# Completes commands and options of harmony by asking the program itself.
_harmony() {
    local -a found
    found=("${(@f)$(harmony "[suggest:${#BUFFER}]" "$BUFFER" 2>/dev/null)}")
    compadd -- $found
    _files
}
compdef _harmony harmony
