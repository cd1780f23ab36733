# Prints the interpreter that OpenMCX's environment is made with, or says why there is none. Argument: one to prefer.
fits() {
    "$1" -c 'import sys; sys.exit(not (3, 12) <= sys.version_info[:2] <= (3, 14))' >/dev/null 2>&1
}

if [ -n "$1" ]; then
    candidates=$1
else
    candidates="python3.13 python3.14 python3.12 python3 python"
fi

seen=
for candidate in $candidates; do
    command -v "$candidate" >/dev/null 2>&1 || continue
    seen="$seen
    $candidate: $("$candidate" --version 2>&1 | head -n 1)"
    fits "$candidate" || continue
    for module in ensurepip venv ssl sqlite3; do
        if ! "$candidate" -c "import $module" >/dev/null 2>&1; then
            echo "$candidate fits, but its module '$module' is missing." >&2
            echo "On Debian and Ubuntu: apt-get install $(basename "$candidate")-venv. Elsewhere: install Python from its own packages." >&2
            exit 1
        fi
    done
    command -v "$candidate"
    exit 0
done

echo "OpenMCX needs Python 3.12, 3.13 or 3.14 and found none. Looked at:${seen:-
    nothing: there is no Python here}" >&2
echo "Install one of them, or name it: make setup PYTHON=/path/to/python3.13" >&2
exit 1
