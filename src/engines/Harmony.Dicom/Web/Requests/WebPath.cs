using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Query;

namespace Harmony.Dicom.Web.Requests;

/// <summary>What a DICOMweb request asks for: the transactions of PS3.18 §8.3, §9 and §10.</summary>
public enum WebService
{
    /// <summary>What the server can do: PS3.18 §8.9.</summary>
    Capabilities,

    /// <summary>QIDO-RS: which studies, series or instances there are.</summary>
    Search,

    /// <summary>WADO-RS: objects.</summary>
    Retrieve,

    /// <summary>WADO-RS: objects without their bulk data.</summary>
    Metadata,

    /// <summary>WADO-RS: some frames of an instance.</summary>
    Frames,

    /// <summary>WADO-RS: values that metadata refer to.</summary>
    BulkData,

    /// <summary>WADO-RS: pixel data whole.</summary>
    PixelData,

    /// <summary>WADO-RS: an image that a browser can show.</summary>
    Rendered,

    /// <summary>WADO-RS: a small image.</summary>
    Thumbnail,

    /// <summary>STOW-RS: objects are stored.</summary>
    Store,

    /// <summary>WADO-URI: one object, named by the query.</summary>
    WadoUri,
}

/// <summary>What a DICOMweb request is about.</summary>
/// <param name="Service">What is asked for.</param>
/// <param name="Level">Of a search, what is searched; else what is named: a study, a series, an instance. A study where nothing is named.</param>
public sealed record WebResource(WebService Service, QueryLevel Level = QueryLevel.Study)
{
    /// <summary>The AE title that the path begins with, <c>/aets/TITLE/…</c>; null without one.</summary>
    public string? AeTitle { get; init; }

    /// <summary>The study that the path names; null for all.</summary>
    public string? Study { get; init; }

    /// <summary>The series that the path names; null for all.</summary>
    public string? Series { get; init; }

    /// <summary>The instance that the path names; null for all.</summary>
    public string? Instance { get; init; }

    /// <summary>The frames that the path names, counted from 1, in its order; none for all.</summary>
    public IReadOnlyList<int> Frames { get; init; } = [];

    /// <summary>Which value of the instance is meant: <c>7FE00010</c>, or <c>00880200/1/7FE00010</c> within items. Null for all.</summary>
    public string? BulkPath { get; init; }

    /// <summary>The path of what is named, from <c>/studies</c> on, without what is asked of it.</summary>
    public string EntityPath => WebPath.OfEntity(Study, Series, Instance);
}

/// <summary>Reads the path of a DICOMweb request: PS3.18 §10.1.1, table 10.1-1 and following.</summary>
public static class WebPath
{
    /// <summary>Most frames of one request.</summary>
    public const int MaxFrames = 10_000;

    /// <summary>Every resource, as people write it: for capabilities and explanations.</summary>
    public static IReadOnlyList<(string Methods, string Path, string Summary)> Templates { get; } =
    [
        ("GET, OPTIONS", "/", "capabilities; with ?requestType=WADO one object (WADO-URI)"),
        ("GET, POST", "/studies", "search for studies; store objects"),
        ("GET", "/series", "search for series"),
        ("GET", "/instances", "search for instances"),
        ("GET, POST", "/studies/{study}", "objects of a study; store objects of that study"),
        ("GET", "/studies/{study}/{metadata|rendered|thumbnail|bulkdata|pixeldata}", "the study without bulk data; as images; its bulk data"),
        ("GET", "/studies/{study}/series", "search for series of a study"),
        ("GET", "/studies/{study}/instances", "search for instances of a study"),
        ("GET", "/studies/{study}/series/{series}", "objects of a series"),
        ("GET", "/studies/{study}/series/{series}/{metadata|rendered|thumbnail|bulkdata|pixeldata}", "the same of a series"),
        ("GET", "/studies/{study}/series/{series}/instances", "search for instances of a series"),
        ("GET", "/studies/{study}/series/{series}/instances/{instance}", "one object"),
        ("GET", "/studies/{study}/series/{series}/instances/{instance}/{metadata|rendered|thumbnail|bulkdata|pixeldata}", "the same of one object"),
        ("GET", "/studies/{study}/series/{series}/instances/{instance}/bulkdata/{value}", "one value"),
        ("GET", "/studies/{study}/series/{series}/instances/{instance}/frames/{list}", "frames, counted from 1"),
        ("GET", "/studies/{study}/series/{series}/instances/{instance}/frames/{list}/{rendered|thumbnail}", "frames as images"),
    ];

