using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Harmony.Dicom.Data.Uids;

/// <summary>How a data set is encoded: PS3.5 §10, PS3.6 table A-1.</summary>
/// <param name="Uid">E.g. <c>1.2.840.10008.1.2.1</c>.</param>
/// <param name="Keyword">E.g. <c>ExplicitVRLittleEndian</c>.</param>
public sealed partial record TransferSyntax(string Uid, string Keyword)
{
    /// <summary>Whether elements say their VR; else it is looked up.</summary>
    public bool IsExplicitVr { get; init; } = true;

    /// <summary>Whether words have their most significant byte first.</summary>
    public bool IsBigEndian { get; init; }

    /// <summary>Whether the data set is compressed as a whole.</summary>
    public bool IsDeflated { get; init; }

    /// <summary>Whether the words of pixel data have their most significant byte first, though those of other elements have not: a private syntax.</summary>
    public bool HasBigEndianPixels { get; init; }

    /// <summary>Whether pixel data are fragments, compressed or not, or else are such that they are passed on as they are.</summary>
    public bool IsEncapsulated { get; init; }

    /// <summary>Whether compression may lose detail. Syntaxes that can do both count as lossy.</summary>
    public bool IsLossy { get; init; }

    /// <summary>Whether newer editions no longer have it.</summary>
    public bool IsRetired { get; init; }

    /// <summary>
    /// Whether the standard has it, or it is <see cref="GEPrivateImplicitVRBigEndianPixels"/>; else it is a private one, read like explicit VR little endian.
    /// </summary>
    public bool IsKnown => Index.ByUid.ContainsKey(Uid);

    /// <summary>Finds a transfer syntax of the standard, or <see cref="GEPrivateImplicitVRBigEndianPixels"/>.</summary>
    public static bool TryFind(string uid, [NotNullWhen(true)] out TransferSyntax? syntax) => Index.ByUid.TryGetValue(uid, out syntax);

    /// <summary>The transfer syntax of a UID; of one that is not known, explicit VR little endian with encapsulated pixel data.</summary>
    public static TransferSyntax Of(string uid) => TryFind(uid, out var syntax) ? syntax : new TransferSyntax(uid, "") { IsEncapsulated = true };

    /// <summary>The UID.</summary>
    public override string ToString() => Uid;

    /// <summary>In a class of its own: the order in which the parts of a partial class initialise is not defined.</summary>
    private static class Index
    {
        public static readonly FrozenDictionary<string, TransferSyntax> ByUid = All.Append(GEPrivateImplicitVRBigEndianPixels)
            .ToFrozenDictionary(s => s.Uid, StringComparer.Ordinal);
    }

    private static TransferSyntax Encapsulated(string uid, string keyword, bool lossy = true, bool retired = false)
        => new("1.2.840.10008.1.2." + uid, keyword) { IsEncapsulated = true, IsLossy = lossy, IsRetired = retired };
}
