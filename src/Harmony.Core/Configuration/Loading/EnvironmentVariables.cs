using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Configuration;

/// <summary>
/// Puts the values of environment variables into parsed string values: <c>$NAME</c>, <c>${NAME}</c>, <c>${NAME:-default}</c>,
/// <c>${file:/run/secrets/x}</c>, and <c>$$</c> for a dollar sign. Never into raw text, so that no value can change the file's structure.
/// </summary>
public sealed partial class EnvironmentVariables(Func<string, string?> lookUp, ConfigProblems problems)
{
    private static readonly System.Buffers.SearchValues<char> NameParts =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    private readonly SortedSet<string> _used = new(StringComparer.Ordinal);
    private bool _mayBeSecret;
    private bool _isSecret;
    private bool _isWhole; // whether the value is one variable and nothing else

    /// <summary>The names, never the values, of the variables that were used.</summary>
    public IReadOnlyCollection<string> Used => _used;

    /// <summary>Names whose absence is an error told elsewhere, so that no warning is needed for it.</summary>
    public IReadOnlySet<string> Required { get; set; } = new HashSet<string>();

    /// <summary>The folder in which relative paths of <c>${file:…}</c> are looked for first.</summary>
    public string Directory { get; set; } = "";

    /// <summary>Takes the files of <c>${file:…}</c>.</summary>
    public ConfigSources Sources { get; set; } = new();

    /// <summary>What may be read where the configuration is only tried.</summary>
    internal TrialFiles? Trial { get; set; }

    /// <summary>Whether a variable could not be replaced, so that what refers to its value would only complain.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>A copy of the table with every variable replaced.</summary>
    public TomlTable Substitute(TomlTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new TomlTable([.. table.Select(e => e with { Value = SubstituteBehind(e) })], table.Location);
    }

    /// <summary>What stands behind a key that may hold a secret stays out of messages; behind one that does hold one a variable must be set.</summary>
    private TomlValue SubstituteBehind(TomlEntry entry)
    {
        var (mayBeSecret, isSecret) = (_mayBeSecret, _isSecret);
        _mayBeSecret |= SensitiveNames.MayHoldSecret(entry.Key);
        _isSecret |= SensitiveNames.IsSecretKey(entry.Key);
        var value = Substitute(entry.Value);
        (_mayBeSecret, _isSecret) = (mayBeSecret, isSecret);
        return value;
    }

    private TomlValue Substitute(TomlValue value) => value switch
    {
        TomlTable table => Substitute(table),
        TomlArray array => new TomlArray([.. array.Select(Substitute)], array.Location),
        TomlString text when text.Value.Contains('$') => Expanded(text),
        TomlVariable variable => Typed(Expand(variable.Text, variable.Location), variable.Location),
        _ => value,
    };

    /// <summary>A string that is one variable and nothing else may stand for a number too: <c>bind_port = "${PORT:-8080}"</c>.</summary>
    private TomlString Expanded(TomlString text)
    {
        var value = Expand(text.Value, text.Location);
        return new TomlString(value, text.Location) { VariableText = IsOneVariable(text.Value) ? value : null };
    }

    private static bool IsOneVariable(string text)
    {
        if (text.Length < 2 || text[0] != '$') return false;
        return text[1] == '{' ? ClosingBrace(text, 0) == text.Length - 1 : IsNameStart(text[1]) && text.AsSpan(1).IndexOfAnyExcept(NameParts) < 0;
    }

    /// <summary>A whole unquoted value takes the type its text has: <c>bind_port = $PORT</c>.</summary>
    internal static TomlValue Typed(string text, SourceLocation location)
    {
        if (text is "true" or "false") return new TomlBoolean(text == "true", location) { VariableText = text };
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            return new TomlInteger(integer, location) { VariableText = text };
        }

