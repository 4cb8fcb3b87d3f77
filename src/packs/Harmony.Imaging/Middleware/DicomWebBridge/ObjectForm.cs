using System.IO.Pipelines;
using Harmony.Core.Faults;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Imaging;
using Harmony.Dicom.Imaging.Transcoding;
using Harmony.Dicom.Web.Media;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Dicom.Archives;
using Harmony.Imaging.Services.DicomWeb;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>Transfer syntax in which an object is sent to a client: as stored, or for uncompressed data sets the requested one.</summary>
internal static class ObjectForm
{
    /// <summary>Which of the wanted media types an object can be given in.</summary>
    /// <returns>Null where there is none; whether as the whole body, or as a part; and the transfer syntax.</returns>
    public static (bool IsSingle, TransferSyntax Syntax)? Choose(DicomWebRequest web, SharedObject shared, bool mayBeSingle)
    {
        foreach (var range in web.Wanted)
        {
            var isSingle = range.Type == DicomMediaType.Object;
            var isParts = range.Type is "*/*" or "multipart/*"
                || (range.Type == "multipart/related" && range.PartType is null or DicomMediaType.Object or "*/*");
            if ((!isSingle || !mayBeSingle) && !isParts) continue;
            if (SyntaxFor(range, shared.Syntax) is { } syntax) return (isSingle, syntax);
        }

        return null;
    }

    /// <summary>The forms that are available instead, for a refusal.</summary>
    public static string Given(SharedObject shared, bool mayBeSingle)
    {
        var syntaxes = shared.Syntax.IsEncapsulated
            ? shared.Syntax.Uid
            : $"{TransferSyntax.ExplicitVRLittleEndian.Uid}, {TransferSyntax.ImplicitVRLittleEndian.Uid}";
        var single = mayBeSingle ? $" or {DicomMediaType.Object}" : "";
        return $"multipart/related; type=\"{DicomMediaType.Object}\"{single}, each with transfer-syntax={syntaxes} or *";
    }

    /// <summary>Opens an object in a transfer syntax.</summary>
    /// <exception cref="ImagingException">Its pixels cannot be given in that one.</exception>
    /// <returns>Its bytes, and how many they are where that is known.</returns>
    public static async ValueTask<(Stream Content, long? Length)> OpenAsync(
        SharedObject shared, TransferSyntax syntax, ImageTranscoder transcoder, CancellationToken ct)
    {
        if (syntax.Uid == shared.Syntax.Uid) return (shared.Open(), shared.Length);
        var file = await shared.ReadAsync(64 * 1024, ct);
        var pipe = new Pipe();
        if (syntax.IsEncapsulated || shared.Syntax.IsEncapsulated)
        {
            var transcoded = await transcoder.TranscodeAsync(file.DataSet, file.TransferSyntax, syntax, ct: ct);
            _ = WriteAsync(transcoded.ToFile(), pipe.Writer, transcoded);
        }
        else
        {
            _ = WriteAsync(DicomFile.Create(file.DataSet, syntax), pipe.Writer, null);
        }

        return (pipe.Reader.AsStream(), null);
    }

    /// <summary>
    /// As stored if the client accepts any transfer syntax or names none; else as requested, as far as no pixel must be decoded.
    /// </summary>
    private static TransferSyntax? SyntaxFor(MediaRange range, TransferSyntax stored)
    {
        var isWebForm = !stored.IsBigEndian && !stored.IsDeflated;
        if (range.TransferSyntaxes.Count == 0) return stored.IsEncapsulated ? stored : TransferSyntax.ExplicitVRLittleEndian;
        foreach (var wanted in range.TransferSyntaxes)
        {
            if (wanted == stored.Uid) return stored;
            if (wanted == "*") return isWebForm ? stored : TransferSyntax.ExplicitVRLittleEndian;
            if (!TransferSyntax.TryFind(wanted, out var target)) continue;
            if ((stored.IsEncapsulated || target.IsEncapsulated) && ImageTranscoder.CanTranscode(stored, target)) return target;
            if (!stored.IsEncapsulated && (wanted == TransferSyntax.ExplicitVRLittleEndian.Uid || wanted == TransferSyntax.ImplicitVRLittleEndian.Uid))
            {
                return target;
            }
        }

        return null;
    }

    private static async Task WriteAsync(DicomFile file, PipeWriter writer, TranscodedImage? transcoded)
    {
        using var _ = transcoded;
        try
        {
            await file.WriteAsync(writer.AsStream(leaveOpen: true));
            await writer.CompleteAsync();
        }
        catch (Exception e)
        {
            await writer.CompleteAsync(
                new GatewayException(FaultSource.Gateway, FaultKind.Internal, "an object could not be written in another transfer syntax", e));
        }
    }
}
