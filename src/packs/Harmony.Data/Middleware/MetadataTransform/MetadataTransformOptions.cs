using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Data.Middleware.MetadataTransform;

/// <summary>The options of a <c>metadata_transform</c> middleware.</summary>
public sealed record MetadataTransformOptions : ConfigNode
{
    /// <summary>
    /// File of the JOLT spec. Looked for in the folder of transforms (<c>transforms_path</c>), in that of the file which names it, and in that of
    /// the main file.
    /// </summary>
    [NotEmpty]
    public required string SpecPath { get; init; }

    /// <summary>Requests, answers, or both. In the split form of a pipeline's <c>middleware</c> the list that names it decides.</summary>
    public MiddlewareSides Apply { get; init; } = MiddlewareSides.Left;

    /// <summary>Whether metadata that cannot be transformed fail the request; if not, they stay as they are, with a warning in the log.</summary>
    public bool FailOnError { get; init; } = true;

    /// <summary>
    /// <c>metadata</c>: the spec is given the metadata and makes new ones. <c>target_details</c>: it is given method, URI, headers, cookies,
    /// query parameters and metadata, and decides where the request goes. On answers it is always the metadata.
    /// </summary>
    [AllowedValues("metadata", "target_details")]
    public string TransformTarget { get; init; } = "metadata";
}
