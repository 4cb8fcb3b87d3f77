using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Operations;

/// <summary>A left-hand key of a modify spec: <c>+</c>, <c>~</c> or <c>_</c> before it, <c>?</c> after it.</summary>
/// <param name="Pattern">What it matches: a key, an index, or <c>*</c>.</param>
/// <param name="Mode">When it writes.</param>
/// <param name="MustExist">Whether it only applies where something is already.</param>
internal sealed record ModifyKey(KeyPattern Pattern, WriteMode Mode, bool MustExist)
{
    /// <summary>Reads a key; without prefix it writes as the operation does.</summary>
    /// <exception cref="SpecSyntaxException">It is not a key of a modify.</exception>
    public static ModifyKey Parse(string text, WriteMode mode)
    {
        var rest = text;
        if (rest.Length > 0 && WriteModes.FromPrefix(rest[0]) is { } prefix)
        {
            mode = prefix;
            rest = rest[1..];
        }

        var mustExist = text.Length > 1 && rest.EndsWith('?') && !rest.EndsWith("\\?", StringComparison.Ordinal);
        if (mustExist) rest = rest[..^1];
        var pattern = KeyParser.Parse(rest);
        return pattern is LiteralKey or IndexKey or AnyKey or GlobKey
            ? new ModifyKey(pattern, mode, mustExist)
            : throw new SpecSyntaxException($"key '{text}' is none a modify knows; expected a key, an index like '[0]', or '*'");
    }
}
