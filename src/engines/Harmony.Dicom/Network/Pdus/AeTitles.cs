namespace Harmony.Dicom.Network.Pdus;

/// <summary>Titles of application entities: PS3.5 §6.2, AE.</summary>
public static class AeTitles
{
    /// <summary>The most characters of a title.</summary>
    public const int MaxLength = 16;

    /// <summary>Whether this is a title: 1 to 16 printable characters of ASCII, no backslash, not blank.</summary>
    public static bool IsValid(ReadOnlySpan<char> title) => title.Length is > 0 and <= MaxLength && !title.IsWhiteSpace() && HasValidCharacters(title);

    /// <summary>Whether all characters are such as titles have.</summary>
    internal static bool HasValidCharacters(ReadOnlySpan<char> title) => !title.ContainsAnyExceptInRange(' ', '~') && !title.Contains('\\');
}
