using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Data.Middleware.Transform;

/// <summary>The options of a <c>transform</c> middleware.</summary>
[FormerKey("inject_context", "the context is always there; set input = \"data\" to give the spec the body alone")]
[FormerKey("transform_ref", "name the file of the spec by 'spec_path'")]
public sealed record TransformOptions : ConfigNode
{
    /// <summary>
    /// File of the JOLT spec. Looked for in the folder of transforms (<c>transforms_path</c>), in that of the file which names it, and in that of
    /// the main file. Needed: without it, pipelines that use the middleware answer 503.
    /// </summary>
    [NotEmpty]
    public string? SpecPath { get; init; }

    /// <summary>Requests, answers, or both. In the split form of a pipeline's <c>middleware</c> the list that names it decides.</summary>
    public MiddlewareSides Apply { get; init; } = MiddlewareSides.Left;

    /// <summary>Whether a document that cannot be transformed fails the request; if not, it passes as it is, with a warning in the log.</summary>
    public bool FailOnError { get; init; } = true;

    /// <summary>Logs at level <c>debug</c> what each operation leaves: kinds and sizes, never values.</summary>
    public bool Debug { get; init; }

    /// <summary>
    /// What the spec is given: <c>envelope</c> is <c>{"data": body, "context": {…}}</c>, <c>data</c> the body alone. <c>auto</c> takes the envelope
    /// when the spec names <c>data</c> or <c>context</c> at the top of an operation, up to and including its first shift.
    /// </summary>
    [AllowedValues("auto", "envelope", "data")]
    public string Input { get; init; } = "auto";
}
