using Harmony.Core.Content.Spooling;

namespace Harmony.Core.Configuration;

/// <summary><c>[proxy.content_limits]</c>: how much of a body is ever held in memory or parsed. A streamed body is not concerned.</summary>
public sealed record ContentLimitsSection : ConfigNode
{
    /// <summary>Bytes of a body that a step wants to look at.</summary>
    [AllowedRange(1)]
    public long MaxBodySize { get; init; } = 10 * 1024 * 1024;

    /// <summary>Bytes that all bodies together hold in memory; beyond it they are held in temporary files.</summary>
    [AllowedRange(0)]
    public long MaxMemorySize { get; init; } = BodyBudget.DefaultMemory;

    /// <summary>Bytes that all bodies together hold in temporary files; beyond it requests whose bodies have to be held get 503.</summary>
    [AllowedRange(0)]
    public long MaxSpoolSize { get; init; } = BodyBudget.DefaultDisk;

    /// <summary>Rows of a CSV body.</summary>
    [AllowedRange(1)]
    public int MaxCsvRows { get; init; } = 10_000;

    /// <summary>
    /// Which cells of CSV get an apostrophe in front when they are read as data, because a spreadsheet would calculate them: formulas (<c>escape</c>), or
    /// whatever begins with a sign, numbers and telephone numbers included (<c>escape_all</c>).
    /// </summary>
    [AllowedValues("escape", "escape_all")]
    public string CsvFormulas { get; init; } = "escape";

    /// <summary>Nested elements of an XML body.</summary>
    [AllowedRange(1, 1000)]
    public int MaxXmlDepth { get; init; } = 100;

    /// <summary>Files of a multipart body.</summary>
    [AllowedRange(1)]
    public int MaxMultipartFiles { get; init; } = 10;

    /// <summary>Fields of a form, and columns of a CSV body.</summary>
    [AllowedRange(1)]
    public int MaxFormFields { get; init; } = 1000;
}
