using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Data.Middleware.Schema;

/// <summary>The options of a <c>schema</c> middleware.</summary>
public sealed record SchemaOptions : ConfigNode
{
    /// <summary>File with a JSON Schema 2020-12, relative to the folder of the main file.</summary>
    [NotEmpty]
    public required string SchemaPath { get; init; }

    /// <summary>Further schema files that it refers to, found by their <c>$id</c> or, without one, by their place beside it. Nothing is ever fetched.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>What is checked: bodies of requests (<c>left</c>), of answers (<c>right</c>) or both.</summary>
    public MiddlewareSides Apply { get; init; } = MiddlewareSides.Left;

    /// <summary>
    /// What happens to a body that does not fit. <c>refuse</c>: the client gets 422 with the places, or 502 when the answer of the backend is
    /// at fault. <c>log</c>: it passes, and the log says so.
    /// </summary>
    [AllowedValues("refuse", "log")]
    public string OnViolation { get; init; } = "refuse";

    /// <summary>Whether <c>format</c> is a demand and not only a remark.</summary>
    public bool AssertFormat { get; init; }

    /// <summary>Places that are named in an answer or in the log.</summary>
    [AllowedRange(1, 1000)]
    public int MaxErrors { get; init; } = 20;
}
