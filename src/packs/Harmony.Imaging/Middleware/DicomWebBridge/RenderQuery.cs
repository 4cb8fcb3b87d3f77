using System.Globalization;
using Harmony.Dicom.Imaging.Files;
using Harmony.Dicom.Imaging.Rendering;
using Harmony.Imaging.Services.DicomWeb;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>
/// How an image is to be rendered: <c>viewport</c>, <c>window</c>, <c>quality</c> and <c>iccprofile</c> of PS3.18 §8.3.5, and the <c>rows</c>,
/// <c>columns</c>, <c>region</c>, <c>windowCenter</c> and <c>windowWidth</c> of WADO-URI (§9.1.2.2).
/// </summary>
/// <param name="Options">The size, the part and the window.</param>
/// <param name="Quality">Of JPEG, 1 to 100.</param>
internal sealed record RenderQuery(RenderOptions Options, int Quality)
{
    private const int MaxSize = 16_384;

    /// <summary>The part that is shown, in shares of the image's width and height; null where <see cref="Options"/> say it, or all is shown.</summary>
    public ImageRegion? Share { get; private init; }

    /// <summary>What is asked for and not done, a sentence each: texts in the image (<c>annotation</c>), and colours in another space.</summary>
    public IReadOnlyList<string> Ignored { get; private init; } = [];

    /// <summary>The options for an image.</summary>
    /// <param name="columns">Its width.</param>
    /// <param name="rows">Its height.</param>
    public RenderOptions OptionsFor(int columns, int rows) => Share is { } share
        ? Options with { Region = new ImageRegion(share.Left * columns, share.Top * rows, share.Width * columns, share.Height * rows) }
        : Options;

    /// <returns>Null, and what is wrong, where the query is malformed.</returns>
    public static RenderQuery? Read(IReadOnlyDictionary<string, IReadOnlyList<string>> query, out string? error)
    {
        var (options, quality) = (RenderOptions.Default, ImageFile.DefaultQuality);
        error = ReadSize(query, ref options);
        if (error is not null) return null;
        if (!TryShare(WadoUriReader.One(query, "region"), out var share)) return Fail("region must be left,top,right,bottom, each from 0 to 1.", out error);
        error = ReadWindow(query, ref options);
        if (error is not null) return null;
        if ((WadoUriReader.One(query, "quality") ?? WadoUriReader.One(query, "imageQuality")) is { Length: > 0 } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out quality) || quality is < 1 or > 100))
        {
            return Fail("quality must be 1 to 100.", out error);
        }

        var ignored = new List<string>();
        if (WadoUriReader.One(query, "annotation") is { Length: > 0 }) ignored.Add("Annotations are not supported: the image has none.");
        switch (WadoUriReader.One(query, "iccprofile"))
        {
            case null or "" or "yes": break;
            case "no": options = options with { KeepsIccProfile = false }; break;
            case "srgb" or "adobergb" or "rommrgb": ignored.Add("Colours are not converted: the image has the profile of the object, or none."); break;
            default: return Fail("iccprofile must be no, yes, srgb, adobergb or rommrgb.", out error);
        }

        return new RenderQuery(options, quality) { Share = share, Ignored = ignored };
    }

    /// <summary>Reads <c>viewport</c>, or else <c>rows</c> and <c>columns</c>.</summary>
    /// <returns>What is wrong; null if nothing is.</returns>
    private static string? ReadSize(IReadOnlyDictionary<string, IReadOnlyList<string>> query, ref RenderOptions options)
    {
        if (WadoUriReader.One(query, "viewport") is { } viewport)
        {
            if (Numbers(viewport) is not { Length: 2 or 6 } numbers || !IsSize(numbers[0]) || !IsSize(numbers[1]))
                return "viewport must be width,height or width,height,x,y,width,height.";
            options = options with { MaxWidth = (int)numbers[0]!, MaxHeight = (int)numbers[1]!, Enlarges = true };
            if (numbers.Length == 6 && numbers[4] is { } width && numbers[5] is { } height)
                options = options with { Region = new ImageRegion(numbers[2] ?? 0, numbers[3] ?? 0, width, height) };
            return null;
        }

        if (!TrySize(query, "columns", out var columns) || !TrySize(query, "rows", out var rows))
            return $"rows and columns must be whole numbers from 1 to {MaxSize}.";
        if ((columns ?? rows) is not null) options = options with { MaxWidth = columns, MaxHeight = rows };
        return null;
    }

    /// <summary>Reads <c>window</c>, or else <c>windowCenter</c> and <c>windowWidth</c>.</summary>
    /// <returns>What is wrong; null if nothing is.</returns>
    private static string? ReadWindow(IReadOnlyDictionary<string, IReadOnlyList<string>> query, ref RenderOptions options)
    {
        if (WadoUriReader.One(query, "window") is { } window)
        {
            var parts = window.Split(',');
            if (parts.Length is not (2 or 3) || !TryNumber(parts[0], out var center) || !TryNumber(parts[1], out var width) || width <= 0
                || FunctionOf(parts.Length == 3 ? parts[2] : "") is not { } function)
                return "window must be center,width,function; the function is linear, linear-exact or sigmoid.";
            options = options with { Window = new Window(center, width, function) };
        }
        else if ((WadoUriReader.One(query, "windowCenter") ?? WadoUriReader.One(query, "windowWidth")) is not null)
        {
            if (!TryNumber(WadoUriReader.One(query, "windowCenter"), out var center)
                || !TryNumber(WadoUriReader.One(query, "windowWidth"), out var width) || width <= 0)
                return "windowCenter and windowWidth must both be numbers, the width above 0.";
            options = options with { Window = new Window(center, width) };
        }

        return null;
    }

    private static VoiFunction? FunctionOf(string text) => text.Trim().ToLowerInvariant() switch
    {
        "" or "linear" => VoiFunction.Linear,
        "linear-exact" or "linear_exact" => VoiFunction.LinearExact,
        "sigmoid" => VoiFunction.Sigmoid,
        _ => null,
    };

    private static double?[]? Numbers(string text)
    {
        var parts = text.Split(',');
        var numbers = new double?[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Length == 0) continue; // the default of the standard
            if (!TryNumber(parts[i], out var number)) return null;
            numbers[i] = number;
        }

        return numbers;
    }

    private static bool TrySize(IReadOnlyDictionary<string, IReadOnlyList<string>> query, string name, out int? size)
    {
        size = null;
        if (WadoUriReader.One(query, name) is not { } text) return true;
        if (!TryNumber(text, out var number) || !IsSize(number)) return false;
        size = (int)number;
        return true;
    }

    private static bool TryShare(string? text, out ImageRegion? share)
    {
        share = null;
        if (text is null) return true;
        if (Numbers(text) is not [{ } left, { } top, { } right, { } bottom]) return false;
        if (left < 0 || top < 0 || right > 1 || bottom > 1 || left >= right || top >= bottom) return false;
        share = new ImageRegion(left, top, right - left, bottom - top);
        return true;
    }

    private static bool IsSize(double? number) => number is >= 1 and <= MaxSize;

    private static bool TryNumber(string? text, out double number)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    private static RenderQuery? Fail(string message, out string? error)
    {
        error = message;
        return null;
    }
}
