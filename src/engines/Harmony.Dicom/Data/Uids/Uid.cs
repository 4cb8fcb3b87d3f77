using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;

namespace Harmony.Dicom.Data.Uids;

/// <summary>
/// Unique identifiers (PS3.5 §9), with a constant for each that PS3.6 annex A registers: SOP classes and others; transfer syntaxes are in
/// <see cref="TransferSyntax"/>.
/// </summary>
public static partial class Uid
{
    /// <summary>What a UID is called, e.g. <c>CTImageStorage</c> or <c>JPEGBaseline8Bit</c>; null if the standard does not know it.</summary>
    public static string? Keyword(string uid) => Index.ByUid.GetValueOrDefault(uid) ?? (TransferSyntax.TryFind(uid, out var syntax) ? syntax.Keyword : null);

    /// <summary>The UID that the standard calls so, e.g. of <c>CTImageStorage</c>; null if it knows none. Of transfer syntaxes too.</summary>
    public static string? OfKeyword(string keyword)
        => Index.ByKeyword.GetValueOrDefault(keyword) ?? TransferSyntax.All.FirstOrDefault(s => s.Keyword == keyword)?.Uid;

    /// <summary>Whether this is a UID: 1 to 64 digits and dots, no component empty or with a needless 0.</summary>
    public static bool IsValid(ReadOnlySpan<char> uid)
    {
        if (uid.Length is 0 or > 64) return false;
        foreach (var component in uid.Split('.'))
        {
            var part = uid[component];
            if (part.IsEmpty || (part[0] == '0' && part.Length > 1) || part.ContainsAnyExceptInRange('0', '9')) return false;
        }

        return true;
    }

    /// <summary>
    /// Whether this can stand for a UID where it was received: devices send components that are empty or begin with a needless 0, and more than
    /// 64 characters. Still it is of digits and dots, begins with a digit, and has at most 128 characters: nothing that could mislead as the
    /// name of a file.
    /// </summary>
    public static bool IsTolerable(ReadOnlySpan<char> uid)
        => uid.Length is > 0 and <= Tolerable.MaxLength && char.IsAsciiDigit(uid[0]) && !uid.ContainsAnyExcept(Tolerable.Characters);

    /// <summary>A new UID from a random UUID, under the root 2.25: PS3.5 §B.2.</summary>
    public static string Create() => Create(Guid.NewGuid());

    /// <summary>The UID of a UUID, under the root 2.25.</summary>
    public static string Create(Guid uuid)
    {
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        return "2.25." + new BigInteger(bytes, isUnsigned: true, isBigEndian: true).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>In a class of its own, for the same reason as <see cref="Index"/>.</summary>
    private static class Tolerable
    {
        public const int MaxLength = 128;

        public static readonly SearchValues<char> Characters = SearchValues.Create("0123456789.");
    }

    /// <summary>In a class of its own: the order in which the parts of a partial class initialise is not defined.</summary>
    private static class Index
    {
        public static readonly FrozenDictionary<string, string> ByUid = Keywords.ToFrozenDictionary(StringComparer.Ordinal);

        public static readonly FrozenDictionary<string, string> ByKeyword = Keywords.DistinctBy(k => k.Value)
            .ToFrozenDictionary(k => k.Value, k => k.Key, StringComparer.Ordinal);
    }
}
