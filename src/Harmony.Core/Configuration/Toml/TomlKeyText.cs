using System.Buffers;

namespace Harmony.Core.Configuration.Toml;

/// <summary>Writes keys as an author would: dotted, quoted only where they have to be.</summary>
internal static class TomlKeyText
{
    private const string Bare = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

    /// <summary>What an unquoted key has when it forgot its quotes.</summary>
    public static readonly SearchValues<char> BareAndSpace = SearchValues.Create(Bare + " ");

    public static string Of(IEnumerable<TomlKeyPart> key) => key.Aggregate("", (path, part) => Join(path, part.Text));

    /// <summary><paramref name="key"/> as a part of the table <paramref name="path"/>, which is empty for the root.</summary>
    public static string Join(string path, string key)
    {
        var text = TomlFound.Quote(key)[1..^1];
        if (key.Length == 0 || !key.All(TomlCharacters.IsBareKey)) text = $"\"{text}\"";
        return path.Length == 0 ? text : $"{path}.{text}";
    }
}
