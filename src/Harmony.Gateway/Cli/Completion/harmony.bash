# Completes commands and options of harmony by asking the program itself.
_harmony() {
    local IFS=$'\n'
    COMPREPLY=($(compgen -W "$(harmony "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _harmony harmony
