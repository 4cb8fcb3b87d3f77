using Harmony.Dicom.Query;

namespace Harmony.Dicom.Web.Requests;

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
    public string EntityPath => (Study, Series, Instance) switch
    {
        (null, _, _) => "",
        (_, null, _) => $"/studies/{Study}",
        (_, _, null) => $"/studies/{Study}/series/{Series}",
        _ => $"/studies/{Study}/series/{Series}/instances/{Instance}",
    };
}