        const NumberStyles float64 = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text, float64, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? new TomlFloat(number, location) { VariableText = text }
            : new TomlString(text, location) { VariableText = text };
    }

    /// <summary>How password hashes begin: <c>$pbkdf2-sha256$</c>, <c>$2b$</c>, <c>$argon2id$</c>.</summary>
    private static bool IsHash(string text) => IsHashStart().IsMatch(text);

    [GeneratedRegex(@"^\$(?:pbkdf2|argon2|scrypt|[0-9y]|2[abxy])[a-z0-9-]*\$", RegexOptions.NonBacktracking)]
    private static partial Regex IsHashStart();

    private string Expand(string text, SourceLocation location)
    {
        if (IsHash(text))
        {
            // Its parts are no names of variables, and readers of the log would see them.
            Fail(location, "this looks like a password hash; in it, write every '$' as '$$'");
            return text;
        }

        _isWhole = IsOneVariable(text);
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '$' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }

            var next = text[i + 1];
            if (next == '{') i = ExpandBraces(text, i, location, result);
            else if (IsNameStart(next)) i = ExpandName(text, i, location, result);
            else
            {
                result.Append('$');
                if (next == '$') i++;
            }
        }

        return result.ToString();
    }

    private int ExpandName(string text, int dollar, SourceLocation location, StringBuilder result)
    {
        var end = dollar + 1;
        while (end < text.Length && IsNamePart(text[end])) end++;
        result.Append(ValueOf(text[(dollar + 1)..end], null, location));
        return end - 1;
    }

    private int ExpandBraces(string text, int dollar, SourceLocation location, StringBuilder result)
    {
        var close = ClosingBrace(text, dollar);
        if (close < 0)
        {
            Fail(location, "'${' has no closing '}'; write '$$' for a dollar sign");
            return text.Length - 1;
        }

        var inner = text[(dollar + 2)..close];
        if (inner.StartsWith("file:", StringComparison.Ordinal))
        {
            result.Append(ContentOf(inner["file:".Length..], location));
            return close;
        }

        var fallback = inner.IndexOf(":-", StringComparison.Ordinal);
        var name = fallback < 0 ? inner : inner[..fallback];
        if (name.Length == 0 || !IsNameStart(name[0]) || !name.All(IsNamePart))
        {
            Fail(
                location, "what stands between '${' and '}' is no name of a variable; write ${NAME}, ${NAME:-default}, ${file:/path}, or $$ for a dollar sign");
            return close;
        }

        result.Append(ValueOf(name, fallback < 0 ? null : inner[(fallback + 2)..], location));
        return close;
    }

    /// <summary>The brace that ends what begins at the dollar; a default may hold variables of its own.</summary>
    private static int ClosingBrace(string text, int dollar)
    {
        var depth = 0;
        for (var i = dollar; i < text.Length; i++)
        {
            if (text[i] == '{' && text[i - 1] == '$') depth++;
            else if (text[i] == '}' && --depth == 0) return i;
        }

        return -1;
    }

    private string ValueOf(string name, string? fallback, SourceLocation location)
    {
        var value = lookUp(name);
        // The text behind a dollar sign may be the rest of a password, which must not be shown.
        if (value is not null || !_mayBeSecret) _used.Add(name);
        if (!string.IsNullOrEmpty(value)) return value;
        if (fallback is not null) return Expand(fallback, location);
        if (value is null && !Required.Contains(name)) NoteUnset(name, location);
        return "";
    }

    private void NoteUnset(string name, SourceLocation location)
    {
        var subject = !_mayBeSecret || (_isWhole && name.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_'))
            ? $"environment variable {name}"
            : "the environment variable behind '$'";
        if (_isSecret) Fail(location, $"{subject} is not set, and this key is a secret; set the variable, or write '$$' for a dollar sign");
        else problems.Warning(location, $"{subject} is not set; an empty string is used instead");
    }

    private string ContentOf(string path, SourceLocation location)
    {
        if (path.Length == 0)
        {
            Fail(location, "'${file:}' names no file; write ${file:/path}");
            return "";
        }

        try
        {
            var file = Trial is null ? ConfigPaths.Find(Directory, path) : Trial.Resolve(path);
            Sources.Add(file);
            var content = BoundedFile.ReadText(file).TrimEnd('\r', '\n');
            Trial?.Took(file, content);
            return content;
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            // A path inside of a secret may be a part of it.
            Fail(location, _mayBeSecret && !_isWhole
                ? $"cannot read the file of '${{file:…}}': {Readable.Reason(e)}"
                : $"cannot read '{path}': {Readable.Reason(e)}");
            return "";
        }
    }

    private void Fail(SourceLocation location, string message)
    {
        HasFailed = true;
        problems.Error(location, message);
    }

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private static bool IsNamePart(char c) => IsNameStart(c) || char.IsAsciiDigit(c);
}
