using Harmony.Dicom.Data;

namespace Harmony.Dicom.Web.Requests;

/// <summary>What a search asks for: the query parameters of PS3.18 §10.6.1.2 and table 8.3.4-1.</summary>
public sealed record SearchQuery
{
    /// <summary>What has to match: the values that the parameters give, and the UIDs that the path names. Keys without a value match everything.</summary>
    public required DicomDataSet Keys { get; init; }

    /// <summary>What is to be returned beyond the defaults of the level, by <c>includefield</c>.</summary>
    public IReadOnlyList<DicomTag> Included { get; init; } = [];

    /// <summary>Whether everything that is known is to be returned: <c>includefield=all</c>.</summary>
    public bool IncludesAll { get; init; }

    /// <summary>Most results; null where the client does not say.</summary>
    public int? Limit { get; init; }

    /// <summary>Number of results to skip; 0 or more.</summary>
    public int Offset { get; init; }

    /// <summary>What of the query goes unheeded, for <c>Warning: 299</c>.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>A query that cannot be understood, and would find something else than what is meant.</summary>
/// <param name="message">What is wrong and what was expected; shows no values.</param>
public sealed class SearchQueryException(string message) : Exception(message);
