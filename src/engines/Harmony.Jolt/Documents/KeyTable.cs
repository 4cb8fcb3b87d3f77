using System.Runtime.InteropServices;
using System.Text;

namespace Harmony.Jolt.Documents;

/// <summary>Finds the strings of keys instead of making new ones: those the spec names, and those that documents had lately.</summary>
internal sealed class KeyTable
{
    private const int RecentBits = 8;
    private const int MaxRecentBytes = 64; // what is longer is data rather than a name, and not worth keeping

    // Threads may overwrite each other's entries: each entry is a string or nothing, and the loss of one only costs a new string.
    private readonly string?[] _recent = new string?[1 << RecentBits];

    private string?[] _known = new string?[16]; // each key in the first free place from its hash on; more than half of the places are free
    private int _knownCount;

    /// <summary>Adds a key of the spec. Only while it is compiled: afterwards many threads read.</summary>
    public void Add(string key)
    {
        if (Find(key, out var place) is not null) return;
        _known[place] = key;
        if (++_knownCount * 2 <= _known.Length) return;
        var keys = _known;
        _known = new string?[keys.Length * 2];
        foreach (var known in keys)
        {
            if (known is null) continue;
            Find(known, out place);
            _known[place] = known;
        }
    }

    /// <summary>The string of a key from its UTF-8 text.</summary>
    public string Resolve(ReadOnlySpan<byte> utf8)
    {
        var hash = KeyHash.Of(utf8);
        if (Find(utf8, hash, out _) is { } key) return key;
        if (utf8.Length > MaxRecentBytes) return Encoding.UTF8.GetString(utf8);
        ref var recent = ref _recent[hash >> (32 - RecentBits)];
        var last = recent;
        return last is not null && AreEqual(utf8, last) ? last : recent = Encoding.UTF8.GetString(utf8);
    }

    private string? Find(string key, out int place)
    {
        var utf8 = Encoding.UTF8.GetBytes(key);
        return Find(utf8, KeyHash.Of(utf8), out place);
    }

    private string? Find(ReadOnlySpan<byte> utf8, uint hash, out int place)
    {
        var known = _known;
        for (var i = hash; ; i++)
        {
            place = (int)(i & (uint)(known.Length - 1));
            if (known[place] is not { } key) return null;
            if (AreEqual(utf8, key)) return key;
        }
    }

    private static bool AreEqual(ReadOnlySpan<byte> utf8, string key)
        => utf8.Length == key.Length ? Ascii.Equals(utf8, key) : !Ascii.IsValid(utf8) && string.Equals(Encoding.UTF8.GetString(utf8), key);
}

/// <summary>Hashes keys by their length and both of their ends.</summary>
/// <remarks>Cheap, as nothing a document holds can fill a table: documents look keys up and add none.</remarks>
internal static class KeyHash
{
    /// <summary>The hash of a key in UTF-8.</summary>
    public static uint Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length < sizeof(uint)) return OfShort(utf8);
        var length = Math.Min(utf8.Length, sizeof(ulong));
        var (first, last) = length == sizeof(ulong)
            ? (MemoryMarshal.Read<ulong>(utf8), MemoryMarshal.Read<ulong>(utf8[^sizeof(ulong)..]))
            : (MemoryMarshal.Read<uint>(utf8), MemoryMarshal.Read<uint>(utf8[^sizeof(uint)..]));
        return Mixed((first * 0x9E3779B97F4A7C15) ^ (last + (uint)utf8.Length));
    }

    /// <summary>One of 64 bits for a key: a set of them tells what a group of keys surely does not have.</summary>
    public static ulong BitOf(string key)
        => key.Length == 0 ? 1 : 1UL << (int)((uint)((key.Length * 31) + (key[0] * 7) + (key[key.Length / 2] * 13) + (key[^1] * 17)) * 0x9E3779B1 >> 26);

    private static uint OfShort(ReadOnlySpan<byte> utf8)
        => utf8.IsEmpty ? 0 : Mixed((ulong)(utf8[0] | (utf8[utf8.Length / 2] << 8) | (utf8[^1] << 16) | (utf8.Length << 24)));

    private static uint Mixed(ulong bits) => (uint)((bits * 0x9E3779B97F4A7C15) >> 32);
}
