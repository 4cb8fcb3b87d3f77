using System.Text;

namespace Harmony.Jolt.Documents;

/// <summary>Finds the strings of keys instead of making new ones: those the spec names, and those that documents had lately.</summary>
internal sealed class KeyTable
{
    private const int RecentCount = 256;
    private const int MaxRecentBytes = 64; // what is longer is data rather than a name, and not worth keeping

    private readonly Dictionary<string, string> _keys = new(new Utf8KeyComparer());
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<byte>> _byUtf8;

    // Threads may overwrite each other's entries: each entry is a string or nothing, and the loss of one only costs a new string.
    private readonly string?[] _recent = new string?[RecentCount];

    public KeyTable() => _byUtf8 = _keys.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>Adds a key of the spec. Only while it is compiled: afterwards many threads read.</summary>
    public void Add(string key) => _keys.TryAdd(key, key);

    /// <summary>The string of a key from its UTF-8 text.</summary>
    public string Resolve(ReadOnlySpan<byte> utf8)
    {
        if (_byUtf8.TryGetValue(utf8, out var key)) return key;
        if (utf8.Length > MaxRecentBytes) return Encoding.UTF8.GetString(utf8);
        ref var recent = ref _recent[(Utf8KeyComparer.Hash(utf8) * 0x9E3779B1u) >> 24];
        var known = recent;
        return known is not null && Utf8KeyComparer.AreEqual(utf8, known) ? known : recent = Encoding.UTF8.GetString(utf8);
    }
}
