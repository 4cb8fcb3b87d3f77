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

    /// <summary>Further content types whose data the schema describes, in the shapes of <c>docs/content.md</c>: <c>application/xml</c>, <c>text/csv</c>. JSON always is one.</summary>
    public IReadOnlyList<string> ContentTypes { get; init; } = [];

    /// <summary>
    /// What happens to a body that is neither JSON nor of one of the <c>content_types</c>, so that the schema says nothing about it: the client gets 415, or
    /// 502 when it is an answer (<c>refuse</c>); or what can be known of it is held against the schema (<c>pass</c>), and a backend that does not look at
    /// content types may read something else.
    /// </summary>
    [AllowedValues("refuse", "pass")]
    public string OtherTypes { get; init; } = "refuse";

    /// <summary>Whether <c>format</c> is a demand and not only a remark.</summary>
    public bool AssertFormat { get; init; }

    /// <summary>Places that are named in an answer or in the log.</summary>
    [AllowedRange(1, 1000)]
    public int MaxErrors { get; init; } = 20;
}
