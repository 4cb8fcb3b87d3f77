using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Core.Content;
using Harmony.Core.Diagnostics;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Jolt;
using Microsoft.Extensions.Logging;

namespace Harmony.Data.Middleware.Transform;

/// <summary>The options of a <c>transform</c> middleware.</summary>
[FormerKey("inject_context", "the context is always available; set input = \"data\" to give the spec the body alone")]
[FormerKey("transform_ref", "name the file of the spec by 'spec_path'")]
public sealed record TransformOptions : ConfigNode
{
    /// <summary>
    /// File of the JOLT spec. It is searched for in the transforms folder (<c>transforms_path</c>), in the folder of the configuration file that names it, and
    /// in that of the main file. Required: without it, pipelines that use the middleware respond with 503.
    /// </summary>
    [NotEmpty]
    public string? SpecPath { get; init; }

    /// <summary>
    /// What is transformed: requests (<c>left</c>), responses (<c>right</c>) or both. If the pipeline has separate lists <c>left</c> and <c>right</c>, the list
    /// decides instead.
    /// </summary>
    public MiddlewareSides Apply { get; init; } = MiddlewareSides.Left;

    /// <summary>If a document cannot be transformed: <c>true</c> fails the request, <c>false</c> passes the document unchanged and logs a warning.</summary>
    public bool FailOnError { get; init; } = true;

    /// <summary>Logs the result of each operation at level <c>debug</c>: types and sizes, never values.</summary>
    public bool Debug { get; init; }

    /// <summary>
    /// Input of the spec: <c>envelope</c> is <c>{"data": body, "context": {…}}</c>, <c>data</c> is the body alone. <c>auto</c> is the envelope if the spec
    /// names <c>data</c> or <c>context</c> at the top of an operation, up to and including its first shift.
    /// </summary>
    [AllowedValues("auto", "envelope", "data")]
    public string Input { get; init; } = "auto";
}

/// <summary>Makes another body of the body of a request or an answer, by a JOLT spec that was compiled at load.</summary>
internal sealed class TransformMiddleware : IRequestMiddleware, IResponseMiddleware
{
    private readonly string _name;
    private readonly bool _failsOnError;
    private readonly ContentReader _content;
    private readonly long _maxBodySize;
    private readonly BodyTransform _transform;
    private readonly ILogger _logger;

    private TransformMiddleware(TransformOptions options, MiddlewareContext context, TransformSpec spec)
    {
        _name = context.Name;
        _failsOnError = options.FailOnError;
        _content = new ContentReader(context.Environment.Limits);
        _maxBodySize = context.Environment.Limits.MaxBodySize;
        _logger = context.Environment.Loggers.CreateLogger("harmony.transform");
        var form = InputForm.Of(options.Input, spec.Reads);
        var debugs = options.Debug && _logger.IsEnabled(LogLevel.Debug);
        _transform = new BodyTransform(spec, form.IsEnvelope, debugs ? new OperationLog(_logger, _name) : null);
        Sides = options.Apply;
        var operations = string.Join(", ", spec.Chain.Operations);
        var reads = form.ToString();
        Words = [$"applies {operations} of {Path.GetFileName(spec.Chain.File)}", reads];
        TransformLog.Loaded(_logger, _name, spec.Chain.File, operations, reads);
    }

    public bool ReadsRequestBody => true;

    public bool ReplacesResponseBody => true;

    public MiddlewareSides Sides { get; }

    public IReadOnlyList<string> Words { get; }

    public static TransformMiddleware? Create(TransformOptions options, MiddlewareContext context)
    {
        if (options.SpecPath is { } path)
            return TransformSpec.Load(path, options.LocationOf("spec_path"), context) is { } spec ? new TransformMiddleware(options, context, spec) : null;
        context.Close(context.Location, $"middleware '{context.Name}' needs the key 'spec_path'");
        return null;
    }

    public async ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (request.ProtocolSwitch is not null || (request.Body.IsEmpty && !_transform.WorksWithoutBody)) return MiddlewareResult.Continue;
        try
        {
            var source = await TextOfAsync(request.Body, request.Headers, ct);
            if (!source.IsText) source = new SourceData(default, await _content.ReadAsync(request, ct));
            await TransformAsync(request, source, ct);
        }
        catch (Exception e) when (ReasonOf(e) is { } reason)
        {
            Failed("request", reason, e, request.RequestId);
        }

