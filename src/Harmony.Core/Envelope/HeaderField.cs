using System.Buffers;

namespace Harmony.Core.Envelope;

/// <summary>One field line: a name and a value. The same name may stand on several lines (RFC 9110 §5.2).</summary>
/// <param name="Name">As it was sent; names compare without regard to case.</param>
/// <param name="Value">Without surrounding white space; may be empty.</param>
public readonly record struct HeaderField(string Name, string Value)
{
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Whether <paramref name="text"/> can be the name of a field: a token (RFC 9110 §5.6.2).</summary>
    public static bool IsName(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenCharacters);
}
