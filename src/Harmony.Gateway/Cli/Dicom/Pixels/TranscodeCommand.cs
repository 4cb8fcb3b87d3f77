using System.CommandLine;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Imaging;
using Harmony.Dicom.Imaging.Transcoding;

namespace Harmony.Gateway.Cli.Dicom.Pixels;

/// <summary><c>harmony dicom transcode</c>: writes objects in another transfer syntax.</summary>
internal static class TranscodeCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = "DICOM files, and folders with all folders below them.", Arity = ArgumentArity.OneOrMore
        };
        var to = new Option<string>("--to")
        {
            Description = "Transfer syntax, by UID or keyword, e.g. JPEG2000Lossless.", HelpName = "SYNTAX", Required = true
        };
        var output = new Option<string>("--output", "-o") { Description = "Output file, or a folder for several files.", HelpName = "PATH", Required = true };
        var lossy = new Option<bool>("--lossy")
        {
            Description = "Allow a lossy transfer syntax; the objects get new UIDs and are marked as derived."
        };
        var quality = new Option<int>("--quality")
        {
            Description = "JPEG baseline: quality, 1 to 100.", HelpName = "N", DefaultValueFactory = _ => TranscodeOptions.Default.JpegQuality
        };
        var ratio = new Option<double>("--ratio")
        {
            Description = "Lossy JPEG 2000: compression ratio.", HelpName = "N", DefaultValueFactory = _ => TranscodeOptions.Default.Jpeg2000Ratio
        };
        var near = new Option<int>("--near")
        {
            Description = "JPEG-LS near-lossless: largest error of a sample.", HelpName = "N",
            DefaultValueFactory = _ => TranscodeOptions.Default.NearLossless
        };
        var command = new Command("transcode", "Write DICOM files in another transfer syntax.") { paths, to, output, lossy, quality, ratio, near };
        command.SetAction(async (result, ct) =>
        {
            var console = result.InvocationConfiguration;
            if (Find(result.GetValue(to)!) is not { } syntax)
            {
                await console.Error.WriteLineAsync(
                    $"--to: '{result.GetValue(to)}' cannot be written; there are {string.Join(", ", ImageTranscoder.Targets.Select(t => t.Keyword))}");
                return 1;
            }

            TranscodeOptions options;
            try
            {
                options = new TranscodeOptions
                {
                    AllowsLoss = result.GetValue(lossy), JpegQuality = result.GetValue(quality),
                    Jpeg2000Ratio = result.GetValue(ratio), NearLossless = result.GetValue(near)
                };
            }
            catch (ArgumentOutOfRangeException)
            {
                await console.Error.WriteLineAsync("--quality is 1 to 100, --ratio more than 1 and at most 1000, --near 1 to 127");
                return 1;
            }

            return await RunAsync(PixelFiles.In(result.GetValue(paths)!, result.GetValue(output), ".dcm"), syntax, options, console, ct);
        });
        return command;
    }

    private static TransferSyntax? Find(string name)
        => ImageTranscoder.Targets.FirstOrDefault(t => t.Uid == name || string.Equals(t.Keyword, name, StringComparison.OrdinalIgnoreCase));

    private static async Task<int> RunAsync(
        IReadOnlyList<PixelFile> files, TransferSyntax syntax, TranscodeOptions options, InvocationConfiguration console, CancellationToken ct)
    {
        await using var decoder = DecoderProgram.CreateDecoder();
        var transcoder = new ImageTranscoder(decoder);
        return await new PixelFiles(console).RunAsync(files, async file =>
        {
            var source = await DicomFile.OpenAsync(file.Source, null, ct);
            using var transcoded = await transcoder.TranscodeAsync(source.DataSet, source.TransferSyntax, syntax, options, null, ct);
            if (transcoded.DataSet.GetString(Harmony.Dicom.Data.DicomTag.SOPInstanceUID) is null)
                throw new ImagingException(ImagingErrorKind.NotAnImage, "the object has no SOP Instance UID");
            await transcoded.ToFile().SaveAsync(file.Target, null, ct);
        });
    }
}
