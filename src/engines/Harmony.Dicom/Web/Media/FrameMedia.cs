using System.Collections.Frozen;
using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Web.Media;

/// <summary>The media types of frames: PS3.18 table 8.7.3-4 and 8.7.3-5, with the names that older clients have for them.</summary>
public static class FrameMedia
{
    /// <summary>Frames that are not compressed.</summary>
    public const string Uncompressed = "application/octet-stream";

    private static readonly FrozenDictionary<string, string> ByUid = new Dictionary<string, string>
    {
        ["1.2.840.10008.1.2.5"] = "image/dicom-rle",
        ["1.2.840.10008.1.2.4.50"] = "image/jpeg",
        ["1.2.840.10008.1.2.4.51"] = "image/jpeg",
        ["1.2.840.10008.1.2.4.57"] = "image/jpeg",
        ["1.2.840.10008.1.2.4.70"] = "image/jpeg",
        ["1.2.840.10008.1.2.4.80"] = "image/jls",
        ["1.2.840.10008.1.2.4.81"] = "image/jls",
        ["1.2.840.10008.1.2.4.90"] = "image/jp2",
        ["1.2.840.10008.1.2.4.91"] = "image/jp2",
        ["1.2.840.10008.1.2.4.92"] = "image/jpx",
        ["1.2.840.10008.1.2.4.93"] = "image/jpx",
        ["1.2.840.10008.1.2.4.100"] = "video/mpeg2",
        ["1.2.840.10008.1.2.4.101"] = "video/mpeg2",
        ["1.2.840.10008.1.2.4.102"] = "video/mp4",
        ["1.2.840.10008.1.2.4.103"] = "video/mp4",
        ["1.2.840.10008.1.2.4.104"] = "video/mp4",
        ["1.2.840.10008.1.2.4.105"] = "video/mp4",
        ["1.2.840.10008.1.2.4.106"] = "video/mp4",
        ["1.2.840.10008.1.2.4.107"] = "video/h265",
        ["1.2.840.10008.1.2.4.108"] = "video/h265",
        ["1.2.840.10008.1.2.4.110"] = "image/jxl",
        ["1.2.840.10008.1.2.4.111"] = "image/jxl",
        ["1.2.840.10008.1.2.4.112"] = "image/jxl",
        ["1.2.840.10008.1.2.4.201"] = "image/jphc",
        ["1.2.840.10008.1.2.4.202"] = "image/jphc",
        ["1.2.840.10008.1.2.4.203"] = "image/jphc",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> OldNames = new Dictionary<string, string>
    {
        ["image/dicom+jpeg"] = "image/jpeg",
        ["image/dicom-jpeg"] = "image/jpeg",
        ["image/dicom+rle"] = "image/dicom-rle",
        ["image/x-dicom-rle"] = "image/dicom-rle",
        ["image/dicom+jpeg-ls"] = "image/jls",
        ["image/x-jls"] = "image/jls",
        ["image/dicom+jp2"] = "image/jp2",
        ["image/dicom+jpx"] = "image/jpx",
        ["video/mpeg"] = "video/mpeg2",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>
    /// The media type of frames in a transfer syntax, as they are stored. Those of a compression that PS3.18 does not name are <see cref="Uncompressed"/>
    /// bytes of no known kind.
    /// </summary>
    public static string Of(TransferSyntax syntax)
    {
        ArgumentNullException.ThrowIfNull(syntax);
        return ByUid.GetValueOrDefault(syntax.Uid, Uncompressed);
    }

    /// <summary>Whether frames of a transfer syntax are video, which has one stream and no frames that stand alone.</summary>
    public static bool IsVideo(TransferSyntax syntax) => Of(syntax).StartsWith("video/", StringComparison.Ordinal);

    /// <summary>
    /// Whether a client takes frames as they are stored. <c>transfer-syntax=*</c> stands for every syntax, whatever the type beside it, as viewers
    /// mean it; without the parameter each type has its default (PS3.18 §8.7.3.5.2), of video no client can be known to play.
    /// </summary>
    /// <param name="type">The media type of the frames that the client accepts: of multipart, that of the parts.</param>
    /// <param name="range">Its other parameters.</param>
    /// <param name="syntax">How the frames are stored.</param>
    public static bool Accepts(string? type, MediaRange range, TransferSyntax syntax)
    {
        ArgumentNullException.ThrowIfNull(range);
        ArgumentNullException.ThrowIfNull(syntax);
        if (range.TakesAnySyntax || range.TransferSyntaxes.Contains(syntax.Uid, StringComparer.Ordinal)) return true;
        if (range.TransferSyntaxes.Count > 0) return !syntax.IsEncapsulated && range.TransferSyntaxes.Any(IsUncompressed);
        if (type is null or "*/*") return !IsVideo(syntax);
        var wanted = OldNames.GetValueOrDefault(type, type);
        return !IsVideo(syntax) && (wanted == Of(syntax) || (wanted == "image/*" && Of(syntax) != Uncompressed));
    }

    /// <summary>The three that differ in how elements are written, and not in pixels: frames have one form for all of them.</summary>
    private static bool IsUncompressed(string uid) => TransferSyntax.TryFind(uid, out var syntax) && !syntax.IsEncapsulated;
}
