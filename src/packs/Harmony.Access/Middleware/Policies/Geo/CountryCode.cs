namespace Harmony.Access.Middleware.Policies.Geo;

/// <summary>Two letters of ISO 3166-1 in upper case; the default is no country.</summary>
internal readonly record struct CountryCode(char First, char Second)
{
    /// <summary>Reads a code in any case; the default where the text is none.</summary>
    public static CountryCode Of(ReadOnlySpan<char> text)
        => text.Length == 2 && char.IsAsciiLetter(text[0]) && char.IsAsciiLetter(text[1])
            ? new CountryCode(char.ToUpperInvariant(text[0]), char.ToUpperInvariant(text[1]))
            : default;

    /// <summary>The same for a method group.</summary>
    public static CountryCode Of(string text) => Of(text.AsSpan());

    public override string ToString() => $"{First}{Second}";
}
