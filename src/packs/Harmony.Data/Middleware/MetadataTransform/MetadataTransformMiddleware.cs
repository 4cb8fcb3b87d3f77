using System.Text.Encodings.Web;
using System.Text.Json;
using Harmony.Core.Configuration;
using Harmony.Core.Content;
using Harmony.Core.Diagnostics;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Data.Middleware.Transform;
using Harmony.Jolt;
using Microsoft.Extensions.Logging;

namespace Harmony.Data.Middleware.MetadataTransform;

/// <summary>The options of a <c>metadata_transform</c> middleware.</summary>
public sealed record MetadataTransformOptions : ConfigNode
{
    /// <summary>
    /// File of the JOLT spec. It is searched for in the transforms folder (<c>transforms_path</c>), in the folder of the configuration file that names it, and
    /// in that of the main file.
    /// </summary>
    [NotEmpty]
    public required string SpecPath { get; init; }

    /// <summary>
    /// What is transformed: requests (<c>left</c>), responses (<c>right</c>) or both. If the pipeline has separate lists <c>left</c> and <c>right</c>, the list
    /// decides instead.
    /// </summary>
    public MiddlewareSides Apply { get; init; } = MiddlewareSides.Left;

    /// <summary>If metadata cannot be transformed: <c>true</c> fails the request, <c>false</c> leaves them unchanged and logs a warning.</summary>
    public bool FailOnError { get; init; } = true;

    /// <summary>
    /// Input of the spec. <c>metadata</c>: the spec transforms the metadata. <c>target_details</c>: the spec gets method, URI, headers, cookies, query
    /// parameters and metadata, and determines where the request goes. For responses, the input is always the metadata.
    /// </summary>
    [AllowedValues("metadata", "target_details")]
    public string TransformTarget { get; init; } = "metadata";
}

/// <summary>Changes metadata, or where a request goes, by a JOLT spec. Bodies are left alone and stream.</summary>
internal sealed class MetadataTransformMiddleware : IRequestMiddleware, IResponseMiddleware
{
    private const int UsualLength = 4 * 1024;

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>What only <c>target_details</c> offers.</summary>
    private static readonly string[] DetailsOnly = ["query_params", "headers", "cookies", "uri"];

    private readonly string _name;
    private readonly bool _failsOnError;
    private readonly bool _changesTarget;
    private readonly TransformSpec _spec;
    private readonly ILogger _logger;

    private MetadataTransformMiddleware(MetadataTransformOptions options, MiddlewareContext context, TransformSpec spec)
    {
        _name = context.Name;
        _failsOnError = options.FailOnError;
        _changesTarget = options.TransformTarget == "target_details";
        _spec = spec;
        _logger = context.Environment.Loggers.CreateLogger("harmony.transform");
        Sides = options.Apply;
        Words = [$"applies {string.Join(", ", spec.Chain.Operations)} of {Path.GetFileName(spec.Chain.File)}",
            $"changes {(_changesTarget ? "target details" : "metadata")}"];
    }

    public MiddlewareSides Sides { get; }

    public IReadOnlyList<string> Words { get; }

    public static MetadataTransformMiddleware? Create(MetadataTransformOptions options, MiddlewareContext context)
    {
        if (TransformSpec.Load(options.SpecPath, options.LocationOf("spec_path"), context) is not { } spec) return null;
        if (options.TransformTarget == "metadata" && DetailsOnly.FirstOrDefault(spec.Reads.Roots.Contains) is { } missing)
        {
            context.Problems.Warning(options.LocationOf("spec_path"),
                $"the spec of middleware '{context.Name}' reads '{missing}', which metadata do not have; transform_target = \"target_details\" offers it");
        }

        return new MetadataTransformMiddleware(options, context, spec);
    }

    public ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        try
        {
            if (_changesTarget) ChangeTarget(request);
            else ChangeMetadata(request.Metadata);
        }
        catch (Exception e) when (e is JoltException or TransformException)
        {
            Failed("metadata of the request", e, request.RequestId);
        }

        return new(MiddlewareResult.Continue);
    }

    public ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
    {
        try
        {
            ChangeMetadata(response.Metadata);
        }
        catch (Exception e) when (e is JoltException)
        {
            Failed("metadata of the response", e, response.Request.RequestId);
        }

        return default;
    }

    private void ChangeTarget(RequestEnvelope request)
    {
        using var input = new PooledBuffer(UsualLength);
        using (var json = new Utf8JsonWriter(input, Writing))
        {
            json.WriteStartObject();
            ContextWriter.WriteTarget(json, request, ContextParts.All);
            json.WriteEndObject();
        }

        using var output = Run(input);
        request.Target = TargetChanges.Read(output.RootElement, request, mergesQuery: true);
    }

    /// <summary>Strings at the top count, and strings in an object called <c>metadata</c>, for specs that were written for target details.</summary>
    private void ChangeMetadata(IDictionary<string, string> metadata)
    {
        using var input = new PooledBuffer(UsualLength);
        using (var json = new Utf8JsonWriter(input, Writing)) ContextWriter.WriteMap(json, metadata);
        using var output = Run(input);
        MetadataMap.Merge(output.RootElement, metadata);
        if (output.RootElement.ValueKind == JsonValueKind.Object && output.RootElement.TryGetProperty("metadata", out var nested))
            MetadataMap.Merge(nested, metadata);
    }

    private JsonDocument Run(PooledBuffer input)
    {
        using var output = new PooledBuffer(UsualLength);
        _spec.Chain.Apply(input.Written, output);
        return JsonDocument.Parse(output.Written.ToArray(), new JsonDocumentOptions { MaxDepth = TransformOutput.MaxDepth });
    }

    private void Failed(string document, Exception cause, string requestId)
    {
        if (_failsOnError) throw new GatewayException(
            FaultSource.Gateway, FaultKind.Internal, $"middleware '{_name}' cannot transform the {document}: {cause.Message}", cause);
        using var scope = _logger.BeginScope(new RequestScope(requestId));
        TransformLog.PassedUnchanged(_logger, _name, document, cause.Message);
    }
}
