# Completes commands and options of harmony by asking the program itself.
complete -c harmony -a '(harmony "[suggest:"(string length (commandline -cp))"]" (commandline -cp) 2>/dev/null)'
