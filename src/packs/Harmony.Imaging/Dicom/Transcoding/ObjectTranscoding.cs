using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Imaging;
using Harmony.Dicom.Imaging.Transcoding;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Imaging.Dicom.Transcoding;

/// <summary>
/// Gives objects that are to be sent in a transfer syntax that the other side takes, as far as the configuration allows it. An object is encoded frame by
/// frame, from a file, before anything of it is sent: one that cannot be encoded is not stored, and its sender is told so.
/// </summary>
internal sealed class ObjectTranscoding
{
    private static readonly DicomReadOptions Reading = new() { BulkThreshold = 64 * 1024, MaxMemory = 256 * 1024 * 1024 };

    private readonly IReadOnlyList<TransferSyntax> _targets;
    private readonly TranscodeOptions _options;
    private readonly SharedTranscoder _shared;

    private ObjectTranscoding(IReadOnlyList<TransferSyntax> targets, TranscodeOptions options, SharedTranscoder shared)
        => (_targets, _options, _shared) = (targets, options, shared);

    /// <summary>The settings of the options; null without transcoding, or after an error in the problems.</summary>
    public static ObjectTranscoding? Create(TranscodingOptions options, ModuleContext context, ConfigProblems problems)
    {
        if (options.Transcode == "never")
        {
            if (options.Gives("transcode_to"))
                problems.Warning(options.LocationOf("transcode_to"), "'transcode_to' has no effect without transcode = \"lossless\" or \"lossy\"");
            return null;
        }

        var encoding = new TranscodeOptions { AllowsLoss = options.Transcode == "lossy", JpegQuality = options.TranscodeQuality };
        var targets = new List<TransferSyntax>();
        for (var i = 0; i < options.TranscodeTo.Count; i++)
        {
            var named = options.TranscodeTo[i];
            if (ImageTranscoder.Targets.FirstOrDefault(t => t.Uid == named || t.Keyword == named) is not { } target)
            {
                problems.Error(options.LocationOf("transcode_to", i), $"'{named}' is no transfer syntax that pixel data can be encoded in; there are "
                    + string.Join(", ", ImageTranscoder.Targets.Select(t => t.Keyword)));
            }
            else if (!encoding.AllowsLoss && ImageTranscoder.Loses(target))
            {
                problems.Error(options.LocationOf("transcode_to", i), $"'{named}' loses detail; where that is wanted, say transcode = \"lossy\"");
            }
            else
            {
                targets.Add(target);
            }
        }

        return problems.HasErrors ? null : new ObjectTranscoding(targets, encoding, SharedTranscoder.Of(context.Environment));
    }

    /// <summary>The transfer syntaxes that objects of one can be encoded in, the most wanted first; not those that they can be sent in as they are.</summary>
    public IReadOnlyList<TransferSyntax> TargetsOf(TransferSyntax source)
        => [.. _targets.Where(t => !DataSetTranscoder.CanCopy(source, t) && ImageTranscoder.CanTranscode(source, t, _options.AllowsLoss))];

    /// <summary>An object that can be sent in those, too.</summary>
    /// <param name="instance">The object.</param>
    /// <param name="file">Gives a file of it, which stays until the object has been sent.</param>
    public SopInstance Offer(SopInstance instance, Func<CancellationToken, ValueTask<string>> file)
    {
        var targets = TargetsOf(instance.TransferSyntax);
        return targets.Count == 0 ? instance : SopInstance.Encodable(instance, targets, async (target, ct) => await EncodeAsync(await file(ct), target, ct));
    }

    private async ValueTask<EncodedInstance> EncodeAsync(string path, TransferSyntax target, CancellationToken ct)
    {
        using var place = await _shared.EnterAsync(ct);
        try
        {
            var file = await DicomFile.OpenAsync(path, Reading, ct);
            var transcoded = await _shared.Transcoder.TranscodeAsync(file.DataSet, file.TransferSyntax, target, _options, null, ct);
            return new EncodedInstance(SopInstance.Of(transcoded.DataSet, transcoded.Syntax), transcoded);
        }
        catch (Exception e) when (e is ImagingException or DicomFormatException)
        {
            throw new ObjectEncodingException($"the pixel data cannot be encoded in {target.Keyword}, which the other side accepts: {e.Message}", e);
        }
    }
}
