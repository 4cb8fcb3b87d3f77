using System.Text;

namespace Harmony.Jolt.Documents;

/// <summary>Compares strings with UTF-8 text without decoding it.</summary>
internal sealed class Utf8KeyComparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
{
    /// <summary>Whether the text is that of the string.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> utf8, string key)
        => Ascii.Equals(utf8, key) || (!Ascii.IsValid(utf8) && string.Equals(Encoding.UTF8.GetString(utf8), key));

    /// <summary>Its length and three bytes of it. Cheap, as nothing a document holds can fill a bucket: it looks keys up and adds none.</summary>
    public static uint Hash(ReadOnlySpan<byte> utf8)
        => utf8.IsEmpty ? 0 : (uint)(utf8.Length | (utf8[0] << 8) | (utf8[utf8.Length / 2] << 16) | (utf8[^1] << 24));

    public bool Equals(string? x, string? y) => string.Equals(x, y);

    public int GetHashCode(string obj) => GetHashCode(Encoding.UTF8.GetBytes(obj));

    public bool Equals(ReadOnlySpan<byte> alternate, string other) => AreEqual(alternate, other);

    public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)Hash(alternate);

    public string Create(ReadOnlySpan<byte> alternate) => Encoding.UTF8.GetString(alternate);
}