        return MiddlewareResult.Continue;
    }

    public async ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
    {
        if (response.SwitchedStream is not null) return;
        // The length of a body that is not there is that of the one before the transformation.
        if (response.Request.Method == "HEAD") ReplacedBody.Forget(response.Headers);
        if (response.Body.IsEmpty && !_transform.WorksWithoutBody) return;
        try
        {
            var source = response.Headers.Contains("content-type") ? await TextOfAsync(response.Body, response.Headers, ct) : default;
            if (!source.IsText) source = new SourceData(default, await _content.ReadAsync(response, ct));
            await TransformAsync(response, source, ct);
        }
        catch (Exception e) when (ReasonOf(e) is { } reason)
        {
            Failed("answer", reason, e, response.Request.RequestId);
        }
    }

    /// <summary>The text of a body that has not been parsed and that the engine can parse by itself.</summary>
    private async ValueTask<SourceData> TextOfAsync(Body body, HeaderFields headers, CancellationToken ct)
    {
        if (body.HasData || !JsonFields.IsText(headers)) return default;
        var bytes = await body.ReadBytesAsync(_maxBodySize, ct);
        return JsonFields.IsUtf8(bytes.Span, out var text) ? new SourceData(bytes[^text.Length..], null) : default;
    }

    private async ValueTask TransformAsync(RequestEnvelope request, SourceData source, CancellationToken ct)
    {
        if (source.IsNull && !_transform.WorksWithoutBody) return;
        try
        {
            _transform.Apply(request, source);
        }
        catch (JoltException) when (source.IsText)
        {
            await _content.ReadAsync(request, ct); // where the text is no JSON, this says so, and whose fault it is
            throw;
        }
    }

    private async ValueTask TransformAsync(ResponseEnvelope response, SourceData source, CancellationToken ct)
    {
        if (source.IsNull && !_transform.WorksWithoutBody) return;
        try
        {
            _transform.Apply(response, source);
        }
        catch (JoltException) when (source.IsText)
        {
            await _content.ReadAsync(response, ct);
            throw;
        }
    }

    /// <summary>Why a document cannot be transformed; null for what is no fault of the document. Never a part of it.</summary>
    private static string? ReasonOf(Exception e) => e switch
    {
        JoltException or TransformException => e.Message,
        // A body that is too large is not held in memory, so it cannot pass either.
        GatewayException { Kind: FaultKind.Malformed or FaultKind.UnsupportedContent }
            or GatewayException { Kind: FaultKind.Protocol, FaultSource: FaultSource.Backend } => e.Message,
        _ => null,
    };

    private void Failed(string document, string reason, Exception cause, string requestId)
    {
        if (_failsOnError)
        {
            throw cause as GatewayException
                ?? new GatewayException(FaultSource.Gateway, FaultKind.Internal, $"middleware '{_name}' cannot transform the {document}: {reason}", cause);
        }

        using var scope = _logger.BeginScope(new RequestScope(requestId));
        TransformLog.PassedUnchanged(_logger, _name, document, reason);
    }
}

/// <summary>Log messages of transformations, ids 2400 to 2499, target <c>harmony.transform</c>. Never a value of a document.</summary>
internal static partial class TransformLog
{
    [LoggerMessage(EventId = 2401, Level = LogLevel.Debug, Message = "middleware '{Middleware}' applies '{Spec}' ({Operations}); {Input}")]
    public static partial void Loaded(ILogger logger, string middleware, string spec, string operations, string input);

    [LoggerMessage(EventId = 2402, Level = LogLevel.Warning, Message = "middleware '{Middleware}' passed the {Document} on unchanged: {Reason}")]
    public static partial void PassedUnchanged(ILogger logger, string middleware, string document, string reason);

    [LoggerMessage(EventId = 2403, Level = LogLevel.Debug, Message = "middleware '{Middleware}': result of operation {Index} ({Operation}): {Shape}")]
    public static partial void AfterOperation(ILogger logger, string middleware, int index, string operation, string shape);
}

/// <summary>Logs what each operation leaves, for <c>debug = true</c>: kind and size, for the rest may be patient data.</summary>
internal sealed class OperationLog(ILogger logger, string middleware) : IJoltTrace
{
    public void AfterOperation(int index, string operation, JsonNode? document)
    {
        var shape = Shape(document);
        TransformLog.AfterOperation(logger, middleware, index, operation, shape);
    }

    private static string Shape(JsonNode? document) => document switch
    {
        null => "null",
        JsonObject members => $"an object with {members.Count} members",
        JsonArray items => $"an array of {items.Count}",
        _ => $"a value of kind {document.GetValueKind()}",
    };
}