    /// <summary>Reads a path.</summary>
    /// <param name="path">Below the prefix of the endpoint: empty, or with a leading slash.</param>
    /// <param name="resource">What it names. Of a path that takes objects as well, what GET asks for.</param>
    /// <param name="error">What is wrong with it; null where nothing of the kind is there.</param>
    public static bool TryParse(string path, [NotNullWhen(true)] out WebResource? resource, out string? error)
    {
        ArgumentNullException.ThrowIfNull(path);
        (resource, error) = (null, null);
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        string? title = null;
        if (parts is ["aets", var named, ..])
        {
            title = Uri.UnescapeDataString(named);
            if (!AeTitles.IsValid(title)) return Fail("the path names an AE title of more than 16 characters, or other than ASCII", out error);
            parts = parts.Length > 2 && parts[2] is "rs" or "wado" ? parts[3..] : parts[2..];
        }

        resource = Parse(parts, out error);
        if (resource is null) return false;
        if (UnfitUid(resource) is { } what) return Fail($"the path names a {what} by something that is no UID", out error, out resource);
        if (title is not null) resource = resource with { AeTitle = title };
        return true;
    }

    /// <summary>The path of a study, a series or an instance, from <c>/studies</c> on; empty where no study is named.</summary>
    /// <param name="study">Study Instance UID.</param>
    /// <param name="series">Series Instance UID; null for the study itself.</param>
    /// <param name="instance">SOP Instance UID; null for the series itself.</param>
    public static string OfEntity(string? study, string? series = null, string? instance = null) => (study, series, instance) switch
    {
        (null, _, _) => "",
        (_, null, _) => $"/studies/{study}",
        (_, _, null) => $"/studies/{study}/series/{series}",
        _ => $"/studies/{study}/series/{series}/instances/{instance}",
    };

    private static WebResource? Parse(string[] parts, out string? error)
    {
        error = null;
        return parts switch
        {
            [] => new WebResource(WebService.Capabilities),
            ["studies"] => new WebResource(WebService.Search, QueryLevel.Study),
            ["series"] => new WebResource(WebService.Search, QueryLevel.Series),
            ["instances"] => new WebResource(WebService.Search, QueryLevel.Image),
            ["studies", var study, "series"] => new WebResource(WebService.Search, QueryLevel.Series) { Study = study },
            ["studies", var study, "instances"] => new WebResource(WebService.Search, QueryLevel.Image) { Study = study },
            ["studies", var study, "series", var series, "instances"]
                => new WebResource(WebService.Search, QueryLevel.Image) { Study = study, Series = series },
            ["studies", var study, "series", var series, "instances", var instance, .. var rest] => OfInstance(
                new WebResource(WebService.Retrieve, QueryLevel.Image) { Study = study, Series = series, Instance = instance }, rest, out error),
            ["studies", var study, "series", var series, .. var rest]
                => Of(new WebResource(WebService.Retrieve, QueryLevel.Series) { Study = study, Series = series }, rest),
            ["studies", var study, .. var rest] => Of(new WebResource(WebService.Retrieve, QueryLevel.Study) { Study = study }, rest),
            _ => null,
        };
    }

    private static WebResource? Of(WebResource entity, string[] rest) => rest switch
    {
        [] => entity,
        ["metadata"] => entity with { Service = WebService.Metadata },
        ["rendered"] => entity with { Service = WebService.Rendered },
        ["thumbnail"] => entity with { Service = WebService.Thumbnail },
        ["bulkdata"] => entity with { Service = WebService.BulkData },
        ["pixeldata"] => entity with { Service = WebService.PixelData },
        _ => null,
    };

    private static WebResource? OfInstance(WebResource entity, string[] rest, out string? error)
    {
        error = null;
        switch (rest)
        {
            case ["bulkdata", .. { Length: > 0 } value]:
                return entity with { Service = WebService.BulkData, BulkPath = string.Join('/', value) };
            case ["frames", var list, .. var what]:
                if (FramesIn(list) is not { } frames)
                {
                    error = $"the path names frames by something else than 1 to {MaxFrames} numbers from 1 on with commas between them";
                    return null;
                }

                var some = entity with { Service = WebService.Frames, Frames = frames };
                return what is [] ? some : what is ["rendered" or "thumbnail"] ? Of(some, what) : null;
            default:
                return Of(entity, rest);
        }
    }

    private static int[]? FramesIn(string list)
    {
        var texts = Uri.UnescapeDataString(list).Split(',');
        if (texts.Length > MaxFrames) return null;
        var frames = new int[texts.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            if (!int.TryParse(texts[i], NumberStyles.None, CultureInfo.InvariantCulture, out frames[i]) || frames[i] < 1) return null;
        }

        return frames;
    }

    private static string? UnfitUid(WebResource resource)
        => resource.Study is { } study && !Uid.IsTolerable(study) ? "study"
            : resource.Series is { } series && !Uid.IsTolerable(series) ? "series"
            : resource.Instance is { } instance && !Uid.IsTolerable(instance) ? "instance"
            : null;

    private static bool Fail(string message, out string? error)
    {
        error = message;
        return false;
    }

    private static bool Fail(string message, out string? error, out WebResource? resource)
    {
        resource = null;
        return Fail(message, out error);
    }
}
