using System.CommandLine;
using System.Globalization;
using Harmony.Dicom.Imaging;
using Harmony.Dicom.Imaging.Files;
using Harmony.Dicom.Imaging.Rendering;

namespace Harmony.Gateway.Cli.Dicom.Pixels;

/// <summary><c>harmony dicom image</c>: shows frames as PNG, JPEG or GIF files.</summary>
internal static class ImageCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = "DICOM files, and folders with all folders below them.", Arity = ArgumentArity.OneOrMore
        };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "Output file (.png, .jpg or .gif), or a folder for several images.", HelpName = "PATH"
        };
        var format = new Option<string?>("--format")
        {
            Description = "png, jpeg or gif. When absent, chosen by the name of the output file, else png.", HelpName = "FORMAT"
        };
        var frame = new Option<int?>("--frame") { Description = "Number of the frame, from 1; the representative frame when absent.", HelpName = "N" };
        var window = new Option<string?>("--window")
        {
            Description = "Window center and width, e.g. 40,400.", HelpName = "C,W"
        };
        var size = new Option<string?>("--size")
        {
            Description = "Largest width and height, e.g. 512x512; the proportions are kept.", HelpName = "WxH"
        };
        var quality = new Option<int>("--quality")
        {
            Description = "JPEG quality, 1 to 100.", HelpName = "N", DefaultValueFactory = _ => ImageFile.DefaultQuality
        };
        var depth = new Option<int>("--depth") { Description = "Bits per sample: 8, or 16 for png.", HelpName = "BITS", DefaultValueFactory = _ => 8 };
        var overlays = new Option<bool>("--no-overlays") { Description = "Leave overlays out." };
        var animation = new Option<bool>("--all-frames") { Description = "Write all frames as an animated gif." };
        var command = new Command("image", "Convert DICOM files to PNG, JPEG or GIF images.")
        {
            paths, output, format, frame, window, size, quality, depth, overlays, animation
        };
        command.SetAction((result, ct) =>
        {
            var console = result.InvocationConfiguration;
            if (!TryFormat(result.GetValue(format), result.GetValue(output), result.GetValue(animation), out var kind))
                return FailAsync(console, "--format is png, jpeg or gif");
            if (!TryNumbers(result.GetValue(window), ',', out var values)) return FailAsync(console, "--window is a center and a width, as 40,400");
            if (!TryNumbers(result.GetValue(size), 'x', out var sides)) return FailAsync(console, "--size is a width and a height, as 512x512");
            var options = new RenderOptions
            {
                Window = values is var (center, width) ? new Window(center, width) : null,
                MaxWidth = sides is var (columns, _) ? (int)columns : null,
                MaxHeight = sides is var (_, rows) ? (int)rows : null,
                Depth = result.GetValue(depth),
                DrawsOverlays = !result.GetValue(overlays),
            };
            var extension = kind switch { ImageFileFormat.Jpeg => ".jpg", ImageFileFormat.Gif => ".gif", _ => ".png" };
            var files = PixelFiles.In(result.GetValue(paths)!, result.GetValue(output), extension);
            return RunAsync(files, kind, options, result.GetValue(quality), result.GetValue(animation) ? 0 : result.GetValue(frame), console, ct);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        IReadOnlyList<PixelFile> files, ImageFileFormat format, RenderOptions options, int quality, int? frame, InvocationConfiguration console,
        CancellationToken ct)
    {
        await using var decoder = DecoderProgram.CreateDecoder();
        var renderer = new ImageRenderer(decoder);
        return await new PixelFiles(console).RunAsync(files, async file =>
        {
            var image = await DicomImage.OpenAsync(file.Source, null, ct);
            var shown = frame ?? Representative.FrameOf(image);
            var bytes = frame == 0
                ? await renderer.AnimationAsync(image, options, ct)
                : await renderer.RenderFileAsync(image, shown, format, options, quality, ct);
            if (image.IsCutOff(frame == 0 ? image.FrameCount : shown))
                await console.Error.WriteLineAsync($"{file.Source}: warning: the pixel data end in the middle of the frame; the rest is black");
            await File.WriteAllBytesAsync(file.Target, bytes, ct);
        });
    }

    private static bool TryFormat(string? asked, string? output, bool isAnimation, out ImageFileFormat format)
    {
        var name = asked?.ToLowerInvariant() ?? (isAnimation ? "gif" : Path.GetExtension(output)?.TrimStart('.').ToLowerInvariant());
        format = name switch { "jpeg" or "jpg" => ImageFileFormat.Jpeg, "gif" => ImageFileFormat.Gif, _ => ImageFileFormat.Png };
        return asked is null || name is "png" or "jpeg" or "jpg" or "gif";
    }

    private static bool TryNumbers(string? text, char separator, out (double First, double Second)? numbers)
    {
        numbers = null;
        if (text is null) return true;
        if (text.Split(separator) is not [var first, var second]) return false;
        if (!double.TryParse(first, NumberStyles.Float, CultureInfo.InvariantCulture, out var a)
            || !double.TryParse(second, NumberStyles.Float, CultureInfo.InvariantCulture, out var b)) return false;
        numbers = (a, b);
        return true;
    }

    private static async Task<int> FailAsync(InvocationConfiguration console, string reason)
    {
        await console.Error.WriteLineAsync(reason);
        return 1;
    }
}
